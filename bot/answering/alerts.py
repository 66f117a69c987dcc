"""Alerts: what a person follows by themselves, in the channel of their direct messages."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.answering.changes import Changes
from bot.answering.desk import Desk, Handlers
from bot.answering.topics import Topics
from bot.commands import write_name
from bot.conversation import (
    AddAlert,
    AddTopic,
    AlertAdded,
    AlertFromList,
    AlertList,
    Asker,
    ListAlerts,
    ListTopics,
    Notice,
    PauseAlert,
    RemoveAlert,
    Reply,
    ResumeAlert,
    ResumeTopic,
    TopicAdded,
    TopicList,
)
from bot.errors import NotFound, Refused
from bot.model import Topic
from bot.query.tokens import tokens
from bot.wording import shorten

_LONGEST_NAME = 40
_FIELD = re.compile(r"\b[a-z]+:")


class Alerts:
    """An alert is a topic of the person's own channel, so all that holds for topics holds for it. What is said of it
    offers commands that mean the same wherever they are used."""

    def __init__(self, desk: Desk, topics: Topics, changes: Changes) -> None:
        self._desk = desk
        self._store = desk.storage.topics
        self._topics: Handlers = {**topics.handlers, **changes.handlers}
        self.handlers: Handlers = {
            AddAlert: self._add,
            AlertFromList: self._add_from_list,
            ListAlerts: self._list,
            RemoveAlert: self._remove,
            PauseAlert: self._pause,
            ResumeAlert: self._resume,
        }

    async def _add(self, command: AddAlert, asker: Asker) -> Reply:
        foreign = await self._desk.foreign(command.query)
        if foreign is not None and foreign.query is None:
            raise Refused(f"This {foreign.form} cannot become an alert. {foreign.problem}")
        if foreign is not None:
            read = f"This {foreign.form} is read as: {foreign.query}. Nothing is saved yet."
            return Notice(read, (f"alert add {write_name(command.name)} {foreign.query}",))
        if command.name.casefold() in {topic.name.casefold() for topic in await self._alerts(asker)}:
            raise Refused(f"You have an alert “{command.name}” already. Choose another name, or remove that one.")
        added = await self._topics[AddTopic](AddTopic(command.name, command.query), _directly(asker))
        return AlertAdded(added.topic, added.preview, added.first_post) if isinstance(added, TopicAdded) else added

    async def _add_from_list(self, command: AlertFromList, asker: Asker) -> Reply:
        found = await self._desk.storage.searches.turn(command.key, 1, self._desk.clock())
        name = shorten(" ".join(tokens(_FIELD.sub("", found.query or ""))), _LONGEST_NAME)
        if not found.query or not name:
            raise Refused("An alert needs a query with a word in it. Add one: alert add NAME QUERY.")
        return await self._add(AddAlert(name, found.query), asker)

    async def _list(self, _: ListAlerts, asker: Asker) -> Reply:
        own = await self._topics[ListTopics](ListTopics(), _directly(asker))
        if not isinstance(own, TopicList) or not own.topics:
            return Notice("You have no alerts. Add one, for example:", ("help alert add",))
        return AlertList(own.schedule, own.topics)

    async def _remove(self, command: RemoveAlert, asker: Asker) -> Reply:
        alert = await self._alert(command.name, asker)
        await self._store.remove(alert.name, asker.member.direct, self._desk.clock(), by=asker.user)
        return Notice(
            f"The alert “{alert.name}” has ended. Its papers stay in the archive.",
            (f"alert add {write_name(alert.name)} {alert.query}",),
        )

    async def _pause(self, command: PauseAlert, asker: Asker) -> Reply:
        alert = await self._alert(command.name, asker)
        await self._store.pause(alert.name, asker.member.direct, self._desk.clock(), by=asker.user)
        return Notice(
            f"The alert “{alert.name}” is paused: nothing comes for it, and what was waiting waits on.",
            (f"alert resume {write_name(alert.name)}",),
        )

    async def _resume(self, command: ResumeAlert, asker: Asker) -> Reply:
        alert = await self._alert(command.name, asker)
        return await self._topics[ResumeTopic](ResumeTopic(alert.name), _directly(asker))

    async def _alerts(self, asker: Asker) -> list[Topic]:
        return await self._store.of_channel(asker.member.direct)

    async def _alert(self, name: str, asker: Asker) -> Topic:
        alerts = await self._alerts(asker)
        for alert in alerts:
            if alert.name.casefold() == name.casefold():
                return alert
        known = ", ".join(alert.name for alert in alerts) or "none yet"
        raise NotFound(f"You have no alert “{name}”. Your alerts: {known}.")


def _directly(asker: Asker) -> Asker:
    """The same person, in the channel of their direct messages."""
    return replace(asker, channel=asker.member.direct)
