"""Which controls stay under a list, however it came to be."""

from __future__ import annotations

import pytest

from bot.answering import Answering
from bot.commands import parse_command, parse_control
from bot.conversation import Asker, PageRequest, Reply, ResultPage, Search
from bot.offering import actions_of
from storage import SqliteStorage
from tests.examples import CHANNEL, NOW, a_record
from tests.fakes.desk import a_desk

ANN = Asker(CHANNEL.ref, "ann")


@pytest.fixture
async def answering(storage: SqliteStorage) -> Answering:
    await storage.topics.put_channel(CHANNEL)
    async with storage.transaction():
        for number in range(12):
            await storage.archive.upsert([a_record(source_id=str(number), title=f"MRI of knee {number}")], NOW)
    return Answering(a_desk(storage))


def ids(reply: Reply) -> list[str]:
    return [".".join(action["id"].split(".")[:2]) for action in actions_of(reply, None)]


def used(reply: Reply, name: str, value: str = "") -> str:
    return next(action["id"] for action in actions_of(reply, None) if action["id"].startswith(f"1.{name}"))


async def test_a_search_can_become_an_alert_on_every_page_and_in_every_order(answering: Answering) -> None:
    page = await answering.answer(Search("knee", PageRequest(per_page=5)), ANN)
    for control, value in (("next", ""), ("jump", "3"), ("sort", "oldest"), ("size", "25"), ("filter", "type:journal")):
        assert isinstance(page, ResultPage)
        assert "1.alert" in ids(page), control
        page = await answering.answer(parse_control(used(page, control), value), ANN)
    assert isinstance(page, ResultPage)
    assert page.query.startswith("knee")


async def test_a_search_that_finds_nothing_offers_an_alert_and_a_preview(answering: Answering) -> None:
    page = await answering.answer(Search("elbow"), ANN)
    assert ids(page)[-3:] == ["1.alert", "1.run", "1.run"]
    assert actions_of(page, None)[-1]["value"] == "preview elbow"


@pytest.mark.parametrize("typed", ["latest", "saved"])
async def test_other_lists_cannot_become_an_alert(answering: Answering, typed: str) -> None:
    await answering.answer(parse_command("save P1"), ANN)
    page = await answering.answer(parse_command(typed), ANN)
    assert isinstance(page, ResultPage)
    assert page.papers
    assert "1.alert" not in ids(page)
