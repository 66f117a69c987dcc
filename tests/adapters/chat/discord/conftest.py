"""A fake Discord, to which discord.py is pointed."""

from __future__ import annotations

import warnings
from collections.abc import AsyncIterator

import pytest

from tests.fakes.discord import FakeDiscord

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", "'audioop' is deprecated", DeprecationWarning)
    import discord  # noqa: F401 - its first import warns of a module it needs for voice only

from adapters.chat.discord.account import Account
from tests.adapters.chat.discord.accounts import open_account, settings_of
from tests.adapters.chat.discord.clients import pointed_at


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as serving:
        with pointed_at(serving):
            yield serving


@pytest.fixture
async def account(fake: FakeDiscord) -> AsyncIterator[Account]:
    async with open_account(settings_of(fake)) as opened:
        yield opened
