"""Commands for what a channel does not want to hear of (pure)."""

from __future__ import annotations

import difflib
from collections.abc import Callable

from bot.commands.entry import Entry, whole_name
from bot.conversation import AddMute, Command, ListMutes, Misunderstood, RemoveMute
from bot.model import Mute, MuteKind

LONGEST = 200
"""How many characters a mute has at most."""


def _reader(command: str, make: Callable[[Mute], Command]) -> Callable[[str], Command]:
    def read(rest: str) -> Command:
        kind, _, text = rest.partition(" ")
        text = whole_name(text.strip())
        if kind.lower() not in set(MuteKind):
            near = difflib.get_close_matches(kind.lower(), list(MuteKind), n=1)
            example = f"{command} {near[0] if near else MuteKind.WORD} {text or (rest if not near else 'editorial')}"
            return Misunderstood(f"After “{command}” comes author, journal or word.", example)
        if not text or len(text) > LONGEST:
            problem = "Something is missing" if not text else f"At most {LONGEST} characters can be muted"
            return Misunderstood(f"{problem}: {command} author|journal|word X", f"help {command}")
        return make(Mute(MuteKind(kind.lower()), text))

    return read


ENTRIES = (
    Entry(
        "mute",
        "author|journal|word X",
        _reader("mute", AddMute),
        "Never post papers of an author or journal, or with a word or phrase in title or abstract.",
        'mute word "letter to the editor"',
        admin=True,
    ),
    Entry(
        "unmute",
        "author|journal|word X",
        _reader("unmute", RemoveMute),
        "Post such papers again.",
        'unmute word "letter to the editor"',
        admin=True,
    ),
    Entry("mutes", "", lambda _: ListMutes(), "What is muted here.", "mutes"),
)
