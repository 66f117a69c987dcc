"""A busy minute on Slack: a thousand members click while two hundred channels receive a digest.

``python -m tests.benchmarks.crowd``. Slack is the tests' own, with its published limits, in this process; the bot is a
process of its own.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import aiohttp

from bot.app import utc_now
from tests.benchmarks.measure import free_port, milliseconds, percentile, show
from tests.fakes.literature import FakeLiterature
from tests.fakes.slack import Channel, FakeSlack, Message, User

MEMBERS = 1_000
CHANNELS = 200
MINUTE = 60.0
_PAPERS = 8
"""More than five that wait become a digest."""

_PATIENCE = 180.0


@dataclass
class Minute:
    """What was measured; ``acks`` in seconds, ``lags`` as the bot tells them (p99, worst)."""

    acks: list[float] = field(default_factory=list)
    unacked: int = 0
    answered: int = 0
    lags: list[tuple[float, float]] = field(default_factory=list)


async def busy_minute(folder: Path) -> None:
    """Let it happen, and say how it went."""
    minute = Minute()
    async with FakeLiterature(now=utc_now) as literature, FakeSlack() as slack:
        channels = [slack.channel(f"team-{number}") for number in range(CHANNELS)]
        members = [slack.user(f"member-{number}") for number in range(MEMBERS)]
        publish(literature, "before", _PAPERS)
        async with _running(folder, slack, literature, channels) as metrics:
            while "source_last_success" not in await _get(metrics):
                await asyncio.sleep(0.2)
            listed = await _search(slack, members[0], channels[0])
            begin = slack.now()
            publish(literature, "new", _PAPERS)
            watching = asyncio.create_task(_watch(metrics, minute))
            await asyncio.gather(*(_click(slack, one, listed, number, minute) for number, one in enumerate(members)))
            await slack.until(lambda: all(map(slack.messages, channels)) or None, _PATIENCE)
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
    _report(slack, channels, minute, begin)


def publish(literature: FakeLiterature, what: str, count: int) -> None:
    """Put papers in that the topic matches."""
    for number in range(count):
        literature.add_pubmed(title=f"MRI of the {what} kind, number {number}.")


async def _search(slack: FakeSlack, member: User, channel: Channel) -> Message:
    """A message with controls for everybody: the member's list, shared with the channel."""
    answer = await slack.answer_to(await slack.slash(member, channel, "search mri"), _PATIENCE)
    share = next(id_ for id_ in action_ids(answer) if id_.startswith("1.share"))
    await slack.click(member, answer, share)
    await slack.submit(await slack.view_for(member))
    return await slack.until(lambda: next(iter(slack.messages(channel)), None), _PATIENCE)


def action_ids(message: Message) -> list[str]:
    """The ids of its controls."""
    return [one["action_id"] for block in message.blocks for one in block.get("elements", []) if "action_id" in one]


async def _click(slack: FakeSlack, member: User, listed: Message, number: int, minute: Minute) -> None:
    """Open the shared list at some moment of the minute, and wait for it."""
    await asyncio.sleep(number * MINUTE / MEMBERS)
    more = next(id_ for id_ in action_ids(listed) if id_.startswith("1.more"))
    gesture = await slack.click(member, listed, more)
    minute.unacked += not gesture.acked
    minute.acks.append(gesture.delay)
    await slack.answer_to(gesture, _PATIENCE)
    minute.answered += 1


async def _watch(metrics: str, minute: Minute) -> None:
    while True:
        await asyncio.sleep(5)
        text = await _get(metrics)
        found = [re.search(rf"^paperround_{name} (\S+)$", text, re.MULTILINE) for name in _LAGS]
        minute.lags.append((float(found[0][1]), float(found[1][1])))  # type: ignore[index]


async def _get(metrics: str) -> str:
    try:
        async with aiohttp.ClientSession() as session, session.get(metrics) as response:
            return await response.text()
    except aiohttp.ClientConnectionError:
        return ""  # it is starting


_LAGS = ("loop_lag_p99_seconds", "loop_lag_seconds")


@asynccontextmanager
async def _running(
    folder: Path, slack: FakeSlack, literature: FakeLiterature, channels: list[Channel]
) -> AsyncIterator[str]:
    """``paperround run``; gives the address of its metrics."""
    home, port = slack.workspace(), free_port()
    tables = "".join(
        f'[[channels]]\nplatform = "slack"\nid = "{one.id}"\ntopics = ["mri"]\nschedule = "now"\n' for one in channels
    )
    config = folder / "crowd.toml"
    config.write_text(
        f"""
        storage.path = {json.dumps(str(folder / "papers.sqlite3"))}
        log.level = "warning"
        polling.every = "2s"
        http = {{ contact = "bench@example.org", allow_loopback = true }}
        web.port = {port}
        sources.pubmed = {{ base_url = "{literature.eutils_url}", pace = 1000 }}
        [chat.slack]
        api_url = "{slack.api_url}"
        bot_token = "{home.bot_token}"
        app_token = "{home.app_token}"
        [[topics]]
        name = "mri"
        query = "mri"
        {tables}
        """,
        encoding="utf-8",
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PAPERROUND_")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run", "--config", str(config)), env=environment
    )
    try:
        yield f"http://127.0.0.1:{port}/metrics"
    finally:
        process.terminate()
        await process.wait()


def _report(slack: FakeSlack, channels: list[Channel], minute: Minute, begin: float) -> None:
    posts = sorted(call.at for call in slack.calls["chat.postMessage"] if call.at > begin)
    refused = len(slack.calls["chat.postMessage"]) - sum(len(slack.messages(channel)) for channel in channels)
    gaps = [
        float(later.ts) - float(earlier.ts)
        for channel in channels
        for earlier, later in pairwise(slack.messages(channel))
    ]
    fullest = max(sum(at <= other < at + MINUTE for other in posts) for at in posts)
    p99, worst = map(max, zip(*minute.lags, strict=True))
    done = f"{MEMBERS - minute.unacked:,} / {minute.answered:,}"
    rows = [
        (f"clicks of {MEMBERS:,} members that were acknowledged / answered", done),
        ("until a click was acknowledged, p50 / p95 / max", f"{milliseconds(minute.acks)} ms"),
        ("the same, p99", f"{1000 * percentile(minute.acks, 99):,.0f} ms"),
        (f"channels of {CHANNELS} with their digest", f"{sum(bool(slack.messages(one)) for one in channels)}"),
        ("from its papers to the last digest", f"{posts[-1] - begin:,.1f} s"),
        ("posts in the fullest minute / refused for their pace", f"{fullest} / {refused}"),
        ("between two posts in a channel, at least", f"{min(gaps):,.2f} s" if gaps else "one post each"),
        ("lag of the event loop, p99 / worst", f"{1000 * p99:,.0f} / {1000 * worst:,.0f} ms"),
    ]
    show("A busy minute on Slack", ("", ""), rows)


def main() -> None:
    """Run in a folder that is removed afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(busy_minute(Path(folder)))


if __name__ == "__main__":
    main()
