"""A chat in the browser, on loopback: the embedded default platform."""

from adapters.chat.local.platform import LocalPlatform, Settings, open_platform

__all__ = ["LocalPlatform", "Settings", "open_platform"]
