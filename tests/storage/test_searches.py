import sqlite3
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.conversation import PageRequest, Sort
from bot.errors import Expired, NotFound
from bot.model import ChannelRef, PaperId
from storage import SqliteStorage
from storage.lookup import HEAD
from storage.matching import compile_match
from tests.examples import CHANNEL, NOW, a_query, a_record

LATER = NOW + timedelta(hours=1)
MANY = HEAD + 507


async def fill(storage: SqliteStorage, count: int) -> None:
    records = [
        a_record(title=f"Radiograph {n}", published=date(2026, 11, 12) - timedelta(days=n // 3)) for n in range(count)
    ]
    for start in range(0, count, 500):
        await storage.archive.upsert(records[start : start + 500], NOW)


async def all_titles(storage: SqliteStorage, key: str, pages: int) -> list[str]:
    return [p.title for n in range(1, pages + 1) for p in (await storage.searches.turn(key, n, NOW)).papers]


@pytest.mark.parametrize("sort", Sort)
async def test_every_paper_is_on_exactly_one_page(storage: SqliteStorage, sort: Sort) -> None:
    await fill(storage, MANY)
    page = await storage.searches.search(a_query("radiograph"), PageRequest(sort, per_page=25), NOW)
    assert (page.total, page.pages) == (MANY, 101)
    titles = await all_titles(storage, page.key, page.pages)
    assert len(titles) == len(set(titles)) == MANY


async def test_newest_and_oldest_are_in_the_order_of_dates(storage: SqliteStorage) -> None:
    await fill(storage, MANY)
    for sort, backwards in ((Sort.NEWEST, True), (Sort.OLDEST, False)):
        page = await storage.searches.search(a_query("radiograph"), PageRequest(sort, per_page=25), NOW)
        dates = [p.date for n in range(1, 102) for p in (await storage.searches.turn(page.key, n, NOW)).papers]
        assert dates == sorted(dates, reverse=backwards)


async def test_a_page_out_of_range_is_the_nearest_one(storage: SqliteStorage) -> None:
    await fill(storage, 12)
    page = await storage.searches.search(a_query("radiograph"), PageRequest(page=99), NOW)
    assert (page.page, page.pages, len(page.papers)) == (2, 2, 2)


async def test_pages_do_not_shift_when_papers_arrive_move_and_change(storage: SqliteStorage) -> None:
    await fill(storage, 30)
    extra = a_record(title="Radiograph moving", published=date(2026, 11, 11))
    await storage.archive.upsert([extra], NOW)
    page = await storage.searches.search(a_query("radiograph"), PageRequest(), NOW)
    before = await all_titles(storage, page.key, page.pages)
    await storage.archive.upsert([a_record(title="Radiograph new", published=date(2026, 11, 19))], LATER)
    await storage.archive.upsert([replace(extra, published=date(2020, 1, 1))], LATER)
    after = await all_titles(storage, page.key, page.pages)
    assert after == before
    assert (await storage.searches.turn(page.key, 1, LATER)).newer == 1


async def test_pages_beyond_the_head_leave_out_what_arrived_later(storage: SqliteStorage) -> None:
    await fill(storage, MANY)
    page = await storage.searches.search(a_query("radiograph"), PageRequest(per_page=25), NOW)
    deep = [(await storage.searches.turn(page.key, n, NOW)).papers for n in (82, 90, 101)]
    await storage.archive.upsert([a_record(title="Radiograph old", published=date(2024, 6, 1))], LATER)
    assert [(await storage.searches.turn(page.key, n, LATER)).papers for n in (82, 90, 101)] == deep


async def test_relevance_prefers_the_title(storage: SqliteStorage) -> None:
    plain = a_record(title="Something else", abstract="Once an embolism was seen. " + "Filler words follow. " * 20)
    titled = a_record(title="Embolism", published=date(2020, 1, 1))
    await storage.archive.upsert([plain, titled], NOW)
    page = await storage.searches.search(a_query("embolism"), PageRequest(Sort.RELEVANCE), NOW)
    assert [p.title for p in page.papers] == ["Embolism", "Something else"]


async def test_a_list_that_is_no_longer_kept_says_so(storage: SqliteStorage) -> None:
    page = await storage.searches.search(a_query("hip OR knee"), PageRequest(Sort.OLDEST), NOW)
    newest = await storage.searches.search(None, PageRequest(), NOW)
    papers = await storage.searches.store_list("two papers", [], NOW)
    for key, command in ((page.key, "search hip OR knee sort:oldest"), (newest.key, "latest"), (papers, "")):
        with pytest.raises(Expired, match="90 days") as over:
            await storage.searches.turn(key, 1, NOW + timedelta(days=91))
        assert over.value.command == command
    with pytest.raises(NotFound, match="90 days"):
        await storage.searches.turn("unknown", 1, NOW)


async def test_a_fixed_list_keeps_its_order(storage: SqliteStorage) -> None:
    await fill(storage, 5)
    key = await storage.searches.store_list("5 new papers", [PaperId(3), PaperId(1), PaperId(5)], NOW)
    page = await storage.searches.turn(key, 1, NOW)
    assert [p.id for p in page.papers] == [3, 1, 5]
    assert (page.title, page.total) == ("5 new papers", 3)


async def test_a_line_number_means_the_list_last_seen(storage: SqliteStorage) -> None:
    await fill(storage, 12)
    page = await storage.searches.search(a_query("radiograph"), PageRequest(), NOW)
    await storage.searches.remember_list(CHANNEL.ref, "ann", page.key)
    on_line = storage.searches.paper_on_line
    assert await on_line(CHANNEL.ref, "ann", 1, NOW) == page.papers[0].id
    assert await on_line(CHANNEL.ref, "ann", 12, NOW) == (await storage.searches.turn(page.key, 2, NOW)).papers[1].id
    assert await on_line(CHANNEL.ref, "ann", 13, NOW) is None
    assert await on_line(CHANNEL.ref, "bob", 1, NOW) is None
    assert await on_line(ChannelRef("local", "", "elsewhere"), "ann", 1, NOW) is None


async def test_streaming_gives_every_match_once(storage: SqliteStorage) -> None:
    await fill(storage, 1203)
    ids = [paper.id async for paper in storage.searches.stream(a_query("radiograph"), NOW)]
    assert len(ids) == len(set(ids)) == 1203


def test_the_index_alone_answers_without_a_scan_of_papers_or_a_sort(storage: SqliteStorage, tmp_path: Path) -> None:
    compiled = compile_match(a_query("radiograph NOT chest").root, NOW.date())
    found = "FROM paper_index WHERE paper_index MATCH ? AND rowid BETWEEN 0 AND 9223372036854775807"
    with sqlite3.connect(tmp_path / "papers.sqlite3") as database:
        for sql in (f"SELECT rowid {found} ORDER BY rowid DESC LIMIT 2000", f"SELECT count(*) {found}"):
            plan = [row[3] for row in database.execute(f"EXPLAIN QUERY PLAN {sql}", (compiled.match,))]
            assert len(plan) == 1
            assert plan[0].startswith("SCAN paper_index VIRTUAL TABLE INDEX")
    database.close()


async def test_matches_are_counted_by_day_within_the_dates_of_the_query(storage: SqliteStorage) -> None:
    await fill(storage, 7)
    days = await storage.searches.per_day(a_query("radiograph after:2026-11-11"), NOW)
    assert days == {date(2026, 11, 12): 3, date(2026, 11, 11): 3}
    assert await storage.searches.per_day(a_query("zebra"), NOW) == {}


async def test_whether_anything_matches_is_known_without_counting(storage: SqliteStorage) -> None:
    await fill(storage, 2)
    assert await storage.searches.finds(a_query("radiograph"), NOW)
    assert not await storage.searches.finds(a_query("radiograph before:2020"), NOW)
