"""What the command line prints: tables and lines for people, JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.model import Paper
from bot.ports import SearchPage
from bot.reports import ChannelVerdict, FollowLine, History, LedgerLine, SourceLine, StatusReport, WhyReport
from bot.wording.standing import standing


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


def _status_as_json(report: StatusReport) -> dict[str, Any]:
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
    }


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


def _follow_as_json(follow: FollowLine) -> dict[str, Any]:
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


def _why_as_json(report: WhyReport) -> dict[str, Any]:
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
        "topics": [
            {
                "topic": topic.topic,
                "query": topic.query,
                "matches": topic.matches,
                "failing": topic.failing,
                "baseline": topic.baseline,
            }
            for topic in verdict.topics
        ],
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def print_status(report: StatusReport, *, as_json: bool) -> None:
    """Print how everything stands."""
    if as_json:
        print_json(_status_as_json(report))
        return
    titles = ("source", "state", "last success", "last failure", "not before", "error")
    sources = (
        (s.title, standing(s), _moment(s.last_success), _moment(s.last_failure), _moment(s.not_before), s.error)
        for s in report.sources
    )
    print_table(titles, sources)
    ledger = ((line.source, line.day, line.equation, line.lost) for line in report.ledger)
    print_table(("source", "day", "what became of its papers", "missing"), ledger)
    rows = (
        (line.channel.ref, line.channel.name, ", ".join(line.topics), *_history(line.history))
        for line in report.channels
    )
    print_table(("channel", "name", "topics", "last post", "last failure", "error"), rows)
    states = "".join(f", {number:,} {state}" for state, number in report.deliveries if number)
    say(f"{report.papers:,} papers in the archive. Deliveries: {report.waiting:,} waiting{states}.")


def print_follows(follows: Iterable[FollowLine], *, as_json: bool) -> None:
    """Print the topics of the channels."""
    if as_json:
        print_json([_follow_as_json(follow) for follow in follows])
        return
    titles = ("channel", "topic", "query", "last post", "last failure", "error")
    print_table(titles, ((f.channel.ref, f.topic, f.query, *_history(f.history)) for f in follows))


def print_why(report: WhyReport, *, as_json: bool) -> None:
    """Print what became of a paper."""
    if as_json:
        print_json(_why_as_json(report))
        return
    say(f"P{report.paper.id} {report.paper.title}\nFirst seen {_moment(report.paper.first_seen)}.")
    records = ((r.source, r.source_id, r.version, r.entered, _moment(r.seen)) for r in report.records)
    print_table(("source", "record", "version", "entered there", "seen here"), records)
    for verdict in report.channels:
        told = verdict.announced
        since = told and _moment(told.at or told.queued)
        outcome = f"{told.fate} for {', '.join(told.topics)}, {since}" if told else verdict.reason
        say(f"{verdict.channel.ref}: {outcome}")
        if told and told.error:
            say(told.error)
        rows = (
            (t.topic, "yes" if t.matches else "no", " · ".join(t.failing), "yes" if t.baseline else "")
            for t in verdict.topics
        )
        print_table(("topic", "matches", "what does not match", "there at first fetch"), rows)


def _history(history: History) -> tuple[str, str, str | None]:
    return _moment(history.last_post), _moment(history.last_failure), history.error


def _moment(moment: datetime | None) -> str:
    return f"{moment:%d %b %Y %H:%M} UTC" if moment else ""


def print_json(value: object) -> None:
    """Print a value as JSON to standard output."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_table(titles: Sequence[str], rows: Iterable[Iterable[object]]) -> None:
    """Print a table to standard output, as wide as the terminal; None is an empty cell."""
    table = Table(*titles, box=box.SIMPLE_HEAD)
    for row in rows:
        table.add_row(*(Text(_plain("" if cell is None else str(cell)), overflow="fold") for cell in row))
    Console().print(table)


def say(text: str, *, err: bool = False) -> None:
    """Print a line to standard output, or to standard error."""
    typer.echo(_plain(text), err=err)


def _plain(text: str) -> str:
    """Text from elsewhere must not steer the terminal."""
    return "".join(char for char in text if char.isprintable() or char == "\n")
