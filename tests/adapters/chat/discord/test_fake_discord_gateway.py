"""The fake Discord's gateway, met by the real client: sessions, resumes, silence, shards, and what it tells."""

from __future__ import annotations

import asyncio
import json
import zlib
from typing import Any

import aiohttp
import discord
import pytest

from tests.adapters.chat.discord.clients import Client, connected, logged_in, refusal
from tests.fakes.discord import FakeDiscord, Intent, Kind, Permission


def guild_of(client: discord.Client, fake: FakeDiscord) -> discord.Guild:
    found = client.get_guild(int(fake.guild().id))
    assert found
    return found


async def told(fake: FakeDiscord, client: discord.Client, event: str) -> None:
    """Wait until the client has heard of this event."""
    assert isinstance(client, Client)
    async with asyncio.timeout(5):
        while event not in client.told:
            await asyncio.sleep(0)


async def test_a_client_learns_of_its_guilds_and_what_it_may_do(fake: FakeDiscord) -> None:
    news = fake.channel("news", kind=Kind.ANNOUNCEMENT)
    fake.thread("talk", fake.channel("general"))
    fake.channel("away", guild="physics")
    fake.deny(news, fake.bot, Permission.EMBED_LINKS)
    async with connected(fake) as client:
        assert sorted(guild.name for guild in client.guilds) == ["lab", "physics"]
        guild = guild_of(client, fake)
        assert sorted(channel.name for channel in guild.channels) == ["general", "news"]
        assert [thread.name for thread in guild.threads] == ["talk"]
        channel = guild.get_channel(int(news.id))
        assert isinstance(channel, discord.TextChannel)
        assert channel.is_news()
        may = channel.permissions_for(guild.me)
        assert (may.send_messages, may.embed_links) == (True, False)
    assert (fake.gateway.identifies, fake.gateway.resumes) == (1, 0)


async def test_a_dropped_connection_is_resumed_and_misses_nothing(fake: FakeDiscord) -> None:
    general = fake.channel("general")
    async with connected(fake) as client:
        fake.gateway.drop()
        fake.rename(general, "all")
        await fake.until(lambda: fake.gateway.resumes == 1 and fake.gateway.ready)
        await told(fake, client, "RESUMED")
        assert [channel.name for channel in guild_of(client, fake).channels] == ["all"]
    assert (fake.gateway.connects, fake.gateway.identifies) == (2, 1)


@pytest.mark.parametrize("how", ["reconnect", "invalid and resumable", "closed"])
async def test_a_client_that_is_sent_away_resumes(fake: FakeDiscord, how: str) -> None:
    async with connected(fake) as client:
        match how:
            case "reconnect":
                fake.gateway.reconnect()
            case "closed":
                fake.gateway.close(4000)
            case _:
                fake.gateway.invalidate(resumable=True)
        await told(fake, client, "RESUMED")
    assert (fake.gateway.identifies, fake.gateway.resumes) == (1, 1)


async def test_an_invalid_session_is_begun_anew(fake: FakeDiscord) -> None:
    async with connected(fake):
        fake.gateway.invalidate(resumable=False)
        await fake.until(lambda: fake.gateway.identifies == 2)
    assert fake.gateway.resumes == 0


async def test_a_forgotten_session_cannot_be_resumed(fake: FakeDiscord) -> None:
    async with connected(fake):
        fake.gateway.sessions.clear()
        fake.gateway.drop()
        await fake.until(lambda: fake.gateway.identifies == 2)
    assert fake.gateway.resumes == 1


async def test_a_silent_gateway_is_left_and_resumed(fake: FakeDiscord) -> None:
    fake.gateway.heartbeat_interval = 0.05
    async with connected(fake, Client(heartbeat_timeout=0.2)) as client:
        await fake.until(lambda: fake.gateway.heartbeats >= 2)
        fake.gateway.silent = True
        fake.rename(fake.channel("general"), "all")
        await fake.until(lambda: fake.gateway.connects >= 2)
        fake.gateway.silent = False
        fake.gateway.drop()
        await told(fake, client, "RESUMED")
        await told(fake, client, "CHANNEL_UPDATE")


async def test_intents_and_tokens_are_checked(fake: FakeDiscord) -> None:
    asking = discord.Intents(guilds=True, message_content=True)
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with Client(intents=asking) as client:
            await client.start(fake.token)
    fake.gateway.granted = Intent.MESSAGE_CONTENT
    async with connected(fake, Client(intents=asking)):
        pass
    async with Client() as client:
        await client.login(fake.token)
        fake.token = "another"
        with pytest.raises(discord.ConnectionClosed) as closed:
            await client.connect()
    assert closed.value.code == 4004


async def test_messages_are_told_by_intent_and_veiled_without_their_content(fake: FakeDiscord) -> None:
    general, ann = fake.channel("general"), fake.user("ann")
    seen: list[discord.Message] = []

    class Reader(Client):
        async def on_message(self, message: discord.Message) -> None:
            seen.append(message)

    reader = Reader(intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True))
    async with connected(fake, Client()) as deaf, connected(fake, reader):
        fake.say(ann, general, "secret")
        fake.say(ann, general, f"<@{fake.bot.id}> hello")
        fake.say(ann, fake.direct_channel(ann), "alone")
        await told(fake, reader, "MESSAGE_CREATE")
        async with asyncio.timeout(5):
            while len(seen) < 3:
                await asyncio.sleep(0)
        assert isinstance(deaf, Client)
        assert "MESSAGE_CREATE" not in deaf.told
    assert [message.content for message in seen] == ["", f"<@{fake.bot.id}> hello", "alone"]


