"""What a person settles: held and refused deliveries, over real storage, through the answers and the deliverer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta

import pytest

from bot.answering import Answering
from bot.commands import parse_command
from bot.conversation import Asker, Notice
from bot.delivering import Deliverer, DeliverySettings
from bot.digesting import delivery_key, next_generation
from bot.model import Announcement, ChannelRef, Delivery, DeliveryKind, DeliveryState, Member, PaperId
from bot.ports import ReadBack
from bot.reporting import status, why
from bot.reports import StatusReport
from bot.stuck import StuckLine
from bot.wording import fate, person, visible
from storage import SqliteStorage
from tests.examples import CHANNEL, NOW, OTHER_CHANNEL, a_query, a_record
from tests.fakes.desk import a_desk
from tests.fakes.platform import FakePlatform, loses_the_request, will_never_take

ANN = Asker(CHANNEL.ref, "ann", admin=True)
BOB = Asker(CHANNEL.ref, "bob")


class Place:
    """A channel of the local chat, and who asks there."""

    def __init__(self, storage: SqliteStorage) -> None:
        self.storage = storage
        self.platform = FakePlatform()
        self.answering = Answering(a_desk(storage))
        settings = DeliverySettings()
        self.deliverer = Deliverer(storage, {"local": self.platform}, lambda: NOW, settings)

    async def announce(self, count: int = 1) -> list[PaperId]:
        changes = await self.storage.archive.upsert([a_record() for _ in range(count)], NOW)
        ids = [change.paper.id for change in changes]
        await self.storage.outbox.queue([Announcement(CHANNEL.ref, paper, ("mri",)) for paper in ids], NOW)
        return ids

    async def deliver(self) -> None:
        await self.deliverer.step()
        await asyncio.gather(*self.deliverer._lanes.values())

    async def refuse(self, count: int = 1) -> StuckLine:
        """A delivery that the platform has refused."""
        await self.announce(count)
        self.platform.faults.append(will_never_take)
        await self.deliver()
        [line] = await self.storage.troubles.stuck()
        return line

    async def ask(self, text: str, asker: Asker = ANN) -> str:
        reply = await self.answering.answer(parse_command(text), asker)
        assert isinstance(reply, Notice)
        return visible(reply.text)

    async def states(self) -> Mapping[str, int]:
        return {state: number for state, number in (await self.storage.outbox.counts()).items() if number}


@pytest.fixture
async def place(storage: SqliteStorage) -> Place:
    for channel in (CHANNEL, OTHER_CHANNEL):
        await storage.topics.put_channel(channel)
        await storage.schedules.set_schedule(channel.ref, "now", "UTC")
    await storage.topics.add("mri", a_query(), CHANNEL.ref, NOW)
    return Place(storage)


async def hold(place: Place) -> StuckLine:
    """A delivery that may or may not have arrived, in a channel that cannot be read."""
    await place.announce()
    place.platform.faults.append(loses_the_request)
    place.platform.readable = ReadBack.UNREADABLE
    await place.deliver()
    [delivery] = await place.storage.outbox.unfinished(CHANNEL.ref)
    await place.storage.outbox.held(delivery.key, "may not be read", NOW)
    [line] = await place.storage.troubles.stuck()
    return line


async def test_a_held_post_is_sent_anew_under_a_key_of_its_own(place: Place) -> None:
    line = await hold(place)
    assert line.state is DeliveryState.HELD
    assert "posted again" in await place.ask(f"resend {line.short}")
    await place.deliver()
    [(_, key, payload)] = place.platform.messages
    assert key != line.key
    assert payload
    assert await place.states() == {"cancelled": 1, "sent": 1}
    assert await place.storage.troubles.stuck() == []
    [old] = await place.storage.troubles.named(line.key)
    assert (old.error, old.settled_by, old.papers) == (f"resent as {key}", "ann", 0)


async def test_what_was_resent_and_refused_again_can_be_resent_again(place: Place) -> None:
    first = await place.refuse(count=6)
    for generation in (1, 2):
        [line] = await place.storage.troubles.stuck()
        place.platform.faults.append(will_never_take)
        await place.ask(f"resend {line.key}")
        await place.deliver()
        [line] = await place.storage.troubles.stuck()
        assert line.slot == f"{first.slot}#{generation}"
        assert line.papers == 6
    assert await place.states() == {"cancelled": 2, "dead": 1}


async def test_a_skipped_post_counts_as_posted_and_why_says_so(place: Place) -> None:
    line = await place.refuse()
    assert "as posted" in await place.ask(f"skip {line.short}")
    await place.deliver()
    assert place.platform.messages == []
    assert await place.states() == {"cancelled": 1}
    [announced] = await place.storage.troubles.announcements(line.key)
    [paper] = await place.storage.archive.papers([announced.paper_id])
    [verdict] = (await why(place.storage, paper, [CHANNEL], NOW)).channels
    assert verdict.announced
    assert fate(verdict.announced).startswith(f"Skipped by {person('ann')}, ")
    assert await place.storage.outbox.queue([announced], NOW) == 0, "it is never announced again"
    report = await status(place.storage, {}, timedelta(), NOW, channel=CHANNEL.ref)
    assert report.channels[0].history.error is None, "what is settled is no trouble any more"


@pytest.mark.parametrize("commands", [("resend", "resend"), ("resend", "skip"), ("skip", "resend"), ("skip", "skip")])
async def test_two_who_settle_the_same_have_one_effect(place: Place, commands: tuple[str, str]) -> None:
    line = await place.refuse()
    await place.storage.managers.add("bob", CHANNEL.ref, NOW)
    answers = await asyncio.gather(
        *(place.ask(f"{command} {line.key}", asker) for command, asker in zip(commands, (ANN, BOB), strict=True))
    )
    await place.deliver()
    assert len(place.platform.messages) <= 1
    assert [answer.endswith("Nothing was done.") for answer in sorted(answers, key=len)].count(True) == 1
    assert await place.storage.troubles.stuck() == []


async def test_a_second_click_is_told_who_was_first(place: Place) -> None:
    line = await place.refuse()
    await place.ask(f"skip {line.key}")
    assert "it was skipped by ann" in await place.ask(f"skip {line.key}")
    assert "it was skipped by ann" in await place.ask(f"resend {line.key}")


async def test_only_who_administers_the_channel_settles_there(place: Place) -> None:
    line = await place.refuse()
    assert "Only admins" in await place.ask(f"skip {line.key}", BOB)
    elsewhere = Asker(OTHER_CHANNEL.ref, "ann", admin=True)
    assert "no delivery" in await place.ask(f"skip {line.key}", elsewhere), "an admin there is none here"
    foreign = Asker(ChannelRef("local", "else", "papers"), "ann", admin=True)
    assert "no delivery" in await place.ask(f"skip {line.key}", foreign)
    assert len(await place.storage.troubles.stuck()) == 1
    await place.storage.managers.add("bob", CHANNEL.ref, NOW)
    direct = Asker(Member("local", "", "bob").direct, "bob")
    assert "as posted" in await place.ask(f"skip {line.key}", direct), "a manager may from their direct messages"


async def test_a_key_must_say_which(place: Place) -> None:
    assert "at least 4" in await place.ask("skip x")
    assert "no delivery" in await place.ask("skip aaaa")
    line = await place.refuse()
    await place.ask(f"resend {line.key}")
    await place.deliver()
    assert "needs nobody" in await place.ask(f"skip {line.key}")


async def test_what_announces_nothing_can_only_be_skipped(place: Place) -> None:
    key = delivery_key("i", CHANNEL.ref, DeliveryKind.SHARE, "P1", 1)
    await place.storage.outbox.add(Delivery(key, CHANNEL.ref, DeliveryKind.SHARE, "P1", 1, b"bytes"))
    place.platform.faults.append(will_never_take)
    await place.deliver()
    assert "a share" in await place.ask(f"resend {key}")
    assert "is not posted" in await place.ask(f"skip {key}")


async def test_status_offers_settling_to_those_who_may(place: Place) -> None:
    line = await place.refuse()
    for asker, may in ((ANN, True), (BOB, False)):
        reply = await place.answering.answer(parse_command("status"), asker)
        assert isinstance(reply, StatusReport)
        assert reply.stuck == (line,)
        assert reply.may_settle is may
    elsewhere = await place.answering.answer(parse_command("status"), Asker(OTHER_CHANNEL.ref, "ann", admin=True))
    assert isinstance(elsewhere, StatusReport)
    assert elsewhere.stuck == ()


async def test_a_person_who_is_forgotten_is_no_longer_named(place: Place) -> None:
    line = await place.refuse()
    await place.ask(f"skip {line.key}")
    member = Member("local", "", "ann")
    assert (await place.storage.people.kept(member)).changes == 1
    await place.storage.people.forget(member)
    [settled] = await place.storage.troubles.named(line.key)
    assert settled.settled_by is None
    assert (await place.storage.people.kept(member)).nothing


def test_each_generation_has_a_slot_and_a_key() -> None:
    slots = ["P12", next_generation("P12"), next_generation(next_generation("P12"))]
    assert slots == ["P12", "P12#1", "P12#2"]
    keys = {delivery_key("i", CHANNEL.ref, DeliveryKind.ANNOUNCEMENT, slot, 1) for slot in slots}
    assert len(keys) == 3
