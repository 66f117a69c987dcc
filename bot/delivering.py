"""Outbox → channel: claim, send, classify, resolve.

The intent is committed before the call and the verdict after it; only reading the channel back settles an attempt
whose outcome is unknown. One lane per channel, so that one channel's trouble is its own.
"""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.agenda import Agenda
from bot.composing import Composer, Remarks
from bot.digesting import Batch, slot_mark
from bot.errors import StorageError
from bot.model import ABSENCES_NEEDED, ChannelRef, Delivery, DeliveryState
from bot.ports import Outcome, Platform, ReadBack, Receipt, Restored, Storage
from bot.restoring import READ_BACK_MARGIN, Restoring

TROUBLE_PAUSE = timedelta(seconds=60)
"""How long a channel rests when the database or its read-back fails."""

_FIRST_RETRY = timedelta(seconds=5)
_LONGEST_RETRY = timedelta(minutes=15)
_PROBES = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DeliverySettings:
    """How long one call may take, how long an unknown rests before the channel is read back, and how many papers a
    digest lists."""

    request_timeout: timedelta = timedelta(seconds=30)
    quarantine: timedelta = timedelta(seconds=120)
    max_per_digest: int = 10


@dataclass(frozen=True, slots=True)
class DeliverReport:
    """What one run of ``deliver`` did and what it left: counts, and the errors it met."""

    sent: int
    waiting: int
    unknown: int
    held: int
    errors: tuple[str, ...]


def retry_at(delivery: Delivery, receipt: Receipt, now: datetime) -> datetime:
    """When to try again what was proven not sent: when the platform says, else later and later."""
    if receipt.retry_after is not None:
        return now + timedelta(seconds=receipt.retry_after)
    return now + min(_FIRST_RETRY * 2.0 ** min(delivery.attempts - 1, 10), _LONGEST_RETRY)


def probe_at(since: datetime, now: datetime) -> datetime:
    """When a channel lost since a moment is tried again: 1, 6 and then every 24 hours later (facts: fault 15)."""
    return now + next((pause for pause in _PROBES if now - since < pause), _PROBES[-1])


def read_back_at(delivery: Delivery, quarantine: timedelta) -> datetime | None:
    """When an unknown delivery may be looked for: after the quarantine, the second time a quarter of it later."""
    if delivery.last_at is None:
        return None
    return delivery.last_at + (quarantine if delivery.absences == 0 else quarantine / 4)


async def _nothing(_: datetime) -> Sequence[str]:
    return ()


