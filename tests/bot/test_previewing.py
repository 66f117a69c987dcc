"""What a preview counts, and what it warns of."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.conversation import PreviewReport, Role
from bot.errors import SourceError
from bot.preview_words import bars, by_day, compared, effect
from bot.previewing import PREVIEW_DAYS, preview, preview_import
from bot.query import parse
from bot.translating import read_search
from storage import SqliteStorage
from tests.examples import NOW, TODAY, a_record
from tests.fakes.source import FakeSource

TITLES = ("Lanterns by rivers", "Lanterns by rivers at night", "Lanterns at night", "Rivers", "Bridges")


@pytest.fixture
async def archive(storage: SqliteStorage) -> SqliteStorage:
    """Five papers of the last days, two of them of one day, and one that is older than a preview looks."""
    days = (1, 1, 2, 3, 4)
    records = [
        a_record(title=title, abstract="", authors=("Ada Wick",), published=TODAY - timedelta(days=days[n]))
        for n, title in enumerate(TITLES)
    ]
    old = a_record(title="Lanterns", abstract="", published=TODAY - timedelta(days=PREVIEW_DAYS + 1))
    await storage.archive.upsert([*records, old], NOW)
    return storage


async def previewed(archive: SqliteStorage, query: str, *sources: FakeSource) -> PreviewReport:
    return await preview(parse(query), archive.searches, sources, NOW)


async def clauses(archive: SqliteStorage, query: str) -> list[tuple[str, Role, int, int]]:
    report = await previewed(archive, query)
    return [(clause.text, clause.role, clause.found, clause.change) for clause in report.clauses]


async def test_the_archives_matches_are_told_day_by_day(archive: SqliteStorage) -> None:
    report = await previewed(archive, "lanterns")
    assert (report.archived, len(report.per_day), len(report.newest)) == (3, PREVIEW_DAYS + 1, 3)
    assert [line for line in report.per_day if line[1]] == [
        (TODAY - timedelta(days=2), 1),
        (TODAY - timedelta(days=1), 2),
    ]
    assert report.busiest == (TODAY - timedelta(days=1), 2)
    assert bars(report)[-4:] == "▁▅█▁"
    assert by_day(report) == "3 are in the archive so far; the busiest day is Thu 19 Nov with 2"


async def test_what_the_archive_does_not_know_yet_is_said(archive: SqliteStorage) -> None:
    source = FakeSource()
    source.past = [a_record() for _ in range(40)]
    assert by_day(await previewed(archive, "lanterns", source)).startswith("3 of about 40 are in the archive so far")


async def test_each_part_of_an_and_says_how_many_more_there_would_be_without_it(archive: SqliteStorage) -> None:
    assert await clauses(archive, "lanterns rivers NOT night") == [
        ("lanterns", Role.REQUIRED, 3, 1),
        ("rivers", Role.REQUIRED, 3, 0),
        ("NOT night", Role.EXCLUDED, 2, 1),
    ]


async def test_each_part_of_an_or_says_how_many_only_it_brings(archive: SqliteStorage) -> None:
    found = await clauses(archive, "lanterns OR rivers OR wick")
    assert found == [
        ("lanterns", Role.ALTERNATIVE, 3, 0),
        ("rivers", Role.ALTERNATIVE, 3, 0),
        ("wick", Role.ALTERNATIVE, 5, 1),
    ]


async def test_effects_are_told_in_words(archive: SqliteStorage) -> None:
    required = (await previewed(archive, "lanterns rivers NOT night")).clauses
    assert list(map(effect, required)) == ["without it 1 more", "takes nothing away", "takes 1 away"]
    (first, _) = (await previewed(archive, "lanterns OR bridges")).clauses
    assert effect(first) == "finds 3, 3 of them only by it"


@pytest.mark.parametrize(
    ("query", "warning"),
    [
        ("lanterns OR rivres", "The archive has no paper with rivres so far. Is that spelt right?"),
        ("lanterns wick", "wick is found only as a name of authors. Write author: to mean that."),
        ("lanterns OR lant*", "lant* is a short beginning, which many words have."),
        ("lanterns OR lantern*", "lanterns finds all 3 by itself; what else is named adds nothing."),
        ("lanterns NOT night", "NOT night takes away 2 and leaves 1."),
        ("lanterns before:2020", "It ends before today, so no new paper can match. Take before: away."),
    ],
)
async def test_what_looks_wrong_is_warned_of(archive: SqliteStorage, query: str, warning: str) -> None:
    assert warning in (await previewed(archive, query)).warnings


async def test_a_sound_query_has_no_warnings(archive: SqliteStorage) -> None:
    assert (await previewed(archive, "lanterns OR bridges")).warnings == ()


async def test_an_imported_search_is_counted_as_pasted_too(archive: SqliteStorage) -> None:
    source = FakeSource()
    source.past = [a_record() for _ in range(7)]
    found = read_search("lanterns[ti] AND english[la]")
    assert found is not None
    shown = await preview_import("lights", found, archive.searches, {"pubmed": source}, NOW)
    assert compared(shown) == (
        "PubMed, last 30 days: 7 papers as pasted; for the topic it is asked for 7 papers; 3 matches in the archive "
        "so far."
    )


async def test_a_source_that_does_not_answer_leaves_the_import_readable(archive: SqliteStorage) -> None:
    class Silent(FakeSource):
        async def count_own(self, search: str, since: object, now: object) -> int:
            raise SourceError("PubMed answered 500")

    found = read_search("lanterns[ti]")
    assert found is not None
    shown = await preview_import("lights", found, archive.searches, {"pubmed": Silent()}, NOW)
    assert shown.original is not None
    assert shown.original.problem == "PubMed answered 500"
    assert "PubMed answered 500" in compared(shown)
    unknown = await preview_import("lights", found, archive.searches, {}, NOW)
    assert unknown.original is None
