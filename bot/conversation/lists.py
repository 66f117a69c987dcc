"""Lists of papers: what is asked and what is answered (pure data)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation.asking import PageRequest, Sort
from bot.model import Paper
from bot.query import Field

Filter = tuple[Field, str | None]
"""What a field must hold, as a query writes it; None takes the filter of that field away."""

FILTERED = (Field.SOURCE, Field.TYPE)
"""What a list of papers can be filtered by."""


@dataclass(frozen=True, slots=True)
class Search:
    query: str
    request: PageRequest = PageRequest()  # noqa: RUF009 - it is frozen


@dataclass(frozen=True, slots=True)
class Latest:
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class TurnPage:
    """Go to a page of a stored search (pages out of range mean the nearest)."""

    key: str
    page: int


@dataclass(frozen=True, slots=True)
class Rearrange:
    """Run a stored search again with another order, page size, ``filters``, or anew (``refresh``)."""

    key: str
    sort: Sort | None = None
    per_page: int | None = None
    filters: tuple[Filter, ...] = ()


@dataclass(frozen=True, slots=True)
class ResultPage:
    """One page of a stored search, or of a fixed list (``sort`` None). ``key`` is "" if it could not be stored.
    ``first_line`` is the number of its first paper in the whole list; ``title`` says what the list is;
    ``empty_hint`` says what the archive holds when nothing was found; ``shareable``: there is a channel to share it
    with. ``filters`` are those that its query has, ``sources`` what it can be filtered by. ``query`` is what a person
    searched for, "" if it is another list."""

    title: str
    key: str
    sort: Sort | None
    page: int
    pages: int
    per_page: int
    total: int
    newer: int
    first_line: int
    papers: tuple[Paper, ...]
    ranked: int | None = None
    ignored: tuple[str, ...] = ()
    empty_hint: str = ""
    shareable: bool = False
    filters: tuple[Filter, ...] = ()
    sources: tuple[str, ...] = ()
    query: str = ""
