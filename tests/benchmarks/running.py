"""The bot as a process on a big archive: how soon it is ready, what it needs when idle, how soon it answers."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median

import aiohttp

from adapters.demo.papers import Writer
from bot.app import utc_now
from tests.benchmarks.measure import free_port, milliseconds, show, timed
from tests.fakes.literature import FakeLiterature

STARTS = 5
POLLED = 3_000
_IDLE, _STEP = 5.0, 0.005
_CHECKED = 30.0
"""Seconds after which the check of a big file at the start is over."""

_COMMANDS = ("search deep learning", "search neural -cancer sort:relevance", "latest", "topics", "status", "search a*")
_CONFIG = """
[storage]
path = "{path}"
[log]
level = "warning"
[web]
port = {web}
[chat.local]
port = {chat}
[polling]
every = "5s"
[http]
contact = "bench@example.org"
allow_loopback = true
[[topics]]
name = "polled"
query = "polled"
[[channels]]
platform = "local"
id = "bench"
topics = ["polled"]
schedule = "now"
"""
_NO_SOURCE = "[sources.pubmed]\nenabled = false\n"
_PUBMED = '[sources.pubmed]\nbase_url = "{url}"\napi_key = "none"\npace = 100.0\n'


async def run_bot(path: Path, scratch: Path, papers: int) -> None:
    """Start ``paperround run`` with the local chat alone, then with a source that brings POLLED new papers."""
    starts, memory = [], 0.0
    for _ in range(STARTS):
        async with _running(path, scratch) as (process, _, _, seconds):
            starts.append(seconds)
            if len(starts) == STARTS:
                await asyncio.sleep(_IDLE)
                memory = _resident(process.pid)
    async with _running(path, scratch) as (_, chat, web, _):
        known = await _archived(web)
        await asyncio.sleep(_CHECKED)
        idle = [seconds for _ in range(20) for seconds in await _ask(chat)]
    with _literature() as address:
        async with _running(path, scratch, _PUBMED.format(url=address)) as (_, chat, web, _):
            busy: list[float] = []
            while await _archived(web) == known:
                await asyncio.sleep(_STEP)
            while await _archived(web) < known + POLLED:
                busy += await _ask(chat)
    rows = [
        ("start to ready, median of 5", f"{1000 * median(starts):,.0f} ms"),
        (f"resident after {_IDLE:.0f} s, local chat alone", f"{memory / 1e6:,.0f} MB"),
        ("a command, p50 / p95 / max", f"{milliseconds(idle)} ms"),
        (f"the same while {POLLED:,} new papers are polled ({len(busy)} commands)", f"{milliseconds(busy)} ms"),
    ]
    show(f"`paperround run` on {papers:,} papers", ("", ""), rows)


@asynccontextmanager
async def _running(
    path: Path, scratch: Path, sources: str = _NO_SOURCE
) -> AsyncIterator[tuple[asyncio.subprocess.Process, str, str, float]]:
    """The process, the addresses of its channel and of its metrics, and the seconds until it was ready."""
    web, chat = free_port(), free_port()
    config = scratch / "bench.toml"
    config.write_text(_CONFIG.format(path=path, web=web, chat=chat) + sources, encoding="utf-8")
    with timed() as lap:
        process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", "run", "--config", str(config))
        await _ready(f"http://127.0.0.1:{web}/readyz")
    try:
        yield process, f"http://127.0.0.1:{chat}/api/channels/bench", f"http://127.0.0.1:{web}", lap.seconds
    finally:
        process.terminate()
        await process.wait()


async def _ready(address: str) -> None:
    async with aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(address) as response:
                    if response.status == 200:
                        return
            except aiohttp.ClientConnectionError:
                pass
            await asyncio.sleep(_STEP)


async def _ask(channel: str) -> list[float]:
    """The seconds of each command."""
    times = []
    async with aiohttp.ClientSession() as session:
        for words in _COMMANDS:
            command = {"user": "ann", "admin": True, "text": f"/papers {words}"}
            with timed() as lap:
                async with session.post(f"{channel}/commands", json=command) as response:
                    assert response.status == 200, await response.text()
                    await response.read()
            times.append(lap.seconds)
    return times


async def _archived(web: str) -> float:
    """How many papers the archive holds."""
    async with aiohttp.ClientSession() as session, session.get(f"{web}/metrics") as response:
        lines = (await response.text()).splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith("paperround_papers "))


@contextmanager
def _literature() -> Iterator[str]:
    """The address of a PubMed with POLLED new papers, in a process of its own, for it keeps a core busy."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_publish, args=(there,), daemon=True)
    process.start()
    try:
        yield here.recv()
    finally:
        process.terminate()
        process.join()


def _publish(told: Connection) -> None:
    """New papers with numbers of their own in every run."""

    async def serve() -> None:
        async with FakeLiterature(now=utc_now) as literature:
            told.send(literature.eutils_url)
            await asyncio.sleep(_CHECKED)
            seed, now = int(time.time()), utc_now()
            writer = Writer(seed)
            for number in range(POLLED):
                paper = replace(writer.pubmed(now), pmid=seed % 10_000_000 * 100 + number, doi=None)
                paper = replace(paper, title=f"Polled: {paper.title}")
                literature.library.append(paper)
            await asyncio.Event().wait()

    asyncio.run(serve())


def _resident(pid: int) -> float:
    """Bytes in memory (Linux: proc(5))."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * float(os.sysconf("SC_PAGE_SIZE"))
