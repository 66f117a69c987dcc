"""What buttons and menus carry (pure).

A control's id is "1.NAME.ARGUMENT", or "1.NAME" when the argument does not fit or is chosen by the person.
The id, with the chosen value, is the whole state: it works after a restart and for anyone who may see it.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.commands import filtering, people
from bot.commands.entry import read_number
from bot.commands.typed import parse_command
from bot.conversation import (
    PAGE_SIZES,
    Command,
    ConfirmRemoval,
    CopyStarter,
    Misunderstood,
    PostNewest,
    Rearrange,
    Show,
    Sort,
    TurnPage,
)
from bot.wording import visible

MAX_CONTROL_ID = 100
"""Discord's limit for a custom_id, the narrowest of all platforms."""

_PAGING = frozenset({"first", "previous", "next", "last"})
_IN_PLACE = _PAGING | {"jump", "sort", "size", "filter", "refresh"}


def page_control(name: str, key: str, page: int) -> str:
    """Make the id of first, previous, next or last, which leads to that page of the list."""
    return control_id(name, f"{key}.{page}")


def control_id(name: str, argument: str = "") -> str:
    """Make the id of a control.

    The arguments: a list's key for jump, sort, size, filter (which take page, order, size or filter as value), refresh
    and more; a paper's id for open; a command for run; a topic's name for start and remove; a starter topic's for copy;
    and those of ``people.CONTROLS``. One too long for an id is left out: give it as the control's value, or leave the
    control out.
    """
    whole = f"1.{name}.{argument}"
    return whole if argument and len(whole) <= MAX_CONTROL_ID else f"1.{name}"


def turns_list(control: str) -> bool:
    """Whether a control changes the list it stands under, rather than asking for something new."""
    return _split(control)[1] in _IN_PLACE


def offered_command(control: str, value: str = "") -> str:
    """Return the command that a ``run`` control stands for, as if it had been typed; nothing for other controls."""
    _, name, argument = _split(control)
    return (argument or value) if name == "run" else ""


def parse_control(control: str, value: str = "") -> Command:
    """Read a control that was used, with what was chosen or typed in it; Misunderstood if it cannot be read."""
    value = visible(value)
    version, name, argument = _split(visible(control))
    if version == "1" and name in _PAGING:
        key, _, page = argument.rpartition(".")
        return _turn(key, page)
    if version == "1" and name == "filter":
        return _filter(argument, value)
    if version == "1" and name in _IN_PLACE | {"more"}:
        return _read_list_control(name, argument, value)
    if version == "1" and name in people.CONTROLS:
        return people.CONTROLS[name](argument, value) or _STALE
    if version == "1" and name in _READERS and (argument or value):
        return _READERS[name](argument or value)
    return _STALE


def _split(control: str) -> tuple[str, str, str]:
    version, _, rest = control.partition(".")
    name, _, argument = rest.partition(".")
    return version, name, argument


_READERS: dict[str, Callable[[str], Command]] = {
    "open": Show,
    "run": parse_command,
    "start": PostNewest,
    "copy": CopyStarter,
    "remove": ConfirmRemoval,
}


def _read_list_control(name: str, key: str, value: str) -> Command:
    if not key:
        return _STALE
    if name == "more":
        return TurnPage(key, 1)
    if name == "jump":
        return _turn(key, value)
    if name == "sort":
        return Rearrange(key, sort=Sort(value)) if value in set(Sort) else _STALE
    if name == "size":
        return Rearrange(key, per_page=int(value)) if value in map(str, PAGE_SIZES) else _STALE
    return Rearrange(key)


def _filter(argument: str, value: str) -> Command:
    """KEY.FILTER, or KEY with the filter as value."""
    key, _, fixed = argument.partition(".")
    filters = filtering.read_filter(fixed or value)
    return Rearrange(key, filters=filters) if key and filters else _STALE


def _turn(key: str, page: str) -> Command:
    number = read_number(page)
    return _STALE if not key or number is None else TurnPage(key, max(1, number))


_STALE = Misunderstood("That control cannot be used any more.", "help")
