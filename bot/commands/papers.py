"""Commands for single papers (pure)."""

from __future__ import annotations

from bot.commands.entry import Entry
from bot.conversation import Show, Why

ENTRIES = (
    Entry("show", "ID", Show, "One paper in full. ID: P12, a DOI, PMID, arXiv id or link.", "show P12"),
    Entry("why", "ID", Why, "When a paper came, and why it was posted here or not.", "why P12"),
)
