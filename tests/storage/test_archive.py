import sqlite3
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.conversation import PageRequest
from bot.model import Announcement, Delivery, DeliveryKey, DeliveryKind, Identifier, Kind, PaperId, Status
from bot.ports import Refusal
from storage import SqliteStorage, open_storage
from tests.examples import CHANNEL, NOW, a_query, a_record, an_arxiv_record, doi

LATER = NOW + timedelta(hours=1)


async def titles(storage: SqliteStorage, text: str) -> list[str]:
    page = await storage.searches.search(a_query(text), PageRequest(), NOW)
    return [paper.title for paper in page.papers]


async def test_a_new_record_becomes_a_paper_that_search_finds(storage: SqliteStorage) -> None:
    [change] = await storage.archive.upsert([a_record(title="Gaseous lungs")], NOW)
    assert change.before is None
    assert change.paper.id == 1
    assert await titles(storage, "gaseous") == ["Gaseous lungs"]


async def test_the_same_record_again_is_no_change(storage: SqliteStorage) -> None:
    record = a_record()
    await storage.archive.upsert([record], NOW)
    assert await storage.archive.upsert([record], LATER) == []


async def test_a_revision_changes_its_paper_and_the_index_and_never_looks_new(storage: SqliteStorage) -> None:
    record = a_record(title="Old words", abstract="")
    [first] = await storage.archive.upsert([record], NOW)
    [second] = await storage.archive.upsert([replace(record, title="New words", abstract="Arrived.")], LATER)
    assert second.paper.id == first.paper.id
    assert second.before == first.paper
    assert second.paper.first_seen == NOW
    assert await titles(storage, "title:old") == []
    assert await titles(storage, "arrived") == ["New words"]


async def test_a_new_version_updates_and_an_old_one_does_not_come_back(storage: SqliteStorage) -> None:
    first = an_arxiv_record(source_id="2611.00001", title="Version one")
    await storage.archive.upsert([first], NOW)
    [change] = await storage.archive.upsert([replace(first, version=2, title="Version two")], LATER)
    assert change.before is not None
    assert await storage.archive.upsert([first], LATER) == []
    [paper] = await storage.archive.papers([PaperId(1)])
    assert (paper.title, paper.records[0].version) == ("Version two", 2)


async def test_a_partial_record_never_replaces_a_full_one(storage: SqliteStorage) -> None:
    full = an_arxiv_record()
    await storage.archive.upsert([full], NOW)
    item = replace(full, partial=True, published=None, authors=("A. Lind",))
    assert await storage.archive.upsert([item], LATER) == []
    [change] = await storage.archive.upsert([replace(item, version=2, title="Second version")], LATER)
    assert change.paper.date == full.published


async def test_pubmed_and_arxiv_records_with_one_doi_are_one_paper(storage: SqliteStorage) -> None:
    preprint = an_arxiv_record()
    await storage.archive.upsert([preprint], NOW)
    article = a_record(identifiers=frozenset({Identifier("pmid", "7"), doi("10.5555/x")}), source_id="7")
    linked = replace(preprint, version=2, identifiers=preprint.identifiers | {doi("10.5555/x")})
    await storage.archive.upsert([linked], NOW)
    [change] = await storage.archive.upsert([article], LATER)
    assert change.before is not None
    assert change.paper.kind is Kind.ARTICLE
    assert change.paper.sources == ("pubmed", "arxiv")
    assert change.paper.date == preprint.published


async def test_papers_merge_when_the_link_arrives_and_the_old_number_leads_on(storage: SqliteStorage) -> None:
    preprint = an_arxiv_record(title="Preprint words")
    article = a_record(title="Article words", source_id="8", identifiers=frozenset({doi("10.5555/y")}))
    await storage.archive.upsert([article, preprint], NOW)
    linked = replace(preprint, version=2, identifiers=preprint.identifiers | {doi("10.5555/y")})
    [change] = await storage.archive.upsert([linked], LATER)
    assert change.paper.id == 1
    [paper] = await storage.archive.papers([PaperId(2)])
    assert paper.id == 1
    found = await storage.searches.search(a_query("words"), PageRequest(), NOW)
    assert ([p.title for p in found.papers], found.total) == (["Article words"], 1)
    assert await storage.archive.find(next(iter(preprint.identifiers))) == 1


