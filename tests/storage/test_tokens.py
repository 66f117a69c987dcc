"""SQLite's tokenizer and bot.query.tokens see the same words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.query.tokens import fold, tokens
from storage.index_rows import ASIDE, FILTER, INDEX_DEFINITION, SEPARATOR
from tests.storage.reference import words_of


@pytest.fixture(scope="module")
def index() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"CREATE VIRTUAL TABLE papers USING {INDEX_DEFINITION}")
        yield connection


def seen_by_sqlite(index: sqlite3.Connection, texts: Iterable[str]) -> list[list[str]]:
    rows = list(enumerate(texts))
    index.execute("INSERT INTO papers (papers) VALUES ('delete-all')")
    index.executemany("INSERT INTO papers (rowid, abstract) VALUES (?, ?)", rows)
    words = words_of(index, "papers")
    return [list(words.get(row, {}).get("abstract", ())) for row, _ in rows]


def test_every_code_point_gives_the_same_words_alone_and_between_letters(index: sqlite3.Connection) -> None:
    folded = [fold(f"{chr(code)} a{chr(code)}b") for code in range(0x110000)]
    pages = [folded[start : start + 64] for start in range(0, len(folded), 64)]
    seen = seen_by_sqlite(index, map(" ".join, pages))
    assert [page for page, words in zip(pages, seen, strict=True) if words != " ".join(page).split()] == []


@given(st.lists(st.text(max_size=40), max_size=20))
def test_any_text_gives_the_same_words(index: sqlite3.Connection, texts: list[str]) -> None:
    assert seen_by_sqlite(index, map(fold, texts)) == [tokens(text) for text in texts]


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert tokens(fold(text)) == tokens(text)


@pytest.mark.parametrize("mark", [ASIDE, FILTER, SEPARATOR])
def test_our_own_marks_are_words_to_sqlite_and_nothing_to_people(index: sqlite3.Connection, mark: str) -> None:
    assert seen_by_sqlite(index, [f"a {mark} b {mark}kx"]) == [["a", mark, "b", f"{mark}kx"]]
    assert tokens(f"a{mark}b {mark}kx") == ["a", "b", "kx"]
