"""The fake Slack's Web API, asked by the real client: it takes what Slack takes and refuses what Slack refuses."""

from __future__ import annotations

import time
from collections.abc import Awaitable
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import Channel, FakeSlack, faults

METADATA = {"event_type": "paperround_delivery", "event_payload": {"k": "key", "marks": "abcdefgh"}}


def client_of(slack: FakeSlack, token: str, **how: Any) -> AsyncWebClient:
    return AsyncWebClient(token=token, base_url=slack.api_url, **{"retry_handlers": [], **how})


@pytest.fixture
def client(slack: FakeSlack) -> AsyncWebClient:
    return client_of(slack, slack.workspace().bot_token)


@pytest.fixture
async def general(slack: FakeSlack) -> Channel:
    return slack.channel("general")


async def refusal(call: Awaitable[Any]) -> str:
    """The error which Slack answered."""
    with pytest.raises(SlackApiError) as refused:
        await call
    return str(refused.value.response["error"])


def section(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "plain_text", "text": text}, **more}


def button(action_id: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": {"type": "plain_text", "text": "Next"}, **more}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


async def test_it_says_who_the_bot_is_and_what_it_may_do(slack: FakeSlack, client: AsyncWebClient) -> None:
    answer = await client.auth_test()
    assert answer["user_id"] == slack.workspace().bot.id
    assert answer["bot_id"] == slack.workspace().bot_id
    assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")


async def test_a_message_is_read_back_with_its_metadata_only_when_asked(
    client: AsyncWebClient, general: Channel
) -> None:
    posted = await client.chat_postMessage(
        channel=general.id, text="Hello", blocks=[section("Hello")], metadata=METADATA
    )
    whole = await client.conversations_history(channel=general.id, include_all_metadata=True)
    bare = await client.conversations_history(channel=general.id)
    assert posted["message"]["metadata"] == whole["messages"][0]["metadata"] == METADATA
    assert whole["messages"][0]["blocks"][0]["block_id"]
    assert bare["messages"][0]["metadata"] == {"event_type": "paperround_delivery"}


async def test_history_has_pages_and_bounds(slack: FakeSlack, client: AsyncWebClient, general: Channel) -> None:
    ann = slack.user("ann")
    first, *_, last = [slack.say(ann, general, str(number)) for number in range(5)]
    page = await client.conversations_history(channel=general.id, limit=3)
    slack.say(ann, general, "said meanwhile")
    rest = await client.conversations_history(
        channel=general.id, limit=3, cursor=page["response_metadata"]["next_cursor"]
    )
    assert [m["text"] for m in (*page["messages"], *rest["messages"])] == ["4", "3", "2", "1", "0"]
    assert (page["has_more"], rest["has_more"]) == (True, False)
    between = await client.conversations_history(channel=general.id, oldest=first.ts, latest=last.ts)
    assert [m["text"] for m in between["messages"]] == ["3", "2", "1"]
    with_ends = await client.conversations_history(channel=general.id, oldest=first.ts, latest=last.ts, inclusive=True)
    assert len(with_ends["messages"]) == 5


async def test_posting_needs_a_place_where_the_bot_is(slack: FakeSlack, client: AsyncWebClient) -> None:
    other = slack.channel("other", workspace="physics")
    places = {
        "not_in_channel": slack.channel("public", bot=False).id,
        "channel_not_found": slack.channel("private", private=True, bot=False).id,
        "is_archived": slack.channel("old", archived=True).id,
    }
    for error, place in places.items():
        assert await refusal(client.chat_postMessage(channel=place, text="Hello")) == error
    assert await refusal(client.chat_postMessage(channel=other.id, text="Hello")) == "channel_not_found"
    await client.conversations_join(channel=places["not_in_channel"])
    assert (await client.chat_postMessage(channel=places["not_in_channel"], text="Hello"))["ok"]


async def test_tokens_and_scopes_are_checked(slack: FakeSlack, client: AsyncWebClient, general: Channel) -> None:
    home = slack.workspace()
    assert await refusal(client_of(slack, "").auth_test()) == "not_authed"
    assert await refusal(client_of(slack, "xoxb-other").auth_test()) == "invalid_auth"
    assert await refusal(client.apps_connections_open(app_token=home.bot_token)) == "not_allowed_token_type"
    home.scopes.remove("channels:history")
    with pytest.raises(SlackApiError) as refused:
        await client.conversations_history(channel=general.id)
    assert (refused.value.response["error"], refused.value.response["needed"]) == ("missing_scope", "channels:history")
    home.token_error = "token_revoked"
    assert await refusal(client.auth_test()) == "token_revoked"


@pytest.mark.parametrize(
    ("blocks", "error"),
    [
        ([section("")], "invalid_blocks"),
        ([section("x" * 3001)], "invalid_blocks"),
        ([section("x")] * 51, "invalid_blocks"),
        ([section("x", block_id="a"), section("y", block_id="a")], "invalid_blocks"),
        ([section("x", colour="red")], "invalid_blocks"),
        ([actions(button("a"), button("a"))], "invalid_blocks"),
        ([actions(button("a", value="x" * 2001))], "invalid_blocks"),
        ([actions({"type": "static_select", "action_id": "a", "options": []})], "invalid_blocks"),
        ([{"type": "poem"}], "invalid_blocks"),
        ([section("x" * 2990) for _ in range(5)], "msg_blocks_too_long"),
        ("no JSON", "invalid_blocks_format"),
        ([], "no_text"),
    ],
)
async def test_blocks_slack_does_not_take_are_refused(
    slack: FakeSlack, client: AsyncWebClient, general: Channel, blocks: Any, error: str
) -> None:
    arguments = {"channel": general.id, "blocks": blocks}
    assert await refusal(client.api_call("chat.postMessage", json=arguments)) == error
    assert not slack.messages(general)


async def test_the_refusal_of_a_block_says_where(client: AsyncWebClient, general: Channel) -> None:
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel=general.id, text="x", blocks=[section("x" * 3001)])
    [said] = refused.value.response["response_metadata"]["messages"]
    assert said == "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"


