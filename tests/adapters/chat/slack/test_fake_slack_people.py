"""The fake Slack's people, over Socket Mode and signed requests, met by the real Bolt."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp.test_utils import TestServer
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.fakes.slack import FakeSlack, Workspace

NEXT = {
    "type": "actions",
    "elements": [
        {"type": "button", "action_id": "next", "text": {"type": "plain_text", "text": "Next"}, "value": "2"},
        {
            "type": "static_select",
            "action_id": "sort",
            "options": [{"text": {"type": "plain_text", "text": word}, "value": word} for word in ("newest", "best")],
        },
    ],
}
JUMP = {
    "type": "modal",
    "callback_id": "jump",
    "title": {"type": "plain_text", "text": "Go to page"},
    "submit": {"type": "plain_text", "text": "Go"},
    "blocks": [
        {
            "type": "input",
            "block_id": "which",
            "label": {"type": "plain_text", "text": "Page"},
            "element": {"type": "number_input", "action_id": "page", "is_decimal_allowed": False, "max_value": "9"},
        }
    ],
}


@dataclass
class Bot:
    """A small bot; ``seen`` are the bodies it got."""

    app: AsyncApp
    seen: list[dict[str, Any]]


def a_bot(slack: FakeSlack, home: Workspace) -> Bot:
    client = AsyncWebClient(token=home.bot_token, base_url=slack.api_url, retry_handlers=[])
    app = AsyncApp(client=client, signing_secret=home.signing_secret)
    bot = Bot(app, [])

    @app.use
    async def keep(body: dict[str, Any], next: Any) -> None:  # noqa: A002 - Bolt's own name
        bot.seen.append(body)
        await next()

    @app.command("/papers")
    async def search(ack: Any, respond: Any, command: dict[str, Any]) -> None:
        await ack()
        await respond(text=f"You asked: {command['text']}", blocks=[NEXT])

    @app.action("next")
    async def turn(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="Page 2", replace_original=True)

    @app.action("sort")
    async def ask(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=JUMP)

    @app.view("jump")
    async def jump(ack: Any, view: dict[str, Any]) -> None:
        wrong = view["state"]["values"]["which"]["page"]["value"] == "7"
        await (ack(response_action="errors", errors={"which": "Too far."}) if wrong else ack())

    @app.event("app_mention")
    async def mentioned(event: dict[str, Any]) -> None:
        where = {key: event[key] for key in ("channel", "user", "thread_ts") if key in event}
        await client.chat_postEphemeral(**where, text="For you")

    @app.event("message")
    async def typed(event: dict[str, Any]) -> None:
        if "bot_id" not in event:
            await client.chat_postMessage(channel=event["channel"], text="Hello")

    @app.event(re.compile("member_joined_channel|channel_|group_|tokens_revoked"))
    async def told() -> None:
        pass

    return bot


@asynccontextmanager
async def connected(slack: FakeSlack) -> AsyncIterator[Bot]:
    """The small bot, over Socket Mode."""
    bot = a_bot(slack, slack.workspace())
    handler = AsyncSocketModeHandler(bot.app, slack.workspace().app_token)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await slack.until(lambda: slack.workspace().sockets.open)
    try:
        yield bot
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]


@asynccontextmanager
async def served(slack: FakeSlack) -> AsyncIterator[Bot]:
    """The small bot, over HTTP."""
    bot = a_bot(slack, slack.workspace())
    async with TestServer(bot.app.web_app("/slack/events")) as server:
        slack.workspace().events_url = str(server.make_url("/slack/events"))
        yield bot


@pytest.fixture(params=[connected, served], ids=["socket", "http"])
async def bot(request: pytest.FixtureRequest, slack: FakeSlack) -> AsyncIterator[Bot]:
    async with request.param(slack) as running:
        yield running


async def test_a_command_is_answered_to_one_person_and_turned_in_place(slack: FakeSlack, bot: Bot) -> None:
    ann, general = slack.user("ann"), slack.channel("general")
    command = await slack.slash(ann, general, "search mri")
    answer = await slack.answer_to(command)
    assert (command.acked, answer.to, answer.text) == (True, ann, "You asked: search mri")
    click = await slack.click(ann, answer, "next")
    assert await slack.answer_to(click) is answer
    assert (answer.text, answer.blocks) == ("Page 2", [])
    assert not slack.messages(general)
    assert not slack.ephemerals(slack.user("bob"), general)
    assert bot.seen[1]["container"]["is_ephemeral"]
    assert "message" not in bot.seen[1]


async def test_a_modal_is_filled_in_and_shows_what_is_wrong(slack: FakeSlack, bot: Bot) -> None:
    ann = slack.user("ann")
    answer = await slack.answer_to(await slack.slash(ann, slack.channel("general"), "search mri"))
    await slack.click(ann, answer, "sort", "newest")
    view = await slack.view_for(ann)
    with pytest.raises(AssertionError, match="is needed"):
        await slack.submit(view)
    with pytest.raises(AssertionError, match="not from"):
        await slack.submit(view, {"page": "10"})
    await slack.submit(view, {"page": "7"})
    assert view.errors == {"which": "Too far."}
    await slack.submit(view, {"page": "3"})
    assert slack.views == []


async def test_people_mention_and_write_to_the_bot(slack: FakeSlack, bot: Bot) -> None:
    ann, general = slack.user("ann"), slack.channel("general")
    root = slack.say(ann, general, "Any news?")
    mention = await slack.mention(ann, general, "show 3", thread_ts=root.ts)
    answer = await slack.answer_to(mention)
    assert (answer.to, answer.thread_ts) == (ann, root.ts)
    assert bot.seen[0]["event"]["text"] == f"<@{slack.workspace().bot.id}> show 3"
    answer = await slack.answer_to(await slack.direct(ann, "help"))
    assert answer.channel is slack.direct_channel(ann)
    await slack.settled()


async def test_a_gesture_can_come_twice(slack: FakeSlack, bot: Bot) -> None:
    ann, general = slack.user("ann"), slack.channel("general")
    command = await slack.again(await slack.slash(ann, general, "help"))
    assert len(await slack.until(lambda: slack.answers(command)[1:])) == 1
    assert len({body["trigger_id"] for body in bot.seen}) == 1


async def test_an_unknown_event_is_not_acked_and_comes_again(slack: FakeSlack) -> None:
    async with served(slack):
        event = await slack.event({"type": "emoji_changed", "event_ts": "1.0"}, retries=2)
        assert (event.acked, event.attempts, event.ack.status) == (False, 3, 404)


async def test_only_well_signed_requests_are_taken(slack: FakeSlack) -> None:
    async with served(slack):
        body = json.dumps({"type": "event_callback"}).encode()
        assert (await slack.verify_url()).payload == {"challenge": "3eZbrw1aB1"}
        assert (await slack.post_signed(body, secret="wrong")).status == 401
        assert (await slack.post_signed(body, timestamp="1000000000")).status == 401


async def test_an_answer_stands_beside_its_message_or_takes_its_place(slack: FakeSlack) -> None:
    ann, general = slack.user("ann"), slack.channel("general")
    async with connected(slack):
        original = await slack.answer_to(await slack.slash(ann, general, "help"))
        answers = AsyncWebhookClient((await slack.click(ann, original, "sort", "best")).payload["response_url"])
        await answers.send(text="Beside", replace_original=False)
        assert [message.text for message in slack.ephemerals(ann, general)] == ["You asked: help", "Beside"]
        await answers.send(text="For all", response_type="in_channel")
        assert [message.text for message in slack.messages(general)] == ["For all"]
        await answers.send(delete_original=True)
        assert [message.text for message in slack.ephemerals(ann, general)] == ["Beside"]


async def test_a_response_url_is_good_for_five_answers_within_half_an_hour(slack: FakeSlack) -> None:
    async with connected(slack) as bot:
        ann, general = slack.user("ann"), slack.channel("general")
        first = await slack.slash(ann, general, "help")
        await slack.answer_to(first)
        client = AsyncWebhookClient(first.payload["response_url"])
        assert [(await client.send(text=str(n))).status_code for n in range(5)] == [200, 200, 200, 200, 404]
        late = await slack.slash(ann, general, "help")
        slack.pass_time(30 * 60 + 1)
        assert (await AsyncWebhookClient(late.payload["response_url"]).send(text="x")).status_code == 404
        assert bot.seen[0]["is_enterprise_install"] == "false"


async def test_the_bot_is_told_of_its_channels_and_its_token(slack: FakeSlack) -> None:
    ann, lab = slack.user("ann"), slack.channel("lab", private=True, bot=False)
    async with connected(slack) as bot:
        await slack.invite(ann, lab)
        joined = bot.seen[-1]["event"]
        assert (joined["type"], joined["inviter"], joined["channel_type"]) == ("member_joined_channel", ann.id, "G")
        await slack.archive(ann, lab)
        assert (lab.archived, lab.bot) == (True, False)
        await slack.rename(ann, slack.channel("general"), "all")
        assert bot.seen[-1]["event"]["channel"]["name"] == "all"
        await slack.revoke()
        with pytest.raises(SlackApiError, match="token_revoked"):
            await bot.app.client.auth_test()
