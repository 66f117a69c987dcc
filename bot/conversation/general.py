"""Help, status, and answers in words (pure data)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShowStatus:
    """How the sources and this channel do."""


@dataclass(frozen=True, slots=True)
class Help:
    command: str | None = None


@dataclass(frozen=True, slots=True)
class Misunderstood:
    """Words that are no command: ``problem`` says what is wrong, ``suggestion`` a command to type instead."""

    problem: str
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A short answer in words. ``commands`` are offered as things to type or click."""

    text: str
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mistake:
    """A query that cannot be understood: the query, the column (from 0) and a corrected query, if obvious."""

    text: str
    query: str
    column: int
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class CommandHelp:
    """One command: its words and what follows them, what it does, an example, and who may use it."""

    name: str
    arguments: str
    what: str
    example: str
    admin: bool = False

    @property
    def usage(self) -> str:
        """How it is written."""
        return f"{self.name} {self.arguments}".strip()


@dataclass(frozen=True, slots=True)
class HelpPage:
    """Some commands in full; or, with ``examples`` to begin with, all of them in a line each."""

    commands: tuple[CommandHelp, ...]
    acknowledgements: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
