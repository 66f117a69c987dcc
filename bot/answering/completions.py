"""What can come next while somebody types."""

from __future__ import annotations

from bot.answering.desk import Desk
from bot.commands import Known, Suggestion, complete, names_paper
from bot.conversation import Asker
from bot.library import starter_topics
from bot.wording import title

_MOST_LINES = 10
_MOST_SAVED = 15


class Completions:
    """Completes commands with the names known where they are typed."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def complete(self, text: str, cursor: int, asker: Asker) -> list[Suggestion]:
        """Give what may stand before the cursor."""
        topics = self._desk.storage.topics
        known = Known(
            topics=tuple(topic.name for topic in await topics.of_channel(asker.channel)),
            alerts=tuple(topic.name for topic in await topics.of_channel(asker.member.direct)),
            starters=tuple(topic.name for topic in starter_topics()),
            sources=tuple(self._desk.sources),
            papers=await self._papers(asker) if names_paper(text) else (),
        )
        return complete(text, cursor, known)

    async def _papers(self, asker: Asker) -> list[tuple[str, str]]:
        """The first papers of the list that the asker saw last here, then those on their reading list."""
        storage, now = self._desk.storage, self._desk.clock()
        lines = range(1, _MOST_LINES + 1)
        seen = [await storage.searches.paper_on_line(asker.channel, asker.user, line, now) for line in lines]
        saved = await storage.people.saved(asker.member)
        ids = dict.fromkeys([*filter(None, seen), *saved[:_MOST_SAVED]])
        papers = await storage.archive.papers(list(ids))
        return [(f"P{paper.id}", title(paper)) for paper in papers]
