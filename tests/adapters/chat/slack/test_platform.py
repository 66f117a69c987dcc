"""Slack as the app runs it: starting with whatever works, looking after it, and sending by workspace."""

from __future__ import annotations

import pytest

from adapters.chat.slack.platform import SlackPlatform
from bot.conversation import Notice, Post
from bot.errors import PlatformRefused
from bot.model import ChannelRef, DeliveryKey, DeliveryKind
from bot.ports import Outcome, ReadBack
from tests.adapters.chat.slack.conftest import settings_of, utc_now
from tests.adapters.chat.slack.running import App, opened, ref
from tests.examples import TODAY
from tests.fakes.slack import FakeSlack, faults

KEY = DeliveryKey("k" * 24)


# ---------------------------------------------------------------- starting


async def test_it_connects_and_has_no_trouble(slack: FakeSlack) -> None:
    app = App()
    async with opened(slack, app) as platform:
        await platform.start()
        assert (platform.trouble(), slack.workspace().sockets.connects) == (None, 1)
        assert await app.nap() == 3600


async def test_in_http_mode_it_only_asks_who_it_is(slack: FakeSlack) -> None:
    app = App()
    async with opened(slack, app, mode="http") as platform:
        await platform.start()
        assert (platform.trouble(), slack.workspace().sockets.connects) == (None, 0)
        assert [route.path for route in platform.routes() if hasattr(route, "path")] == ["/slack/events"]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("invalid_auth", "bot_token: Slack does not know the token"),
        ("account_inactive", "bot_token: the app was removed from the workspace"),
    ],
)
async def test_a_refused_token_is_told_at_start(slack: FakeSlack, error: str, said: str) -> None:
    slack.workspace().token_error = error
    async with opened(slack, App()) as platform:
        with pytest.raises(PlatformRefused, match=f"^Slack: {said}"):
            await platform.start()


async def test_a_missing_scope_is_told_at_start_with_what_it_is_for(slack: FakeSlack) -> None:
    slack.workspace().scopes -= {"channels:history", "files:write"}
    async with opened(slack, App()) as platform:
        await platform.start()
        assert slack.workspace().sockets.open, "all else works"
        said = platform.trouble() or ""
    assert said.startswith("Slack: the app lacks 2 scopes: channels:history (to look in a public channel")
    assert "files:write (" in said


async def test_one_refused_workspace_leaves_the_others_alone(slack: FakeSlack) -> None:
    lab, rad = slack.workspace("lab"), slack.workspace("rad")
    lab.token_error = "token_revoked"
    async with opened(slack, App(), (lab, rad)) as platform:
        await platform.start()
        assert (rad.sockets.connects, lab.sockets.connects) == (1, 0)
        assert (platform.trouble() or "").startswith("Slack workspace lab: bot_token: the token was revoked")


async def test_a_network_that_is_down_is_waited_for(slack: FakeSlack) -> None:
    slack.faults.fail_next("auth.test", faults.status(503), times=3)
    app = App()
    async with opened(slack, app) as platform:
        await platform.start()
        assert platform.trouble() == "Slack: Slack failed (HTTP 503)"
        naps = []
        for _ in range(3):
            naps.append(await app.nap())
            app.wake()
        assert naps == [5, 10, 20]
        assert await app.nap() == 3600
        assert (platform.trouble(), slack.workspace().sockets.connects) == (None, 1)


async def test_stopping_twice_or_before_a_start_does_no_harm(slack: FakeSlack) -> None:
    platform = SlackPlatform(settings_of(slack.api_url, slack.workspace()), App().tools())
    await platform.stop()
    await platform.start()
    await platform.stop()
    await platform.stop()


# ---------------------------------------------------------------- looking around


