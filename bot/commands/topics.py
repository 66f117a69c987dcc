"""Commands for what a channel follows (pure)."""

from __future__ import annotations

from bot.commands.entry import Entry, missing, read_name, whole_name
from bot.conversation import AddTopic, Command, ListTopics, Misunderstood, PostNewest, Preview, RemoveTopic


def _read_topics(rest: str) -> Command:
    if rest.lower().startswith(("add ", "remove ", "post ")):
        return Misunderstood("That command is “topic”, without an s.", f"topic {rest}")
    return ListTopics()


def _read_add(rest: str) -> Command:
    name, query = read_name(rest)
    return AddTopic(name, query) if name and query else missing(_TOPIC_ADD)


def _read_remove(rest: str) -> Command:
    return RemoveTopic(whole_name(rest))


def _read_post(rest: str) -> Command:
    return PostNewest(whole_name(rest))


_TOPIC_ADD = Entry(
    "topic add",
    "NAME QUERY",
    _read_add,
    "Follow a query here. Its new papers will be posted.",
    'topic add breast-mri "breast mri" OR "breast magnetic resonance"',
    admin=True,
)
ENTRIES = (
    Entry("topics", "", _read_topics, "What this channel follows, and when it posts.", "topics"),
    _TOPIC_ADD,
    Entry("topic remove", "NAME", _read_remove, "Stop following a topic.", "topic remove breast-mri", admin=True),
    Entry(
        "topic post",
        "NAME",
        _read_post,
        "Post the newest five papers of a topic now.",
        "topic post breast-mri",
        admin=True,
    ),
    Entry("preview", "QUERY", Preview, "How many papers a query would bring.", 'preview "breast mri" -review'),
)
