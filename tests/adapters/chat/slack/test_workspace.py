"""Who we are in a workspace, and what its places are called."""

from __future__ import annotations

import pytest
from slack_sdk.errors import SlackApiError

from adapters.chat.slack.scopes import SCOPES
from adapters.chat.slack.workspace import Workspace
from bot.model import ChannelRef, Member
from tests.adapters.chat.slack.conftest import open_workspace
from tests.fakes.slack import FakeSlack, faults


async def test_slack_tells_who_we_are_and_what_we_may_do(slack: FakeSlack, workspace: Workspace) -> None:
    home = slack.workspace()
    identity = await workspace.identify()
    assert (identity.team_id, identity.user_id, identity.bot_id) == (home.id, home.bot.id, home.bot_id)
    assert (identity.url, identity.user) == (home.url, "paperround")
    assert identity.scopes is not None
    assert identity.scopes >= SCOPES.keys()


async def test_until_slack_told_nobody_knows(slack: FakeSlack, workspace: Workspace) -> None:
    slack.faults.fail_next("auth.test", faults.error("invalid_auth"))
    with pytest.raises(SlackApiError):
        await workspace.identify()
    assert not workspace.is_identified


async def test_a_message_has_an_address(slack: FakeSlack, workspace: Workspace) -> None:
    await workspace.identify()
    link = workspace.message_link("C123", "1700000000.000100")
    assert link == f"{slack.workspace().url}archives/C123/p1700000000000100"


async def test_channels_and_direct_messages_have_names_of_their_own(slack: FakeSlack) -> None:
    ann = slack.user("ann", workspace="rad")
    channel = slack.channel("papers", workspace="rad")
    async with open_workspace(slack.api_url, slack.workspace("rad")) as workspace:
        shared = workspace.ref(channel.id, ann.id)
        assert shared == ChannelRef("slack", "rad", channel.id)
        assert await workspace.place(shared) == channel.id
        direct = workspace.ref("D0123", ann.id)
        assert direct == Member("slack", "rad", ann.id).direct
        assert await workspace.place(direct) == slack.direct_channel(ann).id


async def test_a_closed_workspace_can_be_used_again(slack: FakeSlack, workspace: Workspace) -> None:
    await workspace.identify()
    await workspace.close()
    await workspace.close()
    assert (await workspace.identify()).user == "paperround"
