"""What the bot speaks of: records, papers, topics, channels, announcements, deliveries (pure data)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from bot.query import Field, Or, Query, Term

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


_DIRECT = "dm-"


@dataclass(frozen=True, slots=True, order=True)
class ChannelRef:
    """A place on a chat platform."""

    platform: str
    workspace: str
    id: str

    def __str__(self) -> str:
        return ":".join(part for part in (self.platform, self.workspace, self.id) if part)

    @property
    def owner(self) -> str | None:
        """Whose direct messages it is; None for a place of several people."""
        return self.id.removeprefix(_DIRECT) if self.id.startswith(_DIRECT) else None


@dataclass(frozen=True, slots=True)
class Member:
    """A person on a chat platform; ``user`` is the platform's id of them."""

    platform: str
    workspace: str
    user: str

    @property
    def direct(self) -> ChannelRef:
        """The channel of their direct messages; what they follow there are their alerts."""
        return ChannelRef(self.platform, self.workspace, _DIRECT + self.user)


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel and its one schedule, as ``bot.schedule.parse_rule`` reads it, in its IANA zone. ``managed``: the
    configuration file sets both."""

    ref: ChannelRef
    name: str
    schedule: str = "daily 09:00"
    zone: str = "UTC"
    managed: bool = False


@dataclass(frozen=True, slots=True)
class Topic:
    """A named query. ``declared`` topics stand in the configuration file and may be shared by channels;
    the others belong to the one ``channel`` they were made in. ``created`` is when this query was given. For a
    ``paused`` one papers are kept, and none is announced."""

    id: int
    name: str
    query: Query
    created: datetime
    channel: ChannelRef | None = None
    paused: bool = False

    @property
    def declared(self) -> bool:
        """Whether the configuration file owns it."""
        return self.channel is None


@dataclass(frozen=True, slots=True)
class Follow:
    """A channel follows a topic."""

    channel: ChannelRef
    topic_id: int


class MuteKind(StrEnum):
    """Where a mute looks. WORD: a word or phrase in title or abstract."""

    AUTHOR = "author"
    JOURNAL = "journal"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Mute:
    """Papers that a channel does not want to hear of, whichever of its topics match them."""

    kind: MuteKind
    text: str

    def __str__(self) -> str:
        return f"{self.kind} “{self.text}”"

    @property
    def query(self) -> Query:
        """What finds them."""
        match self.kind:
            case MuteKind.AUTHOR:
                return Query(Term(self.text, Field.AUTHOR))
            case MuteKind.JOURNAL:
                return Query(Term(self.text, Field.JOURNAL))
            case MuteKind.WORD:
                return Query(Or((Term(self.text, Field.TITLE), Term(self.text, Field.ABSTRACT))))


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
    RECAP = "recap"
    SHARE = "share"
    NOTICE = "notice"


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
