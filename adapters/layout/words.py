"""What the layout's templates call (pure)."""

from __future__ import annotations

from datetime import date, datetime

from bot import wording
from bot.conversation import Mistake, SourceCount
from bot.errors import QueryError
from bot.model import Channel, Paper, Status
from bot.query import caret
from bot.reports import RecordSeen
from bot.schedule import parse_rule

_KEY_LENGTH = 320
_SHORT_LIST = 6
_KEYS_IN_A_LONG_LIST = 3
_AUTHORS = 12
_LEAST_A_DAY = 0.05


def title(paper: Paper, limit: int = 1000) -> str:
    """A paper's title, at most ``limit`` characters of it."""
    return wording.shorten(wording.title(paper), limit) or "(no title)"


def key_sentence(paper: Paper, line: int, lines: int) -> str:
    """All papers of a short list have one, in a long list the first three."""
    if lines > _SHORT_LIST and line > _KEYS_IN_A_LONG_LIST:
        return ""
    return wording.shorten(wording.key_sentence(paper.abstract), _KEY_LENGTH)


def status(paper: Paper) -> str:
    """What must be said of a paper first, or nothing."""
    return _STATUSES.get(paper.status, "")


_STATUSES: dict[Status | None, str] = {
    Status.RETRACTED: "Retracted",
    Status.WITHDRAWN: "Withdrawn",
    Status.CONCERN: "Expression of concern",
}


def all_authors(paper: Paper) -> str:
    """The first authors, and how many more there are."""
    names = list(filter(None, map(wording.readable, paper.authors)))
    more = f" and {len(names) - _AUTHORS:,} more" if len(names) > _AUTHORS else ""
    return ", ".join(names[:_AUTHORS]) + more


def record_name(record: RecordSeen) -> str:
    """What people call a record."""
    return wording.record_name(record.source, record.source_id, record.version)


def mistake_lines(mistake: Mistake) -> str:
    """The query, and a caret under the column of its mistake."""
    return caret(QueryError(mistake.text, query=mistake.query, column=mistake.column))


def amount(count: SourceCount, days: int) -> str:
    """How many papers a source has in so many days, or why that is not known."""
    if count.total is None:
        return count.problem or "could not be asked"
    amount = ("at most " if count.broader and count.total else "") + wording.counted(count.total, "paper")
    return amount + (f" · {count.total / days:,.1f} a day" if count.total / days >= _LEAST_A_DAY else "")


def rhythm(channel: Channel) -> str:
    """When a channel is posted to."""
    return parse_rule(channel.schedule).describe(channel.zone)


def moment(at: datetime, today: date) -> str:
    """A moment in UTC."""
    return f"{wording.short_day(at.date(), today)} {at:%H:%M} UTC"
