"""Discord: channels, threads and people of every server that the bot was invited to."""

from adapters.chat import ChannelIds
from adapters.chat.discord.platform import DiscordPlatform, open_platform
from adapters.chat.discord.settings import SNOWFLAKE, Settings

NEXT_CLICK = "in Discord, invite the bot to a server: paperround check shows the address; then type /papers help there"
CHANNEL_IDS = ChannelIds(
    SNOWFLAKE.pattern,
    "in Discord: switch on Settings, Advanced, Developer Mode; then right-click the channel, Copy Channel ID",
)

__all__ = ["CHANNEL_IDS", "NEXT_CLICK", "DiscordPlatform", "Settings", "open_platform"]
