"""arXiv's OAI-PMH as the bridge where the feeds or the API fail, over a real socket."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from adapters.sources.arxiv.harvest import set_of
from bot.errors import SourceIncomplete
from bot.ports import Page, Source
from tests.adapters.sources.fake_arxiv import DATA, HTML, LANTERNS, LOOKBACK, NOW, FakeArxiv, gather, ids, opened, text

SATURDAY = datetime(2026, 11, 21, 15, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 15, tzinfo=UTC)
END = "<OAI-PMH><ListRecords><resumptionToken/></ListRecords></OAI-PMH>"
NOTHING = '<OAI-PMH><error code="noRecordsMatch">Nothing.</error></OAI-PMH>'


async def poll_again(source: Source, cursor: str | None, now: datetime) -> tuple[list[Page], str | None]:
    pages, error = await gather(source.poll([], cursor, now, LOOKBACK))
    assert error is None
    return pages, pages[-1].cursor


async def test_a_feed_without_a_new_id_on_a_day_of_announcements_is_bridged_once() -> None:
    fake = FakeArxiv(oai=lambda: text(END))
    async with opened(fake, "eess.IV") as source:
        _, cursor = await poll_again(source, None, NOW)
        _, cursor = await poll_again(source, cursor, NOW + timedelta(days=2))
        assert fake.oai_asked == [], "there is nothing new on a Sunday"
        fake.oai = lambda: text((DATA / "oai.xml").read_text())
        pages, cursor = await poll_again(source, cursor, MONDAY)
        await poll_again(source, cursor, MONDAY + timedelta(hours=4))
    assert fake.oai_asked == [
        {"verb": "ListRecords", "metadataPrefix": "arXiv", "set": "eess:eess:IV", "from": "2026-11-19"}
    ]
    assert {"0711.0002", "0804.2273"} <= ids(pages)
    assert all(page.updates for page in pages if page.records)


async def test_batches_that_came_and_went_while_nobody_looked_are_bridged() -> None:
    body = (DATA / "daily_atom.xml").read_text()
    fake = FakeArxiv(oai=lambda: text(NOTHING))
    async with opened(fake, "eess.IV") as source:
        _, cursor = await poll_again(source, None, NOW)
        fake.feed = lambda: text(body.replace("2611.13426", "2611.15000"))
        _, cursor = await poll_again(source, cursor, MONDAY)
        assert fake.oai_asked == []
        fake.feed = lambda: text(body.replace("2611.13426", "2611.17000"))
        await poll_again(source, cursor, MONDAY + timedelta(days=2))
    assert [asked["from"] for asked in fake.oai_asked] == ["2026-11-22"]


@pytest.mark.parametrize("bad", [HTML, "", '<OAI-PMH><error code="badArgument">No.</error></OAI-PMH>'])
async def test_a_bridge_that_fails_is_told_and_tried_again(bad: str) -> None:
    fake = FakeArxiv(oai=lambda: text(bad))
    async with opened(fake, "eess.IV") as source:
        _, cursor = await poll_again(source, None, NOW)
        pages, error = await gather(source.poll([], cursor, MONDAY, LOOKBACK))
        assert "/oai" in str(error)
        assert not any(page.cursor for page in pages)
        fake.oai = lambda: text(NOTHING)
        await poll_again(source, cursor, MONDAY + timedelta(hours=1))
    assert len(fake.oai_asked) > 1


async def test_while_the_api_fails_for_days_each_bridge_begins_where_the_last_one_ended() -> None:
    fake = FakeArxiv(spoil=lambda _: text("", 404), oai=lambda: text(NOTHING))
    cursor = json.dumps({"since": NOW.isoformat(), "updated": None, "rss": {}})
    async with opened(fake, "eess.IV") as source:
        for days in (2, 4, 6):
            _, error = await gather(source.poll([LANTERNS], cursor, NOW + timedelta(days=days), LOOKBACK))
            assert "404" in str(error)
    assert [asked["from"] for asked in fake.oai_asked] == ["2026-11-19", "2026-11-21", "2026-11-23"]


async def test_a_list_of_records_that_never_ends_is_left() -> None:
    fake = FakeArxiv(oai=lambda: text(END.replace("/>", ">again%26skip%3D1</resumptionToken>")))
    async with opened(fake, "eess.IV") as source:
        _, cursor = await poll_again(source, None, NOW)
        _, error = await gather(source.poll([], cursor, MONDAY, LOOKBACK))
    assert isinstance(error, SourceIncomplete)
    assert fake.oai_asked[1] == {"verb": "ListRecords", "resumptionToken": "again%26skip%3D1"}
    assert len(fake.oai_asked) == 40


@pytest.mark.parametrize(
    ("category", "name"),
    [
        ("cs.AI", "cs:cs:AI"),
        ("q-bio.NC", "q-bio:q-bio:NC"),
        ("hep-th", "physics:hep-th"),
        ("astro-ph.GA", "physics:astro-ph:GA"),
        ("physics.med-ph", "physics:physics:med-ph"),
        ("math-ph", "physics:math-ph"),
    ],
)
def test_a_category_is_a_set_of_its_group(category: str, name: str) -> None:
    assert set_of(category) == name


# ---------------------------------------------------------------- quiet and late


def feed_with(newest: str) -> Callable[[], web.Response]:
    body = (DATA / "daily_atom.xml").read_text().replace("2611.13426", newest)
    return lambda: text(body)


def record(arxiv_id: str) -> str:
    found = re.sub("0711.0002", arxiv_id, (DATA / "oai.xml").read_text())
    assert arxiv_id in found
    return found


async def test_arxiv_is_late_once_neither_feed_nor_oai_has_a_due_batch_until_one_comes() -> None:
    fake = FakeArxiv(oai=lambda: text(NOTHING))
    async with opened(fake, "eess.IV") as source:
        _, cursor = await poll_again(source, None, NOW)
        assert source.silence(cursor, NOW) is None
        weekend = source.silence(cursor, SATURDAY)
        assert source.silence(cursor, MONDAY) is None, "nobody looked since the batch was due"
        _, cursor = await poll_again(source, cursor, MONDAY)
        late = source.silence(cursor, MONDAY)
        assert (weekend and weekend.pause, late and late.pause) == ("weekend", "")
        assert weekend is not None
        assert late is not None
        assert weekend.since == late.since == datetime(2026, 11, 20, 1, tzinfo=UTC)
        assert weekend.next == datetime(2026, 11, 23, 1, tzinfo=UTC)
        fake.feed = feed_with("2611.15000")
        _, cursor = await poll_again(source, cursor, MONDAY + timedelta(hours=4))
        assert source.silence(cursor, MONDAY + timedelta(hours=4)) is None
    assert len(fake.oai_asked) == 1


async def test_a_batch_that_oai_brought_is_not_late_and_is_looked_for_once() -> None:
    fake = FakeArxiv(oai=lambda: text(record("2611.15000")))
    async with opened(fake, "eess.IV") as source:
        _, cursor = await poll_again(source, None, NOW)
        _, cursor = await poll_again(source, cursor, MONDAY)
        assert source.silence(cursor, MONDAY) is None
        _, cursor = await poll_again(source, cursor, MONDAY + timedelta(hours=7))
        assert len(fake.oai_asked) == 1
        fake.oai = lambda: text(NOTHING)
        tuesday = MONDAY + timedelta(days=1)
        _, cursor = await poll_again(source, cursor, tuesday)
        silence = source.silence(cursor, tuesday)
    assert silence is not None
    assert (silence.since, silence.pause) == (datetime(2026, 11, 23, 1, tzinfo=UTC), "")


async def test_a_batch_that_does_not_come_is_looked_for_again_after_some_hours() -> None:
    fake = FakeArxiv(oai=lambda: text(NOTHING))
    async with opened(fake, "eess.IV") as source:
        _, cursor = await poll_again(source, None, NOW)
        _, cursor = await poll_again(source, cursor, MONDAY)
        fake.oai = lambda: text(record("2611.15000"))
        evening = MONDAY + timedelta(hours=6)
        pages, cursor = await poll_again(source, cursor, evening)
        assert "2611.15000" in ids(pages)
        assert source.silence(cursor, evening) is None


async def test_tomorrows_batch_in_the_evenings_oai_is_not_missed_in_tomorrows_feed() -> None:
    fake = FakeArxiv(oai=lambda: text(record("2611.17000")))
    late_evening = datetime(2026, 11, 24, 4, tzinfo=UTC)
    async with opened(fake, "eess.IV") as source:
        _, cursor = await poll_again(source, None, NOW)
        _, cursor = await poll_again(source, cursor, late_evening)
        fake.feed = feed_with("2611.17000")
        morning = late_evening + timedelta(hours=11)
        _, cursor = await poll_again(source, cursor, morning)
        assert source.silence(cursor, morning) is None
    assert len(fake.oai_asked) == 1


async def test_a_holiday_is_quiet_and_asks_nothing_of_oai() -> None:
    fake = FakeArxiv()
    thursday = datetime(2026, 11, 26, 15, tzinfo=UTC)
    async with opened(fake, "eess.IV") as source:
        _, cursor = await poll_again(source, None, thursday)
        for hours in range(3, 24 * 3, 3):
            _, cursor = await poll_again(source, cursor, thursday + timedelta(hours=hours))
        friday = source.silence(cursor, thursday + timedelta(days=1))
    assert fake.oai_asked == []
    assert friday is not None
    assert (friday.pause, friday.next) == ("holiday", datetime(2026, 11, 30, 1, tzinfo=UTC))


async def test_a_batch_that_came_at_night_is_not_missing_in_the_morning() -> None:
    fake = FakeArxiv()
    night = datetime(2026, 11, 24, 6, tzinfo=UTC)
    async with opened(fake, "eess.IV") as source:
        _, cursor = await poll_again(source, None, night - timedelta(days=1))
        fake.feed = feed_with("2611.15000")
        for hours in range(0, 18, 3):
            _, cursor = await poll_again(source, cursor, night + timedelta(hours=hours))
    assert fake.oai_asked == []


async def test_without_a_daily_feed_the_calendar_alone_speaks_and_calls_nothing_late() -> None:
    async with opened(FakeArxiv()) as source:
        _, cursor = await poll_again(source, None, NOW)
        for known in (None, cursor):
            assert source.silence(known, MONDAY) is None
            weekend = source.silence(known, SATURDAY)
            assert weekend is not None
            assert (weekend.since, weekend.pause) == (datetime(2026, 11, 20, 1, tzinfo=UTC), "weekend")
