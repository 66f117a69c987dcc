"""The rules of application commands (docs.discord.com/developers/interactions/application-commands)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.fakes.discord.shapes import Check, Path, Problem, anything, array, both, flag, number, one_of, shape, text

JSON = dict[str, Any]

SUB_COMMAND, GROUP = 1, 2
CHAT, USER_MENU, MESSAGE_MENU = 1, 2, 3
MOST_CHARACTERS = 8_000
MOST = {CHAT: 100, USER_MENU: 5, MESSAGE_MENU: 5}
NAME = re.compile(r"[-_'\w\u0900-\u097f\u0e00-\u0e7f]{1,32}")


def _name(value: Any, at: Path) -> Iterator[Problem]:
    if not isinstance(value, str) or not NAME.fullmatch(value) or value != value.lower():
        yield Problem(at, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


CHOICE = shape({"name": text(100, 1), "value": anything}, {"name_localizations": anything})


def _option(value: Any, at: Path) -> Iterator[Problem]:
    """One option of any type; sub-commands and groups hold further ones."""
    yield from OPTION(value, at)


OPTION: Check = shape(
    {"type": one_of(*range(1, 12)), "name": _name, "description": text(100, 1)},
    {
        "required": flag,
        "choices": array(CHOICE, 0, 25),
        "options": array(_option, 0, 25),
        "autocomplete": flag,
        "min_length": number(0, 6000),
        "max_length": number(1, 6000),
        "channel_types": array(number(0, 100)),
    },
)


def _well_ordered(value: Any, at: Path) -> Iterator[Problem]:
    yield from _check_options(value.get("options") or [], (*at, "options"), 0)


def _check_options(options: list[JSON], at: Path, depth: int) -> Iterator[Problem]:
    for name, count in Counter(option["name"] for option in options).items():
        if count > 1:
            yield Problem(at, "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", f"Option name {name} is not unique")
    nested = [option["type"] in {SUB_COMMAND, GROUP} for option in options]
    if any(nested) and not all(nested):
        yield Problem(at, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-commands and options cannot be mixed")
    optional = False
    for place, option in enumerate(options):
        here, kind = (*at, str(place)), option["type"]
        if kind in {SUB_COMMAND, GROUP}:
            if depth >= (1 if kind == GROUP else 2):
                yield Problem(here, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Nested too deeply")
            if kind == GROUP and any(inner["type"] != SUB_COMMAND for inner in option.get("options") or []):
                yield Problem(here, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "A group holds sub-commands only")
            yield from _check_options(option.get("options") or [], (*here, "options"), depth + 1)
            continue
        if option.get("required") and optional:
            yield Problem(here, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options come first")
        optional = optional or not option.get("required")
        if option.get("choices") and option.get("autocomplete"):
            yield Problem(here, "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE", "Either choices or autocomplete")


def _not_too_long(value: Any, at: Path) -> Iterator[Problem]:
    if _length(value) > MOST_CHARACTERS:
        yield Problem(at, "APPLICATION_COMMAND_TOO_LARGE", f"Command exceeds maximum size ({MOST_CHARACTERS})")


def _length(part: JSON) -> int:
    choices = sum(len(str(one["name"])) + len(str(one["value"])) for one in part.get("choices") or [])
    inside = sum(_length(option) for option in part.get("options") or [])
    return len(part["name"]) + len(part.get("description") or "") + choices + inside


def _bits(value: Any, at: Path) -> Iterator[Problem]:
    if not str(value).isdigit():
        yield Problem(at, "NUMBER_TYPE_COERCE", f"Value {value!r} is not a permission bit set.")


SHARED = {"default_member_permissions": _bits, "nsfw": flag, "dm_permission": flag}
CHAT_COMMAND: Check = both(
    shape({"name": _name, "description": text(100, 1)}, {**SHARED, "options": array(_option, 0, 25)}),
    _well_ordered,
    _not_too_long,
)
MENU_COMMAND: Check = shape({"name": text(32, 1)}, SHARED)


def _command(value: Any, at: Path) -> Iterator[Problem]:
    chat = not isinstance(value, dict) or (value.get("type") or CHAT) == CHAT
    yield from (CHAT_COMMAND if chat else MENU_COMMAND)(value, at)


def _unique(value: Any, at: Path) -> Iterator[Problem]:
    names = Counter((one.get("type") or CHAT, one["name"]) for one in value)
    for (_, name), count in names.items():
        if count > 1:
            yield Problem(
                at, "APPLICATION_COMMANDS_DUPLICATE_NAME", f"Application command names must be unique: {name}"
            )
    for kind, count in Counter(kind for kind, _ in names).items():
        if count > MOST.get(kind, 0):
            yield Problem(at, "APPLICATION_COMMANDS_MAX", f"More than {MOST.get(kind, 0)} commands of type {kind}")


COMMANDS: Check = both(array(_command), _unique)
