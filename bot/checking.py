"""``paperround check``: is everything there that the bot needs, and what should a person look at."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from bot.errors import StorageError
from bot.ports import Platform, Probe, Source, Storage
from bot.query import Query
from bot.reports import DataLine

_LONG_LOG = 500_000_000
_LITTLE_SPACE = 2
"""Copies of the data that should still fit on the disk."""
_OLD_BACKUP = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One line of the report."""

    name: str
    level: Literal["ok", "warning", "error"]
    text: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known apart from the stores: the configuration's contact, whether a heartbeat is sent, the ``idle``
    channels that follow nothing, what is wrong with ``ports``, the ``versions`` that run, and what is wrong with the
    ``clock`` once some servers have been asked."""

    contact: str
    heartbeat: bool
    idle: Sequence[str]
    ports: Sequence[str]
    versions: str
    clock: Callable[[], str | None]


async def check(
    storage: Storage,
    sources: Mapping[str, Source],
    platforms: Mapping[str, Platform],
    topics: Sequence[tuple[str, Query]],
    *,
    around: Surroundings,
    now: datetime,
) -> list[CheckRow]:
    """Look at the data and the machine, and ask every source and platform one small thing, side by side."""
    rows = [CheckRow("versions", "ok", around.versions)]
    rows.append(await _storage_row(storage))
    rows += _data_rows(await storage.upkeep.data(), now)
    rows += _configured(around)
    rows += [CheckRow("topics", "warning", text) for text in unaskable(topics, sources)]
    probes: dict[str, Coroutine[Any, Any, Probe]] = {}
    probes |= {f"sources.{name}": source.probe() for name, source in sources.items()}
    probes |= {f"chat.{name}": platform.probe() for name, platform in platforms.items()}
    found = await asyncio.gather(*probes.values(), return_exceptions=True)
    rows += [_row(name, probe) for name, probe in zip(probes, found, strict=True)]
    return [*rows, _clock_row(around.clock())]


def unaskable(topics: Sequence[tuple[str, Query]], sources: Mapping[str, Source]) -> Iterator[str]:
    """A sentence for each topic that no source can be asked for."""
    for name, query in topics:
        if not any(source.compile_query(query) for source in sources.values()):
            yield f"topic {name!r}: no source can be asked for it; add a word or a phrase that narrows it down"


async def _storage_row(storage: Storage) -> CheckRow:
    summary = await storage.archive.summary()
    try:
        await storage.upkeep.try_writing()
    except StorageError as error:
        return CheckRow("storage", "error", str(error), "let the bot's user write to the file and to its folder")
    return CheckRow("storage", "ok", f"{summary.papers:,} papers in the archive")


def _data_rows(data: DataLine, now: datetime) -> Iterator[CheckRow]:
    """How the file, its disk and its copies stand (pure)."""
    room = f"{_megabytes(data.size)} of data, {_megabytes(data.free)} free"
    if data.shortage:
        yield CheckRow("disk", "error", data.shortage, "delete or move files of others; the bot goes on by itself")
    elif data.free < _LITTLE_SPACE * data.size:
        yield CheckRow("disk", "warning", room, "make room: a vacuum or a copy may not fit")
    else:
        yield CheckRow("disk", "ok", room)
    if data.log > _LONG_LOG:
        advice = "end what reads the file for long (an export, another program), then start the bot again"
        yield CheckRow("storage.log", "warning", f"the write-ahead log has {_megabytes(data.log)}", advice)
    if not data.backed_up:
        advice = "set [storage] backups, or back up in another way"
        yield CheckRow("storage.backups", "warning", "no copies are made", advice)
    elif data.last_backup is None:
        yield CheckRow("storage.backups", "ok", "no copy yet; the running bot makes one a day")
    elif now - data.last_backup > _OLD_BACKUP:
        advice = "keep the bot running; if it does, its log says why no copy is made"
        yield CheckRow("storage.backups", "warning", f"last copy {_written(data.last_backup)}", advice)
    else:
        yield CheckRow("storage.backups", "ok", f"last copy {_written(data.last_backup)}")


def _configured(around: Surroundings) -> Iterator[CheckRow]:
    """What the configuration and the machine lack (pure)."""
    if not around.contact:
        advice = "set [http] contact, so that the sources can write to you before they lock you out"
        yield CheckRow("http.contact", "warning", "no contact address", advice)
    for channel in around.idle:
        advice = "name [[topics]] in its table, or type /papers topic add there"
        yield CheckRow("channels", "warning", f"{channel} follows no topics, so nothing is posted there", advice)
    for problem in around.ports:
        found, _, advice = problem.partition("; ")
        yield CheckRow("web", "error", found, advice)
    if around.heartbeat:
        advice = "see at the watching service whether it arrives: it is sent by the running bot only"
        yield CheckRow("alerts.heartbeat_url", "ok", "a heartbeat is sent every 5 minutes", advice)


def _clock_row(problem: str | None) -> CheckRow:
    if problem is None:
        return CheckRow("clock", "ok", "agrees with the sources'")
    advice = "let the machine set its clock by NTP (timedatectl set-ntp true); if no server answered, see above why"
    return CheckRow("clock", "error", problem, advice)


def _row(name: str, probe: Probe | BaseException) -> CheckRow:
    if isinstance(probe, BaseException):
        return CheckRow(name, "error", str(probe), "check the network and this table of the configuration")
    if probe.problem:
        return CheckRow(name, "error", probe.summary, probe.problem)
    return CheckRow(name, "ok", probe.summary)


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.1f} MB"


def _written(moment: datetime) -> str:
    return f"{moment:%d %b %Y %H:%M} UTC"
