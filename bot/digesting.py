"""What goes into a channel's next post, and under which key (pure)."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.conversation import AnnouncedPaper, Post
from bot.identity import paper_marks
from bot.model import Announcement, ChannelRef, DeliveryKey, DeliveryKind, Note, Paper, PaperId
from bot.ports import Plan
from bot.schedule import Due
from bot.timetables import is_snoozed, rule_of

MOST_SINGLE_POSTS = 5
"""More papers than these that wait for no slot become one digest."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Batch:
    """A channel's next message: what it announces, or in a recap shows again. ``slot`` names it among those of its
    kind, ``day`` is the local date it bears. ``due`` is the slot of a schedule, None if it waited for none; what is
    ``old`` in it is counted, not listed; ``begin`` is what a recap goes back to."""

    channel: ChannelRef
    kind: DeliveryKind
    slot: str
    day: date
    announcements: Sequence[Announcement]
    due: Due | None = None
    old: Collection[PaperId] = frozenset()
    begin: datetime | None = None

    @property
    def announces(self) -> Sequence[Announcement]:
        """What is announced by it."""
        return () if self.kind is DeliveryKind.RECAP else self.announcements


def next_batch(waiting: Sequence[Announcement], plan: Plan, now: datetime) -> Batch | None:
    """What is posted without waiting for a slot, None if there is nothing: the oldest one, or all of them if too many
    wait. In a channel with slots or a snooze it is only what a person asked for."""
    if rule_of(plan, DeliveryKind.DIGEST) or is_snoozed(plan, now):
        waiting = [announcement for announcement in waiting if announcement.note is Note.TO_START]
    if not waiting:
        return None
    day = now.astimezone(ZoneInfo(plan.zone)).date()
    if len(waiting) > MOST_SINGLE_POSTS:
        return Batch(plan.channel, DeliveryKind.DIGEST, now.isoformat(timespec="milliseconds"), day, waiting)
    return Batch(plan.channel, DeliveryKind.ANNOUNCEMENT, f"P{waiting[0].paper_id}", day, waiting[:1])


def slot_batch(
    plan: Plan,
    kind: DeliveryKind,
    due: Due,
    announcements: Sequence[Announcement],
    *,
    old: Collection[PaperId] = frozenset(),
    begin: datetime | None = None,
) -> Batch:
    """What is posted in a slot."""
    return Batch(plan.channel, kind, due.day.isoformat(), due.day, announcements, due, old, begin)


def delivery_key(install: str, channel: ChannelRef, kind: DeliveryKind, slot: str, part: int) -> DeliveryKey:
    """The key of one message: the same for every attempt at it, on this installation only. A message that was made anew
    has its generation in its slot, see ``next_generation``."""
    slot, _, generation = slot.partition("#")
    place = (channel.platform, channel.workspace, channel.id)
    name = "|".join((install, *place, kind, slot, str(part), generation or "0"))
    return DeliveryKey(base64.b32encode(hashlib.blake2b(name.encode(), digest_size=15).digest()).decode().lower())


def next_generation(slot: str) -> str:
    """The slot of a message made anew in place of one that nobody can vouch for: ``P12``, ``P12#1``, ``P12#2``."""
    slot, _, generation = slot.partition("#")
    return f"{slot}#{int(generation or 0) + 1}"


def slot_mark(batch: Batch) -> str:
    """What a message tells machines of the slot it was made for, in 8 characters, as of each of its papers."""
    name = f"{batch.kind}:{batch.slot}".encode()
    return base64.b32encode(hashlib.blake2b(name, digest_size=5).digest()).decode().lower()


def compose_post(batch: Batch, papers: Mapping[PaperId, Paper]) -> Post:
    """One announcement, or a digest or recap with all its papers: those that match most topics first, then the newest,
    and last those that are only counted."""
    announced = [AnnouncedPaper(papers[a.paper_id], a.topics, a.note) for a in batch.announcements]
    announced.sort(
        key=lambda one: (one.paper.id not in batch.old, len(one.topics), one.paper.date, one.paper.id), reverse=True
    )
    counts = Counter(topic for one in announced for topic in one.topics)
    announces = batch.kind is not DeliveryKind.RECAP
    marks = [slot_mark(batch)] if batch.due else []
    marks += [mark for one in announced if announces for mark in sorted(paper_marks(one.paper))]
    return Post(
        kind=batch.kind,
        papers=tuple(announced),
        day=batch.day,
        total=len(announced),
        topics=tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0]))),
        marks=tuple(dict.fromkeys(marks)),
        label=batch.due.label if batch.due and announces else "",
        older=len(batch.old),
        days=round((batch.due.end - batch.begin) / _DAY) if batch.due and batch.begin else 0,
    )
