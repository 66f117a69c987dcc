"""Digests and recaps as the local chat shows them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.chat.local.render import render
from bot.commands import offered_command, parse_control
from bot.conversation import ScheduleReport, TurnPage
from bot.model import DeliveryKind
from tests.examples import TODAY
from tests.fakes.answering import LIST_KEY, digest

EMPTY = replace(digest(), papers=(), total=0, topics=(), list_key=None)


def lines(**changes: object) -> list[str]:
    return render(replace(digest(12), **changes), TODAY)["text"].splitlines()  # type: ignore[arg-type]


def test_a_digest_has_one_header_topics_an_order_and_ten_papers() -> None:
    text = lines()
    assert text[:3] == [
        "12 new papers · Fri 20 Nov",
        "radiology-ai 3 · breast-mri 14",
        "Papers that match most topics come first, then the newest.",
    ]
    assert text[-1] == "+ 2 more"
    assert sum(line.endswith(tuple(f"P{n}" for n in range(1, 11))) for line in text) == 10


def test_a_long_digest_has_key_sentences_for_three_papers_and_a_short_one_for_all() -> None:
    assert sum("A short second look" in line for line in lines()) == 3
    short = render(digest(6), TODAY)["text"]
    assert short.count("A short second look") == 6


def test_a_catch_up_says_what_it_covers_and_what_it_only_counts() -> None:
    text = lines(label="covers 9 days", total=49, older=37)
    assert text[0] == "49 new papers · Fri 20 Nov · covers 9 days"
    assert text[-2:] == ["+ 39 more", "37 papers waited for more than 7 days and are only in the whole list."]


def test_nothing_but_old_papers_leads_to_their_list() -> None:
    message = render(replace(EMPTY, total=37, older=37, list_key=LIST_KEY), TODAY)
    assert message["text"].splitlines() == [
        "37 new papers · Fri 20 Nov",
        "37 papers waited for more than 7 days and are only in the whole list.",
    ]
    [show] = message["actions"]
    assert (show["label"], parse_control(show["id"])) == ("Show the 37", TurnPage(LIST_KEY, 1))


def test_an_empty_slot_is_one_line_without_controls() -> None:
    message = render(EMPTY, TODAY)
    assert (message["text"], message["actions"], message["kind"]) == ("No new papers · Fri 20 Nov", [], "digest")


def test_the_foot_says_what_is_exceptional() -> None:
    assert lines(footer=("arXiv late since Thu; its papers will follow",))[-1] == (
        "arXiv late since Thu; its papers will follow."
    )


@pytest.mark.parametrize(("days", "period"), [(7, "this week"), (1, "in 1 day"), (30, "in 30 days")])
def test_a_recap_says_that_all_of_it_was_posted_earlier(days: int, period: str) -> None:
    message = render(replace(digest(41), kind=DeliveryKind.RECAP, days=days), TODAY)
    assert message["kind"] == "recap"
    assert message["text"].splitlines()[0] == f"41 papers {period}, all posted earlier"
    assert [action["label"] for action in message["actions"]] == ["Open a paper…", "+ 31 more"]


def test_a_schedule_is_told_in_lines() -> None:
    told = ScheduleReport(
        "daily at 09:00 (Europe/Berlin)",
        "Sun 6 Dec 09:00, Mon 7 Dec 09:00",
        "weekly on Fri at 16:00 (Europe/Berlin)",
        "Fri 11 Dec 16:00",
        "Sat 5 Dec 13:00",
        managed=True,
        changed="Nothing is posted meanwhile.",
    )
    message = render(told, TODAY, "snooze 2w")
    assert message["text"].splitlines() == [
        "Nothing is posted meanwhile.",
        "Posts daily at 09:00 (Europe/Berlin)",
        "Set in the configuration file.",
        "Snoozed until Sat 5 Dec 13:00.",
        "Next: Sun 6 Dec 09:00, Mon 7 Dec 09:00.",
        "Recap weekly on Fri at 16:00 (Europe/Berlin); the next Fri 11 Dec 16:00.",
    ]
    [wake] = message["actions"]
    assert offered_command(wake["id"]) == "snooze off"
