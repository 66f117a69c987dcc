"""Poll, keep, match, post: the promises of the main job, over real sockets."""

from dataclasses import replace
from datetime import timedelta

from adapters.demo.library import Author
from bot.app import utc_now
from bot.conversation import Notice, PaperCard, ResultPage, TopicAdded, TopicList
from tests.acceptance.world import World

LIND = Author("Lind", "Ada B")
ABSTRACT = (("METHODS", "We imaged."), ("CONCLUSIONS", "It was worth it."))


async def test_the_first_poll_archives_and_posts_nothing(world: World) -> None:
    for n in range(8):
        world.literature.add_pubmed(title=f"MRI of the knee {n}.", authors=(LIND,), abstract=ABSTRACT)
        world.literature.add_arxiv(title=f"Fast MRI {n}")
    rows = await world.poll()
    assert (rows["pubmed"].new, rows["arxiv"].new) == (8, 8)
    assert (rows["pubmed"].error, rows["arxiv"].error) == (None, None)
    assert await world.posts() == []


async def test_what_comes_after_the_first_poll_is_posted_once(world: World) -> None:
    await world.poll()
    world.literature.add_pubmed(title="MRI of the wrist.", abstract=ABSTRACT)
    world.literature.add_pubmed(title="Ultrasound of the wrist.")
    world.literature.add_arxiv(title="Fast MRI")
    rows = await world.poll()
    assert (rows["pubmed"].queued, rows["arxiv"].queued) == (1, 1)
    first = await world.posts()
    assert len(first) == 2
    assert any("MRI of the wrist" in post and "It was worth it." in post for post in first)
    rows = await world.poll()
    assert (rows["pubmed"].new, rows["pubmed"].changed, rows["pubmed"].queued) == (0, 0, 0)
    assert await world.posts() == first


async def test_a_preprint_and_its_journal_version_are_posted_once(world: World) -> None:
    await world.poll()
    preprint = world.literature.add_arxiv(title="MRI in a minute", doi="10.5555/minute")
    await world.poll()
    world.literature.add_pubmed(title="MRI within a minute.", doi="10.5555/minute")
    rows = await world.poll()
    assert (rows["pubmed"].new, rows["pubmed"].changed) == (0, 1)
    assert len(await world.posts()) == 1
    async with world.open() as app:
        card = await world.ask(app, f"show {preprint.id}")
        assert isinstance(card, PaperCard)
        assert card.paper.sources == ("pubmed", "arxiv")
        assert card.posted.startswith("Posted here for mri")


async def test_two_posted_papers_that_turn_out_to_be_one_stay_as_they_are(world: World) -> None:
    await world.poll()
    preprint = world.literature.add_arxiv(title="MRI in a minute")
    world.literature.add_pubmed(title="MRI within a minute.", doi="10.5555/minute")
    await world.poll()
    linked = replace(preprint, version=2, updated=utc_now(), doi="10.5555/minute", previous=preprint)
    world.literature.add_arxiv(**{name: getattr(linked, name) for name in linked.__slots__})
    rows = await world.poll()
    assert rows["arxiv"].changed == 1
    assert len(await world.posts()) == 2


async def test_a_paper_already_posted_is_not_posted_again_when_more_of_it_matches(world: World) -> None:
    world.topics = (("mri", "mri"), ("vendor", "vendor"))
    await world.poll()
    paper = world.literature.add_pubmed(title="A vendor comparison of scanners.")
    await world.poll()
    fields = {name: getattr(paper, name) for name in paper.__slots__}
    world.literature.add_pubmed(**{**fields, "abstract": (("", "All had MRI."),), "revised": utc_now()})
    assert (await world.poll())["pubmed"].matched == 1
    assert len(await world.posts()) == 1


async def test_a_paper_that_matches_since_its_abstract_arrived_is_posted_and_says_so(world: World) -> None:
    paper = world.literature.add_pubmed(title="A comparison of scanners.")
    world.topics = (("mri", "mri"), ("scanners", "scanners"))
    await world.poll()
    assert await world.posts() == []
    fields = {name: getattr(paper, name) for name in paper.__slots__}
    world.literature.add_pubmed(**{**fields, "abstract": (("", "All had MRI."),), "revised": utc_now()})
    await world.poll()
    [post] = await world.posts()
    assert "matches since its abstract arrived" in post


