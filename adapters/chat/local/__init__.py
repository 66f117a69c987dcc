"""A chat in the browser, on loopback: the embedded default platform."""

from adapters.chat.local.platform import LocalPlatform, Settings, open_platform

NEXT_CLICK = "open the address of the local chat (above, at chat.local) in a browser, and type: topics"

__all__ = ["NEXT_CLICK", "LocalPlatform", "Settings", "open_platform"]
