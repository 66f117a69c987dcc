"""The controls for what belongs to one person, for citing and for sharing (pure)."""

from __future__ import annotations

from bot.citing import CitationFormat
from bot.commands import REACTIONS, control_id, write_name
from bot.conversation import (
    AlertAdded,
    AlertList,
    AlreadyHere,
    CitationText,
    PaperCard,
    PrivacyReport,
    React,
    Reacted,
    Reply,
    ResultPage,
    Shared,
)
from bot.model import Paper
from bot.offering.widgets import Action, button, run, select
from bot.wording import counted

_EMPTY = "Alert me when there is something"


def people_actions(reply: Reply) -> list[Action]:
    """Give a reply's controls; none if it is of another kind."""
    actions: list[Action] = []
    match reply:
        case PaperCard():
            actions = _for_card(reply)
        case CitationText():
            others = [form for form in CitationFormat if form is not reply.form]
            actions = [run(f"cite P{reply.paper.id} format:{form}", form.label) for form in others]
        case AlertAdded():
            searched = run(f"search {reply.topic.query}", "Show what the archive has")
            actions = [run("alert list", "Your alerts"), *([searched] if reply.preview.archived else [])]
        case AlertList():
            actions = _for_alerts(reply)
        case PrivacyReport():
            actions = _for_privacy(reply)
        case Reacted(done=React(added=True, paper=int(paper)) as done):
            actions = [button("unreact", f"{done.reaction}.P{paper}.{done.message}", "Take it back")]
        case AlreadyHere():
            actions = [_text("again", f"P{reply.paper.id}.{reply.message_id}", "Share again", reply.comment)]
        case Shared():
            actions = _for_shared(reply)
    return actions


def list_actions(reply: ResultPage) -> list[Action]:
    """Give what can be done with a whole list: cite it, share it, be alerted to more of the same."""
    if not reply.key:
        return []
    if not reply.total:
        return [button("alert", reply.key, _EMPTY)] if reply.query else []
    actions = [_cite_list(reply)]
    if reply.query:
        actions.append(button("alert", reply.key, "Alert me"))
    if reply.shareable:
        actions.append(_text("share", f"{reply.key}.{reply.page}", "Share to channel"))
    return actions


def reactions(paper: Paper) -> list[Action]:
    """Give the buttons that say what one thinks of a paper."""
    return [button("react", f"{name}.P{paper.id}", name.replace("-", " ").capitalize()) for name in REACTIONS]


def _for_card(reply: PaperCard) -> list[Action]:
    paper = f"P{reply.paper.id}"
    save = run(f"unsave {paper}", "Saved ✓ (unsave)") if reply.saved else run(f"save {paper}", "Save")
    forms = [(f"cite {paper} format:{form}", form.label) for form in CitationFormat]
    share = [_text("share", paper, "Share to channel")] if reply.shareable else []
    return [save, select("run", "", "Cite…", forms, None), run(f"why {paper}", "Why?"), *reactions(reply.paper), *share]


def _cite_list(reply: ResultPage) -> Action:
    all_, page = counted(reply.total, "paper"), counted(len(reply.papers), "paper")
    choices = [(form.value, f"{all_} as {form.label}") for form in CitationFormat]
    if reply.pages > 1:
        here = [(f"{form}.{reply.page}", f"This page: {page} as {form.label}") for form in CitationFormat]
        choices = [*here, *choices]
    return select("cite", reply.key, "Export…", choices, None)


def _for_alerts(reply: AlertList) -> list[Action]:
    topics = [line.topic for line in reply.alerts]
    verbs = [("resume" if topic.paused else "pause", topic.name) for topic in topics]
    switches = [(f"alert {verb} {write_name(name)}", f"{verb.capitalize()} {name}") for verb, name in verbs]
    ends = [(f"alert remove {write_name(topic.name)}", topic.name) for topic in topics]
    return [
        select("run", "", "Pause or resume…", switches, None),
        select("run", "", "Remove…", ends, None),
        run("help alert add", "How to add an alert"),
    ]


def _for_privacy(reply: PrivacyReport) -> list[Action]:
    if reply.forgetting:
        return [run("forget-me confirm", "Remove all of this"), run("privacy", "Keep it")]
    return [] if reply.kept.nothing else [run("forget-me", "Forget me")]


def _for_shared(reply: Shared) -> list[Action]:
    if reply.list_key:
        return [button("more", reply.list_key, f"Open the list of {counted(reply.total, 'paper')}")]
    [paper] = reply.papers
    return [button("open", f"P{paper.id}", "Open"), *reactions(paper)]


def _text(name: str, argument: str, label: str, value: str = "") -> Action:
    """A button with a line to write a comment on."""
    return {"id": control_id(name, argument), "label": label, "group": "offer", "type": "text", "value": value}
