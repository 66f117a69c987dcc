"""The application's commands, for all guilds or for one."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord.command_rules import CHAT, COMMANDS
from tests.fakes.discord.refusals import Refused
from tests.fakes.discord.rest import Answer, Call, Route
from tests.fakes.discord.shapes import invalid
from tests.fakes.discord.world import JSON

MOST_CREATES = 200
"""New commands a day; those whose name is known do not count."""


def read(call: Call) -> Answer:
    return Answer(call.discord.commands.get(_scope(call), []))


def overwrite(call: Call) -> Answer:
    """Replace all commands of the scope; one of a known name keeps its id."""
    scope = _scope(call)
    problems = list(COMMANDS(call.body, ()))
    if problems:
        raise invalid(problems)
    known = {(old["type"], old["name"]): old for old in call.discord.commands.get(scope, [])}
    commands = [
        _command(call, scope, given, known.get((given.get("type") or CHAT, given["name"]))) for given in call.body
    ]
    call.discord.created_commands += sum((one["type"], one["name"]) not in known for one in commands)
    if call.discord.created_commands > MOST_CREATES:
        raise Refused(30034)
    call.discord.commands[scope] = commands
    call.discord.change()
    return Answer(commands)


def _scope(call: Call) -> str | None:
    if call.at["application"] != call.discord.application_id:
        raise Refused(50001)
    return call.guild().id if "guild" in call.at else None


def _command(call: Call, scope: str | None, given: JSON, old: JSON | None) -> JSON:
    command = {
        "type": given.get("type") or CHAT,
        "name": given["name"],
        "name_localizations": given.get("name_localizations"),
        "description": given.get("description") or "",
        "description_localizations": given.get("description_localizations"),
        "default_member_permissions": _text(given.get("default_member_permissions")),
        "dm_permission": given.get("dm_permission", True),
        "contexts": given.get("contexts"),
        "integration_types": given.get("integration_types") or [0],
        "nsfw": given.get("nsfw", False),
        "options": [_option(option) for option in given.get("options") or []],
        **({"guild_id": scope} if scope else {}),
    }
    if old and all(old[name] == value for name, value in command.items()):
        return old
    ids = {"id": old["id"] if old else call.discord.id(), "version": call.discord.id()}
    return {**ids, "application_id": call.discord.application_id, **command}


def _option(given: JSON) -> JSON:
    kept = {name: value for name, value in given.items() if value is not None}
    if "options" in kept:
        kept["options"] = [_option(option) for option in kept["options"]]
    return kept


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


ALL, ONE = "/applications/{application}/commands", "/applications/{application}/guilds/{guild}/commands"
ROUTES = [
    Route("GET", ALL, read),
    Route("PUT", ALL, overwrite),
    Route("GET", ONE, read),
    Route("PUT", ONE, overwrite),
]
