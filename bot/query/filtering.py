"""The filters of a query: the parts that every match must have, whatever else is asked (pure)."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeGuard

from bot.query.tree import And, Field, Node, Query, Term


def filters_of(query: Query | None, fields: Collection[Field]) -> dict[Field, str]:
    """Give the values of these fields that the query asks of every match, such as ``{SOURCE: "pubmed"}``."""
    return {part.field: part.text for part in _parts(query) if _is_filter(part, fields) and part.field}


def with_filter(query: Query | None, field: Field, value: str | None) -> Query | None:
    """Let every match have this value; None takes what the query asks of that field away. A query of which nothing
    is left is None, which finds everything."""
    parts = [part for part in _parts(query) if not _is_filter(part, (field,))]
    if value is not None:
        parts.append(Term(value, field))
    if not parts:
        return None
    return Query(parts[0] if len(parts) == 1 else And(tuple(parts)), query.ignored if query else ())


def _parts(query: Query | None) -> list[Node]:
    if query is None:
        return []
    return list(query.root.parts) if isinstance(query.root, And) else [query.root]


def _is_filter(part: Node, fields: Collection[Field]) -> TypeGuard[Term]:
    return isinstance(part, Term) and part.field in fields
