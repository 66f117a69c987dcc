"""What a channel does not want to hear of."""

from __future__ import annotations

from datetime import timedelta

from bot.answering.desk import Desk, Handlers
from bot.conversation import AddMute, Asker, ListMutes, MuteAdded, MuteLine, MuteList, Notice, RemoveMute, Reply
from bot.errors import Refused
from bot.muting import MUTE_DAYS, hit, keep_back
from bot.query.tokens import tokens


class Mutes:
    """Mutes and what they keep back."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._mutes = desk.storage.mutes
        self.handlers: Handlers = {AddMute: self._add, RemoveMute: self._remove, ListMutes: self._list}

    async def _add(self, command: AddMute, asker: Asker) -> Reply:
        await self._desk.require_admin(asker)
        mute, storage, now = command.mute, self._desk.storage, self._desk.clock()
        if not tokens(mute.text):
            raise Refused(f"“{mute.text}” has no letter or digit to look for.")
        await self._desk.open_direct(asker)
        async with storage.transaction():
            await self._mutes.add(mute, asker.channel, now)
            waiting = await storage.outbox.waiting(asker.channel)
            papers = await storage.archive.papers([announcement.paper_id for announcement in waiting])
            left = await keep_back(waiting, papers, storage, now)
        posted = await storage.archive.papers(await self._mutes.posted(asker.channel, now - timedelta(days=MUTE_DAYS)))
        removed = await hit(posted, [mute], storage, now)
        return MuteAdded(mute, MUTE_DAYS, len(removed), len(posted), len(waiting) - len(left))

    async def _remove(self, command: RemoveMute, asker: Asker) -> Reply:
        await self._desk.require_admin(asker)
        mute = await self._mutes.remove(command.mute, asker.channel)
        return Notice(
            f"No longer muted: {mute}. What comes from now on is posted; what was kept back is not, but can be found.",
            (f"search {mute.query}", f"mute {mute.kind} {mute.text}"),
        )

    async def _list(self, _: ListMutes, asker: Asker) -> Reply:
        since = self._desk.clock() - timedelta(days=MUTE_DAYS)
        kept_back = await self._mutes.kept_back(asker.channel, since)
        mutes = await self._mutes.of_channel(asker.channel)
        return MuteList(tuple(MuteLine(mute, kept_back.get(mute, 0)) for mute in mutes))
