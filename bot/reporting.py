"""How the bot stands, what channels were sent, and why a paper was posted or not, read from the stores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.errors import NotFound
from bot.identity import parse_identifier, parse_number
from bot.judging import judge, questions, why_not
from bot.ledger import account, owed
from bot.model import Channel, ChannelRef, DeliveryState, Paper, PaperId
from bot.ports import Source, SourceState, Storage
from bot.reports import (
    Announced,
    ChannelLine,
    ChannelVerdict,
    FollowLine,
    Freshness,
    History,
    PlatformLine,
    SourceLine,
    StatusReport,
    WhyReport,
)
from bot.stuck import LostChannel
from bot.timetables import first_post, is_snoozed, next_post
from bot.wording import weekday_day

_ROUNDS_UNTIL_LATE = 2
_SOONEST_LATE = timedelta(minutes=10)
"""However often a source is asked, its gaps between requests and a slow answer take their time."""

_LATE_ENOUGH = timedelta(days=1)
_WEEK = 7
_WAITING = (None, DeliveryState.PENDING)
_MISSING = (Freshness.LATE, Freshness.FAILED)


async def status(
    storage: Storage,
    sources: Mapping[str, Source],
    every: timedelta,
    now: datetime,
    *,
    channel: ChannelRef | None = None,
    neighbours: bool = False,
    clock: str | None = None,
    may_settle: bool = False,
    platforms: Sequence[PlatformLine] = (),
) -> StatusReport:
    """How everything stands, with all channels or one; ``neighbours``: also the others of its workspace, but nobody's
    direct messages. ``every`` is how often the sources are asked; ``clock`` says what is wrong with the machine's
    clock; ``may_settle``: the asker may settle what is stuck; ``platforms`` say whether they are connected."""
    counts = await storage.outbox.counts()
    histories = await storage.outbox.histories(None if neighbours else channel)
    states = [(await storage.sources.state(name), source) for name, source in sources.items()]
    known = await storage.topics.channels()
    shown = [one for one in known if channel in (None, one.ref) or (neighbours and _is_neighbour(one.ref, channel))]
    lost = {line.channel.ref: line for line in await storage.troubles.lost()}
    waiting = await storage.troubles.waiting()
    doubts = [await storage.restores.doubt(known.ref) for known in shown]
    lines = [
        replace(
            await _channel_line(storage, known, lost.get(known.ref), now),
            history=_whole([history for (ref, _), history in histories.items() if ref == known.ref]),
            waiting=waiting.get(known.ref, 0),
        )
        for known in shown
    ]
    return StatusReport(
        sources=tuple(source_line(state, source, every, now) for state, source in states),
        papers=await storage.archive.size(),
        waiting=counts.get("waiting", 0),
        deliveries=tuple((state, counts.get(state, 0)) for state in DeliveryState),
        channels=tuple(lines),
        ledger=tuple(await storage.ledger.lines()),
        data=await storage.upkeep.data(),
        clock=clock,
        stuck=tuple(await storage.troubles.stuck(channel)),
        may_settle=may_settle,
        restored=next((doubt.at for doubt in doubts if doubt), None),
        asked_in=channel,
        platforms=tuple(platforms),
    )


def _is_neighbour(other: ChannelRef, channel: ChannelRef | None) -> bool:
    same = channel is not None and (other.platform, other.workspace) == (channel.platform, channel.workspace)
    return same and other.owner is None


async def _channel_line(storage: Storage, channel: Channel, lost: LostChannel | None, now: datetime) -> ChannelLine:
    """A channel without its history."""
    topics = await storage.topics.of_channel(channel.ref)
    plan = await storage.schedules.plan(channel.ref)
    return ChannelLine(
        channel,
        tuple(topic.name for topic in topics),
        History(),
        next_post(plan, now) if plan else None,
        snoozed_until=plan.snoozed_until if plan and is_snoozed(plan, now) else None,
        paused=tuple(topic.name for topic in topics if topic.paused),
        mutes=len(await storage.mutes.of_channel(channel.ref)),
        lost=lost,
    )


def source_line(state: SourceState, source: Source, every: timedelta, now: datetime) -> SourceLine:
    """How one source does (pure)."""
    freshness, silence = Freshness.LATE, None
    if state.error is not None:
        freshness = Freshness.FAILED
    elif state.last_success is not None and now - state.last_success <= max(_ROUNDS_UNTIL_LATE * every, _SOONEST_LATE):
        silence = source.silence(state.cursor, now)
        if silence is None:
            freshness = Freshness.FRESH
        elif silence.pause:
            freshness = Freshness.QUIET
    not_before = state.not_before if state.not_before and state.not_before > now else None
    rounds = (state.last_success, state.last_failure, not_before, state.error)
    return SourceLine(state.name, source.title, freshness, *rounds, silence)


async def late_sources(storage: Storage, sources: Mapping[str, Source], every: timedelta, now: datetime) -> list[str]:
    """What a digest says of sources whose papers may be missing from it for more than a day."""
    lines = [source_line(await storage.sources.state(name), source, every, now) for name, source in sources.items()]
    return [
        f"{line.title} late since {_recent_day(line.since, now)}; its papers will follow"
        for line in lines
        if line.state in _MISSING and line.since is not None and now - line.since > _LATE_ENOUGH
    ]


def _recent_day(moment: datetime, now: datetime) -> str:
    """``Thu``, or ``Thu 12 Nov`` if a week or more ago."""
    weekday, _, _ = weekday_day(moment.date()).partition(" ")
    return weekday if (now.date() - moment.date()).days < _WEEK else weekday_day(moment.date())


async def follows(storage: Storage) -> list[FollowLine]:
    """Every topic of every channel, with what became of its papers."""
    histories = await storage.outbox.histories()
    return [
        FollowLine(
            channel, topic.name, str(topic.query), topic.declared, histories.get((channel.ref, topic.name), History())
        )
        for channel in await storage.topics.channels()
        for topic in await storage.topics.of_channel(channel.ref)
    ]


def _whole(histories: Sequence[History]) -> History:
    """What is last of all."""
    posts = [history.last_post for history in histories if history.last_post]
    failures = [(history.last_failure, history.error) for history in histories if history.last_failure]
    failure, error = max(failures, key=lambda pair: pair[0], default=(None, None))
    return History(max(posts, default=None), failure, error)


# ---------------------------------------------------------------- why


async def find_paper(storage: Storage, text: str) -> PaperId | None:
    """The paper with this number (P12), DOI, PMID, arXiv id or link."""
    if number := parse_number(text):
        return number
    identifier = parse_identifier(text)
    return await storage.archive.find(identifier) if identifier else None


async def paper_named(storage: Storage, text: str) -> Paper:
    """The same as a paper; raises NotFound."""
    number = await find_paper(storage, text)
    if papers := await storage.archive.papers([number] if number else []):
        return papers[0]
    raise NotFound(f"No paper “{text[:80]}” in the archive. Give its number (P12), a DOI, PMID, arXiv id or link.")


async def channels_named(storage: Storage, name: str | None) -> list[Channel]:
    """The channel of that name, such as ``local:papers``, or all if none is given; raises NotFound."""
    channels = await storage.topics.channels()
    found = [channel for channel in channels if name is None or str(channel.ref) == name]
    if name is not None and not found:
        known = ", ".join(str(channel.ref) for channel in channels) or "none yet"
        raise NotFound(f"There is no channel {name!r}. There is: {known}.")
    return found


async def why(storage: Storage, paper: Paper, channels: Iterable[Channel], now: datetime) -> WhyReport:
    """When the paper was seen, and what became of it in each of the channels."""
    baseline = {topic for topic, _ in await storage.sources.baseline_marks([paper.id])}
    found = await storage.ledger.finds_of(paper.id)
    watched = await storage.ledger.watched()
    verdicts = []
    for channel in channels:
        topics = await storage.topics.of_channel(channel.ref)
        announced = await storage.outbox.announced(channel.ref, paper.id)
        asked = list(dict.fromkeys(query for topic in topics for query in questions(topic.query)))
        answers = await storage.archive.matching(paper.id, asked, now)
        true = [query for query, matches in zip(asked, answers, strict=True) if matches]
        judged = [judge(topic, true, baseline=topic.id in baseline) for topic in topics]
        matching = {topic.id for topic, verdict in zip(topics, judged, strict=True) if verdict.matches}
        muted = await storage.mutes.kept_back_by(channel.ref, paper.id)
        missing = channel.ref in owed(found, matching, baseline, watched)
        became = account((), matches=bool(matching), missing=missing)
        reason = why_not(paper, list(zip(topics, judged, strict=True)), became, muted)
        waits = await _waits(storage, channel, announced, now)
        verdicts.append(ChannelVerdict(channel, tuple(judged), announced, "" if announced else reason, waits))
    return WhyReport(paper, tuple(await storage.archive.seen(paper.id)), tuple(verdicts))


async def _waits(storage: Storage, channel: Channel, announced: Announced | None, now: datetime) -> str:
    """What a paper that waits to be posted waits for."""
    if announced is None or announced.state not in _WAITING:
        return ""
    if channel.ref in {lost.channel.ref for lost in await storage.troubles.lost()}:
        return "It waits until the bot can post here again."
    if await storage.restores.doubt(channel.ref):
        return "It waits until this channel has been compared with the data, which were put back."
    plan = await storage.schedules.plan(channel.ref)
    if announced.state or plan is None or not (plan.snoozed_until or next_post(plan, now)):
        return ""
    return f"It waits for the post of {first_post(plan, now)}."
