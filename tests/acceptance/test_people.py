"""What belongs to one person: a reading list, alerts, shares, citations, and being forgotten."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest

from adapters.chat.local.render import render
from bot.app import App
from bot.citing import CitationFormat
from bot.commands import parse_command, parse_control
from bot.conversation import (
    AlertAdded,
    AlertList,
    AlreadyHere,
    Asker,
    CitationFile,
    CitationText,
    Kept,
    Notice,
    PaperCard,
    PrivacyReport,
    React,
    Reacted,
    Reply,
    ResultPage,
    TopicAdded,
    TopicList,
    TopicResumed,
)
from bot.model import Channel, ChannelRef, PaperId
from tests.acceptance.world import World
from tests.examples import TODAY

DIRECT = ChannelRef("local", "", "dm-ann")


@pytest.fixture
async def app(world: World) -> AsyncIterator[App]:
    for n in range(12):
        world.literature.add_pubmed(title=f"MRI of joint {n}.", doi=f"10.5555/joint.{n}", abstract=(("", "Text."),))
    await world.poll()
    async with world.open() as opened:
        yield opened


class Person:
    """Somebody without any rights in a channel."""

    def __init__(self, app: App, user: str = "ann", channel: str = "papers", *, admin: bool = False) -> None:
        self._app = app
        self._asker = Asker(ChannelRef("local", "", channel), user, admin)

    async def say(self, text: str) -> Reply:
        return await self._app.answering.answer(parse_command(text), self._asker)

    async def use(self, control: str, value: str = "") -> Reply:
        return await self._app.answering.answer(parse_control(control, value), self._asker)

    async def told(self, text: str) -> str:
        reply = await self.say(text)
        assert isinstance(reply, Notice), reply
        return reply.text

    async def listed(self, text: str) -> ResultPage:
        reply = await self.say(text)
        assert isinstance(reply, ResultPage), reply
        return reply


async def shown(app: App, channel: str = "papers") -> list[dict[str, object]]:
    """The public messages of a channel."""
    return [json.loads(message.body) for message in await app._storage.chat_log.since(channel, None, None)]


# ---------------------------------------------------------------- citing


async def test_a_paper_is_cited_in_every_format(app: App) -> None:
    ann = Person(app)
    for form, start in (("bibtex", "@article{"), ("ris", "TY  - JOUR"), ("csl-json", "[")):
        reply = await ann.say(f"cite P1 format:{form}")
        assert isinstance(reply, CitationText)
        assert reply.text.startswith(start)
        assert "MRI of joint" in reply.text.replace("{MRI}", "MRI")
    assert isinstance(await ann.say("cite P1"), CitationText)
    assert "No paper" in await ann.told("cite P999999")


async def test_a_list_is_cited_by_page_or_whole_in_its_order(app: App) -> None:
    ann = Person(app)
    page = await ann.listed("search mri sort:oldest per_page:5")
    one = await ann.use(f"1.cite.{page.key}", "csl-json.2")
    assert isinstance(one, CitationFile)
    assert (one.count, one.total, one.file_name) == (5, 12, "5-papers.json")
    everything = await ann.use(f"1.cite.{page.key}", "csl-json")
    assert isinstance(everything, CitationFile)
    assert (everything.count, everything.request.form) == (12, CitationFormat.CSL_JSON)
    cited = json.loads("".join([piece async for piece in app.answering.file(everything.request)]))
    on_page = json.loads("".join([piece async for piece in app.answering.file(one.request)]))
    assert len(cited) == 12
    assert [one["DOI"] for one in on_page] == [one["DOI"] for one in cited[5:10]]
    assert cited[0]["DOI"] == page.papers[0].doi
    assert isinstance(await ann.use("1.cite.nosuchkey", "ris"), Notice)
    assert isinstance(await ann.use(f"1.cite.{page.key}", "word"), Notice)


# ---------------------------------------------------------------- reading list


async def test_saved_papers_are_private_and_newest_first(app: App) -> None:
    ann, bob = Person(app), Person(app, "bob")
    assert "empty" in await ann.told("saved")
    for number in (3, 1, 2):
        assert "now" in await ann.told(f"save P{number}")
    assert "already" in await ann.told("save P1")
    elsewhere = Person(app, channel="dm-ann")
    listed = await elsewhere.listed("saved")
    assert [paper.id for paper in listed.papers] == [2, 1, 3]
    assert "empty" in await bob.told("saved")
    assert "off" in await ann.told("unsave P1")
    assert "was not" in await ann.told("unsave P1")
    assert [paper.id for paper in (await ann.listed("saved")).papers] == [2, 3]
    assert "off" in await ann.told("unsave 1")


async def test_an_opened_paper_says_whether_it_is_saved(app: App) -> None:
    ann = Person(app)
    before = await ann.say("show P1")
    await ann.say("save P1")
    after = await ann.say("show P1")
    assert isinstance(before, PaperCard)
    assert isinstance(after, PaperCard)
    assert (before.saved, after.saved) == (False, True)


async def test_a_reaction_is_noted_and_taken_back(app: App) -> None:
    ann = Person(app)
    assert isinstance(await ann.use("1.react.useful.P1"), Reacted)
    assert (await kept(ann)).reactions == 1
    noted = await app.answering.answer(React("useful", "7", PaperId(1)), Asker(DIRECT, "ann"))
    assert [action["id"] for action in render(noted, TODAY, "")["actions"]] == ["1.unreact.useful.P1.7"]
    undo = parse_control("1.unreact.useful.P1.7")
    await app.answering.answer(undo, Asker(DIRECT, "ann"))
    assert (await kept(ann)).reactions == 1


# ---------------------------------------------------------------- alerts


async def test_an_alert_is_delivered_to_the_person_alone(world: World) -> None:
    await world.poll()
    async with world.open() as app:
        added = await Person(app).say("alert add knees knee")
        assert isinstance(added, AlertAdded)
        await app._storage.topics.put_channel(Channel(DIRECT, "Direct messages", "now"))
    await world.poll()
    world.literature.add_pubmed(title="A knee at last.", abstract=(("", "Text."),))
    await world.poll()
    async with world.open() as app:
        assert [message["kind"] for message in await shown(app, "dm-ann")] == ["announcement"]
        assert await shown(app) == []
        assert [channel.ref.id for channel in await app._channels("local")] == ["papers"]


async def test_alerts_are_listed_paused_resumed_and_removed(app: App) -> None:
    ann = Person(app)
    assert "no alerts" in await ann.told("alert list")
    assert isinstance(await ann.say("alert add knees knee"), AlertAdded)
    assert "already" in await ann.told("alert add KNEES other")
    assert "paused" in await ann.told("alert pause knees")
    listed = await ann.say("alert list")
    assert isinstance(listed, AlertList)
    assert [(line.topic.name, line.topic.paused) for line in listed.alerts] == [("knees", True)]
    assert isinstance(await ann.say("alert resume knees"), TopicResumed)
    assert "ended" in await ann.told("alert remove knees")
    assert "You have no alert “knees”" in await ann.told("alert remove knees")


async def test_a_search_becomes_an_alert_by_its_control(app: App) -> None:
    ann = Person(app)
    for query, name in (("joint title:mri", "joint mri"), ("zebrafish", "zebrafish")):
        page = await ann.listed(f"search {query}")
        added = await ann.use(f"1.alert.{page.key}")
        assert isinstance(added, AlertAdded), added
        assert (added.topic.name, str(added.topic.query)) == (name, query)
    everything = await ann.listed("search type:article")
    assert isinstance(await ann.use(f"1.alert.{everything.key}"), Notice)


async def test_direct_messages_are_administered_by_their_owner_only(app: App) -> None:
    own, other = Person(app, channel="dm-ann"), Person(app, "bob", "dm-ann")
    assert isinstance(await own.say("topic add hips hip"), TopicAdded)
    await Person(app).say("alert add knees knee")
    listed = await own.say("topics")
    assert isinstance(listed, TopicList)
    assert [line.topic.name for line in listed.topics] == ["hips", "knees"]
    assert isinstance(await other.say("topic add ankles ankle"), Notice)
    assert isinstance(await Person(app).say("topic add hips hip"), Notice)


# ---------------------------------------------------------------- sharing


async def test_a_paper_is_shared_once_with_what_was_said_of_it(app: App) -> None:
    ann = Person(app)
    assert "Shared" in (await ann.use("1.share.P1", "read\nthis <b> @everyone")).text  # type: ignore[union-attr]
    assert isinstance(await ann.use("1.share.P1", "again"), Notice)
    await app.deliver()
    [message] = await shown(app)
    assert str(message["text"]).startswith("Shared by ann: read this <b> @everyone\n")
    assert "<b>" not in str(message["html"])
    assert message["paper_ids"] == ["P1"]
    here = await ann.use("1.share.P1")
    assert isinstance(here, AlreadyHere)
    again = f"1.again.P1.{here.message_id}"
    await ann.use(again)
    await ann.use(again)
    await app.deliver()
    assert len(await shown(app)) == 2


async def test_what_was_announced_is_pointed_to(world: World) -> None:
    async with world.open() as app:
        await app._storage.topics.put_channel(Channel(world.channel, "papers", "now"))
    await world.poll()
    world.literature.add_pubmed(title="MRI at last.", abstract=(("", "Text."),))
    await world.poll()
    async with world.open() as app:
        here = await Person(app).use("1.share.P1")
        assert isinstance(here, AlreadyHere)
        assert here.message_id == "1"


async def test_a_page_is_shared_and_its_list_can_be_opened(app: App) -> None:
    ann = Person(app)
    page = await ann.listed("search mri per_page:5")
    await ann.use(f"1.share.{page.key}.2", "for bob")
    await app.deliver()
    [message] = await shown(app)
    assert "5 papers of 12" in str(message["text"])
    assert isinstance(await Person(app, "bob").use(f"1.more.{page.key}"), ResultPage)


async def test_a_share_is_not_an_announcement(app: App) -> None:
    ann = Person(app)
    await ann.use("1.share.P1")
    await app.deliver()
    assert await app._storage.outbox.announced(ChannelRef("local", "", "papers"), 1) is None  # type: ignore[arg-type]


async def test_nothing_is_shared_where_the_bot_does_not_post(app: App) -> None:
    for channel in ("elsewhere", "dm-ann"):
        reply = await Person(app, channel=channel).use("1.share.P1")
        assert isinstance(reply, Notice)
        assert "only in a channel" in reply.text


# ---------------------------------------------------------------- privacy


async def test_what_is_kept_is_shown_and_forgotten_for_one_person_only(app: App) -> None:
    ann, bob = Person(app, admin=True), Person(app, "bob", admin=True)
    assert (await kept(ann)).nothing
    for somebody in (ann, bob):
        await somebody.say("save P1")
        await somebody.say("alert add knees knee")
        await somebody.listed("search mri")
        await somebody.say("topic add joints joint")
        await somebody.use("1.react.useful.P1")
    await ann.say("managers add @ann")
    before, others = await kept(ann), await kept(bob)
    counts = (before.saved, before.alerts, before.lists, before.reactions, before.manages, before.last_manager_of)
    assert counts == (1, 1, 1, 1, 1, ("papers",))
    asked = await ann.say("forget-me")
    assert isinstance(asked, PrivacyReport)
    assert asked.forgetting
    assert await kept(ann) == before
    assert "is removed" in await ann.told("forget-me confirm")
    assert (await kept(ann)).nothing
    assert await kept(bob) == others
    assert "Nothing is kept" in await ann.told("forget-me confirm")
    assert isinstance(await ann.say("alert add knees knee"), AlertAdded)


async def kept(person: Person) -> Kept:
    reply = await person.say("privacy")
    assert isinstance(reply, PrivacyReport)
    return reply.kept
