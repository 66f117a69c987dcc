from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from pydantic import ValidationError

from adapters.chat.local import LocalPlatform, Settings
from bot.conversation import AddTopic, Notice, Show, TurnPage
from bot.model import ChannelRef, DeliveryKey
from bot.ports import Outcome, ReadBack
from tests.examples import NOW
from tests.fakes.answering import FakeAnswers, announcement, digest, local_chat, paper, tools
from tests.fakes.chat_log import MemoryChatLog

PAPERS = ChannelRef("local", "", "papers")
KEY = DeliveryKey("k" * 24)
BODY = b'{"kind": "notice", "text": "Hello.", "actions": []}'


class Api:
    """One chat and a client of it, as one person."""

    def __init__(self, platform: LocalPlatform, url: str, log: MemoryChatLog, session: aiohttp.ClientSession) -> None:
        self.platform = platform
        self.url = url
        self.log = log
        self.session = session
        self.answers = FakeAnswers()

    async def get(self, path: str, **headers: str) -> tuple[int, Any]:
        async with self.session.get(self.url + path, headers=headers) as response:
            return response.status, await response.json()

    async def post(self, path: str, body: Any, **headers: str) -> tuple[int, Any]:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        async with self.session.post(self.url + path, data=data, headers=headers) as response:
            return response.status, await response.json()

    async def say(self, text: str, channel: str = "papers", *, admin: bool = False) -> Any:
        status, message = await self.post(
            f"/api/channels/{channel}/commands", {"user": "ann", "admin": admin, "text": text}
        )
        assert status == 200
        return message

    async def use(self, message: Any, action: str, value: Any = None) -> Any:
        body = {"user": "ann", "message": message["n"], "action": action, "value": value}
        status, answer = await self.post("/api/channels/papers/actions", body)
        assert status == 200
        return answer

    async def announce(self, number: int = 1, key: DeliveryKey = KEY) -> Any:
        payload = self.platform.render(announcement(paper(number)), key)
        return await self.platform.post(PAPERS, key, payload)


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    log, answers = MemoryChatLog(), FakeAnswers()
    async with local_chat(log, answers) as (platform, url), aiohttp.ClientSession() as session:
        client = Api(platform, url, log, session)
        client.answers = answers
        yield client


async def test_a_line_is_completed_where_its_cursor_is(api: Api) -> None:
    path = "/api/channels/papers/completions?user=ann&text="
    assert await api.get(f"{path}/papers%20sea") == (
        200,
        [{"start": 8, "end": 11, "insert": "search ", "what": "Find papers in the archive."}],
    )
    _, [suggestion] = await api.get(f"{path}topic%20edit%20bre%20mri&cursor=14")
    assert (suggestion["start"], suggestion["end"], suggestion["insert"]) == (11, 14, "breast-mri")
    assert await api.get("/api/channels/papers/completions?user=ann") == (200, [])


@pytest.mark.parametrize("query", ["text=x", "user=a/b&text=x", "user=ann&text=x&cursor=-1"])
async def test_a_wrong_question_for_completions_is_refused(api: Api, query: str) -> None:
    status, answer = await api.get(f"/api/channels/papers/completions?{query}")
    assert (status, list(answer)) == (400, ["error"])
    assert (await api.get("/api/channels/dm-bob/completions?user=ann&text=x"))[0] == 404


async def test_channels_are_listed(api: Api) -> None:
    assert await api.get("/api/channels") == (
        200,
        [{"id": "papers", "name": "papers"}, {"id": "reading", "name": "Reading group"}],
    )


async def test_a_command_is_answered_privately_and_remembers_what_was_asked(api: Api) -> None:
    message = await api.say("/papers search mri")
    assert "Page 1 of 178 · 1,774 results · newest first" in message["text"]
    assert {"n", "kind", "text", "html", "paper_ids", "actions"} <= message.keys()
    assert message["asked"] == "/papers search mri"
    assert message["private"] is True
    assert (await api.get("/api/channels/papers/messages?user=ann"))[1] == [message]
    assert (await api.get("/api/channels/papers/messages?user=bob"))[1] == []
    assert (await api.get("/api/channels/papers/messages"))[1] == []


