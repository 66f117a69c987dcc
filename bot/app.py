"""The composition root: opens everything, wires it by hand, and runs the loops."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from adapters import check_tables, open_platform, open_source
from adapters.chat import ChatPlatform, Tools
from adapters.citations import CitationFile
from adapters.http import HttpClient
from adapters.metrics import LoopLag, exposition
from adapters.web import WebServer
from bot.answering import Answering, Desk
from bot.checking import CheckRow, check, unaskable
from bot.config import Config, secrets
from bot.conversation import PageRequest, Reply
from bot.delivering import Deliverer, DeliverReport, DeliverySettings
from bot.errors import ConfigurationError, NotFound, PlatformRefused, StorageError
from bot.housekeeping import keep_house
from bot.importing import ImportReport, import_records
from bot.ledger import balance
from bot.loops import Loops
from bot.maintenance import surroundings
from bot.model import Channel, ChannelRef, DeliveryKey, Paper, Record
from bot.polling import PollRow, look_back, poll
from bot.ports import ArchiveSummary, Refusal, SearchPage, Source
from bot.query import Query, parse
from bot.reporting import channels_named, follows, late_sources, paper_named, status, why
from bot.reports import FollowLine, PlatformLine, StatusReport, UnseenReport, WhyReport
from bot.timekeeping import Timekeeper
from bot.unseen import unseen
from bot.vigil import Vigil
from bot.watching import Watcher
from storage import SqliteStorage, epoch, instance_lock, open_storage

DELIVERY_STEP = timedelta(seconds=1)
"""How often due retries and read-backs are looked for; new announcements are sent at once."""

LEDGER_STEP = timedelta(hours=1)
"""How often a day is looked for whose ledger is to be checked."""

WATCH_STEP = timedelta(minutes=1)
"""How often something is looked for that a person must act on."""

HOUSEKEEPING_STEP = timedelta(hours=1)
"""How often something is looked for that is to be forgotten or backed up."""

SOUND_FOR = timedelta(days=1)
"""How long the data counts as sound after a check; then posting waits for the next."""

LONGEST_CHECK = timedelta(minutes=15)
LONGEST_ROUND = timedelta(hours=2)
"""What takes longer counts as stuck: the check of a large file, and a first fetch of many topics."""

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
async def open_app(config: Config, *, lock: bool, clock: Callable[[], datetime] = utc_now) -> AsyncIterator[App]:
    """Everything opened and wired; closed at the end. With ``lock`` this process alone holds the data, and what the
    file declares is made so. ``clock`` tells the time (UTC).

    Raises ConfigurationError, AnotherInstance, StorageError.
    """
    check_tables(config.sources, config.chat, config.variables)
    path = config.storage.path
    async with contextlib.AsyncExitStack() as stack:
        if lock:
            stack.enter_context(instance_lock(path))
        opening = open_storage(path, exclusive=lock, backups=config.storage.backup_folder)
        storage = await stack.enter_async_context(opening)
        time, settings = Timekeeper(clock), config.http
        http = await stack.enter_async_context(
            HttpClient(
                contact=settings.contact,
                allow_loopback=settings.allow_loopback,
                secrets=secrets(config),
                heard=time.heard,
                now=clock,
            )
        )
        app = App(config, storage, http, time, clock)
        stack.push_async_callback(app.close)
        if lock:
            if epoch.begin(path, clock()):
                _log.warning("%s", PUT_BACK)
            await app.declare()
        yield app


class App:
    """The wired bot."""

    def __init__(
        self,
        config: Config,
        storage: SqliteStorage,
        http: HttpClient,
        time: Timekeeper,
        clock: Callable[[], datetime],
    ) -> None:
        self._config = config
        self._storage = storage
        self._time = time
        self._clock = clock
        self._loops = Loops()
        self._vigil = Vigil(self._loops, http, config.alerts.heartbeat_url, self._is_well)
        self._wake_deliverer = asyncio.Event()
        self._wake_pollers = [asyncio.Event() for _ in config.sources]
        self._not_ready: str | None = "starting"
        self._sound = self._recovered = False
        self._lag = LoopLag()
        self.served = asyncio.Event()
        """Set once everything can be reached over HTTP."""
        self.sources: Mapping[str, Source] = {
            name: open_source(name, table, http, config.http.contact) for name, table in config.sources.items()
        }
        desk = Desk(
            storage,
            self.sources,
            clock,
            self.wake,
            self._render,
            CitationFile,
            config.polling.every,
            time.find_problem,
            self._connections,
            config.links.proxy,
            lambda source, query: look_back(source, storage, clock, query),
        )
        self.answering = Answering(desk)
        self._watcher = Watcher(
            storage, self.sources, config.polling.every, time.find_problem, self._render, self._connections
        )
        self.platforms: Mapping[str, ChatPlatform] = {
            name: open_platform(name, table, self._tools(name)) for name, table in config.chat.items()
        }
        delivery = config.delivery
        settings = DeliverySettings(delivery.request_timeout, delivery.quarantine, delivery.max_per_digest)
        remarks = functools.partial(late_sources, storage, self.sources, config.polling.every)
        self.deliverer = Deliverer(storage, self.platforms, clock, settings, distrust=time.distrust, remarks=remarks)

    def _tools(self, platform: str) -> Tools:
        answering = self.answering
        return Tools(
            answer=answering.answer,
            complete=answering.complete,
            file=answering.file,
            home=answering.home,
            invited=answering.invited,
            admit=answering.admit,
            returned=answering.returned,
            channels=functools.partial(self._channels, platform),
            chat_log=self._storage.chat_log,
            gestures=self._storage.gestures,
            memory=self._storage.memory,
            now=self._clock,
        )

    async def close(self) -> None:
        """End what the platforms have open."""
        await asyncio.gather(*(platform.stop() for platform in self.platforms.values()))

    async def declare(self) -> None:
        """Make the topics, channels and follows of the configuration so."""
        follows = zip(self._declared_channels(), (c.topics for c in self._config.channels), strict=True)
        await self._storage.topics.declare(self._declared_topics(), list(follows), self._clock())

    def _declared_channels(self) -> list[Channel]:
        return [
            Channel(ChannelRef(c.platform, c.workspace, c.id), c.name, c.schedule, c.zone, c.is_timed)
            for c in self._config.channels
        ]

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
            stack.push_async_callback(self._loops.stop)
            await self._connect()
            self._start_loops()
            self._not_ready = None
            for name in unaskable(self._declared_topics(), self.sources):
                _log.warning("%s", name)
            self._vigil.begin()
            await stop.wait()
            self._vigil.end()

    async def _connect(self) -> None:
        """Connect the platforms side by side; one that refuses the bot leaves the others alone. Raises
        ConfigurationError if all of them do."""
        starts = (platform.start() for platform in self.platforms.values())
        refused = [one for one in await asyncio.gather(*starts, return_exceptions=True) if one is not None]
        for error in refused:
            if not isinstance(error, PlatformRefused):
                raise error
            _log.error("%s", error)
        if refused and len(refused) == len(self.platforms):
            raise ConfigurationError("\n".join(map(str, refused)))

    def _connections(self) -> list[PlatformLine]:
        return [PlatformLine(name, platform.trouble()) for name, platform in self.platforms.items()]

    def _start_loops(self) -> None:
        every, start = self._config.polling.every, self._loops.start
        start(DELIVERY_STEP, self._lag.watch)
        deliver = self._deliver_what_is_due
        start(DELIVERY_STEP, deliver, self._wake_deliverer, name="delivering", within=LONGEST_CHECK)
        for source, wake in zip(self.sources.values(), self._wake_pollers, strict=True):
            step = functools.partial(self._poll_and_log, source)
            start(every, step, wake, name=f"polling {source.name}", within=LONGEST_ROUND)
        start(LEDGER_STEP, lambda: balance(self._storage, self._clock()))
        start(WATCH_STEP, self._watch)
        start(HOUSEKEEPING_STEP, lambda: keep_house(self._storage, self._clock()))
        start(SOUND_FOR, self._doubt)

    async def _watch(self) -> None:
        """Nothing is told while nothing can be posted."""
        if self._sound and any(
            [await self._watcher.look(self._clock()), await self._watcher.tell_months(self._clock())]
        ):
            self._wake_deliverer.set()

    async def _doubt(self) -> None:
        self._sound = False

    async def _is_well(self) -> bool:
        return self._sound and not (await self._storage.upkeep.data()).shortage

    async def _serve(self, stack: contextlib.AsyncExitStack, extra_routes: Callable[[WebServer], None]) -> None:
        """Start the web servers: one for each address that something is to be reached at."""
        web = self._config.web
        servers = {
            (web.host, web.port): WebServer(web.host, web.port, ready=lambda: self._not_ready, metrics=self._metrics)
        }
        for platform in self.platforms.values():
            address = platform.address or (web.host, web.port)
            if address not in servers:
                servers[address] = WebServer(*address, ready=lambda: self._not_ready)
            servers[address].add_routes(platform.routes())
        for (host, _), server in servers.items():
            extra_routes(server)
            await server.start()
            stack.push_async_callback(server.stop)
            _log.info("serving http://%s:%d/", host, server.port)
        stack.push_async_callback(self.close)  # before the servers stop, so that event streams end at once

    async def _metrics(self) -> bytes:
        return exposition(await self.status(), self._lag)

    async def _deliver_what_is_due(self) -> None:
        """Posting waits until the file is known to be sound; reading does not."""
        if not self._sound:
            await self._prepare_to_deliver()
            self._not_ready, self._sound = None, True
        if self._time.lost_trust():
            self.wake()  # a server's answer may confirm the clock
        await self._end_restore()
        await self.deliverer.step()

    async def _prepare_to_deliver(self) -> None:
        if damage := await self._storage.damage():
            self._not_ready = "the database is damaged"
            raise StorageError(f"The database is damaged, so nothing is posted: {damage}. Restore a backup of it.")
        if not self._recovered:
            await self.deliverer.recover()
            self._recovered = True

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
        if shortage := (await self._storage.upkeep.data()).shortage:
            return PollRow(source.name, error=shortage)
        return await poll(source, self._storage, self._clock, self._config.polling.lookback)

    async def _channels(self, platform: str) -> list[Channel]:
        """Those of several people, also ones that were not opened yet; direct messages are for their owners."""
        channels = {channel.ref: channel for channel in self._declared_channels()}
        channels |= {channel.ref: channel for channel in await self._storage.topics.channels()}
        return [channel for ref, channel in channels.items() if ref.platform == platform and ref.owner is None]

    def _render(self, channel: ChannelRef, reply: Reply, key: DeliveryKey) -> bytes:
        return self.platforms[channel.platform].render(reply, key)

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
        if self._time.distrust() and (source := next(iter(self.sources.values()), None)):
            await source.probe()  # its server tells the time
        self._time.stop_waiting()
        return await self.deliverer.deliver_due()

    async def search(self, text: str, request: PageRequest) -> SearchPage:
        """A result page; raises QueryError."""
        query = parse(text) if text.strip() else None
        return await self._storage.searches.search(query, request, self._clock())

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
        return await import_records(records, self._storage, self._clock, progress)

    def export(self, text: str | None) -> AsyncIterator[Paper]:
        """Every paper that matches, the newest first; raises QueryError."""
        return self._storage.searches.stream(parse(text) if text else None, self._clock())

    async def check(self) -> list[CheckRow]:
        """A row for the archive, each source, each platform, and whatever a person should look at."""
        around = await surroundings(self._config, self._storage, self.platforms.values(), self._time.distrust)
        topics = self._declared_topics()
        return await check(self._storage, self.sources, self.platforms, topics, around=around, now=self._clock())

    async def status(self) -> StatusReport:
        """How everything stands."""
        clock = self._time.find_problem()
        every, connections = self._config.polling.every, self._connections()
        return await status(self._storage, self.sources, every, self._clock(), clock=clock, platforms=connections)

    async def follows(self) -> list[FollowLine]:
        """Every topic of every channel, with what became of its papers."""
        return await follows(self._storage)

    async def why(self, text: str, channel: str | None) -> WhyReport | UnseenReport:
        """What became of a paper, in all channels or the named one; raises NotFound."""
        storage, now = self._storage, self._clock()
        channels = await channels_named(storage, channel)
        try:
            paper = await paper_named(storage, text)
        except NotFound:
            if not (found := await unseen(storage, self.sources, text, channels, now)):
                raise
            return found
        return await why(storage, paper, channels, now)
