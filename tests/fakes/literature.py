"""PubMed and arXiv on loopback: the demo's literature server, with papers put in by tests, and faults on demand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from aiohttp import web
from aiohttp.typedefs import Handler

from adapters.demo.library import ArxivPaper, PubmedPaper, put
from adapters.demo.papers import FIRST_PMID
from adapters.demo.server import LiteratureServer

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Request:
    """A request as it came; ``params`` are the query's and the form's."""

    method: str
    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass
class _Fault:
    path_part: str
    status: int
    body: bytes
    headers: Mapping[str, str]
    drop: bool
    delay: float
    answer: bool
    times: int


@dataclass
class FakeLiterature:
    """``async with FakeLiterature() as literature:`` serves on a free port; ``now`` is the time it believes in."""

    now: Callable[[], datetime] = lambda: NOW
    limit_rate: bool = False
    requests: list[Request] = field(default_factory=list)
    _faults: list[_Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.server = LiteratureServer(self.now, 3600, prefix="", library=[], limit_rate=self.limit_rate)
        self.library = self.server.library

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._watch], client_max_size=16 * 2**20)
        app.add_routes(self.server.routes())
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    @property
    def eutils_url(self) -> str:
        """The value of sources.pubmed.base_url."""
        return self.url + self.server.eutils_path

    @property
    def arxiv_url(self) -> str:
        """The value of sources.arxiv.base_url."""
        return self.url + self.server.arxiv_path

    @property
    def rss_url(self) -> str:
        """The value of sources.arxiv.rss_url."""
        return self.url + self.server.rss_path

    def add_pubmed(self, pmid: int | None = None, title: str = "A title.", **fields: Any) -> PubmedPaper:
        """Add a record, or replace the one with this PMID. Fields as in PubmedPaper; entered now unless said."""
        fields.setdefault("entered", self.now())
        paper = PubmedPaper(pmid or FIRST_PMID + len(self.library), title, **fields)
        put(self.library, paper)
        return paper

    def add_arxiv(self, id: str | None = None, title: str = "A title", **fields: Any) -> ArxivPaper:  # noqa: A002
        """Add a preprint, or replace the one with this id. Fields as in ArxivPaper; submitted now unless said."""
        fields.setdefault("submitted", self.now())
        paper = ArxivPaper(id or f"2611.{len(self.library) + 1:05d}", title, **fields)
        put(self.library, paper)
        return paper

    def fail_next(
        self,
        path_part: str,
        *,
        status: int = 500,
        body: str | bytes = b"",
        headers: Mapping[str, str] | None = None,
        drop: bool = False,
        delay: float = 0.0,
        times: int = 1,
    ) -> None:
        """Answer the next ``times`` requests whose path contains ``path_part`` with this instead; ``drop`` breaks the
        connection, ``delay`` waits so many seconds first."""
        content = body.encode() if isinstance(body, str) else body
        self._faults.append(_Fault(path_part, status, content, headers or {}, drop, delay, answer=False, times=times))

    def delay_next(self, path_part: str, seconds: float, *, times: int = 1) -> None:
        """Answer the next requests properly, but late."""
        self._faults.append(_Fault(path_part, 200, b"", {}, drop=False, delay=seconds, answer=True, times=times))

    def asked(self, path_part: str) -> list[Request]:
        """The requests whose path contains this."""
        return [request for request in self.requests if path_part in request.path]

    @web.middleware
    async def _watch(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        form = await request.post() if request.method == "POST" else {}
        params = {**request.query, **{name: str(value) for name, value in form.items()}}
        self.requests.append(Request(request.method, request.path, params, dict(request.headers)))
        fault = next((fault for fault in self._faults if fault.times and fault.path_part in request.path), None)
        if fault is None:
            return await handler(request)
        fault.times -= 1
        await asyncio.sleep(fault.delay)
        if fault.answer:
            return await handler(request)
        if fault.drop and request.transport is not None:
            request.transport.abort()
        return web.Response(status=fault.status, body=fault.body, headers=fault.headers)
