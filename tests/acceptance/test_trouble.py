"""What members and managers are told when something is wrong, or only silent: over polled sources."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from adapters.chat.local.render import render
from bot.app import App, utc_now
from bot.conversation import Notice
from bot.model import Identifier
from bot.reports import StatusReport, UnseenReport, WhyReport
from bot.wording.overall import overall
from tests.acceptance.world import World
from tests.examples import TODAY


async def hold(app: App, world: World, title: str) -> str:
    """A post that nobody can vouch for: the bot died while it was sent, and the channel could not be read."""
    world.literature.add_pubmed(title=title)
    await app.poll([])
    outbox, now = app._storage.outbox, utc_now()
    batch = await app.deliverer._composer.next(world.channel, now)
    assert batch
    composed = await app.deliverer._composer.compose(batch, now)
    assert composed
    await app.deliverer._composer.open(composed, batch, now)
    await outbox.unknown(composed.key, "no answer", now)
    await outbox.held(composed.key, "may not be read", now)
    return composed.key


async def test_a_held_post_is_seen_in_status_and_settled_by_its_buttons(world: World) -> None:
    await world.poll()
    async with world.open() as app:
        for title, verb in (("MRI of the first kind.", "skip"), ("MRI of the second kind.", "resend")):
            key = await hold(app, world, title)
            report = await world.ask(app, "status")
            assert isinstance(report, StatusReport)
            assert "1 delivery waits for a person" in overall(report)
            message = render(report, TODAY, "status")
            assert key[:8] in message["text"]
            control = next(one["id"] for one in message["actions"] if one["id"] == f"1.run.{verb} {key}")
            assert isinstance(await world.click(app, control), Notice)
            await app.deliver()
            again = await world.click(app, control)
            assert isinstance(again, Notice)
            assert "needs nobody" in again.text
        report = await world.ask(app, "status")
        assert isinstance(report, StatusReport)
        assert overall(report).startswith("All is well: PubMed fresh, arXiv ")
    assert ["second kind" in post for post in await world.posts()] == [True]


async def test_members_see_what_is_held_and_no_buttons(world: World) -> None:
    await world.poll()
    async with world.open() as app:
        await hold(app, world, "MRI of some kind.")
        report = await world.ask(app, "status", admin=False)
        message = render(report, TODAY, "status")
    assert "Managers of this channel can do that" in message["text"]
    assert message["actions"] == []


async def test_why_says_where_a_paper_was_posted(world: World) -> None:
    await world.poll()
    record = world.literature.add_pubmed(title="MRI of a knee.")
    await world.poll()
    async with world.open() as app:
        reply = await world.ask(app, f"why {record.pmid}")
        assert isinstance(reply, WhyReport)
        message = render(reply, TODAY, "why")
    assert "Posted here for mri" in message["text"]
    assert "go there" in message["text"]
    assert "Found in it: mri" in message["text"]


async def test_why_asks_the_source_for_a_paper_that_never_came(world: World) -> None:
    await world.poll()
    article = world.literature.add_pubmed(title="A knee without any picture.", doi="10.5555/knee.1")
    preprint = world.literature.add_arxiv(title="A hip without any picture")
    async with world.open() as app:
        for text in (str(article.pmid), "https://doi.org/10.5555/knee.1", f"https://arxiv.org/abs/{preprint.id}v1"):
            reply = await world.ask(app, f"why {text}")
            assert isinstance(reply, UnseenReport), text
            [verdict] = reply.channels
            assert [topic.failing for topic in verdict.topics] == [('mri OR "magnetic resonance"',)]
            message = render(reply, TODAY, "why")
            assert "Not in the archive." in message["text"]
            assert "Not found in it: mri OR" in message["text"]
        for unknown in ("38999999", "10.5555/none", "2611.09999"):
            reply = await world.ask(app, f"why {unknown}")
            assert isinstance(reply, Notice), unknown
            assert "in the archive" in reply.text
        assert isinstance(await app.why(preprint.id, None), UnseenReport)


@pytest.mark.parametrize(("scheme", "value"), [("pmid", "38999999"), ("doi", "10.5555/none"), ("arxiv", "2611.09999")])
async def test_a_source_has_no_record_that_it_does_not_know(world: World, scheme: str, value: str) -> None:
    async with world.open() as app:
        for source in app.sources.values():
            assert await source.fetch(Identifier(scheme, value)) is None


async def test_a_manager_reads_of_a_held_post_in_direct_messages_and_settles_it_there(world: World) -> None:
    await world.poll()
    async with world.open() as app:
        await world.ask(app, "managers add bob")
        await hold(app, world, "MRI of some kind.")
        for minutes in (0, 11, 12):
            await app._watcher.look(utc_now() + timedelta(minutes=minutes))
        await app.deliver()
        [message] = await app._storage.chat_log.since("dm-bob", None, None)
        body = json.loads(message.body)
        assert (body["kind"], "held" in body["text"]) == ("notice", True)
        assert [action["label"].split()[0] for action in body["actions"]] == ["resend", "skip"]