class Deliverer:
    """Drains the outbox, and opens each slot. ``distrust`` says what is wrong with the clock: meanwhile nothing new is
    frozen; ``remarks`` give the footer of a digest."""

    def __init__(
        self,
        storage: Storage,
        platforms: Mapping[str, Platform],
        clock: Callable[[], datetime],
        settings: DeliverySettings,
        *,
        distrust: Callable[[], str | None] = lambda: None,
        remarks: Remarks = _nothing,
    ) -> None:
        self._storage = storage
        self._outbox = storage.outbox
        self._platforms = platforms
        self._clock = clock
        self._settings = settings
        self._distrust = distrust
        self._agenda = Agenda(storage.schedules)
        self._composer = Composer(storage, platforms, settings.max_per_digest, remarks)
        self._restoring = Restoring(storage, platforms)
        self._lanes: dict[ChannelRef, asyncio.Task[None]] = {}
        self._resting: dict[ChannelRef, datetime] = {}
        self._sent = 0
        self._errors: list[str] = []

    async def recover(self) -> None:
        """Call once at start, before anything is sent."""
        if recovered := await self._outbox.recover():
            _log.warning("%d deliveries were being sent when the bot stopped; they will be looked for", recovered)

    async def step(self) -> None:
        """Start a lane for every channel with something to do; lanes end by themselves."""
        now = self._clock()
        for channel in await self._busy_channels(now):
            rests = channel in self._resting and now < self._resting[channel]
            if channel not in self._lanes and not rests:
                lane = asyncio.create_task(self._drain(channel), name=f"lane {channel}")
                self._lanes[channel] = lane
                lane.add_done_callback(functools.partial(self._close_lane, channel))

    async def _busy_channels(self, now: datetime) -> list[ChannelRef]:
        """The channels with something to do now, on open platforms."""
        due = [] if self._distrust() else await self._agenda.due(now)
        busy = dict.fromkeys([*await self._outbox.busy_channels(now), *due])
        return [channel for channel in busy if channel.platform in self._platforms]

    async def deliver_due(self) -> DeliverReport:
        """Send what is due now and settle what can be settled, waiting for quarantines, then report."""
        for _ in range(ABSENCES_NEEDED + 1):
            await self.step()
            await asyncio.gather(*self._lanes.values())
            if (rest := await self._seconds_to_next_read_back()) is None:
                break
            await asyncio.sleep(rest)
        counts = await self._outbox.counts()
        return DeliverReport(
            sent=self._sent,
            waiting=counts.get("waiting", 0) + counts.get("pending", 0),
            unknown=counts.get("unknown", 0),
            held=counts.get("held", 0),
            errors=tuple(self._errors),
        )

    async def close(self) -> None:
        """Stop every lane; what was being sent is written down as unknown."""
        lanes = list(self._lanes.values())
        for lane in lanes:
            lane.cancel()
        await asyncio.gather(*lanes, return_exceptions=True)

    def _close_lane(self, channel: ChannelRef, _: asyncio.Task[None]) -> None:
        del self._lanes[channel]

    # ------------------------------------------------------------ one channel

    async def _drain(self, channel: ChannelRef) -> None:
        try:
            while await self._advance(channel):
                pass
        except StorageError as error:
            self._rest(channel, str(error))
        except Exception:  # noqa: BLE001 - a lane goes on whatever an adapter does
            _log.exception("delivering to %s failed", channel)
            self._rest(channel, "failed in an unexpected way; the log says how")

    async def _advance(self, channel: ChannelRef) -> bool:
        """Do the channel's next step; False if there is none to do now."""
        now = self._clock()
        if unfinished := await self._outbox.unfinished(channel):
            return await self._resume(unfinished[0], now)
        if self._distrust() or not (batch := await self._composer.next(channel, now)):
            return False
        restored = await self._storage.restores.doubt(channel) if batch.announces else None
        return await (self._compare(batch, restored, now) if restored else self._post(batch, now))

    async def _post(self, batch: Batch, now: datetime) -> bool:
        """Freeze and send the next message. Papers may be merged meanwhile: then what waits is looked at again."""
        await self._platforms[batch.channel.platform].turn(batch.channel)
        composed = await self._composer.compose(batch, now)
        opened = await self._composer.open(composed, batch, self._clock()) if composed else None
        return opened is not None and await self._send(opened)

    async def _compare(self, batch: Batch, restored: Restored, now: datetime) -> bool:
        """Look in the channel for what waits, before any of it is posted."""
        channel = batch.channel
        if now < restored.at + self._settings.quarantine:
            return False
        posted = await self._restoring.posted(channel, restored)
        match posted.result:
            case ReadBack.UNAVAILABLE:
                self._rest(channel, f"{posted.error or 'cannot be read now'}; trying again")
                return False
            case ReadBack.UNREADABLE:
                return await self._hold(batch, posted.error or "the channel cannot be read", now)
        if await self._restoring.settle(channel, await self._outbox.waiting(channel), posted):
            return True
        if slot_mark(batch) in posted.marks:
            await self._composer.pass_over(batch)
            return True
        return await self._post(batch, now)

    async def _hold(self, batch: Batch, error: str, now: datetime) -> bool:
        """Leave a message to a person: it may be there already, and nobody can tell."""
        if not (composed := await self._composer.compose(batch, now)):
            return False
        self._trouble(f"{batch.channel}: {error}. Delivery {composed.key} is held for a person to settle.")
        held = replace(composed, state=DeliveryState.HELD, error=error, last_at=now)
        return await self._composer.settle(held, batch)

    async def _resume(self, delivery: Delivery, now: datetime) -> bool:
        match delivery.state:
            case DeliveryState.PENDING if delivery.not_before is None or now >= delivery.not_before:
                await self._platforms[delivery.channel.platform].turn(delivery.channel)
                return await self._send(await self._outbox.claim(delivery.key, self._clock()))
            case DeliveryState.UNKNOWN:
                due = read_back_at(delivery, self._settings.quarantine)
                return (due is None or now >= due) and await self._read_back(delivery)
            case _:
                return False

    async def _send(self, delivery: Delivery) -> bool:
        """Make the one call. Whatever happens to it, its outcome is written down."""
        platform = self._platforms[delivery.channel.platform]
        try:
            async with asyncio.timeout(self._settings.request_timeout.total_seconds()):
                receipt = await platform.post(delivery.channel, delivery.key, delivery.payload)
        except TimeoutError:
            receipt = Receipt(Outcome.UNKNOWN, error="no answer in time")
        except asyncio.CancelledError:
            await asyncio.shield(self._outbox.unknown(delivery.key, "stopped while sending", self._clock()))
            raise
        except Exception:  # noqa: BLE001 - a lane goes on whatever an adapter does
            _log.exception("posting to %s failed", delivery.channel)
            receipt = Receipt(Outcome.UNKNOWN, error="posting failed in an unexpected way")
        await self._keep_trying(lambda: self._record(delivery, receipt))
        return receipt.outcome is Outcome.SENT or receipt.permanent

    async def _record(self, delivery: Delivery, receipt: Receipt) -> None:
        now, error = self._clock(), receipt.error or ""
        match receipt.outcome:
            case Outcome.SENT:
                await self._outbox.sent(delivery.key, receipt.message_id or "", now)
                self._sent += 1
            case Outcome.NOT_SENT if receipt.channel_lost:
                async with self._storage.transaction():
                    since = await self._storage.troubles.lose(delivery.channel, error, now)
                    again = probe_at(since, now)
                    await self._outbox.not_sent(delivery.key, error, now, again)
                self._trouble(f"{delivery.channel}: {error}. Its papers wait; next try at {again:%d %b %H:%M} UTC.")
            case Outcome.NOT_SENT if receipt.permanent:
                await self._outbox.dead(delivery.key, error, now)
                self._trouble(f"{delivery.channel}: {error}. This message will not be tried again.")
            case Outcome.NOT_SENT:
                again = retry_at(delivery, receipt, now)
                await self._outbox.not_sent(delivery.key, error, now, again)
                self._trouble(f"{delivery.channel}: {error}. Not sent; next try at {again:%H:%M:%S} UTC.")
            case Outcome.UNKNOWN:
                await self._outbox.unknown(delivery.key, error, now)
                self._trouble(f"{delivery.channel}: {error}. It may have arrived; the channel will be read back.")

    async def _read_back(self, delivery: Delivery) -> bool:
        platform = self._platforms[delivery.channel.platform]
        since = (delivery.first_at or self._clock()) - READ_BACK_MARGIN
        sighting = await platform.read_back(delivery.channel, delivery.key, since)
        match sighting.result:
            case ReadBack.FOUND:
                await self._outbox.sent(delivery.key, sighting.message_id or "", self._clock())
                return True
            case ReadBack.ABSENT:
                await self._outbox.absent(delivery.key, self._clock())
                return True
            case ReadBack.UNREADABLE:
                error = sighting.error or "the channel cannot be read"
                await self._outbox.held(delivery.key, error, self._clock())
                self._trouble(f"{delivery.channel}: {error}. Delivery {delivery.key} is held for a person to settle.")
                return True
            case ReadBack.UNAVAILABLE:
                self._rest(delivery.channel, f"{sighting.error or 'cannot be read now'}; trying again")
                return False

    async def _keep_trying(self, record: Callable[[], Awaitable[None]]) -> None:
        """The outcome is known here only: hold on to it until the database takes it."""
        pause = 1.0
        while True:
            try:
                return await record()
            except StorageError as error:
                self._trouble(f"{error} Trying again in {pause:.0f} s.")
                await asyncio.sleep(pause)
                pause = min(pause * 2, 60.0)

    async def _seconds_to_next_read_back(self) -> float | None:
        """How long until the next channel can be read back; None if there is none to be on an open platform."""
        now = self._clock()
        due = [
            at for channel in await self._busy_channels(now) if (at := await self._read_back_at(channel)) is not None
        ]
        return max(0.05, (min(due) - now).total_seconds()) if due else None

    async def _read_back_at(self, channel: ChannelRef) -> datetime | None:
        if unfinished := await self._outbox.unfinished(channel):
            unknown = unfinished[0].state is DeliveryState.UNKNOWN
            return read_back_at(unfinished[0], self._settings.quarantine) if unknown else None
        restored = await self._storage.restores.doubt(channel)
        return restored.at + self._settings.quarantine if restored else None

    def _rest(self, channel: ChannelRef, text: str) -> None:
        self._resting[channel] = self._clock() + TROUBLE_PAUSE
        self._trouble(f"{channel}: {text}")

    def _trouble(self, text: str) -> None:
        _log.warning(text)
        self._errors.append(text)
