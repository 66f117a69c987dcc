"""What went wrong in discord.py's hands, in words."""

from __future__ import annotations

import aiohttp
import discord

from adapters.chat.discord.verdicts import failure

EXPECTED = (discord.DiscordException, aiohttp.ClientError, OSError)
"""What discord.py raises for anything that the network or Discord does; a timeout is an OSError."""


def words_of(error: Exception) -> str:
    """Say it in words that hold no secret."""
    match error:
        case discord.HTTPException():
            return f"Discord answered with HTTP {error.status}, code {error.code}"
        case discord.RateLimited():
            return f"Discord asks to wait {error.retry_after:.0f} s"
        case discord.ConnectionClosed():
            return f"Discord closed the connection with code {error.code}"
        case discord.DiscordException():
            return type(error).__name__
    return failure(error).words
