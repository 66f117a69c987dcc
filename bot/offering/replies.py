"""The controls of each reply (pure)."""

from __future__ import annotations

from collections.abc import Iterable

from bot.commands import control_id, filter_options, page_control
from bot.conversation import (
    PAGE_SIZES,
    ImportedSearch,
    Mistake,
    Notice,
    Post,
    PreviewReport,
    Reply,
    ResultPage,
    ScheduleReport,
    Sort,
    TopicAdded,
)
from bot.model import DeliveryKind, Paper
from bot.offering.people import list_actions, people_actions, reactions
from bot.offering.topics import topic_actions
from bot.offering.widgets import Action, button, run, select
from bot.reports import StatusReport
from bot.wording import shorten, title

_MOST_SETTLED = 5


def actions_of(reply: Reply, asked: str | None) -> list[Action]:
    """Give a reply's controls; ``asked`` is the command it answers, if any."""
    actions: list[Action] = []
    match reply:
        case ResultPage():
            actions = _for_results(reply)
        case Post():
            actions = _for_post(reply)
        case Notice():
            actions = [run(command) for command in reply.commands]
        case Mistake():
            actions = _for_mistake(reply, asked)
        case PreviewReport():
            actions = _for_preview(reply)
        case TopicAdded():
            actions = [button("start", reply.topic.name, "Post the newest 5 now"), *_for_preview(reply.preview)]
        case ImportedSearch():
            actions = _for_import(reply)
        case ScheduleReport():
            actions = [run("snooze off", "Wake up")] if reply.snoozed_until else []
        case StatusReport():
            actions = _for_status(reply)
        case _:
            actions = topic_actions(reply) or people_actions(reply)
    return actions


def _for_status(reply: StatusReport) -> list[Action]:
    """Settling deliveries, for those who may."""
    actions: list[Action] = []
    for line in reply.stuck[:_MOST_SETTLED] if reply.may_settle else ():
        actions += [run(f"resend {line.key}", f"Resend {line.short}")] if line.resendable else []
        actions.append(run(f"skip {line.key}", f"Skip {line.short}"))
    return actions


def _for_results(reply: ResultPage) -> list[Action]:
    if not reply.total:
        offers = [run("topics", "Show topics")]
        if reply.query:
            offers.append(run(f"preview {reply.query}", "Preview as a topic"))
        filters = _filtering(reply) if reply.filters and reply.key else []
        return [*filters, *list_actions(reply), *offers]
    actions: list[Action] = []
    if reply.key and reply.pages > 1:
        actions += _paging(reply)
    if reply.key and reply.sort:
        actions += _rearranging(reply, reply.sort)
    return [*actions, *_open_one_of(reply.papers), *list_actions(reply)]


def _rearranging(reply: ResultPage, sort: Sort) -> list[Action]:
    actions: list[Action] = []
    if reply.total > 1:
        orders = [(order.value, _ORDERS[order]) for order in Sort]
        actions.append(select("sort", reply.key, "Sort", orders, sort.value))
    if reply.total > PAGE_SIZES[0]:
        sizes = [(str(size), f"{size} per page") for size in PAGE_SIZES]
        actions.append(select("size", reply.key, "Show", sizes, str(reply.per_page)))
    actions += _filtering(reply)
    if reply.newer:
        actions.append(button("refresh", reply.key, f"{reply.newer:,} newer · refresh"))
    return actions


def _filtering(reply: ResultPage) -> list[Action]:
    return [{**select("filter", reply.key, "Filter…", filter_options(reply), None), "group": "view"}]


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
        return [action for paper in papers for action in (button("open", f"P{paper.id}", "Open"), *reactions(paper))]
    actions = _open_one_of(papers)
    if reply.list_key and reply.more:
        label = f"+ {reply.more:,} more" if papers else f"Show the {reply.more:,}"
        actions.append(button("more", reply.list_key, label))
    return actions


def _for_mistake(reply: Mistake, asked: str | None) -> list[Action]:
    """Offer the corrected query within the command it was typed in."""
    if not reply.suggestion:
        return []
    command = asked.replace(reply.query, reply.suggestion, 1) if asked and reply.query in asked else None
    return [run(command or f"search {reply.suggestion}")]


def _for_preview(reply: PreviewReport) -> list[Action]:
    actions = _open_one_of(reply.newest)
    if reply.archived:
        actions.append(run(f"search {reply.query}", f"Show the {reply.archived:,} in the archive"))
    return actions


def _for_import(reply: ImportedSearch) -> list[Action]:
    offers = _for_preview(reply.preview)
    if not reply.name:
        return offers
    return [run(f'topic add "{reply.name}" {reply.preview.query}', f"Save as “{reply.name}”"), *offers]


def _open_one_of(papers: Iterable[Paper]) -> list[Action]:
    options = [(f"P{paper.id}", f"P{paper.id} · {shorten(title(paper), 80)}") for paper in papers]
    if not options:
        return []
    return [select("open", "", "Open a paper…", options, None)]
