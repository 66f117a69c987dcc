"""The fake Discord's REST API, asked by the real client: it takes what Discord takes and refuses what Discord
refuses."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import Any

import aiohttp
import discord
import pytest
from discord.http import Route

from tests.adapters.chat.discord.clients import Client, code, logged_in, pointed_at, refusal
from tests.fakes.discord import Channel, FakeDiscord, Kind, Permission


@pytest.fixture
async def client(fake: FakeDiscord) -> AsyncIterator[Client]:
    async with logged_in(fake) as client:
        yield client


@pytest.fixture
async def general(fake: FakeDiscord) -> Channel:
    return fake.channel("general")


def place(client: Client, channel: Channel) -> discord.PartialMessageable:
    return client.get_partial_messageable(int(channel.id))


async def post(client: Client, channel: Channel, **body: Any) -> Any:
    """Post any body, as discord.py would not make it."""
    return await client.http.request(Route("POST", f"/channels/{channel.id}/messages"), json=body)


async def test_only_the_bots_token_is_taken(fake: FakeDiscord, client: Client) -> None:
    assert client.user
    assert str(client.user.id) == fake.bot.id
    async with Client() as other:
        with pytest.raises(discord.LoginFailure):
            await other.login("another-token")
    assert fake.rates.invalid == 1


async def test_history_is_read_in_pages(fake: FakeDiscord, client: Client, general: Channel) -> None:
    ann = fake.user("ann")
    fake.rates.lift()
    said = [fake.say(ann, general, str(number)) for number in range(6)]
    channel = place(client, general)

    async def read(**where: Any) -> list[str]:
        return [message.content async for message in channel.history(**where)]

    assert await read(limit=2) == ["5", "4"]
    assert await read(limit=2, before=discord.Object(int(said[3].id))) == ["2", "1"]
    assert await read(limit=3, around=discord.Object(int(said[2].id))) == ["3", "2", "1"]
    path = f"/channels/{general.id}/messages"
    after = await client.http.request(Route("GET", path), params={"after": said[0].id, "limit": "2"})
    assert [message["content"] for message in after] == ["2", "1"]
    wrong = await refusal(client.http.request(Route("GET", path), params={"limit": "101"}))
    assert (wrong.status, wrong.code) == (400, 50035)


async def test_what_was_just_said_may_be_read_late(fake: FakeDiscord, client: Client, general: Channel) -> None:
    fake.history_lag = 30
    await place(client, general).send("Hello")
    assert [message async for message in place(client, general).history()] == []
    fake.pass_time(31)
    assert len([message async for message in place(client, general).history()]) == 1


async def test_a_nonce_is_posted_once_within_the_window(fake: FakeDiscord, client: Client, general: Channel) -> None:
    other = fake.channel("other")
    first = await place(client, general).send("Hello", nonce="key")
    again = await post(client, other, content="Something else", nonce="key", enforce_nonce=True)
    assert (again["id"], again["channel_id"], fake.messages(other)) == (str(first.id), general.id, [])
    await first.delete()
    assert await code(place(client, general).send("Hello", nonce="key")) == 10008
    fake.pass_time(fake.nonce_window + 1)
    await place(client, general).send("Hello", nonce="key")
    assert len(fake.messages(general)) == 1
    unenforced = [await post(client, general, content="Hello", nonce="key") for _ in range(2)]
    assert unenforced[0]["id"] != unenforced[1]["id"]


async def test_the_nonce_is_answered_and_not_read_back(fake: FakeDiscord, client: Client, general: Channel) -> None:
    posted = await post(client, general, content="Hello", nonce="key", enforce_nonce=True)
    path = Route("GET", f"/channels/{general.id}/messages/{posted['id']}")
    assert posted["nonce"] == "key"
    assert "nonce" not in await client.http.request(path)
    fake.nonce_in_history = True
    assert (await client.http.request(path))["nonce"] == "key"


async def test_places_refuse_as_discord_does(fake: FakeDiscord, client: Client, general: Channel) -> None:
    hidden, quiet, plain = (fake.channel(name) for name in ("hidden", "quiet", "plain"))
    fake.deny(hidden, None, Permission.VIEW_CHANNEL)
    fake.deny(quiet, fake.bot, Permission.SEND_MESSAGES)
    fake.deny(plain, None, Permission.EMBED_LINKS | Permission.ATTACH_FILES)
    forum, thread = fake.channel("forum", kind=Kind.FORUM), fake.thread("talk", general)
    away, gone = fake.channel("away", guild="physics"), fake.channel("gone")
    fake.archive_thread(thread)
    fake.kick(fake.guild("physics"))
    fake.delete_channel(gone)
    expected = {gone: 10003, hidden: 50001, away: 50001, quiet: 50013, forum: 40058, thread: 50083}
    for channel, refused in expected.items():
        assert await code(place(client, channel).send("Hello")) == refused, channel.name
    await place(client, plain).send("Hello")
    assert await code(place(client, plain).send(embed=discord.Embed(title="Hello"))) == 50013
    assert await code(place(client, plain).send(file=discord.File(BytesIO(b"x"), "x.txt"))) == 50013
    assert fake.rates.invalid == 5


async def test_an_unlocked_thread_leaves_the_archive_when_written_in(
    fake: FakeDiscord, client: Client, general: Channel
) -> None:
    thread = fake.thread("talk", general)
    message = await place(client, thread).send("Hello")
    fake.archive_thread(thread, locked=False)
    assert await code(message.edit(content="Changed")) == 50083
    await place(client, thread).send("Hello")
    assert not thread.archived


async def test_rights_are_those_of_roles_and_overwrites(fake: FakeDiscord, general: Channel) -> None:
    ann, boss = fake.user("ann"), fake.user("boss", permissions=Permission.ADMINISTRATOR)
    fake.deny(general, None, Permission.SEND_MESSAGES)
    assert Permission.SEND_MESSAGES not in general.permissions(ann)
    assert Permission.SEND_MESSAGES in general.permissions(boss)
    fake.allow(general, ann, Permission.SEND_MESSAGES)
    assert Permission.SEND_MESSAGES in general.permissions(ann)
    fake.deny(general, ann, Permission.VIEW_CHANNEL)
    assert general.permissions(ann) == Permission.NONE


async def test_messages_are_changed_and_deleted_by_their_author(
    fake: FakeDiscord, client: Client, general: Channel
) -> None:
    message = await place(client, general).send("Hello", embed=discord.Embed(title="Title"))
    changed = await message.edit(content="Changed")
    assert (changed.content, changed.embeds[0].title, changed.edited_at is not None) == ("Changed", "Title", True)
    theirs = place(client, general).get_partial_message(int(fake.say(fake.user("ann"), general, "Hi").id))
    assert await code(theirs.edit(content="Mine")) == 50005
    assert await code(theirs.delete()) == 50013
    assert await code(message.edit(content="", embeds=[])) == 50006
    await message.delete()
    assert await code(message.edit(content="x")) == 10008


async def test_components_v2_stay_so(fake: FakeDiscord, client: Client, general: Channel) -> None:
    view = discord.ui.LayoutView()
    view.add_item(discord.ui.Container(discord.ui.TextDisplay("Hello")))
    message = await place(client, general).send(view=view)
    path = Route("PATCH", f"/channels/{general.id}/messages/{message.id}")
    assert await code(client.http.request(path, json={"flags": 0})) == 50035
    assert await code(message.edit(embed=discord.Embed(title="Title"))) == 50035
    assert fake.messages(general)[0].components[0]["components"][0]["content"] == "Hello"


async def test_everyone_is_called_only_when_it_is_allowed(fake: FakeDiscord, client: Client, general: Channel) -> None:
    ann = fake.user("ann")
    loud = await place(client, general).send(f"@everyone <@{ann.id}>")
    soft = await place(client, general).send(f"@everyone <@{ann.id}>", allowed_mentions=discord.AllowedMentions.none())
    assert (loud.mention_everyone, len(loud.mentions)) == (True, 1)
    assert (soft.mention_everyone, len(soft.mentions)) == (False, 0)
    assert fake.messages(general)[1].content.allowed_mentions == {"parse": []}


async def test_files_come_with_messages(fake: FakeDiscord, client: Client, general: Channel) -> None:
    message = await place(client, general).send("Here", file=discord.File(BytesIO(b"@article{}"), "papers.bib"))
    assert [one.filename for one in message.attachments] == ["papers.bib"]
    assert list(fake.messages(general)[0].content.files.values()) == [b"@article{}"]
    assert fake.requests[-1]["content_type"] == "multipart/form-data"
    assert (await message.edit(attachments=[])).attachments == []


async def test_announcements_are_crossposted_once(fake: FakeDiscord, client: Client, general: Channel) -> None:
    news = fake.channel("news", kind=Kind.ANNOUNCEMENT)
    message = await place(client, news).send("News")
    await message.publish()
    assert await code(message.publish()) == 40033
    assert await code((await place(client, general).send("News")).publish()) == 50024


async def test_threads_are_started(fake: FakeDiscord, client: Client, general: Channel) -> None:
    message = await place(client, general).send("News")
    path = Route("POST", f"/channels/{general.id}/messages/{message.id}/threads")
    started = await client.http.request(path, json={"name": "Talk"})
    assert (started["id"], started["parent_id"]) == (str(message.id), general.id)
    assert await code(client.http.request(path, json={"name": "Talk"})) == 160004
    forum = Route("POST", f"/channels/{fake.channel('forum', kind=Kind.FORUM).id}/threads")
    post = await client.http.request(forum, json={"name": "Paper", "message": {"content": "Hello"}})
    assert [one.text for one in fake.messages(fake.guild().channels[post["id"]])] == ["Hello"]
    assert await code(client.http.request(forum, json={"name": "Paper"})) == 50006


async def test_reactions_are_put_on_and_taken_off(fake: FakeDiscord, client: Client, general: Channel) -> None:
    message = await place(client, general).send("News")
    await message.add_reaction("⭐")
    fake.react(fake.user("ann"), fake.messages(general)[0], "⭐")
    read = await place(client, general).fetch_message(message.id)
    assert [(one.emoji, one.count, one.me) for one in read.reactions] == [("⭐", 2, True)]
    path = f"/channels/{general.id}/messages/{message.id}/reactions/%E2%AD%90"
    assert len(await client.http.request(Route("GET", path))) == 2
    await client.http.request(Route("DELETE", f"{path}/@me"))
    assert len(await client.http.request(Route("GET", path))) == 1


async def test_people_are_written_to_alone_if_they_take_it(fake: FakeDiscord, client: Client) -> None:
    ann, bob = fake.user("ann"), fake.user("bob", guild=None)
    bob.takes_messages = False
    await (await client.fetch_user(int(ann.id))).send("Hello")
    assert [message.text for message in fake.messages(fake.direct_channel(ann))] == ["Hello"]
    assert await code((await client.fetch_user(int(bob.id))).send("Hello")) == 50007
    assert await code(client.fetch_user(1)) == 10013


async def test_guilds_and_members_are_shown(fake: FakeDiscord, client: Client, general: Channel) -> None:
    ann = fake.user("ann", permissions=Permission.MANAGE_GUILD)
    guild = await client.fetch_guild(int(fake.guild().id), with_counts=False)
    member = await guild.fetch_member(int(ann.id))
    assert member.guild_permissions.manage_guild
    assert [channel.name for channel in await guild.fetch_channels()] == ["general"]
    assert await code(guild.fetch_member(int(fake.user("bob", guild=None).id))) == 10007
    assert (await client.application_info()).id == int(fake.application_id)


async def test_buckets_are_told_and_enforced(fake: FakeDiscord, general: Channel) -> None:
    fake.rates.limits["POST", "/channels/{channel}/messages"] = (2, 60.0)
    url = f"{fake.api_url}/channels/{general.id}/messages"
    headers = {"Authorization": f"Bot {fake.token}", "User-Agent": "DiscordBot (https://example.org, 1)"}
    async with aiohttp.ClientSession(headers=headers) as session:
        answers = [await session.post(url, json={"content": "Hello"}) for _ in range(3)]
        limited = await answers[2].json()
        assert [answer.headers["X-RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]
        assert (answers[2].status, limited["global"], 0 < limited["retry_after"] <= 60) == (429, False, True)
        assert "Via" in answers[2].headers
        fake.rates.per_second = 0
        everywhere = await session.post(url, json={"content": "Hello"})
        assert (everywhere.status, (await everywhere.json())["global"]) == (429, True)
        fake.rates.lift()
        assert (await session.post(url, json={"content": "Hello"})).status == 200
        fake.rates.most_invalid = 3
        await session.get(url, headers={"Authorization": "Bot another"})
        banned = await session.get(url)
        assert (banned.status, banned.content_type, "Via" in banned.headers) == (429, "text/html", False)


async def test_ids_and_dates_are_of_the_fakes_clock() -> None:
    async with FakeDiscord(clock=lambda: 1_800_000_000.5) as fake:
        with pointed_at(fake):
            async with logged_in(fake) as client:
                message = await place(client, fake.channel("general")).send("Hello")
                assert message.created_at == datetime.fromtimestamp(1_800_000_000.5, UTC)
                fake.pass_time(60)
                later = await place(client, fake.channel("general")).send("Hello")
                assert (later.created_at - message.created_at).total_seconds() == 60
        async with aiohttp.ClientSession() as session, session.get(f"{fake.api_url}/gateway") as answer:
            assert parsedate_to_datetime(answer.headers["Date"]).timestamp() == 1_800_000_060
