"""What the command line prints: tables and lines for people, and JSON (as_json.py)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import datetime

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.as_json import follow_as_json, seen_as_json, status_as_json, unseen_as_json
from bot.checking import CheckRow
from bot.reports import (
    ChannelVerdict,
    FollowLine,
    History,
    StatusReport,
    UnseenReport,
    WhyReport,
)
from bot.wording import fate, visible
from bot.wording.overall import overall
from bot.wording.standing import standing


def print_status(report: StatusReport, *, as_json: bool) -> None:
    """Print how everything stands."""
    if as_json:
        print_json(status_as_json(report))
        return
    say(overall(report))
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
    for line in report.stuck:
        say(f"{line.short} {line.channel.ref}: {line.what}, {line.plight}. {line.error or ''}".rstrip())
    if data := report.data:
        last = _moment(data.last_backup) or ("none yet" if data.backed_up else "none are made")
        say(f"{data.size / 1e6:,.1f} MB of data, {data.free / 1e6:,.0f} MB free. Last backup: {last}.")
        if data.shortage:
            say(data.shortage)


def print_check(rows: Sequence[CheckRow]) -> bool:
    """Print what a check found; says whether nothing of it is an error."""
    titles = ("what", "level", "found", "what to do")
    print_table(titles, ([row.name, row.level, row.text, row.advice] for row in rows))
    for row in rows:  # once more, for a table breaks them
        for address in re.findall(r"https://\S{40,}", f"{row.text} {row.advice}"):
            say(address.rstrip(".,;)"))
    return all(row.level != "error" for row in rows)


def print_follows(follows: Iterable[FollowLine], *, as_json: bool) -> None:
    """Print the topics of the channels."""
    if as_json:
        print_json([follow_as_json(follow) for follow in follows])
        return
    titles = ("channel", "topic", "query", "last post", "last failure", "error")
    print_table(titles, ((f.channel.ref, f.topic, f.query, *_history(f.history)) for f in follows))


def print_why(report: WhyReport | UnseenReport, *, as_json: bool) -> None:
    """Print what became of a paper."""
    if as_json:
        print_json(seen_as_json(report) if isinstance(report, WhyReport) else unseen_as_json(report))
    elif isinstance(report, WhyReport):
        _print_seen(report)
    else:
        say(f"{report.record.title}\nNot in the archive; this is what {report.source} says of it today.")
        _print_verdicts(report.channels)


def _print_seen(report: WhyReport) -> None:
    say(f"P{report.paper.id} {report.paper.title}\nFirst seen {_moment(report.paper.first_seen)}.")
    records = ((r.source, r.source_id, r.version, r.entered, _moment(r.seen)) for r in report.records)
    print_table(("source", "record", "version", "entered there", "seen here"), records)
    _print_verdicts(report.channels)


def _print_verdicts(verdicts: Iterable[ChannelVerdict]) -> None:
    for verdict in verdicts:
        told = verdict.announced
        since = told and _moment(told.at or told.queued)
        outcome = f"{visible(fate(told))} for {', '.join(told.topics)}, {since}" if told else verdict.reason
        say(f"{verdict.channel.ref}: {outcome}")
        if told and told.error:
            say(told.error)
        if verdict.waits:
            say(verdict.waits)
        rows = (
            (t.topic, *("yes" if t.matches else "no", " · ".join(t.found), " · ".join(t.failing)), _yes(t.baseline))
            for t in verdict.topics
        )
        print_table(("topic", "matches", "found", "what does not match", "there at first fetch"), rows)


def _yes(holds: bool) -> str:
    return "yes" if holds else ""


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
