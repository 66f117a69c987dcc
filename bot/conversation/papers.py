"""Single papers: what is asked and what is answered (pure data)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model import Paper


@dataclass(frozen=True, slots=True)
class Show:
    id: str


@dataclass(frozen=True, slots=True)
class Why:
    """Why a paper was posted here or not."""

    id: str


@dataclass(frozen=True, slots=True)
class PaperCard:
    """A paper opened. ``posted`` says when and for which topics it was announced here, or is empty. ``saved``: it is on
    the asker's reading list; ``shareable``: there is a channel to share it with; ``proxy`` is the prefix of links
    through a library, or empty."""

    paper: Paper
    posted: str = ""
    saved: bool = False
    shareable: bool = False
    proxy: str = ""
