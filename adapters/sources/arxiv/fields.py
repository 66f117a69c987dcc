"""The pieces of an arXiv record: identifiers, DOIs, names, text and dates (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

from bot.model import Identifier, Kind, Record, Status

_ID = re.compile(r"(?:^|[/:])(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v(\d{1,4}))?$")
_SUBJECT_CLASS = re.compile(r"\.[A-Z]{2}(?=/)")
_DOI_PREFIX = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_LAST_VERSION = 9999
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_PARAGRAPH = re.compile(r"\n\s*\n|\n(?=[ \t])")
_BETWEEN_NAMES = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+")
_NAME_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|I{2,3}|IV", re.IGNORECASE)
_WITHDRAWN = re.compile(
    r"(?:arxiv admin note:\s*)?"
    r"(?:th(?:is|e) (?:paper|article|manuscript|preprint|submission|work|note|draft) (?:has been|was|is) )?"
    r"withdrawn\b(?! from (?!(?:the )?arxiv))",
    re.IGNORECASE,
)


def make_record(
    arxiv_id: str,
    version: int,
    *,
    title: str,
    abstract: str,
    authors: Iterable[str],
    doi: str = "",
    venue: str = "",
    comment: str = "",
    categories: Iterable[str] = (),
    published: date | None = None,
    entered: date | None = None,
    revision: str = "",
    partial: bool = False,
) -> Record:
    """Build a record from an entry's raw texts. Raises ValueError without a title or a version that can be."""
    title, abstract = one_line(title), paragraphs(abstract)
    if not title:
        raise ValueError("no title")
    if not 0 < version <= _LAST_VERSION:
        raise ValueError("a version that cannot be")
    dois = (Identifier("doi", value) for value in read_dois(doi))
    return Record(
        source="arxiv",
        source_id=arxiv_id,
        version=version,
        kind=Kind.PREPRINT,
        title=title,
        abstract=abstract,
        authors=tuple(name for author in authors if (name := one_line(author))),
        url=f"https://arxiv.org/abs/{arxiv_id}",
        pdf_url=f"https://arxiv.org/pdf/{arxiv_id}",
        published=published,
        entered=entered,
        venue=one_line(venue) or None,
        categories=tuple(dict.fromkeys(term for category in categories if (term := one_line(category)))),
        status=Status.WITHDRAWN if _WITHDRAWN.match(one_line(comment)) or _WITHDRAWN.match(abstract) else None,
        identifiers=frozenset({Identifier("arxiv", arxiv_id), *dois}),
        revision=revision,
        partial=partial,
    )


def read_id(text: str) -> tuple[str, int | None]:
    """Split an id, abs URL or OAI identifier into the id without version or subject class, and the version.

    ``http://arxiv.org/abs/2202.12139v1`` is ``("2202.12139", 1)``, ``oai:arXiv.org:math.GT/0309136`` is
    ``("math/0309136", None)``. Raises ValueError for anything else.
    """
    match = _ID.search(text.strip())
    if match is None:
        raise ValueError(f"not an arXiv id: {text.strip()[:80]!r}")
    return _SUBJECT_CLASS.sub("", match[1]), int(match[2]) if match[2] else None


def read_dois(text: str) -> list[str]:
    """The DOIs of a field that may hold several, lower-cased; arXiv's own DOI is the arXiv id again, so left out."""
    words = (_DOI_PREFIX.sub("", word).rstrip(",;").lower() for word in _DOI_PREFIX.sub("", text.strip()).split())
    return [word for word in words if _DOI.fullmatch(word) and not word.startswith("10.48550/arxiv.")]


def month_of(arxiv_id: str) -> date:
    """The first day of the month in an id (https://info.arxiv.org/help/arxiv_identifier.html)."""
    digits = arxiv_id.rpartition("/")[2]
    year = int(digits[:2])
    return date(year + (1900 if year >= 91 else 2000), int(digits[2:4]), 1)  # noqa: PLR2004 — arXiv began in 1991


def split_names(text: str) -> list[str]:
    """Split a list of authors at commas and "and", leaving out affiliations in (nested) parentheses."""
    names: list[str] = []
    for name in _BETWEEN_NAMES.split(one_line(_without_parentheses(text))):
        if names and _NAME_SUFFIX.fullmatch(name):
            names[-1] += f", {name}"
        elif name:
            names.append(name)
    return names


def _without_parentheses(text: str) -> str:
    """Leave out what stands in (nested) parentheses, and those that have no partner."""
    kept: list[str] = []
    opened: list[int] = []
    for char in text:
        if char == "(":
            opened.append(len(kept))
        elif char != ")":
            kept.append(char)
        elif opened:
            del kept[opened.pop() :]
    return "".join(kept)


def one_line(text: str) -> str:
    """Collapse all white space."""
    return " ".join(text.split())


def paragraphs(text: str) -> str:
    """Join wrapped lines, one line per paragraph; an indented line or a blank one starts a new paragraph."""
    lines = (one_line(part) for part in _PARAGRAPH.split(text))
    return "\n".join(line for line in lines if line)


def read_moment(text: str) -> datetime:
    """An ISO 8601 or RFC 2822 moment as an aware datetime in its own zone. Raises ValueError."""
    text = text.strip()
    moment = datetime.fromisoformat(text) if text[:1].isdigit() else parsedate_to_datetime(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def stamp(moment: datetime) -> str:
    """A moment as arXiv writes it, in UTC, so that stamps compare as text."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
