"""Queries → MATCH expressions, and the matching of a batch of papers.

Search and topics both go through ``compile_match``, so what a search finds is what a topic announces.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from bot.identity import parse_identifier, parse_number
from bot.model import Change, Identifier, Match, Paper, Topic
from bot.query import And, Dated, Field, Node, Not, Or, Term
from bot.query.tokens import tokens
from storage.index_rows import (
    DATE_PARTS,
    EVERY_PAPER,
    INDEX_DEFINITION,
    INITIALS,
    aside,
    date_token,
    identifier_token,
    index_row,
    kind_token,
    number_token,
    source_and_kind_token,
    source_token,
    yyyymmdd,
)

_MOST_INITIALS = 4
_COLUMNS = {
    Field.TITLE: "title",
    Field.ABSTRACT: "abstract",
    Field.AUTHOR: "authors",
    Field.JOURNAL: "journal",
    Field.CATEGORY: "category",
}


# ---------------------------------------------------------------- queries


@dataclass(frozen=True, slots=True)
class Compiled:
    """A query for the index: an FTS5 MATCH expression, every user token quoted, and the days it is limited to
    (from ``first_day``, up to but without ``end_day``; None is no limit)."""

    match: str
    first_day: date | None
    end_day: date | None

    def admits(self, day: date) -> bool:
        """Whether a paper of that day is within the limits."""
        return (self.first_day is None or day >= self.first_day) and (self.end_day is None or day < self.end_day)


@lru_cache(maxsize=16_384)
def compile_match(root: Node | None, today: date) -> Compiled:
    """Compile a query; None finds everything. Dates that limit the whole query become bounds, others filter tokens."""
    node = None if root is None else _simplified(root)
    parts = () if node is None else node.parts if isinstance(node, And) else (node,)
    dates = [part for part in parts if isinstance(part, Dated)]
    return Compiled(
        match=_all_of([part for part in parts if not isinstance(part, Dated)], today),
        first_day=max((limit.day(today) for limit in dates if limit.after), default=None),
        end_day=min((limit.day(today) for limit in dates if not limit.after), default=None),
    )


def _simplified(node: Node) -> Node:
    """Take away each NOT that can be said without one, and merge each AND within an AND."""
    match node:
        case And(parts):
            simplified = map(_simplified, parts)
            return And(tuple(p for part in simplified for p in (part.parts if isinstance(part, And) else (part,))))
        case Or(parts):
            return Or(tuple(map(_simplified, parts)))
        case Not(part):
            return _negated(part)
        case Term() | Dated():
            return node


def _negated(node: Node) -> Node:
    match node:
        case Not(part):
            return _simplified(part)
        case Dated():
            return replace(node, after=not node.after)
        case Or(parts):
            return _simplified(And(tuple(Not(part) for part in parts)))
        case And() | Term():
            return Not(_simplified(node))


def _expression(node: Node, today: date) -> str:
    match node:
        case Term():
            return _term(node)
        case Dated():
            return _any_of([_quoted(token) for token in date_tokens(node.day(today), after=node.after)])
        case Or(parts):
            return _any_of([_expression(part, today) for part in _deepest_first(parts)])
        case And(parts):
            return _all_of(parts, today)
        case Not():
            return _all_of([node], today)


def _any_of(expressions: list[str]) -> str:
    return f"({' OR '.join(expressions)})"


def _all_of(parts: Sequence[Node], today: date) -> str:
    """FTS5's NOT has two sides, so what is not wanted is taken from what is wanted, or from every paper."""
    wanted = [*_expressions([part for part in _deepest_first(parts) if not isinstance(part, Not)], today)]
    unwanted = [_expression(part.part, today) for part in _deepest_first(parts) if isinstance(part, Not)]
    text = " AND ".join(wanted) or _quoted(EVERY_PAPER)
    if not unwanted:
        return f"({text})"
    return f"(({text}) NOT {unwanted[0] if len(unwanted) == 1 else _any_of(unwanted)})"


def _expressions(parts: Sequence[Node], today: date) -> Iterator[str]:
    """One expression for each part, but a single one for a source and a kind."""
    source = next((part for part in parts if isinstance(part, Term) and part.field is Field.SOURCE), None)
    kind = next((part for part in parts if isinstance(part, Term) and part.field is Field.TYPE), None)
    both = {source, kind} if source and kind else set()
    for part in parts:
        if part not in both:
            yield _expression(part, today)
    if source and kind:
        yield _quoted(source_and_kind_token(source.text, kind.text))


