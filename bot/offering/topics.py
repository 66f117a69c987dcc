"""The controls for what a channel follows, mutes and who administers it (pure)."""

from __future__ import annotations

from collections.abc import Iterable

from bot.commands import write_name
from bot.conversation import (
    Greeting,
    ManagerList,
    MuteAdded,
    MuteList,
    Reply,
    StarterLibrary,
    StarterLine,
    TopicEdited,
    TopicHistory,
    TopicList,
    TopicResumed,
)
from bot.offering.widgets import Action, button, run, select

_UNDOS = 3


def topic_actions(reply: Reply) -> list[Action]:
    """Give a reply's controls; none if it is of another kind."""
    actions: list[Action] = []
    match reply:
        case TopicList():
            actions = _for_topics(reply)
        case TopicEdited():
            actions = [
                run(f"topic undo {write_name(reply.topic.name)}", "Undo"),
                run(f"search {reply.preview.query}", "Show what the archive has"),
            ]
        case TopicResumed():
            actions = [button("more", reply.key, "Show them")] if reply.key else []
        case TopicHistory():
            names = reply.undoable[:_UNDOS]
            actions = [run(f"topic undo {write_name(name)}", f"Undo the last of {name}") for name in names]
        case StarterLibrary():
            actions = _for_library(reply)
        case Greeting():
            actions = [
                *_copy_one_of(reply.starters),
                run("topic library", "All starter topics"),
                run("help topic add"),
            ]
        case MuteAdded():
            actions = [run(f"unmute {reply.mute.kind} {reply.mute.text}", "Undo"), run("mutes")]
        case MuteList():
            actions = [run(f"unmute {mute.kind} {mute.text}") for mute in (line.mute for line in reply.mutes)]
        case ManagerList():
            actions = [run(f"managers remove {user}") for user in reply.managers]
    return actions


def _for_topics(reply: TopicList) -> list[Action]:
    """What is declared in the configuration file cannot be changed here."""
    own = [line.topic for line in reply.topics if not line.topic.declared]
    actions = [run("latest", "Newest papers")] if reply.topics else []
    if own:
        verbs = [("resume" if topic.paused else "pause", topic.name) for topic in own]
        choices = [(f"topic {verb} {write_name(name)}", f"{verb.capitalize()} {name}") for verb, name in verbs]
        actions += [
            select("run", "", "Pause or resume…", choices, None),
            select("remove", "", "Remove…", [(topic.name, topic.name) for topic in own], None),
            run("help topic edit", "How to edit"),
        ]
    return [*actions, run("topic library", "Starter topics"), run("help topic add", "How to add a topic")]


def _for_library(reply: StarterLibrary) -> list[Action]:
    if len(reply.starters) == 1:
        [one] = reply.starters
        copy = [] if one.followed else [button("copy", one.name, "Follow it here")]
        return [*copy, run(f"preview {one.query}", "Preview")]
    looks = [(f"topic library {one.name}", one.title) for one in reply.starters]
    return [*_copy_one_of(reply.starters), select("run", "", "Look at…", looks, None)]


def _copy_one_of(starters: Iterable[StarterLine]) -> list[Action]:
    new = [(one.name, one.title) for one in starters if not one.followed]
    return [select("copy", "", "Follow here…", new, None)] if new else []
