"""``paperround check``: is everything there that the bot needs, and what should a person look at."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.ports import Platform, Probe, Source, Storage
from bot.query import Query


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One line of the report."""

    name: str
    level: Literal["ok", "warning", "error"]
    text: str
    advice: str = ""


async def check(
    storage: Storage,
    sources: Mapping[str, Source],
    platforms: Mapping[str, Platform],
    topics: Sequence[tuple[str, Query]],
    *,
    contact: str,
) -> list[CheckRow]:
    """Look at the archive, and ask every source and platform one small thing, side by side."""
    summary = await storage.archive.summary()
    rows = [CheckRow("storage", "ok", f"{summary.papers:,} papers in the archive")]
    if not contact:
        advice = "set [http] contact, so that the sources can write to you before they lock you out"
        rows.append(CheckRow("http.contact", "warning", "no contact address", advice))
    rows += [CheckRow("topics", "warning", text) for text in unaskable(topics, sources)]
    probes: dict[str, Coroutine[Any, Any, Probe]] = {}
    probes |= {f"sources.{name}": source.probe() for name, source in sources.items()}
    probes |= {f"chat.{name}": platform.probe() for name, platform in platforms.items()}
    found = await asyncio.gather(*probes.values(), return_exceptions=True)
    return rows + [_row(name, probe) for name, probe in zip(probes, found, strict=True)]


def unaskable(topics: Sequence[tuple[str, Query]], sources: Mapping[str, Source]) -> Iterator[str]:
    """A sentence for each topic that no source can be asked for."""
    for name, query in topics:
        if not any(source.compile_query(query) for source in sources.values()):
            yield f"topic {name!r}: no source can be asked for it; add a word or a phrase that narrows it down"


def _row(name: str, probe: Probe | BaseException) -> CheckRow:
    if isinstance(probe, BaseException):
        return CheckRow(name, "error", str(probe), "check the network and this table of the configuration")
    if probe.problem:
        return CheckRow(name, "error", probe.summary, probe.problem)
    return CheckRow(name, "ok", probe.summary)
