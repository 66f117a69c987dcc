"""Citations of papers: what is asked and what is answered (pure data)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.citing import CitationFormat
from bot.model import Paper

MOST_CITED = 10_000
"""Papers in one file, as many as PubMed saves at once: reference managers take no more, and the largest such file (RIS
with abstracts) has some 20 MB. ``paperround export`` knows no limit."""


@dataclass(frozen=True, slots=True)
class Cite:
    id: str
    form: CitationFormat = CitationFormat.BIBTEX


@dataclass(frozen=True, slots=True)
class CiteList:
    """The papers of a stored search or list: those of one page, or all of them."""

    key: str
    form: CitationFormat
    page: int | None = None


@dataclass(frozen=True, slots=True)
class CitationText:
    """One paper's citation, to be copied."""

    paper: Paper
    form: CitationFormat
    text: str


@dataclass(frozen=True, slots=True)
class CitationFile:
    """A file of the citations of ``count`` papers, of ``total`` in the list. It is written only when it is wanted: the
    platform gets its text for ``request`` from ``Answering.file``, and uploads it or serves it."""

    request: CiteList
    file_name: str
    count: int
    total: int
