"""Everything the bot needs from outside, as protocols: adapters implement sources and platforms, storage the stores,
and ``bot/app.py`` brings them together. Every ``now`` is an aware datetime in UTC."""

from bot.ports.chat_log import ChatLog, ChatMessage
from bot.ports.platforms import Outcome, Platform, ReadBack, Receipt, Sighting
from bot.ports.sources import Page, Probe, Refusal, Source, SourceHits
from bot.ports.storage import (
    Archive,
    ArchiveSummary,
    Matcher,
    Outbox,
    Searches,
    SearchPage,
    SourceState,
    SourceStates,
    Storage,
    Topics,
)

__all__ = [
    "Archive",
    "ArchiveSummary",
    "ChatLog",
    "ChatMessage",
    "Matcher",
    "Outbox",
    "Outcome",
    "Page",
    "Platform",
    "Probe",
    "ReadBack",
    "Receipt",
    "Refusal",
    "SearchPage",
    "Searches",
    "Sighting",
    "Source",
    "SourceHits",
    "SourceState",
    "SourceStates",
    "Storage",
    "Topics",
]
