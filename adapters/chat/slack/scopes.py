"""What the app may do in a workspace, and what each permission is for (pure)."""

from __future__ import annotations

from collections.abc import Mapping

SCOPES: Mapping[str, str] = {
    "commands": "to answer /papers and the shortcut “Save paper”",
    "chat:write": "to post papers, and to answer people",
    "app_mentions:read": "to be asked by @Paper Round, also in threads",
    "channels:read": "to see which public channels it is in, and their names",
    "groups:read": "to see which private channels it is in, and their names",
    "channels:history": "to look in a public channel for a message of its own that may not have arrived",
    "groups:history": "to look in a private channel for a message of its own that may not have arrived",
    "im:history": "to read what somebody writes to it directly, and to look there for its own messages",
    "im:write": "to open direct messages for alerts and troubles",
    "users:read": "to see whether somebody is an admin or a guest, where that matters",
    "reactions:read": "to keep the reactions on its posts",
    "files:write": "to send exported citations as a file in direct messages",
}
"""The bot's scopes, as the manifest asks for them."""
