"""The tree of a query, and its canonical text (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

OPERATORS = frozenset({"AND", "OR", "NOT"})


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

    def __str__(self) -> str:
        return _written(self.root)


def _written(node: Node) -> str:
    match node:
        case Term():
            return _written_term(node)
        case Dated():
            return f"{'after' if node.after else 'before'}:{node.written or node.on or f'{node.days}d'}"
        case Or():
            return " OR ".join(map(_written, node.parts))
        case And():
            return " ".join(f"({_written(part)})" if isinstance(part, Or) else _written(part) for part in node.parts)
        case Not():
            inner = _written(node.part)
            return f"NOT ({inner})" if isinstance(node.part, And | Or) else f"NOT {inner}"


def _written_term(term: Term) -> str:
    star = "*" if term.prefix else ""
    bare = _BARE.fullmatch(term.text) and term.text not in OPERATORS
    value = f"{term.text}{star}" if bare else f'"{term.text}{star}"'
    return f"{term.field}:{value}" if term.field else value


_BARE = re.compile(r"\w[\w\-+#./']*")
