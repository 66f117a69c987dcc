"""What custom_ids carry."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.chat.discord.custom_ids import CHOICES, Numbering, decode, encode, key_of, marks_of, with_key, with_marks
from bot.commands import MAX_CONTROL_ID
from bot.model import DeliveryKey

_KEY = DeliveryKey("k7qd2abc" * 3)
_COMMANDS = st.text(st.sampled_from('ab12 #*~=."k\n') | st.characters(codec="utf-8"), max_size=40).map(
    "1.run.search ".__add__
)


@pytest.mark.parametrize(
    ("control", "value"),
    [
        ("1.next.k7Qd2.4", ""),
        ("1.jump.k7Qd2", "3/178"),
        ("1.share.P12", ""),
        ("1.again.P12.1795000000.123456", "see = here #3 ~x"),
        ("1.sort.k7Qd2", "newest"),
        ("1.filter.k7Qd2", "source:pubmed"),
    ],
)
def test_a_control_comes_back_with_its_value(control: str, value: str) -> None:
    numbering = Numbering()
    for custom_id in (numbering.unique(encode(control, value)), numbering.unique(encode(control, value))):
        assert decode(custom_id) == (control, value)
        assert decode(with_key(custom_id, _KEY)) == (control, value)


@given(_COMMANDS)
def test_a_command_comes_back_whatever_it_says(control: str) -> None:
    numbering = Numbering()
    ids = [numbering.unique(control) for _ in range(3)]
    assert len(set(ids)) == 3
    for custom_id in ids:
        marked, _ = with_marks(custom_id, ["abcdefgh"])
        assert {decode(one) for one in (custom_id, marked, with_key(custom_id, _KEY), with_key(marked, _KEY))} == {
            (control, "")
        }


def test_what_looks_like_a_tail_is_no_tail() -> None:
    for end in ("#3", "~" + "k" * 24, "*abcdefgh", "*abcdefgh~" + "k" * 24):
        control = f"1.run.search C {end}"
        custom_id = Numbering().unique(control)
        assert decode(custom_id) == (control, "")
        assert key_of(a_message({"custom_id": custom_id})) is None
        assert marks_of(a_message({"custom_id": custom_id})) == []


def test_a_choice_is_a_value_and_its_marks_are_not() -> None:
    assert decode("1.open", "P12*abcdefghijklmnop") == ("1.open", "P12")
    assert decode("1.run#2", "alert pause a*abcdefgh") == ("1.run", "alert pause a*abcdefgh")
    assert decode("1.jump.k7Qd2=3/178", "12") == ("1.jump.k7Qd2", "12")


def test_a_menu_of_several_controls_gives_the_one_that_was_chosen() -> None:
    assert decode(CHOICES, "1.sort.k7Qd2=oldest") == ("1.sort.k7Qd2", "oldest")
    assert decode(CHOICES, "1.filter.k7Qd2=source:pubmed") == ("1.filter.k7Qd2", "source:pubmed")
    assert decode(CHOICES, "x") == ("x", "")
    assert decode(CHOICES, CHOICES) == ("", "")


def test_marks_fill_a_custom_id_and_the_rest_is_left() -> None:
    marks = [f"mark{number:04}" for number in range(20)]
    text, rest = with_marks("P12", marks)
    assert len(text) <= MAX_CONTROL_ID
    assert [len(rest), rest[0]] == [8, "mark0012"]
    assert with_marks("x" * 95, marks) == ("x" * 95, marks)
    kept, _ = with_marks("1.open.P12", marks, reserve=25)
    assert len(with_key(kept, _KEY)) <= MAX_CONTROL_ID


def test_a_message_tells_its_key_and_marks() -> None:
    marked = {
        "custom_id": with_key("1.open*markmark", _KEY),
        "options": [{"value": "P1*abcdefghijklmnop"}, {"value": "P2"}],
    }
    message = a_message({"custom_id": "1.more.k7Qd2#2*22222222"}, marked)
    assert key_of(message) == _KEY
    assert sorted(marks_of(message)) == ["22222222", "abcdefgh", "ijklmnop", "markmark"]


@pytest.mark.parametrize(
    "message", [{}, {"components": []}, {"components": [{"type": 1, "components": [{"url": "x"}]}]}]
)
def test_other_messages_have_none(message: dict[str, Any]) -> None:
    assert key_of(message) is None
    assert marks_of(message) == []


def a_message(*controls: dict[str, Any]) -> dict[str, Any]:
    return {"components": [{"type": 1, "components": [control]} for control in controls]}
