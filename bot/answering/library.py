"""The starter library in the chat."""

from __future__ import annotations

import difflib
from collections.abc import Awaitable, Callable, Iterable

from bot.answering.desk import Desk, Handlers
from bot.conversation import AddTopic, Asker, CopyStarter, Reply, ShowLibrary, StarterLibrary, StarterLine
from bot.errors import NotFound
from bot.library import StarterTopic, starter_topics
from bot.model import ChannelRef
from bot.previewing import PREVIEW_DAYS
from bot.query import And, Dated, Query


class Library:
    """Topics to copy; ``add`` follows one."""

    def __init__(self, desk: Desk, add: Callable[[AddTopic, Asker], Awaitable[Reply]]) -> None:
        self._desk = desk
        self._add = add
        self.handlers: Handlers = {ShowLibrary: self._show, CopyStarter: self._copy}

    async def _show(self, command: ShowLibrary, asker: Asker) -> Reply:
        chosen = (_named(command.name),) if command.name else starter_topics()
        return StarterLibrary(await starter_lines(self._desk, chosen, asker.channel))

    async def _copy(self, command: CopyStarter, asker: Asker) -> Reply:
        starter = _named(command.name)
        return await self._add(AddTopic(starter.name, str(starter.query)), asker)


async def starter_lines(desk: Desk, starters: Iterable[StarterTopic], channel: ChannelRef) -> tuple[StarterLine, ...]:
    """The starters as they stand in a channel, with what the archive holds for them."""
    followed = {topic.name.casefold() for topic in await desk.storage.topics.of_channel(channel)}
    lines = []
    for one in starters:
        recent = Query(And((one.query.root, Dated(after=True, days=PREVIEW_DAYS))))
        count, _ = await desk.storage.searches.newest(recent, 0, desk.clock())
        has = one.name.casefold() in followed
        lines.append(StarterLine(one.name, one.title, one.field, one.purpose, str(one.query), count, has))
    return tuple(lines)


def _named(name: str) -> StarterTopic:
    """The starter topic of that name or title; raises NotFound."""
    known = {word.casefold(): one for one in starter_topics() for word in (one.name, one.title)}
    if one := known.get(name.casefold()):
        return one
    near = difflib.get_close_matches(name.casefold(), known, n=1)
    hint = f"Did you mean “{known[near[0]].name}”?" if near else "“topic library” lists them."
    raise NotFound(f"The library has no topic “{name[:80]}”. {hint}")
