"""Every reply there is, as it may come to people of Slack."""

from __future__ import annotations

from collections.abc import Iterator

from bot.conversation import Reply
from tests.adapters.chat.replies import every_reply

CHANNEL_ID = "C0123ABCD"
USER = "U0456EFGH"


def replies(text: str, many: int = 1) -> Iterator[Reply]:
    """Every kind of reply with this text in all its places and so many lines."""
    return every_reply(text, many, USER)
