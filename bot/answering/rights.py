"""Who may administer a channel, and the greeting where the bot is invited."""

from __future__ import annotations

from bot.answering.desk import Desk, Handlers
from bot.answering.library import starter_lines
from bot.conversation import AddManager, Asker, Greeting, ListManagers, ManagerList, RemoveManager, Reply
from bot.errors import Refused
from bot.library import starter_topics
from bot.model import Channel
from bot.wording import person

_GREETED_WITH = 5


class Rights:
    """Managers, and their first one."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._managers = desk.storage.managers
        self.handlers: Handlers = {ListManagers: self._list, AddManager: self._add, RemoveManager: self._remove}

    async def greet(self, channel: Channel, by: str | None, *, guest: bool) -> Greeting | None:
        """Make the inviter a manager, unless it is a guest, and give the greeting if there was none yet. Where nobody
        is known to have invited the bot, it introduces itself only if nothing is followed."""
        storage = self._desk.storage
        async with storage.transaction():
            if await storage.topics.channel(channel.ref) is None:
                await storage.topics.put_channel(channel)
            manager = by if by is not None and not guest else None
            if manager is not None:
                await self._managers.add(manager, channel.ref, self._desk.clock())
            followed = tuple(topic.name for topic in await storage.topics.of_channel(channel.ref))
            first = (by is not None or not followed) and await self._managers.greet(channel.ref)
        if not first:
            return None
        fields = {one.field: one for one in reversed(starter_topics())}  # the first topic of each field
        starters = list(reversed(fields.values()))[:_GREETED_WITH]
        return Greeting(manager, await starter_lines(self._desk, starters, channel.ref), followed)

    async def _list(self, _: ListManagers, asker: Asker) -> Reply:
        return await self._page(asker)

    async def _add(self, command: AddManager, asker: Asker) -> Reply:
        await self._desk.require_admin(asker)
        added = await self._managers.add(command.user, asker.channel, self._desk.clock())
        done = "may administer" if added else "is a manager of"
        return await self._page(asker, f"{person(command.user)} {done} this channel")

    async def _remove(self, command: RemoveManager, asker: Asker) -> Reply:
        await self._desk.require_admin(asker)
        async with self._desk.storage.transaction():
            managers = await self._managers.of_channel(asker.channel)
            if managers == [command.user] and not asker.admin:
                last = person(command.user)
                raise Refused(f"{last} is the last manager here; only an admin can do that.")
            removed = await self._managers.remove(command.user, asker.channel)
        done = "is no manager any more" if removed else "was no manager"
        return await self._page(asker, f"{person(command.user)} {done}")

    async def _page(self, asker: Asker, changed: str = "") -> ManagerList:
        return ManagerList(tuple(await self._managers.of_channel(asker.channel)), changed)
