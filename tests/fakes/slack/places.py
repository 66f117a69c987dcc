"""What happens to the bot's channels and to its installation, each told to the app as Slack does."""

from __future__ import annotations

from tests.fakes.slack.people import People
from tests.fakes.slack.postman import Gesture
from tests.fakes.slack.world import JSON, Channel, Message, User


class Places(People):
    """A fake Slack whose channels come and go."""

    async def invite(self, user: User, channel: Channel) -> Gesture:
        """Invite the bot into a channel."""
        bot = user.workspace.bot
        channel.bot = True
        text = f"<@{bot.id}> has joined the channel"
        joined = Message(channel, bot, self.ts(), text, subtype="channel_join", extra={"inviter": user.id})
        self.show(joined)
        event = {
            "type": "member_joined_channel",
            "user": bot.id,
            "channel": channel.id,
            "channel_type": "G" if channel.private else "C",
            "team": user.workspace.id,
            "inviter": user.id,
            "event_ts": joined.ts,
        }
        return await self.event(event, user=user)

    async def kick(self, user: User, channel: Channel) -> Gesture:
        """Remove the bot from a channel."""
        channel.bot = False
        return await self._tell(user, channel, "left")

    async def archive(self, user: User, channel: Channel) -> Gesture:
        """Archive a channel, which puts the bot out of it."""
        channel.archived, channel.bot = True, False
        return await self._tell(user, channel, "archive")

    async def unarchive(self, user: User, channel: Channel) -> Gesture:
        """Take a channel out of the archive; the bot is not in it."""
        channel.archived = False
        return await self._tell(user, channel, "unarchive")

    async def delete(self, user: User, channel: Channel) -> Gesture:
        """Delete a channel for ever."""
        channel.deleted = True
        return await self._tell(user, channel, "deleted")

    async def rename(self, user: User, channel: Channel, name: str) -> Gesture:
        """Give a channel another name."""
        channel.name = name
        renamed: JSON = {"id": channel.id, "name": name, "created": 1}
        event = {"type": f"{_prefix(channel)}_rename", "channel": renamed, "event_ts": self.ts()}
        return await self.event(event, user=user)

    async def revoke(self, *, workspace: str = "") -> Gesture:
        """Revoke the bot's token; the app is told once more."""
        home = self.workspace(workspace)
        home.token_error = "token_revoked"
        event = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [home.bot.id]}, "event_ts": self.ts()}
        return await self.event(event, workspace=workspace)

    async def uninstall(self, *, workspace: str = "") -> Gesture:
        """Remove the app from the workspace; the app is told once more."""
        self.workspace(workspace).token_error = "account_inactive"
        return await self.event({"type": "app_uninstalled", "event_ts": self.ts()}, workspace=workspace)

    async def _tell(self, user: User, channel: Channel, what: str) -> Gesture:
        self.change()
        event = {"type": f"{_prefix(channel)}_{what}", "channel": channel.id, "user": user.id, "event_ts": self.ts()}
        return await self.event(event, user=user)


def _prefix(channel: Channel) -> str:
    return "group" if channel.private else "channel"
