"""Discord's interactions as what a person did: the line they could have typed elsewhere, or the control used (pure).

Shapes: docs.discord.com/developers/interactions/receiving-and-responding, "interaction data".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from adapters.chat.discord.custom_ids import decode
from adapters.chat.discord.options import SUBCOMMANDS, TYPED, Kind, Option, unquoted
from bot.commands import Suggestion, offered_command, parse_command, parse_control, turns_list
from bot.conversation import Command, React
from bot.wording import shorten

DISCORD = "discord"
"""The platform's name."""

Payload = Mapping[str, Any]

MAX_CHOICE = 100
"""Characters of a suggestion."""

_NESTED = frozenset({1, 2})
_ASKS_FIRST = frozenset({"jump", "share", "again"})


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody could have typed elsewhere."""

    asked: str

    @property
    def command(self) -> Command:
        """What they ask."""
        return parse_command(self.asked)


@dataclass(frozen=True, slots=True)
class Use:
    """A control used, in the message of this id, with what was chosen or typed in it, or what it carries itself."""

    control: str
    value: str
    message: str

    @property
    def asks_first(self) -> bool:
        """Whether a click on the control only opens a form, whose submission is its use."""
        return name_of(self.control) in _ASKS_FIRST

    @property
    def turns(self) -> bool:
        """Whether it changes the list that it stands under."""
        return turns_list(self.control)

    @property
    def asked(self) -> str:
        """The command that the control stands for, as if it had been typed; "" for other controls."""
        return offered_command(self.control, self.value)

    @property
    def command(self) -> Command:
        """What they want."""
        command = parse_control(self.control, self.value)
        if isinstance(command, React) and not command.message:
            return replace(command, message=self.message)
        return command


def name_of(control: str) -> str:
    """Give the NAME of 1.NAME.ARGUMENT."""
    return control.split(".", 2)[1] if "." in control else ""


# ---------------------------------------------------------------- /papers


def read_slash(data: Payload) -> Question:
    """Read a slash command, whatever the app's command is called."""
    path, given = _descend(data)
    written = (option.write(_text(given[option.name])) for option in SUBCOMMANDS.get(path, ()) if option.name in given)
    return Question(" ".join([TYPED.get(path, path), *written]))


@dataclass(frozen=True, slots=True)
class Typing:
    """Somebody types in an option; ``line`` is what would be completed elsewhere."""

    option: Option
    typed: str

    @property
    def line(self) -> str:
        """A line whose completions are those of the option; "" if there are none."""
        return f"{self.option.after}{self.typed}" if self.option.after else ""

    def choices(self, suggestions: Iterable[Suggestion]) -> list[tuple[str, str]]:
        """Whole values for the option, each with what is shown of it; what does not fit is left out."""
        values = ((self._value(one), one.what) for one in suggestions)
        shown = ((value, shorten(f"{value} · {what}" if what else value, MAX_CHOICE)) for value, what in values)
        return [(value, words) for value, words in shown if 0 < len(value) <= MAX_CHOICE]

    def _value(self, suggestion: Suggestion) -> str:
        value = (self.line[: suggestion.start] + suggestion.insert).removeprefix(self.option.after)
        return unquoted(value) if self.option.is_name else value


def read_typing(data: Payload) -> Typing | None:
    """Read an autocomplete; None if it is of an option that we do not know."""
    path, given = _descend(data)
    for option in SUBCOMMANDS.get(path, ()):
        if given.get(option.name, {}).get("focused"):
            return Typing(option, _encodable(str(given[option.name]["value"])))
    return None


def _descend(data: Payload) -> tuple[str, dict[str, Payload]]:
    """The words after ``/papers``, and what was given to the options there."""
    path: list[str] = []
    options = data.get("options") or []
    while options and options[0]["type"] in _NESTED:
        path.append(options[0]["name"])
        options = options[0].get("options") or []
    return " ".join(path), {option["name"]: option for option in options if not _is_off(option)}


def _is_off(option: Payload) -> bool:
    return option["type"] == Kind.SWITCH and not option["value"]


def _text(option: Payload) -> str:
    value = option["value"]
    return _encodable(str(int(value) if option["type"] == Kind.NUMBER else value))


# ---------------------------------------------------------------- controls


def read_click(data: Payload, message: str) -> Use:
    """Read a button, or a menu's choice."""
    chosen = next(iter(data.get("values") or ()), "")
    return Use(*decode(_encodable(data["custom_id"]), _encodable(chosen)), message)


def read_submission(data: Payload, message: str) -> Use:
    """Read the submission of a form that a control opened; what was typed is the control's value."""
    control, _ = decode(_encodable(data["custom_id"]))
    typed = next((_encodable(str(one["value"])) for one in _inputs(data["components"]) if one.get("value")), "")
    return Use(control, typed, message)


def _inputs(components: Iterable[Payload]) -> Iterable[Payload]:
    """The inputs, whether they stand in rows or under labels."""
    for part in components:
        yield part
        yield from _inputs(part.get("components") or ())
        yield from _inputs([part["component"]] if part.get("component") else ())


def _encodable(text: str) -> str:
    """Replace halves of surrogate pairs, which JSON can carry and UTF-8 cannot."""
    return text.encode("utf-8", "replace").decode()
