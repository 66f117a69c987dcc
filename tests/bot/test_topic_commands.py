"""How commands and controls about topics, mutes and managers are read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import control_id, parse_command, parse_control, write_name
from bot.conversation import (
    AddManager,
    AddMute,
    Command,
    ConfirmRemoval,
    CopyStarter,
    EditTopic,
    ListManagers,
    ListMutes,
    ListTopics,
    Misunderstood,
    PauseTopic,
    RemoveManager,
    RemoveMute,
    ResumeTopic,
    ShowHistory,
    ShowLibrary,
    UndoTopic,
)
from bot.model import Mute, MuteKind


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("topic edit “breast mri” (mri OR ct)", EditTopic("breast mri", "(mri OR ct)")),
        ("topic pause breast mri", PauseTopic("breast mri")),
        ("Topic Resume 'breast mri'", ResumeTopic("breast mri")),
        ("topic undo mri", UndoTopic("mri")),
        ("topic history", ShowHistory()),
        ("topic history breast mri", ShowHistory("breast mri")),
        ("topic library", ShowLibrary()),
        ("topic library AI in radiology", ShowLibrary("AI in radiology")),
        ("topics", ListTopics()),
        ("mute author Wang X", AddMute(Mute(MuteKind.AUTHOR, "Wang X"))),
        ("mute WORD “letter  to the editor”", AddMute(Mute(MuteKind.WORD, "letter to the editor"))),
        ("unmute journal Radiology", RemoveMute(Mute(MuteKind.JOURNAL, "Radiology"))),
        ("mutes", ListMutes()),
        ("managers", ListManagers()),
        ("managers add @ann", AddManager("ann")),
        ("managers add ann.b-c", AddManager("ann.b-c")),
        ("managers add <@U123>", AddManager("U123")),
        ("managers remove <@U123|ann b>", RemoveManager("U123")),
        ("managers remove <@!123>", RemoveManager("123")),
    ],
)
def test_typed_words_are_read(text: str, command: Command) -> None:
    assert parse_command(text) == command


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("topics pause mri", "topic pause mri"),
        ("topics history", "topic history"),
        ("topic puase mri", "topic pause mri"),
        ("mute autor Wang", "mute author Wang"),
        ("mute editorial", "mute word editorial"),
        ("mute author", "help mute"),
        ("managers add ann bob", "managers add @ann"),
        ("managers add <@>", "managers add @ann"),
        ("manager add @ann", "managers add @ann"),
        ("topic edit mri", 'topic edit breast-mri "breast mri" -review'),
    ],
)
def test_mistakes_are_answered_with_something_that_works(text: str, suggestion: str) -> None:
    command = parse_command(text)
    assert isinstance(command, Misunderstood)
    assert command.suggestion == suggestion
    assert not isinstance(parse_command(suggestion), Misunderstood)


@pytest.mark.parametrize(
    ("control", "value", "command"),
    [
        (control_id("remove", "breast mri"), "", ConfirmRemoval("breast mri")),
        (control_id("remove"), "breast mri", ConfirmRemoval("breast mri")),
        (control_id("copy"), "radiology-ai", CopyStarter("radiology-ai")),
        (control_id("run"), 'topic pause "a b"', PauseTopic("a b")),
    ],
)
def test_controls_are_read_back(control: str, value: str, command: Command) -> None:
    assert parse_control(control, value) == command


@pytest.mark.parametrize("name", ["mri", "breast mri", 'the "new" one', "don't", "a.b"])
def test_a_name_that_is_written_is_read_as_it_was(name: str) -> None:
    assert parse_command(f"topic pause {write_name(name)}") == PauseTopic(name)


@given(st.text())
def test_any_text_gives_a_command(text: str) -> None:
    for start in ("topic edit", "topic history", "mute", "unmute word", "managers add"):
        parse_command(f"{start} {text}")
