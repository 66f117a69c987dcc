"""A search pasted from PubMed or arXiv: shown first, saved when it is wanted."""

from collections.abc import AsyncIterator

import pytest

from adapters.chat.local.render import render
from bot.app import App
from bot.conversation import ImportedSearch, Notice, PreviewReport, TopicAdded
from tests.acceptance.world import World
from tests.examples import TODAY

SEARCH = '(mri[tiab] OR "magnetic resonance"[tiab]) AND joint[ti] AND english[la]'


@pytest.fixture
async def app(world: World) -> AsyncIterator[App]:
    for n in range(4):
        world.literature.add_pubmed(title=f"MRI of joint {n}.")
    await world.poll()
    async with world.open() as opened:
        yield opened


async def test_a_pubmed_search_is_shown_before_it_is_saved(world: World, app: App) -> None:
    reply = await world.ask(app, f"topic add joints {SEARCH}")
    assert isinstance(reply, ImportedSearch)
    assert str(reply.translation.query) == '(mri OR "magnetic resonance") title:joint'
    assert [loss.text for loss in reply.translation.losses] == ["english[la]"]
    assert reply.original is not None
    assert (reply.original.total, reply.preview.archived) == (4, 4)
    message = render(reply, TODAY, "topic add …")
    assert "Nothing is saved yet." in message["text"]
    assert "english[la]" in message["text"]
    assert "joints" not in [topic.name for topic in await app._storage.topics.of_channel(world.channel)]
    save = message["actions"][0]
    assert save["label"] == "Save as “joints”"
    assert isinstance(await world.click(app, save["id"], save.get("value", "")), TopicAdded)
    assert "joints" in [topic.name for topic in await app._storage.topics.of_channel(world.channel)]


async def test_an_arxiv_link_is_counted_by_arxiv(world: World, app: App) -> None:
    world.literature.add_arxiv(title="MRI of a lantern")
    reply = await world.ask(app, "preview https://arxiv.org/search/?query=mri&searchtype=title")
    assert isinstance(reply, ImportedSearch)
    assert reply.name == ""
    assert reply.original is not None
    assert (reply.original.source, reply.original.total) == ("arXiv", 1)
    assert not any("Save" in action["label"] for action in render(reply, TODAY, "x")["actions"])


async def test_what_cannot_be_read_is_explained_and_not_saved(world: World, app: App) -> None:
    for pasted in ("https://pubmed.ncbi.nlm.nih.gov/", "#1 AND mri[ti]", "Charite[ad]"):
        reply = await world.ask(app, f"topic add joints {pasted}")
        assert isinstance(reply, Notice), pasted
        assert "cannot become a topic" in reply.text


async def test_only_admins_import_for_a_channel(world: World, app: App) -> None:
    assert isinstance(await world.ask(app, f"topic add joints {SEARCH}", admin=False), Notice)


async def test_our_own_language_is_still_saved_at_once(world: World, app: App) -> None:
    assert isinstance(await world.ask(app, "topic add joints title:joint"), TopicAdded)
    assert isinstance(await world.ask(app, "preview title:joint"), PreviewReport)


async def test_a_preview_fetches_what_the_archive_cannot_know_and_announces_it_where_a_topic_wants_it(
    world: World, app: App
) -> None:
    world.literature.add_pubmed(title="Lanterns of rivers.")
    world.literature.add_pubmed(title="MRI of lanterns.")
    report = await world.ask(app, "preview lanterns")
    assert isinstance(report, PreviewReport)
    assert (report.archived, len(report.newest)) == (2, 2)
    assert report.busiest is not None
    waiting = await app._storage.outbox.waiting(world.channel)
    titles = [paper.title for paper in await app._storage.archive.papers([one.paper_id for one in waiting])]
    assert titles == ["MRI of lanterns"]
