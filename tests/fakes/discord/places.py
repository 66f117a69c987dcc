"""What happens to the bot's guilds and channels, each told to the app as Discord does."""

from __future__ import annotations

from tests.fakes.discord.objects import guild_create
from tests.fakes.discord.people import People
from tests.fakes.discord.permissions import Overwrite, Permission
from tests.fakes.discord.world import Channel, Guild, Kind, User


class Places(People):
    """A fake Discord whose guilds and channels come and go."""

    def invite(self, user: User, guild: Guild) -> None:
        """Bring the bot into a guild."""
        assert self.bot.id not in guild.members, "the bot is there"
        assert Permission.MANAGE_GUILD in guild.permissions(user), f"{user.name} may not invite a bot"
        self._join(guild, self.bot)
        self.tell_of_guild(guild, "GUILD_CREATE", guild_create(guild, self.bot))

    def kick(self, guild: Guild) -> None:
        """Put the bot out of a guild; its own role goes with it."""
        for role in guild.members.pop(self.bot.id).roles:
            del guild.roles[role.id]
        self.tell_of_guild(guild, "GUILD_DELETE", {"id": guild.id})

    def fail(self, guild: Guild) -> None:
        """Let a guild be unavailable for a while, as in an outage: that is no kick."""
        guild.available = False
        self.tell_of_guild(guild, "GUILD_DELETE", {"id": guild.id, "unavailable": True})

    def recover(self, guild: Guild) -> None:
        """Let a guild be available again."""
        guild.available = True
        self.tell_of_guild(guild, "GUILD_CREATE", guild_create(guild, self.bot))

    def create_channel(self, name: str, *, guild: str = "", kind: Kind = Kind.TEXT) -> Channel:
        """Make a channel which the bot is told of."""
        channel = self.channel(name, guild=guild, kind=kind)
        self.tell_of_channel(channel, "CREATE")
        return channel

    def rename(self, channel: Channel, name: str) -> None:
        """Give a channel another name."""
        channel.name = name
        self.tell_of_channel(channel, "UPDATE")

    def delete_channel(self, channel: Channel) -> None:
        """Delete a channel or thread for ever, and the threads in it."""
        assert channel.guild, "a direct channel cannot be deleted"
        for thread in [one for one in channel.guild.channels.values() if one.parent is channel]:
            del channel.guild.channels[thread.id]
        del channel.guild.channels[channel.id]
        for message in channel.messages:
            message.deleted = True
        self.tell_of_channel(channel, "DELETE")

    def archive_thread(self, thread: Channel, *, locked: bool = True) -> None:
        """Archive a thread. While it is ``locked`` nobody but a moderator can write in it; else the next message takes
        it out of the archive."""
        thread.archived, thread.locked = True, locked
        self.tell_of_channel(thread, "UPDATE")

    def unarchive_thread(self, thread: Channel) -> None:
        """Take a thread out of the archive."""
        thread.archived = thread.locked = False
        self.tell_of_channel(thread, "UPDATE")

    def allow(self, channel: Channel, who: User | None, permissions: Permission) -> None:
        """Allow somebody (None: everyone) more in this channel."""
        overwrite = self._overwrite(channel, who)
        overwrite.allow |= permissions
        overwrite.deny &= ~permissions
        self.tell_of_channel(channel, "UPDATE")

    def deny(self, channel: Channel, who: User | None, permissions: Permission) -> None:
        """Deny somebody (None: everyone) this in this channel."""
        overwrite = self._overwrite(channel, who)
        overwrite.deny |= permissions
        overwrite.allow &= ~permissions
        self.tell_of_channel(channel, "UPDATE")

    def reset_token(self) -> None:
        """Give the bot a new ``token``, as its owner does when the old one got about: that is good for nothing now."""
        self.token = f"MTE.fake.{self.id()}"
        self.gateway.close(4004)
        self.gateway.sessions.clear()
        self.change()

    def _overwrite(self, channel: Channel, who: User | None) -> Overwrite:
        assert channel.guild, "a direct channel has no overwrites"
        return channel.overwrites.setdefault(who.id if who else channel.guild.id, Overwrite())
