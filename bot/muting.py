"""Which papers the mutes of a channel keep back, found as topics find theirs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from bot.model import Announcement, Change, ChannelRef, Mute, Paper, PaperId, Topic
from bot.ports import Storage

MUTE_DAYS = 30
"""How far back it is told what a mute would have removed, and how much it did."""


async def keep_back(
    announcements: Sequence[Announcement], papers: Iterable[Paper], storage: Storage, now: datetime
) -> list[Announcement]:
    """The announcements that no mute of their channel forbids; of the others it is kept what forbids them."""
    mutes = await storage.mutes.all() if announcements else {}
    if not mutes:
        return list(announcements)
    announced = {a.paper_id for a in announcements}
    hits = await hit([paper for paper in papers if paper.id in announced], set().union(*mutes.values()), storage, now)
    muted = {
        (a.channel, a.paper_id): mute
        for a in announcements
        for mute in reversed(mutes.get(a.channel, ()))
        if (mute, a.paper_id) in hits
    }
    await storage.mutes.keep_back(muted, now)
    return [a for a in announcements if (a.channel, a.paper_id) not in muted]


async def without_muted(papers: Sequence[Paper], channel: ChannelRef, storage: Storage, now: datetime) -> list[Paper]:
    """The papers that the channel does not mute."""
    muted = {paper for _, paper in await hit(papers, await storage.mutes.of_channel(channel), storage, now)}
    return [paper for paper in papers if paper.id not in muted]


async def hit(
    papers: Sequence[Paper], mutes: Collection[Mute], storage: Storage, now: datetime
) -> set[tuple[Mute, PaperId]]:
    """Which mutes mean which of the papers."""
    asked = dict(enumerate(mutes))
    topics = [Topic(number, str(mute), mute.query, now) for number, mute in asked.items()]
    matches = await storage.matcher.match([Change(paper, before=None) for paper in papers], topics, now)
    return {(asked[match.topic.id], match.change.paper.id) for match in matches}
