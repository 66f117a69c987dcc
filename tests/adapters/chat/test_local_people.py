"""Direct messages, reactions and files of the local chat."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.conversation import React, SharePaper
from bot.model import PaperId
from tests.fakes.answering import LIST_KEY, FakeAnswers, local_chat, paper
from tests.fakes.chat_log import MemoryChatLog

Chat = tuple[str, FakeAnswers, aiohttp.ClientSession, MemoryChatLog]


@pytest.fixture
async def chat() -> AsyncIterator[Chat]:
    log, answers = MemoryChatLog(), FakeAnswers()
    async with local_chat(log, answers) as (_, url), aiohttp.ClientSession() as session:
        yield url, answers, session, log


async def get(chat: Chat, path: str) -> tuple[int, Any]:
    url, _, session, _ = chat
    async with session.get(url + path) as response:
        return response.status, await response.json()


async def post(chat: Chat, path: str, body: Any) -> tuple[int, Any]:
    url, _, session, _ = chat
    async with session.post(url + path, json=body) as response:
        return response.status, await response.json()


async def test_direct_messages_are_listed_for_their_owner(chat: Chat) -> None:
    shared = [{"id": "papers", "name": "papers"}, {"id": "reading", "name": "Reading group"}]
    assert await get(chat, "/api/channels") == (200, shared)
    own = {"id": "dm-ann", "name": "Direct messages"}
    _, listed = await get(chat, "/api/channels?user=ann")
    assert [{"id": one["id"], "name": one["name"]} for one in listed] == [*shared, own]


async def test_the_list_tells_what_is_new_to_this_person_in_each_channel(chat: Chat) -> None:
    for user in ("ann", "bob", "bob"):
        await post(chat, "/api/channels/reading/commands", {"user": user, "text": "help"})

    async def newest(user: str) -> list[int]:
        _, listed = await get(chat, f"/api/channels?user={user}")
        return [one["newest"] for one in listed]

    assert await newest("ann") == [0, 1, 0]
    assert await newest("bob") == [0, 3, 0]


@pytest.mark.parametrize("user", ["bob", "dm-ann", ""])
async def test_nobody_else_reads_or_uses_direct_messages(chat: Chat, user: str) -> None:
    _, sent = await post(chat, "/api/channels/dm-ann/commands", {"user": "ann", "text": "help"})
    chat[3].messages.append(chat[3].messages[0].__class__(2, "dm-ann", None, "k", b'{"text": "alert"}', sent["at"]))
    asked = len(chat[1].asked)
    query = f"?user={user}" if user else ""
    assert (await get(chat, f"/api/channels/dm-ann/messages{query}"))[0] == 404
    assert (await get(chat, f"/api/channels/dm-ann/events{query}"))[0] == 404
    if user:
        use = {"user": user, "message": 2, "action": "1.open.P1"}
        assert (await post(chat, "/api/channels/dm-ann/commands", {"user": user, "text": "help"}))[0] == 404
        assert (await post(chat, "/api/channels/dm-ann/actions", use))[0] == 404
    assert len(chat[1].asked) == asked


async def test_a_reaction_knows_its_message(chat: Chat) -> None:
    _, sent = await post(chat, "/api/channels/papers/commands", {"user": "ann", "text": "show P7"})
    body = {"user": "ann", "message": sent["n"], "action": "1.react.useful.P7"}
    assert (await post(chat, "/api/channels/papers/actions", body))[0] == 200
    assert chat[1].asked[-1][0] == React("useful", str(sent["n"]), PaperId(7))


async def test_a_comment_goes_with_what_is_shared(chat: Chat) -> None:
    _, sent = await post(chat, "/api/channels/papers/commands", {"user": "ann", "text": "show P7"})
    body = {"user": "ann", "message": sent["n"], "action": "1.share.P7", "value": "read this"}
    await post(chat, "/api/channels/papers/actions", body)
    assert chat[1].asked[-1][0] == SharePaper("P7", "read this")


async def test_a_list_is_downloaded_as_a_file(chat: Chat) -> None:
    url, _, session, _ = chat
    async with session.get(f"{url}/api/files/{LIST_KEY}?format=ris&page=2") as response:
        assert response.status == 200
        assert response.content_type == "application/x-research-info-systems"
        assert (await response.text()).splitlines() == [paper(number).title for number in range(11, 21)]
    assert (await get(chat, "/api/files/expired?format=ris"))[0] == 404
    for query in ("", "?format=word", "?format=ris&page=0", "?format=ris&page=x"):
        assert (await get(chat, f"/api/files/{LIST_KEY}{query}"))[0] == 400


async def test_files_are_kept_from_other_sites(chat: Chat) -> None:
    url, _, session, _ = chat
    async with session.get(f"{url}/api/files/{LIST_KEY}?format=ris", headers={"Origin": "http://evil.example"}) as got:
        assert got.status == 403
