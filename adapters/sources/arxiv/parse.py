"""arXiv's Atom and RSS answers: bytes → records (pure).

The API's Atom: https://info.arxiv.org/help/api/user-manual.html#_response. The daily feeds:
https://info.arxiv.org/help/rss_specifications.html and https://info.arxiv.org/help/atom_specifications.html.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from lxml import etree
from lxml.etree import _Element

from adapters.sources.arxiv.fields import make_record, month_of, read_id, read_moment, split_names, stamp
from bot.errors import SourceError
from bot.model import Record
from bot.ports import Refusal

_NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "arxiv": "http://arxiv.org/schemas/atom",
    "opensearch": "http://a9.com/-/spec/opensearch/1.1/",
    "dc": "http://purl.org/dc/elements/1.1/",
}
ENTRY = "{http://www.w3.org/2005/Atom}entry"
_FRESH = timedelta(days=62)
_RAW = 2000
_COUNT = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True, slots=True)
class Feed:
    """One answer: what could be read, what could not, how many papers match in all (None if not said), the error
    that stands there instead of papers, and OAI-PMH's token for the next page ("" if there is none)."""

    records: tuple[Record, ...]
    refused: tuple[Refusal, ...] = ()
    total: int | None = None
    error: str | None = None
    resumption: str = ""

    @property
    def size(self) -> int:
        """How many entries it held, readable or not."""
        return len(self.records) + len(self.refused)


def parse_api(body: bytes) -> Feed:
    """Read an answer of the query API. Raises SourceError if it is no Atom feed at all."""
    root = read_document(body, "feed")
    if (error := _api_error(root)) is not None:
        return Feed((), error=error)
    return Feed(*sift(root.iterfind(ENTRY), _read_entry), total=_total(root))


def parse_rss(body: bytes) -> Feed:
    """Read a daily feed, RSS 2.0 or Atom. Raises SourceError if it is neither."""
    root = read_document(body, "rss", "feed")
    atom = etree.QName(root).localname == "feed"
    title, about = ("atom:title", "atom:subtitle") if atom else ("channel/title", "channel/description")
    if text(root, title).startswith("Feed error"):
        return Feed((), error=text(root, about) or text(root, title))
    items = root.iterfind(ENTRY if atom else "channel/item")
    return Feed(*sift(items, _read_atom_item if atom else _read_rss_item))


# ---------------------------------------------------------------- XML


def read_document(body: bytes, *roots: str) -> _Element:
    """Parse XML whose root has one of these local names; entities stay unresolved. Raises SourceError."""
    if not body.strip():
        raise SourceError("arXiv sent an empty answer")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise SourceError(f"arXiv sent what is not XML: {error}") from error
    if etree.QName(root).localname not in roots:
        raise SourceError(f"arXiv sent <{etree.QName(root).localname}> instead of <{roots[0]}>")
    return root


def sift(
    elements: Iterable[_Element], read: Callable[[_Element], Record]
) -> tuple[tuple[Record, ...], tuple[Refusal, ...]]:
    """Read each element into a record, or into a refusal if it is malformed."""
    results = [record_or_refusal(element, read) for element in elements]
    return (
        tuple(result for result in results if isinstance(result, Record)),
        tuple(result for result in results if isinstance(result, Refusal)),
    )


def text(element: _Element, path: str) -> str:
    """All text of the first element at the path; "" if there is none."""
    found = element.find(path, _NAMESPACES)
    return "" if found is None else "".join(found.itertext()).strip()


def record_or_refusal(element: _Element, read: Callable[[_Element], Record]) -> Record | Refusal:
    """Read an element into a record, or into a refusal if it is malformed."""
    try:
        return read(element)
    except (ValueError, OverflowError) as error:
        raw = etree.tostring(element, encoding="unicode", with_tail=False)
        return Refusal(_name(element), str(error), raw[:_RAW])


def _name(element: _Element) -> str:
    paths = ("atom:id", "guid", "{*}header/{*}identifier")
    return next((name for path in paths if (name := text(element, path))), "(no id)")[:200]


def _total(root: _Element) -> int | None:
    value = text(root, "opensearch:totalResults")
    return int(value) if _COUNT.fullmatch(value) else None


# ---------------------------------------------------------------- entries of the API


def _api_error(root: _Element) -> str | None:
    """What an error feed says; it comes with status 400, or with 200 from older servers."""
    return next(filter(None, map(_error_in, root.iterfind(ENTRY))), None)


def _error_in(entry: _Element) -> str | None:
    if text(entry, "atom:title") == "Error" and "arxiv.org/api/errors" in text(entry, "atom:id"):
        return text(entry, "atom:summary") or "an error without words"
    return None


def read_entry(entry: _Element) -> Record:
    """Read an Atom entry of the API or of a daily feed. Raises ValueError."""
    if error := _error_in(entry):
        raise ValueError(f"arXiv answered with an error: {error}")
    is_item = entry.find("arxiv:announce_type", _NAMESPACES) is not None
    return _read_atom_item(entry) if is_item else _read_entry(entry)


def _read_entry(entry: _Element) -> Record:
    arxiv_id, version = read_id(text(entry, "atom:id"))
    if version is None:
        raise ValueError("no version in the id")
    published = read_moment(text(entry, "atom:published"))
    primary = entry.find("arxiv:primary_category", _NAMESPACES)
    return make_record(
        arxiv_id,
        version,
        title=text(entry, "atom:title"),
        abstract=text(entry, "atom:summary"),
        authors=[text(author, "atom:name") for author in entry.iterfind("atom:author", _NAMESPACES)],
        doi=text(entry, "arxiv:doi"),
        venue=text(entry, "arxiv:journal_ref"),
        comment=text(entry, "arxiv:comment"),
        categories=[*([primary.get("term", "")] if primary is not None else []), *_categories(entry, "atom:category")],
        published=published.date(),
        entered=published.date(),
        revision=stamp(read_moment(text(entry, "atom:updated"))),
    )


def _categories(entry: _Element, path: str) -> list[str]:
    return [category.get("term") or category.text or "" for category in entry.iterfind(path, _NAMESPACES)]


# ---------------------------------------------------------------- items of the daily feeds


def _read_atom_item(item: _Element) -> Record:
    return _read_item(item, text(item, "atom:id"), "atom:{}", "atom:summary", text(item, "atom:published"))


def _read_rss_item(item: _Element) -> Record:
    return _read_item(item, text(item, "guid"), "{}", "description", text(item, "pubDate"))


def _read_item(item: _Element, name: str, tag: str, about: str, day: str) -> Record:
    """An item says when it was announced, not when the paper was submitted: it has no date of publication."""
    arxiv_id, version = read_id(name)
    if version is None:
        raise ValueError("no version in the id")
    return make_record(
        arxiv_id,
        version,
        title=text(item, tag.format("title")),
        abstract=text(item, about).partition("Abstract:")[2],
        authors=split_names(text(item, "dc:creator")),
        doi=text(item, "arxiv:DOI"),
        venue=text(item, "arxiv:journal_reference"),
        categories=_categories(item, tag.format("category")),
        entered=_entered(arxiv_id, text(item, "arxiv:announce_type"), read_moment(day).date()),
        partial=True,
    )


def _entered(arxiv_id: str, announced: str, day: date) -> date:
    """The feed's day for a new paper; the month of the id for a replaced one, or an old one listed in one more
    category."""
    month = month_of(arxiv_id)
    return day if announced == "new" or (announced == "cross" and day - month < _FRESH) else month
