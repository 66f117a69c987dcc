"""What a member asks and gets, over a polled archive."""

from collections.abc import AsyncIterator

import pytest

from adapters.chat.local.render import render
from bot.app import App, utc_now
from bot.conversation import (
    Asker,
    HelpPage,
    Mistake,
    Notice,
    PaperCard,
    PreviewReport,
    ResultPage,
    Sort,
    TopicAdded,
    TopicList,
)
from tests.acceptance.world import World


@pytest.fixture
async def app(world: World) -> AsyncIterator[App]:
    for n in range(34):
        world.literature.add_pubmed(title=f"MRI of joint {n}.", doi=f"10.5555/joint.{n}", abstract=(("", "Text."),))
    await world.poll()
    async with world.open() as opened:
        yield opened


async def page_of(world: World, app: App, text: str) -> ResultPage:
    reply = await world.ask(app, text)
    assert isinstance(reply, ResultPage)
    return reply


async def test_a_search_is_paged_sorted_and_resized_by_its_controls(world: World, app: App) -> None:
    page = await page_of(world, app, "search mri")
    assert (page.page, page.pages, page.total, page.first_line, len(page.papers)) == (1, 4, 34, 1, 10)
    last = await world.click(app, f"1.last.{page.key}.4")
    assert isinstance(last, ResultPage)
    assert (last.page, last.first_line, len(last.papers)) == (4, 31, 4)
    resized = await world.click(app, f"1.size.{page.key}", "25")
    assert isinstance(resized, ResultPage)
    assert (resized.page, resized.pages, resized.per_page) == (1, 2, 25)
    oldest = await world.click(app, f"1.sort.{page.key}", "oldest")
    assert isinstance(oldest, ResultPage)
    assert (oldest.sort, oldest.papers[0].id) == (Sort.OLDEST, last.papers[-1].id)


async def test_a_list_is_filtered_by_source_and_kind_and_the_filters_are_taken_away_again(
    world: World, app: App
) -> None:
    page = await page_of(world, app, "search mri -author:nobody")
    assert page.filters == ()
    assert page.sources == ("pubmed", "arxiv")

    async def choose(key: str, choice: str) -> ResultPage:
        reply = await world.click(app, f"1.filter.{key}", choice)
        assert isinstance(reply, ResultPage)
        return reply

    pubmed = await choose(page.key, "source:pubmed")
    assert (pubmed.total, pubmed.title) == (34, "mri NOT author:nobody source:pubmed")
    none = await choose(pubmed.key, "type:preprint")
    assert (none.total, none.empty_hint) == (0, "No paper of this list passes the filter.")
    assert [value for _, value in none.filters] == ["pubmed", "preprint"]
    resized = await world.click(app, f"1.size.{pubmed.key}", "25")
    assert isinstance(resized, ResultPage)
    assert resized.filters == pubmed.filters
    everything = await choose(none.key, "all")
    assert (everything.total, everything.filters) == (34, ())


async def test_the_newest_papers_are_filtered_under_their_own_title(world: World, app: App) -> None:
    page = await page_of(world, app, "latest")
    filtered = await world.click(app, f"1.filter.{page.key}", "type:journal")
    assert isinstance(filtered, ResultPage)
    assert (filtered.title, filtered.total) == (page.title, page.total)
    assert len(filtered.filters) == 1


async def test_pages_go_on_after_a_restart(world: World) -> None:
    for n in range(12):
        world.literature.add_pubmed(title=f"MRI of joint {n}.")
    await world.poll()
    async with world.open() as app:
        page = await page_of(world, app, "search mri")
    async with world.open() as app:
        following = await world.click(app, f"1.next.{page.key}.2")
    assert isinstance(following, ResultPage)
    assert {p.id for p in following.papers}.isdisjoint({p.id for p in page.papers})


async def test_search_options_are_honoured(world: World, app: App) -> None:
    page = await page_of(world, app, "search mri sort:oldest page:3 per_page:5")
    assert (page.sort, page.page, page.per_page, page.first_line) == (Sort.OLDEST, 3, 5, 11)


async def test_an_expired_or_garbled_control_says_so(world: World, app: App) -> None:
    for control in ("1.next.nosuchkey.2", "1.next", "nonsense", ""):
        reply = await world.click(app, control)
        assert isinstance(reply, Notice), control


async def test_a_paper_is_shown_by_line_number_doi_pmid_and_link(world: World, app: App) -> None:
    page = await page_of(world, app, "search mri page:2")
    paper = page.papers[2]
    pmid = paper.records[0].source_id
    link = f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"
    for text in ("13", f"P{paper.id}", f"p{paper.id}", str(paper.doi), f"https://doi.org/{paper.doi}", pmid, link):
        reply = await world.ask(app, f"show {text}")
        assert isinstance(reply, PaperCard), text
        assert reply.paper.id == paper.id


