"""The rules of message components and modals (docs.discord.com/developers/components/reference)."""

from __future__ import annotations

import copy
import itertools
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.fakes.discord.shapes import (
    Check,
    Path,
    Problem,
    anything,
    array,
    both,
    flag,
    number,
    one_of,
    shape,
    text,
    typed,
    units,
    url,
)

JSON = dict[str, Any]

ROW, BUTTON, SELECT, TEXT_INPUT, SECTION, TEXT, CONTAINER, LABEL = 1, 2, 3, 4, 9, 10, 17, 18
PICKERS = (5, 6, 7, 8)
"""Selects of users, roles, both, and channels."""
SELECTS = {SELECT, *PICKERS}
MOST_COMPONENTS, MOST_TEXT = 40, 4_000
LINK, PREMIUM = 5, 6

ID = number(0, 2**31 - 1)
CUSTOM_ID = text(100, 1)
EMOJI = shape({}, {"name": text(100), "id": anything, "animated": flag})


def walk(components: list[JSON]) -> Iterator[JSON]:
    """All components, from top to bottom, those inside others too."""
    for component in components:
        yield component
        inside = [component.get("accessory"), component.get("component")]
        yield from walk([*component.get("components", []), *(part for part in inside if part)])


def _button_fits_its_style(value: Any, at: Path) -> Iterator[Problem]:
    style = value["style"]
    wanted = {LINK: "url", PREMIUM: "sku_id"}.get(style, "custom_id")
    for name in ("custom_id", "url", "sku_id"):
        if name == wanted and not value.get(name):
            yield Problem((*at, name), "BASE_TYPE_REQUIRED", "This field is required")
        if name != wanted and value.get(name):
            yield Problem((*at, name), "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "Not with this style")
    if style != PREMIUM and not value.get("label") and not value.get("emoji"):
        yield Problem((*at, "label"), "BUTTON_COMPONENT_INVALID_LABEL", "A button needs a label or an emoji")


def _select_fits_its_options(value: Any, at: Path) -> Iterator[Problem]:
    options = value.get("options", [])
    repeated = [name for name, count in Counter(option["value"] for option in options).items() if count > 1]
    if repeated:
        yield Problem((*at, "options"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", f"{repeated} is duplicated")
    least, most = value.get("min_values", 1), value.get("max_values", 1)
    if max(least, most) > max(1, len(options)) or least > most:
        yield Problem((*at, "max_values"), "NUMBER_TYPE_MAX", "More values than options")
    if sum(bool(option.get("default")) for option in options) > most:
        yield Problem((*at, "options"), "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", "Too many defaults")


def _row_is_of_a_kind(value: Any, at: Path) -> Iterator[Problem]:
    kinds = [part["type"] for part in value["components"]]
    if len(kinds) > 1 and any(kind != BUTTON for kind in kinds):
        yield Problem((*at, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "Five buttons or one select")


OPTION = shape(
    {"label": text(100, 1), "value": text(100, 1)}, {"description": text(100), "default": flag, "emoji": EMOJI}
)
VALUES = {"id": ID, "placeholder": text(150), "min_values": number(0, 25), "max_values": number(1, 25)}
PICKER = shape({"custom_id": CUSTOM_ID}, {**VALUES, "disabled": flag, "default_values": anything, "required": flag})
SELECT_RULES = both(
    shape({"custom_id": CUSTOM_ID, "options": array(OPTION, 1, 25)}, {**VALUES, "disabled": flag, "required": flag}),
    _select_fits_its_options,
)
BUTTON_RULES = both(
    shape(
        {"style": one_of(1, 2, 3, 4, LINK, PREMIUM)},
        {
            "id": ID,
            "custom_id": CUSTOM_ID,
            "label": text(80),
            "url": url(512, "http", "https", "discord"),
            "disabled": flag,
            "emoji": EMOJI,
        },
    ),
    _button_fits_its_style,
)
INTERACTIVE = {BUTTON: BUTTON_RULES, SELECT: SELECT_RULES, **dict.fromkeys(PICKERS, PICKER)}
ROW_RULES = both(shape({"components": array(typed(INTERACTIVE), 1, 5)}, {"id": ID}), _row_is_of_a_kind)
TEXT_RULES = shape({"content": text(MOST_TEXT, 1)}, {"id": ID})
MEDIA = shape({"url": url()})
THUMBNAIL = shape({"media": MEDIA}, {"id": ID, "description": text(1024), "spoiler": flag})
LAYOUT: dict[int, Check] = {
    ROW: ROW_RULES,
    SECTION: shape(
        {
            "components": array(typed({TEXT: TEXT_RULES}), 1, 3),
            "accessory": typed({BUTTON: BUTTON_RULES, 11: THUMBNAIL}),
        }
    ),
    TEXT: TEXT_RULES,
    12: shape({"items": array(shape({"media": MEDIA}, {"description": text(1024)}), 1, 10)}, {"id": ID}),
    13: shape({"file": MEDIA}, {"id": ID}),
    14: shape({}, {"id": ID, "divider": flag, "spacing": one_of(1, 2)}),
}
V1 = array(typed({ROW: ROW_RULES}), 0, 5)
V2 = array(
    typed(
        {
            **LAYOUT,
            CONTAINER: shape(
                {"components": array(typed(LAYOUT), 1, MOST_COMPONENTS)},
                {"id": ID, "accent_color": number(0, 0xFFFFFF), "spoiler": flag},
            ),
        }
    ),
    1,
    MOST_COMPONENTS,
)


def _ids_are_unique(value: Any, at: Path) -> Iterator[Problem]:
    for name in ("custom_id", "id"):
        counts = Counter(part[name] for part in walk(value) if part.get(name))
        for repeated in (one for one, count in counts.items() if count > 1):
            code = "COMPONENT_CUSTOM_ID_DUPLICATED" if name == "custom_id" else "COMPONENT_ID_DUPLICATED"
            yield Problem(at, code, f"Component {name} {repeated!r} cannot be duplicated")


def _not_too_much(value: Any, at: Path) -> Iterator[Problem]:
    if len(list(walk(value))) > MOST_COMPONENTS:
        yield Problem(at, "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", f"More than {MOST_COMPONENTS} components")
    if sum(units(part["content"]) for part in walk(value) if part["type"] == TEXT) > MOST_TEXT:
        yield Problem(at, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", f"More than {MOST_TEXT} characters")


COMPONENTS_V1: Check = both(V1, _ids_are_unique)
COMPONENTS_V2: Check = both(V2, _ids_are_unique, _not_too_much)


def numbered(components: list[JSON]) -> list[JSON]:
    """The components as Discord gives them back: each with its id, selects and containers with all their fields."""
    kept = copy.deepcopy(components)
    taken = {part["id"] for part in walk(kept) if part.get("id")}
    free = (number for number in itertools.count(1) if number not in taken)
    for part in walk(kept):
        part["id"] = part.get("id") or next(free)
        for name, value in DEFAULTS.get(part["type"], {}).items():
            part.setdefault(name, value)
    return kept


DEFAULTS: dict[int, JSON] = {
    **{kind: {"min_values": 1, "max_values": 1} for kind in SELECTS},
    CONTAINER: {"accent_color": None, "spoiler": False},
    14: {"divider": True, "spacing": 1},
}


def _one_label(*, own: bool) -> Check:
    """A text input says its label itself in an action row, and not inside a label component."""

    def check(value: Any, at: Path) -> Iterator[Problem]:
        given = value.get("label") is not None
        if own and not given:
            yield Problem((*at, "label"), "BASE_TYPE_REQUIRED", "This field is required")
        if given and not own:
            yield Problem((*at, "label"), "COMPONENT_LABEL_NOT_ALLOWED", "The label stands outside")
        least, most = value.get("min_length") or 0, value.get("max_length") or 4000
        if least > most or not len(value.get("value") or "") <= most:
            yield Problem((*at, "max_length"), "NUMBER_TYPE_MIN", "Less than min_length or the value")

    return check


INPUT = shape(
    {"custom_id": CUSTOM_ID, "style": one_of(1, 2)},
    {
        "id": ID,
        "label": text(45, 1),
        "min_length": number(0, 4000),
        "max_length": number(1, 4000),
        "required": flag,
        "value": text(4000),
        "placeholder": text(100),
    },
)
IN_LABEL = {
    TEXT_INPUT: both(INPUT, _one_label(own=False)),
    SELECT: SELECT_RULES,
    **dict.fromkeys(PICKERS, PICKER),
}
MODAL_PART = typed(
    {
        ROW: shape({"components": array(typed({TEXT_INPUT: both(INPUT, _one_label(own=True))}), 1, 1)}, {"id": ID}),
        LABEL: shape({"label": text(45, 1), "component": typed(IN_LABEL)}, {"id": ID, "description": text(100)}),
        TEXT: TEXT_RULES,
    }
)
MODAL: Check = shape(
    {"custom_id": CUSTOM_ID, "title": text(45, 1), "components": both(array(MODAL_PART, 1, 5), _ids_are_unique)}
)
