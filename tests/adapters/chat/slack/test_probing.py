"""What ``paperround check`` says of Slack."""

from __future__ import annotations

from adapters.chat.slack.platform import SlackPlatform
from bot.model import Channel, ChannelRef
from tests.adapters.chat.slack.conftest import settings_of
from tests.adapters.chat.slack.running import App, opened
from tests.fakes.slack import FakeSlack, faults


async def test_a_sound_setup_is_summed_up(slack: FakeSlack) -> None:
    app = App(slack.channel("papers"), slack.channel("reading", private=True))
    async with opened(slack, app) as platform:
        probe = await platform.probe()
    assert (probe.summary, probe.problem) == ("Slack: workspace Lab as @paperround, 2 channels", None)
    assert slack.workspace().sockets.connects == 0


async def test_each_channel_where_the_bot_is_not_is_named_with_what_to_do(slack: FakeSlack) -> None:
    outside, archived = slack.channel("outside", bot=False), slack.channel("old", archived=True)
    hidden, fine = slack.channel("secret", private=True, bot=False), slack.channel("papers")
    app = App(outside, archived, hidden, fine)
    app.known.append(Channel(ChannelRef("slack", "rad", "C9"), "C9"))
    async with opened(slack, app) as platform:
        probe = await platform.probe()
    assert (probe.problem or "").splitlines() == [
        f"Slack: #outside ({outside.id}): the bot is not in this channel; type /invite @Paper Round there",
        f"Slack: #old ({archived.id}): the channel is archived; unarchive it and invite the bot again",
        (
            f"Slack: #secret ({hidden.id}): Slack knows no such channel, or it is a private one without the bot; "
            "type /invite @Paper Round there, or correct the channel's id (channel_not_found)"
        ),
        "slack:rad:C9: there is no Slack workspace 'rad' in the configuration; there is one without a name",
    ]


async def test_membership_is_found_on_later_pages_too(slack: FakeSlack) -> None:
    channels = [slack.channel(f"channel-{number}") for number in range(450)]
    async with opened(slack, App(*channels)) as platform:
        probe = await platform.probe()
    assert (probe.summary, probe.problem) == ("Slack: workspace Lab as @paperround, 450 channels", None)
    assert len(slack.calls["users.conversations"]) == 3


async def test_wrong_tokens_and_missing_scopes_are_told_by_check(slack: FakeSlack) -> None:
    table = settings_of(slack.api_url, slack.workspace())
    wrong = table.model_copy(update={"app_token": table.bot_token})
    platform = SlackPlatform(wrong, App().tools())
    probe = await platform.probe()
    await platform.stop()
    assert (probe.problem or "").startswith("Slack: app_token: this is the wrong kind of token")
    slack.workspace().scopes.remove("im:write")
    async with opened(slack, App()) as platform:
        probe = await platform.probe()
    assert "the app lacks 1 scope: im:write (to open direct messages" in (probe.problem or "")


async def test_an_unreachable_slack_is_told_by_check(slack: FakeSlack) -> None:
    slack.faults.fail_next("auth.test", faults.drop())
    async with opened(slack, App()) as platform:
        probe = await platform.probe()
    assert (probe.summary, probe.problem) == (
        "Slack: not connected", "Slack: the connection to Slack was cut",
    )  # fmt: skip
