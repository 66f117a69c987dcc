"""Searches PubMed papers with PubMed's own syntax, as strictly as its help describes it.

A term that PubMed would look up in its phrase index must stand in the text word for word; there is no automatic
mapping to MeSH and no explosion, so what is found here PubMed would find too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from adapters.demo.boolean import Both
from adapters.demo.library import Author, PubmedPaper
from adapters.demo.pubmed_syntax import Between, Condition, Node, Remarks, Term, parse, written
from adapters.demo.words import Words, has_near, has_phrase, words


@dataclass(frozen=True, slots=True)
class Found:
    """The matching papers, how the term was read, and what PubMed says beside it."""

    papers: list[PubmedPaper]
    translation: str
    phrases_not_found: list[str]
    remarks: Remarks


def search(text: str, papers: Iterable[PubmedPaper]) -> list[PubmedPaper]:
    """Return the papers that match, in the order given; none if nothing in the text can be searched."""
    return look_up(text, papers).papers


def matches(text: str, paper: PubmedPaper) -> bool:
    """Whether one paper matches."""
    return bool(search(text, [paper]))


def look_up(text: str, papers: Iterable[PubmedPaper]) -> Found:
    """Search, and say how the text was understood. Raises TooDeep."""
    node, remarks = parse(text)
    if node is None:
        return Found([], "", remarks.phrases_ignored, remarks)
    papers = list(papers)
    found = [paper for paper in papers if _holds(node, paper)]
    terms = [leaf for leaf in (node.leaves() if isinstance(node, Both) else [node]) if isinstance(leaf, Term)]
    unknown = [term.raw for term in terms if not any(_has_term(term, paper) for paper in papers)]
    return Found(found, written(node), list(dict.fromkeys(unknown)), remarks)


def _holds(node: Node, paper: PubmedPaper) -> bool:
    if isinstance(node, Both):
        return node.holds(lambda condition: _is_met(condition, paper))
    return _is_met(node, paper)


def _is_met(condition: Condition, paper: PubmedPaper) -> bool:
    if isinstance(condition, Between):
        day = _day(condition.field, paper)
        return day is not None and condition.first <= day <= condition.last
    return _has_term(condition, paper)


def _day(field: str, paper: PubmedPaper) -> date | None:
    match field:
        case "Date - Create":
            return paper.entered.date()
        case "Date - Entry":
            return paper.entry_date
        case "Date - Modification":
            return paper.modified.date()
        case "Date - MeSH":
            return paper.indexed.date() if paper.indexed else None
    return paper.publication_date


def _has_term(term: Term, paper: PubmedPaper) -> bool:
    match term.field:
        case "UID":
            return term.raw == str(paper.pmid)
        case "DOI" | "Article Identifier":
            return paper.doi is not None and term.raw.casefold() == paper.doi.casefold()
        case "Author":
            return any(_is_author(term, author) for author in paper.authors)
        case "Author - Full":
            return any(_is_full_name(term.words, author) for author in paper.authors)
        case "Journal" | "MeSH Terms" | "Publication Type" | "Language":
            return any(_is_whole(term, _words(value)) for value in _values(term.field, paper))
    return any(_stands_in(term, _words(text)) for text in _texts(term.field, paper))


def _words(text: str) -> Words:
    return words(text, greek_names=True)


def _stands_in(term: Term, text: Words) -> bool:
    if term.near is not None:
        return has_near(text, term.words, term.near)
    return has_phrase(text, term.words, truncated=term.truncated)


def _is_whole(term: Term, value: Words) -> bool:
    if term.truncated:
        return " ".join(value).startswith(" ".join(term.words))
    return value == term.words


def _is_author(term: Term, author: Author) -> bool:
    """A surname, or surname and initials; initials go on by themselves unless quoted ("smith j" finds Smith JA)."""
    last, initials = _words(author.last), "".join(_words(author.initials))
    if term.truncated:
        return " ".join((*last, initials)).startswith(" ".join(term.words))
    if term.words == last:
        return True
    if term.words[:-1] == last:
        same = initials == term.words[-1] if term.quoted else initials.startswith(term.words[-1])
        return same or _is_full_name(term.words, author)
    return _is_full_name(term.words, author)


def _is_full_name(name: Words, author: Author) -> bool:
    """The whole name, inverted or natural; given names at the end may be left out."""
    last, fore = _words(author.last), _words(author.fore)
    shorter = [fore[:count] for count in range(1, len(fore) + 1)]
    return any(name in {(*last, *given), (*given, *last)} for given in shorter)


def _values(field: str, paper: PubmedPaper) -> tuple[str, ...]:
    match field:
        case "Journal":
            return (paper.journal.title, paper.journal.abbreviation, paper.journal.issn)
        case "MeSH Terms":
            return paper.headings
        case "Publication Type":
            return paper.types
    return (paper.language, *(name for code, name in _LANGUAGES.items() if code == paper.language))


_LANGUAGES = {"eng": "English", "ger": "German", "fre": "French", "spa": "Spanish", "ita": "Italian"}


def _texts(field: str, paper: PubmedPaper) -> tuple[str, ...]:
    """The texts a field consists of; a phrase lies within one of them."""
    abstract = " ".join(f"{label}: {text}" if label else text for label, text in paper.abstract)
    tiab = (paper.title, abstract, *paper.keywords)
    affiliations = tuple(author.affiliation for author in paper.authors)
    narrow = {"Title": tiab[:1], "Abstract": tiab[1:2], "Title/Abstract": tiab, "Other Term": paper.keywords}
    narrow |= {
        "Affiliation": affiliations,
        "Author - Corporate": (),
        "Text Word": (*tiab, *paper.headings, *paper.types),
    }
    if field in narrow:
        return narrow[field]
    names = (f"{author.last} {author.fore} {author.initials}" for author in paper.authors)
    journal = (paper.journal.title, paper.journal.abbreviation)
    return (*narrow["Text Word"], *names, *journal, *affiliations, paper.doi or "", str(paper.pmid))
