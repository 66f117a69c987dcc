from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.chat.slack.commands import (
    Origin,
    Use,
    gesture,
    keep,
    read_click,
    read_message,
    read_origin,
    read_reaction,
    read_slash,
    read_submission,
    read_text,
)
from bot.commands import parse_command
from bot.conversation import AddManager, Misunderstood, React, Rearrange, Search, SharePaper, Show, Sort, TurnPage

BOT = "UBOT"
RESPONSE_URL = "https://hooks.slack.example/actions/1"


def slash(text: str) -> dict[str, Any]:
    return {
        "command": "/papers",
        "text": text,
        "user_id": "U1",
        "channel_id": "C1",
        "trigger_id": "1.2",
        "response_url": RESPONSE_URL,
    }


def click(action: dict[str, Any], **more: Any) -> dict[str, Any]:
    container = {"type": "message", "message_ts": "5.0", "channel_id": "C1", "is_ephemeral": True}
    return {
        "type": "block_actions",
        "user": {"id": "U1"},
        "channel": {"id": "C1"},
        "container": container,
        "trigger_id": "1.2",
        "response_url": RESPONSE_URL,
        "actions": [action],
        **more,
    }


def message(text: str, **more: Any) -> dict[str, Any]:
    event = {"type": "app_mention", "user": "U1", "channel": "C1", "ts": "5.0", "text": text, **more}
    return {"type": "event_callback", "event_id": "Ev1", "event": event}


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("search mri", "search mri"),
        ("search “breast mri”", "search “breast mri”"),
        ("managers add <@U1|ann>", "managers add <@U1|ann>"),
        ("search <#C1|imaging>", "search #imaging"),
        ("search <#C1>", "search #C1"),
        ("show <https://doi.org/10.1/x|the paper>", "show https://doi.org/10.1/x"),
        ("show <https://doi.org/10.1/x>", "show https://doi.org/10.1/x"),
        ("topic add a <https://x.org/?a=1&amp;b=2>", "topic add a https://x.org/?a=1&b=2"),
        ("search <http://fast.ai|fast.ai>", "search fast.ai"),
        ("search <mailto:a@b.org|a@b.org>", "search a@b.org"),
        ("search <tel:31452104|31452104>", "search 31452104"),
        ("search <!here|here> <!subteam^S1|@doctors> <!channel>", "search @here @doctors @channel"),
        ("search p &lt; 0.05 &amp;amp; a", "search p < 0.05 &amp; a"),
        ("`search mri`", "search mri"),
        ("/papers search mri", "search mri"),
        ("/literature search mri", "search mri"),
        ("/search mri", "search mri"),
        ("/papers", ""),
        ("search a\ud800b", "search a?b"),
    ],
)
def test_what_slack_made_of_a_line_becomes_what_was_typed(sent: str, typed: str) -> None:
    assert read_text(sent) == typed


def test_smart_quotes_and_mentions_are_understood() -> None:
    assert parse_command(read_text("search “breast mri”")) == Search('"breast mri"')
    assert parse_command(read_text("managers add <@U1|ann>")) == AddManager("U1")


@given(st.text())
def test_any_line_is_read(text: str) -> None:
    read_text(text).encode()


def test_a_slash_command_is_answered_at_its_address() -> None:
    question = read_slash(slash("show 3"))
    assert question.command == Show("3")
    assert question.origin == Origin("U1", "C1", response_url=RESPONSE_URL)


@pytest.mark.parametrize(
    "text",
    [
        f"<@{BOT}> show 3",
        f"<@{BOT}|Paper Round>: show 3",
        f"hello <@{BOT}>, show 3",
        f"show 3 <@{BOT}>",
        f"  <@{BOT}> /papers show 3",
    ],
)
def test_a_mention_says_what_stands_beside_our_name(text: str) -> None:
    question = read_message(message(text), BOT)
    assert question
    assert question.command == Show("3")


def test_a_reply_in_a_thread_is_answered_there_and_the_first_message_of_one_is_not() -> None:
    inside = read_message(message("show 3", thread_ts="1.0"), BOT)
    first = read_message(message("show 3", thread_ts="5.0"), BOT)
    assert inside
    assert first
    assert (inside.origin.thread, first.origin.thread) == ("1.0", "")


