from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import (
    COMMANDS,
    MAX_CONTROL_ID,
    control_id,
    offered_command,
    page_control,
    parse_command,
    parse_control,
    turns_list,
)
from bot.conversation import (
    AddTopic,
    Command,
    Help,
    Latest,
    ListTopics,
    Misunderstood,
    PageRequest,
    PostNewest,
    Preview,
    Rearrange,
    RemoveTopic,
    Search,
    Show,
    ShowStatus,
    Sort,
    TurnPage,
    Why,
)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("", Help()),
        ("/papers", Help()),
        ("@Paper Round help Topic  Add", Help("topic add")),
        ("/papers search mri", Search("mri")),
        ("SEARCH mri  NOT ct", Search("mri  NOT ct")),
        (
            "search mri sort:oldest brain page:3 per_page:25",
            Search("mri brain", PageRequest(Sort.OLDEST, 3, 25)),
        ),
        ("search “a sort:x b” (c)", Search('"a sort:x b" (c)')),
        ("search mri Sort:Relevance", Search("mri", PageRequest(Sort.RELEVANCE))),
        ("latest", Latest()),
        ('latest topic:"breast mri"', Latest("breast mri")),
        ("show https://doi.org/10.1234/x", Show("https://doi.org/10.1234/x")),
        ("topics", ListTopics()),
        ("topic add breast breast OR mamma", AddTopic("breast", "breast OR mamma")),
        ("topic add “breast mri” (mri OR ct)", AddTopic("breast mri", "(mri OR ct)")),
        ("topic  remove breast mri", RemoveTopic("breast mri")),
        ("topic post 'breast mri'", PostNewest("breast mri")),
        ("preview mri -review", Preview("mri -review")),
        ("/papers why P12", Why("P12")),
        ("Status", ShowStatus()),
    ],
)
def test_typed_words_are_read(text: str, command: Command) -> None:
    assert parse_command(text) == command


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("serach mri ct", "search mri ct"),
        ("serach x", "search x"),
        ("topic ad x y", "topic add x y"),
        ("topics add x y", "topic add x y"),
        ("mri brain", "search mri brain"),
        ("topic", "help topic add"),
        ("search mri sort:best", "help search"),
        ("search mri page:0", "help search"),
        ("search mri per_page:7", "help search"),
    ],
)
def test_misspelt_words_are_answered_with_the_nearest_command(text: str, suggestion: str) -> None:
    command = parse_command(text)
    assert isinstance(command, Misunderstood)
    assert command.suggestion == suggestion


@pytest.mark.parametrize(
    "text", ["search", "search sort:oldest", "show", "topic add", 'topic add "x"', "topic remove", "why"]
)
def test_missing_words_are_answered_with_an_example_that_works(text: str) -> None:
    command = parse_command(text)
    assert isinstance(command, Misunderstood)
    assert command.suggestion
    assert not isinstance(parse_command(command.suggestion), Misunderstood)


def test_every_example_of_the_help_is_understood() -> None:
    assert not [shown for shown in COMMANDS if isinstance(parse_command(shown.example), Misunderstood)]


@given(st.text())
def test_any_text_gives_a_command(text: str) -> None:
    parse_command(text)
    parse_command(f"search {text}")
    parse_command(f"topic add {text}")


@pytest.mark.parametrize("name", ["first", "previous", "next", "last"])
def test_paging_controls_say_their_name_and_carry_their_page(name: str) -> None:
    control = page_control(name, "k.1", 4)
    assert name in control
    assert turns_list(control)
    assert parse_control(control) == TurnPage("k.1", 4)


@pytest.mark.parametrize(
    ("control", "value", "command"),
    [
        (control_id("jump", "k"), " 12 ", TurnPage("k", 12)),
        (control_id("jump", "k"), "0", TurnPage("k", 1)),
        (control_id("jump", "k"), "9" * 900, TurnPage("k", 1_000_000)),
        (control_id("sort", "k"), "oldest", Rearrange("k", sort=Sort.OLDEST)),
        (control_id("size", "k"), "25", Rearrange("k", per_page=25)),
        (control_id("refresh", "k"), "", Rearrange("k")),
        (control_id("more", "k"), "", TurnPage("k", 1)),
        (control_id("open"), "P12", Show("P12")),
        (control_id("open", "P12"), "", Show("P12")),
        (control_id("run", "search a.b"), "", Search("a.b")),
        (control_id("start", "breast mri"), "", PostNewest("breast mri")),
    ],
)
def test_controls_are_read_back(control: str, value: str, command: Command) -> None:
    assert parse_control(control, value) == command


def test_an_argument_too_long_for_an_id_comes_as_value() -> None:
    text = "search " + "mri " * 50 + "end"
    control = control_id("run", text)
    assert len(control) <= MAX_CONTROL_ID
    assert parse_control(control, text) == parse_command(text)
    assert offered_command(control, text) == text
    assert offered_command(control_id("open", "P1")) == ""


@given(st.text(max_size=30), st.text(max_size=30))
@pytest.mark.parametrize(
    "start", ["", "1.", "1.next.", "1.jump.", "1.sort.k", "1.size.k", "1.open.", "1.run.", "2.next.k."]
)
def test_a_garbled_control_is_no_exception(start: str, rest: str, value: str) -> None:
    parse_control(start + rest, value)


@pytest.mark.parametrize("control", ["", "1", "1.next", "1.next..2", "1.next.k.x", "1.sort.k", "1.open", "2.next.k.1"])
def test_a_stale_control_is_misunderstood(control: str) -> None:
    assert isinstance(parse_control(control), Misunderstood)
