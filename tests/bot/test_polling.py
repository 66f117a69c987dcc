"""What is announced and what is baseline. The whole way over real sockets is in tests/acceptance."""

from dataclasses import replace
from datetime import date, timedelta

from bot.model import Change, Follow, Match, Note, Paper, Topic
from bot.polling import PollRow, decide, poll
from storage import SqliteStorage
from tests.examples import CHANNEL, NOW, OTHER_CHANNEL, a_paper, a_query, a_record
from tests.fakes.source import FakeSource

TOPIC = Topic(1, "mri", a_query("mri"), NOW)
OTHER_TOPIC = Topic(2, "ct", a_query("ct"), NOW)
FOLLOWS = [Follow(CHANNEL.ref, 1), Follow(CHANNEL.ref, 2), Follow(OTHER_CHANNEL.ref, 2)]


def a_match(
    paper: Paper | None = None, before: Paper | None = None, *, matched: bool = False, topic: Topic = TOPIC
) -> Match:
    return Match(Change(paper or a_paper(), before), topic, matched)


def test_a_new_paper_is_announced_where_its_topic_is_followed() -> None:
    [announcement] = decide([a_match()], FOLLOWS, set(), set()).announcements
    assert (announcement.channel, announcement.topics, announcement.note) == (CHANNEL.ref, ("mri",), Note.NONE)


def test_a_paper_that_matches_two_topics_is_announced_once_a_channel_with_both_names() -> None:
    paper = a_paper()
    decided = decide([a_match(paper), a_match(paper, topic=OTHER_TOPIC)], FOLLOWS, set(), set())
    assert {(a.channel, a.topics) for a in decided.announcements} == {
        (CHANNEL.ref, ("ct", "mri")),
        (OTHER_CHANNEL.ref, ("ct",)),
    }


def test_what_a_first_fetch_brings_is_baseline() -> None:
    decided = decide([a_match()], FOLLOWS, set(), {1})
    assert (decided.announcements, decided.baseline) == ([], [(1, 1)])


def test_a_baseline_paper_is_not_announced_for_its_topic_later() -> None:
    paper = a_paper()
    matches = [a_match(paper, paper), a_match(paper, paper, topic=OTHER_TOPIC)]
    announced = decide(matches, FOLLOWS, {(1, paper.id)}, set()).announcements
    assert {a.topics for a in announced} == {("ct",)}


def test_a_changed_paper_that_matched_before_is_not_announced() -> None:
    paper = a_paper()
    assert decide([a_match(paper, paper, matched=True)], FOLLOWS, set(), set()).announcements == []


def test_a_paper_that_matches_since_its_abstract_or_headings_arrived_says_so() -> None:
    bare = a_paper(a_record(abstract=""))
    headed = replace(bare, abstract="Now.", categories=("Lung",))
    notes = [
        decide([a_match(after, before)], FOLLOWS, set(), set()).announcements[0].note
        for after, before in [
            (headed, bare),
            (headed, replace(headed, categories=())),
            (headed, replace(headed, title="x")),
        ]
    ]
    assert notes == [Note.ABSTRACT_ARRIVED, Note.HEADINGS_ARRIVED, Note.REVISED]


def test_an_update_of_a_paper_its_source_had_long_before_the_topic_is_baseline() -> None:
    old = a_paper(a_record(entered=NOW.date() - timedelta(days=31)))
    decided = decide([a_match(old)], FOLLOWS, set(), set(), updates=True)
    assert (decided.announcements, decided.baseline) == ([], [(1, old.id)])
    recent = a_paper(a_record(entered=NOW.date() - timedelta(days=29)))
    assert len(decide([a_match(recent)], FOLLOWS, set(), set(), updates=True).announcements) == 1


def test_an_old_paper_that_entered_its_source_now_is_announced() -> None:
    late = a_paper(a_record(published=date(2019, 1, 1), entered=NOW.date()))
    assert len(decide([a_match(late)], FOLLOWS, set(), set()).announcements) == 1


async def one_round(storage: SqliteStorage, source: FakeSource) -> PollRow:
    return await poll(source, storage, lambda: NOW, timedelta(days=14))


async def test_a_topic_whose_first_fetch_fails_stops_no_other_topic(storage: SqliteStorage) -> None:
    await storage.topics.put_channel(CHANNEL)
    bad = await storage.topics.add("bad", a_query("overwhelming"), CHANNEL.ref, NOW)
    good = await storage.topics.add("good", a_query("radiographs"), CHANNEL.ref, NOW)
    source = FakeSource()
    source.failing = {"overwhelming"}
    row = await one_round(storage, source)
    assert row.error == "too many to list"
    assert await storage.sources.baselines("pubmed") == {good.id}
    source.news = [a_record()]
    row = await one_round(storage, source)
    assert (row.queued, row.error) == (1, "too many to list")
    source.failing = set()
    assert (await one_round(storage, source)).error is None
    assert await storage.sources.baselines("pubmed") == {bad.id, good.id}


async def test_what_the_first_round_brings_by_any_way_is_baseline(storage: SqliteStorage) -> None:
    await storage.topics.put_channel(CHANNEL)
    await storage.topics.add("mri", a_query("radiographs"), CHANNEL.ref, NOW)
    source = FakeSource()
    source.news, source.past = [a_record()], [a_record()]
    row = await one_round(storage, source)
    assert (row.new, row.queued, row.matched) == (2, 0, 2)
    assert await storage.outbox.counts() == {"waiting": 0}


async def test_a_server_that_said_when_to_come_back_is_not_asked_before(storage: SqliteStorage) -> None:
    source = FakeSource()
    await storage.sources.failed("pubmed", "busy", NOW, NOW + timedelta(hours=1))
    row = await one_round(storage, source)
    assert source.polled == 0
    assert "wait until" in str(row.error)


async def test_the_cursor_moves_only_when_a_round_is_complete_and_what_came_is_kept(storage: SqliteStorage) -> None:
    source = FakeSource()
    await one_round(storage, source)
    source.breaks, source.news = True, [a_record()]
    row = await one_round(storage, source)
    assert (row.new, row.error) == (1, "the second page did not come")
    state = await storage.sources.state("pubmed")
    assert (state.cursor, state.error) == ("after 1 rounds", "the second page did not come")
    source.breaks = False
    assert (await one_round(storage, source)).new == 0
    assert (await storage.sources.state("pubmed")).cursor == "after 3 rounds"