async def test_next_turns_the_same_message(api: Api) -> None:
    first = await api.say("search mri")
    second = await api.use(first, action(first, "next"))
    assert second["n"] == first["n"]
    assert "Page 2 of 178" in second["text"]
    assert second["asked"] == "search mri"
    assert (await api.get("/api/channels/papers/messages?user=ann"))[1] == [second]
    assert "Page 178 of 178" in (await api.use(second, action(second, "last")))["text"]
    assert "oldest first" in (await api.use(second, action(second, "sort"), "oldest"))["text"]
    assert "Page 1 of 355" in (await api.use(second, action(second, "size"), "5"))["text"]
    assert "Page 7 of 355" in (await api.use(second, action(second, "jump"), 7))["text"]


async def test_an_expired_list_is_not_overwritten_by_the_answer(api: Api) -> None:
    first = await api.say("search mri")
    answer = await api.use(first, "1.next.expired.2")
    assert answer["n"] != first["n"]
    assert api.answers.asked[-1][0] == TurnPage("expired", 2)
    assert "no longer kept" in answer["text"]


async def test_opening_a_paper_of_a_public_post_is_a_new_private_message(api: Api) -> None:
    await api.announce(3)
    post = (await api.get("/api/channels/papers/messages"))[1][0]
    card = await api.use(post, action(post, "open"))
    assert card["n"] != post["n"]
    assert card["private"] is True
    assert card["paper_ids"] == ["P3"]
    assert (await api.get("/api/channels/papers/messages"))[1] == [post]


async def test_nobody_can_turn_a_public_post_into_something_else(api: Api) -> None:
    await api.announce(3)
    post = (await api.get("/api/channels/papers/messages"))[1][0]
    answer = await api.use(post, "1.next.k7Qd2.2")
    assert answer["private"] is True
    assert (await api.get("/api/channels/papers/messages"))[1] == [post]


async def test_the_rest_of_a_digest_opens_privately_and_then_turns_in_place(api: Api) -> None:
    await api.platform.post(PAPERS, KEY, api.platform.render(digest(47), KEY))
    post = (await api.get("/api/channels/papers/messages"))[1][0]
    listed = await api.use(post, action(post, "more"))
    assert listed["private"] is True
    assert (await api.use(listed, action(listed, "next")))["n"] == listed["n"]


async def test_an_offered_command_runs_as_if_typed(api: Api) -> None:
    message = await api.say("search (a")
    assert "(a\n^" in message["text"]
    answer = await api.use(message, action(message, "run"))
    assert answer["asked"] == "search (a)"


async def test_who_asks_where_and_with_which_rights_reaches_the_answerer(api: Api) -> None:
    await api.say("topic add x mri", admin=True)
    command, asker = api.answers.asked[-1]
    assert command == AddTopic("x", "mri")
    assert (asker.channel, asker.user, asker.admin) == (PAPERS, "ann", True)


async def test_direct_messages_are_a_channel(api: Api) -> None:
    message = await api.say("help", channel="dm-ann")
    assert (await api.get("/api/channels/dm-ann/messages?user=ann"))[1] == [message]


async def test_a_failing_answer_says_so_and_shows_no_trace(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    message = await api.say("show crash")
    assert message["text"].startswith("Something went wrong")
    assert "boom" not in str(message)
    assert "boom" in caplog.text
    assert api.answers.asked[-1][0] == Show("crash")


async def test_a_failing_log_is_an_answer_not_a_trace(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    api.log.failure = OSError("disk full")
    status, answer = await api.post("/api/channels/papers/commands", {"user": "ann", "text": "help"})
    assert (status, list(answer)) == (500, ["error"])
    assert "disk full" not in str(answer)
    assert "disk full" in caplog.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Host": "evil.example"},
        {"Host": "localhost:1"},
        {"Host": "127.0.0.1.evil.example"},
    ],
)
async def test_other_origins_are_refused(api: Api, headers: dict[str, str]) -> None:
    assert (await api.post("/api/channels/papers/commands", {"user": "ann", "text": "help"}, **headers))[0] == 403
    assert (await api.get("/", **headers))[0] == 403
    assert api.answers.asked == []


