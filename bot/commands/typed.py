"""What people type after /papers (pure)."""

from __future__ import annotations

import difflib
import re

from bot.commands import general, lists, mutes, papers, people, rights, schedules, topics, trouble
from bot.commands.entry import Entry, missing
from bot.conversation import Command, Help, Misunderstood
from bot.wording import visible

_ADDRESSED = re.compile(r"\s*(?:/papers\b|@paper ?round\b[:,]?)?\s*", re.IGNORECASE)
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "‟": '"', "＂": '"'})
ENTRIES: tuple[Entry, ...] = (
    *lists.ENTRIES,
    *papers.ENTRIES,
    *people.ENTRIES,
    *topics.ENTRIES,
    *schedules.ENTRIES,
    *mutes.ENTRIES,
    *rights.ENTRIES,
    *trouble.ENTRIES,
    *general.ENTRIES,
)
COMMANDS = tuple(entry.help for entry in ENTRIES)
"""The only list of commands."""


def parse_command(text: str) -> Command:
    """Read the words after ``/papers`` (which may still stand in front); any text gives some command."""
    text = _ADDRESSED.sub("", visible(text), count=1).translate(_QUOTES).strip()
    if not text:
        return Help()
    for entry in ENTRIES:
        if match := entry.pattern.match(text):
            rest = text[match.end() :].strip()
            return entry.read(rest) if rest or not entry.needs_more else missing(entry)
    return _unknown(text)


def _unknown(text: str) -> Misunderstood:
    """Offer the nearest command with the rest of what was typed, else a search for all of it."""
    words = text.split()
    for length in (2, 1):
        typed = " ".join(words[:length]).lower()
        if following := [entry.name.split()[1] for entry in ENTRIES if entry.name.startswith(f"{typed} ")]:
            either = f"{', '.join(following[:-1])} or {following[-1]}"
            return Misunderstood(f"After “{typed}” comes {either}.", f"help {typed} {following[0]}")
        names = [entry.name for entry in ENTRIES if len(entry.name.split()) == length]
        if near := difflib.get_close_matches(typed, names, n=1, cutoff=0.7):
            rest = text.split(maxsplit=length)[length:]
            return Misunderstood(f"There is no command “{typed[:40]}”.", " ".join([near[0], *rest]))
    return Misunderstood(f"There is no command “{words[0][:40]}”.", f"search {text}")
