"""Controls as a person uses them: what is found in blocks by action_id, and what choosing or typing sends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.fakes.slack.world import JSON

SINGLE = {"static_select", "external_select", "radio_buttons", "overflow"}
SEVERAL = {"multi_static_select", "checkboxes"}
TYPED = {
    "plain_text_input": "value",
    "number_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
}
"""Where a payload holds what was typed or picked, and ``initial_`` plus the last word what it began with."""


def elements(blocks: list[JSON]) -> Iterator[tuple[JSON, JSON]]:
    """Each interactive element with its block, from top to bottom."""
    for block in blocks:
        inside = [*block.get("elements", []), block.get("accessory"), block.get("element")]
        for element in inside:
            if isinstance(element, dict) and "action_id" in element:
                yield block, element


def action_ids(blocks: list[JSON]) -> list[str]:
    """The action_ids of the controls, from top to bottom."""
    return [element["action_id"] for _, element in elements(blocks)]


def find(blocks: list[JSON], action_id: str) -> tuple[JSON, JSON]:
    """The element of this action_id with its block; AssertionError when a person would not see it."""
    found = next(((block, element) for block, element in elements(blocks) if element["action_id"] == action_id), None)
    assert found, f"no control {action_id!r} among {action_ids(blocks)}"
    return found


def used(blocks: list[JSON], action_id: str, value: Any, ts: str) -> JSON:
    """The ``action`` of a control which a person used. ``value`` is an option's value or text, several of them in a
    list, or what was typed; a button needs none."""
    block, element = find(blocks, action_id)
    action: JSON = {"type": element["type"], "action_id": action_id, "block_id": block["block_id"], "action_ts": ts}
    if element["type"] == "button":
        action["text"] = element["text"]
        return action | {key: element[key] for key in ("value", "style", "url") if key in element}
    if "placeholder" in element:
        action["placeholder"] = element["placeholder"]
    return action | chosen(element, value)


def chosen(element: JSON, value: Any) -> JSON:
    """What a payload says of an element that holds this value."""
    kind = element["type"]
    if kind in SINGLE:
        return {"selected_option": None if value is None else _option(element, value)}
    if kind in SEVERAL:
        return {"selected_options": [_option(element, one) for one in value or []]}
    _check_typed(element, value)
    return {TYPED[kind]: value}


def state(blocks: list[JSON], values: dict[str, Any]) -> JSON:
    """``state.values`` of a message or view: what its controls hold, by block_id and action_id; ``values`` are what the
    person put in, by action_id."""
    held: JSON = {}
    for block, element in elements(blocks):
        kind, action_id = element["type"], element["action_id"]
        if kind in {"button", "overflow"}:
            continue
        now = chosen(element, values[action_id]) if action_id in values else _initial(element)
        held.setdefault(block["block_id"], {})[action_id] = {"type": kind, **now}
    return held


def check_filled_in(blocks: list[JSON], held: JSON) -> None:
    """AssertionError when Slack's client would not let a person submit: something needed is missing."""
    for block in blocks:
        if block["type"] == "input" and not block.get("optional"):
            holds = held[block["block_id"]][block["element"]["action_id"]]
            given = [value for key, value in holds.items() if key != "type"]
            assert given[0] not in (None, "", []), f"{block['label']['text']!r} is needed"


def _initial(element: JSON) -> JSON:
    kind = element["type"]
    if kind in SINGLE:
        return {"selected_option": element.get("initial_option")}
    if kind in SEVERAL:
        return {"selected_options": element.get("initial_options", [])}
    return {TYPED[kind]: element.get("initial_" + TYPED[kind].removeprefix("selected_"))}


def _option(element: JSON, value: Any) -> JSON:
    options: list[JSON] = [
        *element.get("options", []),
        *(option for group in element.get("option_groups", []) for option in group["options"]),
    ]
    fitting = (option for option in options if value in {option.get("value"), option["text"]["text"]})
    found = next(fitting, None)
    assert found, f"no option {value!r} among {[option['text']['text'] for option in options]}"
    return found


def _check_typed(element: JSON, value: Any) -> None:
    """AssertionError when Slack's client would not take what was typed."""
    if value is None:
        return
    assert isinstance(value, str), f"{element['action_id']} is typed: give a string"
    if element["type"] == "plain_text_input":
        length = len(value)
        assert element.get("min_length", 0) <= length <= element.get("max_length", 3000), f"{length} characters"
    if element["type"] == "number_input":
        lowest, highest = (float(element.get(name, value)) for name in ("min_value", "max_value"))
        assert lowest <= float(value) <= highest, f"{value} is not from {lowest:g} to {highest:g}"
