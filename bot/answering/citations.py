"""Citations: of one paper as text, of a list as a file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from bot.answering.desk import Desk, Handlers
from bot.citing import citation, file_name
from bot.conversation import MOST_CITED, Asker, CitationFile, CitationText, Cite, CiteList, Reply
from bot.model import Paper
from bot.ports import SearchPage

_AT_ONCE = 50
"""Papers written before others get their turn; RIS takes about a millisecond for each."""


class Citations:
    """Cites papers."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.handlers: Handlers = {Cite: self._cite, CiteList: self._cite_list}

    async def _cite(self, command: Cite, asker: Asker) -> Reply:
        paper = await self._desk.paper(command.id, asker)
        writer = self._desk.citations(command.form)
        return CitationText(paper, command.form, writer.add(paper) + writer.end())

    async def _cite_list(self, command: CiteList, _: Asker) -> Reply:
        found = await self._desk.storage.searches.turn(command.key, command.page or 1, self._desk.clock())
        count, total = _extent(command, found)
        key = citation(found.papers[0]).key if count == 1 and found.papers else ""
        return CitationFile(command, file_name(count, key, command.form), count, total)

    async def write(self, request: CiteList) -> AsyncIterator[str]:
        """The text of the file, in pieces. Raises NotFound if the list is no longer kept."""
        writer = self._desk.citations(request.form)
        number = 0
        async for paper in self._papers(request):
            yield writer.add(paper)
            number += 1
            if number == MOST_CITED:
                break
            if number % _AT_ONCE == 0:
                await asyncio.sleep(0)
        yield writer.end()

    async def _papers(self, request: CiteList) -> AsyncIterator[Paper]:
        searches, now = self._desk.storage.searches, self._desk.clock()
        if request.page is None:
            async for paper in searches.listed(request.key, now):
                yield paper
        else:
            for paper in (await searches.turn(request.key, request.page, now)).papers:
                yield paper


def _extent(command: CiteList, found: SearchPage) -> tuple[int, int]:
    """How many papers the file has, and of how many."""
    if command.page is not None:
        return len(found.papers), found.total
    return min(found.total, MOST_CITED), found.total
