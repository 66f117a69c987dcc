"""Slash commands as a person fills them in: the command, its sub-command, and what their client lets them type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tests.fakes.discord.command_rules import CHAT, GROUP, SUB_COMMAND
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.world import JSON, Channel, Role, User

STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER = range(3, 11)
TAKES: Mapping[int, tuple[type, ...]] = {
    STRING: (str,),
    INTEGER: (int,),
    BOOLEAN: (bool,),
    USER: (User,),
    CHANNEL: (Channel,),
    ROLE: (Role,),
    MENTIONABLE: (User, Role),
    NUMBER: (float, int),
}
LONGEST_TEXT = 6_000


def seen_by(commands: Mapping[str | None, list[JSON]], user: User, channel: Channel) -> list[JSON]:
    """The slash commands a person's client offers them in this channel."""
    own = commands.get(channel.guild.id, []) if channel.guild else []
    names = {command["name"] for command in own}
    offered = [*own, *(command for command in commands.get(None, []) if command["name"] not in names)]
    may = channel.permissions(user)
    return [
        command
        for command in offered
        if command["type"] == CHAT and _fits(command, channel)
        if Permission.USE_APPLICATION_COMMANDS in may and _allowed(command, channel, may)
    ]


def _fits(command: JSON, channel: Channel) -> bool:
    context, contexts = (0 if channel.guild else 1), command["contexts"]
    return context in contexts if contexts is not None else bool(channel.guild or command["dm_permission"])


def _allowed(command: JSON, channel: Channel, may: Permission) -> bool:
    needed = command["default_member_permissions"]
    if needed is None or channel.guild is None:
        return True
    return Permission.ADMINISTRATOR in may or (needed != "0" and may & int(needed) == int(needed))


def command_data(
    command: JSON,
    words: Sequence[str],
    given: Mapping[str, Any],
    user: User,
    channel: Channel,
    *,
    focused: str | None = None,
) -> JSON:
    """The ``data`` of a command whose sub-command is named by ``words``; with ``focused`` this option is just being
    typed, and nothing is required yet. AssertionError when a person's client would not send it."""
    path, options = _descend(command, words)
    known = {option["name"]: option for option in options}
    assert known.keys() >= given.keys(), f"no options {set(given) - known.keys()} among {list(known)}"
    missing = [name for name, option in known.items() if option.get("required") and name not in given]
    assert focused or not missing, f"{missing} must be filled in"
    filled: list[JSON] = []
    for name, value in given.items():
        option = known[name]
        typed = str(value) if name == focused else _value(option, value)
        filled.append({"name": name, "type": option["type"], "value": typed})
        if name == focused:
            assert option.get("autocomplete"), f"{name} has no autocomplete"
            filled[-1]["focused"] = True
    for kind, name in reversed(path):
        filled = [{"type": kind, "name": name, "options": filled}]
    data: JSON = {"id": command["id"], "name": command["name"], "type": CHAT, "options": filled}
    own = {"guild_id": command["guild_id"]} if "guild_id" in command else {}
    return data | resolved(given.values(), user, channel) | own


def resolved(values: Iterable[Any], user: User, channel: Channel) -> JSON:
    """``resolved``: what ``user``, who is in ``channel``, named of users, roles and channels; nothing if none."""
    found: JSON = {}
    for value in values:
        if isinstance(value, User):
            found.setdefault("users", {})[value.id] = value.as_json()
            if channel.guild and value.id in channel.guild.members:
                found.setdefault("members", {})[value.id] = _member(value, channel)
        elif isinstance(value, Role):
            found.setdefault("roles", {})[value.id] = value.as_json()
        elif isinstance(value, Channel):
            may = str(int(value.permissions(user)))
            found.setdefault("channels", {})[value.id] = {**value.as_json(), "permissions": may}
    return {"resolved": found} if found else {}


def _member(user: User, channel: Channel) -> JSON:
    assert channel.guild, "only guilds have members"
    kept = channel.guild.members[user.id].as_json()
    shown = {name: part for name, part in kept.items() if name not in {"user", "deaf", "mute"}}
    return {**shown, "permissions": str(int(channel.permissions(user)))}


def _descend(command: JSON, words: Sequence[str]) -> tuple[list[tuple[int, str]], list[JSON]]:
    """The way from a command to its sub-command, as (type, name), and the options there."""
    path: list[tuple[int, str]] = []
    options: list[JSON] = command["options"]
    for word in words:
        found = next((one for one in options if one["name"] == word and one["type"] in {SUB_COMMAND, GROUP}), None)
        assert found, f"/{command['name']} has no {' '.join(words)!r}"
        path.append((found["type"], word))
        options = found.get("options", [])
    nested = [one["name"] for one in options if one["type"] in {SUB_COMMAND, GROUP}]
    assert not nested, f"choose one of {nested}"
    return path, options


def _value(option: JSON, value: Any) -> Any:
    """What the payload holds of a value."""
    kind, name = option["type"], option["name"]
    choices = option.get("choices") or []
    if choices:
        fitting = [choice["value"] for choice in choices if value in (choice["value"], choice["name"])]
        assert fitting, f"{name}: no choice {value!r} among {[choice['name'] for choice in choices]}"
        return fitting[0]
    fits = isinstance(value, TAKES[kind]) and (kind == BOOLEAN or not isinstance(value, bool))
    assert fits, f"{name}: {value!r} is not of type {kind}"
    if kind == STRING:
        least, most = option.get("min_length", 0), option.get("max_length", LONGEST_TEXT)
        assert least <= len(value) <= most, f"{name}: {len(value)} characters, not {least} to {most}"
    if kind in {INTEGER, NUMBER}:
        least, most = option.get("min_value", value), option.get("max_value", value)
        assert least <= value <= most, f"{name}: {value} is not from {least} to {most}"
    if kind == CHANNEL and option.get("channel_types"):
        assert value.kind in option["channel_types"], f"{name}: not a channel of this type"
    return value.id if isinstance(value, User | Channel | Role) else value
