"""Polling arXiv over a real socket, against a small arXiv."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, timedelta
from typing import TypeVar

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import ValidationError

from adapters.http import Answer, HttpClient
from adapters.sources.arxiv import Settings
from adapters.sources.arxiv.desk import Desk
from bot.errors import SourceBusy, SourceIncomplete
from bot.query import Field, Query, Term
from tests.adapters.sources.fake_arxiv import (
    ATOM,
    DATA,
    HTML,
    LANTERNS,
    LOOKBACK,
    NOW,
    UNASKABLE,
    Clock,
    FakeArxiv,
    PaperThere,
    answer_of,
    gather,
    ids,
    opened,
    papers,
    text,
)

T = TypeVar("T")


# ---------------------------------------------------------------- new papers


async def test_the_first_poll_looks_two_weeks_back_and_its_last_page_carries_the_cursor() -> None:
    fake = FakeArxiv([PaperThere(1, NOW - timedelta(days=13)), PaperThere(2, NOW - timedelta(days=15))])
    async with opened(fake) as source:
        pages, error = await gather(source.poll([LANTERNS], None, NOW, LOOKBACK))
    assert error is None
    assert ids(pages) == {"2611.00001"}
    (asked,) = fake.asked
    assert asked["search_query"] == "all:lanterns AND submittedDate:[202611061200 TO 202611211200]"
    assert asked["max_results"] == "200"
    assert [page.cursor for page in pages[:-1]] == [None] * (len(pages) - 1)
    assert json.loads(pages[-1].cursor or "") == {
        "since": NOW.isoformat(),
        "updated": "2026-11-07T12:00:00Z",
        "rss": {},
    }


async def test_every_page_is_fetched_whatever_the_order() -> None:
    fake = FakeArxiv(papers(450), shuffled=True)
    async with opened(fake) as source:
        pages, error = await gather(source.poll([LANTERNS], None, NOW, LOOKBACK))
    assert error is None
    assert len(ids(pages)) == 450
    assert [asked["start"] for asked in fake.asked] == ["0", "200", "400"]


async def test_a_window_beyond_arxivs_reach_is_halved() -> None:
    fake = FakeArxiv(papers(10_100, every=timedelta(minutes=1)))
    async with opened(fake) as source:
        pages, error = await gather(source.backfill(LANTERNS, NOW - timedelta(days=10), NOW))
    assert error is None
    assert len(ids(pages)) == 10_100
    assert len({asked["search_query"] for asked in fake.asked}) == 3


async def test_a_server_that_says_the_same_to_every_question_is_not_asked_for_ever() -> None:
    same = answer_of("".join(paper.entry() for paper in papers(15)), 214_881, 0)
    fake = FakeArxiv(spoil=lambda _: web.Response(text=same, headers=ATOM))
    async with opened(fake) as source:
        pages, error = await gather(source.backfill(LANTERNS, NOW - timedelta(days=30), NOW))
    assert isinstance(error, SourceIncomplete)
    assert len(ids(pages)) == 15
    assert len(fake.asked) < 10


async def test_many_queries_are_asked_in_few_questions_that_fit_into_a_url() -> None:
    fake = FakeArxiv(papers(3))
    queries = [Query(Term(f"{'lantern' * 5}{'abcdefghijklmnopqrstuvwxyz'[n % 26]}{n:03}")) for n in range(100)]
    async with opened(fake) as source:
        await gather(source.poll([*queries, *queries], None, NOW, LOOKBACK))
    searches = [asked["search_query"].rpartition(" AND ")[0] for asked in fake.asked]
    assert len(searches) == 3
    assert all(len(search) <= 1802 and search[0] + search[-1] == "()" for search in searches)
    assert sum(search.count("all:") for search in searches) == 100


async def test_fewer_papers_than_counted_are_kept_but_the_round_is_incomplete() -> None:
    fake = FakeArxiv(papers(9), hide=1)
    async with opened(fake) as source:
        pages, error = await gather(source.poll([LANTERNS], None, NOW, LOOKBACK))
    assert isinstance(error, SourceIncomplete)
    assert len(ids(pages)) == 8
    assert not any(page.cursor for page in pages)


async def test_pages_that_repeat_papers_instead_of_bringing_all_make_the_round_incomplete() -> None:
    fake = FakeArxiv(papers(250))
    again = answer_of("".join(paper.entry() for paper in fake.papers[:50]), 250, 200)
    fake.spoil = lambda count: text(again) if count == 2 else None
    async with opened(fake) as source:
        pages, error = await gather(source.poll([LANTERNS], None, NOW, LOOKBACK))
    assert isinstance(error, SourceIncomplete)
    assert len(ids(pages)) == 200


async def test_one_paper_may_slip_between_two_pages() -> None:
    fake = FakeArxiv(papers(250))

    def slip(count: int) -> None:
        if count == 2:
            fake.papers.append(PaperThere(999, NOW))

    fake.spoil = slip
    async with opened(fake) as source:
        pages, error = await gather(source.poll([LANTERNS], None, NOW, LOOKBACK))
    assert error is None
    assert len(ids(pages)) == 250


async def test_a_query_that_arxiv_cannot_be_asked_asks_nothing() -> None:
    fake = FakeArxiv(papers(3))
    async with opened(fake) as source:
        assert source.compile_query(UNASKABLE) is None
        assert (await gather(source.backfill(UNASKABLE, NOW - timedelta(days=30), NOW))) == ([], None)
        assert await source.count(UNASKABLE, NOW.date(), NOW) is None
        pages, _ = await gather(source.poll([UNASKABLE], None, NOW, LOOKBACK))
    assert [bool(page.cursor) for page in pages] == [True]
    assert fake.asked == []


# ---------------------------------------------------------------- answers that are none


@pytest.mark.parametrize(
    "bad", ["", HTML, "<rss version='2.0'/>", "<feed", "<feed xmlns='http://www.w3.org/2005/Atom'/>"]
)
async def test_a_garbled_answer_is_asked_for_again(bad: str) -> None:
    fake = FakeArxiv(papers(3), spoil=lambda count: text(bad) if count < 3 else None)
    async with opened(fake) as source:
        pages, error = await gather(source.poll([LANTERNS], None, NOW, LOOKBACK))
    assert error is None
    assert len(ids(pages)) == 3


@pytest.mark.parametrize("bad", ["", HTML])
async def test_answers_that_stay_garbled_are_an_error_and_never_no_papers(bad: str) -> None:
    fake = FakeArxiv(papers(3), spoil=lambda _: text(bad))
    async with opened(fake) as source:
        pages, error = await gather(source.poll([LANTERNS], None, NOW, LOOKBACK))
    assert error is not None
    assert pages == []
    assert len(fake.asked) == 4


async def test_an_empty_page_is_asked_for_again() -> None:
    fake = FakeArxiv(papers(250), spoil=lambda count: text(answer_of("", 250, 200)) if count in {2, 3} else None)
    async with opened(fake) as source:
        pages, error = await gather(source.poll([LANTERNS], None, NOW, LOOKBACK))
    assert error is None
    assert len(ids(pages)) == 250


async def test_a_page_that_stays_empty_makes_the_round_incomplete() -> None:
    fake = FakeArxiv(papers(250), spoil=lambda count: text(answer_of("", 250, 200)) if count > 1 else None)
    async with opened(fake) as source:
        pages, error = await gather(source.poll([LANTERNS], None, NOW, LOOKBACK))
    assert isinstance(error, SourceIncomplete)
    assert len(ids(pages)) == 200


@pytest.mark.parametrize("status", [200, 400])
async def test_an_error_feed_is_told_at_once_in_arxivs_words(status: int) -> None:
    body = (DATA / "api_error.xml").read_text()
    fake = FakeArxiv(papers(3), spoil=lambda _: text(body, status))
    async with opened(fake) as source:
        pages, error = await gather(source.poll([LANTERNS], None, NOW, LOOKBACK))
    assert "incorrect id format for abc" in str(error)
    assert (pages, len(fake.asked)) == ([], 1)


async def test_a_refusal_without_a_feed_is_an_error() -> None:
    fake = FakeArxiv(spoil=lambda _: text("No such thing", 404, "text/plain"))
    async with opened(fake) as source:
        _, error = await gather(source.poll([LANTERNS], None, NOW, LOOKBACK))
    assert "404" in str(error)


class Counting(ThreadPoolExecutor):
    """Remembers the answers that were read in its threads."""

    def __init__(self) -> None:
        super().__init__(1)
        self.answers: list[object] = []

    def submit(self, work: Callable[..., T], /, *args: object, **options: object) -> Future[T]:
        self.answers += [arg for arg in getattr(work, "args", ()) if isinstance(arg, Answer)]
        return super().submit(work, *args, **options)


async def test_answers_are_read_in_a_thread_while_everything_else_goes_on() -> None:
    threads = Counting()
    asyncio.get_running_loop().set_default_executor(threads)
    fake = FakeArxiv(papers(250))
    async with opened(fake, "cs.CV") as source:
        await gather(source.poll([LANTERNS], None, NOW, LOOKBACK))
    assert len(threads.answers) == len(fake.asked) + len(fake.feeds_asked) == 3


# ---------------------------------------------------------------- new versions


async def test_a_new_version_of_an_old_paper_is_seen_at_the_next_poll() -> None:
    old = PaperThere(1, NOW - timedelta(days=400))
    fake = FakeArxiv([old, PaperThere(2, NOW - timedelta(days=1)), *papers(500, before=NOW - timedelta(days=500))])
    async with opened(fake) as source:
        first, _ = await gather(source.poll([LANTERNS], None, NOW, LOOKBACK))
        assert ids(first) == {"2611.00002"}
        old.version, old.updated = 2, NOW
        fake.asked.clear()
        later = NOW + timedelta(hours=1)
        second, error = await gather(source.poll([LANTERNS], first[-1].cursor, later, LOOKBACK))
    assert error is None
    assert (old.id, 2) in {(record.source_id, record.version) for page in second for record in page.records}
    assert [asked["sortBy"] for asked in fake.asked] == ["submittedDate", "lastUpdatedDate", "lastUpdatedDate"]
    assert "submittedDate" not in fake.asked[1]["search_query"]
    assert json.loads(second[-1].cursor or "")["updated"] == "2026-11-20T12:00:00Z"
    assert "submittedDate:[202611061200 TO" in fake.asked[0]["search_query"]


async def test_the_walk_over_updates_ends_after_five_pages() -> None:
    fake = FakeArxiv(papers(1500, before=NOW - timedelta(days=300)))
    for paper in fake.papers:
        paper.version, paper.updated = 2, NOW
    cursor = json.dumps({"since": NOW.isoformat(), "updated": "2026-11-19T00:00:00Z", "rss": {}})
    async with opened(fake) as source:
        pages, error = await gather(source.poll([LANTERNS], cursor, NOW, LOOKBACK))
    assert error is None
    assert len(ids(pages)) == 1000


# ---------------------------------------------------------------- the daily feeds


async def test_the_daily_feed_is_read_every_three_hours_and_only_when_it_changed() -> None:
    body = (DATA / "daily_atom.xml").read_bytes()
    fake = FakeArxiv(feed=lambda: web.Response(body=body, headers={**ATOM, "ETag": '"one"'}))
    async with opened(fake, "eess.IV", "cs.CV") as source:
        first, _ = await gather(source.poll([], None, NOW, LOOKBACK))
        soon, _ = await gather(source.poll([], first[-1].cursor, NOW + timedelta(hours=2), LOOKBACK))
        later, error = await gather(source.poll([], soon[-1].cursor, NOW + timedelta(hours=3), LOOKBACK))
    assert error is None
    assert ids(first) == {"2611.13426", "2605.00002", "math/9903001"}
    assert ids(soon) == ids(later) == set()
    assert [request.path for request in fake.feeds_asked] == ["/atom/cs.CV+eess.IV"] * 2
    assert fake.feeds_asked[1].headers["If-None-Match"] == '"one"'
    assert json.loads(later[-1].cursor or "")["rss"] == {
        "cs.CV+eess.IV": {
            "etag": '"one"',
            "at": "2026-11-20T15:00:00+00:00",
            "newest": "2611.13426",
            "day": "2026-11-20",
        }
    }


async def test_without_categories_no_daily_feed_is_asked() -> None:
    fake = FakeArxiv(papers(1))
    async with opened(fake) as source:
        await gather(source.poll([LANTERNS], None, NOW, LOOKBACK))
    assert fake.feeds_asked == []


@pytest.mark.parametrize(("status", "told"), [(400, "Bad archive 'foo'"), (200, "Bad archive 'foo'")])
async def test_a_feed_error_does_not_keep_the_api_from_bringing_its_papers(status: int, told: str) -> None:
    body = (DATA / "daily_error.xml").read_text()
    fake = FakeArxiv(papers(3), feed=lambda: text(body, status, "application/rss+xml"))
    async with opened(fake, "foo") as source:
        pages, error = await gather(source.poll([LANTERNS], None, NOW, LOOKBACK))
    assert told in str(error)
    assert len(ids(pages)) == 3
    assert not any(page.cursor for page in pages)


async def test_a_throttled_api_does_not_keep_the_daily_feed_from_bringing_its_papers() -> None:
    fake = FakeArxiv(papers(3), spoil=lambda _: text("Rate exceeded.", 429, "text/html"))
    async with opened(fake, "cs.CV") as source:
        pages, error = await gather(source.poll([LANTERNS], None, NOW, LOOKBACK))
    assert isinstance(error, SourceBusy)
    assert "2611.13426" in ids(pages)
    assert not any(page.cursor for page in pages)


# ---------------------------------------------------------------- backfill, count, probe


async def test_a_backfill_carries_no_cursor() -> None:
    fake = FakeArxiv([PaperThere(1, NOW - timedelta(days=29)), PaperThere(2, NOW - timedelta(days=31))])
    async with opened(fake) as source:
        pages, error = await gather(source.backfill(LANTERNS, NOW - timedelta(days=30), NOW))
    assert error is None
    assert ids(pages) == {fake.papers[0].id}
    assert not any(page.cursor for page in pages)


async def test_a_count_asks_for_one_paper_of_the_window() -> None:
    fake = FakeArxiv(papers(300, every=timedelta(hours=1)))
    async with opened(fake) as source:
        counts = await source.count(Query(Term("lanterns", Field.TITLE)), date(2026, 11, 19), NOW)
    assert counts is not None
    assert (counts.total, counts.broader) == (36, True)
    (asked,) = fake.asked
    assert (asked["search_query"], asked["max_results"]) == (
        "(all:lanterns) AND submittedDate:[202611190000 TO 202611211200]",
        "1",
    )


async def test_a_search_in_arxivs_own_words_is_counted_as_it_stands() -> None:
    fake = FakeArxiv(papers(300, every=timedelta(hours=1)))
    async with opened(fake) as source:
        assert await source.count_own("ti:lanterns OR ti:rivers", date(2026, 11, 19), NOW) == 36
    (asked,) = fake.asked
    assert asked["search_query"].startswith("(ti:lanterns OR ti:rivers) AND submittedDate:[")


async def test_a_probe_says_what_it_found() -> None:
    fake = FakeArxiv(papers(3))
    async with opened(fake) as source:
        assert (await source.probe()).problem is None
        fake.spoil = lambda _: text("No such thing", 404)
        assert "404" in ((await source.probe()).problem or "")


# ---------------------------------------------------------------- politeness and settings


async def test_there_is_a_gap_between_any_two_requests_to_any_of_its_hosts() -> None:
    clock, waits = Clock(), Clock()
    fake = FakeArxiv(papers(3))
    async with (
        TestServer(fake.app()) as api,
        TestServer(fake.app()) as rss,
        HttpClient(contact="ann@example.org", allow_loopback=True, clock=clock, sleep=clock.sleep) as http,
    ):
        one, other = (http.lane(str(server.make_url("/")), gap=0) for server in (api, rss))
        desk = Desk(one, other, other, 3.0, clock=waits, sleep=waits.sleep)
        params = {"search_query": "all:x", "start": "0", "max_results": "1", "sortBy": "submittedDate"}
        await desk.ask_api(str(api.make_url("/api/query")), params)
        assert waits() == 0
        await desk.ask_rss(str(rss.make_url("/atom/cs.CV")), None)
        assert waits() == 3
        await desk.ask_api(str(api.make_url("/api/query")), params)
        assert waits() == 6
        await desk.ask_oai(str(rss.make_url("/oai")), {"verb": "ListRecords"})
        assert waits() == 9


@pytest.mark.parametrize(
    ("written", "seconds"), [("3s", 3), ("2m", 120), ("1h", 3600), ("1d", 86400), (2, 2), ("0.5s", 0.5)]
)
def test_the_gap_is_written_as_a_duration(written: object, seconds: float) -> None:
    assert Settings.model_validate({"min_gap": written}).min_gap == seconds


@pytest.mark.parametrize("table", [{"min_gap": "soon"}, {"min_gap": -1}, {"pace": 1}, {"categories": ["cs.CV/../x"]}])
def test_settings_that_cannot_be_meant_are_refused(table: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate(table)
