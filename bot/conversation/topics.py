"""What a channel follows: what is asked and what is answered (pure data)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model import Paper, Topic


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
