"""Our account at a fake Discord."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from adapters.chat.discord.account import Account
from adapters.chat.discord.settings import Settings
from bot.model import ChannelRef
from tests.fakes.discord import Channel, FakeDiscord


def utc_now() -> datetime:
    return datetime.now(UTC)


def settings_of(fake: FakeDiscord, **more: object) -> Settings:
    """The table [chat.discord] for this fake."""
    table = {"api_url": fake.api_url, "gateway_url": fake.gateway_url, "token": fake.token}
    return Settings.model_validate(table | more)


@asynccontextmanager
async def open_account(settings: Settings, now: Callable[[], datetime] = utc_now) -> AsyncIterator[Account]:
    account = Account(settings, now)
    try:
        yield account
    finally:
        await account.close()


def ref(channel: Channel) -> ChannelRef:
    return ChannelRef("discord", "", channel.id)


async def no_sleep(_: float) -> None:
    """For whoever would wait."""
