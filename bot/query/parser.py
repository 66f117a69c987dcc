"""Reads a query: text → tree (pure)."""

from __future__ import annotations

import contextlib
import difflib
import re
import unicodedata
from datetime import date

from bot.errors import QueryError
from bot.query.lexer import Lexer, Piece, clean, without
from bot.query.tokens import tokens
from bot.query.tree import OPERATORS, And, Dated, Field, Node, Not, Or, Query, Term

MAX_DEPTH = 20
MAX_LEAVES = 100
MAX_LENGTH = 10_000
MIN_PREFIX = 4


def parse(text: str, *, limited: bool = True) -> Query:
    """Read a query. What people write is ``limited`` in length and words; what the bot put together of several
    such queries is not.

    Raises QueryError, and nothing else, for any text.
    """
    try:
        return _read(clean(text), limited=limited)
    except QueryError as mistake:
        suggestion = _mended(mistake.suggestion)
        raise QueryError(str(mistake), query=text, column=mistake.column, suggestion=suggestion) from None


def _mended(suggestion: str | None) -> str | None:
    """Mend what else is wrong with a suggestion; None if it cannot be made a query that parses."""
    for _ in range(_MAX_MENDS):
        if suggestion is None:
            return None
        try:
            _read(suggestion)
        except QueryError as mistake:
            suggestion = mistake.suggestion
        else:
            return suggestion
    return None


def _read(text: str, *, limited: bool = True) -> Query:
    if limited and len(text) > MAX_LENGTH:
        raise QueryError(f"A query has at most {MAX_LENGTH:,} characters.", query=text, column=MAX_LENGTH)
    pieces = list(Lexer(text, fields=_NAMES, whole=_WHOLE, max_depth=MAX_DEPTH))
    if not pieces:
        raise QueryError("The query is empty.", query=text, column=0)
    parser = _Parser(text, pieces, MAX_LEAVES if limited else len(pieces))
    root = parser.alternatives()
    if root is None:
        raise QueryError("Nothing here has a letter or a digit to look for.", query=text, column=pieces[0].start)
    query = Query(root, tuple(parser.ignored))
    if limited and len(str(query)) > MAX_LENGTH:
        raise QueryError("Written out in full, this query is too long.", query=text, column=0)
    return query


class _Parser:
    """Recursive descent over the pieces; NOT binds closer than AND, AND closer than OR.

    A method returns None for a part in which there is nothing to look for.
    """

    def __init__(self, text: str, pieces: list[Piece], max_leaves: int) -> None:
        self.text = text
        self.pieces = pieces
        self.max_leaves = max_leaves
        self.position = 0
        self.leaves = 0
        self.ignored: list[str] = []

    def alternatives(self) -> Node | None:
        parts = [self._conjunction()]
        while self._accept("OR"):
            parts.append(self._conjunction())
        return _joined(Or, parts)

    def _conjunction(self) -> Node | None:
        parts = [self._factor()]
        while self._kind() not in {None, ")", "OR"}:
            self._accept("AND")
            parts.append(self._factor())
        return _joined(And, parts)

    def _factor(self) -> Node | None:
        negative = False
        while self._accept("NOT"):
            negative = not negative
        node = self._operand()
        if node is None or not negative:
            return node
        return node.part if isinstance(node, Not) else Not(node)

    def _operand(self) -> Node | None:
        kind = self._kind()
        if kind not in {"(", "word"}:
            raise self._missing_operand()
        piece = self.pieces[self.position]
        self.position += 1
        if kind == "word":
            return self._leaf(piece)
        node = self.alternatives()
        self._accept(")")
        return node

    def _kind(self) -> str | None:
        return self.pieces[self.position].kind if self.position < len(self.pieces) else None

    def _accept(self, kind: str) -> bool:
        found = self._kind() == kind
        self.position += found
        return found

    def _missing_operand(self) -> QueryError:
        before = self.pieces[self.position - 1] if self.position else None
        found = self.pieces[self.position] if self.position < len(self.pieces) else None
        if before and found and before.kind + found.kind == "()":
            message, first, last = "These parentheses are empty.", before, found
        elif found and found.kind in OPERATORS:
            message, first, last = f"{found.kind} needs something before it.", found, found
        else:
            assert before is not None
            message, first, last = f"{before.kind} needs something after it.", before, before
        fixed = without(self.text, first.start, last.end)
        return QueryError(message, query=self.text, column=first.start, suggestion=fixed)

    def _leaf(self, piece: Piece) -> Node | None:
        leaf = _leaf(self.text, piece)
        if leaf is None:
            self.ignored.append(self.text[piece.start : piece.end])
            return None
        self.leaves += 1
        if self.leaves > self.max_leaves:
            raise QueryError(f"A query has at most {MAX_LEAVES} words.", query=self.text, column=piece.start)
        return leaf