async def test_the_own_origin_is_welcome_under_every_loopback_name(api: Api) -> None:
    port = api.url.rsplit(":", 1)[1]
    for host in (f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}"):
        headers = {"Host": host, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}
        assert (await api.get("/api/channels", **headers))[0] == 200


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"\xff",
        b"[" * 60_000,
        {"user": "ann"},
        {"user": "", "text": "help"},
        {"user": "a b", "text": "help"},
        {"user": "a" * 41, "text": "help"},
        {"user": "ann", "text": 5},
        {"user": "ann", "text": "help", "admin": "yes"},
    ],
)
async def test_a_wrong_request_is_told_what_is_wrong(api: Api, body: Any) -> None:
    status, answer = await api.post("/api/channels/papers/commands", body)
    assert status == 400
    assert answer["error"]


async def test_half_a_character_harms_nothing(api: Api) -> None:
    status, _ = await api.post("/api/channels/papers/commands", b'{"user": "ann", "text": "search \\ud800"}')
    assert status == 200


async def test_too_large_a_body_is_refused(api: Api) -> None:
    assert (await api.post("/api/channels/papers/commands", b" " * 70_000))[0] == 413


async def test_what_does_not_exist_is_404(api: Api) -> None:
    bob = await api.post("/api/channels/papers/commands", {"user": "bob", "text": "help"})
    assert (await api.get("/api/channels/none/messages"))[0] == 404
    assert (await api.get("/static/..%2fserver.py"))[0] == 404
    for number in (bob[1]["n"], 999, -1, 2**70):
        body = {"user": "ann", "message": number, "action": "1.open.P1"}
        assert (await api.post("/api/channels/papers/actions", body))[0] == 404
    assert (await api.get("/api/channels/papers/messages?after=x"))[0] == 400


async def test_every_answer_carries_the_security_headers(api: Api) -> None:
    for path in ("/", "/static/chat.js", "/static/common.js", "/api/channels", "/api/channels/none/messages"):
        async with api.session.get(api.url + path) as response:
            assert response.headers["Content-Security-Policy"].startswith("default-src 'self'")
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.headers["Referrer-Policy"] == "no-referrer"


async def test_messages_survive_a_restart() -> None:
    log = MemoryChatLog()
    async with local_chat(log) as (platform, url), aiohttp.ClientSession() as session:
        before = await Api(platform, url, log, session).say("search mri")
    again = MemoryChatLog(log.messages)
    async with local_chat(again) as (platform, url), aiohttp.ClientSession() as session:
        api = Api(platform, url, again, session)
        assert (await api.get("/api/channels/papers/messages?user=ann"))[1] == [before]
        assert "Page 2 of 178" in (await api.use(before, action(before, "next")))["text"]


async def test_posting_the_same_key_twice_keeps_one_message(api: Api) -> None:
    first, second = await api.announce(), await api.announce()
    assert first == second
    assert (first.outcome, first.message_id) == (Outcome.SENT, "1")
    assert len(api.log.messages) == 1
    sighting = await api.platform.read_back(PAPERS, KEY, NOW)
    assert (sighting.result, sighting.message_id) == (ReadBack.FOUND, "1")
    assert (await api.platform.read_back(PAPERS, DeliveryKey("other"), NOW)).result is ReadBack.ABSENT


