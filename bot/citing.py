"""What a citation says of a paper, whatever the format it is written in (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import takewhile

from bot.model import Kind, Paper
from bot.query.tokens import tokens
from bot.wording import family_name, language_mark, readable, safe_url, visible


class CitationFormat(StrEnum):
    """How citations can be written."""

    BIBTEX = "bibtex"
    RIS = "ris"
    CSL_JSON = "csl-json"

    @property
    def label(self) -> str:
        """What people call it."""
        return {"bibtex": "BibTeX", "ris": "RIS", "csl-json": "CSL-JSON"}[self]

    @property
    def suffix(self) -> str:
        """What the names of such files end in."""
        return {"bibtex": ".bib", "ris": ".ris", "csl-json": ".json"}[self]

    @property
    def media_type(self) -> str:
        """What such files are called on the web."""
        return {
            "bibtex": "application/x-bibtex",
            "ris": "application/x-research-info-systems",
            "csl-json": "application/vnd.citationstyles.csl+json",
        }[self]


@dataclass(frozen=True, slots=True)
class Person:
    """An author: ``van der Berg, Jan, Jr`` has a particle and a suffix. A group has only a family name."""

    family: str
    given: str = ""
    particle: str = ""
    suffix: str = ""

    @property
    def whole_family(self) -> str:
        """The family name with its particle."""
        return f"{self.particle} {self.family}".strip()


@dataclass(frozen=True, slots=True)
class Citation:
    """The facts to cite a paper by, each on one line of readable text; None and "" are unknown ones.

    Only the ``abstract`` is as the source has it: making it readable takes longer than all the rest. ``day`` is when
    the version that is cited was published, which a paper's earlier preprint does not change. ``language`` is the
    source's code, ``language_name`` is set for other languages than English.
    """

    key: str
    kind: Kind
    title: str
    authors: tuple[Person, ...]
    day: date
    abstract: str = ""
    venue: str | None = None
    doi: str | None = None
    pmid: str | None = None
    arxiv: str | None = None
    arxiv_category: str | None = None
    url: str | None = None
    language: str | None = None
    language_name: str = ""
    note: str = ""


def citation(paper: Paper) -> Citation:
    """Take from a paper what its citation says; ``key`` is like wang2026deep, and others may have the same."""
    best = paper.records[0]
    title = readable(paper.title) or "[No title]"
    authors = tuple(person(name) for author in paper.authors if (name := readable(author)))
    day = best.published or paper.date
    arxiv = next((record for record in paper.records if record.source == "arxiv"), None)
    return Citation(
        key=_key(authors, day, title),
        kind=paper.kind,
        title=title,
        authors=authors,
        day=day,
        abstract=paper.abstract,
        venue=readable(paper.venue or "") or None,
        doi=_bare(paper.doi),
        pmid=_bare(_named(paper, "pmid")),
        arxiv=_bare(arxiv.source_id if arxiv else _named(paper, "arxiv")),
        arxiv_category=_bare(arxiv.categories[0]) if arxiv and arxiv.categories else None,
        url=safe_url(paper.url),
        language=_bare(paper.language),
        language_name=language_mark(paper)[1:-1],
        note=paper.status.capitalize() if paper.status else "",
    )


def file_name(papers: int, key: str, form: CitationFormat) -> str:
    """Suggest a name for a file: that of the one paper's citation, or ``12-papers``."""
    return f"{key if papers == 1 else f'{papers}-papers'}{form.suffix}"


# ---------------------------------------------------------------- names

_SUFFIX = re.compile(r"(.+?),? (Jr|Sr|II|III|IV)\.?")


def person(author: str) -> Person:
    """Split ``Ada B Lind``, ``Lind, Ada B`` or ``Lind AB`` (readable text); what is no such name stays whole."""
    match = _SUFFIX.fullmatch(author)
    name, suffix = match.groups() if match else (author, "")
    whole = family_name(name)
    if name.startswith(f"{whole},"):
        given = name[len(whole) + 1 :]
    elif name.endswith(f" {whole}"):
        given = name[: -len(whole)]
    elif name.startswith(f"{whole} "):
        given = name[len(whole) :]
    else:
        given = ""
    if not (whole and given.strip(" ,")):
        return Person(author)
    words = whole.split()
    particle = list(takewhile(str.islower, words[:-1]))
    return Person(" ".join(words[len(particle) :]), given.strip(" ,"), " ".join(particle), suffix)


# ---------------------------------------------------------------- keys

_UNIMPORTANT = frozenset(tokens("a an and as at by for from how in is of on or the to towards toward using with"))
_ASCII_WORD = re.compile("[a-z0-9]+")
_LONGEST_WORD = 30


def _key(authors: tuple[Person, ...], day: date, title: str) -> str:
    family = "".join(_ascii_words(authors[0].family)) if authors else ""
    words = [word for word in _ascii_words(title) if word not in _UNIMPORTANT]
    return f"{family[:_LONGEST_WORD] or 'anonymous'}{day.year}{words[0][:_LONGEST_WORD] if words else ''}"


def _ascii_words(text: str) -> list[str]:
    return [token for token in tokens(text) if _ASCII_WORD.fullmatch(token)]


def _named(paper: Paper, scheme: str) -> str | None:
    """The paper's name in a scheme, by the preferred record that knows one."""
    found = (
        identifier.value
        for record in paper.records
        for identifier in sorted(record.identifiers)
        if identifier.scheme == scheme
    )
    return next(found, None)


def _bare(text: str | None) -> str | None:
    """A name or code as it is, on one line."""
    return " ".join(visible(text).split()) or None if text else None