@pytest.mark.parametrize(
    ("payload", "error"),
    [
        ({"k": None}, "invalid_metadata_schema"),
        ({"marks": ["a", "b"]}, "invalid_metadata_schema"),
        ({"a": {"b": {"c": 1}}}, "invalid_metadata_schema"),
        ("key", "invalid_metadata_format"),
        ({"k": "x" * 9000}, "metadata_too_large"),
    ],
)
async def test_metadata_holds_plain_values(client: AsyncWebClient, general: Channel, payload: Any, error: str) -> None:
    metadata = {"event_type": "paperround_delivery", "event_payload": payload}
    assert await refusal(client.chat_postMessage(channel=general.id, text="Hello", metadata=metadata)) == error


async def test_only_own_public_messages_can_be_changed(
    slack: FakeSlack, client: AsyncWebClient, general: Channel
) -> None:
    ann = slack.user("ann")
    own = await client.chat_postMessage(channel=general.id, text="One", blocks=[section("One")], metadata=METADATA)
    await client.chat_update(channel=general.id, ts=own["ts"], text="Two")
    [shown] = slack.messages(general)
    assert (shown.text, shown.blocks, shown.edited, shown.metadata) == ("Two", [], True, METADATA)
    typed = slack.say(ann, general, "Mine")
    assert await refusal(client.chat_update(channel=general.id, ts=typed.ts, text="x")) == "cant_update_message"
    whisper = await client.chat_postEphemeral(channel=general.id, user=ann.id, text="For you")
    gone = client.chat_update(channel=general.id, ts=whisper["message_ts"], text="x")
    assert await refusal(gone) == "message_not_found"
    assert [message.text for message in slack.ephemerals(ann, general)] == ["For you"]
    assert len(slack.messages(general)) == 2


async def test_a_channel_takes_a_burst_and_then_one_message_a_second(
    slack: FakeSlack, client: AsyncWebClient, general: Channel
) -> None:
    for _ in range(5):
        await client.chat_postMessage(channel=general.id, text="Hello")
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel=general.id, text="Hello")
    assert (refused.value.response.status_code, refused.value.response.headers["Retry-After"]) == (429, "1")
    slack.pass_time(1)
    await client.chat_postMessage(channel=general.id, text="Hello")
    assert (await client.chat_postMessage(channel=slack.channel("other").id, text="Hello"))["ok"]


