"""A fake Slack, and our app in its workspace."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from adapters.chat.slack.settings import Settings
from adapters.chat.slack.workspace import Workspace
from tests.fakes import slack as fakes
from tests.fakes.slack import FakeSlack


def utc_now() -> datetime:
    return datetime.now(UTC)


def settings_of(api_url: str, *homes: fakes.Workspace, **more: object) -> Settings:
    """The table [chat.slack] with the tokens of these workspaces: the one without a name alone, or any others."""
    tables = [
        {"bot_token": home.bot_token, "app_token": home.app_token, "signing_secret": home.signing_secret}
        | ({"name": home.name} if home.name else {})
        for home in homes
    ]
    tokens = tables[0] if tables and "name" not in tables[0] else {"workspaces": tables}
    return Settings.model_validate({"api_url": api_url, **tokens, **more})


@asynccontextmanager
async def open_workspace(
    api_url: str, home: fakes.Workspace | None = None, now: Callable[[], datetime] = utc_now
) -> AsyncIterator[Workspace]:
    """Our side of a workspace, with its tokens; of no workspace in particular, if none is given."""
    tokens = {"bot_token": "xoxb-0", "app_token": "xapp-0"}
    settings = settings_of(api_url, home) if home else Settings.model_validate({"api_url": api_url, **tokens})
    workspace = Workspace(settings.all_workspaces[0], settings.api_url, now)
    try:
        yield workspace
    finally:
        await workspace.close()


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as serving:
        yield serving


@pytest.fixture
async def workspace(slack: FakeSlack) -> AsyncIterator[Workspace]:
    async with open_workspace(slack.api_url, slack.workspace()) as opened:
        yield opened
