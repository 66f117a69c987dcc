"""arXiv's OAI-PMH as the bridge where the feeds or the API fail, over a real socket."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from adapters.sources.arxiv.batches import batch_day, is_missing
from adapters.sources.arxiv.harvest import set_of
from bot.errors import SourceIncomplete
from bot.ports import Page, Source
from tests.adapters.sources.fake_arxiv import DATA, HTML, LANTERNS, LOOKBACK, NOW, FakeArxiv, gather, ids, opened, text

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


@pytest.mark.parametrize(
    ("last", "today", "came", "missing"),
    [
        ("2026-11-20", "2026-11-20", False, False),
        ("2026-11-20", "2026-11-22", False, False),
        ("2026-11-20", "2026-11-23", True, False),
        ("2026-11-20", "2026-11-23", False, True),
        ("2026-11-19", "2026-11-22", False, True),
        ("2026-11-19", "2026-11-23", True, True),
    ],
)
def test_a_batch_is_missing_if_a_weekday_passed_without_it(last: str, today: str, *, came: bool, missing: bool) -> None:
    assert is_missing(date.fromisoformat(last), date.fromisoformat(today), came=came) is missing


def test_the_days_batch_is_expected_in_the_morning_in_new_york() -> None:
    assert batch_day(datetime(2026, 11, 23, 10, 59, tzinfo=UTC)) == date(2026, 11, 22)
    assert batch_day(datetime(2026, 11, 23, 11, tzinfo=UTC)) == date(2026, 11, 23)
