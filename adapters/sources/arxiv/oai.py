"""arXiv's OAI-PMH records in the formats arXiv, arXivRaw and oai_dc: bytes → records (pure).

https://info.arxiv.org/help/oa/index.html. Only arXivRaw names versions. The other two give the day of the first
and of the latest version, so a record of theirs is version 1 without the latter and at least 2 with it.
"""

from __future__ import annotations

from datetime import date

from lxml import etree
from lxml.etree import _Element

from adapters.sources.arxiv.fields import make_record, one_line, read_id, read_moment, split_names, stamp
from adapters.sources.arxiv.parse import Feed, read_document, sift, text
from bot.model import Record

RECORD = "{*}record"
_NOTHING_NEW = "noRecordsMatch"


def parse_oai(body: bytes) -> Feed:
    """Read a ListRecords or GetRecord answer, or a lone record. Raises SourceError if it is neither.

    An answer of no records ("noRecordsMatch", a quiet day) is empty; any other error stands in ``error``.
    """
    root = read_document(body, "OAI-PMH", "record")
    if (error := error_in(root)) is not None:
        return Feed((), error=error)
    return Feed(*sift(root.iter(RECORD), read_record), resumption=text(root, "{*}ListRecords/{*}resumptionToken"))


def error_in(root: _Element) -> str | None:
    """What an answer says went wrong; None if nothing did."""
    found = root.find("{*}error")
    if found is None or found.get("code") == _NOTHING_NEW:
        return None
    return f"{found.get('code')}: {one_line(found.text or '')}"


def read_record(record: _Element) -> Record:
    """Read a record in any of the three formats. Raises ValueError."""
    metadata = record.find("{*}metadata/*")
    if metadata is None:
        raise ValueError("no metadata")
    match etree.QName(metadata).localname:
        case "arXiv":
            return _read_arxiv(metadata)
        case "arXivRaw":
            return _read_raw(metadata)
        case "dc":
            return _read_dc(metadata)
        case other:
            raise ValueError(f"the metadata format {other} has no dates")


def _read_arxiv(metadata: _Element) -> Record:
    created, updated = text(metadata, "{*}created"), text(metadata, "{*}updated")
    parts = ("{*}forenames", "{*}keyname", "{*}suffix")
    authors = metadata.iterfind("{*}authors/{*}author")
    return _record(
        metadata,
        version=2 if updated else 1,
        authors=[" ".join(text(author, part) for part in parts) for author in authors],
        published=date.fromisoformat(created),
        revision=updated or created,
    )


def _read_raw(metadata: _Element) -> Record:
    dates = {
        int(version.get("version", "").lstrip("v")): read_moment(text(version, "{*}date"))
        for version in metadata.iterfind("{*}version")
    }
    if not dates:
        raise ValueError("no version")
    return _record(
        metadata,
        version=max(dates),
        authors=split_names(text(metadata, "{*}authors")),
        published=dates[min(dates)].date(),
        revision=stamp(dates[max(dates)]),
    )


def _record(metadata: _Element, *, version: int, authors: list[str], published: date, revision: str) -> Record:
    return make_record(
        read_id(text(metadata, "{*}id"))[0],
        version,
        title=text(metadata, "{*}title"),
        abstract=text(metadata, "{*}abstract"),
        authors=authors,
        doi=text(metadata, "{*}doi"),
        venue=text(metadata, "{*}journal-ref"),
        comment=text(metadata, "{*}comments"),
        categories=text(metadata, "{*}categories").split(),
        published=published,
        entered=published,
        revision=revision,
    )


def _read_dc(metadata: _Element) -> Record:
    dates = sorted(_all(metadata, "date"))
    names = _all(metadata, "identifier")
    about = _all(metadata, "description")
    abstract = next((part for part in about if not part.startswith("Comment:")), "")
    if not dates or not names:
        raise ValueError("no date" if names else "no identifier")
    published = date.fromisoformat(dates[0])
    return make_record(
        read_id(names[0])[0],
        min(len(dates), 2),
        title=text(metadata, "{*}title"),
        abstract=abstract,
        authors=[" ".join(reversed(name.split(", ", 1))) for name in _all(metadata, "creator")],
        doi=" ".join(name for name in names if name.startswith("doi:")),
        venue=next((name for name in names[1:] if not name.startswith("doi:")), ""),
        comment=" ".join(part.removeprefix("Comment:") for part in about if part is not abstract),
        categories=_all(metadata, "subject"),
        published=published,
        entered=published,
        revision=dates[-1],
    )


def _all(metadata: _Element, name: str) -> list[str]:
    return [(element.text or "").strip() for element in metadata.iterfind(f"{{*}}{name}")]
