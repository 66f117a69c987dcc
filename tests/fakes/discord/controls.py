"""Controls as a person uses them: buttons, selects and the inputs of a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.fakes.discord.component_rules import BUTTON, LINK, PREMIUM, SELECT, SELECTS, TEXT_INPUT, walk
from tests.fakes.discord.world import JSON


def custom_ids(components: list[JSON]) -> list[str]:
    """The custom_ids of the controls, from top to bottom."""
    return [part["custom_id"] for part in walk(components) if "custom_id" in part]


def find(components: list[JSON], custom_id: str) -> JSON:
    """The control of this custom_id; AssertionError when a person would not see it or cannot use it."""
    found = next((part for part in walk(components) if part.get("custom_id") == custom_id), None)
    assert found, f"no control {custom_id!r} among {custom_ids(components)}"
    assert not found.get("disabled"), f"{custom_id!r} is disabled"
    return found


def pressed(components: list[JSON], custom_id: str) -> JSON:
    """The ``data`` of a button that was pressed."""
    button = find(components, custom_id)
    assert button["type"] == BUTTON, f"{custom_id!r} is no button"
    assert button["style"] not in {LINK, PREMIUM}, "the app is not told of such buttons"
    return {"custom_id": custom_id, "component_type": BUTTON, "id": button["id"]}


def chosen(components: list[JSON], custom_id: str, values: Sequence[Any]) -> JSON:
    """The ``data`` of a select in which these were chosen: values or labels, or users, roles and channels; without
    ``resolved``."""
    select = find(components, custom_id)
    assert select["type"] in SELECTS, f"{custom_id!r} is no select"
    picked = _picked(select, values)
    return {"custom_id": custom_id, "component_type": select["type"], "id": select["id"], "values": picked}


def filled_in(components: list[JSON], values: Mapping[str, Any]) -> list[JSON]:
    """The ``components`` of a submitted form; ``values`` by custom_id, a text or the choices of a select. What is not
    given stays as the app filled it in."""
    known = set(custom_ids(components))
    assert known >= values.keys(), f"no inputs {set(values) - known} among {known}"
    return [_part(part, values) for part in components]


def _part(part: JSON, values: Mapping[str, Any]) -> JSON:
    kept: JSON = {"type": part["type"], "id": part["id"]}
    if "components" in part:
        return kept | {"components": [_part(inner, values) for inner in part["components"]]}
    if "component" in part:
        return kept | {"component": _part(part["component"], values)}
    if part["type"] == TEXT_INPUT:
        return kept | {"custom_id": part["custom_id"], "value": _typed(part, values)}
    if part["type"] in SELECTS:
        given = values.get(part["custom_id"]) or [one["value"] for one in part.get("options", []) if one.get("default")]
        picked = _picked(part, given) if given or part.get("required", True) else []
        return kept | {"custom_id": part["custom_id"], "values": picked}
    return kept


def _typed(part: JSON, values: Mapping[str, Any]) -> str:
    value = values.get(part["custom_id"], part.get("value") or "")
    assert isinstance(value, str), f"{part['custom_id']} is typed: give a string"
    assert value or not part.get("required", True), f"{part['custom_id']!r} is needed"
    least, most = part.get("min_length") or 0, part.get("max_length") or 4000
    assert not value or least <= len(value) <= most, f"{len(value)} characters, not {least} to {most}"
    return value


def _picked(select: JSON, values: Sequence[Any]) -> list[str]:
    least, most = select.get("min_values", 1), select.get("max_values", 1)
    assert least <= len(values) <= most, f"{select['custom_id']!r}: choose {least} to {most}"
    if select["type"] != SELECT:
        return [value.id for value in values]
    return [_option(select, value) for value in values]


def _option(select: JSON, value: Any) -> str:
    fitting = [str(one["value"]) for one in select["options"] if value in (one["value"], one["label"])]
    assert fitting, f"no option {value!r} among {[one['label'] for one in select['options']]}"
    return fitting[0]
