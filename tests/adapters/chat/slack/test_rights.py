from __future__ import annotations

from typing import Any

import pytest

from adapters.chat.slack.commands import Origin
from adapters.chat.slack.rights import Rights, Standing
from adapters.chat.slack.workspace import Workspace
from bot.conversation import Search, SetSchedule
from bot.errors import Refused
from tests.adapters.chat.slack.conftest import open_workspace, settings_of, utc_now
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.faults import drop, error, ratelimited, status


@pytest.fixture
async def rights(workspace: Workspace) -> Rights:
    await workspace.identify()
    return Rights(workspace)


@pytest.mark.parametrize(
    ("flags", "standing"),
    [
        ({}, Standing(admin=False, guest=False, zone="Europe/Berlin")),
        ({"admin": True}, Standing(admin=True, guest=False, zone="Europe/Berlin")),
        ({"owner": True}, Standing(admin=True, guest=False, zone="Europe/Berlin")),
        ({"primary_owner": True}, Standing(admin=True, guest=False, zone="Europe/Berlin")),
        ({"restricted": True}, Standing(admin=False, guest=True, zone="Europe/Berlin")),
        ({"ultra_restricted": True}, Standing(admin=False, guest=True, zone="Europe/Berlin")),
        ({"stranger": True, "admin": True}, Standing(admin=True, guest=True, zone="Europe/Berlin")),
        ({"team": "T0OTHER", "owner": True}, Standing(admin=True, guest=True, zone="Europe/Berlin")),
    ],
)
async def test_people_are_what_slack_says(
    slack: FakeSlack, rights: Rights, flags: dict[str, Any], standing: Standing
) -> None:
    assert await rights.standing(slack.user("ann", **flags).id) == standing


async def test_the_configuration_names_admins(slack: FakeSlack) -> None:
    ann, bob = slack.user("ann"), slack.user("bob")
    settings = settings_of(slack.api_url, slack.workspace(), admins=(ann.id,))
    workspace = Workspace(settings.all_workspaces[0], settings.api_url, utc_now)
    try:
        await workspace.identify()
        assert (await Rights(workspace).standing(ann.id)).admin
        assert not (await Rights(workspace).standing(bob.id)).admin
    finally:
        await workspace.close()


@pytest.mark.parametrize(
    "fault", [error("internal_error"), error("user_not_found"), status(503), drop(), ratelimited()]
)
async def test_without_an_answer_nobody_may_do_anything(slack: FakeSlack, rights: Rights, fault: Any) -> None:
    ann = slack.user("ann", admin=True)
    slack.faults.fail_next("users.info", fault, times=2)  # a cut GET is sent again
    with pytest.raises(Refused, match="Nothing was done"):
        await rights.asker(SetSchedule("now"), Origin(ann.id, "C1"))


async def test_a_deactivated_account_may_do_nothing(slack: FakeSlack, rights: Rights) -> None:
    with pytest.raises(Refused, match="deactivated"):
        await rights.asker(SetSchedule("now"), Origin(slack.user("ann", admin=True, deleted=True).id, "C1"))


async def test_slack_is_asked_each_time_and_only_where_it_matters(slack: FakeSlack, rights: Rights) -> None:
    ann = slack.user("ann", admin=True)
    assert (await rights.asker(SetSchedule("now"), Origin(ann.id, "C1"))).admin
    ann.admin = False
    assert not (await rights.asker(SetSchedule("now"), Origin(ann.id, "C1"))).admin
    assert len(slack.calls["users.info"]) == 2
    await rights.asker(Search("mri"), Origin(ann.id, "C1"))
    own = await rights.asker(SetSchedule("now"), Origin(ann.id, "D1"))
    assert own.channel == own.member.direct
    assert len(slack.calls["users.info"]) == 2


async def test_members_of_a_sister_workspace_are_no_guests(slack: FakeSlack, rights: Rights) -> None:
    async with open_workspace(slack.api_url, slack.workspace()) as workspace:
        team = (await workspace.identify()).team_id
    sister = {"id": "U1", "team_id": "T0OTHER", "enterprise_user": {"teams": [team]}}
    assert not rights._is_guest(sister)


async def test_a_time_zone_that_nobody_knows_is_utc(slack: FakeSlack, rights: Rights) -> None:
    assert (await rights.standing(slack.user("ann", tz="Moon/Copernicus").id)).zone == "UTC"