def _joined(kind: type[And | Or], nodes: list[Node | None]) -> Node | None:
    parts: list[Node] = []
    for node in nodes:
        if node is not None:
            parts.extend(node.parts if isinstance(node, kind) else (node,))
    return kind(tuple(parts)) if len(parts) > 1 else next(iter(parts), None)


def _leaf(text: str, piece: Piece) -> Node | None:
    value = " ".join(piece.text.split())
    match piece.field:
        case "after" | "before":
            return _dated(text, piece, value.lower())
        case Field.TYPE:
            return _type(text, piece, value.lower())
        case Field.SOURCE:
            value = value.lower()
        case Field.DOI:
            value = _BEFORE_DOI.sub("", value.lower())
        case None | Field.TITLE | Field.ABSTRACT | Field.AUTHOR | Field.JOURNAL | Field.CATEGORY:
            return _words(text, piece, value)
    return Term(value, Field(piece.field)) if tokens(value) else None


def _words(text: str, piece: Piece, value: str) -> Term | None:
    """Words to be found. A star counts where a letter or digit stands before it; elsewhere it is punctuation."""
    words = tokens(value)
    if not words:
        return None
    field = Field(piece.field) if piece.field else None
    start = value.rstrip("*")
    if start == value or unicodedata.category(start[-1])[0] not in "LMN":
        return Term(value, field)
    if len(words[-1]) < MIN_PREFIX:
        star = text.rindex("*", piece.start, piece.end)
        fixed = text[: piece.start] + text[piece.start : piece.end].replace("*", "") + text[piece.end :]
        message = f"At least {MIN_PREFIX} letters must stand before the *."
        raise QueryError(message, query=text, column=star, suggestion=fixed)
    return Term(start, field, prefix=True)


def _type(text: str, piece: Piece, value: str) -> Term:
    if value not in _TYPES:
        near = difflib.get_close_matches(value, _TYPES, n=1)
        fixed = f"{text[: piece.start]}type:{near[0]}{text[piece.end :]}" if near else None
        message = "type: is one of journal (or article) and preprint."
        raise QueryError(message, query=text, column=piece.start, suggestion=fixed)
    return Term(_TYPES[value], Field.TYPE)


def _dated(text: str, piece: Piece, value: str) -> Dated:
    after = piece.field == "after"
    if (age := _AGE.fullmatch(value)) and (days := int(age[1]) * _DAYS[age[2]]) <= _MAX_DAYS:
        return Dated(after, days=days, written=value)
    with contextlib.suppress(ValueError):
        if day := _DAY.fullmatch(value):
            return Dated(after, on=date(int(day[1]), int(day[2] or 1), int(day[3] or 1)), written=value)
    message = f"{piece.field}: takes a day, month or year such as 2026-11-01, 2026-11, 2026, or an age: 7d, 2w, 3m, 1y."
    raise QueryError(message, query=text, column=piece.start)


_NAMES = frozenset({*Field, "after", "before"})
_WHOLE = frozenset({Field.DOI, Field.ID})
_BEFORE_DOI = re.compile(r"^(?:(?:https?://)?(?:(?:dx|www)\.)?doi\.org/|doi:|\s)+")
_TYPES = {"journal": "article", "article": "article", "preprint": "preprint"}
_AGE = re.compile(r"([0-9]{1,5})([dwmy])")
_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_MAX_DAYS = 200 * 365
_MAX_MENDS = 10
