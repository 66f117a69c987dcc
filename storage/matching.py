"""Turns papers into rows of the full-text index and queries into MATCH expressions, and matches batches of papers.

Search and topics both go through ``compile_match``, so what a search finds is what a topic announces. The index is
INDEX_DEFINITION with rowid = ``paper.date.toordinal() << DAY_BITS | sequence`` and rows from ``index_row``.
"""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from bot.identity import parse_identifier, parse_number
from bot.model import Change, Identifier, Match, Paper, PaperId, Topic
from bot.query import And, Dated, Field, Node, Not, Or, Term
from bot.query.tokens import TOKENS_VERSION, fold, tokens

INDEX_VERSION = f"1.{TOKENS_VERSION}"
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

_MOST_INITIALS = 4
_EVERY_PAPER = FILTER + "a"
_DATE_PARTS = ((0, 1, 9), (1, 2, 9), (2, 3, 9), (3, 4, 9), (4, 6, 12), (6, 8, 31))
"""Where millennium, century, decade, year, month and day stand in YYYYMMDD, and the greatest value of each."""

_COLUMNS = {
    None: "{title abstract authors}",
    Field.TITLE: "title",
    Field.ABSTRACT: "abstract",
    Field.AUTHOR: "authors",
    Field.JOURNAL: "journal",
    Field.CATEGORY: "category",
}

IndexRow = tuple[str, str, str, str, str, str]


# ---------------------------------------------------------------- papers


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
        fold(paper.venue or ""),
        f" {SEPARATOR} ".join(map(fold, paper.categories)),
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


def filter_tokens(paper: Paper) -> list[str]:
    """The tokens that filters ask for: kind, sources, identifiers, number and date."""
    identifiers = {identifier for record in paper.records for identifier in record.identifiers}
    day = _digits(paper.date)
    return [
        _EVERY_PAPER,
        _kind_token(paper.kind),
        *map(_source_token, paper.sources),
        *sorted(map(_identifier_token, identifiers)),
        _number_token(paper.id),
        *(_date_token(day[:end]) for _, end, _ in _DATE_PARTS),
    ]


def _kind_token(kind: str) -> str:
    return f"{FILTER}k{kind}"


def _source_token(name: str) -> str:
    return f"{FILTER}s{''.join(tokens(name))}"


def _identifier_token(identifier: Identifier) -> str:
    digest = hashlib.blake2b(identifier.value.lower().encode(errors="replace"), digest_size=8).hexdigest()
    return f"{FILTER}i{identifier.scheme}{digest}"


def _number_token(number: PaperId) -> str:
    return f"{FILTER}n{number}"


def _date_token(digits: str) -> str:
    return f"{FILTER}d{digits}"


def _digits(day: date) -> str:
    return day.isoformat().replace("-", "")


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
            return _any_of([_quoted(token) for token in _date_tokens(node.day(today), after=node.after)])
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
    wanted = [_expression(part, today) for part in _deepest_first(parts) if not isinstance(part, Not)]
    unwanted = [_expression(part.part, today) for part in _deepest_first(parts) if isinstance(part, Not)]
    text = " AND ".join(wanted) or _quoted(_EVERY_PAPER)
    if not unwanted:
        return f"({text})"
    return f"(({text}) NOT {unwanted[0] if len(unwanted) == 1 else _any_of(unwanted)})"


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
            return _quoted(_kind_token(term.text))
        case Field.SOURCE:
            return _quoted(_source_token(term.text))
        case Field.DOI:
            identifier = parse_identifier(f"https://doi.org/{term.text}") or Identifier("doi", term.text)
            return _quoted(_identifier_token(identifier))
        case Field.ID:
            return _quoted(_id_token(term.text))
        case Field.AUTHOR if not term.prefix:
            return f"(authors : {_any_of([_quoted(name) for name in _ways_to_write(tokens(term.text))])})"
        case field:
            star = " *" if term.prefix else ""
            return f"({_COLUMNS[field]} : {_quoted(' '.join(tokens(term.text)))}{star})"


def _ways_to_write(name: list[str]) -> Iterator[str]:
    """A name as it stands, and with its last words as initials."""
    yield " ".join(name)
    for given in range(1, len(name)):
        if all(len(word) <= _MOST_INITIALS for word in name[given:]):
            yield " ".join([*name[:given], *(INITIALS + word for word in name[given:])])


def _id_token(text: str) -> str:
    number = parse_number(text)
    if number is not None:
        return _number_token(number)
    return _identifier_token(parse_identifier(text) or Identifier("unknown", text))


def _quoted(words: str) -> str:
    return f'"{words}"'


def _date_tokens(day: date, *, after: bool) -> Iterator[str]:
    """The millennia, centuries, … days that make up all the time from ``day`` on, or before it."""
    digits = _digits(day)
    for start, end, greatest in _DATE_PARTS:
        here = int(digits[start:end])
        for value in range(here + 1, greatest + 1) if after else range(here):
            yield _date_token(f"{digits[:start]}{value:0{end - start}}")
    if after:
        yield _date_token(digits)


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
