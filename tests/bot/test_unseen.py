"""Why a paper that never came was not posted: its source is asked for it, and the topics judge it on the spot."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.answering import Answering
from bot.commands import parse_command
from bot.conversation import Asker, Notice
from bot.errors import NotFound
from bot.reporting import why
from bot.reports import TopicVerdict, UnseenReport
from bot.unseen import unseen
from storage import SqliteStorage
from tests.examples import CHANNEL, NOW, a_query, a_record
from tests.fakes.desk import a_desk
from tests.fakes.source import FakeSource

DAY = timedelta(days=1)


@pytest.fixture
async def source(storage: SqliteStorage) -> FakeSource:
    await storage.topics.put_channel(CHANNEL)
    source = FakeSource()
    source.elsewhere = [a_record(source_id="39000001", title="Knee MRI", abstract="", published=None)]
    return source


async def reason(storage: SqliteStorage, source: FakeSource, text: str = "39000001") -> str:
    report = await unseen(storage, {"pubmed": source}, text, [CHANNEL], NOW)
    assert report is not None
    [verdict] = report.channels
    return verdict.reason


async def test_it_names_the_clause_that_fails(storage: SqliteStorage, source: FakeSource) -> None:
    await storage.topics.add("hips", a_query("(mri OR ct) (hip OR hips) -child"), CHANNEL.ref, NOW)
    report = await unseen(storage, {"pubmed": source}, "PMID: 39000001", [CHANNEL], NOW)
    assert report is not None
    assert (report.record, report.source) == (source.elsewhere[0], "PubMed")
    [verdict] = report.channels
    query = "(mri OR ct) (hip OR hips) NOT child"
    assert verdict.topics == (
        TopicVerdict("hips", query, ("hip OR hips",), baseline=False, found=("mri", "NOT child")),
    )
    assert verdict.reason == "No topic of this channel matches it, so PubMed was never asked for it."


async def test_nothing_of_it_is_stored(storage: SqliteStorage, source: FakeSource) -> None:
    await reason(storage, source)
    assert (await storage.archive.summary()).papers == 0
    assert await storage.ledger.lines() == []


async def test_it_says_what_a_matching_paper_was_too_old_or_too_new_for(
    storage: SqliteStorage, source: FakeSource
) -> None:
    assert "follows no topics" in await reason(storage, source)
    await storage.topics.add("knees", a_query("knee"), CHANNEL.ref, NOW)
    assert "the next one should bring it" in await reason(storage, source), "there was no round yet"
    await storage.sources.succeeded("pubmed", NOW)
    for entered, said in (
        (NOW.date() - 31 * DAY, "before the 30 days"),
        (NOW.date() - 3 * DAY, "please report this"),
        (NOW.date(), "the next one should bring it"),
    ):
        source.elsewhere = [a_record(source_id="39000001", title="Knee MRI", entered=entered)]
        assert said in await reason(storage, source)


async def test_a_source_that_cannot_be_asked_is_named(storage: SqliteStorage, source: FakeSource) -> None:
    source.breaks = True
    with pytest.raises(NotFound, match="no answer"):
        await unseen(storage, {"pubmed": source}, "39000001", [CHANNEL], NOW)
    other = FakeSource()
    other.elsewhere = source.elsewhere
    assert await unseen(storage, {"pubmed": source, "other": other}, "39000001", [CHANNEL], NOW)


async def test_what_nobody_has_is_none(storage: SqliteStorage, source: FakeSource) -> None:
    for text in ("39000002", "P7", "no paper at all", "10.1000/182"):
        assert await unseen(storage, {"pubmed": source}, text, [CHANNEL], NOW) is None


async def test_the_chat_answers_for_what_it_never_had(storage: SqliteStorage, source: FakeSource) -> None:
    await storage.topics.add("hips", a_query("hip"), CHANNEL.ref, NOW)
    answering = Answering(a_desk(storage, {"pubmed": source}))
    source.elsewhere.append(a_record(source_id="7"))
    asker = Asker(CHANNEL.ref, "ann")
    reply = await answering.answer(parse_command("why 39000001"), asker)
    assert isinstance(reply, UnseenReport)
    for text in ("why 7", "why 39000002", "why P7"):
        reply = await answering.answer(parse_command(text), asker)
        assert isinstance(reply, Notice), "a small number is a line of the last list, not a PMID"
        assert "in the archive" in reply.text


async def test_why_names_the_alternative_that_matched(storage: SqliteStorage, source: FakeSource) -> None:
    [change] = await storage.archive.upsert([a_record(title="Knee MRI", published=date(2026, 11, 12))], NOW)
    await storage.topics.add("knees", a_query("(knee OR hip) mri"), CHANNEL.ref, NOW)
    await storage.topics.add("any", a_query("hip OR (knee mri)"), CHANNEL.ref, NOW)
    [verdict] = (await why(storage, change.paper, [CHANNEL], NOW)).channels
    assert [topic.found for topic in verdict.topics] == [("knee mri",), ("knee", "mri")]
