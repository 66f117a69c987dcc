"""Commands for what a channel follows (pure)."""

from __future__ import annotations

from collections.abc import Callable

from bot.commands.entry import Entry, missing, read_name, whole_name
from bot.conversation import (
    AddTopic,
    Command,
    EditTopic,
    ListTopics,
    Misunderstood,
    PauseTopic,
    PostNewest,
    Preview,
    RemoveTopic,
    ResumeTopic,
    ShowHistory,
    ShowLibrary,
    UndoTopic,
)

_AFTER_TOPIC = ("add", "edit", "remove", "pause", "resume", "history", "undo", "library", "post")


def _read_topics(rest: str) -> Command:
    if rest.lower().split(" ")[0] in _AFTER_TOPIC:
        return Misunderstood("That command is “topic”, without an s.", f"topic {rest}")
    return ListTopics()


def _read_add(rest: str) -> Command:
    name, query = read_name(rest)
    return AddTopic(name, query) if name and query else missing(_TOPIC_ADD)


def _read_edit(rest: str) -> Command:
    name, query = read_name(rest)
    return EditTopic(name, query) if name and query else missing(_TOPIC_EDIT)


_TOPIC_ADD = Entry(
    "topic add",
    "NAME QUERY",
    _read_add,
    "Follow a query here. Its new papers will be posted.",
    'topic add breast-mri "breast mri" OR "breast magnetic resonance"',
    admin=True,
)
_TOPIC_EDIT = Entry(
    "topic edit",
    "NAME QUERY",
    _read_edit,
    "Let a topic ask something else.",
    'topic edit breast-mri "breast mri" -review',
    admin=True,
)


def _entry(verb: str, make: Callable[[str], Command], what: str) -> Entry:
    """A command of which the name of a topic is all the rest."""
    return Entry(
        f"topic {verb}", "NAME", lambda rest: make(whole_name(rest)), what, f"topic {verb} breast-mri", admin=True
    )


ENTRIES = (
    Entry("topics", "", _read_topics, "What this channel follows, and when it posts.", "topics"),
    _TOPIC_ADD,
    _TOPIC_EDIT,
    _entry("remove", RemoveTopic, "Stop following a topic."),
    _entry("pause", PauseTopic, "Post nothing for a topic until it is resumed."),
    _entry("resume", ResumeTopic, "Post what comes for a paused topic from now on."),
    _entry("undo", UndoTopic, "Take back the last change of a topic, also its removal."),
    Entry(
        "topic history",
        "[NAME]",
        lambda rest: ShowHistory(whole_name(rest) or None),
        "Who changed what here, and when.",
        "topic history breast-mri",
    ),
    Entry(
        "topic library",
        "[NAME]",
        lambda rest: ShowLibrary(whole_name(rest) or None),
        "Reviewed topics to copy.",
        "topic library",
    ),
    _entry("post", PostNewest, "Post the newest five papers of a topic now."),
    Entry("preview", "QUERY", Preview, "How many papers a query would bring.", 'preview "breast mri" -review'),
)
