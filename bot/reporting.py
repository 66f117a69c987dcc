"""How the bot stands, what channels were sent, and why a paper was posted or not, read from the stores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.errors import NotFound
from bot.identity import parse_identifier, parse_number
from bot.ledger import account, owed
from bot.model import Channel, ChannelRef, DeliveryState, Paper, PaperId, Topic
from bot.ports import Source, SourceState, Storage
from bot.query import And, Query
from bot.reports import (
    Account,
    ChannelLine,
    ChannelVerdict,
    FollowLine,
    Freshness,
    History,
    SourceLine,
    StatusReport,
    TopicVerdict,
    WhyReport,
)

_ROUNDS_UNTIL_LATE = 2


async def status(
    storage: Storage,
    sources: Mapping[str, Source],
    every: timedelta,
    now: datetime,
    *,
    channel: ChannelRef | None = None,
) -> StatusReport:
    """How everything stands, with all channels or one. ``every`` is how often the sources are asked."""
    counts = await storage.outbox.counts()
    histories = await storage.outbox.histories(channel)
    states = [(await storage.sources.state(name), source) for name, source in sources.items()]
    lines = [
        ChannelLine(
            known,
            tuple(topic.name for topic in await storage.topics.of_channel(known.ref)),
            _whole([history for (ref, _), history in histories.items() if ref == known.ref]),
        )
        for known in await storage.topics.channels()
        if channel in (None, known.ref)
    ]
    return StatusReport(
        sources=tuple(source_line(state, source, every, now) for state, source in states),
        papers=(await storage.archive.summary()).papers,
        waiting=counts.get("waiting", 0),
        deliveries=tuple((state, counts.get(state, 0)) for state in DeliveryState),
        channels=tuple(lines),
        ledger=tuple(await storage.ledger.lines()),
    )


def source_line(state: SourceState, source: Source, every: timedelta, now: datetime) -> SourceLine:
    """How one source does (pure)."""
    freshness, silence = Freshness.LATE, None
    if state.error is not None:
        freshness = Freshness.FAILED
    elif state.last_success is not None and now - state.last_success <= _ROUNDS_UNTIL_LATE * every:
        silence = source.silence(state.cursor, now)
        if silence is None:
            freshness = Freshness.FRESH
        elif silence.pause:
            freshness = Freshness.QUIET
    not_before = state.not_before if state.not_before and state.not_before > now else None
    rounds = (state.last_success, state.last_failure, not_before, state.error)
    return SourceLine(state.name, source.title, freshness, *rounds, silence)


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
        judged = [await _judge(storage, paper, topic, now, baseline=topic.id in baseline) for topic in topics]
        matching = {topic.id for topic, verdict in zip(topics, judged, strict=True) if verdict.matches}
        missing = channel.ref in owed(found, matching, baseline, watched)
        became = account((), matches=bool(matching), missing=missing)
        reason = "" if announced else why_not(paper, list(zip(topics, judged, strict=True)), became)
        verdicts.append(ChannelVerdict(channel, tuple(judged), announced, reason))
    return WhyReport(paper, tuple(await storage.archive.seen(paper.id)), tuple(verdicts))


async def _judge(storage: Storage, paper: Paper, topic: Topic, now: datetime, *, baseline: bool) -> TopicVerdict:
    """Ask the archive's own index for each part that the query joins by AND."""
    root = topic.query.root
    clauses = [Query(part) for part in (root.parts if isinstance(root, And) else (root,))]
    matching = await storage.archive.matching(paper.id, clauses, now)
    failing = tuple(str(clause) for clause, matches in zip(clauses, matching, strict=True) if not matches)
    return TopicVerdict(topic.name, str(topic.query), failing, baseline)


def why_not(paper: Paper, judged: Sequence[tuple[Topic, TopicVerdict]], became: Account) -> str:
    """Why a paper was not announced in a channel with these topics (pure). ``became`` is what the ledger says."""
    matching = [(topic, verdict) for topic, verdict in judged if verdict.matches]
    if not judged:
        return "This channel follows no topics."
    if became is Account.UNMATCHED:
        return "No topic of this channel matches it."
    if became is Account.MISSING:
        return "It was lost: it should have been announced here when it came, and was not. Please report this."
    if all(verdict.baseline for _, verdict in matching):
        return "It was there before: the first fetch of a topic is never announced."
    if all(verdict.baseline or paper.first_seen < topic.created for topic, verdict in matching):
        return "It was in the archive before the topic was."
    return "It was not announced when it came: it was imported, or did not match or was not followed here then."