async def test_two_pubmed_records_with_one_doi_stay_two_papers(storage: SqliteStorage) -> None:
    chapters = [a_record(identifiers=frozenset({doi("10.5555/book")})) for _ in range(2)]
    assert len(await storage.archive.upsert(chapters, NOW)) == 2


async def test_a_preprint_that_pubmed_links_to_its_article_is_one_paper(storage: SqliteStorage) -> None:
    preprint = a_record(kind=Kind.PREPRINT, source_id="11", same_work=frozenset({Identifier("pmid", "12")}))
    await storage.archive.upsert([replace(preprint, identifiers=frozenset({Identifier("pmid", "11")}))], NOW)
    article = a_record(source_id="12", identifiers=frozenset({Identifier("pmid", "12")}))
    [change] = await storage.archive.upsert([article], LATER)
    assert change.before is not None
    assert change.paper.title == article.title


async def test_a_paper_is_never_dated_after_the_day_it_was_first_seen(storage: SqliteStorage) -> None:
    [change] = await storage.archive.upsert([a_record(published=date(2027, 3, 1))], NOW)
    assert change.paper.date == NOW.date()


async def test_a_paper_whose_date_changes_moves_in_the_order(storage: SqliteStorage) -> None:
    old, new = a_record(published=date(2026, 1, 1)), a_record(published=date(2026, 2, 1))
    await storage.archive.upsert([old, new], NOW)
    assert await titles(storage, "radiographs") == [new.title, old.title]
    await storage.archive.upsert([replace(new, published=date(2025, 1, 1))], LATER)
    assert await titles(storage, "radiographs") == [old.title, new.title]


async def test_a_retraction_changes_the_paper(storage: SqliteStorage) -> None:
    record = a_record()
    await storage.archive.upsert([record], NOW)
    [change] = await storage.archive.upsert([replace(record, status=Status.RETRACTED)], LATER)
    assert change.paper.status is Status.RETRACTED


async def test_a_failed_page_leaves_nothing_behind(storage: SqliteStorage) -> None:
    class Boom(Exception):
        pass

    try:
        async with storage.transaction():
            await storage.archive.upsert([a_record()], NOW)
            raise Boom
    except Boom:
        pass
    assert (await storage.archive.summary()).papers == 0
    assert await titles(storage, "radiographs") == []


async def test_refused_records_are_kept_with_their_reason(storage: SqliteStorage, tmp_path: Path) -> None:
    await storage.archive.quarantine("pubmed", [Refusal("123", "no title", "<x/>")], NOW)
    with sqlite3.connect(tmp_path / "papers.sqlite3") as database:
        assert database.execute("SELECT record, reason FROM refused").fetchall() == [("123", "no title")]
    database.close()


async def test_many_changes_leave_an_index_without_ghosts(storage: SqliteStorage, tmp_path: Path) -> None:
    records = [a_record(title=f"Paper {n} alpha", published=date(2026, 10, 1 + n % 9)) for n in range(40)]
    await storage.archive.upsert(records, NOW)
    for turn in range(3):
        changed = [
            replace(r, title=f"Paper beta{turn} {n}", published=date(2026, 9, 1 + (n + turn) % 9))
            for n, r in enumerate(records)
        ]
        await storage.archive.upsert(changed, LATER)
    assert await titles(storage, "alpha OR beta0 OR beta1") == []
    page = await storage.searches.search(a_query("beta2"), PageRequest(), NOW)
    assert page.total == 40
    with sqlite3.connect(tmp_path / "papers.sqlite3") as database:
        database.execute("INSERT INTO paper_index (paper_index) VALUES ('integrity-check')")
    database.close()


