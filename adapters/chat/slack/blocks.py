"""Single blocks and controls as Block Kit's JSON, within Slack's limits (pure)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import count, islice
from typing import Any

from bot.offering import Action, Option
from bot.wording import shorten

Block = dict[str, Any]
"""A block, or what stands in one."""

MAX_BLOCKS = 50
MAX_TEXT = 3000
"""Characters of any text (docs.slack.dev, composition-objects/text-object)."""

MAX_SIZE = 10_000
"""Characters of a message's blocks as JSON: Slack refuses about 13,200 and publishes no number (facts: slack.md, 8)."""

MAX_CONTROLS = 25
"""Elements of one actions block."""

_MAX_HEADER = 150
_MAX_LABEL = 75
_MAX_PLACEHOLDER = 150
_MAX_BUTTON_VALUE = 2000
_MAX_OPTION_VALUE = 150
_MAX_OPTIONS = 100
_NO_WORDS = "–"
_NUMBER = re.compile(r"#[0-9]+$")


def size(blocks: Sequence[Block]) -> int:
    """How many characters they are as JSON."""
    return len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")))


def fits(blocks: Sequence[Block]) -> bool:
    """Whether Slack takes them in one message."""
    return len(blocks) <= MAX_BLOCKS and size(blocks) <= MAX_SIZE


def header(text: str) -> Block:
    """Make a headline."""
    return {"type": "header", "text": _plain(text, _MAX_HEADER)}


def context(text: str) -> Block:
    """Make lines in small print."""
    return {"type": "context", "elements": [_plain(text, MAX_TEXT)]}


def rich_text(elements: list[Block]) -> Block:
    """Make a block of sections, lists and preformatted text."""
    return {"type": "rich_text", "elements": elements}


def controls(actions: Sequence[Action]) -> list[Block]:
    """Lay out controls, a block for each group. What Slack has no room for is left out."""
    seen: dict[str, Iterator[int]] = {}
    made: list[Block] = []
    for group in ("page", "view", "offer"):
        those = (_control(action) for action in actions if action["group"] == group)
        row = list(islice(filter(None, those), MAX_CONTROLS))
        for element in row:
            element["action_id"] = _unique(element["action_id"], seen)
        if row:
            made.append({"type": "actions", "elements": row})
    return made


def control_of(action_id: str) -> str:
    """Give the control's id that an ``action_id`` stands for."""
    return _NUMBER.sub("", action_id)


def _unique(control: str, seen: dict[str, Iterator[int]]) -> str:
    """Number what a message has several of: an action_id may stand in a message only once."""
    number = next(seen.setdefault(control, count(1)))
    return control if number == 1 and not _NUMBER.search(control) else f"{control}#{number}"


def _control(action: Action) -> Block | None:
    """Block Kit has no disabled buttons: those of a list keep their places, and lead to the page that is shown."""
    match action.get("type", "button"):
        case "select":
            return _select(action)
        case "button":
            if len(action.get("value", "")) > _MAX_BUTTON_VALUE:
                return None
            return _button(action, action["label"])
        case "number":
            known: Action = {**action, "value": f"{action['value']}/{action['maximum']}"}
            return _button(known, action["label"].rstrip("…") + "…")
        case _:
            return _button(action, action["label"].rstrip("…") + "…")


def _button(action: Action, label: str) -> Block:
    made: Block = {"type": "button", "action_id": action["id"], "text": _plain(label, _MAX_LABEL)}
    value = action.get("value", "")
    return made | {"value": value} if 0 < len(value) <= _MAX_BUTTON_VALUE else made


def _select(action: Action) -> Block | None:
    given = [option for option in action["options"] if 0 < len(option["value"]) <= _MAX_OPTION_VALUE][:_MAX_OPTIONS]
    if not given:
        return None
    made: Block = {
        "type": "static_select",
        "action_id": action["id"],
        "placeholder": _plain(action["label"], _MAX_PLACEHOLDER),
        "options": [_option(option) for option in given],
    }
    chosen = [_option(option) for option in given if option["selected"]]
    return made | {"initial_option": chosen[0]} if chosen else made


def _option(option: Option) -> Block:
    return {"text": _plain(option["label"], _MAX_LABEL), "value": option["value"]}


def _plain(text: str, limit: int) -> Block:
    """A text in which nothing is live: its :names: of emoji stay words."""
    text = shorten(text, limit) or _NO_WORDS
    return {"type": "plain_text", "text": text} | ({"emoji": False} if ":" in text else {})
