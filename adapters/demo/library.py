"""What the demo's literature server holds: PubMed and arXiv papers, and how one becomes the next state of itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Author:
    """A person as PubMed writes one: surname and given names."""

    last: str
    fore: str = ""
    affiliation: str = ""

    @property
    def initials(self) -> str:
        """The first letters of the given names: "María José" → "MJ"."""
        return "".join(part[0] for part in self.fore.replace("-", " ").split())


@dataclass(frozen=True, slots=True)
class Journal:
    """A journal with its full title, its MEDLINE abbreviation and its ISSN."""

    title: str = "Journal of made-up imaging"
    abbreviation: str = "J Made Up Imaging"
    issn: str = "0000-0000"
    country: str = "Germany"


@dataclass(frozen=True, slots=True)
class Link:
    """CommentsCorrections: ``kind`` is its RefType, ``source`` the citation, ``pmid`` the other record."""

    kind: str
    source: str
    pmid: int | None = None


@dataclass(frozen=True, slots=True)
class PubmedPaper:
    """A PubMed record. ``abstract`` is (label, text) pairs, the label "" when unstructured.

    ``entered`` is when PubMed took it in (CRDT), ``revised`` when it last changed (MDAT), ``indexed`` when its
    MeSH ``headings`` came (MHDA); all aware, UTC.
    """

    pmid: int
    title: str
    entered: datetime
    abstract: tuple[tuple[str, str], ...] = ()
    authors: tuple[Author, ...] = ()
    journal: Journal = Journal()
    doi: str | None = None
    published: date | None = None
    revised: datetime | None = None
    indexed: datetime | None = None
    headings: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    types: tuple[str, ...] = ("Journal Article",)
    links: tuple[Link, ...] = ()
    language: str = "eng"

    @property
    def publication_date(self) -> date:
        """The day of publication (PDAT); the day of entry if none was given."""
        return self.published or self.entered.date()

    @property
    def modified(self) -> datetime:
        """When the record last changed (MDAT)."""
        return self.revised or self.entered

    @property
    def entry_date(self) -> date:
        """EDAT: the day of entry, but the day of publication for what came more than a year late."""
        late = self.entered.date() - self.publication_date > timedelta(days=365)
        return self.publication_date if late else self.entered.date()


@dataclass(frozen=True, slots=True)
class ArxivPaper:
    """One version of an arXiv paper. ``submitted`` is the first version's date, ``updated`` this one's; ``categories``
    begin with the primary one; ``announced`` is when this version was listed; ``previous`` is the version before."""

    id: str
    title: str
    submitted: datetime
    abstract: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ("eess.IV",)
    version: int = 1
    updated: datetime | None = None
    announced: datetime | None = None
    comment: str | None = None
    doi: str | None = None
    journal_ref: str | None = None
    report_number: str | None = None
    previous: ArxivPaper | None = None

    @property
    def versioned_id(self) -> str:
        """The id with its version, such as 2611.01234v2."""
        return f"{self.id}v{self.version}"

    @property
    def shown(self) -> datetime:
        """The date of this version."""
        return self.updated or self.submitted

    @property
    def listed(self) -> datetime:
        """When this version was announced."""
        return self.announced or self.shown


Paper = PubmedPaper | ArxivPaper


def key(paper: Paper) -> str:
    """Return what stays the same while a paper changes: its PMID or its arXiv id."""
    return str(paper.pmid) if isinstance(paper, PubmedPaper) else paper.id


def put(library: list[Paper], paper: Paper) -> None:
    """Add a paper, or replace its earlier state."""
    for place, old in enumerate(library):
        if type(old) is type(paper) and key(old) == key(paper):
            library[place] = paper
            return
    library.append(paper)


def pubmed_papers(library: list[Paper]) -> list[PubmedPaper]:
    """Return the PubMed records, oldest entry first."""
    return sorted((paper for paper in library if isinstance(paper, PubmedPaper)), key=lambda paper: paper.entered)


def arxiv_papers(library: list[Paper]) -> list[ArxivPaper]:
    """Return the arXiv papers in their current versions."""
    return [paper for paper in library if isinstance(paper, ArxivPaper)]
