"""Modals and the home as Slack takes them: within its limits, and with nothing live in them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.chat.slack.commands import Origin
from adapters.chat.slack.home import home_view
from adapters.chat.slack.saving import choose, names_in
from adapters.chat.slack.topic_views import Target, form, judge, told
from adapters.chat.slack.views import View, ask
from bot.conversation import Home, ManagedChannel, Mistake, TopicLine
from bot.model import Channel, ChannelRef, Topic
from bot.reports import Freshness, SourceLine
from tests.adapters.chat.slack.judging import dicts, live_texts, needs_judge, violations
from tests.adapters.chat.test_local_render import HOSTILE, hostile_paper
from tests.examples import NOW, TODAY, a_query
from tests.fakes.answering import paper, preview

LAB = ChannelRef("slack", "", "C0LAB")
LIVE = f"<!channel> <@U1> *bold* :tada: https://evil.example {HOSTILE}"


def line(name: str, *, declared: bool = False, paused: bool = False) -> TopicLine:
    return TopicLine(Topic(1, name, a_query(), NOW, None if declared else LAB, paused), 3)


def a_home(text: str, topics: int = 2, channels: int = 1) -> Home:
    lines = (*(line(f"{text} {number}", paused=number == 1) for number in range(topics)), line(text, declared=True))
    papers = (replace(hostile_paper(), title=text), paper(2))
    managed = tuple(ManagedChannel(Channel(LAB, text), text, text, lines) for _ in range(channels))
    source = SourceLine("pubmed", text, Freshness.FRESH, NOW, None, None, None)
    return Home(text, lines, papers, 12, managed, (source,))


def views(text: str) -> dict[str, View]:
    target = Target("C0LAB", text, text)
    papers = [replace(hostile_paper(), title=text), *(paper(number) for number in range(2, 24))]
    mistake = Mistake(text, text, 3, text)
    return {
        "jump": ask("1.jump.k7Qd2", "3/178", "{}"),
        "share": ask("1.share.P7", "", "{}"),
        "again": ask("1.again.P7.1", text, "{}"),
        "edit": form(target, query=text, feedback=told(replace(preview(text), newest=(hostile_paper(),)), TODAY)),
        "add": form(replace(target, topic=""), name="", query=text, feedback=told(mistake, TODAY)),
        "long": form(target, query="mri " * 1000),
        "alert": form(Target()),
        "papers": choose(papers, Origin("U1", "C1", "1.2", "https://hooks.example/1"), TODAY),
        "home": home_view(a_home(text), TODAY),
        "empty": home_view(Home("daily", (), (), 0, (), ()), TODAY),
        "crowded": home_view(a_home(text, topics=40, channels=20), TODAY),
    }


@pytest.mark.parametrize("name", views(""))
def test_a_view_has_nothing_live_and_is_not_too_long(name: str) -> None:
    view = views(LIVE)[name]
    assert not live_texts(view)
    assert "javascript:" not in str([one.get("url") for one in dicts(view)])
    shown = [one["text"] for one in dicts(view) if isinstance(one.get("text"), str)]
    assert not [text for text in shown if "\u202e" in text or "\u200b" in text]
    assert not [one for one in dicts(view) if one.get("type") in ("user", "broadcast", "emoji")]
    assert len(view["blocks"]) <= 100
    assert len(view.get("title", {"text": ""})["text"]) <= 24
    assert len(view.get("private_metadata", "")) <= 3000


@needs_judge
def test_slack_takes_every_home_and_every_modal(tmp_path: Path) -> None:
    """The blocks of all modals in one, with the frame that all of them have."""
    made = views(LIVE * 4)
    assert not violations(made["crowded"], "home", tmp_path)
    modals = [view for view in made.values() if view["type"] == "modal"]
    blocks = [block for view in modals for block in view["blocks"]]
    for number, block in enumerate(blocks):
        block["block_id"] = f"{number}"
    assert not violations({**made["edit"], "blocks": blocks}, "modal", tmp_path)


def test_a_page_beyond_the_last_cannot_be_given() -> None:
    [block] = ask("1.jump.k7Qd2", "3/178", "kept")["blocks"]
    element = block["element"]
    assert (element["min_value"], element["max_value"], element["initial_value"]) == ("1", "178", "3")


def test_a_crowded_home_says_that_there_is_more_and_still_ends_with_the_sources() -> None:
    texts = [str(block) for block in views("mri")["crowded"]["blocks"]]
    assert len(texts) == 100
    assert any("more than fits" in text for text in texts)
    assert any("Sources" in text for text in texts[-5:])


def test_a_topic_of_the_configuration_file_has_no_edit() -> None:
    blocks = home_view(a_home("mri"), TODAY)["blocks"]
    sections = [block for block in blocks if block["type"] == "section"]
    assert [("managed in the configuration" in str(block), "accessory" in block) for block in sections] == [
        (False, True), (False, True), (True, False),
    ] * 2  # fmt: skip


def test_every_button_of_the_home_has_an_id_of_its_own() -> None:
    ids = [one["action_id"] for one in dicts(home_view(a_home("mri"), TODAY)) if "edit" in one.get("action_id", "")]
    assert len(ids) == 6
    assert len(set(ids)) == 6


def submission(target: Target, name: str, query: str) -> dict[str, Any]:
    values = {"name": {"name": {"value": name}}, "query": {"topic.check": {"value": query}}}
    return {"view": {"private_metadata": target.to_text(), "state": {"values": values}}}


@pytest.mark.parametrize(
    ("name", "query", "mistakes"),
    [
        ("mri", "knee", {}),
        ("mri", "(knee", {"query": "Did you mean (knee)?"}),
        ("mri", "", {"query": ""}),
        (" ", "knee", {"name": "It needs a name."}),
        ("mri", '"knee"[tiab]', {}),
    ],
)
def test_a_mistake_is_told_where_it_was_made(name: str, query: str, mistakes: dict[str, str]) -> None:
    answer = judge(submission(Target("C1", "lab"), name, query))
    assert answer["response_action"] == ("errors" if mistakes else "update")
    errors = answer.get("errors", {})
    assert errors.keys() == mistakes.keys()
    assert all(words in errors[where] for where, words in mistakes.items())


# ---------------------------------------------------------------- which papers a message names


def button(control: str) -> dict[str, Any]:
    return {"type": "actions", "elements": [{"type": "button", "action_id": control}]}


@pytest.mark.parametrize(
    ("message", "names"),
    [
        ({"text": "Nothing here, not even P12 or 12345678."}, []),
        ({"blocks": [button("1.open.P12"), button("1.react.useful.P12"), button("1.share.P7#2")]}, ["P12", "P7"]),
        ({"blocks": [button("1.run.show P3"), button("2.open.P3"), button("1.first.P3.1")]}, []),
        (
            {"blocks": [{"elements": [{"action_id": "1.open", "options": [{"value": "P3"}, {"value": "P4"}]}]}]},
            ["P3", "P4"],
        ),
        (
            {"text": "<https://doi.org/10.1000/182|this> and arXiv:2611.00001, pmid 12345678"},
            ["https://doi.org/10.1000/182", "arXiv:2611.00001,", "pmid 12345678"],
        ),
        (
            {"attachments": [{"from_url": "https://arxiv.org/abs/2611.00002", "text": "https://example.org/x"}]},
            ["https://arxiv.org/abs/2611.00002"],
        ),
        ({"text": "https://doi.org/10.1/x", "blocks": [button("1.open.P12")]}, ["P12"]),
    ],
)
def test_a_message_names_papers_by_our_controls_or_by_identifiers(message: dict[str, Any], names: list[str]) -> None:
    assert names_in(message) == names
