"""What people ask and what the bot answers, as data: every platform turns its events into a Command, and a
Reply into its own layout (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.model import ChannelRef, DeliveryKind, Note, Paper, Topic
from bot.reports import StatusReport, WhyReport


class Sort(StrEnum):
    """The order of a result list."""

    NEWEST = "newest"
    OLDEST = "oldest"
    RELEVANCE = "relevance"


PAGE_SIZES = (5, 10, 25)


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page of a search is wanted."""

    sort: Sort = Sort.NEWEST
    page: int = 1
    per_page: int = 10


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, where, and with which rights. ``user`` is the platform's id of the person."""

    channel: ChannelRef
    user: str
    admin: bool = False


# ---------------------------------------------------------------- commands


@dataclass(frozen=True, slots=True)
class Search:
    query: str
    request: PageRequest = PageRequest()


@dataclass(frozen=True, slots=True)
class Latest:
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class Show:
    id: str


@dataclass(frozen=True, slots=True)
class ListTopics:
    pass


@dataclass(frozen=True, slots=True)
class AddTopic:
    name: str
    query: str


@dataclass(frozen=True, slots=True)
class RemoveTopic:
    name: str


@dataclass(frozen=True, slots=True)
class PostNewest:
    """Post the newest five of a topic now, to start with."""

    topic: str


@dataclass(frozen=True, slots=True)
class Preview:
    query: str


@dataclass(frozen=True, slots=True)
class ShowStatus:
    """How the sources and this channel do."""


@dataclass(frozen=True, slots=True)
class Why:
    """Why a paper was posted here or not."""

    id: str


@dataclass(frozen=True, slots=True)
class Help:
    command: str | None = None


@dataclass(frozen=True, slots=True)
class TurnPage:
    """Go to a page of a stored search (pages out of range mean the nearest)."""

    key: str
    page: int


@dataclass(frozen=True, slots=True)
class Rearrange:
    """Run a stored search again with another order, page size, or anew (``refresh``)."""

    key: str
    sort: Sort | None = None
    per_page: int | None = None


@dataclass(frozen=True, slots=True)
class Misunderstood:
    """Words that are no command: ``problem`` says what is wrong, ``suggestion`` a command to type instead."""

    problem: str
    suggestion: str | None = None


Command = (
    Search
    | Latest
    | Show
    | ListTopics
    | AddTopic
    | RemoveTopic
    | PostNewest
    | Preview
    | ShowStatus
    | Why
    | Help
    | TurnPage
    | Rearrange
    | Misunderstood
)


# ---------------------------------------------------------------- replies


@dataclass(frozen=True, slots=True)
class Notice:
    """A short answer in words. ``commands`` are offered as things to type or click."""

    text: str
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mistake:
    """A query that cannot be understood: the query, the column (from 0) and a corrected query, if obvious."""

    text: str
    query: str
    column: int
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class ResultPage:
    """One page of a stored search, or of a fixed list (``sort`` None). ``key`` is "" if it could not be stored.
    ``first_line`` is the number of its first paper in the whole list; ``title`` says what the list is;
    ``empty_hint`` says what the archive holds when nothing was found."""

    title: str
    key: str
    sort: Sort | None
    page: int
    pages: int
    per_page: int
    total: int
    newer: int
    first_line: int
    papers: tuple[Paper, ...]
    ranked: int | None = None
    ignored: tuple[str, ...] = ()
    empty_hint: str = ""


@dataclass(frozen=True, slots=True)
class PaperCard:
    """A paper opened. ``posted`` says when and for which topics it was announced here, or is empty."""

    paper: Paper
    posted: str = ""


@dataclass(frozen=True, slots=True)
class TopicLine:
    """A topic of a channel with how many papers it brought in 30 days."""

    topic: Topic
    delivered: int


@dataclass(frozen=True, slots=True)
class TopicList:
    channel_name: str
    schedule: str
    topics: tuple[TopicLine, ...]


@dataclass(frozen=True, slots=True)
class SourceCount:
    """30-day count of one source; ``problem`` instead when it could not be asked."""

    source: str
    total: int | None
    broader: bool = False
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class PreviewReport:
    """What a query would bring: counts asked from the sources, the archive's newest matches, warnings."""

    query: str
    days: int
    counts: tuple[SourceCount, ...]
    archived: int
    newest: tuple[Paper, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TopicAdded:
    """A topic was saved; ``first_post`` says when, as in "tomorrow 09:00". Offers to post the newest five now."""

    topic: Topic
    preview: PreviewReport
    first_post: str


@dataclass(frozen=True, slots=True)
class CommandHelp:
    """One command: how it is written, what it does, an example, and who may use it."""

    usage: str
    what: str
    example: str
    admin: bool = False


@dataclass(frozen=True, slots=True)
class HelpPage:
    commands: tuple[CommandHelp, ...]
    acknowledgements: tuple[str, ...] = ()


# ---------------------------------------------------------------- public posts


@dataclass(frozen=True, slots=True)
class AnnouncedPaper:
    """A paper as a channel hears of it: the topics that matched and why now."""

    paper: Paper
    topics: tuple[str, ...]
    note: Note = Note.NONE


@dataclass(frozen=True, slots=True)
class Post:
    """What is posted to a channel: one announcement, or a digest. ``total`` counts all its papers, also those beyond
    the listed ``papers``; ``topics`` are names with counts; ``list_key`` opens all of them as a stored list."""

    kind: DeliveryKind
    papers: tuple[AnnouncedPaper, ...]
    day: date
    total: int
    topics: tuple[tuple[str, int], ...]
    list_key: str | None = None


Reply = (
    Notice
    | Mistake
    | ResultPage
    | PaperCard
    | TopicList
    | PreviewReport
    | TopicAdded
    | StatusReport
    | WhyReport
    | HelpPage
    | Post
)
