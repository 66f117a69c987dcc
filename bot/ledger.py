"""The daily ledger: what became of every paper that polling found, worked out anew from what is stored.

found = announced + waiting + held + muted + baseline + not matched, and whatever is missing then was lost.
"""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from bot.model import Change, ChannelRef, DeliveryState, Match, PaperId, Topic
from bot.ports import Found, Storage
from bot.reports import Account, LedgerLine

SETTLING = timedelta(hours=1)
"""How long a day must be over before it is checked."""

_BATCH = 500
_LISTED = 10
_ACCOUNTS = {
    None: Account.WAITING,
    DeliveryState.PENDING: Account.WAITING,
    DeliveryState.SENDING: Account.WAITING,
    DeliveryState.UNKNOWN: Account.WAITING,
    DeliveryState.SENT: Account.ANNOUNCED,
    DeliveryState.HELD: Account.HELD,
    DeliveryState.DEAD: Account.HELD,
    DeliveryState.CANCELLED: Account.HELD,
}
_LOST = "%s, %s: %s. Never announced, though a topic matched: %s. Run paperround why P%d."
_log = logging.getLogger(__name__)

Watched = Mapping[tuple[str, int], Mapping[ChannelRef, datetime]]
"""See bot.ports.Ledger.watched."""


def finds(source: str, changes: Iterable[Change], matches: Iterable[Match], now: datetime) -> list[Found]:
    """What a page of polling found (pure)."""
    before: dict[PaperId, set[int]] = defaultdict(set)
    for match in matches:
        if match.before:
            before[match.change.paper.id].add(match.topic.id)
    return [Found(change.paper.id, source, now, frozenset(before[change.paper.id])) for change in changes]


def owed(
    found: Iterable[Found], matching: Collection[int], baseline: Collection[int], watched: Watched
) -> set[ChannelRef]:
    """The channels where a paper should have been announced when it was found (pure). ``matching`` are the ids of
    the topics that match it, ``baseline`` of those it was there before."""
    return {
        channel
        for find in found
        for topic in {*matching} - {*baseline} - find.matched_before
        for channel, since in watched.get((find.source, topic), {}).items()
        if since <= find.at
    }


def account(announced: Iterable[DeliveryState | None], *, matches: bool, missing: bool, muted: bool = False) -> Account:
    """What became of a paper, in one channel or in all (pure). ``announced`` is where its announcements stand,
    ``matches`` whether a topic matches it, ``missing`` whether a channel that it is owed to has no announcement,
    ``muted`` whether a mute kept it back somewhere."""
    accounts = {_ACCOUNTS[state] for state in announced}
    if missing:
        return Account.MISSING
    for gravest in (Account.HELD, Account.WAITING, Account.ANNOUNCED):
        if gravest in accounts:
            return gravest
    if muted:
        return Account.MUTED
    return Account.BASELINE if matches else Account.UNMATCHED


async def balance(storage: Storage, now: datetime) -> None:
    """Check every day that is over and was not checked, and again those that papers were missing from. What is
    missing is logged when that is new."""
    unchecked = await storage.ledger.unchecked((now - SETTLING).date())
    known = await storage.ledger.lines()
    for day in sorted({*unchecked, *(line.day for line in known if line.missing)}):
        lines = await _check(storage, day)
        if any(line.missing for line in lines):
            async with storage.transaction():  # to be sure: nothing is merged or announced meanwhile
                lines = await _check(storage, day)
        await storage.ledger.keep(lines, now)
        for line in lines:
            if line.missing and line not in known:
                _log.error(_LOST, line.source, line.day, line.equation, line.lost, line.missing[0])


async def _check(storage: Storage, day: date) -> list[LedgerLine]:
    """Work out a day's ledger, a batch of papers at a time."""
    found: dict[PaperId, list[Found]] = defaultdict(list)
    for find in await storage.ledger.finds(day):
        found[find.paper].append(find)
    topics = await storage.topics.all()
    papers = sorted(found)
    accounts: dict[PaperId, Account] = {}
    for start in range(0, len(papers), _BATCH):
        batch = papers[start : start + _BATCH]
        accounts |= await _accounts(storage, {paper: found[paper] for paper in batch}, topics, day)
    sources = {paper: {find.source for find in found[paper]} for paper in papers}
    return [
        _line(day, source, {paper: accounts[paper] for paper in papers if source in sources[paper]})
        for source in sorted(set().union(*sources.values()))
    ]


async def _accounts(
    storage: Storage, found: Mapping[PaperId, Sequence[Found]], topics: Sequence[Topic], day: date
) -> dict[PaperId, Account]:
    """What became of these papers, matched as on that day. What was announced is read late, for it grows; what
    waits may only be muted, which is read after it."""
    papers = await storage.archive.papers(list(found))
    changes = [Change(paper, before=None) for paper in papers]
    matching: dict[PaperId, set[int]] = defaultdict(set)
    for match in await storage.matcher.match(changes, topics, datetime.combine(day, time(), UTC)):
        matching[match.change.paper.id].add(match.topic.id)
    baseline: dict[PaperId, set[int]] = defaultdict(set)
    for topic, paper in await storage.sources.baseline_marks(list(found)):
        baseline[paper].add(topic)
    watched = await storage.ledger.watched()
    announced = await storage.ledger.announced(list(found))
    muted = await storage.mutes.channels_without(list(found))
    accounts = {}
    for paper, times in found.items():
        told = announced.get(paper, {})
        silent = muted.get(paper, set())
        missing = owed(times, matching[paper], baseline[paper], watched) - told.keys() - silent
        accounts[paper] = account(
            told.values(), matches=bool(matching[paper]), missing=bool(missing), muted=bool(silent)
        )
    return accounts


def _line(day: date, source: str, accounts: Mapping[PaperId, Account]) -> LedgerLine:
    counts = Counter(accounts.values())
    missing = [paper for paper, account in accounts.items() if account is Account.MISSING]
    return LedgerLine(day, source, {account: counts[account] for account in Account}, tuple(missing[:_LISTED]))
