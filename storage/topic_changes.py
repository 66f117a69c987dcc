"""What was done to topics in chat, and how the last of it is taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.errors import NotFound
from bot.model import ChannelRef
from bot.query import Query, parse
from bot.reports import ChangeKind, TopicChange
from storage.database import Database
from storage.rows import CHANNEL_ID, channel_key, moment

SHOWN = 50
"""How many of the last changes are listed."""

_STATES = {
    ChangeKind.CREATED: "active",
    ChangeKind.PAUSED: "paused",
    ChangeKind.RESUMED: "active",
    ChangeKind.REMOVED: "removed",
}
_NAMED = f"SELECT id, name FROM topics WHERE channel_id = {CHANNEL_ID}"


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done to take a topic's last change back: the change, and what the topic is then."""

    topic_id: int
    name: str
    kind: ChangeKind
    query: Query
    paused: bool


class TopicChanges:
    """Changes a topic's state, and keeps what was changed. Called inside a transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, topic_id: int, kind: ChangeKind, now: datetime, by: str | None) -> None:
        """Keep that a topic was changed to what it is now."""
        await self._database.write(
            "INSERT INTO topic_changes (topic_id, change, query, state, at, user) "
            "SELECT id, ?, query, state, ?, ? FROM topics WHERE id = ?",
            (kind.value, moment(now), by, topic_id),
        )

    async def apply(
        self, topic_id: int, kind: ChangeKind, now: datetime, by: str | None, *, paused: bool = False
    ) -> None:
        """Pause, resume, remove or restore a topic (``paused``, if it was)."""
        if kind is ChangeKind.RESTORED:
            await self._forget_old_baselines(topic_id)
        state = _STATES.get(kind, "paused" if paused else "active")
        await self._database.write("UPDATE topics SET state = ? WHERE id = ?", (state, topic_id))
        await (self._bring_back(topic_id) if state == "active" else self._withdraw(topic_id))
        await self.note(topic_id, kind, now, by)

    async def step_back(self, name: str, channel: ChannelRef) -> Step:
        """What takes back the last change of the topic of that name, also of one that was removed. Raises NotFound."""
        topic_id, name = await self._named(name, channel)
        rows = await self._database.read(
            "SELECT query, state FROM topic_changes WHERE topic_id = ? ORDER BY id DESC LIMIT 2", (topic_id,)
        )
        (query, state), (old_query, old_state) = rows[0], rows[1] if len(rows) > 1 else (rows[0][0], "removed")
        if old_state == "removed":
            kind = ChangeKind.REMOVED
        elif state == "removed":
            kind = ChangeKind.RESTORED
        elif query != old_query:
            kind = ChangeKind.EDITED
        else:
            kind = ChangeKind.PAUSED if old_state == "paused" else ChangeKind.RESUMED
        return Step(topic_id, name, kind, parse(old_query), old_state == "paused")

    async def of_channel(self, channel: ChannelRef, name: str | None) -> list[TopicChange]:
        """The last changes of a channel's topics, or of those of one name, the newest first."""
        rows = await self._database.read(
            "SELECT t.name, h.change, h.query, h.at, h.user FROM topic_changes AS h JOIN topics AS t "
            f"ON t.id = h.topic_id WHERE t.channel_id = {CHANNEL_ID} ORDER BY h.id DESC",
            channel_key(channel),
        )
        wanted = [row for row in rows if name is None or row[0].casefold() == name.casefold()]
        return [
            TopicChange(topic, ChangeKind(change), parse(query), datetime.fromisoformat(at), user)
            for topic, change, query, at, user in wanted[:SHOWN]
        ]

    async def _named(self, name: str, channel: ChannelRef) -> tuple[int, str]:
        """The channel's topic of that name; of several, the one that is followed, else the last that was."""
        rows = await self._database.read(f"{_NAMED} ORDER BY state = 'removed', id DESC", channel_key(channel))
        found = next(((topic_id, known) for topic_id, known in rows if known.casefold() == name.casefold()), None)
        if found is None:
            raise NotFound(f"No topic “{name}” was ever made in this channel, so there is nothing to undo.")
        return found

    async def _withdraw(self, topic_id: int) -> None:
        """Put aside what waits to be posted for this topic alone, and owe nothing for it."""
        await self._database.write(
            "UPDATE announcements SET topics = (SELECT json_group_array(value) FROM json_each(topics) "
            "WHERE value <> (SELECT name FROM topics WHERE id = ?)) "
            "WHERE delivery_key IS NULL AND channel_id = (SELECT channel_id FROM topics WHERE id = ?)",
            (topic_id, topic_id),
        )
        await self._database.write(
            "INSERT OR IGNORE INTO withdrawn SELECT ?, paper_id, note, queued FROM announcements "
            "WHERE delivery_key IS NULL AND topics = '[]'",
            (topic_id,),
        )
        await self._database.write("DELETE FROM announcements WHERE delivery_key IS NULL AND topics = '[]'")
        await self._database.write("DELETE FROM followed WHERE topic_id = ?", (topic_id,))

    async def _bring_back(self, topic_id: int) -> None:
        """Let what was put aside wait again, unless its channel heard of it for another topic."""
        await self._database.write(
            "INSERT OR IGNORE INTO announcements (channel_id, paper_id, topics, note, queued) "
            "SELECT t.channel_id, w.paper_id, json_array(t.name), w.note, w.queued "
            "FROM withdrawn AS w JOIN topics AS t ON t.id = w.topic_id WHERE t.id = ?",
            (topic_id,),
        )
        await self._database.write("DELETE FROM withdrawn WHERE topic_id = ?", (topic_id,))

    async def _forget_old_baselines(self, topic_id: int) -> None:
        """A source that had a round without this topic is asked from the start again: what came meanwhile is old."""
        await self._database.write(
            "DELETE FROM baselines WHERE topic_id = ? AND source IN (SELECT name FROM sources WHERE last_success >= "
            "(SELECT max(at) FROM topic_changes WHERE topic_id = baselines.topic_id AND change = 'removed'))",
            (topic_id,),
        )
