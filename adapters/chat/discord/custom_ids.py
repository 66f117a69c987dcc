"""What the custom_ids of a message carry: controls with their values, and the marker of a delivery (pure).

A custom_id is ``CONTROL``, ``CONTROL=VALUE`` where a control has a value of its own, then ``#2`` where a message has
several of the same, ``*MARKS`` (8 characters for each record of a paper) and ``~KEY`` in a delivery. The choice of a
menu is a value, also with ``*MARKS``, or a whole ``CONTROL=VALUE`` where one menu stands for several controls.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from bot.commands import MAX_CONTROL_ID
from bot.model import DeliveryKey

CHOICES = "1.choices"
"""The menu whose choices are controls with their values."""

_KEPT = "1.kept."

MARK = 8
"""Characters of a mark."""

_TAIL = re.compile(r"(?:#[0-9]+)?(?:\*(?P<marks>(?:[A-Za-z0-9]{8})+))?(?:~(?P<key>[A-Za-z0-9]{24}))?\Z")
_VALUED = re.compile(r"1\.(?:jump|share|again|sort|size|filter)\b")
_MARKED = re.compile(r"(P[0-9]+)\*[A-Za-z0-9]+")


def encode(control: str, value: str = "") -> str:
    """Write a control with its value. It may be longer than Discord takes."""
    return f"{control}={value}" if value else control


def decode(custom_id: str, chosen: str = "") -> tuple[str, str]:
    """Read a used control: its id, and its own value or what was ``chosen`` in it. A jump's own value is
    ``PAGE/PAGES``, that of share and again the comment to begin with."""
    control = _TAIL.sub("", custom_id, count=1)
    if control == CHOICES:
        return decode(chosen)
    if _VALUED.match(control):
        control, _, value = control.partition("=")
        return control, chosen or value
    marked = _MARKED.fullmatch(chosen)
    return control, marked[1] if marked and control == "1.open" else chosen


def kept_control(command: str) -> str:
    """Name the control that stands for a command too long for a custom_id: the command itself is kept elsewhere."""
    digest = hashlib.blake2b(command.encode(), digest_size=10).digest()
    return f"{_KEPT}{base64.b32encode(digest).decode().lower()}"


def kept_name(control: str) -> str | None:
    """Under which name a control's command is kept; None if it carries its own."""
    return f"discord.command.{control.removeprefix(_KEPT)}" if control.startswith(_KEPT) else None


class Numbering:
    """Makes the custom_ids of one message different from one another, and from what has a tail."""

    def __init__(self) -> None:
        self._numbers: dict[str, Iterator[int]] = {}

    def unique(self, control: str) -> str:
        """Number what was there before, and what would be read as numbered or marked."""
        number = next(self._numbers.setdefault(control, count(1)))
        ends = _TAIL.search(control)
        return control if number == 1 and not (ends and ends[0]) else f"{control}#{number}"


# ---------------------------------------------------------------- deliveries


def with_key(custom_id: str, key: DeliveryKey) -> str:
    """Add the key of the delivery; it stands last."""
    return f"{custom_id}~{key}"


def with_marks(text: str, marks: Sequence[str], reserve: int = 0) -> tuple[str, Sequence[str]]:
    """Add as many marks to a custom_id or choice as fit, with so many characters left free; give the rest too."""
    most = max(0, (MAX_CONTROL_ID - reserve - len(text) - 1) // MARK)
    return text + "*" * bool(marks[:most]) + "".join(marks[:most]), marks[most:]


def key_of(message: Mapping[str, Any]) -> DeliveryKey | None:
    """Give the key of the delivery that a message is, as Discord's REST API gives messages; None if it is none."""
    tails = (_TAIL.search(str(one.get("custom_id", ""))) for one in _controls(message))
    return next((DeliveryKey(tail["key"]) for tail in tails if tail and tail["key"]), None)


def marks_of(message: Mapping[str, Any]) -> list[str]:
    """Give the marks that a message carries."""
    texts = [
        text
        for one in _controls(message)
        for text in (one.get("custom_id", ""), *(option.get("value", "") for option in one.get("options", ())))
    ]
    tails = (_TAIL.search(str(text)) for text in texts)
    joined = (tail["marks"] for tail in tails if tail and tail["marks"])
    return [marks[at : at + MARK] for marks in joined for at in range(0, len(marks), MARK)]


def _controls(message: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for row in message.get("components", ()):
        yield from row.get("components", ())
