"""What one typed command looks like, and how its arguments are read (pure)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.conversation import Command, CommandHelp, Misunderstood

MAX_PAGE = 1_000_000
_NAME = re.compile(r'"([^"]*)"(?:\s+|$)|[\'‘’]([^\'‘’]*)[\'‘’](?:\s+|$)|(\S+)\s*')


@dataclass(frozen=True, slots=True)
class Entry:
    """One command: its words, what may follow and how that is read, and what help says about it."""

    name: str
    arguments: str
    read: Callable[[str], Command]
    what: str
    example: str
    admin: bool = False

    @property
    def pattern(self) -> re.Pattern[str]:
        """Match its words at the start of a text."""
        return re.compile(r"\s+".join(self.name.split()) + r"(?!\S)", re.IGNORECASE)

    @property
    def needs_more(self) -> bool:
        """Whether its words alone are not enough."""
        return bool(self.arguments) and not self.arguments.startswith("[")

    @property
    def help(self) -> CommandHelp:
        """What help says."""
        return CommandHelp(self.name, self.arguments, self.what, self.example, self.admin)


def read_name(rest: str) -> tuple[str, str]:
    """Split a name, quoted or one word, from what follows it."""
    if not (match := _NAME.match(rest)):
        return "", rest
    name = next(group for group in match.groups() if group is not None)
    return " ".join(name.split()), rest[match.end() :]


def write_name(name: str) -> str:
    """Quote a name so that it is read as it is."""
    return f"'{name}'" if '"' in name else f'"{name}"'


def whole_name(rest: str) -> str:
    """Read all of the rest as a name, for nothing can follow it."""
    name, more = read_name(rest)
    return name if not more else " ".join(rest.split())


def read_number(text: str) -> int | None:
    """Read a whole number, at most MAX_PAGE; None if it is not one."""
    if not re.fullmatch(r"[0-9]{1,1000}", text.strip()):
        return None
    return min(int(text), MAX_PAGE)


def missing(entry: Entry) -> Misunderstood:
    """Say that arguments are missing, with an example."""
    return Misunderstood(f"Something is missing: {entry.help.usage}", entry.help.example)
