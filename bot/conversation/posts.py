"""What is posted to a channel (pure data)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.model import DeliveryKind, Note, Paper
from bot.wording import counted, weekday_day

_WEEK = 7


@dataclass(frozen=True, slots=True)
class AnnouncedPaper:
    """A paper as a channel hears of it: the topics that matched and why now."""

    paper: Paper
    topics: tuple[str, ...]
    note: Note = Note.NONE


@dataclass(frozen=True, slots=True)
class Post:
    """What is posted to a channel: one announcement, a digest, or a recap of the last ``days``. ``total`` counts all
    its papers, also those beyond the listed ``papers``, and has their ``marks``, after that of its slot; ``topics`` are
    names with counts; ``list_key`` opens them all. ``label`` says what a catch-up covers; ``older`` of its papers are
    only counted, for they have waited too long; ``footer`` are lines about what is exceptional."""

    kind: DeliveryKind
    papers: tuple[AnnouncedPaper, ...]
    day: date
    total: int
    topics: tuple[tuple[str, int], ...]
    list_key: str | None = None
    marks: tuple[str, ...] = ()
    label: str = ""
    older: int = 0
    days: int = 0
    footer: tuple[str, ...] = ()

    @property
    def headline(self) -> str:
        """Return ``12 new papers · Fri 21 Nov``, ``41 papers this week, all posted earlier``."""
        if self.kind is DeliveryKind.RECAP:
            period = "this week" if self.days == _WEEK else f"in {counted(self.days, 'day')}"
            return f"{counted(self.total, 'paper')} {period}, all posted earlier"
        amount = counted(self.total, "new paper") if self.total else "No new papers"
        return " · ".join(filter(None, (amount, weekday_day(self.day), self.label)))

    @property
    def more(self) -> int:
        """How many papers are not listed."""
        return self.total - len(self.papers)
