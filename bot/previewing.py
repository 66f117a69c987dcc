"""What a query would bring: counts asked from the sources, the archive's newest matches, warnings."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from bot.conversation import PreviewReport, SourceCount
from bot.errors import SourceError
from bot.ports import Searches, Source
from bot.query import And, Dated, Query

PREVIEW_DAYS = 30
_COUNT_TIMEOUT = 20.0
_FLOOD_PER_DAY = 20
_NEWEST_SHOWN = 5


async def preview(query: Query, searches: Searches, sources: Iterable[Source], now: datetime) -> PreviewReport:
    """Ask all sources side by side; one that fails or is late says so in its own line."""
    since = now.date() - timedelta(days=PREVIEW_DAYS)
    recent = Query(And((query.root, Dated(after=True, on=since))))
    counts, (archived, newest) = await asyncio.gather(
        asyncio.gather(*(_count(source, query, since, now) for source in sources)),
        searches.newest(recent, _NEWEST_SHOWN, now),
    )
    return PreviewReport(str(query), PREVIEW_DAYS, tuple(counts), archived, tuple(newest), _warnings(counts))


async def _count(source: Source, query: Query, since: date, now: datetime) -> SourceCount:
    try:
        async with asyncio.timeout(_COUNT_TIMEOUT):
            counted = await source.count(query, since, now)
    except TimeoutError:
        return SourceCount(source.title, None, problem="did not answer in time")
    except SourceError as error:
        return SourceCount(source.title, None, problem=str(error))
    if counted is None:
        return SourceCount(source.title, None, problem="cannot be asked: no word narrows the query down there")
    return SourceCount(source.title, counted.total, counted.broader)


def _warnings(counts: Sequence[SourceCount]) -> tuple[str, ...]:
    asked = [count.total for count in counts if count.total is not None]
    if asked and not sum(asked):
        return (f"No source has a paper of the last {PREVIEW_DAYS} days for this. Check the spelling, or use OR.",)
    per_day = sum(asked) / PREVIEW_DAYS
    if per_day > _FLOOD_PER_DAY:
        return (f"About {per_day:,.0f} papers a day would be asked for. Add words to narrow it down.",)
    return ()
