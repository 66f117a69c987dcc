"""Whether a daily feed has brought every batch (pure).

A feed holds the current batch alone, and may show an old one for days under a fresh date; only its ids tell. arXiv
announces for Monday to Friday (https://info.arxiv.org/help/availability.html). Its holidays are taken for batches that
did not come: looking elsewhere for them costs a question or two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.model import Record

_EASTERN = ZoneInfo("America/New_York")
_BUILT_AT_LAST = timedelta(hours=6)
"""The feed is built at midnight; so much later it should be there."""
_SATURDAY = 5
_ID = re.compile(r"\d{4}\.\d{5}")


def highest_id(records: Iterable[Record]) -> str:
    """The newest of the ids in today's form, which grow with time; "" if there is none."""
    return max((record.source_id for record in records if _ID.fullmatch(record.source_id)), default="")


def batch_day(now: datetime) -> date:
    """The day, in New York, whose batch a feed should hold by now."""
    return (now.astimezone(_EASTERN) - _BUILT_AT_LAST).date()


def is_missing(last: date, today: date, *, came: bool) -> bool:
    """Whether there was a batch after that of day ``last`` other than today's, if that ``came``."""
    ages = range(1 if came else 0, (today - last).days)
    return any((today - timedelta(age)).weekday() < _SATURDAY for age in ages)
