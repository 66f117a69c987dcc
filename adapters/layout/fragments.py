"""A Reply as a piece of HTML (pure)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import jinja2

from adapters.layout import words
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
    StarterLibrary,
    TopicAdded,
    TopicEdited,
    TopicHistory,
    TopicList,
    TopicResumed,
)
from bot.model import DeliveryKind
from bot.reports import StatusReport, UnseenReport, WhyReport
from bot.wording.overall import overall
from bot.wording.standing import standing

_TITLE_LENGTH = 110


@dataclass(frozen=True, slots=True)
class Links:
    """Where things are on a platform: the address of a ``message`` by its id, and of a ``file`` of citations; "" if
    there is none. ``numbered``: people know messages by their ids."""

    message: Callable[[str], str]
    file: Callable[[CitationFile], str]
    numbered: bool = False


def fragment(reply: Reply, today: date, links: Links) -> str:
    """Lay out a reply. What is posted for everybody keeps the day on which it was composed."""
    day = reply.day if isinstance(reply, Post | Shared) else today
    template = _environment.get_template(_TEMPLATES[type(reply)])
    return wording.visible(template.render(reply=reply, today=day, links=links))


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

_environment = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
)
_environment.globals.update(
    title=words.title,
    title_length=_TITLE_LENGTH,
    key_sentence=words.key_sentence,
    status=words.status,
    all_authors=words.all_authors,
    record_name=words.record_name,
    mistake_lines=words.mistake_lines,
    amount=words.amount,
    moment=words.moment,
    rhythm=words.rhythm,
    paper_links=wording.paper_links,
    short_day=wording.short_day,
    byline=wording.byline,
    language_mark=wording.language_mark,
    abstract_parts=wording.abstract_parts,
    result_line=wording.result_line,
    counted=wording.counted,
    weekday_day=wording.weekday_day,
    with_people=wording.PERSON.split,
    fate=wording.fate,
    standing=standing,
    overall=overall,
    previews=preview_words,
    announcement=DeliveryKind.ANNOUNCEMENT,
)
_environment.filters.update(readable=wording.readable, safe_url=wording.safe_url, filter_name=filter_name)
