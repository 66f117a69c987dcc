"""Posting against a fake Discord: what is known after each thing that can go wrong, and in which form it goes."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.chat.discord import sending
from adapters.chat.discord.account import Account
from bot.model import ChannelRef, DeliveryKey, Member
from bot.ports import Outcome, Receipt
from tests.adapters.chat.discord.accounts import no_sleep, open_account, ref, settings_of
from tests.fakes.discord import Channel, FakeDiscord, Kind, Permission, faults

KEY = DeliveryKey("k" * 24)
MESSAGES = "/channels/*/messages"
BUTTON = {"type": 2, "style": 2, "label": "More", "custom_id": f"1.next.abc.2~{KEY}"}
ROWS = [{"type": 1, "components": [BUTTON]}]
FRAME = {"components": ROWS, "allowed_mentions": {"parse": []}, "nonce": KEY, "enforce_nonce": True}
FULL = {"content": "12 new papers", "embeds": [{"title": "A title", "url": "https://example.org/1"}], **FRAME}
PLAIN = {"content": "12 new papers: A title", "embeds": [], **FRAME}


@pytest.fixture
def channel(fake: FakeDiscord) -> Channel:
    return fake.channel("papers")


async def post(account: Account, channel: Channel | ChannelRef, *forms: dict[str, Any]) -> Receipt:
    place = channel if isinstance(channel, ChannelRef) else ref(channel)
    return await sending.post(account, place, KEY, sending.to_bytes(forms or [FULL, PLAIN]), no_sleep)


def posts(fake: FakeDiscord) -> list[dict[str, Any]]:
    """The requests to post, in a channel or thread."""
    return [one for one in fake.requests if one["method"] == "POST" and one["path"].endswith("/messages")]


async def test_a_message_is_sent_as_it_was_frozen(fake: FakeDiscord, account: Account, channel: Channel) -> None:
    receipt = await post(account, channel)
    [shown] = fake.messages(channel)
    assert receipt == Receipt(Outcome.SENT, message_id=shown.id)
    assert (shown.text, shown.embeds[0]["title"], shown.nonce) == ("12 new papers", "A title", KEY)
    [request] = posts(fake)
    assert request["body"] == FULL


async def test_a_thread_is_a_channel(fake: FakeDiscord, account: Account, channel: Channel) -> None:
    thread = fake.thread("journal club", channel)
    fake.archive_thread(thread, locked=False)
    assert (await post(account, thread)).outcome is Outcome.SENT
    assert len(fake.messages(thread)) == 1


async def test_a_persons_direct_messages_are_opened_once(fake: FakeDiscord, account: Account) -> None:
    ann = fake.user("ann")
    direct = Member("discord", "", ann.id).direct
    assert (await post(account, direct)).outcome is Outcome.SENT
    fake.pass_time(3600)
    assert (await post(account, direct)).outcome is Outcome.SENT
    assert len(fake.messages(fake.direct_channel(ann))) == 2
    assert len([one for one in fake.requests if one["path"] == "/users/@me/channels"]) == 1


# ---------------------------------------------------------------- what is unclear is repeated


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize(
    "fault", [faults.drop(), faults.drop(after=True), faults.status(502), faults.status(502, after=True)]
)
async def test_what_got_lost_is_posted_again_and_stands_there_once(
    fake: FakeDiscord, account: Account, channel: Channel, fault: faults.Fault, times: int
) -> None:
    fake.faults.fail_next("POST", MESSAGES, fault, times=times)
    receipt = await post(account, channel)
    [shown] = fake.messages(channel)
    assert receipt == Receipt(Outcome.SENT, message_id=shown.id)
    assert len(posts(fake)) == times + 1
    assert len({str(one["body"]) for one in posts(fake)}) == 1


@pytest.mark.parametrize(
    ("fault", "there"),
    [
        (faults.drop(), 0),
        (faults.drop(after=True), 1),
        (faults.status(500), 0),
        (faults.status(503, after=True), 1),
        (faults.status(404), 0),
        (faults.status(301, after=True), 1),
    ],
)
async def test_what_stays_unclear_is_unknown(
    fake: FakeDiscord, account: Account, channel: Channel, fault: faults.Fault, there: int
) -> None:
    fake.faults.fail_next("POST", MESSAGES, fault, times=99)
    receipt = await post(account, channel)
    assert (receipt.outcome, len(fake.messages(channel)), len(posts(fake))) == (Outcome.UNKNOWN, there, 3)
    assert receipt.error


@pytest.mark.parametrize(
    "refusal",
    [faults.error(50013), faults.error(50001), faults.error(50035), faults.ratelimited(40), faults.status(429)],
)
async def test_a_refusal_of_the_repeat_says_nothing_about_the_first_try(
    fake: FakeDiscord, account: Account, channel: Channel, refusal: faults.Fault
) -> None:
    fake.faults.fail_next("POST", MESSAGES, faults.drop(after=True), refusal)
    receipt = await post(account, channel)
    assert (receipt.outcome, receipt.error) == (Outcome.UNKNOWN, "the connection to Discord was cut")
    assert (len(fake.messages(channel)), len(posts(fake))) == (1, 2)


async def test_what_was_posted_and_deleted_meanwhile_was_sent(
    fake: FakeDiscord, account: Account, channel: Channel
) -> None:
    fake.faults.fail_next("POST", MESSAGES, faults.status(500, after=True))

    async def somebody_deletes_it(_: float) -> None:
        fake.remove(fake.messages(channel)[0])

    receipt = await sending.post(account, ref(channel), KEY, sending.to_bytes([FULL]), somebody_deletes_it)
    assert receipt == Receipt(Outcome.SENT)
    assert not fake.messages(channel)


async def test_an_answer_about_another_message_proves_nothing(
    fake: FakeDiscord, account: Account, channel: Channel
) -> None:
    elsewhere = fake.channel("elsewhere")
    assert (await post(account, elsewhere)).outcome is Outcome.SENT
    assert (await post(account, channel)).outcome is Outcome.UNKNOWN


# ---------------------------------------------------------------- what is proven not sent


async def test_where_nobody_listens_nothing_was_sent(fake: FakeDiscord) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/api/v10"
        async with open_account(settings_of(fake, api_url=address)) as account:
            receipt = await post(account, ChannelRef("discord", "", "1" * 18))
    assert (receipt.outcome, receipt.channel_lost, receipt.permanent) == (Outcome.NOT_SENT, False, False)
    assert receipt.error == "Discord cannot be reached: no connection; look at the machine's network"


async def test_a_channel_that_takes_nothing_is_lost_with_what_to_do(
    fake: FakeDiscord, account: Account, channel: Channel
) -> None:
    deleted, hidden = fake.channel("deleted"), fake.channel("hidden")
    mute, forum, closed = fake.channel("mute"), fake.channel("forum", kind=Kind.FORUM), fake.thread("closed", channel)
    fake.delete_channel(deleted)
    fake.deny(hidden, None, Permission.VIEW_CHANNEL)
    fake.deny(mute, None, Permission.SEND_MESSAGES)
    fake.archive_thread(closed)
    words = {
        deleted: "it was deleted",
        hidden: "let it view the channel",
        mute: "paperround check says what it must be allowed",
        forum: "choose a text channel or a thread",
        closed: "ask a moderator of the server to open it again",
    }
    for place, said in words.items():
        receipt = await post(account, place)
        assert (receipt.outcome, receipt.channel_lost) == (Outcome.NOT_SENT, True)
        assert said in (receipt.error or "")


@pytest.mark.parametrize("misnamed", [("lab", "1" * 18), ("", "papers"), ("", "../users/@me"), ("", "dm-ann")])
async def test_a_channel_that_cannot_be_discords_is_lost_without_a_request(
    fake: FakeDiscord, account: Account, misnamed: tuple[str, str]
) -> None:
    receipt = await post(account, ChannelRef("discord", *misnamed))
    assert (receipt.outcome, receipt.channel_lost, fake.requests) == (Outcome.NOT_SENT, True, [])


async def test_a_server_that_the_bot_left_is_lost(fake: FakeDiscord, account: Account, channel: Channel) -> None:
    fake.kick(fake.guild())
    receipt = await post(account, channel)
    assert (receipt.channel_lost, "invite it again" in (receipt.error or "")) == (True, True)


async def test_a_token_that_was_reset_loses_every_channel(
    fake: FakeDiscord, account: Account, channel: Channel
) -> None:
    fake.token = "MTE.another.token"
    receipt = await post(account, channel)
    assert (receipt.outcome, receipt.channel_lost) == (Outcome.NOT_SENT, True)
    assert "Reset Token" in (receipt.error or "")
    assert len(posts(fake)) == 1


async def test_a_person_who_takes_no_messages_is_lost(fake: FakeDiscord, account: Account) -> None:
    ann = fake.user("ann")
    ann.takes_messages = False
    receipt = await post(account, Member("discord", "", ann.id).direct)
    assert (receipt.outcome, receipt.channel_lost) == (Outcome.NOT_SENT, True)
    nobody = await post(account, Member("discord", "", "80351110224678912").direct)
    assert (nobody.channel_lost, nobody.error) == (True, "Discord knows no such person (10013)")


@pytest.mark.parametrize("fault", [faults.status(500), faults.drop(), faults.error(40003), faults.status(403)])
async def test_while_direct_messages_cannot_be_opened_nothing_is_sent_and_it_is_tried_again(
    fake: FakeDiscord, account: Account, fault: faults.Fault
) -> None:
    fake.faults.fail_next("POST", "/users/@me/channels", fault)
    direct = Member("discord", "", fake.user("ann").id).direct
    receipt = await post(account, direct)
    assert (receipt.outcome, receipt.channel_lost, receipt.permanent) == (Outcome.NOT_SENT, False, False)
    assert not posts(fake)
    assert (await post(account, direct)).outcome is Outcome.SENT


# ---------------------------------------------------------------- waiting


async def waits(account: Account, channel: str) -> bool:
    """Whether a turn in this channel is not given soon."""
    try:
        async with asyncio.timeout(0.2):
            await account.pace.turn(channel)
    except TimeoutError:
        return True
    return False


async def test_a_full_bucket_is_this_channels_alone(fake: FakeDiscord, account: Account, channel: Channel) -> None:
    fake.faults.fail_next("POST", MESSAGES, faults.ratelimited(2.5))
    receipt = await post(account, channel)
    assert (receipt.outcome, receipt.retry_after, len(posts(fake))) == (Outcome.NOT_SENT, 2.5, 1)
    assert not await waits(account, "elsewhere")


@pytest.mark.parametrize(
    ("fault", "seconds"), [(faults.ratelimited(3600, everywhere=True), 3600), (faults.status(429), 600)]
)
async def test_a_global_limit_and_a_ban_hold_everybody(
    fake: FakeDiscord, account: Account, channel: Channel, fault: faults.Fault, seconds: float
) -> None:
    fake.faults.fail_next("POST", MESSAGES, fault)
    assert (await post(account, channel)).retry_after == seconds
    assert await waits(account, "elsewhere")


async def test_after_a_hundred_refusals_nothing_is_asked_for_ten_minutes(
    fake: FakeDiscord, account: Account, channel: Channel
) -> None:
    fake.rates.lift()
    fake.faults.fail_next("POST", MESSAGES, faults.error(50001), times=101)
    for _ in range(101):
        assert account.traffic.trouble() is None
        await post(account, channel)
    receipt = await post(account, channel)
    assert (receipt.outcome, receipt.channel_lost, len(posts(fake))) == (Outcome.NOT_SENT, False, 101)
    assert 590 < (receipt.retry_after or 0) <= 600
    assert "refused more than 100 requests within 10 minutes" in (account.traffic.trouble() or "")


# ---------------------------------------------------------------- plainer forms


@pytest.mark.parametrize("code", [50035, 50006, 50013, 240000])
async def test_a_refused_form_is_replaced_by_a_plainer_one(
    fake: FakeDiscord, account: Account, channel: Channel, code: int
) -> None:
    fake.faults.fail_next("POST", MESSAGES, refusing(code))
    receipt = await post(account, channel)
    [shown] = fake.messages(channel)
    assert receipt == Receipt(Outcome.SENT, message_id=shown.id)
    assert (shown.text, shown.embeds) == ("12 new papers: A title", [])


def refusing(code: int) -> faults.Fault:
    """Refuse with a code that the fake may not know."""

    async def fault(request: Any, carry_out: faults.CarryOut) -> Any:
        return faults.as_json({"code": code, "message": "no"}, 403 if code == 50013 else 400)

    return fault


async def test_without_the_right_to_embed_links_the_titles_are_sent_as_text(
    fake: FakeDiscord, account: Account, channel: Channel
) -> None:
    fake.deny(channel, None, Permission.EMBED_LINKS)
    assert (await post(account, channel)).outcome is Outcome.SENT
    assert fake.messages(channel)[0].text == "12 new papers: A title"


async def test_a_form_that_discord_itself_refuses_costs_its_layout_only(
    fake: FakeDiscord, account: Account, channel: Channel
) -> None:
    long = FULL | {"embeds": [{"title": "x" * 300}]}
    assert (await post(account, channel, long, PLAIN)).outcome is Outcome.SENT
    assert fake.messages(channel)[0].embeds == []


async def test_what_no_form_helps_is_refused_for_good(fake: FakeDiscord, account: Account, channel: Channel) -> None:
    fake.faults.fail_next("POST", MESSAGES, faults.error(50035), times=2)
    receipt = await post(account, channel)
    assert (receipt.outcome, receipt.permanent, len(posts(fake))) == (Outcome.NOT_SENT, True, 2)


async def test_after_a_plainer_form_got_lost_it_is_not_known_whether_it_was_sent(
    fake: FakeDiscord, account: Account, channel: Channel
) -> None:
    fake.faults.fail_next("POST", MESSAGES, faults.error(50035))
    fake.faults.fail_next("POST", MESSAGES, faults.drop(after=True), times=3)
    assert (await post(account, channel)).outcome is Outcome.UNKNOWN
    assert (len(fake.messages(channel)), len(posts(fake))) == (1, 4)


# ---------------------------------------------------------------- the environment


@pytest.fixture
async def surrounded(fake: FakeDiscord, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Account]:
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    async with open_account(settings_of(fake)) as opened:
        yield opened


async def test_the_token_follows_no_redirection(fake: FakeDiscord, account: Account, channel: Channel) -> None:
    fake.faults.fail_next("POST", MESSAGES, redirected(f"{fake.api_url}/elsewhere"), times=3)
    assert (await post(account, channel)).outcome is Outcome.UNKNOWN
    assert len(fake.requests) == 3


def redirected(address: str) -> faults.Fault:
    async def fault(request: Any, carry_out: faults.CarryOut) -> Any:
        return faults.as_json({}, 307, {"Location": address})

    return fault


async def test_no_proxy_is_taken_from_the_environment(surrounded: Account, channel: Channel) -> None:
    assert (await post(surrounded, channel)).outcome is Outcome.SENT
