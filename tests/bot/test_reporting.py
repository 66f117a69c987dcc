"""How the bot says it stands, and why a paper was posted or not, over real storage."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest

from bot.answering import Answering
from bot.commands import parse_command
from bot.conversation import Asker, Notice
from bot.errors import NotFound
from bot.model import Announcement, Channel, ChannelRef, Delivery, DeliveryKey, DeliveryKind, DeliveryState, Paper
from bot.polling import poll
from bot.ports import SourceState
from bot.printing import print_status
from bot.reporting import channels_named, follows, paper_named, source_line, status, why
from bot.reports import ChannelVerdict, Freshness, History, RecordSeen, Silence, SourceLine, StatusReport, WhyReport
from bot.wording import fate
from bot.wording.standing import standing
from storage import SqliteStorage
from tests.examples import CHANNEL, NOW, OTHER_CHANNEL, a_query, a_record, an_arxiv_record, doi
from tests.fakes.desk import a_desk
from tests.fakes.source import FakeSource

EVERY = timedelta(minutes=30)
SOURCES = {"pubmed": FakeSource()}


@pytest.fixture(autouse=True)
async def channels(storage: SqliteStorage) -> None:
    await storage.topics.put_channel(CHANNEL)
    await storage.topics.put_channel(OTHER_CHANNEL)


async def follow(storage: SqliteStorage, name: str, query: str, channel: Channel = CHANNEL) -> None:
    await storage.topics.add(name, a_query(query), channel.ref, NOW)


async def post(
    storage: SqliteStorage, paper: Paper, *topics: str, channel: Channel = CHANNEL, at: datetime = NOW
) -> DeliveryKey:
    """Announce a paper and begin to send it."""
    await storage.outbox.queue([Announcement(channel.ref, paper.id, topics)], at)
    key = DeliveryKey(f"{channel.ref.id}-{paper.id}")
    kind = DeliveryKind.ANNOUNCEMENT
    delivery = Delivery(key, channel.ref, kind, f"P{paper.id}", 1, b"bytes", paper_ids=(paper.id,))
    assert await storage.outbox.open([delivery], at)
    return key


async def keep(storage: SqliteStorage, **changes: object) -> Paper:
    [change] = await storage.archive.upsert([a_record(**changes)], NOW)
    return change.paper


async def verdict(storage: SqliteStorage, paper: Paper) -> ChannelVerdict:
    [one] = (await why(storage, paper, [CHANNEL], NOW)).channels
    return one


# ---------------------------------------------------------------- status


@pytest.mark.parametrize(
    ("age", "error", "state"),
    [(0, None, "fresh"), (60, None, "fresh"), (61, None, "late"), (None, None, "late"), (0, "no answer", "failed")],
)
def test_a_source_is_fresh_late_or_failed(age: int | None, error: str | None, state: str) -> None:
    success = None if age is None else NOW - timedelta(minutes=age)
    line = source_line(SourceState("pubmed", last_success=success, error=error), FakeSource(), EVERY, NOW)
    assert line.state == state
    assert line.since == (None if state == "fresh" else success)


@pytest.mark.parametrize(("minutes", "state"), [(10, "fresh"), (11, "late")])
def test_a_source_that_is_asked_every_few_seconds_has_time_for_a_slow_answer(minutes: int, state: str) -> None:
    state_then = SourceState("pubmed", last_success=NOW - timedelta(minutes=minutes))
    assert source_line(state_then, FakeSource(), timedelta(seconds=3), NOW).state == state


@pytest.mark.parametrize(
    ("age", "error", "pause", "state"),
    [
        (0, None, "weekend", "quiet"),
        (0, None, "", "late"),
        (61, None, "weekend", "late"),
        (None, None, "weekend", "late"),
        (0, "no answer", "weekend", "failed"),
        (0, "no answer", "", "failed"),
    ],
)
def test_only_a_source_whose_rounds_are_complete_is_judged_by_its_calendar(
    age: int | None, error: str | None, pause: str, state: str
) -> None:
    success = None if age is None else NOW - timedelta(minutes=age)
    source = FakeSource()
    source.silent = Silence(NOW - timedelta(days=1), NOW + timedelta(days=1), pause)
    line = source_line(SourceState("pubmed", last_success=success, error=error), source, EVERY, NOW)
    assert line.state == state
    by_calendar = age == 0 and error is None
    assert line.silence == (source.silent if by_calendar else None)
    assert line.since == (source.silent.since if by_calendar else success)


@pytest.mark.parametrize(
    ("state", "pause", "words"),
    [
        ("fresh", None, "fresh"),
        ("failed", None, "failed"),
        ("quiet", "weekend", "quiet since Fri 20 Nov (weekend); next announcement Mon 23 Nov"),
        ("late", "", "late: nothing new since the announcement of Fri 20 Nov"),
    ],
)
def test_how_a_source_stands_is_told_in_words(state: str, pause: str | None, words: str) -> None:
    silence = None if pause is None else Silence(NOW, NOW + timedelta(days=3), pause)
    assert standing(SourceLine("arxiv", "arXiv", Freshness(state), NOW, None, None, None, silence)) == words


def test_a_wait_that_is_over_is_not_told() -> None:
    for minutes, told in ((1, True), (-1, False)):
        until = NOW + timedelta(minutes=minutes)
        line = source_line(SourceState("pubmed", not_before=until), FakeSource(), EVERY, NOW)
        assert (line.not_before == until) is told


async def test_the_calendar_is_asked_with_the_cursor_of_the_last_complete_round(storage: SqliteStorage) -> None:
    class Resting(FakeSource):
        def silence(self, cursor: str | None, now: datetime) -> Silence | None:
            return Silence(now, now, str(cursor))

    source = Resting()
    await poll(source, storage, lambda: NOW, timedelta(days=14))
    [line] = (await status(storage, {"pubmed": source}, EVERY, NOW)).sources
    assert line.state is Freshness.QUIET
    assert line.silence == Silence(NOW, NOW, "after 1 rounds")


def test_quiet_and_late_sources_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    soon = NOW + timedelta(days=3)
    sources = (
        SourceLine("a", "A", Freshness.QUIET, NOW, None, None, None, Silence(NOW, soon, "holiday")),
        SourceLine("b", "B", Freshness.LATE, NOW, None, None, None, Silence(NOW, soon)),
        SourceLine("c", "C", Freshness.FRESH, NOW, None, None, None),
    )
    report = StatusReport(sources, 0, 0, (), ())
    print_status(report, as_json=True)
    told = [
        (line["state"], line["since"], line["pause"], line["next"])
        for line in json.loads(capsys.readouterr().out)["sources"]
    ]
    assert told == [
        ("quiet", NOW.isoformat(), "holiday", soon.isoformat()),
        ("late", NOW.isoformat(), None, soon.isoformat()),
        ("fresh", None, None, None),
    ]
    print_status(report, as_json=False)
    assert {"quiet", "(holiday);", "late:", "fresh"} <= set(capsys.readouterr().out.split())


async def test_status_counts_papers_waiting_announcements_and_deliveries(storage: SqliteStorage) -> None:
    await follow(storage, "mri", "mri")
    first, second = await keep(storage), await keep(storage)
    await storage.outbox.sent(await post(storage, first, "mri"), "7", NOW)
    await storage.outbox.queue([Announcement(CHANNEL.ref, second.id, ("mri",))], NOW)
    await storage.sources.failed("pubmed", "no answer", NOW, NOW + EVERY)
    report = await status(storage, SOURCES, EVERY, NOW)
    assert (report.papers, report.waiting) == (2, 1)
    assert dict(report.deliveries) == {state: int(state is DeliveryState.SENT) for state in DeliveryState}
    [source] = report.sources
    assert (source.title, source.state, source.error) == ("PubMed", Freshness.FAILED, "no answer")
    assert (source.last_failure, source.not_before) == (NOW, NOW + EVERY)
    assert [(line.channel, line.topics, line.history.last_post) for line in report.channels] == [
        (CHANNEL, ("mri",), NOW),
        (OTHER_CHANNEL, (), None),
    ]
    one = await status(storage, SOURCES, EVERY, NOW, channel=OTHER_CHANNEL.ref)
    assert [line.channel for line in one.channels] == [OTHER_CHANNEL]


async def test_every_follow_tells_its_last_post_and_its_trouble(storage: SqliteStorage) -> None:
    await follow(storage, "ct", "ct")
    await follow(storage, "mri", "mri")
    await follow(storage, "ct", "ct", OTHER_CHANNEL)
    papers = [await keep(storage) for _ in range(4)]
    hours = [NOW + timedelta(hours=hour) for hour in range(4)]
    await storage.outbox.sent(await post(storage, papers[0], "ct", "mri"), "1", hours[0])
    await storage.outbox.sent(await post(storage, papers[1], "mri"), "2", hours[1])
    await storage.outbox.dead(await post(storage, papers[2], "ct"), "too long", hours[3])
    await storage.outbox.dead(await post(storage, papers[3], "ct"), "zoo", hours[2])
    lines = await follows(storage)
    assert [(line.channel, line.topic, line.declared) for line in lines] == [
        (CHANNEL, "ct", False),
        (CHANNEL, "mri", False),
        (OTHER_CHANNEL, "ct", False),
    ]
    assert [line.history for line in lines] == [
        History(hours[0], hours[3], "too long"),
        History(hours[1]),
        History(),
    ]
    report = await status(storage, SOURCES, EVERY, NOW, channel=CHANNEL.ref)
    assert report.channels[0].history == History(hours[1], hours[3], "too long")


# ---------------------------------------------------------------- why


async def test_why_tells_by_which_records_a_paper_came_and_when(storage: SqliteStorage) -> None:
    later = NOW + timedelta(days=1)
    names = {"identifiers": frozenset({doi("10.5555/x")})}
    [change] = await storage.archive.upsert([an_arxiv_record(source_id="2611.1", **names)], NOW)
    await storage.archive.upsert([a_record(source_id="7", entered=None, **names)], later)
    await storage.archive.upsert([an_arxiv_record(source_id="2611.1", version=2, **names)], later)
    report = await why(storage, change.paper, [], later)
    day = date(2026, 11, 10)
    assert report.records == (
        RecordSeen("arxiv", "2611.1", 1, day, NOW),
        RecordSeen("arxiv", "2611.1", 2, day, later),
        RecordSeen("pubmed", "7", 1, None, later),
    )


@pytest.mark.parametrize(
    ("query", "failing"),
    [
        ("mri liver", ()),
        ("mri knee", ("knee",)),
        ("(knee OR hip) mri -liver type:preprint", ("knee OR hip", "NOT liver", "type:preprint")),
        ("mri after:2026-11-13", ("after:2026-11-13",)),
        ("mri after:2026-11-12", ()),
        ("mri before:2026-11-12", ("before:2026-11-12",)),
        ("knee", ("knee",)),
        ("knee OR hip", ("knee OR hip",)),
        ("-liver", ("NOT liver",)),
        ('mri "of liver" title:knee* after:2w', ('"of liver"', "title:knee*")),
    ],
)
async def test_why_names_the_parts_of_a_query_that_do_not_match(
    storage: SqliteStorage, query: str, failing: tuple[str, ...]
) -> None:
    await keep(storage, title="A knee and a hip", published=date(2026, 11, 12))
    paper = await keep(storage, title="MRI of a liver", abstract="", published=date(2026, 11, 12))
    await follow(storage, "topic", query)
    [topic] = (await verdict(storage, paper)).topics
    assert topic.failing == failing
    assert topic.matches is not bool(failing)
    found, _ = await storage.searches.newest(a_query(f"id:P{paper.id} ({query})"), 1, NOW)
    assert topic.matches is bool(found)


async def test_why_says_what_became_of_an_announcement(storage: SqliteStorage) -> None:
    await follow(storage, "mri", "mri")
    paper = await keep(storage)
    await storage.outbox.queue([Announcement(CHANNEL.ref, paper.id, ("mri",))], NOW)
    waiting = (await verdict(storage, paper)).announced
    assert waiting is not None
    assert (waiting.topics, waiting.state, fate(waiting)) == (("mri",), None, "Waiting to be posted here")
    later = NOW + timedelta(minutes=1)
    await storage.outbox.dead(await post(storage, paper, "mri", at=later), "too long", later)
    told = await verdict(storage, paper)
    assert told.announced is not None
    assert (told.announced.state, told.announced.at, told.announced.error) == (DeliveryState.DEAD, later, "too long")
    assert told.reason == ""


async def test_why_says_that_a_channel_follows_nothing_or_nothing_that_matches(storage: SqliteStorage) -> None:
    paper = await keep(storage)
    assert "follows no topics" in (await verdict(storage, paper)).reason
    await follow(storage, "zebra", "zebra")
    assert "No topic" in (await verdict(storage, paper)).reason


async def test_why_tells_what_was_there_at_a_topics_first_fetch(storage: SqliteStorage) -> None:
    await follow(storage, "mine", "radiographs")
    source = FakeSource()
    source.past = [a_record(source_id="7")]
    await poll(source, storage, lambda: NOW, timedelta(days=14))
    one = await verdict(storage, await paper_named(storage, "7"))
    assert [(topic.matches, topic.baseline) for topic in one.topics] == [(True, True)]
    assert "first fetch" in one.reason
    await storage.topics.add("later", a_query("network"), CHANNEL.ref, NOW + EVERY)
    one = await verdict(storage, await paper_named(storage, "7"))
    assert [(topic.matches, topic.baseline) for topic in one.topics] == [(True, False), (True, True)]
    assert "before the topic" in one.reason


async def test_why_tells_what_is_older_than_its_topic_and_what_was_imported(storage: SqliteStorage) -> None:
    [change] = await storage.archive.upsert([a_record()], NOW - EVERY)
    await follow(storage, "mine", "radiographs")
    assert "before the topic" in (await verdict(storage, change.paper)).reason
    assert "imported" in (await verdict(storage, await keep(storage))).reason


async def test_a_paper_or_channel_that_does_not_exist_is_named(storage: SqliteStorage) -> None:
    with pytest.raises(NotFound, match="P77"):
        await paper_named(storage, "P77")
    with pytest.raises(NotFound, match="local:papers, local:reading"):
        await channels_named(storage, "local:nowhere")
    assert await channels_named(storage, "local:reading") == [OTHER_CHANNEL]
    assert await channels_named(storage, None) == [CHANNEL, OTHER_CHANNEL]


# ---------------------------------------------------------------- in the chat


async def test_the_chat_answers_for_its_own_channel(storage: SqliteStorage) -> None:
    await follow(storage, "mine", "radiographs")
    paper = await keep(storage)
    answering = Answering(a_desk(storage, SOURCES))
    asker = Asker(CHANNEL.ref, "ann")
    await answering.answer(parse_command("search radiographs"), asker)
    for text in ("why 1", f"why P{paper.id}", f"why {paper.records[0].source_id}"):
        reply = await answering.answer(parse_command(text), asker)
        assert isinstance(reply, WhyReport), text
        assert (reply.paper, [one.channel for one in reply.channels]) == (paper, [CHANNEL])
    reply = await answering.answer(parse_command("status"), asker)
    assert isinstance(reply, StatusReport)
    assert [line.channel for line in reply.channels] == [CHANNEL]
    assert isinstance(await answering.answer(parse_command("why P99"), asker), Notice)


async def test_an_admin_sees_every_channel_of_the_workspace_but_nobodys_direct_messages(storage: SqliteStorage) -> None:
    direct, elsewhere = ChannelRef("local", "", "dm-bob"), ChannelRef("local", "else", "papers")
    for ref in (direct, elsewhere):
        await storage.topics.put_channel(Channel(ref, "hidden"))
    await follow(storage, "theirs", "radiographs", OTHER_CHANNEL)
    answering = Answering(a_desk(storage, SOURCES))
    reply = await answering.answer(parse_command("status"), Asker(CHANNEL.ref, "ann", admin=True))
    assert isinstance(reply, StatusReport)
    assert [(line.channel, line.topics) for line in reply.channels] == [(CHANNEL, ()), (OTHER_CHANNEL, ("theirs",))]
