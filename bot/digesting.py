"""What goes into a channel's next post (pure). For the time being every channel's schedule is ``now``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from bot.conversation import AnnouncedPaper, Post
from bot.model import Announcement, DeliveryKind, Paper, PaperId

MOST_SINGLE_POSTS = 5
"""More papers than these waiting in a ``now`` channel become one digest."""


def next_batch(waiting: Sequence[Announcement]) -> Sequence[Announcement]:
    """The announcements of the next post: the oldest one, or all of them if too many wait."""
    return waiting if len(waiting) > MOST_SINGLE_POSTS else waiting[:1]


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
    )