async def test_an_old_paper_that_is_only_revised_is_archived_and_not_posted(world: World) -> None:
    await world.poll()
    long_ago = utc_now() - timedelta(days=400)
    world.literature.add_pubmed(title="MRI of long ago.", entered=long_ago, revised=utc_now())
    rows = await world.poll()
    assert (rows["pubmed"].new, rows["pubmed"].queued) == (1, 0)


async def test_an_old_paper_that_enters_pubmed_now_is_posted(world: World) -> None:
    await world.poll()
    world.literature.add_pubmed(title="MRI of long ago.", published=(utc_now() - timedelta(days=900)).date())
    rows = await world.poll()
    assert rows["pubmed"].queued == 1


async def test_a_failing_source_keeps_its_cursor_and_loses_nothing(world: World) -> None:
    await world.poll()
    world.literature.add_pubmed(title="MRI of the hip.")
    world.literature.add_arxiv(title="Fast MRI")
    world.literature.fail_next("efetch", status=200, body="<html>down</html>", times=50)
    rows = await world.poll()
    assert rows["pubmed"].error
    assert rows["arxiv"].error is None
    assert len(await world.posts()) == 1
    world.literature._faults.clear()
    rows = await world.poll()
    assert rows["pubmed"].queued == 1
    assert len(await world.posts()) == 2


async def test_more_than_five_waiting_papers_become_one_digest(world: World) -> None:
    await world.poll()
    for n in range(14):
        world.literature.add_pubmed(title=f"MRI part {n}.")
    await world.poll()
    [digest] = await world.posts()
    assert "14 new papers" in digest
    assert "+ 4 more" in digest


async def test_the_rest_of_a_digest_opens_as_a_list_that_stays_that_list(world: World) -> None:
    await world.poll()
    for n in range(14):
        world.literature.add_pubmed(title=f"MRI part {n}.")
    await world.poll()
    async with world.open() as app:
        [more] = [action for action in await world.actions(app) if action.startswith("1.more.")]
        page = await world.click(app, more)
        assert isinstance(page, ResultPage)
        assert page.title.startswith("14 new papers · ")
        assert (page.total, page.sort) == (14, None)
        again = await world.click(app, f"1.size.{page.key}", "25")
        assert isinstance(again, ResultPage)
        assert (again.title, again.total) == (page.title, 14)


async def test_a_topic_added_in_chat_never_floods_and_can_start_with_five(world: World) -> None:
    for n in range(9):
        world.literature.add_pubmed(title=f"Ultrasound of the liver {n}.")
    await world.poll()
    async with world.open() as app:
        reply = await world.ask(app, "topic add liver ultrasound liver")
        assert isinstance(reply, TopicAdded)
        assert [count.total for count in reply.preview.counts] == [9, 0]
    await world.poll()
    assert await world.posts() == []
    async with world.open() as app:
        assert isinstance(await world.ask(app, "topic post liver"), Notice)
        await app.deliver()
        topics = await world.ask(app, "topics")
        assert isinstance(topics, TopicList)
        assert [(line.topic.name, line.delivered) for line in topics.topics] == [("liver", 5), ("mri", 0)]
    posts = await world.posts()
    assert len(posts) == 5
    assert all("To start" in post for post in posts)


async def test_only_admins_change_topics(world: World) -> None:
    async with world.open() as app:
        for text in ("topic add liver liver", "topic remove mri", "topic post mri"):
            reply = await world.ask(app, text, admin=False)
            assert isinstance(reply, Notice)
            assert "Only admins" in reply.text


async def test_a_topic_of_the_configuration_cannot_be_removed_in_chat(world: World) -> None:
    async with world.open() as app:
        reply = await world.ask(app, "topic remove mri")
        assert isinstance(reply, Notice)
        assert "configuration" in reply.text
