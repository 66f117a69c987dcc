"""Controls as Discord has them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from adapters.chat.discord.components import MAX_ROWS, controls
from adapters.chat.discord.custom_ids import decode
from bot.conversation import PageRequest
from bot.offering import Action, actions_of
from tests.fakes.answering import result_page


def rows(*actions: Action) -> list[list[dict[str, Any]]]:
    return [row["components"] for row in controls(actions)]


def a_button(**changes: Any) -> Action:
    made: Action = {"id": "1.run.save P1", "label": "Save", "group": "offer", "value": "save P1"}
    return made | changes  # type: ignore[return-value]


def a_menu(*values: str, chosen: str = "", **changes: Any) -> Action:
    options = [{"value": value, "label": f"The {value}", "selected": value == chosen} for value in values]
    return a_button(type="select", id="1.run", label="Look at…", options=options) | changes  # type: ignore[return-value]


def names(row: list[dict[str, Any]]) -> list[str]:
    return [element["custom_id"].split(".")[1] for element in row]


@pytest.mark.parametrize("page", [1, 3, 178])
def test_a_page_has_all_its_controls_in_five_rows(page: int) -> None:
    reply = replace(result_page(PageRequest(page=page)), shareable=True, sources=("pubmed", "arxiv"))
    paging, view, opening, citing, offers = rows(*actions_of(reply, "search mri"))
    assert names(paging) == ["first", "previous", "jump", "next", "last"]
    assert [one.get("disabled", False) for one in paging] == [page == 1] * 2 + [False] + [page == 178] * 2
    assert [names(view), names(opening), names(citing)] == [["choices"], ["open"], ["cite"]]
    assert names(offers) == ["refresh", "alert", "share"]


def test_one_menu_stands_for_those_that_rearrange_the_list() -> None:
    [menu] = rows(*actions_of(result_page(PageRequest(page=3)), "search mri"))[1]
    used = [decode(menu["custom_id"], option["value"]) for option in menu["options"]]
    assert used[:4] == [
        ("1.sort.k7Qd2", "newest"), ("1.sort.k7Qd2", "oldest"), ("1.sort.k7Qd2", "relevance"), ("1.size.k7Qd2", "5"),
    ]  # fmt: skip
    assert ("1.filter.k7Qd2", "type:preprint") in used
    assert menu["placeholder"] == "Sort, show, filter…"
    ticked = [option["label"] for option in menu["options"] if option["label"].endswith(" ✓")]
    assert ticked == ["Newest first ✓", "10 per page ✓"]


def test_menus_stay_apart_where_there_is_room() -> None:
    made = rows(a_menu("a", group="view"), a_menu("b", group="view", id="1.sort.k"), a_button())
    assert [one["custom_id"] for row in made for one in row] == ["1.run", "1.sort.k", "1.run.save P1"]


def test_a_button_carries_what_it_stands_for() -> None:
    assert rows(a_button()) == [[{"type": 2, "style": 2, "custom_id": "1.run.save P1", "label": "Save"}]]


def test_a_menu_shows_what_is_chosen() -> None:
    [[menu]] = rows(a_menu("a", "b", chosen="b"))
    assert menu["placeholder"] == "Look at…"
    assert menu["options"] == [{"label": "The a", "value": "a"}, {"label": "The b", "value": "b", "default": True}]


def test_what_asks_for_something_is_a_button_that_says_so() -> None:
    [[jump, share, again, long]] = rows(
        a_button(id="1.jump.k", type="number", label="Go to page", value="3", maximum=9, group="page"),
        a_button(id="1.share.P1", type="text", label="Share to channel", value="", group="page"),
        a_button(id="1.again.P1.5", type="text", label="Share again", value="look", group="page"),
        a_button(id="1.again.P1.6", type="text", label="Share again", value="x" * 300, group="page"),
    )
    assert (jump["label"], decode(jump["custom_id"])) == ("Go to page…", ("1.jump.k", "3/9"))
    assert (share["label"], decode(share["custom_id"])) == ("Share to channel…", ("1.share.P1", ""))
    assert decode(again["custom_id"]) == ("1.again.P1.5", "look")
    assert decode(long["custom_id"]) == ("1.again.P1.6", ""), "it can be written anew"


def test_a_custom_id_stands_in_a_message_once() -> None:
    made = rows(a_button(), a_menu("a"), a_menu("a"), a_button())
    ids = [one["custom_id"] for row in made for one in row]
    assert ids == ["1.run", "1.run#2", "1.run.save P1", "1.run.save P1#2"]


def test_what_discord_has_no_room_for_is_left_out() -> None:
    assert rows(a_button(id="1.start", value="x" * 300), a_menu("x" * 101)) == []
    [[menu]] = rows(a_menu("x" * 100, "y" * 101, "x" * 100))
    assert [option["value"] for option in menu["options"]] == ["x" * 100]
    made = rows(*(a_button(id=f"1.open.P{n}", value=f"P{n}") for n in range(40)))
    assert [len(row) for row in made] == [5] * MAX_ROWS
    kept = rows(*(a_menu("a", id=f"1.run.{n}") for n in range(9)), a_button())
    assert [row[0]["type"] for row in kept] == [3, 3, 3, 3, 2]


def test_a_menu_of_more_than_25_is_two_where_there_is_room() -> None:
    [[first], [second]] = rows(a_menu(*map(str, range(26))))
    assert [first["placeholder"], second["placeholder"]] == ["Look at… (1 of 2)", "Look at… (2 of 2)"]
    assert [option["value"] for menu in (first, second) for option in menu["options"]] == [*map(str, range(26))]
    crowded = rows(*(a_menu(*map(str, range(26)), id=f"1.run.{n}") for n in range(3)))
    assert [len(row[0]["options"]) for row in crowded] == [25, 25, 25]


def test_labels_are_cut_at_a_word_and_are_never_empty() -> None:
    [[long, empty, wide]] = rows(a_button(label="word " * 40), a_button(label=""), a_button(label="𝔘" * 100))
    assert long["label"].endswith("word…")
    assert len(long["label"]) <= 80
    assert empty["label"]
    assert len(wide["label"].encode("utf-16-le")) <= 160
