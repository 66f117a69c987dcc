"""What the demo publishes, one thing after another: new papers, and early on everything that can happen to one."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from datetime import datetime
from itertools import count

from adapters.demo.library import ArxivPaper, Author, Link, Paper, PubmedPaper
from adapters.demo.names import JOURNALS, LAST
from adapters.demo.papers import Writer

_INDEXED_EVERY = 12
_REVISED_EVERY = 17

_FORMULA_TITLE = (
    r"Sub-$10^{-3}$ Calibration Error at $\mathcal{O}(n \log n)$ Cost: Deep Learning for Whole-Body MRI with "
    r"$\beta$-Divergence Attention"
)
_FORMULA_ABSTRACT = (
    r"Attention over whole-body MRI costs $\mathcal{O}(n^2)$ for $n$ tokens, which rules out full resolution. We "
    r"derive a deep learning layer with cost $\mathcal{O}(n \log n)$ whose weights minimize a $\beta$-divergence "
    r"$D_\beta(p \,\|\, q)$ instead of the usual Kullback--Leibler term, and prove that the gap to exact attention is "
    r"at most $\epsilon \leq \frac{2}{\sqrt{n}}$. On 1,200 examinations with $T_1$- and $T_2^*$-weighted images the "
    r"sensitivity for bone metastases rises from 81\% to 88\% ($p<0.001$), and the expected calibration error falls to "
    r"$8.7 \times 10^{-4}$. The method of M\"uller and Garc{\'\i}a is contained as the limit $\beta \to 1$. "
    r"Our \emph{reference implementation} runs at $37\,^{\circ}\mathrm{C}$ ambient phantom temperature without change."
)


class Stories:
    """The demo's news. ``archive`` is what was there at the start; some stories take up papers from it."""

    def __init__(self, writer: Writer, archive: list[Paper]) -> None:
        self._writer = writer
        self._articles = [paper for paper in archive if isinstance(paper, PubmedPaper) and not paper.headings]
        self._preprints = [paper for paper in archive if isinstance(paper, ArxivPaper)]
        self._news = self._tell()
        next(self._news)

    def publish(self, now: datetime) -> Paper:
        """The next new paper, or the next new state of an old one, as of this moment."""
        paper = self._news.send(now)
        assert paper is not None, "only the start of the generator gives None"
        return paper

    def _tell(self) -> Generator[Paper | None, datetime, None]:
        """Each ``yield`` publishes and waits for the moment of the next publication."""
        writer = self._writer
        now = yield None
        now = yield writer.pubmed(now)
        preprint = writer.arxiv(now)
        now = yield preprint
        complete = writer.pubmed(now)
        now = yield replace(complete, abstract=(), keywords=())
        now = yield revised(self._preprints.pop(), now)
        now = yield self._with_formulas(now)
        article = self._journal_version(preprint, now)
        now = yield article
        retracted = self._retract(self._articles.pop(0), now)
        now = yield retracted
        now = yield self._retraction_notice(retracted, now)
        now = yield published_elsewhere(preprint, article, now)
        now = yield self._index(now)
        now = yield replace(complete, revised=now)
        for number in count(1):
            if number % _INDEXED_EVERY == 0 and self._articles:
                now = yield self._index(now)
            elif number % _REVISED_EVERY == 0 and self._preprints:
                now = yield revised(self._preprints.pop(), now)
            else:
                now = yield writer.any(now)

    def _with_formulas(self, now: datetime) -> ArxivPaper:
        """A preprint with LaTeX wherever LaTeX can be."""
        authors = ("Jörg Müller", "Ana García Pons", "Nguyễn Minh Châu")
        paper = replace(self._writer.arxiv(now), title=_FORMULA_TITLE, abstract=_FORMULA_ABSTRACT, authors=authors)
        return replace(paper, categories=("eess.IV", "cs.LG", "physics.med-ph"), comment=r"12 pages, $\sim$4 figures")

    def _journal_version(self, preprint: ArxivPaper, now: datetime) -> PubmedPaper:
        """The article that a preprint became."""
        first, *middle, last = preprint.abstract.split(". ")
        parts = (("BACKGROUND", first + "."), ("METHODS AND RESULTS", ". ".join(middle) + "."), ("CONCLUSIONS", last))
        return PubmedPaper(
            pmid=self._writer.new_pmid(),
            title=preprint.title + ".",
            entered=now,
            abstract=parts,
            authors=tuple(map(_person, preprint.authors)),
            journal=JOURNALS[1],
            doi=self._writer.new_doi(now),
            published=now.date(),
            keywords=("artificial intelligence", "deep learning"),
        )

    def _retract(self, paper: PubmedPaper, now: datetime) -> PubmedPaper:
        notice = Link("RetractionIn", f"{paper.journal.abbreviation}. {now:%Y %b %d}", self._writer.new_pmid())
        types = (*paper.types, "Retracted Publication")
        title = f"RETRACTED: {paper.title}"
        return replace(paper, title=title, types=types, links=(*paper.links, notice), revised=now)

    def _retraction_notice(self, paper: PubmedPaper, now: datetime) -> PubmedPaper:
        """The notice that the retracted paper names; it has a PMID and a title, but no abstract."""
        pmid = paper.links[-1].pmid
        assert pmid is not None
        return PubmedPaper(
            pmid=pmid,
            title=paper.title.replace("RETRACTED:", "Retraction notice to:"),
            entered=now,
            journal=paper.journal,
            doi=f"{paper.doi}.r",
            published=now.date(),
            types=("Journal Article", "Retraction of Publication"),
            links=(
                Link("RetractionOf", f"{paper.journal.abbreviation}. {paper.publication_date:%Y %b %d}", paper.pmid),
            ),
        )

    def _index(self, now: datetime) -> PubmedPaper:
        """The oldest article without MeSH headings gets them."""
        paper = self._articles.pop(0)
        return replace(paper, headings=self._writer.headings(paper), indexed=now, revised=now)


def revised(paper: ArxivPaper, now: datetime) -> ArxivPaper:
    """The next version of a preprint, announced as it is submitted."""
    abstract = paper.abstract + " This version adds an external validation and corrects the confidence intervals."
    number = paper.version + 1
    comment = f"v{number}: external validation added"
    return replace(
        paper, version=number, abstract=abstract, comment=comment, updated=now, announced=now, previous=paper
    )


def published_elsewhere(paper: ArxivPaper, article: PubmedPaper, now: datetime) -> ArxivPaper:
    """The preprint once its author has filled in where it was published."""
    reference = f"{article.journal.abbreviation} {now:%Y}"
    return replace(revised(paper, now), abstract=paper.abstract, doi=article.doi, journal_ref=reference, comment=None)


def _person(name: str) -> Author:
    """Split "Maria José Silva Prado" into given names and surname."""
    last = max((last for last in LAST if name.endswith(" " + last)), key=len, default=name)
    return Author(last, name.removesuffix(last).strip())
