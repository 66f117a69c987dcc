"""Counts, and the line above a page of results (pure)."""

from __future__ import annotations

_ORDERS = {"newest": "newest first", "oldest": "oldest first", "relevance": "best matches first"}


def counted(number: int, thing: str, things: str | None = None) -> str:
    """Return ``1 paper`` or ``1,774 papers``."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


def result_line(page: int, pages: int, total: int, order: str | None) -> str:
    """Return ``Page 3 of 178 · 1,774 results · newest first``; ``order`` is newest, oldest, relevance or None."""
    if not total:
        return "No results"
    parts = (f"Page {page:,} of {pages:,}", counted(total, "result"), _ORDERS.get(order or ""))
    return " · ".join(filter(None, parts))
