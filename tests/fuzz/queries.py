"""Queries and words: what is understood is written, found and asked; what is not is explained."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial

from adapters.sources import arxiv, pubmed
from bot.errors import QueryError
from bot.query import caret, parse
from bot.query.tokens import fold, tokens
from bot.translating import read_search
from storage.index_rows import INDEX_DEFINITION, index_row
from storage.matching import compile_match
from tests.examples import TODAY, a_paper
from tests.fuzz import Check, samples


@contextmanager
def with_index() -> Iterator[Check]:
    with closing(sqlite3.connect(":memory:")) as index:
        index.execute(f"CREATE VIRTUAL TABLE papers USING {INDEX_DEFINITION}")
        rows = [index_row(a_paper(record, number=n)) for n, record in enumerate(samples.records(), 1)]
        columns = "title, abstract, authors, journal, category, tokens"
        index.executemany(f"INSERT INTO papers ({columns}) VALUES (?, ?, ?, ?, ?, ?)", rows)
        yield partial(_check_query, index)


def _check_query(index: sqlite3.Connection, text: str) -> None:
    try:
        query = parse(text)
    except QueryError as mistake:
        _check_mistake(mistake, text)
        return
    again = parse(str(query))
    assert (again.root, again.ignored) == (query.root, ()), str(query)
    index.execute(
        "SELECT count(*) FROM papers WHERE papers MATCH ?", (compile_match(query.root, TODAY).match,)
    ).fetchone()
    assert re.fullmatch(r"\([a-zA-Z0-9 *()\[\]-]+\)", pubmed.compile_query(query) or "(a)")
    assert re.fullmatch(r"[a-zA-Z0-9 *():.-]+", arxiv.compile_query(query) or "a")


def _check_mistake(mistake: QueryError, text: str) -> None:
    assert mistake.query == text
    assert 0 <= mistake.column <= len(text)
    shown = caret(mistake)
    assert shown.count("\n") == 1
    if mistake.suggestion is not None:
        parse(mistake.suggestion)


def check_pasted(text: str) -> None:
    """A search for PubMed or arXiv becomes a query that keeps the limits, or says why not."""
    found = read_search(text)
    if found is not None and found.query is not None:
        assert parse(str(found.query)).root == found.query.root
        assert read_search(str(found.query)) is None
    elif found is not None:
        assert found.problem


def check_tokens(text: str) -> None:
    found = tokens(text)
    assert all(found), found
    assert tokens(" ".join(found)) == found
    assert fold(text) == " ".join(found)
