"""A chat in the browser, on loopback: the embedded default platform."""

from adapters.chat import ChannelIds
from adapters.chat.local.platform import LocalPlatform, Settings, open_platform

CHANNEL_IDS = ChannelIds(r".+", "any name will do", "papers")
NEXT_CLICK = "open the address of the local chat (above, at chat.local) in a browser, and type: topics"

__all__ = ["CHANNEL_IDS", "NEXT_CLICK", "LocalPlatform", "Settings", "open_platform"]
