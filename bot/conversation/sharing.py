"""What a person shares with a channel: what is asked and what is answered (pure data)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.model import Paper


@dataclass(frozen=True, slots=True)
class SharePaper:
    """Post a paper in the channel. ``after`` is the id of the message that shows it there already, if it is to be
    posted once more nevertheless."""

    id: str
    comment: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class ShareList:
    """Post a page of a stored search or list in the channel."""

    key: str
    page: int
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Shared:
    """What a person shares, for everybody in the channel to see: a paper, or the first papers of a list of ``total``
    with that ``title``; ``list_key`` opens the list. ``by`` is the platform's id of the person."""

    by: str
    comment: str
    papers: tuple[Paper, ...]
    day: date
    total: int = 1
    title: str = ""
    list_key: str | None = None


@dataclass(frozen=True, slots=True)
class AlreadyHere:
    """The paper to be shared stands in the channel: in which message, and since when."""

    paper: Paper
    message_id: str
    since: date
    comment: str
