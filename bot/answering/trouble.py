"""Settling what only a person can settle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.answering.desk import Desk, Handlers
from bot.conversation import Asker, Notice, Reply, Resend, Skip
from bot.digesting import Batch, compose_post, delivery_key, next_generation
from bot.errors import NotFound, Refused
from bot.model import Announcement, Delivery, DeliveryKind
from bot.stuck import StuckLine
from bot.wording import counted, person, visible

_LISTED = 10


class Trouble:
    """A person has looked whether the message is there. Two who settle the same delivery have one effect."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._troubles = desk.storage.troubles
        self.handlers: Handlers = {Resend: self._resend, Skip: self._skip}

    async def _resend(self, command: Resend, asker: Asker) -> Reply:
        line = await self._stuck(command.key, asker)
        if not line.resendable:
            raise Refused(f"Only announcements and digests can be sent anew, and this is {line.what}. You can skip it.")
        now = self._desk.clock()
        announced = await self._troubles.announcements(line.key)
        if not (anew := await self._compose(line, announced, now)):
            raise Refused("Its papers changed just now. Nothing was done; try again.")
        if not await self._troubles.resend(line, anew, asker.user, now):
            raise await self._settled_meanwhile(line)
        self._desk.wake()
        return Notice(
            f"{_name(line)} is posted again in {line.channel.name}, as {anew.key[:8]}. If the first message turns up "
            "after all, delete one of the two.",
            ("status",),
        )

    async def _skip(self, command: Skip, asker: Asker) -> Reply:
        line = await self._stuck(command.key, asker)
        if not await self._troubles.skip(line, asker.user, self._desk.clock()):
            raise await self._settled_meanwhile(line)
        self._desk.wake()
        papers = (
            f" Its {counted(line.papers, 'paper')} {'counts' if line.papers == 1 else 'count'} as posted there."
            if line.papers
            else ""
        )
        return Notice(f"{_name(line)} is not posted in {line.channel.name}.{papers}", ("status",))

    async def _stuck(self, prefix: str, asker: Asker) -> StuckLine:
        """The one delivery that is meant, if the asker may settle it and nobody has."""
        await self._desk.require_admin(asker)
        found = [line for line in await self._troubles.named(prefix) if await self._may_settle(line, asker)]
        if not found:
            raise NotFound(f"There is no delivery {prefix} that you may settle. See what waits here: status.")
        if len(found) > 1:
            raise NotFound(f"Several deliveries begin with {prefix}. Give more of the key.")
        if not found[0].is_stuck:
            raise _settled(found[0])
        return found[0]

    async def _may_settle(self, line: StuckLine, asker: Asker) -> bool:
        """What the platform says of a person's rights holds where they ask; elsewhere only managers may."""
        ref = line.channel.ref
        if (ref.platform, ref.workspace) != (asker.channel.platform, asker.channel.workspace):
            return False
        if ref == asker.channel:
            return True
        try:
            await self._desk.require_admin(replace(asker, channel=ref, admin=False))
        except Refused:
            return False
        return True

    async def _compose(self, line: StuckLine, announced: Sequence[Announcement], now: datetime) -> Delivery | None:
        """The same papers as a new message, with a key of its own."""
        ids = [one.paper_id for one in announced]
        storage, channel = self._desk.storage, line.channel
        papers = {paper.id: paper for paper in await storage.archive.papers(ids)}
        if not ids or not papers.keys() >= set(ids):
            return None
        slot = next_generation(line.slot)
        key = delivery_key(await storage.outbox.install_id(), channel.ref, line.kind, slot, 1)
        day = now.astimezone(ZoneInfo(channel.zone)).date()
        post = compose_post(Batch(channel.ref, line.kind, slot, day, announced), papers)
        if line.kind is DeliveryKind.DIGEST:
            ordered = [one.paper.id for one in post.papers]
            list_key = await storage.searches.store_list(post.headline, ordered, now)
            post = replace(post, papers=post.papers[:_LISTED], list_key=list_key)
        return Delivery(key, channel.ref, line.kind, slot, 1, self._desk.render(channel.ref, post, key))

    async def _settled_meanwhile(self, line: StuckLine) -> Refused:
        [now] = await self._troubles.named(line.key)
        return _settled(now)


def _name(line: StuckLine) -> str:
    return f"Delivery {line.short} ({line.what})"


def _settled(line: StuckLine) -> Refused:
    by = f" by {person(line.settled_by)}" if line.settled_by else ""
    how = "it was skipped" if line.settled_by else f"it is {line.state}"
    if line.error:
        how = f"it was {visible(line.error)}"
    return Refused(f"{_name(line)} needs nobody: {how}{by}. Nothing was done.")