async def test_a_method_has_so_many_calls_a_minute(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.workspace().rates.per_minute["users.info"] = 2
    ann = slack.user("ann", restricted=True)
    assert (await client.users_info(user=ann.id))["user"]["is_restricted"] is True
    await client.users_info(user=ann.id)
    assert await refusal(client.users_info(user=ann.id)) == "ratelimited"
    slack.pass_time(60)
    assert (await client.users_info(user=ann.id))["ok"]


@pytest.mark.parametrize(("fault", "kept"), [(faults.drop(), 0), (faults.drop(after=True), 1), (faults.late(), 1)])
async def test_a_call_can_be_lost_before_or_after_it_was_carried_out(
    slack: FakeSlack, general: Channel, fault: faults.Fault, kept: int
) -> None:
    slack.faults.fail_next("chat.postMessage", fault)
    client = client_of(slack, slack.workspace().bot_token, timeout=0.2)
    with pytest.raises((aiohttp.ClientError, TimeoutError)):
        await client.chat_postMessage(channel=general.id, text="Hello")
    if kept:
        await slack.until(lambda: slack.messages(general))
    assert len(slack.messages(general)) == kept


async def test_slacks_clock_is_its_own(slack: FakeSlack, client: AsyncWebClient, general: Channel) -> None:
    slack.pass_time(3600)
    posted = await client.chat_postMessage(channel=general.id, text="Hello")
    date = parsedate_to_datetime(posted.headers["Date"]).timestamp()
    assert abs(date - float(posted["ts"])) < 60
    assert date > time.time() + 3000


async def test_the_sdks_own_retry_posts_twice_as_in_reality(slack: FakeSlack, general: Channel) -> None:
    slack.faults.fail_next("chat.postMessage", faults.drop(after=True))
    retrying = AsyncWebClient(token=slack.workspace().bot_token, base_url=slack.api_url)
    await retrying.chat_postMessage(channel=general.id, text="Hello")
    assert len(slack.messages(general)) == 2


async def test_a_share_of_calls_fails_the_same_way_each_time() -> None:
    async def is_refused(call: Awaitable[Any]) -> bool:
        try:
            await call
        except SlackApiError:
            return True
        return False

    async def outcomes() -> list[bool]:
        async with FakeSlack() as slack:
            slack.faults.fault_share("auth.test", 0.5, faults.error("internal_error"), faults.status(500))
            client = client_of(slack, slack.workspace().bot_token)
            return [await is_refused(client.auth_test()) for _ in range(20)]

    once = await outcomes()
    assert once == await outcomes()
    assert {True, False} == set(once)


async def test_a_file_is_uploaded_in_three_steps(slack: FakeSlack, client: AsyncWebClient) -> None:
    ann = slack.user("ann")
    direct = await client.conversations_open(users=ann.id)
    await client.files_upload_v2(channel=direct["channel"]["id"], filename="papers.bib", content="@article{}")
    [file] = slack.files
    assert (file.name, file.content, file.channel) == ("papers.bib", b"@article{}", slack.direct_channel(ann))


async def test_workspaces_know_nothing_of_one_another(slack: FakeSlack) -> None:
    rad, lab = (slack.channel("general", workspace=name) for name in ("rad", "lab"))
    clients = {name: client_of(slack, slack.workspace(name).bot_token) for name in ("rad", "lab")}
    await clients["rad"].chat_postMessage(channel=rad.id, text="Hello")
    assert await refusal(clients["lab"].chat_postMessage(channel=rad.id, text="Hello")) == "channel_not_found"
    listed = await clients["lab"].users_conversations()
    assert [channel["id"] for channel in listed["channels"]] == [lab.id]


async def test_a_trigger_opens_one_modal_within_three_seconds(slack: FakeSlack, client: AsyncWebClient) -> None:
    ann = slack.user("ann")

    def modal_of(title: str) -> dict[str, Any]:
        return {"type": "modal", "title": {"type": "plain_text", "text": title}, "blocks": [section("Which?")]}

    modal, trigger = modal_of("Go to page"), slack.trigger(ann)
    refused = client.views_open(trigger_id=trigger, view=modal_of("x" * 25))
    assert await refusal(refused) == "invalid_arguments"
    opened = await client.views_open(trigger_id=trigger, view=modal)
    assert slack.views[0].id == opened["view"]["id"]
    assert await refusal(client.views_open(trigger_id=trigger, view=modal)) == "exchanged_trigger_id"
    late = slack.trigger(ann)
    slack.pass_time(4)
    assert await refusal(client.views_open(trigger_id=late, view=modal)) == "expired_trigger_id"
    stale = client.views_update(view_id=opened["view"]["id"], hash="other", view=modal)
    assert await refusal(stale) == "hash_conflict"
    await client.views_publish(user_id=ann.id, view={"type": "home", "blocks": [section("Yours")]})
    assert slack.homes[ann.id].blocks[0]["text"]["text"] == "Yours"
