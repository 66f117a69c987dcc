"""Commands and pages of records against a real database."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from adapters.chat.local.commands import BadRequest, read_question, read_use
from adapters.files import read_jsonl
from adapters.sources import arxiv, pubmed
from bot.answering import Answering
from bot.commands import offered_command, parse_control
from bot.conversation import Asker, Command, ResultPage
from bot.errors import SourceError
from bot.model import Channel, ChannelRef, Record, Topic
from bot.ports import Refusal
from bot.query import Query
from storage import SqliteStorage, open_storage
from tests.examples import CHANNEL, NOW, a_query
from tests.fakes.desk import a_desk
from tests.fakes.source import FakeSource
from tests.fuzz import Check, generators, samples
from tests.fuzz.messages import check_message

_CHANNELS = 40
_KEY = "LISTKEY"
"""Stands in an input for the key of the list that was shown last."""


class _Asked(FakeSource):
    """Asks what PubMed would be asked."""

    def compile_query(self, query: Query) -> str | None:
        return pubmed.compile_query(query)


@contextmanager
def with_storage(check: Callable[[SqliteStorage, Any], Awaitable[object]]) -> Iterator[Check]:
    """A real database with some papers in it; its loop goes on between the checks."""
    with TemporaryDirectory() as folder, asyncio.Runner() as runner:
        stack = AsyncExitStack()

        async def opened() -> SqliteStorage:
            storage = await stack.enter_async_context(open_storage(Path(folder) / "papers.sqlite3"))
            await storage.archive.upsert(samples.records(), NOW)
            for number in range(_CHANNELS):
                await storage.topics.put_channel(Channel(_channel(number), f"channel {number}"))
            return storage

        storage = runner.run(opened())
        try:
            yield lambda given: runner.run(_awaited(check(storage, given)))
        finally:
            runner.run(stack.aclose())


async def _awaited(answer: Awaitable[object]) -> None:
    await answer


def _channel(number: int) -> ChannelRef:
    return replace(CHANNEL.ref, id=f"papers-{number}")


def a_request(random: Random) -> tuple[int, bytes]:
    """The number of a channel, and what the page sends from there."""
    asker = {"user": "ann", "admin": random.random() < 0.8}
    if random.random() < 0.7:
        body: dict[str, object] = asker | {"text": generators.command(random)}
    else:
        control, value = generators.control(random, (_KEY, _KEY))
        body = asker | {"message": 1, "action": control, "value": value}
    sent = json.dumps(body).encode()
    return random.randrange(_CHANNELS), generators.damaged(random, sent) if random.random() < 0.1 else sent


@contextmanager
def with_conversation() -> Iterator[Check]:
    keys = ["none"]

    async def check(storage: SqliteStorage, given: tuple[int, bytes]) -> None:
        body = given[1].replace(_KEY.encode(), keys[0].encode())
        try:
            asker, command, asked = _understood(body, _channel(given[0]).id)
        except BadRequest:
            return
        answering = Answering(a_desk(storage, {"pubmed": _Asked()}))
        reply = await answering.answer(command, asker)
        if isinstance(reply, ResultPage) and reply.key:
            keys[0] = reply.key
        check_message(reply, asked)

    with with_storage(check) as checking:
        yield checking


def _understood(body: bytes, channel: str) -> tuple[Asker, Command, str | None]:
    """Who asks, what is asked, and the words of it, as the local chat understands a request."""
    if b'"action"' not in body:
        question = read_question(body, channel)
        return question.asker, question.command, question.asked
    use = read_use(body, channel)
    value = use.value or ""
    return use.asker, parse_control(use.control, value), offered_command(use.control, value) or None


def a_page(random: Random) -> tuple[Record, ...]:
    """Records that parsers read from damaged answers."""
    found: list[Record] = []
    for _ in range(20):
        reader, form = random.choice(_RECORD_READERS)
        try:
            found += reader(generators.damaged(random, random.choice(form())))
        except SourceError:
            continue
        if found:
            break
    return tuple(found)


_RECORD_READERS: tuple[tuple[Callable[[bytes], Iterable[Record]], Callable[[], tuple[bytes, ...]]], ...] = (
    (lambda body: pubmed.parse(body)[0], samples.pubmed_sets),
    (lambda body: arxiv.parse_api(body).records, samples.arxiv_answers),
    (lambda body: arxiv.parse_rss(body).records, samples.daily_feeds),
    (lambda body: arxiv.parse_oai(body).records, samples.oai_answers),
    (lambda body: [item for item in read_jsonl(BytesIO(body)) if not isinstance(item, Refusal)], samples.json_lines),
)


async def check_archive(storage: SqliteStorage, page: tuple[Record, ...]) -> None:
    changes = await storage.archive.upsert(page, NOW)
    papers = await storage.archive.papers([change.paper.id for change in changes])
    assert papers == [change.paper for change in changes]
    await storage.matcher.match(changes, [Topic(1, "a", a_query("lantern* OR after:2026"), NOW)], NOW)
