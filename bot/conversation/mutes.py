"""What a channel does not want to hear of: what is asked and what is answered (pure data)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model import Mute


@dataclass(frozen=True, slots=True)
class AddMute:
    mute: Mute


@dataclass(frozen=True, slots=True)
class RemoveMute:
    mute: Mute


@dataclass(frozen=True, slots=True)
class ListMutes:
    pass


@dataclass(frozen=True, slots=True)
class MuteLine:
    """A mute, and how many papers it kept back in 30 days."""

    mute: Mute
    kept_back: int


@dataclass(frozen=True, slots=True)
class MuteList:
    mutes: tuple[MuteLine, ...]


@dataclass(frozen=True, slots=True)
class MuteAdded:
    """From now on papers are kept back. Of the ``posted`` papers of the last ``days``, ``removed`` would have been;
    ``waiting`` is how many that waited to be posted are not any more."""

    mute: Mute
    days: int
    removed: int
    posted: int
    waiting: int
