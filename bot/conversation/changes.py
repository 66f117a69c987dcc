"""Changing what a channel follows, and what was changed: what is asked and what is answered (pure data)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation.topics import PreviewReport
from bot.model import Topic
from bot.reports import TopicChange


@dataclass(frozen=True, slots=True)
class EditTopic:
    name: str
    query: str


@dataclass(frozen=True, slots=True)
class PauseTopic:
    name: str


@dataclass(frozen=True, slots=True)
class ResumeTopic:
    name: str


@dataclass(frozen=True, slots=True)
class ConfirmRemoval:
    """Ask whether a topic is really to be removed."""

    name: str


@dataclass(frozen=True, slots=True)
class UndoTopic:
    """Take back the last change of a topic."""

    name: str


@dataclass(frozen=True, slots=True)
class ShowHistory:
    """What was changed here, or of one topic."""

    name: str | None = None


@dataclass(frozen=True, slots=True)
class TopicEdited:
    """A topic asks something else than ``before``."""

    topic: Topic
    before: str
    preview: PreviewReport


@dataclass(frozen=True, slots=True)
class TopicResumed:
    """A topic goes on. ``came`` papers matched while it was paused, and are not announced; the list ``key`` opens
    them."""

    topic: Topic
    came: int
    key: str


@dataclass(frozen=True, slots=True)
class TopicHistory:
    """What was done to the topics of a channel, the newest first; ``undoable`` are the names of those whose last
    change can be taken back."""

    title: str
    changes: tuple[TopicChange, ...]
    undoable: tuple[str, ...]
