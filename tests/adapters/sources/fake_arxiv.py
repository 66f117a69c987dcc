"""A small arXiv for tests: its query API, its daily feeds and its OAI-PMH over real sockets."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.http import HttpClient
from adapters.sources.arxiv import Settings, open_source
from bot.errors import SourceError
from bot.ports import Page, Source
from bot.query import Query, Term

DATA = Path(__file__).parents[2] / "data" / "arxiv"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LOOKBACK = timedelta(days=14)
LANTERNS = Query(Term("lanterns"))
UNASKABLE = Query(Term("β"))
ATOM = {"Content-Type": "application/atom+xml; charset=utf-8"}
HTML = "<html><head><title>Busy</title></head><body>Try later</body></html>"


@dataclass
class PaperThere:
    number: int
    submitted: datetime
    version: int = 1
    updated: datetime | None = None

    @property
    def id(self) -> str:
        return f"{self.submitted:%y%m}.{self.number:05}"

    @property
    def current(self) -> datetime:
        return self.updated or self.submitted

    def entry(self) -> str:
        return f"""<entry><id>http://arxiv.org/abs/{self.id}v{self.version}</id><title>Lanterns {self.number}</title>
        <updated>{self.current:%Y-%m-%dT%H:%M:%SZ}</updated><published>{self.submitted:%Y-%m-%dT%H:%M:%SZ}</published>
        <summary>Made up.</summary><author><name>A. Example</name></author></entry>"""


@dataclass
class FakeArxiv:
    """Answers as https://info.arxiv.org/help/api/user-manual.html and arXiv/arxiv-search say, ``spoil`` permitting."""

    papers: list[PaperThere] = field(default_factory=list)
    spoil: Callable[[int], web.Response | None] = lambda _: None
    hide: int = 0
    shuffled: bool = False
    feed: Callable[[], web.Response] = lambda: web.Response(body=(DATA / "daily_atom.xml").read_bytes(), headers=ATOM)
    asked: list[dict[str, str]] = field(default_factory=list)
    feeds_asked: list[web.Request] = field(default_factory=list)
    oai: Callable[[], web.Response] = lambda: text((DATA / "oai.xml").read_text())
    oai_asked: list[dict[str, str]] = field(default_factory=list)

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/api/query", self.query)
        app.router.add_get("/atom/{categories}", self.daily)
        app.router.add_get("/oai", self.records)
        return app

    async def records(self, request: web.Request) -> web.Response:
        self.oai_asked.append(dict(request.query))
        return self.oai()

    async def daily(self, request: web.Request) -> web.Response:
        self.feeds_asked.append(request)
        answer = self.feed()
        if answer.headers.get("ETag") and answer.headers["ETag"] == request.headers.get("If-None-Match"):
            return web.Response(status=304)
        return answer

    async def query(self, request: web.Request) -> web.Response:
        params = dict(request.query)
        self.asked.append(params)
        start, size = int(params["start"]), int(params["max_results"])
        if size < 1 or start + size > 10_000:
            return web.Response(status=500)
        if (spoilt := self.spoil(len(self.asked))) is not None:
            return spoilt
        found = self._found(params["search_query"], params["sortBy"])
        entries = "".join(paper.entry() for paper in found[: len(found) - self.hide][start : start + size])
        return web.Response(text=answer_of(entries, len(found), start), headers=ATOM)

    def _found(self, search: str, sort: str) -> list[PaperThere]:
        window = re.search(r"submittedDate:\[(\d{12}) TO (\d{12})\]", search)
        first, last = window.groups() if window else ("0", "9")
        found = [paper for paper in self.papers if first <= f"{paper.submitted:%Y%m%d%H%M}" <= last]
        if self.shuffled:
            return sorted(found, key=lambda paper: paper.number * 7919 % 1000)
        return sorted(found, key=lambda p: p.current if sort == "lastUpdatedDate" else p.submitted, reverse=True)


def answer_of(entries: str, total: int, start: int) -> str:
    return f"""<?xml version='1.0' encoding='UTF-8'?>
    <feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns="http://www.w3.org/2005/Atom">
    <id>https://arxiv.org/api/x</id><title>arXiv Query: x</title><updated>2026-11-20T00:00:00Z</updated>
    <opensearch:itemsPerPage>200</opensearch:itemsPerPage><opensearch:totalResults>{total}</opensearch:totalResults>
    <opensearch:startIndex>{start}</opensearch:startIndex>{entries}</feed>"""


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += seconds


@asynccontextmanager
async def opened(fake: FakeArxiv, *categories: str) -> AsyncIterator[Source]:
    """The source, with the API and the daily feeds on two hosts."""
    clock = Clock()
    async with (
        TestServer(fake.app()) as api,
        TestServer(fake.app()) as rss,
        HttpClient(contact="ann@example.org", allow_loopback=True, clock=clock, sleep=clock.sleep) as http,
    ):
        settings = Settings(
            base_url=str(api.make_url("/api/query")),
            rss_url=str(rss.make_url("/")),
            oai_url=str(rss.make_url("/oai")),
            min_gap=0,
            categories=list(categories),
        )
        yield open_source(settings, http, "ann@example.org")


async def gather(pages: AsyncIterator[Page]) -> tuple[list[Page], SourceError | None]:
    kept: list[Page] = []
    try:
        async for page in pages:
            kept.append(page)  # noqa: PERF401 — what came before an error counts
    except SourceError as error:
        return kept, error
    return kept, None


def ids(pages: list[Page]) -> set[str]:
    return {record.source_id for page in pages for record in page.records}


def papers(count: int, *, before: datetime = NOW, every: timedelta = timedelta(minutes=7)) -> list[PaperThere]:
    return [PaperThere(number, before - number * every) for number in range(1, count + 1)]


def text(body: str, status: int = 200, kind: str = "application/atom+xml") -> web.Response:
    return web.Response(text=body, status=status, content_type=kind)
