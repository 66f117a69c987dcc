"""Channels, topics and who follows what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.errors import ConfigurationError, NotFound, Refused
from bot.model import Channel, ChannelRef, Follow, Topic
from bot.query import Query, parse
from bot.reports import ChangeKind, TopicChange
from storage.database import Database, Row
from storage.rows import CHANNEL_COLUMNS, CHANNEL_ID, channel_key, moment, to_channel
from storage.topic_changes import TopicChanges

_TOPIC = (
    "SELECT t.id, t.name, t.query, t.created, t.state = 'paused', c.platform, c.workspace, c.channel "
    "FROM topics AS t LEFT JOIN channels AS c ON c.id = t.channel_id "
)
_ASKED = (
    "SELECT f.topic_id FROM follows AS f JOIN channels AS c ON c.id = f.channel_id "
    "JOIN topics AS t ON t.id = f.topic_id WHERE c.paused = 0 AND t.state <> 'removed'"
)
"""What the sources are asked for: paused topics too, so that what came meanwhile can be shown, and is no news."""


class SqliteTopics:
    """See bot.ports.Topics."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._changes = TopicChanges(database)

    async def channels(self) -> list[Channel]:
        """Every channel that is not paused."""
        rows = await self._database.read(
            f"SELECT {CHANNEL_COLUMNS} FROM channels AS c WHERE c.paused = 0 ORDER BY c.id"
        )
        return [to_channel(row) for row in rows]

    async def channel(self, ref: ChannelRef) -> Channel | None:
        """The channel, if known."""
        return next((channel for channel in await self.channels() if channel.ref == ref), None)

    async def put_channel(self, channel: Channel) -> None:
        """Add or change a channel."""
        await self._put(channel, "name, schedule, zone, managed")

    async def _put(self, channel: Channel, changing: str) -> None:
        """Add a channel, or change what is named of a known one."""
        await self._database.write(
            "INSERT INTO channels (platform, workspace, channel, name, schedule, zone, managed) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
            + ", ".join(f"{column} = excluded.{column}" for column in changing.split(", ")),
            (*channel_key(channel.ref), channel.name, channel.schedule, channel.zone, int(channel.managed)),
        )

    async def all(self) -> list[Topic]:
        """Every topic that some channel follows, paused ones too."""
        rows = await self._database.read(f"{_TOPIC} WHERE t.id IN ({_ASKED}) ORDER BY t.id")
        return [_topic(row) for row in rows]

    async def of_channel(self, channel: ChannelRef) -> list[Topic]:
        """The topics this channel follows, by name."""
        rows = await self._database.read(
            f"{_TOPIC} JOIN follows AS f ON f.topic_id = t.id WHERE f.channel_id = {CHANNEL_ID} "
            "AND t.state <> 'removed' ORDER BY t.name",
            channel_key(channel),
        )
        return [_topic(row) for row in rows]

    async def follows(self) -> list[Follow]:
        """Who follows what, without what is paused."""
        rows = await self._database.read(
            "SELECT c.platform, c.workspace, c.channel, f.topic_id "
            "FROM active_follows AS f JOIN channels AS c ON c.id = f.channel_id ORDER BY c.id, f.topic_id"
        )
        return [Follow(ChannelRef(*row[:3]), row[3]) for row in rows]

    async def add(self, name: str, query: Query, channel: ChannelRef, now: datetime, *, by: str | None = None) -> Topic:
        """Make a topic of this channel and follow it; see bot.ports.Topics."""
        async with self._database.transaction():
            if await self.channel(channel) is None:
                raise Refused(
                    "Topics belong to a channel that the bot posts to. Invite it here first, or add this one there."
                )
            if name.casefold() in {topic.name.casefold() for topic in await self.of_channel(channel)}:
                raise Refused(f"This channel already has a topic “{name}”. Remove it first, or choose another name.")
            topic_id = await self._database.insert(
                f"INSERT INTO topics (name, query, created, channel_id) VALUES (?, ?, ?, {CHANNEL_ID})",
                (name, str(query), moment(now), *channel_key(channel)),
            )
            await self._follow(channel, topic_id, declared=False)
            await self._changes.note(topic_id, ChangeKind.CREATED, now, by)
        return Topic(topic_id, name, query, now, channel)

    async def edit(
        self, name: str, query: Query, channel: ChannelRef, now: datetime, *, by: str | None = None
    ) -> Topic:
        """Let a topic ask something else, from the start; see bot.ports.Topics."""
        async with self._database.transaction():
            topic = await self._own(name, channel)
            if str(topic.query) == str(query):
                raise Refused(f"“{topic.name}” asks exactly that already. Nothing was changed.")
            await self._ask(topic.id, query, now)
            await self._changes.note(topic.id, ChangeKind.EDITED, now, by)
        return replace(topic, query=query, created=now)

    async def pause(self, name: str, channel: ChannelRef, now: datetime, *, by: str | None = None) -> Topic:
        """Announce nothing for a topic; see bot.ports.Topics."""
        async with self._database.transaction():
            topic = await self._own(name, channel)
            if topic.paused:
                raise Refused(f"“{topic.name}” is paused already.")
            await self._changes.apply(topic.id, ChangeKind.PAUSED, now, by)
        return replace(topic, paused=True)

    async def resume(self, name: str, channel: ChannelRef, now: datetime, *, by: str | None = None) -> Topic:
        """Announce what comes from now on; see bot.ports.Topics."""
        async with self._database.transaction():
            topic = await self._own(name, channel)
            if not topic.paused:
                raise Refused(f"“{topic.name}” is not paused.")
            await self._changes.apply(topic.id, ChangeKind.RESUMED, now, by)
        return replace(topic, paused=False)

    async def remove(self, name: str, channel: ChannelRef, now: datetime, *, by: str | None = None) -> Topic:
        """Stop following, and keep the topic to be brought back; see bot.ports.Topics."""
        async with self._database.transaction():
            topic = await self._own(name, channel)
            await self._changes.apply(topic.id, ChangeKind.REMOVED, now, by)
        return topic

    async def undo(self, name: str, channel: ChannelRef, now: datetime, *, by: str | None = None) -> TopicChange:
        """Take the last change back; see bot.ports.Topics."""
        async with self._database.transaction():
            if any(topic.name.casefold() == name.casefold() for topic in await self.of_channel(channel)):
                await self._own(name, channel)
            step = await self._changes.step_back(name, channel)
            if step.kind is ChangeKind.EDITED:
                await self._ask(step.topic_id, step.query, now)
                await self._changes.note(step.topic_id, step.kind, now, by)
            else:
                await self._changes.apply(step.topic_id, step.kind, now, by, paused=step.paused)
        return TopicChange(step.name, step.kind, step.query, now, by)

    async def history(self, channel: ChannelRef, name: str | None = None) -> list[TopicChange]:
        """What was done to the topics of a channel; see bot.ports.Topics."""
        return await self._changes.of_channel(channel, name)

    async def _own(self, name: str, channel: ChannelRef) -> Topic:
        """The topic of that name made in this channel."""
        named = (topic for topic in await self.of_channel(channel) if topic.name.casefold() == name.casefold())
        topic = next(named, None)
        if topic is None:
            raise NotFound(f"This channel has no topic “{name}”.")
        if topic.declared:
            raise Refused(f"“{topic.name}” is managed in the configuration file; change it there.")
        return topic

    async def _ask(self, topic_id: int, query: Query, now: datetime) -> None:
        """A changed query is a new question: its baseline is fetched again."""
        await self._database.write("UPDATE topics SET query = ? WHERE id = ?", (str(query), topic_id))
        await self._start_anew(topic_id, now)

    async def declare(
        self, topics: Iterable[tuple[str, Query]], channels: Iterable[tuple[Channel, Sequence[str]]], now: datetime
    ) -> None:
        """Make the declared part what the configuration file says; see bot.ports.Topics."""
        async with self._database.transaction():
            asked = await self._asked()
            ids = {name: await self._declare_topic(name, query, now) for name, query in topics}
            await self._database.write("DELETE FROM follows WHERE declared = 1")
            await self._database.write("UPDATE channels SET declared = 0, paused = 1 WHERE declared = 1")
            for channel, names in channels:
                await self._declare_channel(channel, {name: ids[name] for name in names})
            for topic in await self._asked() - asked:  # what came meanwhile is old: it must not flood the channel
                await self._start_anew(topic, now)

    async def _declare_channel(self, channel: Channel, topics: Mapping[str, int]) -> None:
        await self._put(channel, "name, schedule, zone, managed" if channel.managed else "name, managed")
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
        rows = await self._database.read("SELECT id, query FROM topics WHERE name = ? AND channel_id IS NULL", (name,))
        if not rows:
            return await self._database.insert(
                "INSERT INTO topics (name, query, created) VALUES (?, ?, ?)", (name, str(query), moment(now))
            )
        topic_id, known = rows[0]
        if known != str(query):
            await self._ask(topic_id, query, now)
        return int(topic_id)

    async def _asked(self) -> set[int]:
        return {topic for (topic,) in await self._database.read(_ASKED)}

    async def _start_anew(self, topic_id: int, now: datetime) -> None:
        """Let the topic be fetched for the first time once more."""
        await self._database.write("UPDATE topics SET created = ? WHERE id = ?", (moment(now), topic_id))
        await self._database.write("DELETE FROM baselines WHERE topic_id = ?", (topic_id,))

    async def _follow(self, channel: ChannelRef, topic_id: int, *, declared: bool) -> None:
        await self._database.write(
            f"INSERT INTO follows VALUES ({CHANNEL_ID}, ?, ?)",
            (*channel_key(channel), topic_id, int(declared)),
        )


def _topic(row: Row) -> Topic:
    topic_id, name, query, created, paused, *channel = row
    owner = ChannelRef(*channel) if channel[0] else None
    return Topic(topic_id, name, parse(query), datetime.fromisoformat(created), owner, bool(paused))
