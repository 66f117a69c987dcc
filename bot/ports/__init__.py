"""Everything the bot needs from outside, as protocols: adapters implement sources and platforms, storage the stores,
and ``bot/app.py`` brings them together. Every ``now`` is an aware datetime in UTC."""

from bot.ports.chat_log import ChatLog, ChatMessage
from bot.ports.ledger import Found, Ledger
from bot.ports.platforms import Outcome, Platform, Posted, ReadBack, Receipt, Shown, Sighting
from bot.ports.sources import Page, Probe, Refusal, Source, SourceHits
from bot.ports.storage import (
    Archive,
    ArchiveSummary,
    Matcher,
    Outbox,
    Restored,
    Restores,
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
    "Found",
    "Ledger",
    "Matcher",
    "Outbox",
    "Outcome",
    "Page",
    "Platform",
    "Posted",
    "Probe",
    "ReadBack",
    "Receipt",
    "Refusal",
    "Restored",
    "Restores",
    "SearchPage",
    "Searches",
    "Shown",
    "Sighting",
    "Source",
    "SourceHits",
    "SourceState",
    "SourceStates",
    "Storage",
    "Topics",
]
