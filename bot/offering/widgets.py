"""Controls as data; what a person reads of them has no invisible characters (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NotRequired, TypedDict

from bot.commands import control_id
from bot.wording import shorten, visible


class Option(TypedDict):
    """One choice of a select."""

    value: str
    label: str
    selected: bool


class Action(TypedDict):
    """A control; without a type it is a button. ``value`` is what is sent unless chosen; a text is what a person may
    change before it is sent."""

    id: str
    label: str
    group: Literal["page", "view", "offer"]
    type: NotRequired[Literal["button", "select", "number", "text"]]
    value: NotRequired[str]
    maximum: NotRequired[int]
    options: NotRequired[list[Option]]
    disabled: NotRequired[bool]


def select(name: str, key: str, label: str, options: list[tuple[str, str]], chosen: str | None) -> Action:
    """Make a menu of (value, label); with nothing ``chosen`` it offers something."""
    return {
        "id": control_id(name, key),
        "label": label,
        "group": "offer" if chosen is None else "view",
        "type": "select",
        "options": [{"value": value, "label": visible(text), "selected": value == chosen} for value, text in options],
    }


def calling(action: Action, names: Mapping[str, str]) -> Action:
    """Call people by name in a control's label, where they stand by the platform's ids."""
    label = action["label"]
    for user, name in names.items():
        label = label.replace(user, name)
    return {**action, "label": label}


def run(command: str, label: str | None = None) -> Action:
    """Make a button that stands for a typed command."""
    return button("run", visible(command), label or shorten(visible(command), 80))


def button(name: str, argument: str, label: str) -> Action:
    """Make a button."""
    return {"id": control_id(name, argument), "label": visible(label), "group": "offer", "value": argument}
