"""What a channel follows: what is asked and what is answered (pure data)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.model import Paper, Topic
from bot.translating import Translation


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


class Role(StrEnum):
    """What a clause is for: it has to match, any of several has to, or what matches it is left out."""

    REQUIRED = "required"
    ALTERNATIVE = "alternative"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a query, and what it does to the archive's papers of the period. ``found`` match it alone. ``change``
    is how many more there would be without it, or, of an alternative, how many only this one brings."""

    text: str
    role: Role
    found: int
    change: int


@dataclass(frozen=True, slots=True)
class PreviewReport:
    """What a query would bring: counts asked from the sources; the archive's matches of these ``days``, ``per_day``
    (the oldest first, days without any too) and the newest of them; what each clause does; warnings."""

    query: str
    days: int
    counts: tuple[SourceCount, ...]
    archived: int
    newest: tuple[Paper, ...]
    warnings: tuple[str, ...] = ()
    per_day: tuple[tuple[date, int], ...] = ()
    clauses: tuple[Clause, ...] = ()

    @property
    def busiest(self) -> tuple[date, int] | None:
        """The latest of the days with most papers, and how many it has; None without any."""
        day = max(self.per_day, key=lambda line: (line[1], line[0]), default=None)
        return day if day and day[1] else None


@dataclass(frozen=True, slots=True)
class ImportedSearch:
    """A search of PubMed or arXiv read as a topic, which is not saved yet. ``original`` is what its source counts for
    it as it was pasted, None if it cannot be asked; ``name`` is the topic's, "" if none is wanted."""

    name: str
    translation: Translation
    original: SourceCount | None
    preview: PreviewReport


@dataclass(frozen=True, slots=True)
class TopicAdded:
    """A topic was saved; ``first_post`` says when, as in "tomorrow 09:00". Offers to post the newest five now."""

    topic: Topic
    preview: PreviewReport
    first_post: str
