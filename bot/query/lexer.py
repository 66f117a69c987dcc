"""Cuts a query into pieces for the parser: words, phrases, parentheses and operators, each with its field (pure)."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.errors import QueryError

_UNTYPABLE = re.compile("[\\s\x00-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010ffff]")
_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"'))
_PREFIXED = re.compile(r"([A-Za-z]+):")
_WORD = re.compile(r'[^ ()"]*')
_PHRASE = re.compile(r'"([^"]*)(?:(")(\**))?')
_MINUS = re.compile(r'-(?=[\w("])')
_SHORTEST_MISSPELT = 4
_NO_VALUE = re.compile(r"\)|$| +(?:\)|$|(?:AND|OR|NOT)(?: |$))")


@dataclass(frozen=True, slots=True)
class Piece:
    """``kind`` is one of ( ) AND OR NOT, or "word" for whatever can match. ``start`` and ``end`` count characters."""

    kind: str
    start: int
    end: int
    text: str = ""
    field: str | None = None


def on_one_line(text: str) -> str:
    """Make everything that nobody types into a query a blank; no character changes its place."""
    return _UNTYPABLE.sub(" ", text)


def clean(text: str) -> str:
    """The same, with every quote made a "."""
    return on_one_line(text).translate(_QUOTES)


def without(text: str, start: int, end: int) -> str:
    """The query without one piece."""
    before, after = text[:start].rstrip(), text[end:].lstrip()
    blank = "" if before.endswith("(") or after.startswith(")") else " "
    return f"{before}{blank}{after}".strip()


class Lexer:
    """Iterates over the pieces of a cleaned query. ``whole`` are the fields whose value runs to the next blank.

    Raises QueryError for quotes, parentheses and fields out of place; its suggestion mends that one mistake only.
    """

    def __init__(self, text: str, *, fields: frozenset[str], whole: frozenset[str], max_depth: int) -> None:
        self.text = text
        self.fields = fields
        self.whole = whole
        self.max_depth = max_depth
        self.groups: list[Piece] = []

    def __iter__(self) -> Iterator[Piece]:
        position = 0
        while position < len(self.text):
            if self.text[position] == " ":
                position += 1
                continue
            piece = self._piece(position)
            yield piece
            position = piece.end
        if self.groups:
            raise self._mistake(
                "This parenthesis is never closed.",
                self.groups[-1].end - 1,
                self.text.rstrip() + ")" * len(self.groups),
            )

    def _piece(self, start: int) -> Piece:
        if self.text[start] == ")":
            return self._closing(start)
        if _MINUS.match(self.text, start) and (start == 0 or self.text[start - 1] in " ("):
            return Piece("NOT", start, start + 1)
        field, value = self._field(start)
        if self.text[value] == "(":
            return self._opening(start, value, field)
        if self.text[value] == '"':
            return self._phrase(start, value, field)
        word = self._whole_value(value) if field in self.whole else _word(self.text, value)
        end = value + len(word)
        if start == value and word in {"AND", "OR", "NOT"}:
            return Piece(word, start, end)
        return Piece("word", start, end, word, field)

    def _opening(self, start: int, value: int, field: str | None) -> Piece:
        if len(self.groups) == self.max_depth:
            raise self._mistake(f"Parentheses may be nested {self.max_depth} deep at most.", value)
        group = Piece("(", start, value + 1, field=field)
        self.groups.append(group)
        return group

    def _closing(self, start: int) -> Piece:
        if not self.groups:
            raise self._mistake("This parenthesis was never opened.", start, without(self.text, start, start + 1))
        self.groups.pop()
        return Piece(")", start, start + 1)

    def _phrase(self, start: int, value: int, field: str | None) -> Piece:
        match = _PHRASE.match(self.text, value)
        assert match is not None
        if match[2] is None:
            raise self._mistake("This quote is never closed.", value, self._with_quote_closed(start, match[1]))
        return Piece("word", start, match.end(), match[1].strip() + match[3], field)

    def _with_quote_closed(self, start: int, inner: str) -> str:
        if not inner.strip(" )"):
            return (self.text[:start] + inner).rstrip()
        body = self.text.rstrip()
        closing = min(len(self.groups), len(body) - len(body.rstrip(")")))
        return f'{body[: len(body) - closing].rstrip()}"{")" * closing}'

    def _whole_value(self, start: int) -> str:
        """A DOI or a link: up to the next blank, or to a parenthesis that it did not open."""
        depth = 0
        for position in range(start, len(self.text)):
            char = self.text[position]
            depth += (char == "(") - (char == ")")
            if char in ' "' or depth < 0:
                return self.text[start:position]
        return self.text[start:]

    def _field(self, start: int) -> tuple[str | None, int]:
        """The field that holds at ``start``, and where its value begins."""
        outer = self.groups[-1].field if self.groups else None
        match = None if outer in self.whole else _PREFIXED.match(self.text, start)
        if match is None or not self._is_field(match):
            return outer, start
        name = match[1].lower()
        self._check_value(name, start, match.end())
        inner = None if name in self.whole else _PREFIXED.match(self.text, match.end())
        if outer is not None or (inner and self._is_field(inner)):
            column = inner.start() if outer is None and inner else start
            raise self._mistake("A field cannot stand inside another field.", column)
        return name, match.end()

    def _is_field(self, match: re.Match[str]) -> bool:
        name = match[1].lower()
        if name in self.fields:
            return True
        near = (
            difflib.get_close_matches(name, sorted(self.fields), n=1, cutoff=0.75)
            if len(name) >= _SHORTEST_MISSPELT
            else []
        )
        if near and not self.text.startswith("//", match.end()):
            fixed = f"{self.text[: match.start()]}{near[0]}{self.text[match.end() - 1 :]}"
            raise self._mistake(f"There is no field {match[1]}: — did you mean {near[0]}:?", match.start(), fixed)
        return False

    def _check_value(self, name: str, start: int, value: int) -> None:
        before, rest = self.text[:start], self.text[value:]
        if _NO_VALUE.match(rest):
            raise self._mistake(f"{name}: needs a value, as in {name}:word.", start, without(self.text, start, value))
        if rest.startswith(" "):
            fixed = f"{before}{name}:{rest.lstrip()}"
            raise self._mistake(f"The value must follow {name}: without a blank.", value, fixed)
        if _MINUS.match(rest) and name not in self.whole:
            negated = None if before.endswith("-") else f"{before}-{name}:{rest[1:]}"
            raise self._mistake(f"A minus belongs before {name}:, not after it.", value, negated)

    def _mistake(self, message: str, column: int, suggestion: str | None = None) -> QueryError:
        return QueryError(message, query=self.text, column=column, suggestion=suggestion)


def _word(text: str, start: int) -> str:
    match = _WORD.match(text, start)
    return match[0] if match else ""
