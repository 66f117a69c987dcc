"""Pausing, removing and bringing back what a channel follows, and who did so."""

from __future__ import annotations

from datetime import datetime

from bot.answering.desk import Desk, Handlers
from bot.commands import write_name
from bot.conversation import (
    Asker,
    ConfirmRemoval,
    Notice,
    PauseTopic,
    RemoveTopic,
    Reply,
    ResumeTopic,
    ShowHistory,
    TopicHistory,
    TopicResumed,
    UndoTopic,
)
from bot.errors import Refused
from bot.model import Paper, Topic
from bot.query import And, Dated, Query
from bot.reports import ChangeKind, TopicChange

_MOST_SHOWN = 500


class Changes:
    """Changes of a topic that leave its query as it is, or bring an earlier one back."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._topics = desk.storage.topics
        self.handlers: Handlers = {
            PauseTopic: self._pause,
            ResumeTopic: self._resume,
            ConfirmRemoval: self._confirm_removal,
            RemoveTopic: self._remove,
            UndoTopic: self._undo,
            ShowHistory: self._history,
        }

    async def _pause(self, command: PauseTopic, asker: Asker) -> Reply:
        topic = await self._to_change(command.name, asker)
        await self._topics.pause(topic.name, asker.channel, self._desk.clock(), by=asker.user)
        return Notice(
            f"“{topic.name}” is paused: nothing is posted for it here, and what was waiting waits on. Its papers are "
            "still kept in the archive.",
            (f"topic resume {write_name(topic.name)}",),
        )

    async def _resume(self, command: ResumeTopic, asker: Asker) -> Reply:
        topic = await self._to_change(command.name, asker)
        now = self._desk.clock()
        since = await self._paused_since(topic, asker)
        resumed = await self._topics.resume(topic.name, asker.channel, now, by=asker.user)
        came = await self._came_since(resumed, since, now)
        title = f"{topic.name}: what came while it was paused"
        key = await self._desk.storage.searches.store_list(title, [paper.id for paper in came], now) if came else ""
        return TopicResumed(resumed, len(came), key)

    async def _paused_since(self, topic: Topic, asker: Asker) -> datetime:
        """When the topic was paused last."""
        changes = await self._topics.history(asker.channel, topic.name)
        return next((change.at for change in changes if change.kind is ChangeKind.PAUSED), topic.created)

    async def _came_since(self, topic: Topic, since: datetime, now: datetime) -> list[Paper]:
        """The papers that match, and that the archive has had since then; the newest if there are very many."""
        recent = Query(And((topic.query.root, Dated(after=True, days=_LONGEST_LATENESS + (now - since).days))))
        _, papers = await self._desk.storage.searches.newest(recent, _MOST_SHOWN, now)
        return [paper for paper in papers if paper.first_seen >= since]

    async def _confirm_removal(self, command: ConfirmRemoval, asker: Asker) -> Reply:
        topic = await self._to_change(command.name, asker)
        return Notice(
            f"Remove “{topic.name}”? Nothing more is posted for it, also not what is waiting. Its papers stay in the "
            "archive, and it can be brought back with what waited.",
            (f"topic remove {write_name(topic.name)}", "topics"),
        )

    async def _remove(self, command: RemoveTopic, asker: Asker) -> Reply:
        topic = await self._to_change(command.name, asker)
        await self._topics.remove(topic.name, asker.channel, self._desk.clock(), by=asker.user)
        return Notice(
            f"“{topic.name}” is no longer followed here. Its papers stay in the archive.",
            (f"topic undo {write_name(topic.name)}",),
        )

    async def _undo(self, command: UndoTopic, asker: Asker) -> Reply:
        await self._desk.require_admin(asker)
        change = await self._topics.undo(command.name, asker.channel, self._desk.clock(), by=asker.user)
        self._desk.wake()
        name = write_name(change.topic)
        if change.kind is ChangeKind.REMOVED:
            return Notice(_undone(change), (f"topic undo {name}",))
        return Notice(_undone(change), (f"topic history {name}", f"topic undo {name}"))

    async def _history(self, command: ShowHistory, asker: Asker) -> Reply:
        changes = await self._topics.history(asker.channel, command.name)
        if not changes:
            what = f"“{command.name}”" if command.name else "the topics of this channel"
            return Notice(f"Nothing was changed in chat about {what} yet.", ("topics",))
        channel = await self._desk.channel(asker)
        title = f"Changes of {command.name or f'the topics of {channel.name}'}"
        return TopicHistory(title, tuple(changes), tuple(dict.fromkeys(change.topic for change in changes)))

    async def _to_change(self, name: str, asker: Asker) -> Topic:
        """The topic of that name, if the asker may change it and it is not declared."""
        await self._desk.require_admin(asker)
        topic = await self._desk.topic(name, asker)
        if topic.declared:
            raise Refused(f"“{topic.name}” is managed in the configuration file; change it there.")
        return topic


_LONGEST_LATENESS = 30
"""How many days a paper's date may be older than its arrival, to be counted as arrived."""


def _undone(change: TopicChange) -> str:
    """What an undo did, and what it did not."""
    match change.kind:
        case ChangeKind.EDITED:
            return f"“{change.topic}” asks this again: {change.query}. What was posted meanwhile is not posted again."
        case ChangeKind.REMOVED:
            return f"“{change.topic}” is no longer followed here. Its papers stay in the archive."
        case ChangeKind.PAUSED:
            return f"“{change.topic}” is paused again: nothing is posted for it."
        case ChangeKind.RESUMED:
            return f"“{change.topic}” is posted again from now on. What came meanwhile is not posted."
        case _:
            return f"“{change.topic}” is followed here again, as it was. What came meanwhile is not posted."
