"""Posting against a fake Slack: what is known after each thing that can go wrong, and in which form a message goes."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.chat.slack import sending
from adapters.chat.slack.workspace import Workspace
from bot.model import ChannelRef, DeliveryKey, Member
from bot.ports import Outcome, Receipt
from tests.adapters.chat.slack.conftest import open_workspace
from tests.fakes.slack import FakeSlack, faults
from tests.fakes.slack.world import Channel

KEY = DeliveryKey("k" * 24)
BLOCKS = [{"type": "section", "text": {"type": "plain_text", "text": "12 new papers"}}]
ODD_BLOCKS = [{"type": "section", "text": {"type": "plain_text", "text": "x" * 3001}}]
MARKS = "abcdefgh" * 3


def message(**changes: Any) -> dict[str, Any]:
    metadata = {"event_type": "paperround_delivery", "event_payload": {"k": KEY, "marks": MARKS}}
    whole = {"text": "12 new papers", "blocks": BLOCKS, "metadata": metadata, "unfurl_links": False} | changes
    return {key: value for key, value in whole.items() if value is not None}


@pytest.fixture
def channel(slack: FakeSlack) -> Channel:
    return slack.channel("papers")


async def post(workspace: Workspace, channel: Channel | ChannelRef, **changes: Any) -> Receipt:
    ref = channel if isinstance(channel, ChannelRef) else workspace.ref(channel.id, "")
    return await sending.post(workspace, ref, KEY, sending.to_bytes(message(**changes)))


async def test_a_message_is_sent_as_it_was_frozen(slack: FakeSlack, workspace: Workspace, channel: Channel) -> None:
    receipt = await post(workspace, channel)
    [shown] = slack.messages(channel)
    assert receipt == Receipt(Outcome.SENT, message_id=shown.ts)
    assert (shown.text, shown.metadata) == ("12 new papers", message()["metadata"])
    [call] = slack.calls["chat.postMessage"]
    assert call.arguments == message() | {"channel": channel.id}


async def test_a_persons_direct_messages_are_opened_once(slack: FakeSlack, workspace: Workspace) -> None:
    ann = slack.user("ann")
    direct = Member("slack", "", ann.id).direct
    for _ in range(2):
        assert (await post(workspace, direct)).outcome is Outcome.SENT
    assert len(slack.messages(slack.direct_channel(ann))) == 2
    assert len(slack.calls["conversations.open"]) == 1


@pytest.mark.parametrize(
    ("fault", "known"),
    [
        (faults.drop(), (0, Outcome.UNKNOWN)),
        (faults.drop(after=True), (1, Outcome.UNKNOWN)),
        (faults.status(500), (0, Outcome.UNKNOWN)),
        (faults.status(503, after=True), (1, Outcome.UNKNOWN)),
        (faults.status(200, "<html>Please log in</html>"), (0, Outcome.UNKNOWN)),
        (faults.error("internal_error", after=True), (1, Outcome.UNKNOWN)),
        (faults.error("fatal_error"), (0, Outcome.UNKNOWN)),
        (faults.error("something_new"), (0, Outcome.UNKNOWN)),
        (faults.error("is_archived"), (0, Outcome.NOT_SENT)),
        (faults.ratelimited(20), (0, Outcome.NOT_SENT)),
    ],
)
async def test_a_failed_call_is_made_once_and_judged(
    slack: FakeSlack, workspace: Workspace, channel: Channel, fault: faults.Fault, known: tuple[int, Outcome]
) -> None:
    await workspace.identify()  # opens a connection, which is used again
    slack.faults.fail_next("chat.postMessage", fault)
    receipt = await post(workspace, channel)
    assert (len(slack.messages(channel)), receipt.outcome) == known
    assert receipt.error
    assert len(slack.calls["chat.postMessage"]) == 1


async def test_where_nobody_listens_nothing_was_sent() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        async with open_workspace(f"http://127.0.0.1:{taken.getsockname()[1]}/api/") as workspace:
            receipt = await post(workspace, ChannelRef("slack", "", "C1"))
    assert (receipt.outcome, receipt.channel_lost, receipt.permanent) == (Outcome.NOT_SENT, False, False)
    assert receipt.error == "Slack cannot be reached: no connection; look at the machine's network"


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ({"bot": False}, "type /invite @Paper Round there"),
        ({"private": True, "bot": False}, "Slack knows no such channel, or it is a private one without the bot"),
        ({"archived": True}, "the channel is archived"),
    ],
)
async def test_a_channel_that_takes_nothing_is_lost(
    slack: FakeSlack, workspace: Workspace, flags: dict[str, Any], said: str
) -> None:
    receipt = await post(workspace, slack.channel("elsewhere", **flags))
    assert (receipt.outcome, receipt.channel_lost) == (Outcome.NOT_SENT, True)
    assert said in (receipt.error or "")


async def test_a_revoked_token_loses_every_channel(slack: FakeSlack, workspace: Workspace, channel: Channel) -> None:
    slack.workspace().token_error = "token_revoked"
    receipt = await post(workspace, channel)
    assert (receipt.outcome, receipt.channel_lost) == (Outcome.NOT_SENT, True)


@pytest.mark.parametrize("fault", [faults.status(500), faults.drop(), faults.error("internal_error")])
async def test_while_direct_messages_cannot_be_opened_nothing_is_sent_and_it_is_tried_again(
    slack: FakeSlack, workspace: Workspace, fault: faults.Fault
) -> None:
    slack.faults.fail_next("conversations.open", fault)
    direct = Member("slack", "", slack.user("ann").id).direct
    receipt = await post(workspace, direct)
    assert (receipt.outcome, receipt.channel_lost, receipt.permanent) == (Outcome.NOT_SENT, False, False)
    assert not slack.calls["chat.postMessage"]
    assert (await post(workspace, direct)).outcome is Outcome.SENT


async def test_a_person_who_left_takes_no_messages(slack: FakeSlack, workspace: Workspace) -> None:
    gone = Member("slack", "", slack.user("bob", deleted=True).id).direct
    receipt = await post(workspace, gone)
    assert (receipt.outcome, receipt.channel_lost) == (Outcome.NOT_SENT, True)


async def test_retry_after_holds_the_whole_workspace(slack: FakeSlack, workspace: Workspace, channel: Channel) -> None:
    slack.faults.fail_next("chat.postMessage", faults.ratelimited(3600))
    assert (await post(workspace, channel)).retry_after == 3600.0
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await workspace.pace.turn("C-other")


# ---------------------------------------------------------------- plainer forms


@pytest.mark.parametrize("refusal", ["invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"])
async def test_refused_blocks_are_left_out(
    slack: FakeSlack, workspace: Workspace, channel: Channel, refusal: str
) -> None:
    slack.faults.fail_next("chat.postMessage", faults.error(refusal))
    receipt = await post(workspace, channel)
    [shown] = slack.messages(channel)
    assert receipt == Receipt(Outcome.SENT, message_id=shown.ts)
    assert (shown.text, shown.blocks, shown.metadata) == ("12 new papers", [], message()["metadata"])


@pytest.mark.parametrize("refusal", ["invalid_metadata_format", "invalid_metadata_schema", "metadata_too_large"])
async def test_refused_metadata_is_the_key_alone(
    slack: FakeSlack, workspace: Workspace, channel: Channel, refusal: str
) -> None:
    slack.faults.fail_next("chat.postMessage", faults.error(refusal))
    receipt = await post(workspace, channel)
    [shown] = slack.messages(channel)
    assert receipt == Receipt(Outcome.SENT, message_id=shown.ts)
    assert shown.metadata == {"event_type": "paperround_delivery", "event_payload": {"k": KEY}}
    assert len(shown.blocks) == 1


async def test_both_may_be_refused_one_after_the_other(
    slack: FakeSlack, workspace: Workspace, channel: Channel
) -> None:
    refusals = (faults.error("metadata_too_large"), faults.error("invalid_blocks"))
    slack.faults.fail_next("chat.postMessage", *refusals)
    assert (await post(workspace, channel)).outcome is Outcome.SENT
    assert len(slack.calls["chat.postMessage"]) == 3
    [shown] = slack.messages(channel)
    assert (shown.blocks, (shown.metadata or {})["event_payload"]) == ([], {"k": KEY})


async def test_what_no_form_helps_is_refused_for_good(slack: FakeSlack, workspace: Workspace, channel: Channel) -> None:
    slack.faults.fail_next("chat.postMessage", faults.error("invalid_blocks"), times=2)
    receipt = await post(workspace, channel)
    assert (receipt.outcome, receipt.permanent, len(slack.messages(channel))) == (Outcome.NOT_SENT, True, 0)
    assert len(slack.calls["chat.postMessage"]) == 2


async def test_after_a_plainer_form_got_lost_it_is_not_known_whether_it_was_sent(
    slack: FakeSlack, workspace: Workspace, channel: Channel
) -> None:
    slack.faults.fail_next("chat.postMessage", faults.error("invalid_blocks"), faults.drop(after=True))
    assert (await post(workspace, channel)).outcome is Outcome.UNKNOWN
    assert len(slack.messages(channel)) == 1


async def test_blocks_that_slack_refuses_by_its_own_rules_cost_their_layout_only(
    slack: FakeSlack, workspace: Workspace, channel: Channel
) -> None:
    long = [{"type": "section", "text": {"type": "plain_text", "text": "x" * 2900}}] * 5
    assert (await post(workspace, channel, blocks=long)).outcome is Outcome.SENT
    assert json.dumps(slack.messages(channel)[0].blocks) == "[]"


# ---------------------------------------------------------------- the environment


@pytest.fixture
async def surrounded(slack: FakeSlack, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Workspace]:
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-of-somebody-else")
    async with open_workspace(slack.api_url, slack.workspace()) as workspace:
        yield workspace


async def test_neither_a_proxy_nor_a_token_is_taken_from_the_environment(
    surrounded: Workspace, channel: Channel
) -> None:
    assert (await post(surrounded, channel)).outcome is Outcome.SENT
