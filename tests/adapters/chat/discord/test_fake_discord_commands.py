"""The fake Discord's rules of command trees."""

from __future__ import annotations

from typing import Any

import pytest

from tests.adapters.chat.discord.clients import call
from tests.fakes.discord import FakeDiscord

SUB = {"type": 1, "name": "sub", "description": "Sub"}
TEXT = {"type": 3, "name": "text", "description": "Text"}
CHOICES = [{"name": str(number) * 50, "value": "x"} for number in range(10, 36)]
PAPERS = {"name": "papers", "description": "Papers", "options": [{**SUB, "options": [TEXT]}]}
MANY = [{**TEXT, "name": f"t{number}", "choices": CHOICES[:4]} for number in range(25)]
WRONG_COMMANDS: list[list[dict[str, Any]]] = [
    [{"name": "Papers", "description": "Capital"}],
    [{"name": "two words", "description": "Space"}],
    [{"name": "x" * 33, "description": "Long"}],
    [{"name": "papers", "description": "x" * 101}],
    [{"name": "papers", "description": ""}],
    [{"name": "papers", "description": "Twice"}] * 2,
    [{"name": "papers", "description": "Many", "options": [{**TEXT, "name": f"t{n}"} for n in range(26)]}],
    [{"name": "papers", "description": "Order", "options": [TEXT, {**TEXT, "name": "later", "required": True}]}],
    [{"name": "papers", "description": "Choices", "options": [{**TEXT, "choices": CHOICES}]}],
    [{"name": "papers", "description": "Mixed", "options": [SUB, TEXT]}],
    [{"name": "papers", "description": "Deep", "options": [{**SUB, "type": 2, "options": [{**SUB, "type": 2}]}]}],
    [{"name": "p", "description": "Much", "options": MANY}],
]  # fmt: skip


@pytest.mark.parametrize("commands", WRONG_COMMANDS, ids=lambda commands: commands[0]["description"][:8])
async def test_a_wrong_command_tree_is_refused(fake: FakeDiscord, commands: list[dict[str, Any]]) -> None:
    path = f"/applications/{fake.application_id}/commands"
    assert await call(fake, "PUT", path, commands) == (400, 50035)
    assert fake.commands == {}


async def test_commands_keep_their_ids_and_guilds_have_their_own(fake: FakeDiscord) -> None:
    path = f"/applications/{fake.application_id}/commands"
    await call(fake, "PUT", path, [PAPERS])
    [before] = fake.commands[None]
    await call(fake, "PUT", path, [PAPERS])
    assert fake.commands[None] == [before]
    await call(fake, "PUT", path, [{**PAPERS, "description": "Other"}])
    [after] = fake.commands[None]
    assert (after["id"], after["version"] != before["version"]) == (before["id"], True)
    guild = fake.guild().id
    assert await call(fake, "PUT", path.replace("commands", f"guilds/{guild}/commands"), [PAPERS]) == (200, None)
    assert fake.commands[guild][0]["guild_id"] == guild


async def test_only_200_commands_are_made_a_day(fake: FakeDiscord) -> None:
    path = f"/applications/{fake.application_id}/commands"
    for batch in "abc":
        answer = await call(fake, "PUT", path, [{**PAPERS, "name": f"{batch}{number}"} for number in range(80)])
    assert answer == (429, 30034)
