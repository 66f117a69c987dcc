"""Real records, thousands of them: none is lost on the way in, and the searches agree with the raw texts."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.files import Format, read_file
from bot.conversation import PageRequest, Sort
from bot.importing import ImportReport, import_records
from bot.query import parse
from storage import SqliteStorage, open_storage
from storage.database import fetch
from tests.examples import NOW
from tests.real_data import ARXIV, PUBMED, Text, arxiv_texts, needs_shared_data, pubmed_texts, word

pytestmark = [needs_shared_data, pytest.mark.asyncio(loop_scope="module")]


@dataclass
class Imported:
    """The archive after the import, and what the import said."""

    storage: SqliteStorage
    pubmed: ImportReport
    arxiv: ImportReport


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def real(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Imported]:
    async with open_storage(tmp_path_factory.mktemp("real") / "papers.sqlite3") as storage:

        async def load(path: Path, form: Format) -> ImportReport:
            return await import_records(read_file(path, form), storage, lambda: NOW, lambda _: None)

        yield Imported(storage, await load(PUBMED, "pubmed-xml"), await load(ARXIV, "jsonl"))


@pytest.fixture(scope="module")
def texts() -> list[Text]:
    return [*pubmed_texts(), *arxiv_texts()]


async def test_no_record_is_lost(real: Imported, texts: list[Text]) -> None:
    for report in (real.pubmed, real.arxiv):
        assert report.read == report.new + report.changed + report.same + len(report.refused)
        assert all(refusal.record and refusal.reason for refusal in report.refused)
    refused = len(real.pubmed.refused) + len(real.arxiv.refused)
    assert real.pubmed.read + real.arxiv.read == len(texts)
    summary = await real.storage.archive.summary()
    assert sum(count for _, count in summary.records) + refused == len({text.source_id for text in texts})
    assert real.pubmed.new + real.arxiv.new == summary.papers


async def test_importing_the_same_again_changes_nothing(real: Imported) -> None:
    again = await import_records(read_file(PUBMED, "pubmed-xml"), real.storage, lambda: NOW, lambda _: None)
    assert (again.read, again.same, again.refused) == (
        real.pubmed.read,
        real.pubmed.read - len(again.refused),
        again.refused,
    )


CANCER, BREAST, COVID, NEURO = word("cancer"), word("breast"), word(r"covid[\W_]+19"), word(r"neuro[^\W_]*")
DEEP_LEARNING, TRANSFORMER = word(r"deep[\W_]+learning"), word("transformer")


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ("cancer", lambda text: text.has(CANCER)),
        ("cancer -breast", lambda text: text.has(CANCER) and not text.has(BREAST)),
        ("covid-19", lambda text: text.has(COVID)),
        ("title:neuro*", lambda text: bool(NEURO.search(text.title.lower()))),
        ('"deep learning" OR cancer', lambda text: text.has(DEEP_LEARNING) or text.has(CANCER)),
        (
            "transformer after:2026-06-01 source:arxiv",
            lambda text: text.listed >= "2026-06-01" and text.has(TRANSFORMER),
        ),
    ],
)
async def test_a_search_finds_as_many_as_the_raw_texts_hold(
    real: Imported, texts: list[Text], query: str, matches: Callable[[Text], bool]
) -> None:
    expected = sum(map(matches, texts))
    assert expected > 10
    found = await real.storage.searches.search(parse(query), PageRequest(), NOW)
    assert found.total == expected


@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.OLDEST])
@pytest.mark.parametrize("query", ["learning", "learning -deep after:2025-06-01", "model OR image*", None])
async def test_pages_by_date_are_read_off_the_index(real: Imported, query: str | None, sort: Sort) -> None:
    statements: list[str] = []
    for reader in real.storage._database._readers:
        await reader.set_trace_callback(statements.append)
    try:
        root = parse(query) if query else None
        first = await real.storage.searches.search(root, PageRequest(sort, 1, 10), NOW)
        await real.storage.searches.turn(first.key, first.pages // 2, NOW)
        await real.storage.searches.turn(first.key, first.pages, NOW)
    finally:
        for reader in real.storage._database._readers:
            await reader.set_trace_callback(None)  # type: ignore[arg-type]
    asked = [statement for statement in statements if statement.startswith("SELECT")]
    assert first.total > 2000
    assert sum("paper_index MATCH" in statement for statement in asked) >= 3  # the total may be known already
    async with real.storage._database.snapshot() as connection:
        for statement in asked:
            plan = [row[3] for row in await fetch(connection, f"EXPLAIN QUERY PLAN {statement}")]
            assert not [step for step in plan if re.match(r"SCAN (papers|records|p|r)\b", step)], (statement, plan)
            if "MATCH" in statement:
                assert not [step for step in plan if "TEMP B-TREE" in step], (statement, plan)
