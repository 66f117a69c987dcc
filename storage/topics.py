"""Channels, topics and who follows what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from bot.errors import ConfigurationError, NotFound, Refused
from bot.model import Channel, ChannelRef, Follow, Topic
from bot.query import Query, parse
from storage.database import Database, Row
from storage.rows import CHANNEL_ID, channel_key, moment

_TOPIC = (
    "SELECT t.id, t.name, t.query, t.created, c.platform, c.workspace, c.channel "
    "FROM topics AS t LEFT JOIN channels AS c ON c.id = t.channel_id "
)


_ACTIVE = "SELECT topic_id FROM follows JOIN channels ON channels.id = channel_id WHERE paused = 0"


class SqliteTopics:
    """See bot.ports.Topics."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def channels(self) -> list[Channel]:
        """Every channel that is not paused."""
        rows = await self._database.read(
            "SELECT platform, workspace, channel, name, schedule, zone FROM channels WHERE paused = 0 ORDER BY id"
        )
        return [Channel(ChannelRef(*row[:3]), *row[3:]) for row in rows]

    async def channel(self, ref: ChannelRef) -> Channel | None:
        """The channel, if known."""
        return next((channel for channel in await self.channels() if channel.ref == ref), None)

    async def put_channel(self, channel: Channel) -> None:
        """Add or change a channel."""
        await self._database.write(
            "INSERT INTO channels (platform, workspace, channel, name, schedule, zone) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET name = excluded.name, schedule = excluded.schedule, zone = excluded.zone",
            (*channel_key(channel.ref), channel.name, channel.schedule, channel.zone),
        )

    async def all(self) -> list[Topic]:
        """Every topic that some channel follows."""
        rows = await self._database.read(f"{_TOPIC} WHERE t.id IN ({_ACTIVE}) ORDER BY t.id")
        return [_topic(row) for row in rows]

    async def of_channel(self, channel: ChannelRef) -> list[Topic]:
        """The topics this channel follows, by name."""
        rows = await self._database.read(
            f"{_TOPIC} JOIN follows AS f ON f.topic_id = t.id WHERE f.channel_id = {CHANNEL_ID} ORDER BY t.name",
            channel_key(channel),
        )
        return [_topic(row) for row in rows]

    async def follows(self) -> list[Follow]:
        """Who follows what."""
        rows = await self._database.read(
            "SELECT c.platform, c.workspace, c.channel, f.topic_id "
            "FROM follows AS f JOIN channels AS c ON c.id = f.channel_id WHERE c.paused = 0 ORDER BY c.id, f.topic_id"
        )
        return [Follow(ChannelRef(*row[:3]), row[3]) for row in rows]

    async def add(self, name: str, query: Query, channel: ChannelRef, now: datetime) -> Topic:
        """Make a topic of this channel and follow it; see bot.ports.Topics."""
        async with self._database.transaction():
            if await self.channel(channel) is None:
                raise Refused("Topics belong to a channel that the bot posts to. Add this one there.")
            if name.casefold() in {topic.name.casefold() for topic in await self.of_channel(channel)}:
                raise Refused(f"This channel already has a topic “{name}”. Remove it first, or choose another name.")
            topic_id = await self._database.insert(
                f"INSERT INTO topics (name, query, created, channel_id) VALUES (?, ?, ?, {CHANNEL_ID})",
                (name, str(query), moment(now), *channel_key(channel)),
            )
            await self._follow(channel, topic_id, declared=False)
        return Topic(topic_id, name, query, now, channel)

    async def remove(self, name: str, channel: ChannelRef) -> Topic:
        """Stop following, and forget the topic; see bot.ports.Topics."""
        async with self._database.transaction():
            named = (t for t in await self.of_channel(channel) if t.name.casefold() == name.casefold())
            topic = next(named, None)
            if topic is None:
                raise NotFound(f"This channel has no topic “{name}”.")
            if topic.declared:
                raise Refused(f"“{name}” is managed in the configuration file; remove it there.")
            await self._forget(topic.id)
        return topic

    async def declare(
        self, topics: Iterable[tuple[str, Query]], channels: Iterable[tuple[Channel, Sequence[str]]], now: datetime
    ) -> None:
        """Make the declared part what the configuration file says; see bot.ports.Topics."""
        async with self._database.transaction():
            active = await self._active()
            ids = {name: await self._declare_topic(name, query, now) for name, query in topics}
            await self._database.write("DELETE FROM follows WHERE declared = 1")
            await self._database.write("UPDATE channels SET declared = 0, paused = 1 WHERE declared = 1")
            for channel, names in channels:
                await self._declare_channel(channel, {name: ids[name] for name in names})
            for topic in await self._active() - active:  # what came meanwhile is old: it must not flood the channel
                await self._start_anew(topic, now)

    async def _declare_channel(self, channel: Channel, topics: Mapping[str, int]) -> None:
        await self.put_channel(channel)
        await self._database.write(
            f"UPDATE channels SET declared = 1, paused = 0 WHERE id = {CHANNEL_ID}", channel_key(channel.ref)
        )
        own = {topic.name.casefold() for topic in await self.of_channel(channel.ref)}
        for name, topic in topics.items():
            if name.casefold() in own:
                raise ConfigurationError(
                    f"{channel.ref} has a topic {name!r} made in chat; rename the one in the file, or remove the other"
                )
            await self._follow(channel.ref, topic, declared=True)

    async def delivered_since(self, channel: ChannelRef, since: datetime) -> dict[str, int]:
        """Announcements of each topic since then; see bot.ports.Topics."""
        rows = await self._database.read(
            "SELECT t.value, count(*) FROM announcements AS a, json_each(a.topics) AS t "
            f"WHERE a.channel_id = {CHANNEL_ID} AND a.delivery_key IS NOT NULL AND a.queued >= ? GROUP BY t.value",
            (*channel_key(channel), moment(since)),
        )
        return dict(rows)

    async def _declare_topic(self, name: str, query: Query, now: datetime) -> int:
        """A query changed in the file is a new question: its baseline is fetched again."""
        rows = await self._database.read("SELECT id, query FROM topics WHERE name = ? AND channel_id IS NULL", (name,))
        if not rows:
            return await self._database.insert(
                "INSERT INTO topics (name, query, created) VALUES (?, ?, ?)", (name, str(query), moment(now))
            )
        topic_id, known = rows[0]
        if known != str(query):
            await self._database.write("UPDATE topics SET query = ? WHERE id = ?", (str(query), topic_id))
            await self._start_anew(topic_id, now)
        return int(topic_id)

    async def _active(self) -> set[int]:
        return {topic for (topic,) in await self._database.read(_ACTIVE)}

    async def _start_anew(self, topic_id: int, now: datetime) -> None:
        """Let the topic be fetched for the first time once more."""
        await self._database.write("UPDATE topics SET created = ? WHERE id = ?", (moment(now), topic_id))
        await self._database.write("DELETE FROM baselines WHERE topic_id = ?", (topic_id,))

    async def _follow(self, channel: ChannelRef, topic_id: int, *, declared: bool) -> None:
        await self._database.write(
            f"INSERT INTO follows VALUES ({CHANNEL_ID}, ?, ?)",
            (*channel_key(channel), topic_id, int(declared)),
        )

    async def _forget(self, topic_id: int) -> None:
        await self._database.write("DELETE FROM follows WHERE topic_id = ?", (topic_id,))
        await self._database.write("DELETE FROM baselines WHERE topic_id = ?", (topic_id,))
        await self._database.write("DELETE FROM baseline_papers WHERE topic_id = ?", (topic_id,))
        await self._database.write("DELETE FROM topics WHERE id = ?", (topic_id,))


def _topic(row: Row) -> Topic:
    topic_id, name, query, created, *channel = row
    return Topic(
        topic_id, name, parse(query), datetime.fromisoformat(created), ChannelRef(*channel) if channel[0] else None
    )
