"""Ways to search the same papers: the archive's index, what others do with such an index, tantivy and PostgreSQL.

Tantivy and PostgreSQL take part if they are there: ``PYTHONPATH`` leads to the packages tantivy and psycopg, and the
environment variable BENCH_POSTGRES holds the connection string of a database of their own. The project needs neither.
"""

from __future__ import annotations

import importlib
import os
import sqlite3
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from bot.model import Record
from bot.query import And, Dated, Field, Node, Not, Or, Term
from bot.query.tokens import tokens
from storage import lookup
from storage.matching import compile_match
from tests.examples import TODAY

Answer = tuple[int | None, list[Any]]


class Way(StrEnum):
    """What is asked for."""

    NEWEST = "newest ten"
    NEWEST_AND_TOTAL = "total and newest ten"
    RELEVANT = "ten most relevant"


class NotInstalled(Exception):
    """An engine is not there; the message is what the table says."""


class Engine(Protocol):
    """Something to search with. A paper's number is its place by date."""

    name: str
    ways: frozenset[Way]

    def write(self, node: Node) -> str | None:
        """The query in the engine's language; None if it has no words for it."""

    def ask(self, query: str, way: Way) -> Answer:
        """The total, if that was asked for, and ten papers with their text."""


class Filled(Engine, Protocol):
    """An engine with papers of its own."""

    def held(self) -> int:
        """How many papers it holds."""

    def add(self, first: int, records: Sequence[Record]) -> None:
        """Store and index records, numbered from ``first``, so that they can be found."""

    def settle(self) -> None:
        """Do what the engine does by itself some time after the last paper."""


# ---------------------------------------------------------------- SQLite


class OurIndex:
    """The archive's own questions to its index, on this thread."""

    name = "Paper Round's index"
    ways = frozenset(Way)
    _PAPERS = (
        "SELECT r.title, r.abstract, r.authors FROM json_each(?) AS k JOIN papers AS p ON p.position = k.value "
        "JOIN records AS r ON r.paper_id = p.id ORDER BY k.key"
    )

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def write(self, node: Node) -> str | None:
        return compile_match(node, TODAY).match

    def ask(self, query: str, way: Way) -> Answer:
        total = None
        if way is Way.RELEVANT:
            return None, self._papers(self._positions(lookup.RELEVANT, query)[:10])
        newest = self._positions(f"SELECT rowid {lookup.FOUND} ORDER BY rowid DESC LIMIT 10", query)
        if way is Way.NEWEST_AND_TOTAL:
            ((total,),) = self._connection.execute(lookup.COUNT, (query,))
        return total, self._papers(newest)

    def _positions(self, sql: str, query: str) -> list[int]:
        return [position for (position,) in self._connection.execute(sql, (query, 0, 2**63 - 1))]

    def _papers(self, positions: list[int]) -> list[Any]:
        return self._connection.execute(self._PAPERS, (str(positions),)).fetchall()


class Joined:
    """The same index joined with the records and sorted by their date, as most programs do."""

    name = "JOIN, ORDER BY date"
    ways = frozenset({Way.NEWEST})
    _SQL = (
        "SELECT r.title, r.abstract, r.authors FROM paper_index JOIN papers AS p ON p.position = paper_index.rowid "
        "JOIN records AS r ON r.paper_id = p.id WHERE paper_index MATCH ? ORDER BY r.published DESC LIMIT 10"
    )

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def write(self, node: Node) -> str | None:
        return compile_match(node, TODAY).match

    def ask(self, query: str, way: Way) -> Answer:
        return None, self._connection.execute(self._SQL, (query,)).fetchall()


# ---------------------------------------------------------------- others