async def test_channels_it_was_added_to_while_away_are_greeted_and_known_ones_are_tried(slack: FakeSlack) -> None:
    known, new = slack.channel("papers"), slack.channel("reading", private=True)
    slack.channel("elsewhere", bot=False)
    slack.channel("old", archived=True)
    app = App(known)
    async with opened(slack, app) as platform:
        await platform.start()
        await app.nap()
        assert app.greeted == [(new.id, "reading")]
        assert "I post new papers here" in slack.messages(new)[0].text
        assert set(app.returned) == {known.id, new.id}
        assert not slack.messages(known)


async def test_an_hour_later_only_what_changed_is_looked_at(slack: FakeSlack) -> None:
    known, lost = slack.channel("papers"), slack.channel("lost", bot=False)
    app = App(known, lost)
    async with opened(slack, app) as platform:
        await platform.start()
        await app.nap()
        lost.bot = True
        app.wake()
        await app.nap()
        assert app.returned == [known.id, lost.id]
        known.bot = False
        app.wake()
        await app.nap()
        known.bot = True
        app.wake()
        await app.nap()
        assert app.returned == [known.id, lost.id, known.id]


async def test_a_look_that_fails_is_trouble_until_the_next(slack: FakeSlack) -> None:
    slack.faults.fail_next("users.conversations", faults.error("token_revoked"))
    app = App()
    async with opened(slack, app) as platform:
        await platform.start()
        assert await app.nap() == 60
        assert (platform.trouble() or "").startswith("Slack: the token was revoked")
        app.wake()
        assert await app.nap() == 3600
        assert platform.trouble() is None


async def test_a_channel_that_cannot_be_greeted_keeps_no_other_from_it(slack: FakeSlack) -> None:
    channels = [slack.channel("one"), slack.channel("two")]
    slack.faults.fail_next("conversations.info", faults.error("channel_not_found"))
    app = App()
    async with opened(slack, app) as platform:
        await platform.start()
        await app.nap()
        assert len(app.greeted) == 1
        app.wake()
        await app.nap()
        assert {channel for channel, _ in app.greeted} == {channel.id for channel in channels}


# ---------------------------------------------------------------- as delivering sees it


async def test_a_post_goes_through_its_workspace_and_is_found_again(slack: FakeSlack) -> None:
    homes = [slack.workspace("lab"), slack.workspace("rad")]
    channel = slack.channel("papers", workspace="rad")
    post = Post(DeliveryKind.DIGEST, (), TODAY, 0, (), marks=("abcdefgh", "ijklmnop"))
    async with opened(slack, App(), homes) as platform:
        await platform.turn(ref(channel))
        receipt = await platform.post(ref(channel), KEY, platform.render(post, KEY))
        assert receipt.outcome is Outcome.SENT
        [shown] = slack.messages(channel)
        assert (shown.metadata or {})["event_payload"] == {"k": KEY, "marks": "abcdefghijklmnop"}
        sighting = await platform.read_back(ref(channel), KEY, utc_now().replace(year=2020))
        assert (sighting.result, sighting.message_id) == (ReadBack.FOUND, shown.ts)
        posted = await platform.posted(ref(channel), utc_now().replace(year=2020))
        assert set(posted.marks) == {"abcdefgh", "ijklmnop"}


async def test_a_workspace_that_is_not_configured_takes_nothing(slack: FakeSlack) -> None:
    gone = ChannelRef("slack", "old", "C1")
    async with opened(slack, App(), [slack.workspace("lab"), slack.workspace("rad")]) as platform:
        await platform.turn(gone)
        receipt = await platform.post(gone, KEY, platform.render(Notice("hello"), KEY))
        assert (receipt.outcome, receipt.channel_lost) == (Outcome.NOT_SENT, True)
        assert receipt.error == "there is no Slack workspace 'old' in the configuration; there is lab, rad"
        assert (await platform.read_back(gone, KEY, utc_now())).result is ReadBack.UNAVAILABLE
        assert (await platform.posted(gone, utc_now())).result is ReadBack.UNAVAILABLE
