"""Reading a channel back from a fake Slack: what is found, what is not there, and what nobody can tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.chat.slack import reading, sending
from adapters.chat.slack.workspace import Workspace
from adapters.pace import Pace
from bot.model import DeliveryKey, Member
from bot.ports import Outcome, ReadBack, Shown
from tests.adapters.chat.slack.conftest import open_workspace, utc_now
from tests.fakes.slack import Channel, FakeSlack, Message, User, faults

KEY = DeliveryKey("k" * 24)
OTHER_KEY = DeliveryKey("o" * 24)


@pytest.fixture
def channel(slack: FakeSlack) -> Channel:
    return slack.channel("papers")


async def post(workspace: Workspace, channel: Channel, key: DeliveryKey = KEY, marks: str = "") -> str:
    """Post a delivery, and give its ts."""
    payload: dict[str, Any] = {"k": key} | ({"marks": marks} if marks else {})
    message = {"text": "a paper", "metadata": {"event_type": "paperround_delivery", "event_payload": payload}}
    ref = workspace.ref(channel.id, channel.person.id if channel.person else "")
    receipt = await sending.post(workspace, ref, key, sending.to_bytes(message))
    assert receipt.outcome is Outcome.SENT
    return receipt.message_id or ""


def say(slack: FakeSlack, channel: Channel, author: User, text: str = "hello", **more: Any) -> Message:
    return slack.show(Message(channel, author, slack.ts(), text, **more))


def lately() -> datetime:
    return utc_now() - timedelta(minutes=1)


# ---------------------------------------------------------------- one message


async def test_a_message_is_found_by_its_key(slack: FakeSlack, workspace: Workspace, channel: Channel) -> None:
    ts = await post(workspace, channel)
    await post(workspace, channel, OTHER_KEY)
    say(slack, channel, slack.user("ann"))
    sighting = await reading.read_back(workspace, workspace.ref(channel.id, ""), KEY, lately())
    assert (sighting.result, sighting.message_id) == (ReadBack.FOUND, ts)


async def test_what_was_never_written_is_absent(slack: FakeSlack, workspace: Workspace, channel: Channel) -> None:
    await post(workspace, channel, OTHER_KEY)
    sighting = await reading.read_back(workspace, workspace.ref(channel.id, ""), KEY, lately())
    assert sighting.result is ReadBack.ABSENT


async def test_a_message_is_found_behind_hundreds_of_others(
    slack: FakeSlack, workspace: Workspace, channel: Channel
) -> None:
    ts = await post(workspace, channel)
    ann = slack.user("ann")
    for number in range(450):
        say(slack, channel, ann, str(number))
    workspace.reading_pace = Pace(0)
    sighting = await reading.read_back(workspace, workspace.ref(channel.id, ""), KEY, lately())
    assert (sighting.result, sighting.message_id) == (ReadBack.FOUND, ts)
    assert len(slack.calls["conversations.history"]) == 3


async def test_it_is_found_in_a_persons_direct_messages(slack: FakeSlack, workspace: Workspace) -> None:
    ann = slack.user("ann")
    ts = await post(workspace, slack.direct_channel(ann))
    sighting = await reading.read_back(workspace, Member("slack", "", ann.id).direct, KEY, lately())
    assert (sighting.result, sighting.message_id) == (ReadBack.FOUND, ts)


async def test_the_same_key_on_somebody_elses_message_is_not_ours(
    slack: FakeSlack, workspace: Workspace, channel: Channel
) -> None:
    forged = {"event_type": "paperround_delivery", "event_payload": {"k": KEY, "marks": "abcdefgh"}}
    say(slack, channel, slack.user("ann"), metadata=forged)
    say(slack, channel, slack.user("ann"), metadata=forged, extra={"bot_id": "B0OTHER", "app_id": "A0OTHER"})
    workspace.reading_pace, ref = Pace(0), workspace.ref(channel.id, "")
    assert (await reading.read_back(workspace, ref, KEY, lately())).result is ReadBack.ABSENT
    assert (await reading.posted(workspace, ref, lately())).marks == {}


async def test_what_we_said_before_the_app_was_installed_again_is_ours(
    slack: FakeSlack, workspace: Workspace, channel: Channel
) -> None:
    ts = await post(workspace, channel)
    slack.workspace().bot_id = "B0NEW"
    await workspace.identify()
    slack.messages(channel)[0].extra = {"bot_id": "B0OLD"}
    sighting = await reading.read_back(workspace, workspace.ref(channel.id, ""), KEY, lately())
    assert (sighting.result, sighting.message_id) == (ReadBack.FOUND, ts)


async def test_another_apps_metadata_of_ours_does_not_matter(
    slack: FakeSlack, workspace: Workspace, channel: Channel
) -> None:
    say(slack, channel, slack.workspace().bot, metadata={"event_type": "other", "event_payload": {"k": KEY}})
    say(slack, channel, slack.workspace().bot)
    sighting = await reading.read_back(workspace, workspace.ref(channel.id, ""), KEY, lately())
    assert sighting.result is ReadBack.ABSENT


@pytest.mark.parametrize("minutes", [-600, 600])
async def test_a_wrong_clock_of_ours_hides_no_message(slack: FakeSlack, minutes: int) -> None:
    def wrong_now() -> datetime:
        return utc_now() + timedelta(minutes=minutes)

    channel = slack.channel("papers")
    async with open_workspace(slack.api_url, slack.workspace(), wrong_now) as workspace:
        ts = await post(workspace, channel)
        since = wrong_now() - timedelta(minutes=1)
        sighting = await reading.read_back(workspace, workspace.ref(channel.id, ""), KEY, since)
    assert (sighting.result, sighting.message_id) == (ReadBack.FOUND, ts)


async def test_a_clock_that_is_set_right_meanwhile_hides_no_message(slack: FakeSlack) -> None:
    ahead = timedelta(minutes=8)
    channel = slack.channel("papers")
    async with open_workspace(slack.api_url, slack.workspace(), lambda: utc_now() + ahead) as workspace:
        ts = await post(workspace, channel)
        since, ahead = utc_now() + ahead - timedelta(minutes=1), timedelta(0)
        await workspace.identify()
        sighting = await reading.read_back(workspace, workspace.ref(channel.id, ""), KEY, since)
    assert (sighting.result, sighting.message_id) == (ReadBack.FOUND, ts)


# ---------------------------------------------------------------- reads that fail


@pytest.mark.parametrize(
    "change",
    [{"bot": False}, {"deleted": True}, {"private": True, "bot": False}],
)
async def test_a_channel_that_shows_us_nothing_is_unreadable(
    slack: FakeSlack, workspace: Workspace, channel: Channel, change: dict[str, bool]
) -> None:
    for name, value in change.items():
        setattr(channel, name, value)
    sighting = await reading.read_back(workspace, workspace.ref(channel.id, ""), KEY, lately())
    assert sighting.result is ReadBack.UNREADABLE
    assert "type /invite @Paper Round there" in (sighting.error or "")


async def test_without_the_scope_a_channel_is_unreadable(
    slack: FakeSlack, workspace: Workspace, channel: Channel
) -> None:
    slack.workspace().scopes.remove("channels:history")
    sighting = await reading.read_back(workspace, workspace.ref(channel.id, ""), KEY, lately())
    assert sighting.result is ReadBack.UNREADABLE
    assert "channels:history" in (sighting.error or "")


@pytest.mark.parametrize(
    "fault",
    [faults.drop(), faults.status(503), faults.error("internal_error"), faults.error("invalid_auth"),
     faults.ratelimited(30), faults.status(200, "<html></html>")],
)  # fmt: skip
async def test_a_read_that_fails_proves_nothing_and_is_tried_later(
    slack: FakeSlack, workspace: Workspace, channel: Channel, fault: faults.Fault
) -> None:
    slack.faults.fail_next("conversations.history", fault, times=2)  # aiohttp itself repeats a GET once
    ref = workspace.ref(channel.id, "")
    assert (await reading.read_back(workspace, ref, KEY, lately())).result is ReadBack.UNAVAILABLE
    slack.faults.mend()
    slack.faults.fail_next("conversations.history", faults.status(500))
    workspace.reading_pace = Pace(0)
    posted = await reading.posted(workspace, ref, lately())
    assert (posted.result, posted.marks) == (ReadBack.UNAVAILABLE, {})


async def test_a_read_that_breaks_off_between_pages_proves_nothing(
    slack: FakeSlack, workspace: Workspace, channel: Channel
) -> None:
    ann = slack.user("ann")
    for number in range(250):
        say(slack, channel, ann, str(number))
    await workspace.identify()
    workspace.reading_pace = Pace(0)
    slack.faults.fail_next("conversations.history", faults.slow(0), faults.status(500))
    sighting = await reading.read_back(workspace, workspace.ref(channel.id, ""), KEY, lately())
    assert sighting.result is ReadBack.UNAVAILABLE


async def test_a_very_long_history_is_left_to_a_person(
    slack: FakeSlack, workspace: Workspace, channel: Channel
) -> None:
    ann = slack.user("ann")
    for number in range(reading.MOST_PAGES * 200 + 1):
        say(slack, channel, ann, str(number))
    workspace.reading_pace = Pace(0)
    sighting = await reading.read_back(workspace, workspace.ref(channel.id, ""), KEY, lately())
    assert sighting.result is ReadBack.UNREADABLE
    assert sighting.error == "the channel has more than 10,000 messages since then"


# ---------------------------------------------------------------- all that was posted


async def test_every_mark_is_given_with_the_first_message_that_has_it(
    slack: FakeSlack, workspace: Workspace, channel: Channel
) -> None:
    first = await post(workspace, channel, KEY, "aaaaaaaabbbbbbbb")
    second = await post(workspace, channel, OTHER_KEY, "bbbbbbbbcccccccc")
    await post(workspace, channel, DeliveryKey("without"))
    posted = await reading.posted(workspace, workspace.ref(channel.id, ""), lately())
    moments = [datetime.fromtimestamp(float(ts), UTC) for ts in (first, second)]
    assert posted.result is ReadBack.FOUND
    assert posted.marks == {
        "aaaaaaaa": Shown(first, moments[0]),
        "bbbbbbbb": Shown(first, moments[0]),
        "cccccccc": Shown(second, moments[1]),
    }


async def test_what_was_posted_earlier_is_left_out(slack: FakeSlack, workspace: Workspace, channel: Channel) -> None:
    await post(workspace, channel, KEY, "aaaaaaaa")
    slack.pass_time(3600)
    await post(workspace, channel, OTHER_KEY, "bbbbbbbb")
    half_an_hour_later = utc_now() + timedelta(minutes=30)
    posted = await reading.posted(workspace, workspace.ref(channel.id, ""), half_an_hour_later)
    assert list(posted.marks) == ["bbbbbbbb"]