class Tantivy:
    """One writer thread, a commit for each batch, sorted by a fast field."""

    name = "tantivy"
    ways = frozenset(Way)

    def __init__(self, folder: Path) -> None:
        self._tantivy = _module("tantivy")
        builder = self._tantivy.SchemaBuilder()
        for name in ("title", "abstract", "authors"):
            builder.add_text_field(name, stored=True)
        builder.add_integer_field("number", stored=True, indexed=True, fast=True)
        path = folder / "tantivy"
        path.mkdir(exist_ok=True)
        self._index = self._tantivy.Index(builder.build(), path=str(path))
        self._writer = self._index.writer(128_000_000, 1)
        self._searcher = self._index.searcher()

    def held(self) -> int:
        return int(self._searcher.num_docs)

    def add(self, first: int, records: Sequence[Record]) -> None:
        for number, record in enumerate(records, first):
            self._writer.add_document(
                self._tantivy.Document(
                    title=[record.title],
                    abstract=[record.abstract],
                    authors=["; ".join(record.authors)],
                    number=[number],
                )
            )
        self._writer.commit()

    def settle(self) -> None:
        self._writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def write(self, node: Node) -> str | None:
        match node:
            case And(parts):
                written = [self.write(part) for part in parts]
                return None if None in written else f"({' '.join(_required(text) for text in written if text)})"
            case Or(parts):
                return f"({' OR '.join(self.write(part) or '' for part in parts)})"
            case Not(part):
                return f"-{self.write(part)}"
            case Term(text, field, False) if field in (None, Field.TITLE):
                return f'{"title:" if field else ""}"{" ".join(tokens(text))}"'
            case _:
                return None

    def ask(self, query: str, way: Way) -> Answer:
        parsed = self._index.parse_query(query, ["title", "abstract", "authors"])
        order = {} if way is Way.RELEVANT else {"order_by_field": "number"}
        found = self._searcher.search(parsed, 10, count=way is Way.NEWEST_AND_TOTAL, **order)
        return found.count, [self._searcher.doc(address) for _, address in found.hits]


class Postgres:
    """A stored tsvector under a live GIN index, a COPY and a commit for each batch."""

    name = "PostgreSQL"
    ways = frozenset(Way)
    _TABLE = (
        "CREATE TABLE IF NOT EXISTS papers (number bigint PRIMARY KEY, title text, abstract text, authors text, "
        "words tsvector GENERATED ALWAYS AS (setweight(to_tsvector('simple', title), 'A') || "
        "to_tsvector('simple', abstract) || to_tsvector('simple', authors)) STORED); "
        "CREATE INDEX IF NOT EXISTS papers_by_word ON papers USING gin (words)"
    )
    _MATCHING = "FROM papers, to_tsquery('simple', %s) AS query WHERE words @@ query"
    _ORDER = "SELECT number, title, abstract, authors {} ORDER BY {} DESC LIMIT 10"

    def __init__(self, _folder: Path) -> None:
        address = os.environ.get("BENCH_POSTGRES")
        if not address:
            raise NotInstalled("BENCH_POSTGRES is not set")
        self._connection = _module("psycopg").connect(address, autocommit=True, prepare_threshold=None)
        self._connection.execute(self._TABLE)

    def held(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM papers").fetchone()[0])

    def add(self, first: int, records: Sequence[Record]) -> None:
        copying = "COPY papers (number, title, abstract, authors) FROM STDIN"
        with self._connection.cursor() as cursor, cursor.copy(copying) as copy:
            for number, record in enumerate(records, first):
                copy.write_row((number, record.title, record.abstract, "; ".join(record.authors)))

    def settle(self) -> None:
        self._connection.execute("VACUUM ANALYZE papers")

    def write(self, node: Node) -> str | None:
        match node:
            case And(parts):
                return f"({' & '.join(self.write(part) or '' for part in parts)})"
            case Or(parts):
                return f"({' | '.join(self.write(part) or '' for part in parts)})"
            case Not(part):
                return f"!{self.write(part)}"
            case Term(text, field, prefix):
                label = "*" * prefix + "A" * (field is Field.TITLE)
                return f"({' <-> '.join(f'{word}:{label}' if label else word for word in tokens(text))})"
            case Dated():
                return None

    def ask(self, query: str, way: Way) -> Answer:
        total = None
        if way is Way.NEWEST_AND_TOTAL:
            ((total,),) = self._connection.execute(f"SELECT count(*) {self._MATCHING}", (query,)).fetchall()
        order = "ts_rank(words, query)" if way is Way.RELEVANT else "number"
        return total, self._connection.execute(self._ORDER.format(self._MATCHING, order), (query,)).fetchall()


def _required(text: str) -> str:
    return text if text.startswith("-") else f"+{text}"


def _module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise NotInstalled("not installed") from None
