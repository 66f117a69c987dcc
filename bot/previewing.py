"""What a query would bring: counts asked from the sources, the archive's matches day by day, what each clause does."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from bot.conversation import Clause, ImportedSearch, PreviewReport, Role, SourceCount
from bot.errors import SourceError
from bot.model import Paper
from bot.ports import Searches, Source, SourceHits
from bot.query import FILTERS, MIN_PREFIX, And, Dated, Field, Node, Not, Or, Query, Term
from bot.query.tokens import tokens
from bot.translating import Translation

PREVIEW_DAYS = 30
_COUNT_TIMEOUT = 20.0
_FLOOD_PER_DAY = 20
_NEWEST_SHOWN = 5
MOST_FETCHED = 400
"""So many papers of a source are fetched for a preview: two pages, so that the answer does not take long."""

Fetch = Callable[[Source, Query], Awaitable[None]]
_MOST_CLAUSES = 12
_MOST_NAMED = 3


async def leave(_: Source, __: Query) -> None:
    """Fetch nothing."""


async def preview(
    query: Query, searches: Searches, sources: Iterable[Source], now: datetime, fetch: Fetch = leave
) -> PreviewReport:
    """Ask all sources side by side; one that fails or is late says so in its own line. What a source has is fetched
    into the archive if it is not too much."""
    since = now.date() - timedelta(days=PREVIEW_DAYS)
    sources = list(sources)
    counts = await asyncio.gather(*(_count(source, query, since, now) for source in sources))
    await asyncio.gather(*(_fetch(source, query, count, fetch) for source, count in zip(sources, counts, strict=True)))
    (newest, days), clauses, doubts = await asyncio.gather(
        _archived(query, searches, since, now),
        _clauses(query.root, searches, since, now),
        _doubts(query.root, searches, now),
    )
    archived = sum(number for _, number in days)
    return PreviewReport(
        query=str(query),
        days=PREVIEW_DAYS,
        counts=tuple(counts),
        archived=archived,
        newest=newest,
        warnings=(*_warnings(counts), *_past(query.root, now.date()), *_lopsided(clauses, archived), *doubts),
        per_day=days,
        clauses=clauses,
    )


async def _fetch(source: Source, query: Query, count: SourceCount, fetch: Fetch) -> None:
    """What is not fetched in time is missing in the days; the totals tell how much."""
    if 0 < (count.total or 0) <= MOST_FETCHED:
        with contextlib.suppress(SourceError, TimeoutError):
            async with asyncio.timeout(_COUNT_TIMEOUT):
                await fetch(source, query)


async def preview_import(
    name: str,
    translation: Translation,
    searches: Searches,
    sources: Mapping[str, Source],
    now: datetime,
    *,
    fetch: Fetch = leave,
) -> ImportedSearch:
    """What a translated search (with a query) would bring, and what its source counts for it as it was pasted."""
    assert translation.query is not None
    since = now.date() - timedelta(days=PREVIEW_DAYS)
    source = sources.get(translation.source)
    report = await preview(translation.query, searches, sources.values(), now, fetch)
    if source is None or not translation.asked:
        return ImportedSearch(name, translation, None, report)
    original = await _asked(source, _own_hits(source, translation.asked, since, now))
    return ImportedSearch(name, translation, original, report)


# ---------------------------------------------------------------- the sources


async def _count(source: Source, query: Query, since: date, now: datetime) -> SourceCount:
    return await _asked(source, source.count(query, since, now))


async def _own_hits(source: Source, search: str, since: date, now: datetime) -> SourceHits:
    return SourceHits(await source.count_own(search, since, now))


async def _asked(source: Source, answer: Awaitable[SourceHits | None]) -> SourceCount:
    try:
        async with asyncio.timeout(_COUNT_TIMEOUT):
            counted = await answer
    except TimeoutError:
        return SourceCount(source.title, None, problem="did not answer in time")
    except SourceError as error:
        return SourceCount(source.title, None, problem=str(error))
    if counted is None:
        return SourceCount(source.title, None, problem="cannot be asked: no word narrows the query down there")
    return SourceCount(source.title, counted.total, counted.broader)


# ---------------------------------------------------------------- the archive


async def _archived(
    query: Query, searches: Searches, since: date, now: datetime
) -> tuple[tuple[Paper, ...], tuple[tuple[date, int], ...]]:
    """The newest of the period, and every day's number of papers."""
    recent = _recent(query.root, since)
    found = await searches.per_day(recent, now)
    _, newest = await searches.newest(recent, _NEWEST_SHOWN, now)
    days = [since + timedelta(days=n) for n in range(PREVIEW_DAYS + 1)]
    return tuple(newest), tuple((day, found.get(day, 0)) for day in days)


