"""Real records through the whole bot: kept, matched and posted once."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import pytest

from bot.model import DeliveryState
from tests.acceptance.world import World
from tests.fakes.literature import FakeLiterature
from tests.fakes.replay import Replay
from tests.real_data import needs_shared_data, pubmed_texts, word

pytestmark = needs_shared_data

TOPICS = (
    ("cancer", "cancer OR tumour OR tumor"),
    ("protein", "protein OR proteins"),
    ("testing", "title:testing OR title:test"),
)
CANCER, PROTEIN, TESTING = word("cancer|tumou?r"), word("proteins?"), word("testing|test")


@pytest.fixture
async def replay() -> AsyncIterator[Replay]:
    async with Replay() as serving:
        yield serving


@pytest.fixture
def world(tmp_path: Path, replay: Replay) -> World:
    return World(tmp_path, cast("FakeLiterature", replay), topics=TOPICS)  # a world needs its three addresses only


def expected(replay: Replay) -> set[str]:
    """The PMIDs and arXiv ids that the topics ask for, found in the raw texts."""
    pmids = {
        text.source_id
        for text in pubmed_texts()
        if text.has(CANCER) or text.has(PROTEIN) or TESTING.search(text.title.lower())
    }
    return pmids | {_arxiv_id(entry) for entry in replay.entries if _entry_matches(entry)}


def _entry_matches(entry: str) -> bool:
    def texts(tag: str) -> str:
        return " | ".join(re.findall(rf"<{tag}>(.*?)</{tag}>", entry, re.DOTALL)).lower()

    everywhere = f"{texts('title')} | {texts('summary')} | {texts('name')}"
    return bool(CANCER.search(everywhere) or PROTEIN.search(everywhere) or TESTING.search(texts("title")))


def _arxiv_id(entry: str) -> str:
    found = re.search(r"<id>http://arxiv.org/abs/(.+?)v\d+</id>", entry)
    assert found
    return found[1]


async def announced(world: World) -> tuple[set[str], set[str]]:
    """The source's ids of all papers in the archive, and of those whose announcement was sent."""
    async with world.open() as app:
        papers = [paper async for paper in app.export(None)]
        known: set[str] = set()
        sent: set[str] = set()
        for paper in papers:
            ids = {record.source_id for record in paper.records}
            known |= ids
            told = await app._storage.outbox.announced(world.channel, paper.id)
            if told is not None and told.state is DeliveryState.SENT:
                sent |= ids
        return known, sent


async def test_real_papers_that_match_are_posted_once(world: World, replay: Replay) -> None:
    rows = await world.poll()
    assert [(row.fetched, row.error) for row in rows.values()] == [(0, None), (0, None)]

    replay.empty = False
    rows = await world.poll()
    assert {row.error for row in rows.values()} == {None}
    async with world.open() as app:
        refused = await app._storage._database.read("SELECT record, reason FROM refused")
    known, sent = await announced(world)
    everything = {*replay.records, *map(_arxiv_id, replay.entries)}
    assert known | {record for record, _ in refused} == everything
    assert all(reason for _, reason in refused)
    wanted = expected(replay)
    assert 100 < len(wanted) < len(everything)
    assert sent == wanted
    posts = await world.posts()
    assert sum(int(re.findall(r"(\d+) new papers", post)[0]) for post in posts) == len(wanted)

    for _ in range(2):
        rows = await world.poll()
        assert {(row.new, row.changed, row.queued, row.error) for row in rows.values()} == {(0, 0, 0, None)}
        assert rows["pubmed"].fetched >= len(replay.records) - len(refused)
        assert await world.posts() == posts


async def test_what_real_answers_bring_before_the_first_round_ends_is_never_posted(
    world: World, replay: Replay
) -> None:
    replay.empty = False
    await world.poll()
    await world.poll()
    known, sent = await announced(world)
    assert len(known) == len(replay.records) + len(replay.entries)
    assert sent == set()
    assert await world.posts() == []
    async with world.open() as app:
        found = [paper async for paper in app.export(TOPICS[0][1])]
    assert len(found) > 50
