"""Regular expressions out of word lists that can be read (pure)."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """Take the words of a text."""
    return frozenset(text.split())


def any_of(lines: str) -> str:
    """Join patterns, one a line, into one that matches any of them."""
    return "|".join(filter(None, map(str.strip, lines.splitlines())))
