"""What people do in Discord and what they see, through the real discord.py."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.chat.discord.client import Bot
from adapters.chat.discord.controls import Drawn, Form
from bot.citing import CitationFormat
from bot.conversation import (
    AddManager,
    AddTopic,
    CitationFile,
    CiteList,
    Latest,
    ListTopics,
    Notice,
    PageRequest,
    Rearrange,
    Search,
    SharePaper,
    Show,
    Sort,
    TurnPage,
)
from tests.adapters.chat.discord.bench import Bench, eventually, known_channel, running
from tests.adapters.chat.discord.judging import NEEDED, judge
from tests.fakes.discord import Callback, Channel, FakeDiscord, Message, User
from tests.fakes.discord.controls import custom_ids


@pytest.fixture
async def bench(fake: FakeDiscord) -> Bench:
    fake.channel("general")
    return Bench(fake)


@pytest.fixture
async def bot(bench: Bench) -> AsyncIterator[Bot]:
    async with running(bench) as bot:
        yield bot


@pytest.fixture
async def ann(fake: FakeDiscord) -> User:
    return fake.user("ann")


@pytest.fixture
async def general(fake: FakeDiscord) -> Channel:
    return fake.channel("general")


def button(message: Message, name: str) -> str:
    """The custom_id of a control by its name."""
    return next(one for one in custom_ids(message.components) if one.startswith(f"1.{name}"))


async def test_a_search_is_answered_to_one_person_and_turned_in_place(
    fake: FakeDiscord, bench: Bench, bot: Bot, ann: User, general: Channel
) -> None:
    command = await fake.slash(ann, general, "search", query="mri", sort="oldest", page=2, per_page=5)
    answer = await fake.answer_to(command)
    assert bench.asked == [Search("mri", PageRequest(Sort.OLDEST, 2, 5))]
    assert (command.callback, answer.to, fake.messages(general)) == (Callback.DEFERRED_MESSAGE, ann, [])
    assert "Page 2 of 355" in answer.text
    click = await fake.click(ann, answer, button(answer, "next"))
    assert await fake.answer_to(click) is answer
    assert (click.callback, bench.asked[-1]) == (Callback.DEFERRED_UPDATE, TurnPage("k7Qd2", 3))
    assert "Page 3 of 355" in answer.text


async def test_every_control_of_a_list_does_what_it_says(
    fake: FakeDiscord, bench: Bench, bot: Bot, ann: User, general: Channel
) -> None:
    answer = await fake.answer_to(await fake.slash(ann, general, "search", query="mri"))
    for control, choice, wanted in (
        ("choices", "Best matches", Rearrange("k7Qd2", sort=Sort.RELEVANCE)),
        ("choices", "25 per page", Rearrange("k7Qd2", per_page=25)),
        ("open", "P3", Show("P3")),
    ):
        chosen = await fake.select(ann, answer, button(answer, control), *_option(answer, control, choice))
        await fake.answer_to(chosen)
        assert bench.asked[-1] == wanted
        in_place = control == "choices"
        assert chosen.callback is (Callback.DEFERRED_UPDATE if in_place else Callback.DEFERRED_MESSAGE)


def _option(message: Message, control: str, words: str) -> list[str]:
    """The value of a menu's choice with these words in its label or value."""
    [menu] = [
        part
        for row in message.components
        for part in row["components"]
        if part["custom_id"] == button(message, control)
    ]
    return [next(one["value"] for one in menu["options"] if words in (one["label"], one["value"].split("*")[0]))]


async def test_a_page_is_jumped_to_by_a_form(
    fake: FakeDiscord, bench: Bench, bot: Bot, ann: User, general: Channel
) -> None:
    answer = await fake.answer_to(await fake.slash(ann, general, "search", query="mri"))
    click = await fake.click(ann, answer, button(answer, "jump"))
    modal = await fake.modal_for(ann)
    assert (click.callback, modal.content["title"]) == (Callback.MODAL, "Go to page")
    submitted = await fake.submit(ann, modal, {"value": "17"})
    assert await fake.answer_to(submitted) is answer
    assert (bench.asked[-1], "Page 17 of 178" in answer.text) == (TurnPage("k7Qd2", 17), True)


