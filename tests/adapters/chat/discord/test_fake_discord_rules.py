"""The fake Discord's rules of messages: the largest is taken, and what is wrong is refused where it is wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from discord.http import Route

from tests.adapters.chat.discord.clients import Client, code, logged_in, refusal
from tests.fakes.discord import Channel, FakeDiscord


@pytest.fixture
async def client(fake: FakeDiscord) -> AsyncIterator[Client]:
    async with logged_in(fake) as client:
        yield client


@pytest.fixture
async def general(fake: FakeDiscord) -> Channel:
    return fake.channel("general")


async def post(client: Client, channel: Channel, **body: Any) -> Any:
    """Post any body, as discord.py would not make it."""
    return await client.http.request(Route("POST", f"/channels/{channel.id}/messages"), json=body)


def button(custom_id: str = "next", **more: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "Next", "custom_id": custom_id, **more}


def row(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(parts)}


def select(**more: Any) -> dict[str, Any]:
    return {"type": 3, "custom_id": "sort", "options": [{"label": "Newest", "value": "newest"}], **more}


LONG = "x" * 1025
FIRST = "components.0.components.0"
OPTIONS = [{"label": "a", "value": str(number)} for number in range(26)]
WITHOUT_ID = {"type": 2, "style": 1, "label": "A"}
WIDE = "\N{MATHEMATICAL BOLD CAPITAL A}"
WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("content", {"content": "x" * 2001}, "content"),
    ("title", {"embeds": [{"title": "x" * 257}]}, "embeds.0.title"),
    ("wide title", {"embeds": [{"title": WIDE * 129}]}, "embeds.0.title"),
    ("description", {"embeds": [{"description": "x" * 4097}]}, "embeds.0.description"),
    ("field", {"embeds": [{"fields": [{"name": "a", "value": LONG}]}]}, "embeds.0.fields.0.value"),
    ("blank field", {"embeds": [{"fields": [{"name": " ", "value": "x"}]}]}, "embeds.0.fields.0.name"),
    ("26 fields", {"embeds": [{"fields": [{"name": "a", "value": "b"}] * 26}]}, "embeds.0.fields"),
    ("footer", {"embeds": [{"footer": {"text": "x" * 2049}}]}, "embeds.0.footer.text"),
    ("11 embeds", {"embeds": [{"title": "a"}] * 11}, "embeds"),
    ("6,001 in all", {"embeds": [{"description": "x" * 3001}, {"description": "x" * 3000}]}, "embeds"),
    ("empty embed", {"embeds": [{"color": 1}]}, "embeds.0.description"),
    ("script", {"embeds": [{"title": "a", "url": "javascript:alert(1)"}]}, "embeds.0.url"),
    ("nonce", {"content": "a", "nonce": "x" * 26}, "nonce"),
    ("missing nonce", {"content": "a", "enforce_nonce": True}, "nonce"),
    ("mentions", {"content": "a", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}, "allowed_mentions"),
    ("bare button", {"components": [button()]}, "components.0.type"),
    ("6 rows", {"components": [row(button(str(n))) for n in range(6)]}, "components"),
    ("6 buttons", {"components": [row(*(button(str(n)) for n in range(6)))]}, "components.0.components"),
    ("button and select", {"components": [row(button(), select())]}, "components.0.components"),
    ("same custom_id", {"components": [row(button()), row(button())]}, "components"),
    ("no custom_id", {"components": [row(WITHOUT_ID)]}, f"{FIRST}.custom_id"),
    ("long custom_id", {"components": [row(button("x" * 101))]}, f"{FIRST}.custom_id"),
    ("label", {"components": [row(button(label="x" * 81))]}, f"{FIRST}.label"),
    ("link with id", {"components": [row(button(style=5, url="https://e.org"))]}, f"{FIRST}.custom_id"),
    ("26 options", {"components": [row(select(options=OPTIONS))]}, f"{FIRST}.options"),
    ("same option", {"components": [row(select(options=OPTIONS[:1] * 2))]}, f"{FIRST}.options"),
    ("placeholder", {"components": [row(select(placeholder="x" * 151))]}, f"{FIRST}.placeholder"),
    ("V2 and content", {"flags": 32768, "content": "a", "components": [{"type": 10, "content": "a"}]}, "content"),
    ("V2 text", {"flags": 32768, "components": [{"type": 10, "content": "x" * 2001}] * 2}, "components"),
    ("V2 parts", {"flags": 32768, "components": [{"type": 17, "components": [{"type": 14}] * 40}]}, "components"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "at"), [(body, at) for _, body, at in WRONG], ids=[name for name, *_ in WRONG])
async def test_a_wrong_body_is_refused_where_it_is_wrong(
    fake: FakeDiscord, client: Client, general: Channel, body: dict[str, Any], at: str
) -> None:
    wrong = await refusal(post(client, general, **body))
    tree = fake.requests[-1]["response"]["errors"]
    for step in at.split("."):
        tree = tree[step]
    assert (wrong.status, wrong.code) == (400, 50035)
    assert tree["_errors"][0]["code"]
    assert not fake.messages(general)


async def test_the_largest_message_is_taken(fake: FakeDiscord, client: Client, general: Channel) -> None:
    await post(
        client,
        general,
        content="x" * 2000,
        nonce="x" * 25,
        embeds=[
            {"title": WIDE * 128, "fields": [{"name": "n" * 256, "value": "v" * 1024}]},
            {"description": "x" * 4096},
        ],
        components=[row(*(button(f"{r}{b}", label="x" * 80) for b in range(5))) for r in range(5)],
    )
    await post(
        client, general, flags=32768, components=[{"type": 17, "components": [{"type": 10, "content": "x" * 4000}]}]
    )
    assert len(fake.messages(general)) == 2


async def test_an_empty_message_is_refused(client: Client, general: Channel) -> None:
    bodies: list[dict[str, Any]] = [{}, {"content": "  "}, {"embeds": []}]
    for body in bodies:
        assert await code(post(client, general, **body)) == 50006
