"""Shows a person where a query is wrong (pure)."""

from __future__ import annotations

import unicodedata

from bot.errors import QueryError
from bot.query.lexer import on_one_line


def caret(mistake: QueryError, width: int = 72) -> str:
    """The query on one line, cut to about ``width`` characters around the mistake, and a ^ under it on the next."""
    start = max(0, min(mistake.column - width // 2, len(mistake.query) - width))
    before = ("…" if start else "") + on_one_line(mistake.query[start : mistake.column])
    after = on_one_line(mistake.query[mistake.column : start + width])
    more = "…" if start + width < len(mistake.query) else ""
    return f"{before}{after}{more}".rstrip() + "\n" + " " * sum(map(_columns, before)) + "^"


def _columns(char: str) -> int:
    """How many columns a character takes in a fixed-width font."""
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
