"""Commands that settle deliveries (pure)."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.commands.entry import Entry
from bot.conversation import Command, Misunderstood, Resend, Skip

_KEY = re.compile(r"[a-z2-7]{4,24}", re.IGNORECASE)
"""The start of a delivery's key, which is written in base32."""


def _reader(make: Callable[[str], Command]) -> Callable[[str], Command]:
    def read(rest: str) -> Command:
        if not _KEY.fullmatch(rest.strip()):
            return Misunderstood(
                "KEY is the start of a delivery’s key, at least 4 characters; status shows it.", "status"
            )
        return make(rest.strip().lower())

    return read


ENTRIES = (
    Entry(
        "resend",
        "KEY",
        _reader(Resend),
        "Post a held or refused delivery again. Status shows its KEY.",
        "resend k7qm2xwd",
        admin=True,
    ),
    Entry(
        "skip",
        "KEY",
        _reader(Skip),
        "Leave a held or refused delivery as it is: its papers count as posted.",
        "skip k7qm2xwd",
        admin=True,
    ),
)
