"""A Reply as a message of the local chat: an HTML fragment, the same as plain text, and its controls (pure)."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import NotRequired, TypedDict
from urllib.parse import quote

import jinja2

from adapters.chat.local.actions import actions_of
from adapters.chat.local.plaintext import plain_text
from adapters.chat.local.widgets import Action
from bot import preview_words, wording
from bot.commands import filter_name
from bot.conversation import (
    AlertAdded,
    AlertList,
    AlreadyHere,
    CitationFile,
    CitationText,
    Greeting,
    HelpPage,
    ImportedSearch,
    ManagerList,
    Mistake,
    MuteAdded,
    MuteList,
    Notice,
    PaperCard,
    Post,
    PreviewReport,
    PrivacyReport,
    Reacted,
    Reply,
    ResultPage,
    ScheduleReport,
    Shared,
    SourceCount,
    StarterLibrary,
    TopicAdded,
    TopicEdited,
    TopicHistory,
    TopicList,
    TopicResumed,
)
from bot.errors import QueryError
from bot.model import Channel, DeliveryKind, Paper, Status
from bot.query import caret
from bot.reports import RecordSeen, StatusReport, UnseenReport, WhyReport
from bot.schedule import parse_rule
from bot.wording.overall import overall
from bot.wording.standing import standing

_TITLE_LENGTH = 110
_KEY_LENGTH = 320
_SHORT_LIST = 6
_KEYS_IN_A_LONG_LIST = 3
_AUTHORS = 12
_LEAST_A_DAY = 0.05


class Message(TypedDict):
    """What is stored of a message. ``asked`` is the command it answers, None for what the bot says by itself;
    ``marks`` are those of the papers that it announces."""

    kind: str
    text: str
    html: str
    paper_ids: list[str]
    actions: list[Action]
    asked: str | None
    marks: NotRequired[list[str]]


def render(reply: Reply, today: date, asked: str | None = None) -> Message:
    """Lay out a reply. ``asked`` is the command it answers; None means that the bot speaks by itself."""
    template = environment.get_template(_TEMPLATES[type(reply)])
    html = wording.visible(template.render(reply=reply, today=reply.day if isinstance(reply, Post | Shared) else today))
    return {
        "kind": _kind(reply, asked),
        "text": plain_text(html),
        "html": html,
        "paper_ids": [f"P{paper.id}" for paper in _papers(reply)],
        "actions": actions_of(reply, asked),
        "asked": None if asked is None else wording.visible(asked),
    }


_TEMPLATES = {
    Notice: "notice.html",
    Mistake: "mistake.html",
    ResultPage: "results.html",
    PaperCard: "card.html",
    CitationText: "citation.html",
    CitationFile: "file.html",
    AlertAdded: "alert.html",
    AlertList: "alerts.html",
    PrivacyReport: "privacy.html",
    AlreadyHere: "here.html",
    Reacted: "reacted.html",
    Shared: "shared.html",
    TopicList: "topics.html",
    PreviewReport: "preview.html",
    TopicAdded: "added.html",
    TopicEdited: "edited.html",
    TopicResumed: "resumed.html",
    TopicHistory: "history.html",
    StarterLibrary: "library.html",
    MuteAdded: "muted.html",
    MuteList: "mutes.html",
    ManagerList: "managers.html",
    Greeting: "greeting.html",
    ScheduleReport: "schedule.html",
    ImportedSearch: "imported.html",
    StatusReport: "status.html",
    UnseenReport: "unseen.html",
    WhyReport: "why.html",
    HelpPage: "help.html",
    Post: "post.html",
}


def _kind(reply: Reply, asked: str | None) -> str:
    if isinstance(reply, Post):
        return reply.kind.value
    return "notice" if asked is None else "reply"


def _papers(reply: Reply) -> tuple[Paper, ...]:
    match reply:
        case ResultPage() | Shared():
            return reply.papers
        case PaperCard() | WhyReport() | CitationText() | AlreadyHere():
            return (reply.paper,)
        case PreviewReport():
            return reply.newest
        case TopicAdded() | AlertAdded() | TopicEdited() | ImportedSearch():
            return reply.preview.newest
        case Post():
            return tuple(announced.paper for announced in reply.papers)
    return ()


# ---------------------------------------------------------------- what the templates call


def _title(paper: Paper, limit: int = 1000) -> str:
    return wording.shorten(wording.title(paper), limit) or "(no title)"


def _key_sentence(paper: Paper, line: int, lines: int) -> str:
    """All papers of a short list have one, in a long list the first three."""
    if lines > _SHORT_LIST and line > _KEYS_IN_A_LONG_LIST:
        return ""
    return wording.shorten(wording.key_sentence(paper.abstract), _KEY_LENGTH)


def _status(paper: Paper) -> str:
    return _STATUSES.get(paper.status, "")


_STATUSES: dict[Status | None, str] = {
    Status.RETRACTED: "Retracted",
    Status.WITHDRAWN: "Withdrawn",
    Status.CONCERN: "Expression of concern",
}


def _all_authors(paper: Paper) -> str:
    names = list(filter(None, map(wording.readable, paper.authors)))
    more = f" and {len(names) - _AUTHORS:,} more" if len(names) > _AUTHORS else ""
    return ", ".join(names[:_AUTHORS]) + more


def _record_name(record: RecordSeen) -> str:
    return wording.record_name(record.source, record.source_id, record.version)


def _caret(mistake: Mistake) -> str:
    return caret(QueryError(mistake.text, query=mistake.query, column=mistake.column))


def _amount(count: SourceCount, days: int) -> str:
    """How many papers a source has in so many days, or why that is not known."""
    if count.total is None:
        return count.problem or "could not be asked"
    amount = ("at most " if count.broader and count.total else "") + wording.counted(count.total, "paper")
    return amount + (f" · {count.total / days:,.1f} a day" if count.total / days >= _LEAST_A_DAY else "")


def _file_link(file: CitationFile) -> str:
    """Where this chat's server gives the file."""
    request = file.request
    page = f"&page={request.page}" if request.page else ""
    return f"/api/files/{quote(request.key, safe='')}?format={request.form}{page}"


def _rhythm(channel: Channel) -> str:
    return parse_rule(channel.schedule).describe(channel.zone)


def _moment(moment: datetime, today: date) -> str:
    return f"{wording.short_day(moment.date(), today)} {moment:%H:%M} UTC"


environment = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
)
environment.globals.update(
    title=_title,
    title_length=_TITLE_LENGTH,
    key_sentence=_key_sentence,
    status=_status,
    all_authors=_all_authors,
    record_name=_record_name,
    paper_links=wording.paper_links,
    caret=_caret,
    amount=_amount,
    file_link=_file_link,
    short_day=wording.short_day,
    moment=_moment,
    rhythm=_rhythm,
    byline=wording.byline,
    language_mark=wording.language_mark,
    abstract_parts=wording.abstract_parts,
    result_line=wording.result_line,
    counted=wording.counted,
    weekday_day=wording.weekday_day,
    standing=standing,
    overall=overall,
    previews=preview_words,
    announcement=DeliveryKind.ANNOUNCEMENT,
)
environment.filters.update(readable=wording.readable, safe_url=wording.safe_url, filter_name=filter_name)