async def test_a_broken_log_leaves_the_outcome_unknown(api: Api) -> None:
    api.log.failure = OSError("disk full")
    assert (await api.announce()).outcome is Outcome.UNKNOWN
    assert (await api.platform.read_back(PAPERS, KEY, NOW)).result is ReadBack.UNAVAILABLE
    api.log.failure = None
    assert (await api.platform.read_back(PAPERS, KEY, NOW)).result is ReadBack.ABSENT


async def test_a_probe_says_where_it_is_and_whom_it_trusts(api: Api) -> None:
    probe = await api.platform.probe()
    assert probe.problem is None
    assert "http://127.0.0.1" in probe.summary
    assert "every account on this machine" in probe.summary


def test_rendering_the_same_twice_gives_the_same_bytes() -> None:
    platform = LocalPlatform(Settings(), tools(FakeAnswers(), MemoryChatLog()))
    assert platform.render(Notice("x"), KEY) == platform.render(Notice("x"), KEY)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "example.org", ""])
def test_it_listens_on_loopback_only(host: str) -> None:
    with pytest.raises(ValidationError, match="loopback"):
        Settings(host=host)


async def test_new_and_changed_messages_are_streamed_to_those_who_may_see_them(api: Api) -> None:
    async with (
        api.session.get(f"{api.url}/api/channels/papers/events?user=ann") as ann,
        api.session.get(f"{api.url}/api/channels/papers/events?user=bob") as bob,
    ):
        assert await event(ann) == "retry: 2000"
        await event(bob)
        message = await api.say("search mri")
        turned = await api.use(message, action(message, "next"))
        await api.announce()
        assert parsed(await event(ann)) == (1, message)
        assert parsed(await event(ann)) == (None, turned)
        assert parsed(await event(ann))[0] == 2
        assert parsed(await event(bob))[0] == 2


async def test_a_stream_goes_on_after_the_last_event_seen(api: Api) -> None:
    for number in (1, 2, 3):
        await api.announce(number, DeliveryKey(f"k{number}"))
    headers = {"Last-Event-ID": "1"}
    async with api.session.get(f"{api.url}/api/channels/papers/events", headers=headers) as stream:
        await event(stream)
        assert [parsed(await event(stream))[0] for _ in range(2)] == [2, 3]


async def test_messages_are_asked_for_from_the_newest_or_page_by_page_from_where_one_stands(api: Api) -> None:
    for number in range(1, 1003):
        await api.log.append("papers", BODY, NOW, key=f"k{number}")
    messages = "/api/channels/papers/messages"
    newest = (await api.get(messages))[1]
    assert [message["n"] for message in newest] == list(range(503, 1003))
    seen: list[int] = []
    while more := (await api.get(f"{messages}?after={seen[-1] if seen else 0}"))[1]:
        seen += [message["n"] for message in more]
    assert seen == list(range(1, 1003))


async def test_a_stream_brings_everything_that_was_missed(api: Api) -> None:
    for number in range(1, 1203):
        await api.log.append("papers", BODY, NOW, key=f"k{number}")
    async with api.session.get(f"{api.url}/api/channels/papers/events?after=1") as stream:
        await event(stream)
        assert [parsed(await event(stream))[0] for _ in range(1201)] == list(range(2, 1203))
        await api.announce()
        assert parsed(await event(stream))[0] == 1203


async def test_closing_ends_open_streams_at_once(api: Api) -> None:
    async with api.session.get(f"{api.url}/api/channels/papers/events") as stream:
        await event(stream)
        await api.platform.stop()
        async with asyncio.timeout(5):
            assert await stream.content.read() == b""


def action(message: Any, name: str) -> str:
    return str(next(action["id"] for action in message["actions"] if action["id"].startswith(f"1.{name}")))


async def event(stream: aiohttp.ClientResponse) -> str:
    async with asyncio.timeout(10):
        return (await stream.content.readuntil(b"\n\n")).decode().strip()


def parsed(text: str) -> tuple[int | None, Any]:
    fields = dict(line.split(": ", 1) for line in text.split("\n"))
    return int(fields["id"]) if "id" in fields else None, json.loads(fields["data"])
