"""What goes into a channel's next post, and under which key (pure). For the time being each schedule is ``now``."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from bot.conversation import AnnouncedPaper, Post
from bot.identity import paper_marks
from bot.model import Announcement, ChannelRef, DeliveryKey, DeliveryKind, Paper, PaperId

MOST_SINGLE_POSTS = 5
"""More papers than these waiting in a ``now`` channel become one digest."""


def next_batch(waiting: Sequence[Announcement]) -> Sequence[Announcement]:
    """The announcements of the next post: the oldest one, or all of them if too many wait."""
    return waiting if len(waiting) > MOST_SINGLE_POSTS else waiting[:1]


def delivery_key(install: str, channel: ChannelRef, kind: DeliveryKind, slot: str, part: int) -> DeliveryKey:
    """The key of one message: the same for every attempt at it, on this installation only."""
    name = "|".join((install, channel.platform, channel.workspace, channel.id, kind, slot, str(part), "0"))
    return DeliveryKey(base64.b32encode(hashlib.blake2b(name.encode(), digest_size=15).digest()).decode().lower())


def compose_post(batch: Sequence[Announcement], papers: Mapping[PaperId, Paper], day: date) -> Post:
    """One announcement, or a digest: papers that match most topics first, then the newest."""
    announced = [AnnouncedPaper(papers[a.paper_id], a.topics, a.note) for a in batch]
    announced.sort(key=lambda one: (len(one.topics), one.paper.date, one.paper.id), reverse=True)
    counts = Counter(topic for one in announced for topic in one.topics)
    return Post(
        kind=DeliveryKind.ANNOUNCEMENT if len(announced) == 1 else DeliveryKind.DIGEST,
        papers=tuple(announced),
        day=day,
        total=len(announced),
        topics=tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0]))),
        marks=tuple(sorted(mark for one in announced for mark in paper_marks(one.paper))),
    )
