"""PubMed and arXiv on loopback: the demo's literature server, with papers put in by tests, and faults on demand."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, quote, unquote, urlencode

from aiohttp import web
from aiohttp.typedefs import Handler

from adapters.demo.library import ArxivPaper, PubmedPaper, arxiv_papers, put
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


Reply = Callable[[web.Request, Handler], Awaitable[web.StreamResponse]]
"""An answer in place of the proper one, which the handler would give."""


@dataclass
class _Fault:
    path_part: str
    reply: Reply
    times: int


@dataclass
class FakeLiterature:
    """``async with FakeLiterature() as literature:`` serves on a free port for each of the four real hosts; ``now`` is
    the time it believes in."""

    now: Callable[[], datetime] = lambda: NOW
    limit_rate: bool = False
    requests: list[Request] = field(default_factory=list)
    _faults: list[_Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.server = LiteratureServer(self.now, 3600, prefix="", library=[], limit_rate=self.limit_rate)
        self.library = self.server.library

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._watch], client_max_size=16 * 2**20)
        app.add_routes([*self.server.routes(), web.get("/oai", self._list_records)])
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        for _ in range(4):
            await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url, self._api, self._rss, self._oai = (f"http://127.0.0.1:{port}" for _, port in self._runner.addresses)
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
        return self._api + self.server.arxiv_path

    @property
    def rss_url(self) -> str:
        """The value of sources.arxiv.rss_url."""
        return self._rss + self.server.rss_path

    @property
    def oai_url(self) -> str:
        """The value of sources.arxiv.oai_url."""
        return f"{self._oai}/oai"

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

        async def reply(request: web.Request, _: Handler) -> web.StreamResponse:
            await asyncio.sleep(delay)
            if drop and request.transport is not None:
                request.transport.abort()
            return web.Response(status=status, body=body, headers=headers)

        self.answer_next(path_part, reply, times=times)

    def delay_next(self, path_part: str, seconds: float, *, times: int = 1) -> None:
        """Answer the next requests properly, but late."""

        async def reply(request: web.Request, handler: Handler) -> web.StreamResponse:
            await asyncio.sleep(seconds)
            return await handler(request)

        self.answer_next(path_part, reply, times=times)

    def answer_next(self, path_part: str, reply: Reply, *, times: int = 1) -> None:
        """Let ``reply`` answer the next requests whose path contains ``path_part``."""
        self._faults.append(_Fault(path_part, reply, times))

    def mend(self) -> None:
        """Answer everything properly from now on."""
        self._faults.clear()

    def asked(self, path_part: str) -> list[Request]:
        """The requests whose path contains this."""
        return [request for request in self.requests if path_part in request.path]

    async def _list_records(self, request: web.Request) -> web.Response:
        """ListRecords in the format arXiv, one record a page, the token as oaipmh.arxiv.org writes it."""
        asked = dict(parse_qsl(unquote(request.query.get("resumptionToken", "")))) or dict(request.query)
        skip = int(asked.pop("skip", "0"))
        found = [paper for paper in arxiv_papers(self.library) if _is_listed(paper, asked["from"], asked["set"])]
        if not found:
            return web.Response(text=_OAI.format('<error code="noRecordsMatch">Nothing.</error>'))
        more = quote(urlencode({**asked, "skip": skip + 1})) if skip + 1 < len(found) else ""
        body = f"{_oai_record(found[skip])}<resumptionToken>{escape(more)}</resumptionToken>"
        return web.Response(text=_OAI.format(f"<ListRecords>{body}</ListRecords>"), content_type="text/xml")

    @web.middleware
    async def _watch(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        form = await request.post() if request.method == "POST" else {}
        params = {**request.query, **{name: str(value) for name, value in form.items()}}
        self.requests.append(Request(request.method, request.path, params, dict(request.headers)))
        fault = next((fault for fault in self._faults if fault.times and fault.path_part in request.path), None)
        if fault is None:
            return await handler(request)
        fault.times -= 1
        return await fault.reply(request, handler)


_OAI = '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">{}</OAI-PMH>'


def _is_listed(paper: ArxivPaper, since: str, set_name: str) -> bool:
    return f"{paper.listed:%Y-%m-%d}" >= since and set_name.split(":")[1:] in [c.split(".") for c in paper.categories]


def _oai_record(paper: ArxivPaper) -> str:
    updated = f"<updated>{paper.shown:%Y-%m-%d}</updated>" if paper.version > 1 else ""
    return (
        f"<record><header><identifier>oai:arXiv.org:{paper.id}</identifier></header><metadata>"
        f'<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>{paper.id}</id>'
        f"<created>{paper.submitted:%Y-%m-%d}</created>{updated}<title>{escape(paper.title)}</title>"
        f"<categories>{' '.join(paper.categories)}</categories><abstract>{escape(paper.abstract)}</abstract>"
        "</arXiv></metadata></record>"
    )


def promising(length: int, body: bytes, *, pause: float = 0.0, cut: bool = False) -> Reply:
    """Promise so many bytes and send ``body`` over and over, ``pause`` seconds between; or ``cut`` the connection."""

    async def reply(request: web.Request, _: Handler) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/xml", "Content-Length": str(length)})
        await response.prepare(request)
        sent = 0
        with suppress(ConnectionError):
            while sent < length and not (cut and sent):
                await response.write(body)
                sent += len(body)
                await asyncio.sleep(pause)
        if request.transport is not None:
            request.transport.abort()
        return response

    return reply