async def test_nothing_is_kept_of_messages_and_forms(
    fake: FakeDiscord, bench: Bench, bot: Bot, ann: User, general: Channel
) -> None:
    answer = await fake.answer_to(await fake.slash(ann, general, "search", query="mri"))
    for _ in range(3):
        await fake.answer_to(await fake.click(ann, answer, button(answer, "next")))
        await fake.click(ann, answer, button(answer, "jump"))
    await eventually(lambda: not kept())


def kept() -> list[object]:
    """What there is of messages and forms."""
    gc.collect()
    return [one for one in gc.get_objects() if isinstance(one, Form | Drawn)]


async def test_a_form_is_submitted_to_a_bot_that_was_started_anew(
    fake: FakeDiscord, bench: Bench, ann: User, general: Channel
) -> None:
    async with running(bench):
        answer = await fake.answer_to(await fake.slash(ann, general, "show", id="P7"))
        await fake.click(ann, answer, button(answer, "share"))
        modal = await fake.modal_for(ann)
    async with running(bench):
        submitted = await fake.submit(ann, modal, {"value": "For Friday"})
        await fake.answer_to(submitted)
        page = await fake.answer_to(await fake.slash(ann, general, "latest"))
    async with running(bench):
        await fake.answer_to(await fake.click(ann, page, button(page, "last")))
        assert bench.asked == [Show("P7"), SharePaper("P7", "For Friday"), Latest(None), TurnPage("k7Qd2", 178)]
        assert len([one for one in fake.requests if one["method"] == "PUT"]) == 1  # the commands, once


async def test_a_control_under_a_public_message_is_answered_in_private(
    fake: FakeDiscord, bench: Bench, bot: Bot, ann: User, general: Channel
) -> None:
    answer = await fake.answer_to(await fake.slash(fake.user("bob"), general, "search", query="mri"))
    public = fake.say(fake.bot, general, "A list for everybody")
    public.content.components = answer.components
    click = await fake.click(ann, public, button(public, "next"))
    own = await fake.answer_to(click)
    assert (click.callback, own.to, public.text) == (Callback.DEFERRED_MESSAGE, ann, "A list for everybody")


async def test_a_list_that_is_kept_no_more_stays_and_another_message_says_so(
    fake: FakeDiscord, bench: Bench, bot: Bot, ann: User, general: Channel
) -> None:
    answer = await fake.answer_to(await fake.slash(ann, general, "search", query="mri"))
    bench.replies[TurnPage] = Notice("That list is no longer kept.")
    said = await fake.answer_to(await fake.click(ann, answer, button(answer, "next")))
    assert (said.text, said.to, "Page 1 of 178" in answer.text) == ("That list is no longer kept.", ann, True)


async def test_what_is_delivered_twice_is_done_once(
    fake: FakeDiscord, bench: Bench, bot: Bot, ann: User, general: Channel
) -> None:
    command = await fake.slash(ann, general, "topics")
    await fake.answer_to(command)
    await fake.again(command)
    await fake.answer_to(await fake.slash(ann, general, "latest"))
    assert [*bench.asked] == [ListTopics(), Latest(None)]


async def test_a_failure_is_said_and_the_next_question_is_answered(
    fake: FakeDiscord, bench: Bench, bot: Bot, ann: User, general: Channel
) -> None:
    said = await fake.answer_to(await fake.slash(ann, general, "show", id="crash"))
    assert said.text.startswith("Something went wrong.")
    assert "P7" in str((await fake.answer_to(await fake.slash(ann, general, "show", id="P7"))).embeds)


async def test_an_old_or_strange_control_says_that_it_cannot_be_used(
    fake: FakeDiscord, bench: Bench, bot: Bot, ann: User, general: Channel
) -> None:
    public = fake.say(fake.bot, general, "From a version long ago")
    strange = {"type": 2, "style": 2, "label": "Go", "custom_id": "p0:next\n", "id": 2}
    public.content.components = [{"type": 1, "id": 1, "components": [strange]}]
    said = await fake.answer_to(await fake.click(ann, public, "p0:next\n"))
    assert said.text.startswith("That control cannot be used any more.")


async def test_citations_come_as_a_file(fake: FakeDiscord, bench: Bench, bot: Bot, ann: User, general: Channel) -> None:
    answer = await fake.answer_to(await fake.slash(ann, general, "search", query="mri"))
    offered = CitationFile(CiteList("k7Qd2", CitationFormat.BIBTEX, page=1), "papers.bib", 10, 1774)
    bench.replies[CiteList] = offered
    said = await fake.answer_to(await fake.select(ann, answer, button(answer, "cite"), "bibtex"))
    [content] = said.content.files.values()
    assert (said.content.attachments[0]["filename"], content.count(b"\n")) == ("papers.bib", 10)


