"""The demo's literature server: E-utilities, arXiv's API and its feeds, mounted under one path of a web application.

It starts with an archive of some hundred papers, oldest two months ago, and publishes another one every few seconds.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from aiohttp import web

from adapters.demo import arxiv, arxiv_rss, eutils
from adapters.demo.answer import Answer
from adapters.demo.library import Paper, PubmedPaper, put
from adapters.demo.papers import Writer, archive
from adapters.demo.stories import Stories

RATE_LIMIT = 3
"""E-utilities requests a second and address without a key."""
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class LiteratureServer:
    """``now`` gives the time the literature lives in (aware, UTC); ``interval`` is the seconds between publications.

    ``library`` holds every paper in its current state; given one, the server starts with that instead of writing an
    archive. ``limit_rate`` lets E-utilities answer 429 above three requests a second.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        interval: float,
        *,
        prefix: str = "/literature",
        library: list[Paper] | None = None,
        on_publish: Callable[[str], None] | None = None,
        limit_rate: bool = False,
    ) -> None:
        self._now = now
        self._interval = interval
        writer = Writer()
        self.library: list[Paper] = archive(writer, now()) if library is None else library
        self._stories = Stories(writer, self.library)
        self.on_publish = on_publish
        self._limit_rate = limit_rate
        self._recent: deque[datetime] = deque()
        self._task: asyncio.Task[None] | None = None
        self.eutils_path = f"{prefix}/eutils"
        self.arxiv_path = f"{prefix}/arxiv/api/query"
        self.rss_path = f"{prefix}/rss"

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        """What to add to an application: the same paths as the real services, below the prefix."""
        for name, handler in (("esearch", self._esearch), ("efetch", self._efetch)):
            yield web.get(f"{self.eutils_path}/{name}.fcgi", handler)
            yield web.post(f"{self.eutils_path}/{name}.fcgi", handler)
        yield web.get(self.arxiv_path, self._arxiv)
        yield web.post(self.arxiv_path, self._arxiv)
        yield web.get(self.rss_path + "/{kind:rss|atom}/{categories}", self._feed)

    def start(self) -> None:
        """Begin to publish; needs a running event loop."""
        self._task = asyncio.create_task(self._publish_for_ever(), name="literature")

    async def stop(self) -> None:
        """Stop publishing."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    def publish_next(self) -> Paper:
        """Publish the next paper now, and tell ``on_publish`` which."""
        paper = self._stories.publish(self._now())
        put(self.library, paper)
        if self.on_publish:
            self.on_publish(headline(paper))
        return paper

    async def _publish_for_ever(self) -> None:
        while True:
            await asyncio.sleep(self._interval)
            self.publish_next()

    async def _esearch(self, request: web.Request) -> web.Response:
        return await self._eutils(request, lambda params: eutils.esearch(params, self.library, self._now()))

    async def _efetch(self, request: web.Request) -> web.Response:
        return await self._eutils(request, lambda params: eutils.efetch(params, self.library))

    async def _eutils(self, request: web.Request, answer: Callable[[Mapping[str, str]], Answer]) -> web.Response:
        """Count the requests of the last second, answer or refuse, and say how many are left."""
        now = self._now()
        while self._recent and self._recent[0] <= now - timedelta(seconds=1):
            self._recent.popleft()
        self._recent.append(now)
        count = len(self._recent)
        refused = self._limit_rate and count > RATE_LIMIT
        response = _response(eutils.rate_exceeded(count, RATE_LIMIT) if refused else answer(await _params(request)))
        response.headers["X-RateLimit-Limit"] = str(RATE_LIMIT)
        response.headers["X-RateLimit-Remaining"] = str(max(0, RATE_LIMIT - count))
        return response

    async def _arxiv(self, request: web.Request) -> web.Response:
        return _response(arxiv.query(await _params(request), self.library, self._now()))

    async def _feed(self, request: web.Request) -> web.Response:
        kind, categories = request.match_info["kind"], request.match_info["categories"]
        etag = request.headers.get("If-None-Match")
        return _response(arxiv_rss.feed(kind, categories, self.library, self._now(), etag))


def headline(paper: Paper) -> str:
    """One line on a publication: "PubMed: Deep learning for …", with what is special about it."""
    if isinstance(paper, PubmedPaper):
        changed = "changed" if paper.revised else ""
        special = "retracted" if "Retracted Publication" in paper.types else changed
        source = "PubMed"
    else:
        source, special = "arXiv", f"version {paper.version}" if paper.version > 1 else ""
    return f"{source}{f' ({special})' if special else ''}: {paper.title}"


async def _params(request: web.Request) -> dict[str, str]:
    """The query's parameters and the form's."""
    form = await request.post() if request.method == "POST" else {}
    return {**request.query, **{name: str(value) for name, value in form.items()}}


def _response(answer: Answer) -> web.Response:
    headers = {"Content-Type": answer.content_type, **answer.headers}
    return web.Response(body=answer.body, status=answer.status, headers=headers)
