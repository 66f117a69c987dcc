"""Reading a channel back from a fake Discord: what is found, what is not there, and what nobody can tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.chat.discord import reading, sending
from adapters.chat.discord.account import Account
from adapters.pace import Pace
from bot.model import ChannelRef, DeliveryKey, Member
from bot.ports import Outcome, ReadBack, Shown, Sighting
from tests.adapters.chat.discord.accounts import no_sleep, open_account, ref, settings_of, utc_now
from tests.fakes.discord import Channel, FakeDiscord, Message, Permission, User, faults
from tests.fakes.discord.message import Content

KEY, OTHER_KEY, THIRD_KEY = (DeliveryKey(letter * 24) for letter in "kot")
MESSAGES = "/channels/*/messages"


@pytest.fixture(autouse=True)
def unpaced(fake: FakeDiscord, account: Account) -> None:
    fake.rates.lift()
    account.reading_pace = Pace(0)


@pytest.fixture
def channel(fake: FakeDiscord) -> Channel:
    return fake.channel("papers")


def controls(key: str, marks: str = "") -> list[dict[str, Any]]:
    """The controls of a delivery, as they carry its key and marks."""
    tail = (f"*{marks}" if marks else "") + f"~{key}"
    return [{"type": 1, "components": [{"type": 2, "style": 2, "label": "Open", "custom_id": f"1.open.P12{tail}"}]}]


async def post(account: Account, place: ChannelRef, key: DeliveryKey = KEY, marks: str = "") -> str:
    """Post a delivery, and give its id."""
    frame = {"allowed_mentions": {"parse": []}, "nonce": key, "enforce_nonce": True}
    form = {"content": "a paper", "components": controls(key, marks)} | frame
    receipt = await sending.post(account, place, key, sending.to_bytes([form]), no_sleep)
    assert receipt.outcome is Outcome.SENT
    return receipt.message_id or ""


def say(fake: FakeDiscord, channel: Channel, author: User, **more: Any) -> Message:
    message = Message(fake.id(), channel, author, Content("hello", **more))
    fake.show(message)
    return message


async def read(account: Account, channel: Channel, since: datetime | None = None) -> Sighting:
    return await reading.read_back(account, ref(channel), KEY, since or lately())


def lately() -> datetime:
    return utc_now() - timedelta(minutes=1)


# ---------------------------------------------------------------- one message


async def test_a_message_is_found_by_its_key(fake: FakeDiscord, account: Account, channel: Channel) -> None:
    there = await post(account, ref(channel))
    await post(account, ref(channel), OTHER_KEY)
    say(fake, channel, fake.user("ann"))
    assert await read(account, channel) == Sighting(ReadBack.FOUND, message_id=there)


async def test_what_was_never_written_is_absent(fake: FakeDiscord, account: Account, channel: Channel) -> None:
    assert await read(account, channel) == Sighting(ReadBack.ABSENT)
    await post(account, ref(channel), OTHER_KEY)
    assert await read(account, channel) == Sighting(ReadBack.ABSENT)


async def test_a_message_is_found_among_hundreds_of_others(
    fake: FakeDiscord, account: Account, channel: Channel
) -> None:
    ann = fake.user("ann")
    for _ in range(230):
        say(fake, channel, ann)
    there = await post(account, ref(channel))
    assert (await read(account, channel)).message_id == there
    assert len([one for one in fake.requests if one["path"].startswith(f"/channels/{channel.id}/messages?")]) == 3


async def test_it_is_found_in_direct_messages_and_in_threads(
    fake: FakeDiscord, account: Account, channel: Channel
) -> None:
    for place in (Member("discord", "", fake.user("ann").id).direct, ref(fake.thread("club", channel))):
        assert (await reading.read_back(account, place, KEY, lately())).result is ReadBack.ABSENT
        there = await post(account, place)
        assert (await reading.read_back(account, place, KEY, lately())).message_id == there
        fake.pass_time(3600)


async def test_the_same_key_on_somebody_elses_message_is_not_ours(
    fake: FakeDiscord, account: Account, channel: Channel
) -> None:
    say(fake, channel, fake.user("ann"), components=controls(KEY, "abcdefgh"))
    assert (await read(account, channel)).result is ReadBack.ABSENT
    assert (await reading.posted(account, ref(channel), lately())).marks == {}


@pytest.mark.parametrize("minutes", [-600, 600])
async def test_a_wrong_clock_of_ours_hides_no_message(fake: FakeDiscord, channel: Channel, minutes: int) -> None:
    def wrong_now() -> datetime:
        return utc_now() + timedelta(minutes=minutes)

    async with open_account(settings_of(fake), wrong_now) as account:
        there = await post(account, ref(channel))
        assert (await read(account, channel, wrong_now() - timedelta(minutes=1))).message_id == there


async def test_a_clock_that_is_set_right_meanwhile_hides_no_message(fake: FakeDiscord, channel: Channel) -> None:
    ahead = timedelta(minutes=8)
    async with open_account(settings_of(fake), lambda: utc_now() + ahead) as account:
        there = await post(account, ref(channel))
        since, ahead = utc_now() + ahead - timedelta(minutes=1), timedelta(0)
        await account.call("GET", "/users/@me")
        assert (await read(account, channel, since)).message_id == there


# ---------------------------------------------------------------- reads that fail


async def test_a_channel_that_shows_us_nothing_is_unreadable(
    fake: FakeDiscord, account: Account, channel: Channel
) -> None:
    hidden = fake.channel("hidden")
    await post(account, ref(channel))
    fake.deny(hidden, None, Permission.VIEW_CHANNEL)
    fake.delete_channel(channel)
    for place in (hidden, channel):
        sighting = await read(account, place)
        assert sighting.result is ReadBack.UNREADABLE
        assert sighting.error


async def test_a_history_that_may_not_be_read_looks_empty_and_proves_nothing(
    fake: FakeDiscord, account: Account, channel: Channel
) -> None:
    thread = fake.thread("club", channel)
    await post(account, ref(channel))
    fake.deny(channel, None, Permission.READ_MESSAGE_HISTORY)
    for place in (channel, thread):
        sighting = await read(account, place)
        assert sighting == Sighting(
            ReadBack.UNREADABLE,
            error="the bot may not look at what was posted there; give it Read Message History",
        )
        posted = await reading.posted(account, ref(place), lately())
        assert (posted.result, posted.marks) == (ReadBack.UNREADABLE, {})


@pytest.mark.parametrize(
    "fault",
    [faults.drop(), faults.status(503), faults.ratelimited(30), faults.status(429), faults.status(403)],
)
async def test_a_read_that_fails_proves_nothing_and_is_tried_later(
    fake: FakeDiscord, account: Account, channel: Channel, fault: faults.Fault
) -> None:
    await post(account, ref(channel))
    fake.faults.fail_next("GET", MESSAGES, fault, times=2)  # aiohttp itself repeats a GET once
    assert (await read(account, channel)).result is ReadBack.UNAVAILABLE
    fake.faults.mend()
    account.reading_pace = Pace(0)
    assert (await read(account, channel)).result is ReadBack.FOUND


@pytest.mark.parametrize("path", [MESSAGES, "/channels/*", "/guilds/*", "/guilds/*/members/*", "/users/@me"])
async def test_a_read_that_breaks_off_at_any_point_proves_nothing(
    fake: FakeDiscord, account: Account, channel: Channel, path: str
) -> None:
    fake.faults.fail_next("GET", path, faults.status(500))
    assert (await read(account, channel)).result is ReadBack.UNAVAILABLE


async def test_a_read_that_breaks_off_between_pages_proves_nothing(
    fake: FakeDiscord, account: Account, channel: Channel
) -> None:
    say(fake, channel, fake.user("ann"))
    fake.faults.fail_next("GET", MESSAGES, faults.slow(0), faults.status(500))
    posted = await reading.posted(account, ref(channel), lately())
    assert (posted.result, posted.marks) == (ReadBack.UNAVAILABLE, {})


async def test_a_token_that_was_reset_may_be_replaced(fake: FakeDiscord, account: Account, channel: Channel) -> None:
    fake.token = "MTE.another.token"
    assert (await read(account, channel)).result is ReadBack.UNAVAILABLE


async def test_a_very_long_history_is_left_to_a_person(fake: FakeDiscord, account: Account, channel: Channel) -> None:
    ann = fake.user("ann")
    for _ in range(reading.MOST_PAGES * 100):
        say(fake, channel, ann)
    sighting = await read(account, channel)
    assert (sighting.result, sighting.error) == (
        ReadBack.UNREADABLE,
        "the channel has more than 5,000 messages since then",
    )


# ---------------------------------------------------------------- all that was posted


async def test_every_mark_is_given_with_the_first_message_that_has_it(
    fake: FakeDiscord, account: Account, channel: Channel
) -> None:
    first = await post(account, ref(channel), KEY, "aaaaaaaabbbbbbbb")
    second = await post(account, ref(channel), OTHER_KEY, "bbbbbbbbcccccccc")
    await post(account, ref(channel), THIRD_KEY)
    posted = await reading.posted(account, ref(channel), lately())
    moments = [reading.moment_of(int(message_id)) for message_id in (first, second)]
    assert posted.result is ReadBack.FOUND
    assert posted.marks == {
        "aaaaaaaa": Shown(first, moments[0]),
        "bbbbbbbb": Shown(first, moments[0]),
        "cccccccc": Shown(second, moments[1]),
    }
    assert abs(moments[0] - utc_now()) < timedelta(minutes=1)


async def test_the_first_message_with_a_mark_is_far_before_the_last(
    fake: FakeDiscord, account: Account, channel: Channel
) -> None:
    first = await post(account, ref(channel), KEY, "aaaaaaaa")
    for _ in range(150):
        say(fake, channel, fake.user("ann"))
    await post(account, ref(channel), OTHER_KEY, "aaaaaaaa")
    posted = await reading.posted(account, ref(channel), lately())
    assert posted.marks["aaaaaaaa"].message_id == first


async def test_what_was_posted_earlier_is_left_out(fake: FakeDiscord, account: Account, channel: Channel) -> None:
    await post(account, ref(channel), KEY, "aaaaaaaa")
    fake.pass_time(3600)
    await post(account, ref(channel), OTHER_KEY, "bbbbbbbb")
    posted = await reading.posted(account, ref(channel), utc_now() + timedelta(minutes=30))
    assert list(posted.marks) == ["bbbbbbbb"]


def test_an_id_says_when_it_was_made() -> None:
    made = datetime(2026, 11, 20, 9, 0, 0, 123_000, tzinfo=UTC)
    before = reading.snowflake_before(made)
    assert (reading.moment_of(before + 1), reading.moment_of(before)) == (made, made - timedelta(milliseconds=1))
    assert reading.moment_of(175928847299117063) == datetime(2016, 4, 30, 11, 18, 25, 796_000, tzinfo=UTC)
    assert reading.snowflake_before(datetime(2001, 1, 1, tzinfo=UTC)) == 0


async def test_who_answers_for_discord_and_knows_no_rights_is_believed(
    fake: FakeDiscord, account: Account, channel: Channel
) -> None:
    fake.faults.fail_next("GET", "/channels/*", faults.status(404), times=9)
    fake.faults.fail_next("GET", "/guilds/**", faults.status(404), times=9)
    assert await read(account, channel) == Sighting(ReadBack.ABSENT)


async def test_rights_that_cannot_be_asked_just_now_leave_it_open(
    fake: FakeDiscord, account: Account, channel: Channel
) -> None:
    fake.faults.fail_next("GET", "/channels/*", faults.status(503), times=9)
    assert (await read(account, channel)).result is ReadBack.UNAVAILABLE
