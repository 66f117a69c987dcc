"""What the bot says of its own work: how things stand, what channels were sent, why a paper was posted (pure data)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.model import Channel, ChannelRef, DeliveryState, Paper, PaperId, Record
from bot.query import Query
from bot.stuck import LostChannel, StuckLine


class Freshness(StrEnum):
    """How a source does. FAILED: its last round did. LATE: no round was complete lately, or an announcement its
    calendar promised has not come. QUIET: nothing was announced since the last. FRESH: none of these."""

    FRESH = "fresh"
    QUIET = "quiet"
    LATE = "late"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Silence:
    """Why a source brings nothing new though it answers: ``since`` the last announcement that came, and until the
    ``next`` its calendar promises. ``pause`` says why nothing was announced (weekend, holiday); if it is empty,
    something should have been, and did not come."""

    since: datetime
    next: datetime
    pause: str = ""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source: its last complete and its last failed round, and when it may be asked again at the earliest, if
    its server said so. ``error`` is that of the last round. ``silence`` is why the source is quiet, or late although
    its rounds are complete."""

    name: str
    title: str
    state: Freshness
    last_success: datetime | None
    last_failure: datetime | None
    not_before: datetime | None
    error: str | None
    silence: Silence | None = None

    @property
    def since(self) -> datetime | None:
        """The last announcement that came, if it is quiet; the moment from which papers may be missing, if it is late
        or failed; None if it is fresh, or never had a complete round."""
        if self.silence is not None:
            return self.silence.since
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
    """A channel with the names of the topics it follows; ``next_post`` is the moment of its next slot, None for ``now``
    channels. ``waiting`` papers are in no delivery yet; ``paused`` are the names of its paused topics; ``mutes`` are
    counted; ``lost`` says that the platform refuses it."""

    channel: Channel
    topics: tuple[str, ...]
    history: History
    next_post: datetime | None = None
    waiting: int = 0
    snoozed_until: datetime | None = None
    paused: tuple[str, ...] = ()
    mutes: int = 0
    lost: LostChannel | None = None


class Account(StrEnum):
    """What became of a paper that polling found. HELD: a person decides, or decided against it; MUTED: a mute kept it
    back; BASELINE: it matches a topic, and was there before, or the topic was paused; MISSING: it should have been
    announced, and was not."""

    ANNOUNCED = "announced"
    WAITING = "waiting"
    HELD = "held"
    MUTED = "muted"
    BASELINE = "baseline"
    UNMATCHED = "not matched"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """What became of the papers that a source's polling made new or changed on one day (UTC): how many stand in each
    account, in the accounts' order. ``missing`` are the first few that should have been announced and were not."""

    day: date
    source: str
    accounts: Mapping[Account, int]
    missing: tuple[PaperId, ...]

    @property
    def found(self) -> int:
        """How many papers there were."""
        return sum(self.accounts.values())

    @property
    def equation(self) -> str:
        """``41 found = 12 announced + 3 baseline + 26 not matched``."""
        sides = (f"{count:,} {account}" for account, count in self.accounts.items() if count)
        return f"{self.found:,} found = {' + '.join(sides)}"

    @property
    def lost(self) -> str:
        """The missing papers as people write them: ``P12, P15, …``; empty if there are none."""
        more = ["…"] if self.accounts[Account.MISSING] > len(self.missing) else []
        return ", ".join([*(f"P{paper}" for paper in self.missing), *more])


LEAST_FREE = 200_000_000
"""Bytes that stay free on the disk of the data: with less, no source is asked."""


@dataclass(frozen=True, slots=True)
class DataLine:
    """The data file: bytes of it with its log, of the log alone, and free on its disk. ``backed_up``: copies are made
    daily, the last at ``last_backup``."""

    size: int
    log: int
    free: int
    backed_up: bool
    last_backup: datetime | None

    @property
    def shortage(self) -> str:
        """Why no source is asked; empty if there is room."""
        if self.free >= LEAST_FREE:
            return ""
        return (
            f"Only {self.free / 1e6:,.0f} MB are free where the data is. Nothing is asked until there are "
            f"{LEAST_FREE / 1e6:,.0f} MB; what was found is still posted."
        )


@dataclass(frozen=True, slots=True)
class PlatformLine:
    """A chat platform, and what is wrong with the connection to it, if anything."""

    name: str
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class StatusReport:
    """How everything stands. ``waiting`` counts announcements in no delivery yet; ``deliveries`` all others, by
    state. ``data`` is None where it could not be looked at. ``clock`` is what is wrong with the machine's clock.
    ``stuck`` deliveries wait for a person, which the asker ``may_settle``. ``restored``: since when each channel is
    compared with what it shows, after the data was put back. ``asked_in`` is the channel where it was asked for."""

    sources: tuple[SourceLine, ...]
    papers: int
    waiting: int
    deliveries: tuple[tuple[DeliveryState, int], ...]
    channels: tuple[ChannelLine, ...]
    ledger: tuple[LedgerLine, ...] = ()
    data: DataLine | None = None
    clock: str | None = None
    stuck: tuple[StuckLine, ...] = ()
    may_settle: bool = False
    restored: datetime | None = None
    asked_in: ChannelRef | None = None
    platforms: tuple[PlatformLine, ...] = ()


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
    (None: it still waits for one), since when and with which error. ``message_id`` is the platform's, once it is known;
    ``settled_by`` is who skipped it, if it was."""

    topics: tuple[str, ...]
    queued: datetime
    state: DeliveryState | None
    at: datetime | None = None
    error: str | None = None
    message_id: str | None = None
    settled_by: str | None = None


class ChangeKind(StrEnum):
    """What was done to a topic in chat."""

    CREATED = "created"
    EDITED = "edited"
    PAUSED = "paused"
    RESUMED = "resumed"
    REMOVED = "removed"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class TopicChange:
    """One change of a topic in chat, with the query that it had from then on. ``user`` is the platform's id of who
    did it, None if nobody is known."""

    topic: str
    kind: ChangeKind
    query: Query
    at: datetime
    user: str | None = None


@dataclass(frozen=True, slots=True)
class TopicVerdict:
    """Whether a topic matches a paper now: ``failing`` are the parts of its query that do not; ``found`` are those that
    do, of alternatives joined by OR only those that do. ``baseline``: it is never announced for this topic, for the
    topic's first fetch brought it."""

    topic: str
    query: str
    failing: tuple[str, ...]
    baseline: bool
    found: tuple[str, ...] = ()

    @property
    def matches(self) -> bool:
        """Whether the whole query matches."""
        return not self.failing


@dataclass(frozen=True, slots=True)
class ChannelVerdict:
    """What became of a paper in one channel; ``reason`` says why it was not announced, and is empty if it was.
    ``waits`` says what it waits for, if it does."""

    channel: Channel
    topics: tuple[TopicVerdict, ...]
    announced: Announced | None
    reason: str
    waits: str = ""


@dataclass(frozen=True, slots=True)
class WhyReport:
    """When and where a paper was seen, and what became of it."""

    paper: Paper
    records: tuple[RecordSeen, ...]
    channels: tuple[ChannelVerdict, ...]


@dataclass(frozen=True, slots=True)
class UnseenReport:
    """Why a paper never came: what its ``source`` (as people call it) says of it today, and what the channels' topics
    make of that. Nothing of it is stored."""

    record: Record
    source: str
    channels: tuple[ChannelVerdict, ...]
