"""What happens in a fake Discord is told to the app over the gateway."""

from __future__ import annotations

from tests.fakes.discord.gateway import Gateway, Intent
from tests.fakes.discord.message import Content, Message
from tests.fakes.discord.objects import guild_create
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.state import State
from tests.fakes.discord.world import JSON, Channel, Guild, User, as_time


class Events(State):
    """A fake Discord with a gateway."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.gateway = Gateway(lambda: self.token, self.now, self.change, self._greeting)

    @property
    def gateway_url(self) -> str:
        """The value of chat.discord.gateway_url, and DiscordWebSocket.DEFAULT_GATEWAY."""
        return f"ws://127.0.0.1:{self.port}/gateway"

    # messages

    def show(self, message: Message) -> Message:
        """Put a new message where it is seen."""
        message.changed = self.change()
        (self.hidden if message.to else message.channel.messages).append(message)
        extra = {"nonce": message.nonce} if message.nonce is not None else {}
        self._tell_of(message, "MESSAGE_CREATE", extra)
        return message

    def rewrite(self, message: Message, content: Content) -> Message:
        """Let a message show something else."""
        message.content, message.edited, message.changed = content, as_time(self.now()), self.change()
        self._tell_of(message, "MESSAGE_UPDATE", {})
        return message

    def remove(self, message: Message) -> None:
        """Take a message away."""
        (self.hidden if message.to else message.channel.messages).remove(message)
        message.deleted = True
        self.change()
        guild = message.channel.guild
        where = {"channel_id": message.channel.id} | ({"guild_id": guild.id} if guild else {})
        if not message.to:
            self._tell(message.channel, "MESSAGE_DELETE", {"id": message.id, **where}, *MESSAGE_INTENTS)

    def set_reaction(self, user: User, message: Message, emoji: str, *, on: bool) -> None:
        """Put somebody's emoji on a message, or take it off."""
        users = message.reactions.setdefault(emoji, [])
        if (user in users) == on:
            return
        users.append(user) if on else users.remove(user)
        if not users:
            del message.reactions[emoji]
        self.change()
        guild = message.channel.guild
        data: JSON = {
            "user_id": user.id,
            "channel_id": message.channel.id,
            "message_id": message.id,
            "emoji": {"id": None, "name": emoji},
            "burst": False,
            "type": 0,
        }
        if guild:
            data["guild_id"] = guild.id
        if on:
            data["message_author_id"] = message.author.id
            data |= {"member": guild.members[user.id].as_json()} if guild else {}
        event = "MESSAGE_REACTION_ADD" if on else "MESSAGE_REACTION_REMOVE"
        self._tell(message.channel, event, data, Intent.GUILD_MESSAGE_REACTIONS, Intent.DIRECT_MESSAGE_REACTIONS)

    # places

    def tell_of_channel(self, channel: Channel, what: str, **more: object) -> None:
        """CHANNEL_… or THREAD_…: CREATE, UPDATE, DELETE."""
        assert channel.guild, "the app is not told of direct channels"
        self.change()
        kind = "THREAD" if channel.is_thread else "CHANNEL"
        data = {**channel.as_json(), **more}
        self.gateway.dispatch(f"{kind}_{what}", data, guild=channel.guild.id, intent=Intent.GUILDS)

    def tell_of_guild(self, guild: Guild, event: str, data: JSON) -> None:
        """GUILD_CREATE, GUILD_DELETE and so on."""
        self.change()
        self.gateway.dispatch(event, data, guild=guild.id, intent=Intent.GUILDS)

    def _tell_of(self, message: Message, event: str, extra: JSON) -> None:
        if message.to:
            return
        guild, data = message.channel.guild, {**message.as_json(), **extra}
        veiled = None
        if guild:
            data["guild_id"] = guild.id
            member = guild.members.get(message.author.id)
            if member:
                data["member"] = {name: part for name, part in member.as_json().items() if name != "user"}
            if message.author is not self.bot and f"<@{self.bot.id}>" not in message.text:
                veiled = {**data, "content": "", "embeds": [], "components": [], "attachments": []}
        self._tell(message.channel, event, data, *MESSAGE_INTENTS, veiled=veiled)

    def _tell(
        self, channel: Channel, event: str, data: JSON, in_guild: Intent, alone: Intent, *, veiled: JSON | None = None
    ) -> None:
        if Permission.VIEW_CHANNEL in channel.permissions(self.bot):
            guild = channel.guild.id if channel.guild else None
            self.gateway.dispatch(event, data, guild=guild, intent=in_guild if guild else alone, veiled=veiled)

    def _greeting(self, shard: int, shards: int) -> tuple[JSON, list[JSON]]:
        mine = [
            guild
            for guild in self.guilds.values()
            if self.bot.id in guild.members and (int(guild.id) >> 22) % shards == shard
        ]
        ready: JSON = {
            "user": {**self.bot.as_json(), "verified": True, "mfa_enabled": True, "email": None},
            "guilds": [{"id": guild.id, "unavailable": True} for guild in mine],
            "resume_gateway_url": self.gateway_url,
            "application": {"id": self.application_id, "flags": 0},
            "private_channels": [],
            "relationships": [],
            "presences": [],
        }
        return ready, [guild_create(guild, self.bot) for guild in mine if guild.available]


MESSAGE_INTENTS = (Intent.GUILD_MESSAGES, Intent.DIRECT_MESSAGES)
