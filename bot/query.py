"""The query language: text → tree, and back (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

MAX_DEPTH = 20
MAX_LEAVES = 100
MAX_LENGTH = 10_000
MIN_PREFIX = 4


class Field(StrEnum):
    """Where a term looks; a term without a field looks in title, abstract and authors."""

    TITLE = "title"
    ABSTRACT = "abstract"
    AUTHOR = "author"
    JOURNAL = "journal"
    CATEGORY = "category"
    SOURCE = "source"
    TYPE = "type"
    DOI = "doi"
    ID = "id"


FILTERS = frozenset({Field.SOURCE, Field.TYPE, Field.DOI, Field.ID})
"""Fields whose value is compared whole, not searched for words."""


@dataclass(frozen=True, slots=True)
class Term:
    """One or more words next to each other; ``prefix`` lets the last one go on. Filters hold their canonical value."""

    text: str
    field: Field | None = None
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Dated:
    """``after:`` or ``before:`` a day, fixed (``on``) or so many ``days`` before today. ``after`` includes its
    day, ``before`` excludes it, so that ``after:D`` and ``before:D`` split all papers in two."""

    after: bool
    on: date | None = None
    days: int | None = None
    written: str = ""

    def day(self, today: date) -> date:
        """The day meant, seen from today."""
        return self.on if self.on is not None else today - timedelta(days=self.days or 0)


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Node


Node = Term | Dated | And | Or | Not


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query. ``str(query)`` is its canonical text; ``ignored`` are pieces without a word in them."""

    root: Node
    ignored: tuple[str, ...] = ()


def parse(text: str) -> Query:
    """Read a query.

    Raises QueryError, and nothing else, for any text.
    """
    raise NotImplementedError
