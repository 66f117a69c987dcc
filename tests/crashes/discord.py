"""Discord to be killed on."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.chat.discord.custom_ids import key_of, marks_of
from tests.crashes.harness import Posted
from tests.fakes.discord import Channel, FakeDiscord
from tests.fakes.discord.faults import drop, status

_CHANNELS = 8


class DiscordTarget:
    """See harness.Target. Beside lost answers there are short outages."""

    name = "discord"

    def __init__(self) -> None:
        self._discord = FakeDiscord()
        self._channels: dict[str, Channel] = {}
        for number in range(_CHANNELS):
            channel = self._discord.channel(f"papers-{number}")
            self._channels[channel.id] = channel
        self.channels = list(self._channels)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Serve."""
        async with self._discord:
            self._discord.gateway.remaining = 10**6  # each life identifies once
            yield

    @property
    def table(self) -> str:
        """TOML."""
        return (
            f"[chat.discord]\napi_url = {json.dumps(self._discord.api_url)}\n"
            f"gateway_url = {json.dumps(self._discord.gateway_url)}\ntoken = {json.dumps(self._discord.token)}\n"
        )

    def lose_answers(self, share: float) -> None:
        """Carry out this share of the posts and cut the connection; some others meet an outage."""
        self._discord.faults.mend()
        if share:
            self._discord.faults.fault_share("POST", "/channels/*/messages", share, drop(after=True))
            self._discord.faults.fault_share("POST", "/channels/*/messages", share / 4, status(503), drop())

    @property
    def lost_answers(self) -> int:
        """How many that were, outages too."""
        return sum(one["faulty"] and one["method"] == "POST" for one in self._discord.requests)

    def shown(self, channel: str) -> list[Posted]:
        """What the controls of each message carry."""
        shown = ({"components": message.components} for message in self._discord.messages(self._channels[channel]))
        return [Posted(str(key_of(message)), frozenset(marks_of(message))) for message in shown]
