"""Controls as Block Kit has them."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.chat.slack.blocks import control_of, controls
from bot.conversation import PageRequest
from bot.offering import Action, actions_of
from tests.fakes.answering import result_page


def rows(*actions: Action) -> list[list[dict[str, Any]]]:
    return [block["elements"] for block in controls(actions)]


def a_button(**changes: Any) -> Action:
    made: Action = {"id": "1.run", "label": "Save", "group": "offer", "value": "save P1"}
    return made | changes  # type: ignore[return-value]


def a_menu(*values: str, chosen: str = "") -> Action:
    options = [{"value": value, "label": f"The {value}", "selected": value == chosen} for value in values]
    return a_button(type="select", label="Look at…", options=options)


def names(row: list[dict[str, Any]]) -> list[str]:
    return [element["action_id"].split(".")[1] for element in row]


@pytest.mark.parametrize("page", [1, 3, 178])
def test_a_pages_controls_keep_their_places_in_rows_of_their_own(page: int) -> None:
    paging, view, offers = rows(*actions_of(result_page(PageRequest(page=page)), "search mri"))
    assert names(paging) == ["first", "previous", "jump", "next", "last"]
    assert names(view) == ["sort", "size", "filter"]
    assert {"open", "cite"} <= set(names(offers))


def test_a_button_carries_its_value() -> None:
    assert rows(a_button()) == [
        [
            {
                "type": "button",
                "action_id": "1.run",
                "text": {"type": "plain_text", "text": "Save"},
                "value": "save P1",
            }
        ]
    ]


def test_a_menu_shows_what_is_chosen() -> None:
    [[menu]] = rows(a_menu("a", "b", chosen="b"))
    assert menu["placeholder"]["text"] == "Look at…"
    assert [option["value"] for option in menu["options"]] == ["a", "b"]
    assert menu["initial_option"] == menu["options"][1]
    assert "initial_option" not in rows(a_menu("a", "b"))[0][0]


def test_what_asks_for_something_is_a_button_that_says_so() -> None:
    [[jump, share, again]] = rows(
        a_button(id="1.jump.k", type="number", label="Go to page", value="3", maximum=9),
        a_button(id="1.share.P1", type="text", label="Share to channel", value=""),
        a_button(id="1.again.P1", type="text", label="Share again", value="x" * 3000),
    )
    assert (jump["type"], jump["text"]["text"], jump["value"]) == ("button", "Go to page…", "3/9")
    assert share["text"]["text"] == "Share to channel…"
    assert "value" not in share
    assert "value" not in again, "it can be written anew"


def test_an_action_id_stands_in_a_message_once_and_readers_know_which_control_it_is() -> None:
    made = rows(a_button(), a_menu("a"), a_button(group="view"))
    ids = [element["action_id"] for row in made for element in row]
    assert sorted(ids) == ["1.run", "1.run#2", "1.run#3"]
    assert {control_of(action_id) for action_id in ids} == {"1.run"}
    assert control_of("1.next.k7Qd2.4") == "1.next.k7Qd2.4"


def test_what_slack_has_no_room_for_is_left_out() -> None:
    assert rows(a_button(value="x" * 2001), a_menu("x" * 151)) == []
    [[menu]] = rows(a_menu("x" * 150, "y" * 151))
    assert [option["value"] for option in menu["options"]] == ["x" * 150]
    [[long]] = rows(a_menu(*map(str, range(300))))
    assert len(long["options"]) == 100
    [row] = rows(*(a_button(id=f"1.open.P{n}") for n in range(40)))
    assert len(row) == 25


def test_labels_are_cut_at_a_word_and_are_never_empty() -> None:
    [[long, empty]] = rows(a_button(label="word " * 40), a_button(id="1.x", label=""))
    assert long["text"]["text"].endswith("word…")
    assert len(long["text"]["text"]) <= 75
    assert empty["text"]["text"]


def test_a_name_of_an_emoji_stays_a_word() -> None:
    [[button]] = rows(a_button(label="mute :tada:"))
    assert button["text"] == {"type": "plain_text", "text": "mute :tada:", "emoji": False}