async def test_an_index_of_another_version_is_rebuilt(tmp_path: Path) -> None:
    path = tmp_path / "papers.sqlite3"
    async with open_storage(path) as storage:
        await storage.archive.upsert([a_record(title="Kept words")], NOW)
    with sqlite3.connect(path) as database:
        database.execute("UPDATE meta SET value = 'older' WHERE key = 'index_version'")
        database.execute("INSERT INTO paper_index (paper_index) VALUES ('delete-all')")
    database.close()
    async with open_storage(path) as storage:
        assert await titles(storage, "kept") == ["Kept words"]


async def merged_pair(storage: SqliteStorage) -> None:
    """Make papers 1 and 2 one."""
    first, second = await storage.archive.papers([PaperId(1), PaperId(2)])
    link = replace(second.records[0], same_work=first.records[0].identifiers, revision="linked")
    await storage.archive.upsert([link], LATER)


async def test_a_number_leads_on_through_several_mergers(storage: SqliteStorage) -> None:
    records = [a_record() for _ in range(3)]
    await storage.archive.upsert(records, NOW)
    third = replace(records[2], same_work=records[1].identifiers, revision="1")
    await storage.archive.upsert([third], LATER)
    await merged_pair(storage)
    assert [paper.id for paper in await storage.archive.papers([PaperId(3), PaperId(2)])] == [1, 1]


async def test_a_stored_list_shows_what_a_merged_paper_became(storage: SqliteStorage) -> None:
    await storage.archive.upsert([a_record(title="Kept"), a_record(title="Lost words")], NOW)
    page = await storage.searches.search(a_query("lost"), PageRequest(), NOW)
    await merged_pair(storage)
    assert [paper.id for paper in (await storage.searches.turn(page.key, 1, LATER)).papers] == [1]


async def test_what_was_baseline_stays_so_when_papers_merge(storage: SqliteStorage) -> None:
    await storage.archive.upsert([a_record(), a_record()], NOW)
    await storage.sources.add_baseline([(7, PaperId(2))])
    await merged_pair(storage)
    assert await storage.sources.baseline_marks([PaperId(1)]) == {(7, PaperId(1))}


@pytest.mark.parametrize(("told", "waits"), [(1, 2), (2, 1)])
async def test_a_channel_that_heard_of_one_is_not_told_of_the_other_when_they_merge(
    storage: SqliteStorage, told: int, waits: int
) -> None:
    await storage.topics.put_channel(CHANNEL)
    await storage.archive.upsert([a_record(), a_record()], NOW)
    await storage.outbox.queue([Announcement(CHANNEL.ref, PaperId(told), ("mri",))], NOW)
    kind = DeliveryKind.ANNOUNCEMENT
    delivery = Delivery(DeliveryKey("k" * 24), CHANNEL.ref, kind, "P", 1, b"", paper_ids=(PaperId(told),))
    assert await storage.outbox.open([delivery], NOW)
    await storage.outbox.queue([Announcement(CHANNEL.ref, PaperId(waits), ("mri",))], NOW)
    await merged_pair(storage)
    assert await storage.outbox.waiting(CHANNEL.ref) == []
    assert (await storage.outbox.counts())["waiting"] == 0
    assert await storage.outbox.queue([Announcement(CHANNEL.ref, PaperId(1), ("mri",))], LATER) == 0


async def test_two_that_wait_are_told_once_when_they_merge(storage: SqliteStorage) -> None:
    await storage.topics.put_channel(CHANNEL)
    await storage.archive.upsert([a_record(), a_record()], NOW)
    await storage.outbox.queue([Announcement(CHANNEL.ref, PaperId(n), ("mri",)) for n in (1, 2)], NOW)
    await merged_pair(storage)
    assert [announcement.paper_id for announcement in await storage.outbox.waiting(CHANNEL.ref)] == [1]
