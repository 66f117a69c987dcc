"""The fake Discord's people, met by the real discord.py: commands, buttons, selects and forms."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import discord
import pytest
from discord import app_commands, ui

from tests.adapters.chat.discord.clients import Client, call, connected
from tests.fakes.discord import Callback, Channel, FakeDiscord, Gesture, Permission, User


class Jump(ui.Modal, title="Go to page"):
    page: ui.TextInput[Jump] = ui.TextInput(label="Page", custom_id="page", max_length=3)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.edit_message(content=f"Page {self.page.value}")


class Pages(ui.View):
    @ui.button(label="Next", custom_id="next")
    async def turn(self, interaction: discord.Interaction, button: ui.Button[Pages]) -> None:
        await interaction.response.edit_message(content="Page 2")

    @ui.button(label="Later", custom_id="later")
    async def turn_later(self, interaction: discord.Interaction, button: ui.Button[Pages]) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content="Page 3")

    @ui.button(label="Old", custom_id="old", disabled=True)
    async def old(self, interaction: discord.Interaction, button: ui.Button[Pages]) -> None:
        pass

    @ui.button(label="Jump", custom_id="jump")
    async def jump(self, interaction: discord.Interaction, button: ui.Button[Pages]) -> None:
        await interaction.response.send_modal(Jump())

    @ui.select(
        custom_id="sort",
        options=[discord.SelectOption(label="Newest", value="n"), discord.SelectOption(label="Oldest", value="o")],
    )
    async def sort(self, interaction: discord.Interaction, select: ui.Select[Pages]) -> None:
        await interaction.response.send_message(f"Sorted: {select.values[0]}", ephemeral=True)

    @ui.select(custom_id="where", cls=ui.ChannelSelect)
    async def where(self, interaction: discord.Interaction, select: ui.ChannelSelect[Pages]) -> None:
        await interaction.response.send_message(f"There: {select.values[0].name}")


papers = app_commands.Group(name="papers", description="Papers")
topic = app_commands.Group(name="topic", description="Topics", parent=papers)


@papers.command(description="Search")
@app_commands.choices(sort=[app_commands.Choice(name="Newest first", value="newest")])
async def search(
    interaction: discord.Interaction, query: str, sort: str = "", page: app_commands.Range[int, 1, 99] = 1
) -> None:
    await interaction.response.defer(ephemeral=True)
    await interaction.followup.send(f"{query} {sort} {page}", view=Pages(timeout=None))


@papers.command(description="Show")
async def show(interaction: discord.Interaction, number: int) -> None:
    await interaction.response.send_message(f"P{number}", view=Pages(timeout=None))


@show.autocomplete("number")
async def numbers(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[int]]:
    return [app_commands.Choice(name=f"Paper {current}{n}", value=n) for n in range(3)]


@topic.command(description="Add")
async def add(interaction: discord.Interaction, name: str, who: discord.User, where: discord.TextChannel) -> None:
    may = interaction.permissions.manage_guild
    await interaction.response.send_message(f"{name} {who.name} {where.name} {may}")


@papers.command(description="Wait")
async def wait(interaction: discord.Interaction) -> None:
    pass


@app_commands.command(name="admin", description="For managers")
@app_commands.default_permissions(manage_guild=True)
@app_commands.guild_only()
async def admin(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("You may")
    await interaction.followup.send("More", ephemeral=True)


@pytest.fixture
async def bot(fake: FakeDiscord) -> AsyncIterator[Client]:
    """A small bot with its commands synced."""
    fake.channel("general")
    client = Client()
    tree = app_commands.CommandTree(client)
    tree.add_command(papers)
    tree.add_command(admin)
    async with connected(fake, client):
        await tree.sync()
        yield client


@pytest.fixture
async def ann(fake: FakeDiscord) -> User:
    return fake.user("ann")


@pytest.fixture
async def general(fake: FakeDiscord) -> Channel:
    return fake.channel("general")


async def test_a_command_is_answered_to_one_person_and_turned_in_place(
    fake: FakeDiscord, bot: Client, ann: User, general: Channel
) -> None:
    command = await fake.slash(ann, general, "search", query="mri", sort="Newest first", page=2)
    answer = await fake.answer_to(command)
    assert (command.callback, command.data) == (Callback.DEFERRED_MESSAGE, {"flags": 64})
    assert (answer.to, answer.text, answer is command.interaction.original) == (ann, "mri newest 2", True)
    assert (fake.ephemerals(ann), fake.messages(general)) == ([answer], [])
    for button, page, callback in (("next", 2, Callback.UPDATE), ("later", 3, Callback.DEFERRED_UPDATE)):
        click = await fake.click(ann, answer, button)
        assert (await fake.answer_to(click)).text == f"Page {page}"
        assert click.callback is callback
    with pytest.raises(AssertionError, match="somebody else"):
        await fake.click(fake.user("bob"), answer, "next")
    with pytest.raises(AssertionError, match="disabled"):
        await fake.click(ann, answer, "old")
    with pytest.raises(AssertionError, match="no control"):
        await fake.click(ann, answer, "gone")


async def test_a_client_sends_only_what_fits_the_command(
    fake: FakeDiscord, bot: Client, ann: User, general: Channel
) -> None:
    for wrong, why in (
        (("search", {}), "filled in"),
        (("search", {"query": "mri", "page": 100}), "not from 1 to 99"),
        (("search", {"query": "mri", "page": "2"}), "not of type"),
        (("search", {"query": "mri", "sort": "best"}), "no choice"),
        (("search", {"query": "mri", "other": 1}), "no options"),
        (("topic", {}), "choose one of"),
        (("topic drop", {}), "has no"),
    ):
        path, options = wrong
        with pytest.raises(AssertionError, match=why):
            await fake.slash(ann, general, path, **options)


async def test_users_and_channels_are_resolved(fake: FakeDiscord, bot: Client, general: Channel) -> None:
    boss = fake.user("boss", permissions=Permission.MANAGE_GUILD)
    command = await fake.slash(boss, general, "topic add", name="ai", who=fake.user("bob"), where=general)
    assert (await fake.answer_to(command)).text == "ai bob general True"
    assert command.payload["member"]["permissions"] == str(int(general.permissions(boss)))
    assert command.payload["data"]["options"][0]["name"] == "topic"


async def test_options_are_completed(fake: FakeDiscord, bot: Client, ann: User, general: Channel) -> None:
    typed = await fake.autocomplete(ann, general, "show", "number", "1")
    assert (typed.callback, typed.choices[2]) == (Callback.CHOICES, {"name": "Paper 12", "value": 2})
    with pytest.raises(AssertionError, match="no autocomplete"):
        await fake.autocomplete(ann, general, "search", "query", "m")


async def test_selects_and_forms_are_used(fake: FakeDiscord, bot: Client, ann: User, general: Channel) -> None:
    paper = await fake.answer_to(await fake.slash(ann, general, "papers show", number=7))
    assert (paper.text, paper.to) == ("P7", None)
    chosen = await fake.answer_to(await fake.select(ann, paper, "sort", "Oldest"))
    assert (chosen.text, chosen.to) == ("Sorted: o", ann)
    there = await fake.answer_to(await fake.select(ann, paper, "where", general))
    assert there.text == "There: general"
    await fake.click(ann, paper, "jump")
    modal = await fake.modal_for(ann)
    with pytest.raises(AssertionError, match="is needed"):
        await fake.submit(ann, modal)
    with pytest.raises(AssertionError, match="characters"):
        await fake.submit(ann, modal, {"page": "1000"})
    submitted = await fake.submit(ann, modal, {"page": "9"})
    assert (await fake.answer_to(submitted)) is paper
    assert (paper.text, fake.modals) == ("Page 9", [])


async def test_commands_are_offered_by_right_and_place(
    fake: FakeDiscord, bot: Client, ann: User, general: Channel
) -> None:
    boss = fake.user("boss", permissions=Permission.MANAGE_GUILD)
    answer = await fake.slash(boss, general, "admin")
    await fake.until(lambda: len(fake.answers(answer)) == 2)
    assert [(message.text, message.to) for message in fake.answers(answer)] == [("You may", None), ("More", boss)]
    with pytest.raises(AssertionError, match="admin"):
        await fake.slash(ann, general, "admin")
    with pytest.raises(AssertionError, match="admin"):
        await fake.slash(boss, fake.direct_channel(boss), "admin")
    fake.kick(fake.guild())
    with pytest.raises(AssertionError, match="is offered no"):
        await fake.slash(boss, general, "show", number=1)


async def test_people_use_it_alone_and_in_threads(fake: FakeDiscord, bot: Client, ann: User, general: Channel) -> None:
    for place in (fake.direct_channel(ann), fake.thread("talk", general)):
        answer = await fake.answer_to(await fake.slash(ann, place, "show", number=1))
        assert answer.channel is place
        await fake.answer_to(await fake.click(ann, answer, "next"))
        assert answer.text == "Page 2"


async def test_an_answer_that_comes_too_late_is_refused(
    fake: FakeDiscord, bot: Client, ann: User, general: Channel
) -> None:
    fake.ack_seconds = 0.05
    ignored = await fake.slash(ann, general, "wait")
    assert (ignored.acked, ignored.interaction.expired) == (False, True)
    assert await call_back(fake, ignored, type=4, data={"content": "Late"}) == (404, 10062)
    bot_gone = await fake.slash(ann, general, "wait")
    fake.pass_time(4)
    assert (await call_back(fake, bot_gone, type=5))[1] == 10062


async def test_an_interaction_is_answered_once_and_for_15_minutes(
    fake: FakeDiscord, bot: Client, ann: User, general: Channel
) -> None:
    command = await fake.slash(ann, general, "show", number=1)
    token = command.interaction.token
    assert await call_back(fake, command, type=4, data={"content": "Twice"}) == (400, 40060)
    path = f"/webhooks/{fake.application_id}/{token}"
    assert await call(fake, "POST", path, content="More", flags=64) == (200, None)
    assert await call(fake, "PATCH", f"{path}/messages/@original", content="Changed") == (200, None)
    assert await call(fake, "PATCH", f"{path}/messages/1", content="Changed") == (404, 10008)
    assert await call(fake, "POST", f"{path}x", content="More") == (404, 10015)
    assert await call(fake, "DELETE", f"{path}/messages/@original") == (204, None)
    assert await call(fake, "GET", f"{path}/messages/@original") == (404, 10008)
    assert [message.text for message in fake.ephemerals(ann)] == ["More"]
    fake.pass_time(15 * 60 + 1)
    assert await call(fake, "POST", path, content="More") == (401, 50027)


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": 7, "data": {"content": "A command has no message to update"}},
        {"type": 8, "data": {"choices": []}},
        {"type": 5, "data": {"flags": 4}},
        {"type": 4, "data": {"content": "x" * 2001}},
        {"type": 9, "data": {"custom_id": "m", "title": "x" * 46, "components": []}},
        {"type": 9, "data": {"custom_id": "m", "title": "No inputs", "components": []}},
    ],
)
async def test_a_wrong_answer_is_refused_and_may_be_mended(
    fake: FakeDiscord, bot: Client, ann: User, general: Channel, wrong: dict[str, Any]
) -> None:
    fake.ack_seconds = 0.05
    command = await fake.slash(ann, general, "wait")
    command.interaction.expired = False
    assert await call_back(fake, command, **wrong) == (400, 50035)
    assert await call_back(fake, command, type=4, data={"content": "Right"}) == (204, None)


async def test_a_gesture_can_come_twice(fake: FakeDiscord, bot: Client, ann: User, general: Channel) -> None:
    seen: list[int] = []

    async def keep(interaction: discord.Interaction) -> None:
        seen.append(interaction.id)

    bot.on_interaction = keep  # type: ignore[attr-defined]
    command = await fake.again(await fake.slash(ann, general, "show", number=1))
    await fake.until(lambda: [one for one in fake.requests if one["status"] == 400])
    assert seen == [int(command.interaction.id)] * 2


async def test_without_a_bot_nothing_answers(fake: FakeDiscord, ann: User, general: Channel) -> None:
    fake.commands[None] = []
    message = fake.say(fake.bot, general, "Old")
    message.content.components = [{"type": 1, "id": 1, "components": [{**OLD_BUTTON, "id": 2}]}]
    click = await fake.click(ann, message, "p1:2")
    assert (click.acked, click.interaction.expired) == (False, True)


OLD_BUTTON = {"type": 2, "style": 1, "label": "Next", "custom_id": "p1:2"}


async def call_back(fake: FakeDiscord, gesture: Gesture, **body: Any) -> tuple[int, int | None]:
    """Answer an interaction without the library."""
    interaction = gesture.interaction
    return await call(fake, "POST", f"/interactions/{interaction.id}/{interaction.token}/callback", **body)
