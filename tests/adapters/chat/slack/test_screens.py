"""The home, the forms of topics and alerts, and saving from a message, through Bolt and the fake Slack."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from adapters.chat.slack.topic_views import Target
from bot.answering import Answering
from bot.model import Channel, ChannelRef, Member, PaperId
from storage import SqliteStorage, open_storage
from tests.adapters.chat.slack.bench import connected, open_bench
from tests.examples import NOW, a_query, a_record, doi
from tests.fakes import slack as fakes
from tests.fakes.desk import a_desk
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.controls import action_ids, elements
from tests.fakes.source import FakeSource


@dataclass
class Lab:
    """A channel that ann manages and that follows knees; the archive has three papers, and bob is nobody special."""

    slack: FakeSlack
    storage: SqliteStorage
    channel: fakes.Channel
    ann: fakes.User
    bob: fakes.User

    @property
    def ref(self) -> ChannelRef:
        return ChannelRef("slack", "", self.channel.id)

    async def queries(self, ref: ChannelRef | None = None) -> dict[str, str]:
        return {topic.name: str(topic.query) for topic in await self.storage.topics.of_channel(ref or self.ref)}

    async def home(self, user: fakes.User) -> fakes.View:
        gesture = await self.slack.open_home(user)
        assert gesture.delay < 1
        return await self.slack.until(lambda: self.slack.workspace().homes.get(user.id))

    async def edit(self, user: fakes.User, label: str, topic: str = "") -> fakes.View:
        """Open a form from the home."""
        home = await self.home(user)
        wanted = Target(self.channel.id, "lab", topic) if label != "Add an alert" else Target()
        [control] = [
            element["action_id"]
            for _, element in elements(home.blocks)
            if element.get("value") == wanted.to_text() and element["text"]["text"] == label
        ]
        await self.slack.click(user, home, control)
        return await self.slack.view_for(user)


@pytest.fixture
async def lab(slack: FakeSlack, tmp_path: Path) -> AsyncIterator[Lab]:
    ann, bob = slack.user("ann"), slack.user("bob")
    async with open_storage(tmp_path / "papers.sqlite3") as storage, open_bench(slack) as bench:
        lab = Lab(slack, storage, slack.channel("lab"), ann, bob)
        await storage.topics.put_channel(Channel(lab.ref, "lab"))
        await storage.managers.add(ann.id, lab.ref, NOW)
        await storage.topics.add("knees", a_query("knee"), lab.ref, NOW, by=ann.id)
        async with storage.transaction():
            for number in range(3):
                record = a_record(
                    source_id=str(number), title=f"Knee {number}", identifiers=frozenset({doi(f"10.1000/{number}")})
                )
                await storage.archive.upsert([record], NOW)
        answering = Answering(a_desk(storage, {"pubmed": FakeSource()}))
        tools = replace(bench.tools(), answer=answering.answer, home=answering.home, gestures=storage.gestures)
        async with connected(bench, tools):
            yield lab


def words(view: fakes.View) -> str:
    return str(view.content)


async def test_the_home_shows_what_is_ones_own_and_what_one_manages(lab: Lab) -> None:
    await lab.storage.people.save(Member("slack", "", lab.ann.id), PaperId(1), NOW)
    home = await lab.home(lab.ann)
    for expected in ("You have none", "Knee 0", "#lab", "knees · 0 papers in 30 days", "Add a topic", "PubMed: "):
        assert expected in words(home), expected
    other = words(await lab.home(lab.bob))
    assert "knees" not in other
    assert "Knee 0" not in other


async def test_a_click_in_the_home_is_answered_by_message_and_shows_in_the_home(lab: Lab) -> None:
    direct = Member("slack", "", lab.ann.id).direct
    await lab.storage.topics.put_channel(Channel(direct, "Direct messages"))
    await lab.storage.topics.add("elbows", a_query("elbow"), direct, NOW, by=lab.ann.id)
    home = await lab.home(lab.ann)
    gesture = await lab.slack.click(lab.ann, home, "1.run", 'alert pause "elbows"')
    answer = await lab.slack.answer_to(gesture)
    assert "is paused" in answer.text
    await lab.slack.until(lambda: "elbows · paused" in words(lab.slack.workspace().homes[lab.ann.id]))


# ---------------------------------------------------------------- topics and alerts


async def test_a_topic_is_edited_in_a_form(lab: Lab) -> None:
    view = await lab.edit(lab.ann, "Edit", "knees")
    assert "knee" in words(view)
    await lab.slack.submit(view, {"topic.check": "knee OR elbow"})
    await lab.slack.until(lambda: "Topic knees asks something else" in words(view))
    assert await lab.queries() == {"knees": "knee OR elbow"}
    await lab.slack.until(lambda: "knee OR elbow" in words(lab.slack.workspace().homes[lab.ann.id]))


async def test_a_mistake_is_told_while_it_is_typed_and_sends_the_form_back(lab: Lab) -> None:
    view = await lab.edit(lab.ann, "Edit", "knees")
    for typed in ("(", "(k", "(knee"):
        await lab.slack.click(lab.ann, view, "topic.check", typed)
    await lab.slack.until(lambda: "'(knee)'" in words(view))
    await lab.slack.click(lab.ann, view, "topic.check", "knee")
    await lab.slack.until(lambda: "Read as: knee" in words(view))
    await lab.slack.submit(view, {"topic.check": "(knee OR"})
    assert list(view.errors) == ["query"]
    assert await lab.queries() == {"knees": "knee"}


async def test_a_query_is_previewed_when_that_is_wanted(lab: Lab) -> None:
    view = await lab.edit(lab.ann, "Edit", "knees")
    await lab.slack.click(lab.ann, view, "topic.preview", typed={"topic.check": "knee OR elbow"})
    await lab.slack.until(lambda: "What the last 30 days would have brought" in words(view))
    assert "knee OR elbow" in words(view)
    assert await lab.queries() == {"knees": "knee"}


async def test_a_topic_and_an_alert_are_added_in_a_form(lab: Lab) -> None:
    view = await lab.edit(lab.ann, "Add a topic")
    await lab.slack.submit(view, {"name": "elbows", "topic.check": "elbow"})
    await lab.slack.until(lambda: "Topic elbows is saved" in words(view))
    assert await lab.queries() == {"knees": "knee", "elbows": "elbow"}
    await lab.slack.close(view)
    view = await lab.edit(lab.bob, "Add an alert")
    await lab.slack.submit(view, {"name": "wrists", "topic.check": "wrist"})
    await lab.slack.until(lambda: "Alert wrists is saved" in words(view))
    assert await lab.queries(Member("slack", "", lab.bob.id).direct) == {"wrists": "wrist"}


async def test_a_search_of_pubmeds_is_shown_as_it_is_read_before_it_is_saved(lab: Lab) -> None:
    view = await lab.edit(lab.ann, "Edit", "knees")
    await lab.slack.submit(view, {"topic.check": '"knee"[tiab] OR "elbow"[tiab]'})
    await lab.slack.until(lambda: "read" in words(view) and "topic.check" in action_ids(view.blocks))
    assert await lab.queries() == {"knees": "knee"}
    await lab.slack.submit(view)
    await lab.slack.until(lambda: "asks something else" in words(view))
    assert "elbow" in (await lab.queries())["knees"]


async def test_whoever_may_not_administer_keeps_what_was_typed_and_changes_nothing(lab: Lab) -> None:
    view = await lab.edit(lab.ann, "Edit", "knees")
    await lab.storage.managers.add(lab.bob.id, lab.ref, NOW)
    await lab.storage.managers.remove(lab.ann.id, lab.ref)
    await lab.slack.submit(view, {"topic.check": "knee OR elbow"})
    await lab.slack.until(lambda: "Only admins" in words(view))
    assert "knee OR elbow" in words(view)
    assert f"'user_id': '{lab.bob.id}'" in words(view), "it names who can help"
    assert await lab.queries() == {"knees": "knee"}


async def test_a_topic_that_is_gone_cannot_be_edited(lab: Lab) -> None:
    home = await lab.home(lab.ann)
    await lab.storage.topics.remove("knees", lab.ref, NOW, by=lab.ann.id)
    edit = next(one["action_id"] for _, one in elements(home.blocks) if '"topic":"knees"' in one.get("value", ""))
    await lab.slack.click(lab.ann, home, edit)
    assert "does not exist any more" in words(await lab.slack.view_for(lab.ann))


# ---------------------------------------------------------------- saving


async def test_the_one_paper_of_a_message_is_saved_at_once(lab: Lab) -> None:
    message = lab.slack.say(lab.bob, lab.channel, "Look: https://doi.org/10.1000/1 and https://doi.org/10.9999/no")
    answer = await lab.slack.answer_to(await lab.slack.shortcut(lab.ann, message, "save_paper"))
    assert "is on your reading list now" in answer.text
    assert answer.to is lab.ann
    assert len(await lab.storage.people.saved(Member("slack", "", lab.ann.id))) == 1


async def test_of_several_papers_one_chooses(lab: Lab) -> None:
    listed = await lab.slack.answer_to(await lab.slack.direct(lab.ann, "search knee"))
    await lab.slack.shortcut(lab.ann, listed, "save_paper")
    view = await lab.slack.view_for(lab.ann)
    await lab.slack.submit(view, {"chosen": []})
    assert view.errors
    await lab.slack.submit(view, {"chosen": ["P1", "P3"]})
    told = "2 papers are on your reading list now."
    await lab.slack.until(lambda: told in [message.text for message in lab.slack.ephemerals(lab.ann)])
    assert set(await lab.storage.people.saved(Member("slack", "", lab.ann.id))) == {1, 3}


async def test_a_message_without_a_paper_is_told_so(lab: Lab) -> None:
    message = lab.slack.say(lab.bob, lab.channel, "Lunch at P12?")
    answer = await lab.slack.answer_to(await lab.slack.shortcut(lab.ann, message, "save_paper"))
    assert "No paper of the archive" in answer.text
