"""A Reply as a message of the local chat: an HTML fragment, the same as plain text, and its controls (pure)."""

from __future__ import annotations

from datetime import date
from typing import NotRequired, TypedDict
from urllib.parse import quote

from adapters.layout import Links, fragment, plain_text
from bot.conversation import (
    AlertAdded,
    AlreadyHere,
    CitationFile,
    CitationText,
    ImportedSearch,
    PaperCard,
    Post,
    PreviewReport,
    Reply,
    ResultPage,
    Shared,
    TopicAdded,
    TopicEdited,
)
from bot.model import Paper
from bot.offering import Action, actions_of
from bot.reports import WhyReport
from bot.wording import visible


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
    html = fragment(reply, today, _LINKS)
    return {
        "kind": _kind(reply, asked),
        "text": plain_text(html),
        "html": html,
        "paper_ids": [f"P{paper.id}" for paper in _papers(reply)],
        "actions": actions_of(reply, asked),
        "asked": None if asked is None else visible(asked),
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


def _message_link(message_id: str) -> str:
    return f"#m{quote(message_id)}"


def _file_link(file: CitationFile) -> str:
    """Where this chat's server gives the file."""
    request = file.request
    page = f"&page={request.page}" if request.page else ""
    return f"/api/files/{quote(request.key, safe='')}?format={request.form}{page}"


_LINKS = Links(_message_link, _file_link, numbered=True)
