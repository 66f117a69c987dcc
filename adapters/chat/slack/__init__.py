"""Slack: channels and people of one workspace or of several, each with an app of its own."""

from adapters.chat import ChannelIds
from adapters.chat.slack.platform import SlackPlatform, open_platform
from adapters.chat.slack.settings import Settings

NEXT_CLICK = "in Slack, invite the bot to a channel: /invite @Paper Round"
CHANNEL_IDS = ChannelIds(r"[CG][A-Z0-9]+", "in Slack: click the channel’s name; it stands at the end of About")

__all__ = ["CHANNEL_IDS", "NEXT_CLICK", "Settings", "SlackPlatform", "open_platform"]