async def test_a_paper_that_is_not_there_is_explained(world: World, app: App) -> None:
    for text in ("P999999", "10.5555/nothing", "nonsense", "999"):
        reply = await world.ask(app, f"show {text}")
        assert isinstance(reply, Notice), text
        assert "No paper" in reply.text


async def test_latest_is_of_the_channels_topics(world: World, app: App) -> None:
    await world.ask(app, "topic add four joint 4")
    page = await page_of(world, app, "latest")
    assert (page.title, page.total) == ("Newest of four, mri", 34)
    assert (await page_of(world, app, "latest topic:four")).total == 1
    assert isinstance(await world.ask(app, "latest topic:none"), Notice)


async def test_a_mistake_in_a_query_shows_its_column_and_a_way_out(world: World, app: App) -> None:
    for command in ("search", "preview", "topic add x"):
        reply = await world.ask(app, f"{command} titel:mri")
        assert isinstance(reply, Mistake)
        assert (reply.column, reply.suggestion) == (0, "title:mri")


async def test_an_empty_search_says_what_the_archive_holds(world: World, app: App) -> None:
    page = await page_of(world, app, "search zebrafish")
    assert page.total == 0
    assert "34 papers" in page.empty_hint
    assert "PubMed 34" in page.empty_hint


async def test_a_preview_asks_the_sources_and_warns_of_none_and_of_floods(world: World, app: App) -> None:
    reply = await world.ask(app, "preview mri")
    assert isinstance(reply, PreviewReport)
    assert [(count.source, count.total) for count in reply.counts] == [("PubMed", 34), ("arXiv", 0)]
    assert (reply.archived, len(reply.newest), reply.warnings) == (34, 5, ())
    none = await world.ask(app, "preview zebrafish")
    assert isinstance(none, PreviewReport)
    assert len(none.warnings) == 1


async def test_a_preview_says_which_source_could_not_be_asked(world: World, app: App) -> None:
    world.literature.fail_next("arxiv", status=400, body="no", times=9)
    reply = await world.ask(app, "preview mri")
    assert isinstance(reply, PreviewReport)
    assert [(count.total, bool(count.problem)) for count in reply.counts] == [(34, False), (None, True)]


async def test_a_topic_without_a_word_to_ask_for_is_refused(world: World, app: App) -> None:
    reply = await world.ask(app, "topic add everything type:preprint")
    assert isinstance(reply, Notice)
    assert "No source can be asked" in reply.text


async def test_topics_are_added_listed_and_removed(world: World, app: App) -> None:
    assert isinstance(await world.ask(app, 'topic add "my joints" joint'), TopicAdded)
    again = await world.ask(app, 'topic add "my joints" other')
    assert isinstance(again, Notice)
    assert "already has a topic" in again.text
    listed = await world.ask(app, "topics")
    assert isinstance(listed, TopicList)
    assert [(line.topic.name, line.topic.declared) for line in listed.topics] == [("mri", True), ("my joints", False)]
    removed = await world.ask(app, "topic remove my joints")
    assert isinstance(removed, Notice)
    assert removed.commands == ('topic undo "my joints"',)
    assert isinstance(await world.ask(app, "topic remove my joints"), Notice)


async def test_help_and_misspelt_words_lead_on(world: World, app: App) -> None:
    everything = await world.ask(app, "help")
    assert isinstance(everything, HelpPage)
    assert any("arXiv" in line for line in everything.acknowledgements)
    one = await world.ask(app, "help search")
    assert isinstance(one, HelpPage)
    assert len(one.commands) == 1
    wrong = await world.ask(app, "serach mri")
    assert isinstance(wrong, Notice)
    assert wrong.commands == ("search mri",)


async def test_typing_is_completed_with_the_names_known_there(world: World, app: App) -> None:
    await world.ask(app, "topic add joints joint")
    await world.ask(app, "alert add knees knee")
    asker = Asker(world.channel, "ann")

    async def completed(text: str) -> list[str]:
        return [one.insert for one in await app.answering.complete(text, len(text), asker)]

    assert await completed("topic history ") == ["joints", "mri"]
    assert await completed("alert pause ") == ["knees"]
    assert await completed("search source:") == ["pubmed", "arxiv"]
    assert await completed("topic library radi") == ["radiology-ai"]
    assert await completed("show joint") == []
    first, second = (await page_of(world, app, "search mri")).papers[:2]
    await world.ask(app, f"save P{first.id}")
    assert (await completed("show "))[:2] == [f"P{first.id}", f"P{second.id}"]
    assert len(await completed("show joint")) == 10


async def test_a_librarys_proxy_is_offered_for_what_may_need_it(world: World) -> None:
    world.more = '[links]\nproxy = "https://proxy.example.edu/login?url="\n'
    world.literature.add_pubmed(title="MRI of a joint.", doi="10.5555/joint.1")
    await world.poll()
    async with world.open() as app:
        card = await world.ask(app, "show P1")
        text = render(card, utc_now().date(), "show P1")["text"]
    assert "Through your library https://proxy.example.edu/login?url=https://doi.org/10.5555/joint.1" in text
