"""Where arXiv is asked: one question at a time over all its hosts, and no answer believed before it is judged."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import TypeVar

from adapters.http import Answer, Lane
from adapters.sources.arxiv.oai import parse_oai
from adapters.sources.arxiv.parse import Feed, parse_api, parse_rss
from bot.errors import SourceError, SourceIncomplete

_TRIES = 4
_OK = 200
_NOT_MODIFIED = 304

_Result = TypeVar("_Result")


class Garbled(SourceError):
    """An answer that looks like success and cannot be read; arXiv sends such now and then."""


class Desk:
    """Asks arXiv's API, its daily feeds and its OAI-PMH with ``gap`` seconds between any two requests.

    arXiv's limit holds over all its hosts together (https://info.arxiv.org/help/api/tou.html), while being refused
    by one host says nothing about the other: so there is a lane for each and one turn for all. The gap begins when
    an answer has come, for a lane may have tried more than once.
    """

    def __init__(
        self,
        api: Lane,
        rss: Lane,
        oai: Lane,
        gap: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._api = api
        self._rss = rss
        self._oai = oai
        self._gap = gap
        self._clock = clock
        self._sleep = sleep
        self._turn = asyncio.Lock()
        self._last_end = -math.inf

    async def ask_api(self, url: str, params: Mapping[str, str]) -> Feed:
        """Ask the query API; ``total`` of its answer is always given.

        Blank, garbled and unexpectedly empty answers are asked for again. Raises SourceError if it answers with an
        error or nothing readable, SourceIncomplete if its page stays empty though it counts more papers.
        """

        async def ask() -> Feed:
            answer = await self._get(self._api, url, params)
            feed = await asyncio.to_thread(_judged, answer, parse_api)
            if feed.total is None:
                raise Garbled(f"{answer.url}: arXiv did not say how many papers there are; asked again later")
            if feed.size == 0 and feed.total > int(params["start"]):
                raise SourceIncomplete(f"{answer.url}: arXiv counts {feed.total} papers but sent an empty page")
            return feed

        return await _patiently(ask)

    async def ask_rss(self, url: str, etag: str | None) -> tuple[Feed | None, str | None]:
        """Ask for a daily feed: what it holds and its new ETag, or (None, etag) if it is still the same.

        Raises SourceError as above.
        """

        async def ask() -> tuple[Feed | None, str | None]:
            answer = await self._get(self._rss, url, headers={"If-None-Match": etag} if etag else {})
            if answer.status == _NOT_MODIFIED:
                return None, etag
            return await asyncio.to_thread(_judged, answer, parse_rss), answer.headers.get("ETag")

        return await _patiently(ask)

    async def ask_oai(self, url: str, params: Mapping[str, str]) -> Feed:
        """Ask OAI-PMH for a page of records. Raises SourceError as above."""

        async def ask() -> Feed:
            return await asyncio.to_thread(_judged, await self._get(self._oai, url, params), parse_oai)

        return await _patiently(ask)

    async def _get(
        self, lane: Lane, url: str, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        async with self._turn:
            while (wait := self._last_end + self._gap - self._clock()) > 0:
                await self._sleep(wait)
            try:
                return await lane.get(url, params, headers=headers)
            finally:
                self._last_end = self._clock()


async def _patiently(ask: Callable[[], Awaitable[_Result]]) -> _Result:
    for _ in range(_TRIES - 1):
        with suppress(Garbled, SourceIncomplete):
            return await ask()
    return await ask()


def _judged(answer: Answer, parse: Callable[[bytes], Feed]) -> Feed:
    """The feed in an answer. Raises SourceError if it is an error, Garbled if it should have been a feed."""
    refused = f"{answer.url}: arXiv answered {answer.status}"
    try:
        feed = parse(answer.body)
    except SourceError as error:
        if answer.status == _OK:
            raise Garbled(f"{answer.url}: {error}; asked again later") from error
        raise SourceError(refused) from error
    if feed.error is not None or answer.status != _OK:
        raise SourceError(f"{refused}: {feed.error or 'no reason given'}")
    return feed