@pytest.mark.parametrize(
    "more",
    [
        {"type": "message", "channel_type": "channel"},
        {"type": "message", "channel_type": "im", "subtype": "message_changed"},
        {"type": "message", "channel_type": "im", "bot_id": "B1"},
    ],
)
def test_what_is_not_said_to_us_is_left_alone(more: dict[str, Any]) -> None:
    assert read_message(message("show 3", **more), BOT) is None


def test_a_button_and_a_choice_are_commands() -> None:
    turned = read_click(click({"action_id": "1.next.KEY.3#2", "type": "button"}))
    sorted_ = read_click(
        click({"action_id": "1.sort.KEY", "type": "static_select", "selected_option": {"value": "oldest"}})
    )
    assert turned.command == TurnPage("KEY", 3)
    assert sorted_.command == Rearrange("KEY", sort=Sort.OLDEST)
    assert sorted_.origin == Origin("U1", "C1", response_url=RESPONSE_URL)


def test_a_control_of_a_message_in_a_thread_is_answered_there() -> None:
    body = click({"action_id": "1.open.P3", "type": "button"})
    shown = click({"action_id": "1.open.P3", "type": "button"}, message={"ts": "5.0", "thread_ts": "5.0"})
    body["container"] |= {"thread_ts": "1.0"}
    inside, under = read_click(body), read_click(shown)
    assert (inside.origin.thread, under.origin.thread) == ("1.0", "")


def test_a_reaction_by_button_is_about_the_message_it_stands_under() -> None:
    use = read_click(click({"action_id": "1.react.useful.P3", "type": "button"}))
    assert use.command == React("useful", "5.0", 3)  # type: ignore[arg-type]


def test_a_control_that_nobody_knows_is_understood_as_that() -> None:
    assert isinstance(read_click(click({"action_id": "Zx1y", "type": "button"})).command, Misunderstood)


def test_a_modal_keeps_what_its_submission_needs() -> None:
    use = Use(Origin("U1", "C1", "1.0", RESPONSE_URL), "5.0", "1.share.P3", "")
    view = {
        "callback_id": "control",
        "private_metadata": keep(use),
        "state": {"values": {"comment": {"value": {"type": "plain_text_input", "value": "worth it"}}}},
    }
    submitted = read_submission({"type": "view_submission", "user": {"id": "U1"}, "view": view})
    assert use.asks_first
    assert submitted == Use(use.origin, "5.0", "1.share.P3", "worth it")
    assert submitted.command == SharePaper("P3", "worth it")
    assert len(keep(use)) <= 3000


def test_an_empty_input_is_an_empty_value() -> None:
    use = Use(Origin("U1", "C1"), "5.0", "1.share.P3", "so far")
    values = {"comment": {"value": {"type": "plain_text_input", "value": None}}}
    view = {"callback_id": "control", "private_metadata": keep(use), "state": {"values": values}}
    assert read_submission({"type": "view_submission", "user": {"id": "U1"}, "view": view}).value == ""


def test_reactions_count_on_our_own_messages_only() -> None:
    item = {"type": "message", "channel": "C1", "ts": "5.0"}
    event = {"type": "reaction_removed", "user": "U1", "reaction": "tada", "item": item, "item_user": BOT}
    assert read_reaction({"event": event}, BOT) == (Origin("U1", "C1"), React("tada", "5.0", added=False))
    assert read_reaction({"event": event | {"item_user": "U2"}}, BOT) is None
    assert read_reaction({"event": event | {"item": {"type": "file"}}}, BOT) is None


def test_a_gesture_has_the_same_id_in_every_delivery() -> None:
    again = json.loads(json.dumps(message("show 3")))
    assert gesture(message("show 3")) == gesture(again) == "event:Ev1"
    assert gesture(slash("show 3")) == "trigger:1.2"
    assert gesture({"type": "view_closed", "view": {"id": "V1"}}) == "trigger:V1"


def test_nobody_is_answered_for_what_nobody_asked() -> None:
    assert read_origin({"event": {"type": "channel_rename", "channel": {"id": "C1"}}}) is None
    assert read_origin({"type": "event_callback", "event": {"type": "message", "channel": "C1"}}) is None
