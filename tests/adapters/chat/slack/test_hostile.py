"""Hostile texts in every place of a message: an independent reader finds nothing live in it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.chat.slack.blocks import MAX_SIZE, size
from adapters.chat.slack.render import Message, render
from bot.conversation import Mistake, Notice, PageRequest, PaperCard, Reply, Shared
from bot.wording import person
from tests.adapters.chat.replies import HOSTILE, hostile_paper
from tests.adapters.chat.slack.reader import harm_in, is_web_address, texts_in
from tests.adapters.chat.slack.replies import USER, replies
from tests.examples import TODAY
from tests.fakes.answering import announcement, digest, paper, result_page

_PIECES = st.sampled_from(
    [*HOSTILE.split(), "\n", "\\", '"', "<!everyone>", "```", "::", "&", ";", "…", "\u2066", "🇩🇪"]
)
_TEXTS = st.lists(_PIECES | st.text(max_size=12), max_size=30).map(" ".join)


def shown(reply: Reply) -> Message:
    return render(reply, today=TODAY, asked=f"search {HOSTILE}", workspace_url="https://lab.slack.com/", channel="C1")


@pytest.mark.parametrize(("text", "many"), [(HOSTILE, 1), (HOSTILE, 9), (HOSTILE * 12, 1), ("<!channel>", 30)])
def test_nothing_is_live_in_any_reply(text: str, many: int) -> None:
    for reply in replies(text, many):
        assert not harm_in(shown(reply), {USER}), type(reply).__name__


def test_no_source_leads_where_its_link_does_not_say() -> None:
    for reply in replies(HOSTILE):
        links = list(texts_in(shown(reply)["blocks"], "url"))
        assert all(link.startswith(("https://doi.org/10.1/", "https://lab.slack.com/")) for link in links)


@given(_TEXTS)
@settings(max_examples=60, deadline=None)
def test_nothing_is_live_whatever_a_source_says(text: str) -> None:
    bad = hostile_paper(text)
    page = replace(result_page(PageRequest()), title=text, papers=(bad,), ignored=(text,))
    for reply in (PaperCard(bad, text), announcement(bad), page, Mistake(text, text, 0, text), Notice(text)):
        message = shown(reply)
        json.dumps(message, ensure_ascii=False).encode()
        assert not harm_in(message), type(reply).__name__
        assert size(message["blocks"]) <= MAX_SIZE


@given(st.text(max_size=60) | _TEXTS.map("https://example.org/".__add__))
@settings(max_examples=60, deadline=None)
def test_a_link_of_a_source_is_plain_or_missing(url: str) -> None:
    linked = replace(paper(1), url=url)
    assert all(map(is_web_address, texts_in(shown(announcement(linked))["blocks"], "url")))


def test_nobody_can_be_named_by_a_source_nor_by_whoever_types() -> None:
    forged = f"of {person('U666')} <@U666> <span class='person' data-user='U666'>U666</span>"
    for reply in (announcement(hostile_paper(forged)), Shared(USER, forged, (hostile_paper(forged),), TODAY)):
        assert not harm_in(shown(reply), {USER})


# ---------------------------------------------------------------- the reader itself


def a_message(**changes: Any) -> dict[str, Any]:
    return {"text": "fine", "blocks": shown(digest(3))["blocks"], **changes}


def with_element(element: dict[str, Any]) -> dict[str, Any]:
    section = {"type": "rich_text_section", "elements": [element]}
    return a_message(blocks=[{"type": "rich_text", "elements": [section]}])


@pytest.mark.parametrize(
    "message",
    [
        a_message(text="a <!channel>"),
        a_message(text="a & b"),
        a_message(text="by <@U1>"),
        a_message(text="b\u202ea"),
        a_message(blocks=[{"type": "section", "text": {"type": "mrkdwn", "text": "fine"}}]),
        a_message(blocks=[{"type": "header", "text": {"type": "plain_text", "text": ":tada:"}}]),
        a_message(blocks=[{"type": "image", "image_url": "https://evil.example"}]),
        with_element({"type": "broadcast", "range": "channel"}),
        with_element({"type": "emoji", "name": "tada"}),
        with_element({"type": "user", "user_id": "U1"}),
        with_element({"type": "link", "url": "javascript:alert(1)", "text": "x"}),
        with_element({"type": "link", "url": "https://user@evil.example/", "text": "x"}),
        with_element({"type": "text", "text": "a\u200bb"}),
        with_element({"type": "text", "text": "x", "url": "https://evil.example"}),
    ],
)
def test_the_reader_finds_what_is_live(message: dict[str, Any]) -> None:
    assert harm_in(message)


def test_the_reader_finds_no_harm_where_there_is_none() -> None:
    assert not harm_in(a_message(text="by <@U1>: a &lt; b &amp; c"), {"U1"})
