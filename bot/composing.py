"""A channel's next message: chosen, rendered, and frozen with its slot in one commit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.digesting import Batch, compose_post, delivery_key, next_batch, slot_batch
from bot.model import ChannelRef, Delivery, DeliveryKind
from bot.ports import Plan, Platform, Storage
from bot.schedule import Due
from bot.timetables import KINDS, progress_of, rule_of, timetable

Remarks = Callable[[datetime], Awaitable[Sequence[str]]]
"""What a digest says at its foot: only what is exceptional."""


@dataclass(frozen=True, slots=True)
class Composer:
    """Makes messages ready to be sent; a digest or recap lists at most ``longest`` papers."""

    storage: Storage
    platforms: Mapping[str, Platform]
    longest: int
    remarks: Remarks

    async def next(self, channel: ChannelRef, now: datetime) -> Batch | None:
        """What is to be posted now; None if there is nothing. Slots that pass without a message are done with."""
        if not (plan := await self.storage.schedules.plan(channel)):
            return None
        if batch := next_batch(await self.storage.outbox.waiting(channel), plan, now):
            return batch
        for kind in KINDS:
            slots = timetable(plan, kind, now)
            if slots and (due := slots.due(now)):
                batch = await self._for_slot(plan, kind, due)
                if await self._is_posted(plan, batch, due):
                    return batch
                await self.pass_over(batch)
        return None

    async def _for_slot(self, plan: Plan, kind: DeliveryKind, due: Due) -> Batch:
        outbox, channel = self.storage.outbox, plan.channel
        if kind is DeliveryKind.RECAP:
            progress = progress_of(plan, kind)
            begin = progress.last_end if progress and progress.last_end else due.begin
            return slot_batch(plan, kind, due, await self.storage.schedules.shown(channel, begin, due.end), begin=begin)
        old = await outbox.waiting(channel, due.counted_until) if due.counted_until else []
        return slot_batch(plan, kind, due, await outbox.waiting(channel), old=frozenset(one.paper_id for one in old))

    async def _is_posted(self, plan: Plan, batch: Batch, due: Due) -> bool:
        """Whether a slot gets a message. Without new papers it gets none if one may be there from before a restore."""
        if await self.storage.outbox.taken(batch.channel, batch.kind, batch.slot):
            return False
        if batch.announces:
            return True
        restored = await self.storage.restores.last()
        if restored and due.end <= restored:
            return False
        rule = rule_of(plan, batch.kind)
        return bool(batch.announcements) or (rule is not None and rule.even_if_empty)

    async def pass_over(self, batch: Batch) -> None:
        """Let the batch's slot be done without a message."""
        if batch.due:
            await self.storage.schedules.use(batch.channel, batch.kind, batch.due.day, batch.due.end)

    async def compose(self, batch: Batch, now: datetime) -> Delivery | None:
        """The message; None if its papers changed meanwhile (they may be merged), so that it is to be chosen again."""
        ids = [announcement.paper_id for announcement in batch.announcements]
        papers = {paper.id: paper for paper in await self.storage.archive.papers(ids)}
        if not papers.keys() >= set(ids):
            return None
        install = await self.storage.outbox.install_id()
        key = delivery_key(install, batch.channel, batch.kind, batch.slot, 1)
        post = compose_post(batch, papers)
        if batch.kind is not DeliveryKind.ANNOUNCEMENT:
            ordered = [announced.paper.id for announced in post.papers]
            post = replace(
                post,
                papers=post.papers[: min(self.longest, len(ordered) - post.older)],
                list_key=await self.storage.searches.store_list(post.headline, ordered, now) if ordered else None,
                footer=tuple(await self.remarks(now)) if batch.kind is DeliveryKind.DIGEST else (),
            )
        payload = self.platforms[batch.channel.platform].render(post, key)
        announced = tuple(announcement.paper_id for announcement in batch.announces)
        return Delivery(key, batch.channel, batch.kind, batch.slot, 1, payload, paper_ids=announced)

    async def open(self, delivery: Delivery, batch: Batch, now: datetime) -> Delivery | None:
        """Freeze and claim the message, with its slot. None if its papers wait no more."""
        async with self.storage.transaction():
            if opened := await self.storage.outbox.open([delivery], now):
                await self.pass_over(batch)
            return opened

    async def settle(self, delivery: Delivery, batch: Batch) -> bool:
        """Keep a message that is not to be sent as it stands, with its slot. False if its papers wait no more."""
        async with self.storage.transaction():
            if kept := await self.storage.outbox.settle(delivery):
                await self.pass_over(batch)
            return kept
