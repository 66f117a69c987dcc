"""Why a paper that the archive does not have was not posted: its source is asked for it, and the topics judge it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.errors import NotFound, SourceError
from bot.identity import compose, parse_identifier
from bot.judging import judge, questions, why_unseen
from bot.model import Change, Channel, PaperId, Record, Topic
from bot.ports import Source, Storage
from bot.query import Query
from bot.reports import ChannelVerdict, UnseenReport


async def unseen(
    storage: Storage, sources: Mapping[str, Source], text: str, channels: Iterable[Channel], now: datetime
) -> UnseenReport | None:
    """What the first source says that knows the DOI, PMID, arXiv id or link, and what each channel's topics make of
    that. None if no source knows it, or it is none of these. Nothing is stored. Raises NotFound if a source could not
    be asked and no other knows it."""
    problem: SourceError | None = None
    if not (identifier := parse_identifier(text)):
        return None
    for source in sources.values():
        try:
            record = await source.fetch(identifier)
        except SourceError as error:
            problem = problem or error
            continue
        if record:
            verdicts = [await _verdict(storage, source, record, channel, now) for channel in channels]
            return UnseenReport(record, source.title, tuple(verdicts))
    if problem:
        raise NotFound(f"It is not in the archive, and could not be asked for: {problem}.")
    return None


async def _verdict(storage: Storage, source: Source, record: Record, channel: Channel, now: datetime) -> ChannelVerdict:
    topics = await storage.topics.of_channel(channel.ref)
    asked = [query for topic in topics for query in questions(topic.query)]
    matching = await _true(storage, record, asked, now)
    judged = [(topic, judge(topic, matching)) for topic in topics]
    last_round = (await storage.sources.state(source.name)).last_success
    reason = why_unseen(record, source.title, judged, last_round)
    return ChannelVerdict(channel, tuple(verdict for _, verdict in judged), None, reason)


async def _true(storage: Storage, record: Record, asked: Iterable[Query], now: datetime) -> list[Query]:
    """Which of the questions the archive's own matching answers with yes."""
    change = Change(compose(PaperId(0), [record], now), before=None)
    topics = [Topic(number, "", query, now) for number, query in enumerate(asked)]
    return [match.topic.query for match in await storage.matcher.match([change], topics, now)]