async def _clauses(root: Node, searches: Searches, since: date, now: datetime) -> tuple[Clause, ...]:
    """What each part of an AND or OR does; of many, those that do most."""
    if not isinstance(root, And | Or):
        return ()

    async def count(node: Node) -> int:
        return sum((await searches.per_day(_recent(node, since), now)).values())

    clauses: list[Clause] = []
    total = await count(root)
    for place, part in enumerate(root.parts):
        if isinstance(part, Dated):
            continue
        others = root.parts[:place] + root.parts[place + 1 :]
        without = await count(type(root)(others))
        role = Role.ALTERNATIVE if isinstance(root, Or) else Role.EXCLUDED if isinstance(part, Not) else Role.REQUIRED
        found = await count(part.part if role is Role.EXCLUDED and isinstance(part, Not) else part)
        clauses.append(Clause(str(Query(part)), role, found, abs(total - without)))
    most = sorted(clauses, key=lambda clause: -clause.change)[:_MOST_CLAUSES]
    return tuple(clause for clause in clauses if clause in most)


def _recent(node: Node, since: date) -> Query:
    return Query(And((node, Dated(after=True, on=since))))


# ---------------------------------------------------------------- warnings


def _warnings(counts: Sequence[SourceCount]) -> tuple[str, ...]:
    asked = [count.total for count in counts if count.total is not None]
    if asked and not sum(asked):
        return (f"No source has a paper of the last {PREVIEW_DAYS} days for this. Check the spelling, or use OR.",)
    per_day = sum(asked) / PREVIEW_DAYS
    if per_day > _FLOOD_PER_DAY:
        return (f"About {per_day:,.0f} papers a day would be asked for. Add words to narrow it down.",)
    return ()


def _past(root: Node, today: date) -> tuple[str, ...]:
    parts = root.parts if isinstance(root, And) else (root,)
    if any(isinstance(part, Dated) and not part.after and part.day(today) <= today for part in parts):
        return ("It ends before today, so no new paper can match. Take before: away.",)
    return ()


def _lopsided(clauses: Sequence[Clause], archived: int) -> tuple[str, ...]:
    warnings = [
        f"{clause.text} takes away {clause.change:,} and leaves {archived:,}."
        for clause in clauses
        if clause.role is Role.EXCLUDED and clause.change > archived
    ]
    alone = [clause for clause in clauses if clause.role is Role.ALTERNATIVE and clause.found == archived > 0]
    if alone and len(clauses) > 1:
        warnings.append(f"{alone[0].text} finds all {archived:,} by itself; what else is named adds nothing.")
    return tuple(warnings)


async def _doubts(root: Node, searches: Searches, now: datetime) -> tuple[str, ...]:
    """Words that no paper of the archive has, though it has others of them; that are nothing but authors' names; and
    beginnings so short that they find too much."""
    terms = [term for term in dict.fromkeys(_wanted(root)) if term.field not in FILTERS]
    found = {term: await searches.finds(Query(term), now) for term in terms}
    unknown = [term for term, known in found.items() if not known]
    warnings: list[str] = []
    if unknown and len(unknown) <= len(terms) / 2:
        warnings.append(f"The archive has no paper with {_named(unknown)} so far. Is that spelt right?")
    people = [term for term, known in found.items() if known and await _only_author(term, searches, now)]
    if people:
        warnings.append(f"{_named(people)} is found only as a name of authors. Write author: to mean that.")
    short = [term for term in terms if term.prefix and len(tokens(term.text)[-1]) == MIN_PREFIX]
    if short:
        warnings.append(f"{_named(short)} is a short beginning, which many words have.")
    return tuple(warnings)


async def _only_author(term: Term, searches: Searches, now: datetime) -> bool:
    if term.field is not None:
        return False
    text = Or((Term(term.text, Field.TITLE, term.prefix), Term(term.text, Field.ABSTRACT, term.prefix)))
    return not await searches.finds(Query(text), now)


def _wanted(node: Node) -> Iterable[Term]:
    match node:
        case Term():
            yield node
        case And(parts) | Or(parts):
            for part in parts:
                yield from _wanted(part)


def _named(terms: Sequence[Term]) -> str:
    more = f" and {len(terms) - _MOST_NAMED} more" if len(terms) > _MOST_NAMED else ""
    return ", ".join(str(Query(term)) for term in terms[:_MOST_NAMED]) + more
