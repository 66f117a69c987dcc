"""What the command line gives to programs: reports as values of JSON (pure)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.model import Paper
from bot.ports import SearchPage
from bot.reports import (
    ChannelVerdict,
    DataLine,
    FollowLine,
    History,
    LedgerLine,
    SourceLine,
    StatusReport,
    UnseenReport,
    WhyReport,
)
from bot.stuck import StuckLine
from bot.wording.overall import overall


def search_as_json(query: str, found: SearchPage) -> dict[str, Any]:
    """A page of results; ``query`` as it was typed."""
    return {
        "query": query,
        "sort": found.sort,
        "page": found.page,
        "pages": found.pages,
        "per_page": found.per_page,
        "total": found.total,
        "papers": [_paper_as_json(paper) for paper in found.papers],
    }


def _paper_as_json(paper: Paper) -> dict[str, Any]:
    return {
        "id": f"P{paper.id}",
        "title": paper.title,
        "authors": paper.authors,
        "abstract": paper.abstract,
        "kind": paper.kind,
        "date": paper.date.isoformat(),
        "venue": paper.venue,
        "doi": paper.doi,
        "url": paper.url,
        "records": [
            {"source": r.source, "source_id": r.source_id, "version": r.version, "url": r.url} for r in paper.records
        ],
        "status": paper.status,
    }


def status_as_json(report: StatusReport) -> dict[str, Any]:
    """How everything stands."""
    return {
        "sources": [_source_as_json(source) for source in report.sources],
        "papers": report.papers,
        "waiting": report.waiting,
        "deliveries": {state.value: number for state, number in report.deliveries},
        "channels": [
            {"channel": str(line.channel.ref), "name": line.channel.name, "topics": line.topics}
            | _history_as_json(line.history)
            for line in report.channels
        ],
        "ledger": [_ledger_as_json(line) for line in report.ledger],
        "data": report.data and _data_as_json(report.data),
        "summary": overall(report),
        "stuck": [_stuck_as_json(line) for line in report.stuck],
    }


def _stuck_as_json(line: StuckLine) -> dict[str, Any]:
    return {
        "key": line.key,
        "channel": str(line.channel.ref),
        "kind": line.kind,
        "state": line.state,
        "papers": line.papers,
        "since": _iso(line.at),
        "error": line.error,
    }


def _data_as_json(data: DataLine) -> dict[str, Any]:
    return {"bytes": data.size, "free": data.free, "shortage": data.shortage, "last_backup": _iso(data.last_backup)}


def _ledger_as_json(line: LedgerLine) -> dict[str, Any]:
    return {
        "day": line.day.isoformat(),
        "source": line.source,
        "found": line.found,
        **{account.name.lower(): count for account, count in line.accounts.items()},
        "lost": [f"P{paper}" for paper in line.missing],
    }


def _source_as_json(source: SourceLine) -> dict[str, Any]:
    return {
        "source": source.name,
        "state": source.state,
        "since": _iso(source.since),
        "pause": (source.silence and source.silence.pause) or None,
        "next": _iso(source.silence.next if source.silence else None),
        "last_success": _iso(source.last_success),
        "last_failure": _iso(source.last_failure),
        "not_before": _iso(source.not_before),
        "error": source.error,
    }


def follow_as_json(follow: FollowLine) -> dict[str, Any]:
    """A topic that a channel follows."""
    return {
        "channel": str(follow.channel.ref),
        "name": follow.channel.name,
        "topic": follow.topic,
        "query": follow.query,
        "declared": follow.declared,
        "schedule": follow.channel.schedule,
        "zone": follow.channel.zone,
    } | _history_as_json(follow.history)


def _history_as_json(history: History) -> dict[str, Any]:
    return {
        "last_post": _iso(history.last_post),
        "last_failure": _iso(history.last_failure),
        "error": history.error,
    }


def seen_as_json(report: WhyReport) -> dict[str, Any]:
    """What became of a paper."""
    return {
        "id": f"P{report.paper.id}",
        "title": report.paper.title,
        "first_seen": _iso(report.paper.first_seen),
        "records": [
            {
                "source": record.source,
                "source_id": record.source_id,
                "version": record.version,
                "entered": record.entered.isoformat() if record.entered else None,
                "seen": _iso(record.seen),
            }
            for record in report.records
        ],
        "channels": [_verdict_as_json(verdict) for verdict in report.channels],
    }


def unseen_as_json(report: UnseenReport) -> dict[str, Any]:
    """Why a paper never came."""
    return {
        "id": None,
        "title": report.record.title,
        "source": report.record.source,
        "source_id": report.record.source_id,
        "entered": report.record.entered and report.record.entered.isoformat(),
        "channels": [_verdict_as_json(verdict) for verdict in report.channels],
    }


def _verdict_as_json(verdict: ChannelVerdict) -> dict[str, Any]:
    told = verdict.announced
    return {
        "channel": str(verdict.channel.ref),
        "name": verdict.channel.name,
        "announced": told
        and {
            "topics": told.topics,
            "queued": _iso(told.queued),
            "state": told.state or "waiting",
            "at": _iso(told.at),
            "error": told.error,
        },
        "reason": verdict.reason,
        "waits": verdict.waits,
        "topics": [
            {
                "topic": topic.topic,
                "query": topic.query,
                "matches": topic.matches,
                "failing": topic.failing,
                "found": topic.found,
                "baseline": topic.baseline,
            }
            for topic in verdict.topics
        ],
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
