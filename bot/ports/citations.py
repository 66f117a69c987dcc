"""Writing citations."""

from __future__ import annotations

from typing import Protocol

from bot.model import Paper


class CitationWriter(Protocol):
    """One file of citations, written paper by paper, so that it may be of any size."""

    def add(self, paper: Paper) -> str:
        """The text to append for a paper."""

    def end(self) -> str:
        """What the file ends with."""
