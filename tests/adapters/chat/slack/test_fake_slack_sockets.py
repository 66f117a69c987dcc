"""The fake Slack's Socket Mode, met by the real client: envelopes, disconnects, silence."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack


@asynccontextmanager
async def socket(slack: FakeSlack, seen: list[SocketModeRequest], **how: Any) -> AsyncIterator[SocketModeClient]:
    """A bare connection that acks everything and keeps the envelopes in ``seen``."""
    home = slack.workspace()
    web = AsyncWebClient(base_url=slack.api_url)
    client = SocketModeClient(app_token=home.app_token, web_client=web, **how)

    async def ack(client: SocketModeClient, request: SocketModeRequest) -> None:
        seen.append(request)
        await client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))

    client.socket_mode_request_listeners.append(ack)  # type: ignore[arg-type]
    await client.connect()  # type: ignore[no-untyped-call]
    try:
        yield client
    finally:
        await client.close()  # type: ignore[no-untyped-call]


async def test_each_envelope_goes_to_one_of_the_sockets(slack: FakeSlack) -> None:
    seen: tuple[list[SocketModeRequest], list[SocketModeRequest]] = ([], [])
    async with socket(slack, seen[0]), socket(slack, seen[1]):
        await slack.until(lambda: len(slack.workspace().sockets.open) == 2)
        for _ in range(20):
            assert (await slack.slash(slack.user("ann"), slack.channel("general"), "help")).acked
    assert len(seen[0]) + len(seen[1]) == 20
    assert seen[0]
    assert seen[1]


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "link_disabled"])
async def test_after_a_disconnect_the_sdk_connects_anew(slack: FakeSlack, reason: str) -> None:
    sockets = slack.workspace().sockets
    async with socket(slack, [], ping_interval=0.1):
        await slack.until(lambda: sockets.open)
        await sockets.disconnect(reason)
        await slack.until(lambda: sockets.connects == 2 and len(sockets.open) == 1)
        assert (await slack.slash(slack.user("ann"), slack.channel("general"), "help")).acked


async def test_connections_break_and_fall_silent(slack: FakeSlack) -> None:
    sockets = slack.workspace().sockets
    sockets.ack_seconds = 0.1
    seen: list[SocketModeRequest] = []
    async with socket(slack, seen, ping_interval=0.1):
        await slack.until(lambda: sockets.open)
        sockets.silent = True
        assert not (await slack.slash(slack.user("ann"), slack.channel("general"), "help")).acked
        assert not seen
        sockets.drop()
        await slack.until(lambda: sockets.connects == 2)
        sockets.answers_pings = False
        await slack.until(lambda: sockets.connects > 2)


async def test_the_bot_hears_its_own_messages_in_a_direct_channel(slack: FakeSlack) -> None:
    seen: list[SocketModeRequest] = []
    async with socket(slack, seen) as client:
        await slack.until(lambda: slack.workspace().sockets.open)
        home, direct = slack.workspace(), slack.direct_channel(slack.user("ann"))
        await client.web_client.chat_postMessage(token=home.bot_token, channel=direct.id, text="Hello")
        await slack.until(lambda: home.sockets.acks)
        assert [envelope.type for envelope in seen] == ["events_api"]


async def test_a_repeated_event_says_so_and_keeps_its_id(slack: FakeSlack) -> None:
    seen: list[SocketModeRequest] = []
    async with socket(slack, seen):
        await slack.until(lambda: slack.workspace().sockets.open)
        await slack.again(await slack.open_home(slack.user("ann")))
        assert [envelope.retry_attempt for envelope in seen] == [0, 1]
        assert len({envelope.payload["event_id"] for envelope in seen}) == 1
        assert len({envelope.envelope_id for envelope in seen}) == 2


async def test_without_a_socket_nothing_arrives(slack: FakeSlack) -> None:
    command = await slack.slash(slack.user("ann"), slack.channel("general"), "help")
    assert (command.acked, command.delay) == (False, 0)


async def test_no_more_than_the_allowed_sockets_stay_open(slack: FakeSlack) -> None:
    sockets = slack.workspace().sockets
    sockets.limit = 1
    async with socket(slack, []):
        await slack.until(lambda: sockets.open)
        async with socket(slack, [], auto_reconnect_enabled=False):
            await slack.until(lambda: sockets.connects == 2)
            assert len(sockets.open) == 1
