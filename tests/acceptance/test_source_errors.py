"""Whatever PubMed and arXiv answer, over a real socket: the error is told, nothing is lost, nothing is posted twice."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.typedefs import Handler

from adapters import open_source
from adapters.http import HttpClient
from bot.delivering import Deliverer, DeliverySettings
from bot.model import Channel, ChannelRef
from bot.polling import PollRow, poll
from bot.ports import Source
from bot.query import parse
from storage import SqliteStorage, open_storage
from tests.acceptance.source_faults import API, CAP, CASES, EFETCH, ESEARCH, FEED, KEY, PROGRAMS, SLOW, XML, Case
from tests.fakes.literature import FakeLiterature
from tests.fakes.platform import FakePlatform
from tests.real_data import SHARED, needs_shared_data

START = datetime(2026, 11, 24, 12, tzinfo=UTC)
LOOKBACK = timedelta(days=14)
BETWEEN_ROUNDS = timedelta(hours=4)
CHANNEL = Channel(ChannelRef("local", "", "papers"), "papers", "now")
CONTACT = "ann@example.org"


@dataclass
class Clock:
    """Time that passes by sleeping, and between the rounds."""

    passed: float = 0.0

    def __call__(self) -> float:
        return self.passed

    def now(self) -> datetime:
        return START + timedelta(seconds=self.passed)

    async def sleep(self, seconds: float) -> None:
        self.passed += seconds


@dataclass
class Bot:
    """Both sources, a store and a channel; one process that goes on from round to round."""

    literature: FakeLiterature
    clock: Clock
    storage: SqliteStorage
    sources: list[Source]
    platform: FakePlatform = field(default_factory=FakePlatform)

    async def round(self) -> dict[str, PollRow]:
        """Poll every source once, and deliver."""
        self.clock.passed += BETWEEN_ROUNDS.total_seconds()
        rows = await asyncio.gather(*(poll(one, self.storage, self.clock.now, LOOKBACK) for one in self.sources))
        settings = DeliverySettings(timedelta(seconds=5), timedelta(seconds=1), 100)
        await Deliverer(self.storage, {"local": self.platform}, self.clock.now, settings).deliver_due()
        return {row.source: row for row in rows}

    async def cursors(self) -> dict[str, str | None]:
        return {one.name: (await self.storage.sources.state(one.name)).cursor for one in self.sources}

    def posted(self, title: str) -> int:
        return b"".join(payload for _, _, payload in self.platform.messages).decode().count(title)


@asynccontextmanager
async def opened(folder: Path, *, categories: tuple[str, ...] = (), seconds: float = 20.0) -> AsyncIterator[Bot]:
    """The bot after a good first round."""
    clock = Clock()
    http = HttpClient(
        contact=CONTACT,
        allow_loopback=True,
        timeout=seconds,
        max_body=CAP,
        secrets=[KEY],
        clock=clock,
        now=clock.now,
        sleep=clock.sleep,
    )
    async with FakeLiterature(clock.now) as literature, http, open_storage(folder / "papers.sqlite3") as storage:
        tables: dict[str, dict[str, Any]] = {
            "pubmed": {"base_url": literature.eutils_url, "api_key": KEY, "pace": 1000},
            "arxiv": {
                "base_url": literature.arxiv_url,
                "rss_url": literature.rss_url,
                "oai_url": literature.oai_url,
                "min_gap": 0,
                "categories": list(categories),
            },
        }
        sources = [open_source(name, table, http, CONTACT) for name, table in tables.items()]
        await storage.topics.declare([("mri", parse("mri"))], [(CHANNEL, ["mri"])], clock.now())
        bot = Bot(literature, clock, storage, sources)
        rows = await bot.round()
        assert {row.error for row in rows.values()} == {None}
        yield bot


def each(cases: list[Case]) -> pytest.MarkDecorator:
    chosen = [pytest.param(case, where, id=f"{case.name} {where}") for case in cases for where in case.programs]
    return pytest.mark.parametrize(("case", "program"), chosen)


async def suffer(bot: Bot, case: Case, program: str) -> None:
    """A round with the fault, two without: told once, and every paper posted once."""
    faulty, other = ("pubmed", "arxiv") if program in {ESEARCH, EFETCH} else ("arxiv", "pubmed")
    bot.literature.add_pubmed(title="MRI of the wrist.", abstract=(("", "Slow."),))
    bot.literature.add_arxiv(title="Fast MRI")
    before = await bot.cursors()

    case.befall(bot.literature, program)
    rows, after = await bot.round(), await bot.cursors()
    error = rows[faulty].error or ""
    assert re.search(case.says, error), error
    assert "://127.0.0.1" in error or "http://10.0.0.8" in error or "PubMed promised" in error
    assert KEY not in error
    assert CONTACT not in error
    assert after[faulty] == before[faulty]
    assert (rows[other].error, rows[other].queued) == (None, 1)
    assert after[other] != before[other]

    bot.literature.mend()
    again = await bot.round()
    assert {row.error for row in again.values()} == {None}
    assert (await bot.cursors())[faulty] != before[faulty]
    assert rows[faulty].queued + again[faulty].queued == 1
    assert {row.queued for row in (await bot.round()).values()} == {0}
    assert (bot.posted("MRI of the wrist"), bot.posted("Fast MRI")) == (1, 1)


@each(CASES)
async def test_a_fault_is_told_and_what_it_held_back_is_posted_once(tmp_path: Path, case: Case, program: str) -> None:
    async with opened(tmp_path, categories=("eess.IV",) if program == FEED else ()) as bot:
        await suffer(bot, case, program)


@each(SLOW)
async def test_a_slow_answer_is_not_waited_for(tmp_path: Path, case: Case, program: str) -> None:
    async with opened(tmp_path, categories=("eess.IV",) if program == FEED else (), seconds=0.5) as bot:
        await suffer(bot, case, program)


SHARED_CASES = {
    "ncbi_429": ((ESEARCH, EFETCH), "429"),
    "ncbi_200_error_retstart_json": ((ESEARCH, EFETCH), "no XML"),
    "ncbi_200_error_backend_xml": ((ESEARCH, EFETCH), "Database is not supported"),
    "ncbi_500_html": ((ESEARCH, EFETCH), "500"),
    "arxiv_429": ((API, FEED), "429"),
    "arxiv_400_error_feed": ((API,), "incorrect id format"),
    "arxiv_200_blank": ((API, FEED), "empty answer"),
    "arxiv_200_unexpected_empty_page": ((API,), "counts 214881 papers"),
    "arxiv_rss_400": ((FEED,), "Bad archive"),
}
NO_FAULTS = {"ncbi_200_no_items", "arxiv_oai_norecords"}


@needs_shared_data
async def test_every_recorded_fault_is_told_and_what_it_held_back_is_posted_once(tmp_path: Path) -> None:
    recorded = {case["name"]: case for case in json.loads((SHARED / "http_error_cases.json").read_text())}
    assert {name for name in recorded if name.startswith(("ncbi", "arxiv"))} == {*SHARED_CASES, *NO_FAULTS}
    for name, (programs, says) in SHARED_CASES.items():
        for program in programs:
            answer = recorded[name]
            headers = tuple(answer["headers"].items())
            case = Case(name, says, answer["status"], answer["body"], headers=headers)
            folder = tmp_path / f"{name}-{program.strip('/').replace('/', '-')}"
            folder.mkdir()
            async with opened(folder, categories=("eess.IV",) if program == FEED else ()) as bot:
                await suffer(bot, case, program)


NO_ITEMS = (
    "<eSearchResult><Count>0</Count><RetMax>0</RetMax><RetStart>0</RetStart><IdList/><ErrorList><PhraseNotFound>mri"
    "</PhraseNotFound></ErrorList><WarningList><OutputMessage>No items found.</OutputMessage></WarningList>"
    "</eSearchResult>"
)


async def test_no_items_found_is_no_fault(tmp_path: Path) -> None:
    async with opened(tmp_path) as bot:
        bot.literature.fail_next(ESEARCH, status=200, body=NO_ITEMS, headers={"Content-Type": XML}, times=99)
        row = (await bot.round())["pubmed"]
        assert (row.fetched, row.error) == (0, None)


@pytest.mark.parametrize("program", PROGRAMS)
async def test_a_wrong_content_type_around_a_good_answer_is_no_fault(tmp_path: Path, program: str) -> None:
    async def mislabel(request: web.Request, handler: Handler) -> web.StreamResponse:
        answer = await handler(request)
        answer.headers["Content-Type"] = "text/html"
        return answer

    async with opened(tmp_path, categories=("eess.IV",)) as bot:
        bot.literature.add_pubmed(title="MRI of the wrist.")
        bot.literature.add_arxiv(title="Fast MRI")
        bot.literature.answer_next(program, mislabel, times=99)
        rows = await bot.round()
        assert {(row.queued, row.error) for row in rows.values()} == {(1, None)}


async def test_a_record_that_is_listed_but_not_sent_comes_with_a_later_round(tmp_path: Path) -> None:
    async with opened(tmp_path) as bot:
        bot.literature.add_pubmed(title="MRI of the wrist.")
        bot.literature.fail_next(EFETCH, status=200, body="<PubmedArticleSet/>", times=2)
        rows = [(await bot.round())["pubmed"] for _ in range(3)]
        assert [(row.queued, row.error) for row in rows] == [(0, None), (1, None), (0, None)]
        assert bot.posted("MRI of the wrist") == 1


async def test_a_host_that_says_until_when_is_not_asked_before(tmp_path: Path) -> None:
    async with opened(tmp_path) as bot:
        bot.literature.fail_next(ESEARCH, status=503, headers={"Retry-After": str(5 * 3600)})
        await bot.round()
        bot.literature.requests.clear()
        row = (await bot.round())["pubmed"]
        assert "nothing was asked" in (row.error or "")
        assert bot.literature.asked("eutils") == []
        assert (await bot.round())["pubmed"].error is None


async def test_while_arxivs_api_and_feed_fail_its_oai_brings_the_papers_of_the_categories(tmp_path: Path) -> None:
    async with opened(tmp_path, categories=("eess.IV", "cs.CV")) as bot:
        for n in range(3):
            bot.literature.add_arxiv(title=f"Fast MRI, part {n}.")
        bot.literature.add_arxiv(title="MRI of old", version=2, submitted=START - timedelta(days=900), updated=START)
        bot.literature.fail_next(API, status=429, body="Rate exceeded.", times=999)
        bot.literature.fail_next(FEED, status=500, times=999)
        before = await bot.cursors()
        row = (await bot.round())["arxiv"]
        assert (row.fetched, row.queued) == (4, 3)
        assert "429" in (row.error or "")
        assert API in (row.error or "")
        assert (await bot.cursors())["arxiv"] == before["arxiv"]
        asked = [request.params for request in bot.literature.asked("/oai")]
        assert [params.get("set") for params in asked] == ["cs:cs:CV", "eess:eess:IV", None, None, None]
        assert (asked[0]["metadataPrefix"], asked[0]["from"]) == ("arXiv", "2026-11-23")

        row = (await bot.round())["arxiv"]
        assert row.error
        assert len(bot.literature.asked("/oai")) == len(asked), "OAI-PMH has something new once a day"
        bot.literature.mend()
        row = (await bot.round())["arxiv"]
        assert (row.queued, row.error) == (0, None)
        assert bot.posted("Fast MRI") == 3
        assert len(bot.literature.asked("/oai")) == len(asked)


async def test_without_categories_oai_is_not_asked(tmp_path: Path) -> None:
    async with opened(tmp_path) as bot:
        bot.literature.fail_next(API, status=500, times=999)
        assert (await bot.round())["arxiv"].error
        assert bot.literature.asked("/oai") == []
