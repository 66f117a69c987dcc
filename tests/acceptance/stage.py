"""The world of a conversation: papers are published, time passes, sources and platforms fail, the bot is restarted."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from adapters.demo.library import Author, Journal
from bot.housekeeping import keep_house
from bot.ledger import balance
from tests.acceptance.conformance import Conversation, Driver, Step
from tests.acceptance.source_faults import EMPTY_PAGE, FEWER
from tests.acceptance.test_disk import FullDisk
from tests.acceptance.world import World
from tests.examples import a_record
from tests.fakes.literature import FakeLiterature

START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""A Monday."""

_TOO_LITTLE = {"pubmed": FEWER, "arxiv": EMPTY_PAGE}
_TICK = timedelta(seconds=1)
_UNITS = {"s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


@dataclass
class Clock:
    """Stands still between two steps."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now


class DatedLiterature(FakeLiterature):
    """Tells its time in each answer, as servers do."""

    @web.middleware
    async def _watch(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await super()._watch(request, handler)
        response.headers["Date"] = format_datetime(self.now(), usegmt=True)
        return response


@dataclass
class Stage:
    """See holding.Stage; everything is kept in ``folder``."""

    folder: Path
    clock: Clock = field(default_factory=Clock)

    @asynccontextmanager
    async def set(self, conversation: Conversation, driver: Driver) -> AsyncIterator[None]:
        """Open the bot; after its first round unless it is not to be ``asked`` yet."""
        self.clock.now = START
        schedule = f'schedule = "{conversation.schedule}"' if conversation.schedule else ""
        async with (
            DatedLiterature(now=self.clock) as literature,
            driver.serve(self.clock) as (chat, channel),
            AsyncExitStack() as self._running,
        ):
            self._world = World(self.folder, literature, conversation.topics, "", schedule, channel, chat, self.clock)
            for number in range(1, conversation.archive + 1):
                published = (self.clock() - timedelta(days=conversation.archive - number)).date()
                self._publish(
                    {"title": f"MRI of joint {number}.", "doi": f"10.5555/j.{number}", "published": published}
                )
            await self._open(driver)
            if conversation.asked:
                await self._round()
            yield

    async def _open(self, driver: Driver) -> None:
        self._app = await self._running.enter_async_context(self._world.open())
        await driver.start(self._app)
        self._running.push_async_callback(driver.stop)

    def go_on(self) -> None:
        """Let a second pass."""
        self.clock.now += _TICK

    async def happen(self, step: Step, driver: Driver) -> None:
        """Let a step's ``happens`` happen."""
        events: Mapping[str, Callable[[], Awaitable[None]]] = {
            "published": lambda: self._publish_all(step.papers),
            "many published": lambda: self._publish_many(step.count),
            "imported": lambda: self._import(step.count),
            "round": self._round,
            "delivery": self._deliver,
            "time passes": lambda: self._pass_time(step),
            "restart": lambda: self._restart(driver),
            "invited": lambda: driver.invite(step.person),
            "source fails": lambda: self._fail(step.source),
            "source is busy": lambda: self._fail(step.source, status=429, headers={"Retry-After": "7200"}),
            "source gives too little": lambda: self._fail(step.source, status=200, body=_TOO_LITTLE[step.source]),
            "sources are well": self._mend,
            "platform is silent": lambda: _suffer(driver, "silent"),
            "platform drops answers": lambda: _suffer(driver, "drops answers"),
            "platform refuses": lambda: _suffer(driver, "refuses"),
            "channel is lost": lambda: _suffer(driver, "lost"),
            "platform is well": lambda: _suffer(driver, ""),
            "managers are told": self._look,
            "housekeeping": self._keep_house,
            "disk is full": self._fill_disk,
        }
        await events[step.happens]()

    # ------------------------------------------------------------ papers and time

    async def _publish_all(self, papers: Any) -> None:
        for paper in papers:
            self._publish(dict(paper))

    async def _publish_many(self, count: int) -> None:
        for number in range(1, count + 1):
            self._publish({"title": f"Scan {number}"})

    def _publish(self, fields: dict[str, Any]) -> None:
        """Publish now. A PubMed paper has names as "Ada Lind"; ``arxiv`` makes it a preprint."""
        literature, abstract = self._world.literature, fields.pop("abstract", "")
        if fields.pop("arxiv", False):
            literature.add_arxiv(abstract=abstract, **{key: _frozen(value) for key, value in fields.items()})
            return
        authors = tuple(Author(last, fore) for fore, _, last in (n.rpartition(" ") for n in fields.pop("authors", ())))
        journal = Journal(title=fields.pop("journal", Journal().title))
        frozen = {key: _frozen(value) for key, value in fields.items()}
        literature.add_pubmed(
            abstract=(("", abstract),) if abstract else (), authors=authors, journal=journal, **frozen
        )

    async def _import(self, count: int) -> None:
        records = (a_record(title=f"Imported radiograph {number}") for number in range(1, count + 1))
        await self._app.import_records(records, lambda _: None)

    async def _round(self) -> None:
        await self._app.poll([])
        await self._deliver()

    async def _deliver(self) -> None:
        """As the bot's loop does, and wait until it is done."""
        await self._app._deliver_what_is_due()
        await asyncio.gather(*self._app.deliverer._lanes.values())

    async def _pass_time(self, step: Step) -> None:
        """Until a moment, or for a while; then what is due is posted."""
        amount, unit = re.fullmatch(r"(\d+)([smhd])", step.after or "0s").groups()  # type: ignore[union-attr]
        self.clock.now = step.until or self.clock.now + int(amount) * _UNITS[unit]
        for source in self._app.sources.values():
            await source.probe()  # whose server tells the time
        await self._deliver()

    async def _restart(self, driver: Driver) -> None:
        await self._running.aclose()
        await self._open(driver)

    # ------------------------------------------------------------ the bot

    async def _look(self) -> None:
        """The daily ledger is checked, and what managers must act on is told them."""
        await balance(self._app._storage, self.clock())
        await self._app._watcher.look(self.clock())
        await self._deliver()

    async def _keep_house(self) -> None:
        await keep_house(self._app._storage, self.clock())

    async def _fill_disk(self) -> None:
        self._app._storage.upkeep = FullDisk(self._app._storage)

    # ------------------------------------------------------------ trouble

    async def _fail(self, source: str, *, status: int = 400, body: str = "no", **answer: Any) -> None:
        paths = {"pubmed": ("esearch", "efetch"), "arxiv": ("/api/query", "/atom/", "/rss/")}
        for path in paths[source]:
            self._world.literature.fail_next(path, status=status, body=body, times=10**6, **answer)

    async def _mend(self) -> None:
        self._world.literature.mend()


async def _suffer(driver: Driver, trouble: str) -> None:
    driver.suffer(trouble)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
