"""What is known of the sources: cursors, health, and the baselines of the topics."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from bot.model import PaperId, Topic
from bot.ports import SourceState
from storage.database import Database
from storage.rows import moment, to_moment


class SqliteSourceStates:
    """See bot.ports.SourceStates."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def state(self, source: str) -> SourceState:
        """What is known of one source."""
        rows = await self._database.read(
            "SELECT cursor, last_success, last_failure, error, not_before FROM sources WHERE name = ?", (source,)
        )
        if not rows:
            return SourceState(source)
        cursor, last_success, last_failure, error, not_before = rows[0]
        return SourceState(
            source, cursor, to_moment(last_success), to_moment(last_failure), error, to_moment(not_before)
        )

    async def advance(self, source: str, cursor: str) -> None:
        """Move the cursor, together with the data it stands behind."""
        await self._set(source, "cursor = ?", cursor)

    async def succeeded(self, source: str, now: datetime) -> None:
        """Note a complete round."""
        await self._set(source, "last_success = ?, error = NULL, not_before = NULL", moment(now))

    async def failed(self, source: str, error: str, now: datetime, not_before: datetime | None) -> None:
        """Note a failed round, and when to come back at the earliest if the server said so."""
        await self._set(
            source,
            "last_failure = ?, error = ?, not_before = ?",
            moment(now),
            error,
            moment(not_before) if not_before else None,
        )

    async def baselines(self, source: str) -> set[int]:
        """The topics whose baseline from this source is complete."""
        rows = await self._database.read("SELECT topic_id FROM baselines WHERE source = ?", (source,))
        return {topic for (topic,) in rows}

    async def baseline_done(self, topic: Topic, source: str, now: datetime) -> None:
        """Note that everything of the topic's first 30 days is archived."""
        await self._database.write("INSERT OR REPLACE INTO baselines VALUES (?, ?, ?)", (topic.id, source, moment(now)))

    async def add_baseline(self, marks: Sequence[tuple[int, PaperId]]) -> None:
        """Note papers that must never be announced for a topic."""
        await self._database.write_many(
            "INSERT OR IGNORE INTO baseline_papers (topic_id, paper_id) VALUES (?, ?)", marks
        )

    async def baseline_marks(self, papers: Sequence[PaperId]) -> set[tuple[int, PaperId]]:
        """The (topic, paper) pairs among these papers that are baseline."""
        rows = await self._database.read(
            "SELECT topic_id, paper_id FROM baseline_papers WHERE paper_id IN (SELECT value FROM json_each(?))",
            (json.dumps(papers),),
        )
        return {(topic, paper) for topic, paper in rows}

    async def _set(self, source: str, assignments: str, *values: str | None) -> None:
        async with self._database.transaction():
            await self._database.write("INSERT OR IGNORE INTO sources (name) VALUES (?)", (source,))
            await self._database.write(f"UPDATE sources SET {assignments} WHERE name = ?", (*values, source))
