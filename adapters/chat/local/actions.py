"""The controls under a message of the local chat (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NotRequired, TypedDict

from bot.commands import control_id, page_control, parse_command
from bot.conversation import (
    PAGE_SIZES,
    Mistake,
    Notice,
    Post,
    PreviewReport,
    Reply,
    ResultPage,
    Search,
    Sort,
    TopicAdded,
    TopicList,
)
from bot.model import DeliveryKind, Paper
from bot.wording import readable, shorten, visible


class Option(TypedDict):
    """One choice of a select."""

    value: str
    label: str
    selected: bool


class Action(TypedDict):
    """A control as the page shows it; without a type it is a button. ``value`` is what is sent unless chosen."""

    id: str
    label: str
    group: Literal["page", "view", "offer"]
    type: NotRequired[Literal["button", "select", "number"]]
    value: NotRequired[str]
    maximum: NotRequired[int]
    options: NotRequired[list[Option]]
    disabled: NotRequired[bool]


def actions_of(reply: Reply, asked: str | None) -> list[Action]:
    """Give a reply's controls; ``asked`` is the command it answers, if any."""
    actions: list[Action] = []
    match reply:
        case ResultPage():
            actions = _for_results(reply, asked)
        case Post():
            actions = _for_post(reply)
        case Notice():
            actions = [_run(command) for command in reply.commands]
        case Mistake():
            actions = _for_mistake(reply, asked)
        case TopicList():
            actions = [
                _run("latest", "Newest papers") if reply.topics else _run("help topic add", "How to add a topic")
            ]
        case PreviewReport():
            actions = _for_preview(reply)
        case TopicAdded():
            actions = [_button("start", reply.topic.name, "Post the newest 5 now"), *_for_preview(reply.preview)]
    return actions


def _for_results(reply: ResultPage, asked: str | None) -> list[Action]:
    if not reply.total:
        offers = [_run("topics", "Show topics")]
        if isinstance(command := parse_command(asked or ""), Search):
            offers.append(_run(f"preview {command.query}", "Preview as a topic"))
        return offers
    actions: list[Action] = []
    if reply.key and reply.pages > 1:
        actions += _paging(reply)
    if reply.key and reply.sort:
        actions += _rearranging(reply, reply.sort)
    return [*actions, *_open_one_of(reply.papers)]


def _rearranging(reply: ResultPage, sort: Sort) -> list[Action]:
    actions: list[Action] = []
    if reply.total > 1:
        orders = [(order.value, _ORDERS[order]) for order in Sort]
        actions.append(_select("sort", reply.key, "Sort", orders, sort.value))
    if reply.total > PAGE_SIZES[0]:
        sizes = [(str(size), f"{size} per page") for size in PAGE_SIZES]
        actions.append(_select("size", reply.key, "Show", sizes, str(reply.per_page)))
    if reply.newer:
        actions.append(_button("refresh", reply.key, f"{reply.newer:,} newer · refresh"))
    return actions


_ORDERS = {Sort.NEWEST: "Newest first", Sort.OLDEST: "Oldest first", Sort.RELEVANCE: "Best matches"}


def _paging(reply: ResultPage) -> list[Action]:
    def turn(name: str, page: int) -> Action:
        target = min(max(page, 1), reply.pages)
        control = page_control(name, reply.key, target)
        return {"id": control, "label": name.capitalize(), "group": "page", "disabled": target == reply.page}

    jump: Action = {
        "id": control_id("jump", reply.key),
        "label": "Go to page",
        "group": "page",
        "type": "number",
        "value": str(reply.page),
        "maximum": reply.pages,
    }
    before = [turn("first", 1), turn("previous", reply.page - 1)]
    return [*before, jump, turn("next", reply.page + 1), turn("last", reply.pages)]


def _for_post(reply: Post) -> list[Action]:
    papers = [announced.paper for announced in reply.papers]
    if reply.kind is DeliveryKind.ANNOUNCEMENT:
        return [_button("open", f"P{paper.id}", "Open") for paper in papers]
    actions = _open_one_of(papers)
    if reply.list_key and reply.total > len(papers):
        actions.append(_button("more", reply.list_key, f"+ {reply.total - len(papers):,} more"))
    return actions


def _for_mistake(reply: Mistake, asked: str | None) -> list[Action]:
    """Offer the corrected query within the command it was typed in."""
    if not reply.suggestion:
        return []
    command = asked.replace(reply.query, reply.suggestion, 1) if asked and reply.query in asked else None
    return [_run(command or f"search {reply.suggestion}")]


def _for_preview(reply: PreviewReport) -> list[Action]:
    actions = _open_one_of(reply.newest)
    if reply.archived:
        actions.append(_run(f"search {reply.query}", f"Show the {reply.archived:,} in the archive"))
    return actions


def _open_one_of(papers: Iterable[Paper]) -> list[Action]:
    options = [(f"P{paper.id}", f"P{paper.id} · {shorten(readable(paper.title), 80)}") for paper in papers]
    if not options:
        return []
    return [_select("open", "", "Open a paper…", options, None)]


def _select(name: str, key: str, label: str, options: list[tuple[str, str]], chosen: str | None) -> Action:
    return {
        "id": control_id(name, key),
        "label": label,
        "group": "offer" if chosen is None else "view",
        "type": "select",
        "options": [{"value": value, "label": text, "selected": value == chosen} for value, text in options],
    }


def _run(command: str, label: str | None = None) -> Action:
    return _button("run", visible(command), label or shorten(visible(command), 80))


def _button(name: str, argument: str, label: str) -> Action:
    return {"id": control_id(name, argument), "label": label, "group": "offer", "value": argument}
