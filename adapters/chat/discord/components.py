"""Controls as Discord's buttons and menus, in at most five rows (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from adapters.chat.discord.custom_ids import CHOICES, Numbering, encode, kept_control, kept_name
from adapters.chat.discord.markdown import fitted
from bot.commands import MAX_CONTROL_ID
from bot.offering import Action, Option

Component = dict[str, Any]
"""A row, a button or a menu."""

MAX_ROWS = 5
_ROW, _BUTTON, _SELECT = 1, 2, 3
_SECONDARY = 2
_BUTTONS_IN_A_ROW = 5
_MAX_OPTIONS = 25
_MAX_BUTTON_LABEL = 80
_MAX_LABEL = 100
_MAX_PLACEHOLDER = 150
_SEVERAL = 2
_NO_WORDS = "–"
_RUN = "1.run"


def controls(actions: Sequence[Action]) -> list[Component]:
    """Lay out controls: paging, then a row for each menu, then the other buttons. Where that is too much, one menu
    stands for all that rearrange a list. What Discord has no room for is left out."""
    numbering = Numbering()
    paging = _buttons([action for action in actions if action["group"] == "page"], numbering)
    buttons = _buttons([one for one in actions if one["group"] != "page" and not _is_menu(one)], numbering)
    room = MAX_ROWS - len(paging)
    menus = [action for action in actions if _is_menu(action)]
    if len(menus) + len(buttons) > room:
        menus = _joined(menus)
    parts = [part for menu in menus for part in _parts(menu)]
    menus = parts if len(parts) + len(buttons) <= room else menus
    made = (_select(menu, numbering) for menu in menus)
    selects = [_row([select]) for select in made if select]
    return [*paging, *selects[: room - bool(buttons)], *buttons][:MAX_ROWS]


def kept_commands(actions: Sequence[Action]) -> Iterator[tuple[str, str]]:
    """The commands of buttons that are too long to be carried, each with the name that it is to be kept under."""
    for action in actions:
        command = action.get("value", "")
        if action["id"] == _RUN and action.get("type", "button") == "button" and command:
            name = kept_name(kept_control(command))
            assert name
            yield name, command


def _buttons(actions: Sequence[Action], numbering: Numbering) -> list[Component]:
    made = [one for action in actions if (one := _button(action, numbering))]
    starts = range(0, len(made), _BUTTONS_IN_A_ROW)
    return [_row(made[start : start + _BUTTONS_IN_A_ROW]) for start in starts]


def _row(components: list[Component]) -> Component:
    return {"type": _ROW, "components": components}


def _button(action: Action, numbering: Numbering) -> Component | None:
    """Make a button; None if Discord cannot carry what it stands for."""
    control, value, label = action["id"], action.get("value", ""), action["label"]
    match action.get("type", "button"):
        case "button":
            if value and not control.endswith(value):
                if control != _RUN:
                    return None
                control = kept_control(value)
        case "number":
            control, label = encode(control, f"{value}/{action['maximum']}"), _asking(label)
        case _:
            with_value, label = encode(control, value), _asking(label)
            control = with_value if len(with_value) <= MAX_CONTROL_ID else control
    if len(custom_id := numbering.unique(control)) > MAX_CONTROL_ID:
        return None
    made = {"type": _BUTTON, "style": _SECONDARY, "custom_id": custom_id, "label": _plain(label, _MAX_BUTTON_LABEL)}
    return made | ({"disabled": True} if action.get("disabled") else {})


def _asking(label: str) -> str:
    return label.rstrip("…") + "…"


def _is_menu(action: Action) -> bool:
    return action.get("type") == "select"


def _parts(menu: Action) -> Iterator[Action]:
    """Menus with all choices of one that has more than Discord takes."""
    options = menu["options"]
    number = max(1, -(-len(options) // _MAX_OPTIONS))
    each = -(-len(options) // number)
    for start in range(0, len(options), each or 1):
        label = f"{menu['label']} ({start // each + 1} of {number})" if number > 1 else menu["label"]
        yield {**menu, "label": label, "options": options[start : start + each]}


def _select(action: Action, numbering: Numbering) -> Component | None:
    fitting = {one["value"]: one for one in action["options"] if 0 < len(one["value"]) <= MAX_CONTROL_ID}
    custom_id = numbering.unique(action["id"])
    if not fitting or len(custom_id) > MAX_CONTROL_ID:
        return None
    return {
        "type": _SELECT,
        "custom_id": custom_id,
        "placeholder": _plain(action["label"], _MAX_PLACEHOLDER),
        "options": [_option(one) for one in list(fitting.values())[:_MAX_OPTIONS]],
    }


def _option(option: Option) -> Component:
    made: Component = {"label": _plain(option["label"], _MAX_LABEL), "value": option["value"]}
    return made | ({"default": True} if option["selected"] else {})


def _joined(menus: Sequence[Action]) -> list[Action]:
    """One menu for those that rearrange a list: its choices are controls with their values; what is so already is
    ticked."""
    several = [menu for menu in menus if menu["group"] == "view"]
    if len(several) < _SEVERAL:
        return list(menus)
    options: list[Option] = [
        {
            "value": encode(menu["id"], option["value"]),
            "label": option["label"] + " ✓" * option["selected"],
            "selected": False,
        }
        for menu in several
        for option in menu["options"]
    ]
    names = [menu["label"].rstrip("…") for menu in several]
    label = ", ".join([names[0], *(name.lower() for name in names[1:])]) + "…"
    joined: Action = {"id": CHOICES, "label": label, "group": "view", "type": "select", "options": options}
    return [joined, *(menu for menu in menus if menu["group"] != "view")]


def _plain(text: str, limit: int) -> str:
    """Words of a control, in which Discord reads no markup."""
    return fitted(text, limit, str) or _NO_WORDS
