"""What the bot speaks of: records, papers, topics, channels, announcements, deliveries (pure data)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from bot.query import Query

PaperId = NewType("PaperId", int)
"""The number people see as P1234."""

DeliveryKey = NewType("DeliveryKey", str)
"""24 characters that name one message for ever (facts: at most 25 fit in a Discord nonce)."""


class Kind(StrEnum):
    """What sort of publication a paper is; people read Journal or Preprint."""

    ARTICLE = "article"
    PREPRINT = "preprint"


class Status(StrEnum):
    """What happened to a paper after publication."""

    RETRACTED = "retracted"
    CONCERN = "expression of concern"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, order=True)
class Identifier:
    """One name of a work. ``scheme`` is doi, pmid or arxiv; ``value`` is in the scheme's canonical form."""

    scheme: str
    value: str


@dataclass(frozen=True, slots=True)
class Record:
    """What one source says about a work; ``(source, source_id, version)`` is its key.

    ``published`` is the earliest complete date of publication the source gives; ``entered`` the day the source
    itself took the work in. ``identifiers`` name this very work; ``same_work`` names other records that the source
    says are the same work (a preprint and its article). A ``partial`` record (an RSS item) never replaces a
    full one of the same version. ``revision`` orders states of one version (the source's own revision stamp).
    """

    source: str
    source_id: str
    version: int
    kind: Kind
    title: str
    abstract: str
    authors: tuple[str, ...]
    url: str
    published: date | None = None
    entered: date | None = None
    venue: str | None = None
    categories: tuple[str, ...] = ()
    language: str | None = None
    status: Status | None = None
    pdf_url: str | None = None
    identifiers: frozenset[Identifier] = frozenset()
    same_work: frozenset[Identifier] = frozenset()
    revision: str = ""
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """One work, composed of its current records (the preferred one first)."""

    id: PaperId
    records: tuple[Record, ...]
    first_seen: datetime
    title: str
    abstract: str
    authors: tuple[str, ...]
    kind: Kind
    date: date
    venue: str | None
    categories: tuple[str, ...]
    doi: str | None
    url: str
    language: str | None
    status: Status | None

    @property
    def sources(self) -> tuple[str, ...]:
        """The names of its sources, the preferred one first, each once."""
        return tuple(dict.fromkeys(record.source for record in self.records))


@dataclass(frozen=True, slots=True)
class Change:
    """One paper that a page of records made or changed. ``before`` is None for a new paper."""

    paper: Paper
    before: Paper | None


@dataclass(frozen=True, slots=True, order=True)
class ChannelRef:
    """A place on a chat platform."""

    platform: str
    workspace: str
    id: str

    def __str__(self) -> str:
        return ":".join(part for part in (self.platform, self.workspace, self.id) if part)


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel and its one schedule (``now`` for the time being) in its IANA zone."""

    ref: ChannelRef
    name: str
    schedule: str = "now"
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Topic:
    """A named query. ``declared`` topics stand in the configuration file and may be shared by channels;
    the others belong to the one ``channel`` they were made in. ``created`` is when this query was given."""

    id: int
    name: str
    query: Query
    created: datetime
    channel: ChannelRef | None = None

    @property
    def declared(self) -> bool:
        """Whether the configuration file owns it."""
        return self.channel is None


@dataclass(frozen=True, slots=True)
class Follow:
    """A channel follows a topic."""

    channel: ChannelRef
    topic_id: int


@dataclass(frozen=True, slots=True)
class Match:
    """A changed paper matches a topic now; ``before`` says whether it already did before the change."""

    change: Change
    topic: Topic
    before: bool


class Note(StrEnum):
    """Why a paper is announced though it is not simply new."""

    NONE = ""
    ABSTRACT_ARRIVED = "matches since its abstract arrived"
    HEADINGS_ARRIVED = "matches since its headings arrived"
    REVISED = "matches since it was revised"
    TO_START = "To start: from the last 7 days"


@dataclass(frozen=True, slots=True)
class Announcement:
    """One paper for one channel, for ever; ``topics`` are the names of all that matched."""

    channel: ChannelRef
    paper_id: PaperId
    topics: tuple[str, ...]
    note: Note = Note.NONE


class DeliveryKind(StrEnum):
    """What a delivery carries."""

    ANNOUNCEMENT = "announcement"
    DIGEST = "digest"


class DeliveryState(StrEnum):
    """Where a delivery stands; storage lets it change only along the edges that outbox.py draws."""

    PENDING = "pending"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    HELD = "held"
    DEAD = "dead"
    CANCELLED = "cancelled"


ABSENCES_NEEDED = 2
"""Complete reads of a channel without the message before it may be sent again."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message that must reach a platform exactly once. ``payload`` is the frozen bytes to send;
    ``first_at`` and ``last_at`` are the first and the last attempt; nothing is done before ``not_before``.
    ``paper_ids`` are needed to open it only."""

    key: DeliveryKey
    channel: ChannelRef
    kind: DeliveryKind
    slot: str
    part: int
    payload: bytes
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    not_before: datetime | None = None
    absences: int = 0
    message_id: str | None = None
    error: str | None = None
    paper_ids: tuple[PaperId, ...] = ()
