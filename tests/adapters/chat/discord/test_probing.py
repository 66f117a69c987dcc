"""What ``paperround check`` says of Discord."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from adapters.chat.discord.account import Account
from adapters.chat.discord.probing import probe
from bot.model import Channel, ChannelRef
from tests.adapters.chat.discord.accounts import open_account, ref, settings_of
from tests.fakes import discord as fakes
from tests.fakes.discord import FakeDiscord, Kind, Permission, faults


def known(*channels: fakes.Channel) -> list[Channel]:
    return [Channel(ref(channel), channel.name) for channel in channels]


async def test_a_sound_setup_is_summed_up_with_the_way_to_more_servers(fake: FakeDiscord, account: Account) -> None:
    papers = fake.channel("papers")
    found = await probe(account, known(papers, fake.thread("club", papers)))
    assert found.problem is None
    assert found.summary == (
        "Discord: @paperround, 2 channels; to invite it to a server, open https://discord.com/oauth2/authorize?"
        f"client_id={fake.application_id}&permissions=274878024704&scope=bot+applications.commands"
    )
    assert fake.gateway.identifies == 0


async def test_each_channel_that_lacks_something_is_named_with_what_to_do(fake: FakeDiscord, account: Account) -> None:
    papers, mute, hidden = fake.channel("papers"), fake.channel("mute"), fake.channel("hidden")
    club, elsewhere = fake.thread("club", mute), fake.channel("elsewhere", guild="rad")
    fake.deny(mute, None, Permission.SEND_MESSAGES_IN_THREADS | Permission.READ_MESSAGE_HISTORY)
    fake.deny(hidden, None, Permission.VIEW_CHANNEL)
    fake.kick(fake.guild("rad"))
    strange = [("", "9" * 18), ("lab", "8" * 18), ("", "C0123456")]
    rows = [Channel(ChannelRef("discord", *place), place[1]) for place in strange]
    rows = [*known(papers, mute, hidden, club, elsewhere), *rows]
    found = await probe(account, rows)
    left = (
        "the bot is not on this server any more, or may not see the channel; let it view the channel, or invite it "
        "again: paperround check shows the address (50001)"
    )
    assert (found.problem or "").splitlines() == [
        (
            f"Discord: #mute ({mute.id}): the bot lacks Read Message History; "
            "give its role these permissions there, on the server lab"
        ),
        f"Discord: #hidden ({hidden.id}): {left}",
        (
            f"Discord: #club ({club.id}): the bot lacks Send Messages in Threads, Read Message History; "
            "give its role these permissions there, on the server lab"
        ),
        f"Discord: #elsewhere ({elsewhere.id}): {left}",
        f"Discord: {'9' * 18}: Discord knows no such channel; it was deleted, or its id is wrong (10003)",
        f"Discord: {'8' * 18}: Discord has no workspaces; leave the workspace out of the configuration",
        "Discord: C0123456: this is no id of Discord's; right-click the channel, Copy Channel ID",
    ]


@pytest.mark.parametrize(
    ("kind", "said"),
    [(Kind.FORUM, "this is a forum"), (Kind.ANNOUNCEMENT, "this is an announcement"), (Kind.VOICE, "this is a voice")],
)
async def test_a_channel_of_another_sort_is_refused(fake: FakeDiscord, account: Account, kind: Kind, said: str) -> None:
    found = await probe(account, known(fake.channel("other", kind=kind)))
    assert said in (found.problem or "")
    assert "choose a text channel or a thread" in (found.problem or "")


async def test_a_wrong_token_is_told(fake: FakeDiscord) -> None:
    async with open_account(settings_of(fake, token="MTE.another.token")) as account:
        found = await probe(account, [])
    assert (found.summary, found.problem) == (
        "Discord: not connected",
        (
            "Discord: Discord does not know the token; take it anew at discord.com/developers/applications, Bot, Reset "
            "Token; set it, and start the bot again"
        ),
    )


async def test_an_unreachable_discord_is_told(fake: FakeDiscord, account: Account) -> None:
    fake.faults.fail_next("GET", "/users/@me", faults.status(503))
    found = await probe(account, [])
    assert (found.summary, found.problem) == ("Discord: not connected", "Discord: Discord failed (HTTP 503)")


async def test_a_look_at_channels_that_breaks_off_says_where(fake: FakeDiscord, account: Account) -> None:
    papers, mute = fake.channel("papers"), fake.channel("mute")
    fake.deny(papers, None, Permission.EMBED_LINKS)
    fake.faults.fail_next("GET", f"/channels/{mute.id}", faults.status(500))
    found = await probe(account, known(papers, mute, fake.channel("more")))
    assert [line.split(": ", 1)[1] for line in (found.problem or "").splitlines()] == [
        f"#papers ({papers.id}): the bot lacks Embed Links; give its role these permissions there, on the server lab",
        f"#mute ({mute.id}) and what follows could not be looked at: Discord failed (HTTP 500)",
    ]


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"interactions_endpoint_url": "https://example.org/"}, "empty Interactions Endpoint URL"),
        ({"bot_require_code_grant": True}, "switch off Requires OAuth2 Code Grant"),
    ],
)
async def test_settings_of_the_application_that_keep_the_bot_from_working_are_told(
    fake: FakeDiscord, account: Account, setting: dict[str, Any], said: str
) -> None:
    fake.faults.fail_next("GET", "/applications/@me", told({"id": fake.application_id} | setting), times=2)
    assert said in ((await probe(account, [])).problem or "")


def told(body: dict[str, Any]) -> faults.Fault:
    async def fault(request: Any, carry_out: Callable[[], Any]) -> Any:
        return faults.as_json(body)

    return fault
