"""How everything stands, in one or two sentences at the top of a status (pure)."""

from __future__ import annotations

from collections.abc import Iterator

from bot.reports import ChannelLine, Freshness, SourceLine, StatusReport
from bot.wording.counts import counted
from bot.wording.days import weekday_day


def overall(report: StatusReport) -> str:
    """Return ``All is well: PubMed fresh, arXiv quiet (weekend).``, or what is not well; of the channel where it
    was asked also whether its silence means that there is nothing new."""
    problems = list(_problems(report))
    sources = ", ".join(map(_source, report.sources)) or "no source is switched on"
    said = f"Not all is well: {'; '.join(problems)}." if problems else f"All is well: {sources}."
    stuck = {line.channel.ref for line in report.stuck}  # there silence has another reason
    here = [line for line in report.channels if line.channel.ref == report.asked_in and line.channel.ref not in stuck]
    return f"{said} {_news(here[0])}" if here else said


def _problems(report: StatusReport) -> Iterator[str]:
    if report.clock:
        yield "the clock cannot be trusted, so nothing is posted"
    for platform in report.platforms:
        if platform.trouble:
            yield f"the bot is not connected to {platform.name.capitalize()}"
    if report.data and report.data.shortage:
        yield "the disk is full, so no source is asked"
    for source in report.sources:
        if source.state in (Freshness.LATE, Freshness.FAILED):
            yield _source(source)
    for line in report.channels:
        if line.lost:
            yield f"nothing can be posted in {line.channel.name}"
    if report.stuck:
        yield f"{counted(len(report.stuck), 'delivery', 'deliveries')} {_verb(len(report.stuck))} for a person"
    if missing := sum(len(line.missing) for line in report.ledger):
        yield f"{counted(missing, 'paper')} {'was' if missing == 1 else 'were'} lost"
    if report.restored:
        yield "the data were put back, and what waits is compared with what is shown here before it is posted"


def _source(source: SourceLine) -> str:
    since = f" since {weekday_day(source.since.date())}" if source.since else ""
    match source.state:
        case Freshness.QUIET:
            return f"{source.title} quiet ({source.silence.pause})" if source.silence else f"{source.title} quiet"
        case Freshness.LATE if not since:
            return f"{source.title} not asked yet"
        case Freshness.FRESH:
            return f"{source.title} fresh"
        case _:
            return f"{source.title} {source.state}{since}"


def _news(line: ChannelLine) -> str:
    """Why a channel shows what it shows."""
    last = weekday_day(line.history.last_post.date()) if line.history.last_post else ""
    waiting = f"{counted(line.waiting, 'paper')} {_verb(line.waiting)}"
    reasons = (
        (not line.topics, "This channel follows no topics, so nothing is posted here."),
        (line.lost, f"{waiting} until the bot can post here again."),
        (line.snoozed_until, f"This channel is snoozed; {waiting}."),
        (len(line.paused) == len(line.topics), "All topics of this channel are paused, so nothing is posted here."),
        (line.waiting and line.next_post, f"{waiting} for the next post."),
        (line.waiting, f"{waiting} to be posted."),
        (last, f"The last paper for this channel was posted on {last}; nothing that came since matches its topics."),
        (True, "Nothing has been posted here yet: nothing that came since its topics were added matches them."),
    )
    return next(reason for applies, reason in reasons if applies)


def _verb(number: int) -> str:
    return "waits" if number == 1 else "wait"