async def test_guilds_channels_threads_and_reactions_are_told_of(fake: FakeDiscord) -> None:
    general, ann = fake.channel("general"), fake.user("ann")
    thread = fake.thread("talk", general)
    fake.guild("physics")
    client = Client(intents=discord.Intents(guilds=True, guild_reactions=True))
    async with connected(fake, client):
        guild = guild_of(client, fake)
        fake.create_channel("new")
        fake.archive_thread(thread)
        message = fake.say(ann, general, "News")
        fake.react(ann, message, "⭐")
        fake.react(ann, message, "⭐", remove=True)
        fake.fail(fake.guild("physics"))
        fake.recover(fake.guild("physics"))
        fake.delete_channel(general)
        fake.kick(fake.guild())
        await told(fake, client, "CHANNEL_DELETE")
        async with asyncio.timeout(5):
            while guild in client.guilds:
                await asyncio.sleep(0)
        boss = fake.user("boss", permissions=Permission.MANAGE_GUILD)
        fake.invite(boss, fake.guild())
        async with asyncio.timeout(5):
            while len(client.guilds) < 2:
                await asyncio.sleep(0)
        assert [channel.name for channel in guild_of(client, fake).channels] == ["new"]
    reactions = [event for event in client.told if event.startswith("MESSAGE_REACTION")]
    assert reactions == ["MESSAGE_REACTION_ADD", "MESSAGE_REACTION_REMOVE"]
    assert client.told.count("GUILD_DELETE") == 2


class Sharded(discord.AutoShardedClient):
    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        pass


async def test_each_shard_has_its_guilds(fake: FakeDiscord) -> None:
    fake.gateway.shards = fake.gateway.max_concurrency = 2
    for name in "abcdefgh":
        fake.pass_time(0.001)
        fake.guild(name)
    client = Sharded(intents=discord.Intents(guilds=True), guild_ready_timeout=0.01)
    async with connected(fake, client):
        assert len(client.guilds) == 9
        assert {guild.shard_id for guild in client.guilds} == {0, 1}
        assert {session.shard for session in fake.gateway.sessions.values()} == {(0, 2), (1, 2)}
    assert fake.gateway.remaining == 998


class Raw:
    """A bare connection."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket, self.inflate = socket, zlib.decompressobj()

    async def next(self) -> dict[str, Any]:
        message = await self.socket.receive(timeout=5)
        text = self.inflate.decompress(message.data) if message.type is aiohttp.WSMsgType.BINARY else message.data
        frame: dict[str, Any] = json.loads(text)
        return frame

    async def identify(self, token: str, **more: Any) -> None:
        await self.socket.send_json({"op": 2, "d": {"token": token, "intents": 1, "properties": {}, **more}})


@pytest.mark.parametrize("compress", ["", "zlib-stream"])
async def test_frames_come_as_text_or_as_one_zlib_stream(fake: FakeDiscord, compress: str) -> None:
    address = f"{fake.gateway_url}?v=10&encoding=json" + (f"&compress={compress}" if compress else "")
    async with aiohttp.ClientSession() as session, session.ws_connect(address) as socket:
        raw = Raw(socket)
        assert (await raw.next())["d"]["heartbeat_interval"] == 41_250
        await raw.identify(fake.token)
        frames = [await raw.next() for _ in range(2)]
        assert [(frame["t"], frame["s"]) for frame in frames] == [("READY", 1), ("GUILD_CREATE", 2)]
        await socket.send_json({"op": 1, "d": 2})
        assert (await raw.next())["op"] == 11


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"op": 99, "d": None}, 4001),
        ({"op": 3, "d": {}}, 4003),
        ({"op": 2, "d": {"token": "x"}}, 4004),
        ({"op": 2, "d": {"shard": [2, 2]}}, 4010),
        ({"op": 2, "d": {"intents": 1 << 40}}, 4013),
        ({"op": 2, "d": {"intents": 2}}, 4014),
    ],
)
async def test_wrong_frames_close_the_connection(fake: FakeDiscord, sent: dict[str, Any], code: int) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(fake.gateway_url) as socket:
        await socket.receive()
        data = sent["d"]
        if sent["op"] == 2:
            data = {"token": fake.token, "intents": 0, **data}
        await socket.send_json({"op": sent["op"], "d": data})
        assert (await socket.receive()).data == code


async def test_sessions_are_begun_at_discords_pace(fake: FakeDiscord) -> None:
    fake.gateway.identify_pause, fake.gateway.remaining = 5.0, 2
    ends = []
    for pause in (0, 0, 6, 6):
        fake.pass_time(pause)
        async with aiohttp.ClientSession() as session, session.ws_connect(fake.gateway_url) as socket:
            raw = Raw(socket)
            await raw.next()
            await raw.identify(fake.token)
            message = await socket.receive()
            ends.append(message.data if message.type is aiohttp.WSMsgType.CLOSE else json.loads(message.data)["op"])
    assert ends == [0, 9, 0, 4004]


async def test_new_connections_can_be_refused_and_the_token_be_taken_away(fake: FakeDiscord) -> None:
    fake.gateway.refuses = 4000
    async with aiohttp.ClientSession() as session, session.ws_connect(fake.gateway_url) as socket:
        assert (await socket.receive()).data == 4000
    fake.gateway.refuses = None
    async with logged_in(fake) as client, connected(fake):
        fake.reset_token()
        await fake.until(lambda: not fake.gateway.open)
        assert (await refusal(client.fetch_user(1))).status == 401
