"""Posted messages that can be recognised when their channel is read back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from adapters.chat.discord.custom_ids import decode, key_of, marks_of
from adapters.chat.discord.render import post_message, post_plain
from bot.conversation import Notice, Reply
from bot.identity import paper_marks
from bot.model import DeliveryKey
from tests.adapters.chat.discord.reader import controls_in
from tests.adapters.chat.discord.replies import replies
from tests.examples import TODAY
from tests.fakes.answering import announcement, digest, paper

KEY = DeliveryKey("k7qd2abc" * 3)


def some_marks(count: int) -> tuple[str, ...]:
    return tuple(f"zz{number:06}" for number in range(count))


def post(reply: Reply) -> dict[str, Any]:
    return post_message(reply, KEY, today=TODAY)


@pytest.mark.parametrize("text", ["knee mri", "x" * 300, "a*abcdefgh~" + "k" * 24])
def test_whatever_is_posted_can_be_recognised(text: str) -> None:
    for reply in replies(text):
        for made in (post(reply), post_plain(reply, KEY, today=TODAY)):
            assert key_of(made) == KEY, type(reply).__name__
            assert len(made["components"]) <= 5
            ids = [one["custom_id"] for one in controls_in(made)]
            assert len(ids) == len(set(ids))
            assert all(len(custom_id) <= 100 for custom_id in ids)


def test_what_has_no_controls_has_one_that_carries_the_key() -> None:
    made = post(Notice("PubMed is late since Thu."))
    [button] = controls_in(made)
    assert decode(button["custom_id"]) == ("1.run.status", "")
    assert key_of(made) == KEY


def test_where_no_control_has_room_for_the_key_one_is_added() -> None:
    made = post(Notice("Late.", tuple(f"search {'x' * 70} {number}" for number in range(25))))
    assert [len(row["components"]) for row in made["components"]] == [1, 5, 5, 5, 5]
    assert key_of(made) == KEY


def test_a_post_has_no_button_for_what_is_nowhere_kept() -> None:
    made = post(Notice("Late.", ("status", "search " + "x" * 200)))
    assert [decode(one["custom_id"])[0] for one in controls_in(made)] == ["1.run.status"]


def test_each_paper_of_a_digest_has_its_marks_and_the_others_fill_the_rest() -> None:
    reply = digest()
    own = [mark for one in reply.papers for mark in paper_marks(one.paper)]
    made = post(replace(reply, marks=tuple(sorted([*own, *some_marks(40)]))))
    assert sorted(marks_of(made)) == sorted([*own, *some_marks(40)])
    [menu, _] = controls_in(made)
    for option, one in zip(menu["options"], reply.papers, strict=True):
        control, value = decode(menu["custom_id"], option["value"])
        assert (control, value) == ("1.open", f"P{one.paper.id}")
        assert paper_marks(one.paper) <= {*marks_of({"components": [{"components": [{"options": [option]}]}]})}
        assert len(option["value"]) <= 100


def test_marks_beyond_all_room_are_left_out_and_a_papers_own_are_not() -> None:
    reply = digest()
    own = {mark for one in reply.papers for mark in paper_marks(one.paper)}
    made = post(replace(reply, marks=(*some_marks(900), *own)))
    kept = marks_of(made)
    assert own <= set(kept)
    assert len(kept) > 100
    assert set(some_marks(60)) <= set(kept), "the first ones given"


def test_one_paper_alone_has_its_marks_in_its_buttons() -> None:
    made = post(replace(announcement(paper(3)), marks=("abcdefgh", "ijklmnop")))
    assert sorted(marks_of(made)) == ["abcdefgh", "ijklmnop"]
    assert [decode(one["custom_id"])[0] for one in controls_in(made)] == [
        "1.open.P3", "1.react.useful.P3", "1.react.not-useful.P3",
    ]  # fmt: skip


def test_a_post_is_made_once_and_mentions_nobody() -> None:
    made = post(Notice("Hello."))
    assert {name: made[name] for name in ("nonce", "enforce_nonce", "allowed_mentions")} == {
        "nonce": KEY,
        "enforce_nonce": True,
        "allowed_mentions": {"parse": []},
    }
