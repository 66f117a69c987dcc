from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from tests.adapters.chat.slack.bench import QUICK, Bench, connected, open_bench
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.faults import error, ratelimited, status


@pytest.fixture
async def bench(slack: FakeSlack) -> AsyncIterator[Bench]:
    async with open_bench(slack) as opened:
        yield opened


async def answers(slack: FakeSlack) -> bool:
    gesture = await slack.slash(slack.user("ann"), slack.channel("lab"), "show 3")
    return gesture.acked and "P3" in (await slack.answer_to(gesture)).text


def connects(slack: FakeSlack) -> int:
    return slack.workspace().sockets.connects


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_when_slack_wants_it_the_connection_is_renewed_without_a_gap(
    slack: FakeSlack, bench: Bench, reason: str
) -> None:
    async with connected(bench, timing=replace(QUICK, settled=0)) as link:
        for _ in range(3):
            before = connects(slack)
            await slack.workspace().sockets.disconnect(reason)
            await slack.until(lambda: connects(slack) > before or None)  # noqa: B023 - awaited here
            assert await answers(slack)
            assert link.trouble() is None


async def test_a_cut_connection_is_made_anew(slack: FakeSlack, bench: Bench) -> None:
    async with connected(bench):
        slack.workspace().sockets.drop()
        await slack.until(lambda: connects(slack) == 2 or None)
        assert await answers(slack)


async def test_a_connection_that_looks_dead_is_made_anew(slack: FakeSlack, bench: Bench) -> None:
    async with connected(bench):
        slack.workspace().sockets.answers_pings = False
        await slack.until(lambda: connects(slack) >= 2 or None)
        slack.workspace().sockets.answers_pings = True
        await slack.until(lambda: len(slack.workspace().sockets.open) == 1 or None)
        assert await answers(slack)


async def test_a_silent_connection_is_replaced_though_it_answers_pings(slack: FakeSlack, bench: Bench) -> None:
    async with connected(bench, timing=replace(QUICK, silence=0.5)):
        slack.workspace().sockets.silent = True
        await slack.until(lambda: connects(slack) == 2 or None)
        slack.workspace().sockets.silent = False
        assert await answers(slack)


async def test_too_many_connections_make_no_storm_and_say_so(slack: FakeSlack, bench: Bench) -> None:
    slack.workspace().sockets.greeting = "too_many_websockets"
    async with connected(bench) as link:
        await slack.until(lambda: connects(slack) >= 2 or None)
        await asyncio.sleep(0.5)
        assert connects(slack) <= 4
        assert "too many copies of the bot" in str(link.trouble())
        slack.workspace().sockets.greeting = "hello"
        await slack.until(lambda: slack.workspace().sockets.open or None)
        assert await answers(slack)
        assert link.trouble() is None


async def test_connections_that_are_greeted_and_ended_at_once_make_no_storm(slack: FakeSlack, bench: Bench) -> None:
    async with connected(bench):
        sockets = slack.workspace().sockets
        async with asyncio.timeout(2):
            for _ in range(5):
                await slack.until(lambda: sockets.open or None)
                await sockets.disconnect("refresh_requested")
                for old in list(sockets.open):
                    await old.close()
        assert connects(slack) <= 20


async def test_socket_mode_switched_off_says_what_to_do(slack: FakeSlack, bench: Bench) -> None:
    async with connected(bench) as link:
        slack.workspace().sockets.greeting = "link_disabled"
        await slack.workspace().sockets.disconnect("link_disabled")
        await slack.until(lambda: connects(slack) >= 2 or None)
        assert "Socket Mode is switched off" in str(link.trouble())
        assert connects(slack) <= 3
        slack.workspace().sockets.greeting = "hello"
        await slack.until(lambda: slack.workspace().sockets.open or None)
        assert await answers(slack)


async def test_a_wrong_app_token_is_named_and_found_again_when_it_works(slack: FakeSlack, bench: Bench) -> None:
    slack.faults.fail_next("apps.connections.open", error("invalid_auth"), times=2)
    async with connected(bench) as link:
        assert "Slack refuses the app token" in str(link.trouble())
        assert connects(slack) == 0
        await slack.until(lambda: slack.workspace().sockets.open or None)
        assert await answers(slack)


async def test_slack_in_trouble_is_waited_for(slack: FakeSlack, bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    slack.faults.fail_next("apps.connections.open", status(503), ratelimited(1))
    async with connected(bench) as link:
        assert "no connection: Slack failed (HTTP 503)" in str(link.trouble())
        await slack.until(lambda: slack.workspace().sockets.open or None)
        assert await answers(slack)
    assert "in 1 s" in caplog.text
    assert "ticket" not in caplog.text


async def test_a_removed_app_ends_the_connection(slack: FakeSlack, bench: Bench) -> None:
    async with connected(bench):
        assert (await slack.uninstall()).acked
        await slack.until(lambda: not slack.workspace().sockets.open or None)
    assert connects(slack) == 1


async def test_a_revoked_token_ends_the_connection_and_is_trouble(
    slack: FakeSlack, bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    async with connected(bench):
        assert (await slack.revoke()).acked
        await slack.until(lambda: not slack.workspace().sockets.open or None)
    assert "the app was removed from the workspace" in caplog.text
    assert [record.levelno for record in caplog.records if "removed" in record.message] == [logging.ERROR]


async def test_it_stops_at_once_and_can_be_stopped_twice(slack: FakeSlack, bench: Bench) -> None:
    before = asyncio.all_tasks()
    async with connected(bench, timing=replace(QUICK, overlap=60, settled=0)) as link:
        await slack.workspace().sockets.disconnect("warning")
        await slack.until(lambda: connects(slack) == 2 or None)
        async with asyncio.timeout(30):
            await link.stop()
            await link.stop()
    left = {task.get_coro().__qualname__ for task in asyncio.all_tasks() - before}  # type: ignore[union-attr]
    assert not [name for name in left if "SocketModeClient" in name or name.startswith("Link")]
