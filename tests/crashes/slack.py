"""Slack to be killed on."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.crashes.harness import Posted
from tests.fakes.slack import Channel, FakeSlack
from tests.fakes.slack.faults import drop

_CHANNELS = 8
_MARK = 8
"""Characters of the mark of one record of a paper."""


class SlackTarget:
    """See harness.Target."""

    name = "slack"

    def __init__(self) -> None:
        self._slack = FakeSlack()
        self._channels: dict[str, Channel] = {}
        for number in range(_CHANNELS):
            channel = self._slack.channel(f"papers-{number}")
            self._channels[channel.id] = channel
        self.channels = list(self._channels)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Serve."""
        async with self._slack:
            yield

    @property
    def table(self) -> str:
        """TOML."""
        home = self._slack.workspace()
        return (
            f"[chat.slack]\napi_url = {json.dumps(self._slack.api_url)}\n"
            f"bot_token = {json.dumps(home.bot_token)}\napp_token = {json.dumps(home.app_token)}\n"
        )

    def lose_answers(self, share: float) -> None:
        """Carry out this share of the posts and cut the connection."""
        self._slack.faults.mend()
        self._slack.faults.fault_share("chat.postMessage", share, drop(after=True))

    @property
    def lost_answers(self) -> int:
        """How many that were."""
        return sum(call.faulty for call in self._slack.calls["chat.postMessage"])

    def shown(self, channel: str) -> list[Posted]:
        """What the metadata of each message carries."""
        messages = self._slack.messages(self._channels[channel])
        return [_posted(message.metadata["event_payload"]) for message in messages if message.metadata]


def _posted(payload: dict[str, str]) -> Posted:
    marks = payload.get("marks", "")
    return Posted(payload["k"], frozenset(marks[at : at + _MARK] for at in range(0, len(marks), _MARK)))
