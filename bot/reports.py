"""What the bot says of its own work: how things stand, what channels were sent, why a paper was posted (pure data)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.model import Channel, DeliveryState, Paper


class Freshness(StrEnum):
    """How a source does. FRESH: it answered lately; LATE: it did not, nor did it fail; FAILED: its last round did."""

    FRESH = "fresh"
    LATE = "late"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source: its last complete and its last failed round, and when it may be asked again at the earliest, if
    its server said so. ``error`` is that of the last round."""

    name: str
    title: str
    state: Freshness
    last_success: datetime | None
    last_failure: datetime | None
    not_before: datetime | None
    error: str | None

    @property
    def since(self) -> datetime | None:
        """The moment from which papers may be missing; None if it is fresh, or never had a complete round."""
        return None if self.state is Freshness.FRESH else self.last_success


@dataclass(frozen=True, slots=True)
class History:
    """When something was last posted, and the last delivery that is in trouble: since when, and its error."""

    last_post: datetime | None = None
    last_failure: datetime | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class FollowLine:
    """A topic that a channel follows. A ``declared`` one stands in the configuration file."""

    channel: Channel
    topic: str
    query: str
    declared: bool
    history: History


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """A channel with the names of the topics it follows."""

    channel: Channel
    topics: tuple[str, ...]
    history: History


@dataclass(frozen=True, slots=True)
class StatusReport:
    """How everything stands. ``waiting`` counts announcements in no delivery yet; ``deliveries`` all others, by
    state."""

    sources: tuple[SourceLine, ...]
    papers: int
    waiting: int
    deliveries: tuple[tuple[DeliveryState, int], ...]
    channels: tuple[ChannelLine, ...]


@dataclass(frozen=True, slots=True)
class RecordSeen:
    """A version of a record: the day its source took the work in, and when it was first seen here."""

    source: str
    source_id: str
    version: int
    entered: date | None
    seen: datetime


@dataclass(frozen=True, slots=True)
class Announced:
    """One paper's announcement in one channel: for which topics, when it was queued, and where its delivery stands
    (None: it still waits for one), since when and with which error."""

    topics: tuple[str, ...]
    queued: datetime
    state: DeliveryState | None
    at: datetime | None = None
    error: str | None = None

    @property
    def fate(self) -> str:
        """Where it stands, in a few words."""
        return _FATES.get(self.state, "Waiting to be posted here")


_FATES: dict[DeliveryState | None, str] = {
    DeliveryState.SENT: "Posted here",
    DeliveryState.UNKNOWN: "Sent, but not yet confirmed here",
    DeliveryState.HELD: "Held: it may or may not have been posted here",
    DeliveryState.DEAD: "Refused by the platform, so not posted here",
}


@dataclass(frozen=True, slots=True)
class TopicVerdict:
    """Whether a topic matches a paper now: ``failing`` are the parts of its query that do not. ``baseline``: it is
    never announced for this topic, for the topic's first fetch brought it."""

    topic: str
    query: str
    failing: tuple[str, ...]
    baseline: bool

    @property
    def matches(self) -> bool:
        """Whether the whole query matches."""
        return not self.failing


@dataclass(frozen=True, slots=True)
class ChannelVerdict:
    """What became of a paper in one channel; ``reason`` says why it was not announced, and is empty if it was."""

    channel: Channel
    topics: tuple[TopicVerdict, ...]
    announced: Announced | None
    reason: str


@dataclass(frozen=True, slots=True)
class WhyReport:
    """When and where a paper was seen, and what became of it."""

    paper: Paper
    records: tuple[RecordSeen, ...]
    channels: tuple[ChannelVerdict, ...]
