"""The command as Discord is told of it, and what is typed in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.chat.discord import tree
from adapters.chat.discord.commands import Typing, read_click, read_slash, read_submission, read_typing
from adapters.chat.discord.options import SUBCOMMANDS, TYPED, Kind, Option
from bot.commands import COMMANDS, Known, complete
from bot.conversation import (
    AddMute,
    Command,
    Misunderstood,
    PageRequest,
    PauseTopic,
    React,
    Search,
    SetSchedule,
    Sort,
    TurnPage,
)
from bot.model import Mute, MuteKind, PaperId
from tests.fakes.discord.command_rules import COMMANDS as RULES

JSON = dict[str, Any]

EXAMPLES = {Kind.NUMBER: 2, Kind.SWITCH: True, Kind.PERSON: "80351110224678912"}
FITTING = {
    "resend key": "k7qm2xwd",
    "skip key": "k7qm2xwd",
    "schedule schedule": "weekly mon 09:00",
    "schedule zone": "Europe/Berlin",
}


def test_discord_takes_the_command() -> None:
    assert list(RULES(tree.commands(), ())) == []


def test_every_command_can_be_reached() -> None:
    reached = {read_slash(filled(path)).asked for path in SUBCOMMANDS}
    names = {command.name for command in COMMANDS}
    assert {max((n for n in names if f"{line} ".startswith(f"{n} ")), key=len) for line in reached} == names


@pytest.mark.parametrize("path", SUBCOMMANDS)
def test_whatever_is_filled_in_is_understood(path: str) -> None:
    for required_only in (True, False):
        assert not isinstance(read_slash(filled(path, required_only=required_only)).command, Misunderstood)


def test_each_option_says_what_it_is_and_nothing_is_for_some_only() -> None:
    [papers] = tree.commands()
    assert (papers["name"], "default_member_permissions" in papers, papers["contexts"]) == ("papers", False, [0, 1])
    for path, options in SUBCOMMANDS.items():
        assert len({option.name for option in options}) == len(options), path


def test_options_read_as_the_same_words_typed() -> None:
    assert asked("search", query='"mri', sort="oldest", page=3) == Search('"mri', PageRequest(Sort.OLDEST, 3))
    zone = {"zone": "Europe/Berlin", "even_if_empty": True}
    assert asked("schedule", schedule="daily 09:00", **zone) == SetSchedule("daily 09:00 Europe/Berlin even if empty")
    assert asked("schedule", schedule="now", even_if_empty=False) == SetSchedule("now")
    assert asked("mute word", text="letter to the editor") == AddMute(Mute(MuteKind.WORD, "letter to the editor"))
    assert asked("topic pause", name='say "aah"') == PauseTopic('say "aah')


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_gives_some_command(name: str, query: str) -> None:
    for path in ("topic add", "alert add", "topic edit"):
        assert asked(path, name=name, query=query) is not None
    assert asked("search", query=query) is not None
    assert asked("show", id="\ud800" + query) is not None


@given(st.text(max_size=120))
def test_any_text_being_typed_gives_choices_that_fit(typed: str) -> None:
    known = Known(topics=("a b", "x" * 120, 'q"uote'), alerts=("knees",), sources=("pubmed",))
    for options in SUBCOMMANDS.values():
        for option in options:
            typing = Typing(option, typed)
            for value, words in typing.choices(complete(typing.line, len(typing.line), known)):
                assert 0 < len(value) <= 100
                assert 0 < len(words) <= 100


def test_what_is_offered_takes_the_place_of_the_whole_value() -> None:
    typing = read_typing(payload("topic edit", [{"name": "name", "type": 3, "value": "a", "focused": True}]))
    assert typing is not None
    known = Known(topics=("a b", "c"))
    assert typing.choices(complete(typing.line, len(typing.line), known)) == [("a b", "a b")]
    typing = read_typing(payload("cite", [{"name": "id", "type": 3, "value": "breast", "focused": True}]))
    assert typing is not None
    known = Known(papers=(("P12", "Breast MRI"), ("P13", "Knees")))
    assert typing.choices(complete(typing.line, len(typing.line), known)) == [("P12", "P12 · Breast MRI")]
    assert read_typing(payload("gone", [{"name": "name", "type": 3, "value": "a", "focused": True}])) is None


def test_controls_are_read_with_the_message_they_stand_in() -> None:
    assert read_click({"custom_id": "1.next.K.3#2~abcdefghijklmnopqrstuvwx"}, "9").command == TurnPage("K", 3)
    assert read_click({"custom_id": "1.react.useful.P12"}, "9").command == React("useful", "9", PaperId(12))
    assert read_click({"custom_id": "1.run.help search"}, "9").asked == "help search"
    label = {"type": 18, "component": {"type": 4, "custom_id": "value", "value": "7"}}
    row = {"type": 1, "components": [{"type": 4, "custom_id": "value", "value": "7"}]}
    for shape in (label, row):
        submitted = read_submission({"custom_id": "1.jump.K=3/178", "components": [shape]}, "9")
        assert submitted.command == TurnPage("K", 7)


# ---------------------------------------------------------------- payloads


def asked(path: str, **given: object) -> Command:
    options = [{"name": name, "type": _type(value), "value": value} for name, value in given.items()]
    return read_slash(payload(path, options)).command


def filled(path: str, *, required_only: bool = False) -> JSON:
    """A sub-command with all of its options."""
    return payload(path, list(_values(path, SUBCOMMANDS[path], required_only=required_only)))


def _values(path: str, options: tuple[Option, ...], *, required_only: bool) -> Iterator[JSON]:
    for option in options:
        if option.required or not required_only:
            example = EXAMPLES.get(option.kind, FITTING.get(f"{path} {option.name}", "mri"))
            value = option.choices[0] if option.choices else example
            yield {"name": option.name, "type": int(option.kind), "value": value}


def payload(path: str, options: list[JSON]) -> JSON:
    """The data of an interaction, as Discord nests it."""
    for depth, word in enumerate(reversed(path.split())):
        options = [{"type": 2 if depth else 1, "name": word, "options": options}]
    return {"name": "papers", "type": 1, "options": options}


def _type(value: object) -> Kind:
    return {bool: Kind.SWITCH, int: Kind.NUMBER}.get(type(value), Kind.TEXT)


def test_other_words_are_those_typed() -> None:
    assert {TYPED.get(path, path).split()[0] for path in SUBCOMMANDS} == {one.name.split()[0] for one in COMMANDS}
