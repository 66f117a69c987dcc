"""What belongs to one person: saved papers, alerts, reactions, and what is kept about them (pure data)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation.topics import PreviewReport, TopicLine
from bot.model import PaperId, Topic


@dataclass(frozen=True, slots=True)
class Save:
    id: str


@dataclass(frozen=True, slots=True)
class Unsave:
    id: str


@dataclass(frozen=True, slots=True)
class ShowSaved:
    pass


@dataclass(frozen=True, slots=True)
class AddAlert:
    name: str
    query: str


@dataclass(frozen=True, slots=True)
class AlertFromList:
    """Be told of what a stored search will find from now on; its words become the alert's name."""

    key: str


@dataclass(frozen=True, slots=True)
class ListAlerts:
    pass


@dataclass(frozen=True, slots=True)
class RemoveAlert:
    name: str


@dataclass(frozen=True, slots=True)
class PauseAlert:
    name: str


@dataclass(frozen=True, slots=True)
class ResumeAlert:
    name: str


@dataclass(frozen=True, slots=True)
class AlertAdded:
    """An alert was saved; ``first_post`` says when the first message comes, as in "tomorrow 09:00"."""

    topic: Topic
    preview: PreviewReport
    first_post: str


@dataclass(frozen=True, slots=True)
class AlertList:
    """A person's alerts, and when they come."""

    schedule: str
    alerts: tuple[TopicLine, ...]


@dataclass(frozen=True, slots=True)
class React:
    """What a person thinks of a message, or of a ``paper`` in it; ``added`` False takes it back. ``message`` is the
    platform's id of the message, filled in by the platform for its own controls."""

    reaction: str
    message: str = ""
    paper: PaperId | None = None
    added: bool = True


@dataclass(frozen=True, slots=True)
class Reacted:
    """A reaction was noted, or taken back; nobody else sees it."""

    done: React


@dataclass(frozen=True, slots=True)
class Privacy:
    pass


@dataclass(frozen=True, slots=True)
class ForgetMe:
    """Remove everything about the asker; without ``confirmed`` it is only shown what that would be."""

    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """How much is kept about a person: ``lists`` remember which one was seen last in a channel, ``messages`` are those
    that the local chat keeps for them alone, ``changes`` those of topics and deliveries that name them.
    ``last_manager_of`` are the channels that nobody else manages."""

    last_manager_of: tuple[str, ...]
    saved: int
    alerts: int
    reactions: int
    lists: int
    messages: int
    manages: int
    changes: int

    @property
    def nothing(self) -> bool:
        """Whether the person is unknown here."""
        return not any((self.saved, self.alerts, self.reactions, self.lists, self.messages, self.manages, self.changes))


@dataclass(frozen=True, slots=True)
class PrivacyReport:
    """What is kept about the asker. ``forgetting``: they asked for its removal and are to confirm it."""

    kept: Kept
    forgetting: bool = False
