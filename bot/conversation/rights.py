"""Who may administer a channel, and how the bot introduces itself: what is asked and what is answered (pure data)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation.library import StarterLine


@dataclass(frozen=True, slots=True)
class ListManagers:
    pass


@dataclass(frozen=True, slots=True)
class AddManager:
    """``user`` is the platform's id of the person."""

    user: str


@dataclass(frozen=True, slots=True)
class RemoveManager:
    user: str


@dataclass(frozen=True, slots=True)
class ManagerList:
    """Who may administer a channel, by the platform's ids; ``changed`` says what was done just now."""

    managers: tuple[str, ...]
    changed: str = ""


@dataclass(frozen=True, slots=True)
class Greeting:
    """What the bot says once where it is invited. ``manager`` is who invited it and may set it up, None if nobody is
    known or they may not; a few ``starters`` can be followed at once; ``topics`` are followed there already."""

    manager: str | None
    starters: tuple[StarterLine, ...]
    topics: tuple[str, ...] = ()
