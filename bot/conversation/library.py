"""The starter library in the chat: what is asked and what is answered (pure data)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShowLibrary:
    """All starter topics, or one."""

    name: str | None = None


@dataclass(frozen=True, slots=True)
class CopyStarter:
    """Follow a starter topic here."""

    name: str


@dataclass(frozen=True, slots=True)
class StarterLine:
    """A topic to copy; ``recent`` papers of the archive's last 30 days match it; ``followed``: the channel has one of
    that name."""

    name: str
    title: str
    field: str
    purpose: str
    query: str
    recent: int
    followed: bool


@dataclass(frozen=True, slots=True)
class StarterLibrary:
    """Topics to copy, those of one field next to each other; a single one is shown in full."""

    starters: tuple[StarterLine, ...]
