"""What the full-text index holds of a paper (pure).

The index is INDEX_DEFINITION; its rows come from ``index_row``, and rowid = day ordinal << DAY_BITS | sequence.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date

from bot.model import Identifier, Paper, PaperId
from bot.query.tokens import TOKENS_VERSION, fold, tokens

INDEX_VERSION = f"2.{TOKENS_VERSION}"
"""Changes whenever ``index_row`` may give something else for the same paper; the archive then rebuilds its index."""

DAY_BITS = 24
"""How many low bits of a rowid number the papers of one day."""

INDEX_DEFINITION = (
    "fts5(title, abstract, authors, journal, category, tokens, content='', tokenize=\"unicode61 remove_diacritics 2\")"
)

FILTER = "\ue000"
"""First character of every filter token: SQLite keeps it, and fold() takes it out of all that people write."""

SEPARATOR = "\ue001"
"""A token between two authors or categories, so that no phrase runs from one into the next."""

INITIALS = "\ue002"
"""First character of an author's initials."""

ASIDE = "\ue003"
"""First character of the words of journals and categories: a bare word, which does not look there, needs no column
filter then (measured: counting takes up to twice as long with one)."""

EVERY_PAPER = FILTER + "a"
"""The token that every paper has."""

DATE_PARTS = ((0, 1, 9), (1, 2, 9), (2, 3, 9), (3, 4, 9), (4, 6, 12), (6, 8, 31))
"""Where millennium, century, decade, year, month and day stand in YYYYMMDD, and the greatest value of each."""

IndexRow = tuple[str, str, str, str, str, str]


def index_key(paper: Paper) -> tuple[object, ...]:
    """All that ``index_row`` is made of: papers with the same key have the same row."""
    identifiers = frozenset(identifier for record in paper.records for identifier in record.identifiers)
    words = (paper.title, paper.abstract, paper.authors, paper.venue, paper.categories)
    return (*words, paper.id, paper.kind, paper.sources, paper.date, identifiers)


def index_row(paper: Paper) -> IndexRow:
    """What the index holds of a paper: title, abstract, authors, journal, category, tokens."""
    return (
        fold(paper.title),
        fold(paper.abstract),
        f" {SEPARATOR} ".join(name for author in paper.authors for name in _author_forms(author)),
        aside(paper.venue or ""),
        f" {SEPARATOR} ".join(map(aside, paper.categories)),
        " ".join(filter_tokens(paper)),
    )


def _author_forms(author: str) -> Iterator[str]:
    """John A Smith is found as John A Smith; and, by ``author:`` only, as Smith J, Smith J A and Smith JA. The mark
    before initials keeps the word "ct" from finding Chun-Ting Wang."""
    words = tokens(author)
    family = (author.split() or [""])[-1]
    given = len(words) - (1 if family.isascii() and family.isalnum() else len(tokens(family)))
    initials = [word[0] for word in words[:given]]
    yield " ".join([*words, *(INITIALS + letter for letter in initials)])
    if len(initials) > 1:
        yield " ".join([*words[given:], INITIALS + "".join(initials)])


def aside(text: str) -> str:
    """The words of a journal or category, marked."""
    return " ".join(ASIDE + word for word in tokens(text))


def filter_tokens(paper: Paper) -> list[str]:
    """The tokens that filters ask for: kind, sources, identifiers, number and date."""
    identifiers = {identifier for record in paper.records for identifier in record.identifiers}
    day = yyyymmdd(paper.date)
    return [
        EVERY_PAPER,
        kind_token(paper.kind),
        *map(source_token, paper.sources),
        *(source_and_kind_token(source, paper.kind) for source in paper.sources),
        *sorted(map(identifier_token, identifiers)),
        number_token(paper.id),
        *(date_token(day[:end]) for _, end, _ in DATE_PARTS),
    ]


def kind_token(kind: str) -> str:
    """The token of a kind."""
    return f"{FILTER}k{kind}"


def source_token(name: str) -> str:
    """The token of a source."""
    return f"{FILTER}s{''.join(tokens(name))}"


def source_and_kind_token(name: str, kind: str) -> str:
    """The token of both: one walk through half of all papers instead of two."""
    return f"{FILTER}b{''.join(tokens(name))}{FILTER}{kind}"


def identifier_token(identifier: Identifier) -> str:
    """The token of a DOI, PMID or arXiv id."""
    digest = hashlib.blake2b(identifier.value.lower().encode(errors="replace"), digest_size=8).hexdigest()
    return f"{FILTER}i{identifier.scheme}{digest}"


def number_token(number: PaperId) -> str:
    """The token of a paper's own number."""
    return f"{FILTER}n{number}"


def date_token(digits: str) -> str:
    """The token of a millennium, … or day, by the first digits of its YYYYMMDD."""
    return f"{FILTER}d{digits}"


def yyyymmdd(day: date) -> str:
    """A day as YYYYMMDD."""
    return day.isoformat().replace("-", "")
