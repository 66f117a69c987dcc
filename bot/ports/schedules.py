"""When channels are posted to, and how far they got."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.model import Announcement, ChannelRef, DeliveryKind


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a channel got with its posts, or its recaps: ``rule`` is the schedule with the zone that holds ``since``
    then; ``last_day`` is the latest local date used as a slot, ``last_end`` the moment of that slot."""

    rule: str
    since: datetime
    last_day: date | None = None
    last_end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """When a channel wants its posts (``schedule``, see bot.schedule.parse_rule) and its recaps ("" for none), and how
    far it got with each, None if nobody has looked yet."""

    channel: ChannelRef
    schedule: str
    zone: str
    recap: str = ""
    snoozed_until: datetime | None = None
    managed: bool = False
    posts: Progress | None = None
    recaps: Progress | None = None


class Schedules(Protocol):
    """Schedules, and the slots that were used. Kinds are DIGEST and RECAP."""

    async def plans(self) -> list[Plan]:
        """Those of all channels that have slots of some kind."""

    async def plan(self, channel: ChannelRef) -> Plan | None:
        """That of one channel; None if the bot does not post there."""

    async def set_schedule(self, channel: ChannelRef, schedule: str, zone: str) -> None: ...

    async def set_recap(self, channel: ChannelRef, recap: str) -> None: ...

    async def snooze(self, channel: ChannelRef, until: datetime) -> None:
        """Nothing is posted until then, and the first slot from then on catches up."""

    async def begin(self, rules: Iterable[tuple[ChannelRef, DeliveryKind, str]], now: datetime) -> None:
        """Note that these rules hold from now on; the days already used stay used."""

    async def use(self, channel: ChannelRef, kind: DeliveryKind, day: date, end: datetime) -> None:
        """Note that the slot of a local date is done, with a message or without."""

    async def shown(self, channel: ChannelRef, begin: datetime, end: datetime) -> list[Announcement]:
        """What was posted in the channel after ``begin`` until ``end``, in order."""
