"""Commands for status and help (pure)."""

from __future__ import annotations

from bot.commands.entry import Entry
from bot.conversation import Command, Help, ShowStatus


def _read_help(rest: str) -> Command:
    return Help(" ".join(rest.lower().split()) or None)


ENTRIES = (
    Entry("status", "", lambda _: ShowStatus(), "How the sources and this channel do.", "status"),
    Entry("help", "[command]", _read_help, "What can be asked here.", "help search"),
)
