"""A desk over real storage, which renders as the local chat does and wakes nobody."""

from __future__ import annotations

import json
from collections.abc import Mapping

from adapters.chat.local.render import render
from adapters.citations import CitationFile
from bot.answering import Desk
from bot.conversation import Reply
from bot.model import ChannelRef, DeliveryKey
from bot.ports import Source, Storage
from tests.examples import NOW, TODAY


def a_desk(storage: Storage, sources: Mapping[str, Source] | None = None) -> Desk:
    """A desk at NOW."""
    return Desk(storage, sources or {}, lambda: NOW, lambda: None, _render, CitationFile)


def _render(channel: ChannelRef, reply: Reply, key: DeliveryKey) -> bytes:
    return json.dumps(render(reply, TODAY)).encode()
