"""What is made of a search written for a source (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.query import Query


class Effect(StrEnum):
    """What a topic finds, compared with the search it was read from."""

    BROADER = "broader"
    NARROWER = "narrower"


@dataclass(frozen=True, slots=True)
class Loss:
    """What could not be translated exactly: ``text`` names it, ``effect`` says how this changes what is found."""

    text: str
    reason: str
    effect: Effect


@dataclass(frozen=True, slots=True)
class Translation:
    """A foreign search in our language. ``query`` is None if nothing can be made of it; ``problem`` then says why and
    what helps. ``asked`` is the search as its ``source`` itself can be asked, "" where that is not known. ``feed`` is
    the address of a feed whose title may be the search, where the link itself does not tell."""

    source: str
    form: str
    query: Query | None
    read: tuple[str, ...] = ()
    losses: tuple[Loss, ...] = ()
    asked: str = ""
    problem: str = ""
    feed: str = ""


def named(texts: list[str], most: int = 3) -> str:
    """The first few of these, each once, and how many more there are."""
    unique = list(dict.fromkeys(texts))
    more = f" and {len(unique) - most} more" if len(unique) > most else ""
    return ", ".join(unique[:most]) + more