def _deepest_first(parts: Sequence[Node]) -> list[Node]:
    """FTS5's parser keeps all that stands before an open parenthesis on a stack of 100 (fts5parse.y)."""
    return sorted(parts, key=_height, reverse=True)


def _height(node: Node) -> int:
    match node:
        case And(parts) | Or(parts):
            return 1 + max(map(_height, parts))
        case Not(part):
            return 1 + _height(part)
        case _:
            return 0


def _term(term: Term) -> str:
    match term.field:
        case Field.TYPE:
            return _quoted(kind_token(term.text))
        case Field.SOURCE:
            return _quoted(source_token(term.text))
        case Field.DOI:
            identifier = parse_identifier(f"https://doi.org/{term.text}") or Identifier("doi", term.text)
            return _quoted(identifier_token(identifier))
        case Field.ID:
            return _quoted(_id_token(term.text))
        case Field.AUTHOR if not term.prefix:
            return f"(authors : {_any_of([_quoted(name) for name in _ways_to_write(tokens(term.text))])})"
        case field:
            words = aside(term.text) if field in (Field.JOURNAL, Field.CATEGORY) else " ".join(tokens(term.text))
            expression = _quoted(words) + " *" * term.prefix
            return f"({_COLUMNS[field]} : {expression})" if field else expression


def _ways_to_write(name: list[str]) -> Iterator[str]:
    """A name as it stands, and with its last words as initials."""
    yield " ".join(name)
    for given in range(1, len(name)):
        if all(len(word) <= _MOST_INITIALS for word in name[given:]):
            yield " ".join([*name[:given], *(INITIALS + word for word in name[given:])])


def _id_token(text: str) -> str:
    number = parse_number(text)
    if number is not None:
        return number_token(number)
    return identifier_token(parse_identifier(text) or Identifier("unknown", text))


def _quoted(words: str) -> str:
    return f'"{words}"'


def date_tokens(day: date, *, after: bool) -> Iterator[str]:
    """The millennia, centuries, … days that make up all the time from ``day`` on, or before it."""
    digits = yyyymmdd(day)
    for start, end, greatest in DATE_PARTS:
        here = int(digits[start:end])
        for value in range(here + 1, greatest + 1) if after else range(here):
            yield date_token(f"{digits[:start]}{value:0{end - start}}")
    if after:
        yield date_token(digits)


# ---------------------------------------------------------------- batches


class BatchMatcher:
    """Matches changed papers against topics in an in-memory index of just these papers (the port Matcher)."""

    async def match(self, changes: Sequence[Change], topics: Sequence[Topic], now: datetime) -> list[Match]:
        """Which of the changed papers match which topics, and whether they did before."""
        return await asyncio.to_thread(match_batch, changes, topics, now.date())


def match_batch(changes: Sequence[Change], topics: Sequence[Topic], today: date) -> list[Match]:
    """Match on this thread. Topics that ask the same are asked once."""
    papers = dict(_numbered(changes))
    queries = [compile_match(topic.query.root, today) for topic in topics]
    with closing(sqlite3.connect(":memory:")) as index:
        _fill(index, papers)
        found = {query: _found(index, query, papers) for query in set(queries)}
    return [
        Match(changes[number // 2], topic, before=number + 1 in found[query])
        for topic, query in zip(topics, queries, strict=True)
        for number in found[query]
        if number % 2 == 0
    ]


def _numbered(changes: Sequence[Change]) -> Iterator[tuple[int, Paper]]:
    """Each paper as it is now under an even number, and as it was before under the next."""
    for position, change in enumerate(changes):
        yield 2 * position, change.paper
        if change.before is not None:
            yield 2 * position + 1, change.before


def _fill(index: sqlite3.Connection, papers: Mapping[int, Paper]) -> None:
    """Index the papers; one merged and committed segment halves the time of the many queries to come."""
    rows = ((number, *index_row(paper)) for number, paper in papers.items())
    with index:
        index.execute(f"CREATE VIRTUAL TABLE batch USING {INDEX_DEFINITION}")
        index.executemany(
            "INSERT INTO batch (rowid, title, abstract, authors, journal, category, tokens) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
        index.execute("INSERT INTO batch (batch) VALUES ('optimize')")


def _found(index: sqlite3.Connection, query: Compiled, papers: Mapping[int, Paper]) -> dict[int, None]:
    """The numbers of the papers that match, in order."""
    numbers = index.execute("SELECT rowid FROM batch WHERE batch MATCH ? ORDER BY rowid", (query.match,))
    return {number: None for (number,) in numbers if query.admits(papers[number].date)}
