"""The daily ledger's store: what polling found, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.model import ChannelRef, DeliveryState, PaperId
from bot.reports import LedgerLine


@dataclass(frozen=True, slots=True)
class Found:
    """A page of polling made a paper new or changed; ``matched_before`` are the ids of the topics that it matched
    before that, and matches still. A paper that was merged into another stands for that one, found when the first of
    the two was."""

    paper: PaperId
    source: str
    at: datetime
    matched_before: frozenset[int]


class Ledger(Protocol):
    """What polling found, and what became of it according to the last check of each day."""

    async def note(self, finds: Sequence[Found], now: datetime) -> None:
        """Keep what a page of polling found, and who follows what at that moment; in the page's transaction."""

    async def unchecked(self, before: date) -> list[date]:
        """The days before this one with finds that were never checked, the oldest first."""

    async def finds(self, day: date) -> list[Found]:
        """What was found on a day (UTC)."""

    async def finds_of(self, paper: PaperId) -> list[Found]:
        """When this paper was found, as far as that is kept."""

    async def watched(self) -> dict[tuple[str, int], dict[ChannelRef, datetime]]:
        """By source and topic id: the channels where what this source brings for this topic is announced, and since
        when: the channel follows it, and the first fetch for what it asks now is complete."""

    async def announced(self, papers: Sequence[PaperId]) -> dict[PaperId, dict[ChannelRef, DeliveryState | None]]:
        """Where the papers' announcements stand (None: in no delivery yet); papers without any are left out."""

    async def keep(self, lines: Sequence[LedgerLine], now: datetime) -> None:
        """Keep the results of a check, in place of earlier ones of that day and source."""

    async def lines(self) -> list[LedgerLine]:
        """The result of each source's last day, and of every day that papers are missing from."""
