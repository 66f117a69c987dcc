from __future__ import annotations

import io
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from adapters.chat.slack.listening import Listener
from adapters.chat.slack.web import EventsPage
from adapters.web import WebServer
from tests.adapters.chat.slack.bench import Bench, open_bench
from tests.adapters.chat.slack.conftest import open_workspace
from tests.fakes.slack import FakeSlack


@asynccontextmanager
async def serving(slack: FakeSlack, *benches: Bench) -> AsyncIterator[str]:
    """The bot's web server with Slack's requests on it."""
    listeners = [Listener(bench.workspace, bench.tools()) for bench in benches]
    server = WebServer("127.0.0.1", 0)
    server.add_routes(EventsPage(listeners).routes())
    await server.start()
    url = f"http://127.0.0.1:{server.port}/slack/events"
    for home in slack.workspaces.values():
        home.events_url = url
    try:
        yield url
    finally:
        await server.stop()
        for listener in listeners:
            await listener.close()


@pytest.fixture
async def bench(slack: FakeSlack) -> AsyncIterator[Bench]:
    async with open_bench(slack) as opened:
        yield opened


async def test_commands_clicks_and_events_are_answered(slack: FakeSlack, bench: Bench) -> None:
    ann, lab = slack.user("ann"), slack.channel("lab")
    async with serving(slack, bench):
        gesture = await slack.slash(ann, lab, "search mri")
        shown = await slack.answer_to(gesture)
        turned = await slack.click(ann, shown, "1.next.k7Qd2.2")
        await slack.answer_to(turned)
        mentioned = await slack.mention(ann, lab, "show 3")
        assert "P3" in (await slack.answer_to(mentioned)).text
    assert "Page 2 " in shown.text
    assert (gesture.ack.status, turned.ack.status, mentioned.ack.status) == (200, 200, 200)


async def test_a_modal_is_submitted(slack: FakeSlack, bench: Bench) -> None:
    ann, lab = slack.user("ann"), slack.channel("lab")
    async with serving(slack, bench):
        shown = await slack.answer_to(await slack.slash(ann, lab, "search mri"))
        await slack.click(ann, shown, "1.jump.k7Qd2")
        await slack.submit(await slack.view_for(ann), {"value": "17"})
        await slack.until(lambda: "Page 17 " in shown.text)


async def test_slack_can_verify_the_address(slack: FakeSlack, bench: Bench) -> None:
    async with serving(slack, bench) as url:
        body = json.dumps({"type": "url_verification", "token": "x", "challenge": "3eZbrw1a"}).encode()
        verified = await slack.post_signed(body)
        async with (
            aiohttp.ClientSession() as session,
            session.post(url, data={"ssl_check": "1", "token": "x"}) as looked,
        ):
            assert looked.status == 200
    assert (verified.status, verified.payload) == (200, {"challenge": "3eZbrw1a"})


async def test_only_what_is_signed_lately_is_taken(slack: FakeSlack, bench: Bench) -> None:
    body = json.dumps({"type": "event_callback", "event_id": "Ev1", "event": {"type": "app_mention"}}).encode()
    async with serving(slack, bench):
        now = int(time.time())
        good = await slack.post_signed(body, timestamp=str(now - 240))
        refused = [
            await slack.post_signed(body, secret="somebody else's"),
            await slack.post_signed(body, timestamp=str(now - 360)),
            await slack.post_signed(body, timestamp=str(now + 360)),
            await slack.post_signed(body, timestamp="yesterday"),
            await slack.post_signed(body, timestamp=""),
            await slack.post_signed(body, timestamp="9" * 5000),
            await slack.post_signed(b"\xff\xfe"),
            await slack.post_signed(body, headers={"X-Slack-Signature": "v0=ünsigned"}),
            await slack.post_signed(body, headers={"X-Slack-Signature": ""}),
        ]
    assert good.status == 200
    assert [answer.status for answer in refused] == [401] * 9
    assert bench.answers.asked == []


async def test_what_is_too_long_is_refused(slack: FakeSlack, bench: Bench) -> None:
    body = io.BytesIO(b"x" * 1_048_577)
    async with (
        serving(slack, bench) as url,
        aiohttp.ClientSession() as session,
        session.post(url, data=body) as answer,
    ):
        assert answer.status == 413


async def test_nonsense_that_is_signed_harms_nobody(slack: FakeSlack, bench: Bench) -> None:
    ann, lab = slack.user("ann"), slack.channel("lab")
    async with serving(slack, bench):
        for body in (b"", b"{", b"[]", b"null", b'{"type": 7}', b'{"event": {}}', b"payload=%7B"):
            assert (await slack.post_signed(body)).status in (200, 404, 500)
        assert (await slack.slash(ann, lab, "show 3")).acked


async def test_each_workspace_gets_what_its_own_app_signed(slack: FakeSlack) -> None:
    one, two = slack.workspace("one"), slack.workspace("two")
    ann = slack.user("ann", workspace="two")
    async with open_bench(slack, one) as first, open_bench(slack, two) as second, serving(slack, first, second):
        gesture = await slack.slash(ann, slack.channel("lab", workspace="two"), "show 3")
        assert "P3" in (await slack.answer_to(gesture)).text
    assert first.answers.asked == []
    assert [asker.channel.workspace for _, asker in second.answers.asked] == ["two"]


async def test_events_that_come_again_are_done_once(slack: FakeSlack, bench: Bench) -> None:
    ann, lab = slack.user("ann"), slack.channel("lab")
    async with serving(slack, bench):
        mentioned = await slack.mention(ann, lab, "show 3")
        await slack.answer_to(mentioned)
        for retry in (1, 2, 3):
            assert (await slack.again(mentioned, retry=retry)).acked
        await slack.answer_to(await slack.slash(ann, lab, "show 4"))
    assert len(bench.answers.asked) == 2


async def test_a_workspace_that_is_not_known_yet_is_tried_again_later(slack: FakeSlack) -> None:
    async with open_workspace(slack.api_url, slack.workspace()) as workspace:
        unknown = Bench(slack, workspace, answers=None)  # type: ignore[arg-type]
        listener = Listener(workspace, tools=None)  # type: ignore[arg-type]
        assert unknown.workspace is listener.workspace
        server = WebServer("127.0.0.1", 0)
        server.add_routes(EventsPage([listener]).routes())
        await server.start()
        slack.workspace().events_url = f"http://127.0.0.1:{server.port}/slack/events"
        try:
            gesture = await slack.slash(slack.user("ann"), slack.channel("lab"), "show 3")
        finally:
            await server.stop()
    assert gesture.ack.status == 503
