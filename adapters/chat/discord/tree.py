"""The one slash command ``/papers`` as Discord is told of it (pure).

Shape and limits: docs.discord.com/developers/interactions/application-commands. Who may do what is asked at each
use, for Discord's permissions work on whole commands only.
"""

from __future__ import annotations

from typing import Any

from adapters.chat.discord.options import SUBCOMMANDS, TYPED, Kind, Option
from bot.commands import COMMANDS

NAME = "papers"

_SUBCOMMAND, _GROUP = 1, 2
_WHAT = "The team’s new papers: search, read, follow"
_GROUPS = {
    "alert": "What you follow yourself, by direct message",
    "topic": "What this channel follows",
    "mute": "Papers that are never posted here",
    "unmute": "Papers that are posted again",
    "managers": "Who may administer this channel",
}
_GUILD_INSTALL = 0
_IN_GUILDS, _WITH_THE_BOT = 0, 1
_EXPLAINED = {command.name: command.what for command in COMMANDS}

JSON = dict[str, Any]


def commands() -> list[JSON]:
    """All commands of the application: servers and direct messages with the bot have them, others do not."""
    return [
        {
            "type": 1,
            "name": NAME,
            "description": _WHAT,
            "options": _branches(),
            "contexts": [_IN_GUILDS, _WITH_THE_BOT],
            "integration_types": [_GUILD_INSTALL],
        }
    ]


def _branches() -> list[JSON]:
    """The sub-commands; those of two words in their groups."""
    branches: dict[str, JSON] = {}
    for path, options in SUBCOMMANDS.items():
        first, _, second = path.partition(" ")
        leaf = _subcommand(second or first, _what(path), options)
        if second:
            group = {"type": _GROUP, "name": first, "description": _GROUPS[first], "options": []}
            branches.setdefault(first, group)["options"].append(leaf)
        else:
            branches[first] = leaf
    return list(branches.values())


def _what(path: str) -> str:
    """What the typed command says of itself."""
    words = TYPED.get(path, path)
    return _EXPLAINED.get(words) or _EXPLAINED[words.split()[0]]


def _subcommand(name: str, what: str, options: tuple[Option, ...]) -> JSON:
    required_first = sorted(options, key=lambda option: not option.required)
    return {"type": _SUBCOMMAND, "name": name, "description": what, "options": list(map(_option, required_first))}


def _option(option: Option) -> JSON:
    made: JSON = {
        "type": int(option.kind),
        "name": option.name,
        "description": option.what,
        "required": option.required,
    }
    if option.choices:
        return made | {"choices": [{"name": str(choice), "value": choice} for choice in option.choices]}
    match option.kind:
        case Kind.TEXT:
            return made | {"max_length": option.longest, "autocomplete": bool(option.after)}
        case Kind.NUMBER:
            return made | {"min_value": 1, "max_value": option.longest}
    return made
