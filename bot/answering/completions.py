"""What can come next while somebody types."""

from __future__ import annotations

from bot.answering.desk import Desk
from bot.commands import Known, Suggestion, complete
from bot.conversation import Asker
from bot.library import starter_topics


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
        )
        return complete(text, cursor, known)
