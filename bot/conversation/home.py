"""What a person finds in the bot's own place, where a platform has one (pure data)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation.topics import TopicLine
from bot.model import Channel, Paper
from bot.reports import SourceLine


@dataclass(frozen=True, slots=True)
class ManagedChannel:
    """A channel that somebody administers, with its schedule and when it is next posted to, in words."""

    channel: Channel
    schedule: str
    next_post: str
    topics: tuple[TopicLine, ...]


@dataclass(frozen=True, slots=True)
class Home:
    """What belongs to a person: their alerts and when they come, the papers saved last of ``saved_total``, the
    channels they manage, and how the sources do."""

    alert_schedule: str
    alerts: tuple[TopicLine, ...]
    saved: tuple[Paper, ...]
    saved_total: int
    managed: tuple[ManagedChannel, ...]
    sources: tuple[SourceLine, ...]
