"""A naive reading of the query language, to hold the index against.

It takes a paper's words from SQLite (fts5vocab) and a query's words from bot.query.tokens; every decision is its own.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from bot.identity import parse_identifier
from bot.model import Identifier, Paper
from bot.query import And, Dated, Field, Node, Not, Or, Term
from bot.query.tokens import tokens
from storage.index_rows import ASIDE, INITIALS

Words = Mapping[str, Sequence[str]]
"""The words of each column, in order."""

_COLUMNS = {
    None: ("title", "abstract", "authors"),
    Field.TITLE: ("title",),
    Field.ABSTRACT: ("abstract",),
    Field.AUTHOR: ("authors",),
    Field.JOURNAL: ("journal",),
    Field.CATEGORY: ("category",),
}


def words_of(connection: sqlite3.Connection, table: str) -> dict[int, Words]:
    """What SQLite's tokenizer made of each row of a full-text table."""
    connection.execute(f"CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, {table}, instance)")
    found: defaultdict[int, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for word, row, column in connection.execute('SELECT term, doc, col FROM temp.words ORDER BY doc, col, "offset"'):
        found[row][column].append(word)
    connection.execute("DROP TABLE temp.words")
    return dict(found)


def matches(node: Node | None, paper: Paper, words: Words, today: date) -> bool:
    """Whether the paper, of which SQLite sees these words, matches."""
    match node:
        case None:
            return True
        case And(parts):
            return all(matches(part, paper, words, today) for part in parts)
        case Or(parts):
            return any(matches(part, paper, words, today) for part in parts)
        case Not(part):
            return not matches(part, paper, words, today)
        case Dated():
            return (paper.date >= node.day(today)) == node.after
        case Term():
            return _term_matches(node, paper, words)


def _term_matches(term: Term, paper: Paper, words: Words) -> bool:
    identifiers = {identifier for record in paper.records for identifier in record.identifiers}
    match term.field:
        case Field.TYPE:
            return paper.kind == term.text
        case Field.SOURCE:
            return term.text in {record.source for record in paper.records}
        case Field.DOI:
            return Identifier("doi", term.text) in identifiers
        case Field.ID:
            return term.text.upper() == f"P{paper.id}" or parse_identifier(term.text) in identifiers
        case Field.AUTHOR if not term.prefix:
            name, authors = tokens(term.text), words.get("authors", ())
            cited = [[*name[:n], *(INITIALS + word for word in name[n:])] for n in range(1, len(name))]
            short = [way for way in cited if max(len(word) for word in way if word.startswith(INITIALS)) <= 5]
            return any(_stands_in(term, authors, way) for way in [name, *short])
        case field:
            columns = ([word.removeprefix(ASIDE) for word in words.get(column, ())] for column in _COLUMNS[field])
            return any(_stands_in(term, column, tokens(term.text)) for column in columns)


def _stands_in(term: Term, words: Sequence[str], phrase: Sequence[str]) -> bool:
    *first, last = phrase
    for start in range(len(words) - len(first)):
        end = words[start + len(first)]
        if list(words[start : start + len(first)]) == first and (end == last or (term.prefix and end.startswith(last))):
            return True
    return False
