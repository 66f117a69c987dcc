"""The composition root: opens everything, wires it by hand, and runs the loops."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters import check_tables, open_platform, open_source
from adapters.chat import ChatPlatform
from adapters.http import HttpClient
from adapters.metrics import LoopLag, exposition
from adapters.web import WebServer
from bot.answering import Answering, Desk
from bot.checking import CheckRow, check, unaskable
from bot.config import Config, secrets
from bot.conversation import PageRequest
from bot.delivering import TROUBLE_PAUSE, Deliverer, DeliverReport, DeliverySettings
from bot.errors import ConfigurationError, StorageError
from bot.importing import ImportReport, import_records
from bot.ledger import balance
from bot.model import Channel, ChannelRef, Paper, Record
from bot.polling import PollRow, poll
from bot.ports import ArchiveSummary, Refusal, SearchPage, Source
from bot.query import Query, parse
from bot.reporting import channels_named, follows, paper_named, status, why
from bot.reports import FollowLine, StatusReport, WhyReport
from storage import SqliteStorage, backup, epoch, instance_lock, open_storage

DELIVERY_STEP = timedelta(seconds=1)
"""How often due retries and read-backs are looked for; new announcements are sent at once."""

LEDGER_STEP = timedelta(hours=1)
"""How often a day is looked for whose ledger is to be checked."""

PUT_BACK = (
    "The data is older than what this bot did last: an old copy was put in its place. Before anything is posted, each "
    "channel is read for what it shows already."
)
_BASELINE_CHECK = 0.1
_log = logging.getLogger(__name__)


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


@contextlib.asynccontextmanager
async def open_app(config: Config, *, lock: bool) -> AsyncIterator[App]:
    """Everything opened and wired; closed at the end. With ``lock`` this process alone holds the data, and what the
    file declares is made so.

    Raises ConfigurationError, AnotherInstance, StorageError.
    """
    check_tables(config.sources, config.chat, config.variables)
    path = config.storage.path
    async with contextlib.AsyncExitStack() as stack:
        if lock:
            stack.enter_context(instance_lock(path))
        storage = await stack.enter_async_context(open_storage(path, exclusive=lock))
        http = await stack.enter_async_context(
            HttpClient(contact=config.http.contact, allow_loopback=config.http.allow_loopback, secrets=secrets(config))
        )
        app = App(config, storage, http)
        if lock:
            if epoch.begin(path, utc_now()):
                _log.warning("%s", PUT_BACK)
            await app.declare()
        yield app


class App:
    """The wired bot."""

    def __init__(self, config: Config, storage: SqliteStorage, http: HttpClient) -> None:
        self._config = config
        self._storage = storage
        self._wake_deliverer = asyncio.Event()
        self._wake_pollers = [asyncio.Event() for _ in config.sources]
        self._not_ready: str | None = "starting"
        self._sound = False
        self._lag = LoopLag()
        self.served = asyncio.Event()
        """Set once everything can be reached over HTTP."""
        self.sources: Mapping[str, Source] = {
            name: open_source(name, table, http, config.http.contact) for name, table in config.sources.items()
        }
        self.answering = Answering(Desk(storage, self.sources, utc_now, self.wake, config.polling.every))
        self.platforms: Mapping[str, ChatPlatform] = {
            name: open_platform(
                name,
                table,
                chat_log=storage.chat_log,
                answer=self.answering.answer,
                channels=functools.partial(self._channels, name),
                now=utc_now,
            )
            for name, table in config.chat.items()
        }
        delivery = config.delivery
        settings = DeliverySettings(delivery.request_timeout, delivery.quarantine, delivery.max_per_digest)
        self.deliverer = Deliverer(storage, self.platforms, utc_now, settings)

    async def declare(self) -> None:
        """Make the topics, channels and follows of the configuration so."""
        channels = [
            (Channel(ChannelRef(c.platform, c.workspace, c.id), c.name or c.id, c.schedule, c.zone), c.topics)
            for c in self._config.channels
        ]
        await self._storage.topics.declare(self._declared_topics(), channels, utc_now())

    def _declared_topics(self) -> list[tuple[str, Query]]:
        return [(topic.name, parse(topic.query)) for topic in self._config.topics]

    def wake(self) -> None:
        """Let the loops look at once for something to do."""
        for event in (self._wake_deliverer, *self._wake_pollers):
            event.set()

    # ------------------------------------------------------------ the long run

    async def run(self, stop: asyncio.Event, extra_routes: Callable[[WebServer], None] = lambda _: None) -> None:
        """Serve, poll and deliver until ``stop`` is set."""
        async with contextlib.AsyncExitStack() as stack:
            await self._serve(stack, extra_routes)
            self.served.set()
            stack.push_async_callback(self.deliverer.close)
            loops = [
                self._lag.watch(),
                _every(DELIVERY_STEP, self._wake_deliverer, self._deliver_what_is_due),
                _every(LEDGER_STEP, asyncio.Event(), lambda: balance(self._storage, utc_now())),
                *(
                    _every(self._config.polling.every, wake, functools.partial(self._poll_and_log, source))
                    for source, wake in zip(self.sources.values(), self._wake_pollers, strict=True)
                ),
            ]
            tasks = [asyncio.create_task(loop) for loop in loops]
            stack.push_async_callback(_cancel, tasks)
            self._not_ready = None
            for name in unaskable(self._declared_topics(), self.sources):
                _log.warning("%s", name)
            await stop.wait()

    async def _serve(self, stack: contextlib.AsyncExitStack, extra_routes: Callable[[WebServer], None]) -> None:
        """Start the web servers: one for each address that something is to be reached at."""
        web = self._config.web
        servers = {
            (web.host, web.port): WebServer(web.host, web.port, ready=lambda: self._not_ready, metrics=self._metrics)
        }
        for platform in self.platforms.values():
            if platform.address is not None:
                if platform.address not in servers:
                    servers[platform.address] = WebServer(*platform.address, ready=lambda: self._not_ready)
                servers[platform.address].add_routes(platform.routes())
        for (host, _), server in servers.items():
            extra_routes(server)
            await server.start()
            stack.push_async_callback(server.stop)
            _log.info("serving http://%s:%d/", host, server.port)
        for platform in self.platforms.values():
            stack.callback(platform.close)  # before the servers stop, so that event streams end at once

    async def _metrics(self) -> bytes:
        return exposition(await self.status(), self._lag.worst)

    async def _deliver_what_is_due(self) -> None:
        """Posting waits until the file is known to be sound; reading does not."""
        if not self._sound:
            await self._prepare_to_deliver()
            self._not_ready, self._sound = None, True
        await self._end_restore()
        await self.deliverer.step()

    async def _prepare_to_deliver(self) -> None:
        if damage := await self._storage.damage():
            self._not_ready = "the database is damaged"
            raise StorageError(f"The database is damaged, so nothing is posted: {damage}. Restore a backup of it.")
        await self.deliverer.recover()

    async def _end_restore(self) -> None:
        if await self._storage.restores.over(self.sources):
            _log.info("All that came since the restored state has been looked for; posting goes on as usual.")

    async def _poll_and_log(self, source: Source) -> None:
        row = await self._poll(source)
        if row.error:
            _log.warning("%s: %s", source.title, row.error)
        else:
            done = (source.title, row.fetched, row.new, row.changed, row.queued)
            _log.info("%s: %d fetched, %d new, %d changed, %d to announce", *done)
        if row.queued:
            self._wake_deliverer.set()

    async def _poll(self, source: Source) -> PollRow:
        return await poll(source, self._storage, utc_now, self._config.polling.lookback)

    async def _channels(self, platform: str) -> list[tuple[str, str]]:
        channels = await self._storage.topics.channels()
        return [(channel.ref.id, channel.name) for channel in channels if channel.ref.platform == platform]

    # ------------------------------------------------------------ single commands

    async def poll(self, names: Sequence[str]) -> list[PollRow]:
        """One round of the named sources (of all, if none is named). Raises ConfigurationError for an unknown name."""
        if unknown := [name for name in names if name not in self.sources]:
            raise ConfigurationError(
                f"there is no source {unknown[0]!r} switched on; there is {', '.join(self.sources)}"
            )
        return list(await asyncio.gather(*(self._poll(self.sources[name]) for name in names or self.sources)))

    async def deliver(self) -> DeliverReport:
        """Send what is due and settle what is unknown."""
        await self._prepare_to_deliver()
        await self._end_restore()
        return await self.deliverer.deliver_due()

    async def search(self, text: str, request: PageRequest) -> SearchPage:
        """A result page; raises QueryError."""
        query = parse(text) if text.strip() else None
        return await self._storage.searches.search(query, request, utc_now())

    async def summary(self) -> ArchiveSummary:
        """What the archive holds."""
        return await self._storage.archive.summary()

    async def baselines_done(self) -> None:
        """Wait until every source has brought the first 30 days of every topic."""
        topics = {topic.id for topic in await self._storage.topics.all()}
        for source in self.sources:
            while not topics <= await self._storage.sources.baselines(source):  # noqa: ASYNC110 - the demo's start only
                await asyncio.sleep(_BASELINE_CHECK)

    async def import_records(
        self, records: Iterator[Record | Refusal], progress: Callable[[int], None]
    ) -> ImportReport:
        """Load records into the archive; nothing is announced."""
        return await import_records(records, self._storage, utc_now, progress)

    def export(self, text: str | None) -> AsyncIterator[Paper]:
        """Every paper that matches, the newest first; raises QueryError."""
        return self._storage.searches.stream(parse(text) if text else None, utc_now())

    async def check(self) -> list[CheckRow]:
        """A row for the archive, each source, each platform, and whatever a person should look at."""
        return await check(
            self._storage, self.sources, self.platforms, self._declared_topics(), contact=self._config.http.contact
        )

    async def status(self) -> StatusReport:
        """How everything stands."""
        return await status(self._storage, self.sources, self._config.polling.every, utc_now())

    async def follows(self) -> list[FollowLine]:
        """Every topic of every channel, with what became of its papers."""
        return await follows(self._storage)

    async def why(self, text: str, channel: str | None) -> WhyReport:
        """What became of a paper, in all channels or the named one; raises NotFound."""
        channels = await channels_named(self._storage, channel)
        return await why(self._storage, await paper_named(self._storage, text), channels, utc_now())


def back_up(config: Config, target: Path) -> int:
    """Copy the data to a new file, beside a running bot too; returns how many papers it holds. Raises StorageError."""
    return backup.back_up(config.storage.path, target, utc_now())["papers"]


def restore(config: Config, file: Path) -> Path | None:
    """Put a backup in place of the data; see storage.backup. Raises StorageError, AnotherInstance."""
    return backup.restore(config.storage.path, file, utc_now())


async def _every(interval: timedelta, wake: asyncio.Event, step: Callable[[], Awaitable[None]]) -> None:
    """Run a step again and again, after the interval or as soon as something wakes it. A failure is logged, and
    followed by a pause, so that a full disk does not fill the log as well."""
    while True:
        wake.clear()
        pause = interval
        try:
            await step()
        except Exception:  # noqa: BLE001 - the loop outlives whatever its step does
            _log.exception("a step failed; it is tried again")
            pause = max(interval, TROUBLE_PAUSE)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(wake.wait(), pause.total_seconds())


async def _cancel(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
