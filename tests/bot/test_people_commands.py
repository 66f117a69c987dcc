"""How what belongs to one person is typed, and what its controls carry."""

from __future__ import annotations

import pytest

from bot.citing import CitationFormat
from bot.commands import MAX_CONTROL_ID, control_id, parse_command, parse_control
from bot.conversation import (
    AddAlert,
    AlertFromList,
    Cite,
    CiteList,
    Command,
    ForgetMe,
    ListAlerts,
    Misunderstood,
    PauseAlert,
    Privacy,
    React,
    RemoveAlert,
    ResumeAlert,
    Save,
    ShareList,
    SharePaper,
    ShowSaved,
    Unsave,
)
from bot.model import PaperId


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("cite P12", Cite("P12")),
        ("cite 10.1000/182 format:RIS", Cite("10.1000/182", CitationFormat.RIS)),
        ("Cite 3 format: csl-json", Cite("3", CitationFormat.CSL_JSON)),
        ("save P12", Save("P12")),
        ("saved", ShowSaved()),
        ("unsave 3", Unsave("3")),
        ("alert add knees knee mri", AddAlert("knees", "knee mri")),
        ('alert add “my knees” "knee mri"', AddAlert("my knees", '"knee mri"')),
        ("alert list", ListAlerts()),
        ("alert remove my knees", RemoveAlert("my knees")),
        ("alert pause knees", PauseAlert("knees")),
        ("alert resume knees", ResumeAlert("knees")),
        ("privacy", Privacy()),
        ("forget-me", ForgetMe()),
        ("forget-me confirm", ForgetMe(confirmed=True)),
        ("forget-me confirmed?", ForgetMe()),
    ],
)
def test_what_is_typed_is_understood(text: str, command: Command) -> None:
    assert parse_command(f"/papers {text}") == command


@pytest.mark.parametrize(
    "text", ["cite", "cite format:ris", "cite P12 format:word", "save", "alert", "alert add knees", "alert remove"]
)
def test_what_is_missing_or_wrong_is_answered_with_a_way_on(text: str) -> None:
    command = parse_command(text)
    assert isinstance(command, Misunderstood)
    assert command.suggestion


def test_the_word_alert_alone_says_what_follows() -> None:
    expected = Misunderstood("After “alert” comes add, list, remove, pause or resume.", "help alert add")
    assert parse_command("alert") == parse_command("alert knees") == expected


@pytest.mark.parametrize(
    ("control", "value", "command"),
    [
        ("1.cite.KEY", "ris", CiteList("KEY", CitationFormat.RIS)),
        ("1.cite.KEY", "csl-json.3", CiteList("KEY", CitationFormat.CSL_JSON, 3)),
        ("1.share.P12", "", SharePaper("P12")),
        ("1.share.P12", "read this", SharePaper("P12", "read this")),
        ("1.share.KEY.3", "", ShareList("KEY", 3)),
        ("1.again.P12.1503435956.000247", "x", SharePaper("P12", "x", "1503435956.000247")),
        ("1.alert.KEY", "", AlertFromList("KEY")),
        ("1.react.useful.P12", "", React("useful", "", PaperId(12))),
        ("1.unreact.not-useful.P1234567.7", "", React("not-useful", "7", PaperId(1234567), added=False)),
    ],
)
def test_controls_hold_their_whole_state(control: str, value: str, command: Command) -> None:
    assert parse_control(control, value) == command
    _, name, argument = control.split(".", 2)
    assert control_id(name, argument) == control
    assert len(control) <= MAX_CONTROL_ID


@pytest.mark.parametrize(
    ("control", "value"),
    [
        ("1.cite", "ris"),
        ("1.cite.KEY", "word"),
        ("1.cite.KEY", "ris.x"),
        ("1.share", "comment"),
        ("1.share.KEY.x", ""),
        ("1.again.P12", ""),
        ("1.alert", ""),
        ("1.react.useful", ""),
        ("1.react.lovely.P12", ""),
        ("1.react.useful.12x", ""),
        ("1.unreact.useful.P12", ""),
    ],
)
def test_a_control_that_cannot_be_read_is_answered_with_words(control: str, value: str) -> None:
    assert isinstance(parse_control(control, value), Misunderstood)
