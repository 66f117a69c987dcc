"""What is posted to a channel (pure data)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.model import DeliveryKind, Note, Paper


@dataclass(frozen=True, slots=True)
class AnnouncedPaper:
    """A paper as a channel hears of it: the topics that matched and why now."""

    paper: Paper
    topics: tuple[str, ...]
    note: Note = Note.NONE


@dataclass(frozen=True, slots=True)
class Post:
    """What is posted to a channel: one announcement, or a digest. ``total`` counts all its papers, also those beyond
    the listed ``papers``, and has their ``marks``; ``topics`` are names with counts; ``list_key`` opens them all."""

    kind: DeliveryKind
    papers: tuple[AnnouncedPaper, ...]
    day: date
    total: int
    topics: tuple[tuple[str, int], ...]
    list_key: str | None = None
    marks: tuple[str, ...] = ()
