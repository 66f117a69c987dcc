"""Tantivy and PostgreSQL, holding the same three fields and a date, asked for a total and the newest ten."""

from __future__ import annotations

import importlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from bot.model import Record
from bot.query import And, Dated, Field, Node, Not, Or, Term
from bot.query.tokens import tokens

_TABLE = (
    "DROP TABLE IF EXISTS papers; "
    "CREATE TABLE papers (number bigint PRIMARY KEY, title text, abstract text, authors text, words tsvector "
    "GENERATED ALWAYS AS (setweight(to_tsvector('simple', title), 'A') || to_tsvector('simple', abstract) "
    "|| to_tsvector('simple', authors)) STORED); CREATE INDEX ON papers USING gin (words)"
)


class NotInstalled(Exception):
    """An engine is not there; the message is what the table says."""


class Engine(Protocol):
    """Something else to search with. A paper's number is its place by date."""

    def add(self, first: int, records: Sequence[Record]) -> None:
        """Store and index records, numbered from ``first``, so that they can be found."""

    def settle(self) -> None:
        """Do what the engine does by itself some time after the last paper."""

    def write(self, node: Node) -> str | None:
        """The query in the engine's language; None if it has no words for it."""

    def ask(self, node: Node) -> tuple[int, list[Any]]:
        """The total, and the newest ten with their text."""


def plain(node: Node) -> str | None:
    """The words of a query that is nothing but words next to each other."""
    return node.text if isinstance(node, Term) and node.field is None and not node.prefix else None


class Tantivy:
    """One writer thread, a commit for each batch, sorted by a fast field."""

    def __init__(self, folder: Path) -> None:
        self._tantivy = _module("tantivy")
        builder = self._tantivy.SchemaBuilder()
        for name in ("title", "abstract", "authors"):
            builder.add_text_field(name, stored=True)
        builder.add_integer_field("number", stored=True, indexed=True, fast=True)
        (folder / "tantivy").mkdir()
        self._index = self._tantivy.Index(builder.build(), path=str(folder / "tantivy"))
        self._writer = self._index.writer(128_000_000, 1)

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

    def ask(self, node: Node) -> tuple[int, list[Any]]:
        searcher = self._index.searcher()
        query = self._index.parse_query(self.write(node), ["title", "abstract", "authors"])
        found = searcher.search(query, 10, count=True, order_by_field="number")
        return found.count, [searcher.doc(address) for _, address in found.hits]


class Postgres:
    """A stored tsvector under a live GIN index, a COPY and a commit for each batch."""

    def __init__(self, folder: Path) -> None:
        address = os.environ.get("BENCH_POSTGRES")
        if not address:
            raise NotInstalled("BENCH_POSTGRES is not set")
        self._connection = _module("psycopg").connect(address, autocommit=True, prepare_threshold=None)
        self._connection.execute(_TABLE)

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

    def ask(self, node: Node) -> tuple[int, list[Any]]:
        query = self.write(node)
        matching = "FROM papers WHERE words @@ to_tsquery('simple', %s)"
        ((total,),) = self._connection.execute(f"SELECT count(*) {matching}", (query,)).fetchall()
        newest = f"SELECT number, title, abstract, authors {matching} ORDER BY number DESC LIMIT 10"
        return total, self._connection.execute(newest, (query,)).fetchall()


def _required(text: str) -> str:
    return text if text.startswith("-") else f"+{text}"


def _module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise NotInstalled("not installed") from None
