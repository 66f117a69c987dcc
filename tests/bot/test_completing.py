"""What is suggested while a command is typed."""

from __future__ import annotations

import pytest

from bot.commands import COMMANDS, Known, complete
from bot.commands.completing import MOST

KNOWN = Known(
    ("breast-mri", "photon counting"),
    ("knees",),
    ("lung-ct",),
    ("pubmed", "arxiv"),
    (("P12", "Breast MRI"), ("P13", "Knees")),
)


def lines(typed: str) -> list[str]:
    """The line as it would be after each suggestion."""
    return [typed[: one.start] + one.insert + typed[one.end :] for one in complete(typed, len(typed), KNOWN)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", []),
        ("se", ["search "]),
        ("SE", ["search "]),
        ("/papers se", ["/papers search "]),
        ("topic  p", ["topic pause ", "topic post "]),
        ("topics", []),
        ("managers ", ["managers add ", "managers remove "]),
        ("nonsense", []),
        ("nonsense x", []),
        ("topic add ", []),
        ("topic remove ", ["topic remove breast-mri", 'topic remove "photon counting"']),
        ("topic remove photon c", ['topic remove "photon counting"']),
        ("topic edit ph", ['topic edit "photon counting"']),
        ('topic edit "photon c', ['topic edit "photon counting"']),
        ('topic edit "photon counting" ti', ['topic edit "photon counting" title:']),
        ("topic add new jour", ["topic add new journal:"]),
        ("topic library lu", ["topic library lung-ct"]),
        ("alert pause ", ["alert pause knees"]),
        ("latest ", ["latest topic:breast-mri", 'latest topic:"photon counting"']),
        ("search ", []),
        ("search mri so", ["search mri sort:", "search mri source:"]),
        ("search mri sort:", [f"search mri sort:{order}" for order in ("newest", "oldest", "relevance")]),
        ("search mri per_page:1", ["search mri per_page:10"]),
        ("search x (source:ar", ["search x (source:arxiv"]),
        ("search -ty", ["search -type:"]),
        ("search type:j", ["search type:journal"]),
        ("search after:", [f"search after:{age}" for age in ("7d", "2w", "3m", "1y")]),
        ('search "an open ti', []),
        ("preview abs", ["preview abstract:"]),
        ("cite P1 ", ["cite P1 format:"]),
        ("cite P1 format:r", ["cite P1 format:ris"]),
        ("show ", ["show P12", "show P13"]),
        ("show p1", ["show P12", "show P13"]),
        ("save breast m", ["save P12"]),
        ("why P99", []),
        ("mute w", ["mute word"]),
        ("mute word x", []),
        ("help topic po", ["help topic post"]),
        ("schedule wee", ["schedule weekdays 09:00", "schedule weekly mon 09:00"]),
        ("schedule daily 09:00 berl", ["schedule daily 09:00 Europe/Berlin"]),
        ("schedule daily 09:00 europe/berl", ["schedule daily 09:00 Europe/Berlin"]),
        ("recap o", ["recap off"]),
    ],
)
def test_a_line_goes_on_with(typed: str, expected: list[str]) -> None:
    assert lines(typed) == expected


@pytest.mark.parametrize("typed", ["/", "/pap", "/papers", "/papers "])
def test_the_address_alone_offers_commands(typed: str) -> None:
    assert lines(typed)[0] == "/papers search "


def test_only_what_stands_before_the_cursor_counts() -> None:
    [suggestion] = complete("sea mri", 3, KNOWN)
    assert (suggestion.start, suggestion.end, suggestion.insert) == (0, 3, "search ")


@pytest.mark.parametrize("typed", ["x" * 100_000, '"' * 999, "(" * 999, "topic edit '", "search \x00 ti", "é " * 400])
def test_no_text_is_too_strange(typed: str) -> None:
    assert len(complete(typed, len(typed), KNOWN)) <= MOST
    assert complete(typed, -5, KNOWN) == []


def test_every_command_is_found_by_its_first_letters() -> None:
    for command in COMMANDS:
        name = command.example.split()[0]
        assert any(line.startswith(name) for line in lines(name[:-1])), name


def test_each_suggestion_is_told_apart_by_what_it_does() -> None:
    assert {one.what for one in complete("mut", 3, KNOWN)} == {
        "Never post papers of an author or journal, or with a word or phrase in title or abstract.",
        "What is muted here.",
    }
