"""Hostile texts in every place of a message: an independent reader finds nothing live in it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.chat.discord.embeds import MAX_SIZE, size
from adapters.chat.discord.render import Message, post_plain, render
from bot.conversation import Mistake, Notice, PageRequest, PaperCard, Reply, Shared
from bot.model import DeliveryKey
from bot.wording import person
from tests.adapters.chat.discord.reader import harm_in, is_web_address, markup_in
from tests.adapters.chat.discord.replies import USER, replies
from tests.adapters.chat.replies import HOSTILE, hostile_paper
from tests.examples import TODAY
from tests.fakes.answering import announcement, digest, paper, result_page

_LIVE_HERE = (
    "@everyone @here <@80351110224678912> <@!80351110224678912> <@&1> <#1> <t:1> <t:1:R> <:e:1> <a:e:1> </a:1> "
    "<id:guide> **b** *i* __u__ _i_ ~~s~~ ||spoiler|| `c` ``c`` ```\nblock\n``` ```py # h ## h ### h -# small "
    "- item * item 1. one 10) ten > quote >>> quotes [x](https://evil.example) <https://evil.example> "
    "[x](<https://evil.example>) https://evil.example http://evil.example discord://evil steam://run/1 discord.gg/evil "
    "discord.com/invite/evil discord.gift/evil :tada: :+1::skin-tone-2: "
    "\\ \\* \\\\* \\` ¯\\_(ツ)_/¯ #general <mailto:a@evil.example>"
)
_HOSTILE = f"{HOSTILE} {_LIVE_HERE}"
_PIECES = st.sampled_from(
    [*_HOSTILE.split(), "\n", "\\", '"', "```", "``", "`", "::", "- ", "1. ", "# ", "…", "\u2066", "🇩🇪"]
)
_TEXTS = st.lists(_PIECES | st.text(max_size=12), max_size=30).flatmap(
    lambda pieces: st.sampled_from([" ", ""]).map(lambda blank: blank.join(pieces))
)
_KEY = DeliveryKey("k" * 24)


def shown(reply: Reply) -> Message:
    return render(reply, today=TODAY, asked=f"search {_HOSTILE}", guild_id="7", channel="8")


def spelled_out(reply: Reply) -> dict[str, Any]:
    return post_plain(reply, _KEY, today=TODAY)


_BEGINNINGS = ["- item", "# h", "-# small", "> quote", ">>> quotes", "1. one", "10) ten"]
_CASES = [(_HOSTILE, 1), (_HOSTILE, 4), (_HOSTILE * 5, 1), ("@everyone", 30), *((one, 2) for one in _BEGINNINGS)]


@pytest.mark.parametrize(("text", "many"), _CASES)
def test_nothing_is_live_in_any_reply(text: str, many: int) -> None:
    for reply in replies(text, many):
        assert not harm_in(shown(reply), {USER}), type(reply).__name__
        assert not harm_in(spelled_out(reply), {USER}), type(reply).__name__


def test_no_source_leads_where_its_link_does_not_say() -> None:
    links = [embed["url"] for reply in replies(_HOSTILE) for embed in shown(reply)["embeds"] if "url" in embed]
    assert not links


@given(_TEXTS)
@settings(max_examples=60, deadline=None)
def test_nothing_is_live_whatever_a_source_says(text: str) -> None:
    bad = hostile_paper(text)
    page = replace(result_page(PageRequest()), title=text, papers=(bad,), ignored=(text,))
    for reply in (PaperCard(bad, text), announcement(bad), page, Mistake(text, text, 0, text), Notice(text)):
        message = shown(reply)
        assert not harm_in(message), type(reply).__name__
        assert size(message["embeds"]) <= MAX_SIZE
        assert not harm_in(spelled_out(reply)), type(reply).__name__


@given(st.text(max_size=60) | _TEXTS.map("https://example.org/".__add__))
@settings(max_examples=60, deadline=None)
def test_a_link_of_a_source_is_plain_or_missing(url: str) -> None:
    [embed] = shown(announcement(replace(paper(1), url=url)))["embeds"]
    assert is_web_address(embed.get("url", "https://example.org/"))


def test_nobody_can_be_named_by_a_source_nor_by_whoever_types() -> None:
    other = "80351110224678999"
    forged = f"of {person(other)} <@{other}> <span class='person' data-user='{other}'>{other}</span>"
    for reply in (announcement(hostile_paper(forged)), Shared(USER, forged, (hostile_paper(forged),), TODAY)):
        assert not harm_in(shown(reply), {USER})
        assert not harm_in(spelled_out(reply), {USER})


# ---------------------------------------------------------------- the reader itself


def a_message(**changes: Any) -> dict[str, Any]:
    return {**shown(digest(3)), **changes}


def described(description: str, **more: str) -> dict[str, Any]:
    return a_message(embeds=[{"description": description, **more}])


@pytest.mark.parametrize(
    "message",
    [
        *(a_message(content=f"a {one}") for one in _LIVE_HERE.split() if markup_in(one) & {"live", "mention"}),
        *(described(f"{one} text") for one in ("1.", "10)", "#", "###", "-#", ">", ">>>", "- -", "- #", "*", "**a*")),
        a_message(content="b\u202ea"),
        a_message(content=":tada:"),
        a_message(content="**bold\nbold**"),
        described("text", url="javascript:alert(1)"),
        described("text", url="https://user@evil.example/"),
        described("text", title="a *b*"),
        described("text", title="by <@80351110224678912>"),
        a_message(embeds=[{"image": {"url": "https://evil.example"}}]),
        a_message(
            components=[{"type": 1, "components": [{"type": 2, "style": 5, "label": "x", "url": "https://x.org"}]}]
        ),
    ],
)
def test_the_reader_finds_what_is_live(message: dict[str, Any]) -> None:
    assert harm_in(message)


def test_the_reader_knows_at_least_thirty_things_that_would_be_live() -> None:
    assert len([one for one in _LIVE_HERE.split() if markup_in(one) & {"live", "mention"}]) > 30


def test_the_reader_finds_no_harm_where_there_is_none() -> None:
    assert not harm_in(
        described(f"**Bold** by <@{USER}>\n- item <https://x.org/a_b>\n  `code *`\n\\- 1\\. a\\_b :a"), {USER}
    )
