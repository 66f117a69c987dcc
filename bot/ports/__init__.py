"""Everything the bot needs from outside, as protocols: adapters implement sources and platforms, storage the stores,
and ``bot/app.py`` brings them together. Every ``now`` is an aware datetime in UTC."""

from bot.ports.chat_log import ChatLog, ChatMessage
from bot.ports.citations import CitationWriter
from bot.ports.gestures import Gestures
from bot.ports.ledger import Found, Ledger
from bot.ports.memory import Memory
from bot.ports.mutes import Muted, Mutes
from bot.ports.outbox import Outbox, Restored, Restores
from bot.ports.people import People, Reaction
from bot.ports.platforms import Outcome, Platform, Posted, ReadBack, Receipt, Shown, Sighting
from bot.ports.rights import Managers
from bot.ports.schedules import Plan, Progress, Schedules
from bot.ports.sources import Page, Probe, Refusal, Source, SourceHits
from bot.ports.storage import (
    Archive,
    ArchiveSummary,
    Matcher,
    Searches,
    SearchPage,
    SourceState,
    SourceStates,
    Storage,
    Topics,
)
from bot.ports.trouble import Troubles, Watched
from bot.ports.upkeep import Perishable, Upkeep

__all__ = [
    "Archive",
    "ArchiveSummary",
    "ChatLog",
    "ChatMessage",
    "CitationWriter",
    "Found",
    "Gestures",
    "Ledger",
    "Managers",
    "Matcher",
    "Memory",
    "Muted",
    "Mutes",
    "Outbox",
    "Outcome",
    "Page",
    "People",
    "Perishable",
    "Plan",
    "Platform",
    "Posted",
    "Probe",
    "Progress",
    "Reaction",
    "ReadBack",
    "Receipt",
    "Refusal",
    "Restored",
    "Restores",
    "Schedules",
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
    "Troubles",
    "Upkeep",
    "Watched",
]
