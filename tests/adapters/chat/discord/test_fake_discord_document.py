"""The fake Discord's own traffic, judged by Discord's OpenAPI document."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import discord
from discord import app_commands, ui

from tests.adapters.chat.discord.clients import Client, code, connected, logged_in
from tests.adapters.chat.discord.judging import NEEDED, judge
from tests.fakes.discord import FakeDiscord, Kind

pytestmark = NEEDED


async def test_requests_and_their_answers_keep_to_it(fake: FakeDiscord, tmp_path: Path) -> None:
    general, ann = fake.channel("general"), fake.user("ann")
    fake.say(ann, general, "Hello")
    async with logged_in(fake) as client:
        channel = client.get_partial_messageable(int(general.id))
        message = await channel.send("Hello", embed=discord.Embed(title="A", url="https://example.org"))
        await message.edit(content="Changed")
        await message.add_reaction("⭐")
        await channel.fetch_message(message.id)
        thread = await client.http.start_thread_with_message(
            int(general.id), message.id, name="Talk", auto_archive_duration=1440
        )
        guild = await client.fetch_guild(int(fake.guild().id), with_counts=False)
        await guild.fetch_channels()
        await guild.fetch_roles()
        await guild.active_threads()
        await guild.fetch_member(int(ann.id))
        await client.fetch_channel(int(thread["id"]))
        await (await client.fetch_user(int(ann.id))).send("Hello")
        assert [one async for one in channel.history()]
        await client.http.get_bot_gateway()
        await client.http.application_info()
        await message.delete()
        assert await code(channel.fetch_message(1)) == 10008
        news = client.get_partial_messageable(int(fake.channel("news", kind=Kind.ANNOUNCEMENT).id))
        await (await news.send("News", file=discord.File(BytesIO(b"x"), "x.txt"))).publish()
        view = ui.LayoutView()
        view.add_item(ui.Container(ui.Section(ui.TextDisplay("A"), accessory=ui.Button(label="B", custom_id="b"))))
        await channel.send(view=view)
    await judge(fake, tmp_path)


class Pages(ui.View):
    @ui.button(label="Next", custom_id="next")
    async def turn(self, interaction: discord.Interaction, button: ui.Button[Pages]) -> None:
        await interaction.response.edit_message(content="Page 2")

    @ui.button(label="Jump", custom_id="jump")
    async def jump(self, interaction: discord.Interaction, button: ui.Button[Pages]) -> None:
        await interaction.response.send_modal(Jump())

    @ui.select(custom_id="sort", options=[discord.SelectOption(label="Newest", value="n")])
    async def sort(self, interaction: discord.Interaction, select: ui.Select[Pages]) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content="Sorted")


class Jump(ui.Modal, title="Go to page"):
    page: ui.TextInput[Jump] = ui.TextInput(label="Page", custom_id="page", max_length=3)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message("Jumped", ephemeral=True)
        await interaction.delete_original_response()


@app_commands.command(description="Search")
async def search(interaction: discord.Interaction, query: str) -> None:
    await interaction.response.defer(ephemeral=True)
    await interaction.followup.send(query, view=Pages(timeout=None))
    await interaction.followup.send("More")
    await interaction.original_response()


@search.autocomplete("query")
async def words(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=current, value=current)]


async def test_answers_to_people_keep_to_it(fake: FakeDiscord, tmp_path: Path) -> None:
    general, ann, client = fake.channel("general"), fake.user("ann"), Client()
    tree = app_commands.CommandTree(client)
    tree.add_command(search)
    async with connected(fake, client):
        await tree.sync()
        await tree.fetch_commands()
        await tree.sync(guild=discord.Object(int(fake.guild().id)))
        for place in (general, fake.direct_channel(ann)):
            await fake.autocomplete(ann, place, "search", "query", "m")
            answer = await fake.answer_to(await fake.slash(ann, place, "search", query="mri"))
            assert (await fake.answer_to(await fake.click(ann, answer, "next"))).text == "Page 2"
            assert (await fake.answer_to(await fake.select(ann, answer, "sort", "n"))).text == "Sorted"
            await fake.click(ann, answer, "jump")
            await fake.submit(ann, await fake.modal_for(ann), {"page": "3"})
            await fake.until(lambda: fake.requests[-1]["status"] and fake.requests[-1]["method"] == "DELETE")
    assert not [one for one in fake.requests if one["status"] >= 400]
    await judge(fake, tmp_path)
