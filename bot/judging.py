"""Which parts of a topic's query match a paper, and why it was not announced (pure)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from bot.model import Mute, Paper, Record, Topic
from bot.query import And, Node, Or, Query
from bot.reports import Account, TopicVerdict
from bot.wording import weekday_day

REACH = timedelta(days=30)
"""How far the first fetch of a topic goes back."""


def questions(query: Query) -> list[Query]:
    """What must be known of a paper to judge it by a query: each part joined by AND, and the alternatives joined by OR
    of such a part."""
    parts = _parts(query)
    return [Query(node) for node in (*parts, *(one for part in parts for one in _alternatives(part)))]


def judge(topic: Topic, matching: Collection[Query], *, baseline: bool = False) -> TopicVerdict:
    """What a topic makes of a paper, of which the ``matching`` questions are true."""
    true = {query.root for query in matching}
    parts = _parts(topic.query)
    found = [one for part in parts if part in true for one in _alternatives(part) or (part,) if one in true]
    failing = tuple(str(Query(part)) for part in parts if part not in true)
    return TopicVerdict(topic.name, str(topic.query), failing, baseline, tuple(str(Query(one)) for one in found))


def _parts(query: Query) -> tuple[Node, ...]:
    return query.root.parts if isinstance(query.root, And) else (query.root,)


def _alternatives(part: Node) -> tuple[Node, ...]:
    return part.parts if isinstance(part, Or) else ()


def why_not(
    paper: Paper, judged: Sequence[tuple[Topic, TopicVerdict]], became: Account, muted: Mute | None = None
) -> str:
    """Why a paper was not announced in a channel with these topics. ``became`` is what the ledger says, ``muted`` what
    kept it back."""
    matching = [(topic, verdict) for topic, verdict in judged if verdict.matches]
    old = all(verdict.baseline or paper.first_seen < topic.created for topic, verdict in matching)
    reasons = (
        (muted is not None, f"It was muted by {muted}."),
        (not judged, _NO_TOPICS),
        (became is Account.UNMATCHED, "No topic of this channel matches it."),
        (became is Account.MISSING, _LOST),
        (all(v.baseline for _, v in matching), "It was there before: the first fetch of a topic is never announced."),
        (old, "It was in the archive before the topic was."),
        (all(v.baseline or topic.paused for topic, v in matching), "Its topic is paused here."),
        (True, _NOT_THEN),
    )
    return next(reason for applies, reason in reasons if applies)


def why_unseen(
    record: Record, source: str, judged: Sequence[tuple[Topic, TopicVerdict]], last_round: datetime | None
) -> str:
    """Why a record that its source has never came here. ``last_round`` is the source's last complete one."""
    matching = [topic for topic, verdict in judged if verdict.matches]
    day = record.entered or record.published
    old = day is not None and all(day < (topic.created - REACH).date() for topic in matching)
    new = last_round is None or (day is not None and day >= last_round.date())
    reasons = (
        (not judged, _NO_TOPICS),
        (not matching, f"No topic of this channel matches it, so {source} was never asked for it."),
        (old, f"It is there since {day}: before the 30 days that the first fetch of a topic goes back to."),
        (new, f"{source} has it only since its last complete round here; the next one should bring it."),
        (True, _NEVER_BROUGHT.format(source=source, round=last_round and weekday_day(last_round.date()))),
    )
    return next(reason for applies, reason in reasons if applies)


_NO_TOPICS = "This channel follows no topics."
_LOST = "It was lost: it should have been announced here when it came, and was not. Please report this."
_NOT_THEN = (
    "It was not announced when it came: it was imported, or what matches it now did not match, was not followed here "
    "or was paused then."
)
_NEVER_BROUGHT = (
    "It matches, and {source} did not bring it by its last complete round of {round}: its search may find less than it "
    "shows. If it does not come within a few days, please report this."
)
