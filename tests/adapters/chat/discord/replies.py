"""Every reply there is, as it may come to people of Discord."""

from __future__ import annotations

from collections.abc import Iterator

from bot.conversation import Reply
from tests.adapters.chat.replies import every_reply

USER = "80351110224678912"


def replies(text: str, many: int = 1) -> Iterator[Reply]:
    """Every kind of reply with this text in all its places and so many lines."""
    return every_reply(text, many, USER)
