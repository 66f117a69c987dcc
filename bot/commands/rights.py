"""Commands for who may administer a channel (pure)."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.commands.entry import Entry
from bot.conversation import AddManager, Command, ListManagers, Misunderstood, RemoveManager

_PERSON = re.compile(r"<@!?([\w.-]{1,80})(?:\|[^<>]*)?>|@?([\w.-]{1,80})")
"""A mention as Slack or Discord sends it (``<@U123>``, ``<@U123|ann>``, ``<@!123>``), ``@ann``, or an id."""


def _reader(make: Callable[[str], Command], example: str) -> Callable[[str], Command]:
    def read(rest: str) -> Command:
        if not (person := _PERSON.fullmatch(rest.strip())):
            return Misunderstood("Name one person, as in @ann.", example)
        return make(person[1] or person[2])

    return read


ENTRIES = (
    Entry(
        "managers add",
        "@PERSON",
        _reader(AddManager, "managers add @ann"),
        "Let somebody administer this channel.",
        "managers add @ann",
        admin=True,
    ),
    Entry(
        "managers remove",
        "@PERSON",
        _reader(RemoveManager, "managers remove @ann"),
        "Take that right back.",
        "managers remove @ann",
        admin=True,
    ),
    Entry("managers", "", lambda _: ListManagers(), "Who may administer this channel.", "managers"),
)