async def test_people_ask_in_threads_and_direct_messages(
    fake: FakeDiscord, bench: Bench, bot: Bot, ann: User, general: Channel
) -> None:
    for here, known_as in (
        (fake.direct_channel(ann), f"discord:dm-{ann.id}"),
        (fake.thread("talk", general), f"discord:{fake.thread('talk', general).id}"),
    ):
        answer = await fake.answer_to(await fake.slash(ann, here, "alert add", name="knees", query="knee mri"))
        assert (answer.channel, answer.to, str(bench.asker.channel)) == (here, ann, known_as)


async def test_where_the_bot_is_not_it_says_so(
    fake: FakeDiscord, bench: Bench, bot: Bot, ann: User, general: Channel
) -> None:
    answer = await fake.answer_to(await fake.slash(ann, general, "topics"))
    fake.kick(fake.guild())
    said = await fake.answer_to(await fake.click(ann, answer, button(answer, "run.latest")))
    assert said.text.startswith("I am not in this server")
    assert bench.asked == [ListTopics()]


@NEEDED
@pytest.mark.usefixtures("bot")
async def test_what_the_bot_asks_of_discord_keeps_to_its_document(
    fake: FakeDiscord, bench: Bench, ann: User, general: Channel, tmp_path: Path
) -> None:
    bench.replies[CiteList] = CitationFile(CiteList("k7Qd2", CitationFormat.RIS), "papers.ris", 10, 1774)
    for place in (general, fake.direct_channel(ann), fake.thread("talk", general)):
        await fake.autocomplete(ann, place, "topic pause", "name", "")
        answer = await fake.answer_to(await fake.slash(ann, place, "search", query="mri"))
        await fake.answer_to(await fake.click(ann, answer, button(answer, "next")))
        await fake.click(ann, answer, button(answer, "jump"))
        await fake.answer_to(await fake.submit(ann, await fake.modal_for(ann), {"value": "3"}))
        await fake.answer_to(await fake.select(ann, answer, button(answer, "cite"), "ris"))
        paper = await fake.answer_to(await fake.slash(ann, place, "show", id="P7"))
        await fake.click(ann, paper, button(paper, "share"))
        await fake.answer_to(await fake.submit(ann, await fake.modal_for(ann), {"value": "Look"}))
    assert not [one for one in fake.requests if one["status"] >= 400]
    await judge(fake, tmp_path)


async def test_what_is_typed_in_an_option_is_completed(
    fake: FakeDiscord, bench: Bench, bot: Bot, ann: User, general: Channel
) -> None:
    for path, option, typed, offered in (
        ("topic pause", "name", "rad", "radiology-ai"),
        ("latest", "topic", "br", "breast-mri"),
        ("schedule", "schedule", "week", "weekdays 09:00"),
        ("schedule", "zone", "berl", "Europe/Berlin"),
        ("recap", "schedule", "of", "off"),
        ("search", "query", "mri sou", "mri source:"),
        ("preview", "query", "mri source:pu", "mri source:pubmed"),
        ("help", "command", "topic a", "topic add"),
    ):
        given = {"name": "x"} if option == "query" and path.startswith("topic") else {}
        choices = (await fake.autocomplete(ann, general, path, option, typed, **given)).choices
        assert choices[0]["value"] == offered, path
        assert len(choices) <= 25
    assert (await fake.autocomplete(ann, general, "search", "query", "x" * 3000)).choices == []
    assert bench.asked == []


async def test_a_person_is_named_by_an_option(
    fake: FakeDiscord, bench: Bench, bot: Bot, ann: User, general: Channel
) -> None:
    bench.known.append(known_channel(general))
    await fake.answer_to(await fake.slash(ann, general, "managers add", person=fake.user("bob")))
    assert bench.asked == [AddManager(fake.user("bob").id)]


async def test_names_are_read_as_they_are(
    fake: FakeDiscord, bench: Bench, bot: Bot, ann: User, general: Channel
) -> None:
    for name in ("breast mri", '"breast mri"', "“breast mri”"):
        await fake.answer_to(await fake.slash(ann, general, "topic add", name=name, query='"a b" OR c'))
        assert bench.asked[-1] == AddTopic("breast mri", '"a b" OR c')
