"""The reading list of a person, and what they say of papers."""

from __future__ import annotations

from bot.answering.desk import Desk, Handlers
from bot.answering.lists import Lists
from bot.conversation import Asker, Notice, React, Reacted, Reply, Save, ShowSaved, Unsave
from bot.ports import Reaction
from bot.wording import counted


class Saved:
    """Papers that somebody keeps or judges; nobody else sees it."""

    def __init__(self, desk: Desk, lists: Lists) -> None:
        self._desk = desk
        self._people = desk.storage.people
        self._lists = lists
        self.handlers: Handlers = {
            Save: self._save,
            Unsave: self._unsave,
            ShowSaved: self._show,
            React: self._react,
        }

    async def _save(self, command: Save, asker: Asker) -> Reply:
        paper = await self._desk.paper(command.id, asker)
        new = await self._people.save(asker.member, paper.id, self._desk.clock())
        number = len(await self._people.saved(asker.member))
        done = f"P{paper.id} is on your reading list" + (" now." if new else " already.")
        return Notice(f"{done} It holds {counted(number, 'paper')}.", ("saved", f"unsave P{paper.id}"))

    async def _unsave(self, command: Unsave, asker: Asker) -> Reply:
        paper = await self._desk.paper(command.id, asker)
        if await self._people.unsave(asker.member, paper.id):
            return Notice(f"P{paper.id} is off your reading list.", (f"save P{paper.id}", "saved"))
        return Notice(f"P{paper.id} was not on your reading list.", ("saved",))

    async def _show(self, _: ShowSaved, asker: Asker) -> Reply:
        papers = await self._people.saved(asker.member)
        if not papers:
            return Notice("Your reading list is empty. Open a paper and choose Save.", ("latest",))
        now = self._desk.clock()
        key = await self._desk.storage.searches.store_list("Your reading list, last saved first", papers, now)
        return await self._lists.result_page(await self._desk.storage.searches.turn(key, 1, now), asker)

    async def _react(self, command: React, asker: Asker) -> Reply:
        reaction = Reaction(asker.channel, command.message, asker.user, command.reaction, command.paper)
        if command.added:
            await self._people.react(reaction, self._desk.clock())
        else:
            await self._people.unreact(reaction)
        return Reacted(command)
