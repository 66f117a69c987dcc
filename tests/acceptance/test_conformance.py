"""Every conversation is held on the local chat; together they leave out no command, answer, control or error."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import get_args

import pytest

from bot import errors
from bot.commands import COMMANDS, controls, people
from bot.conversation import Command, Reply
from tests.acceptance.conformance import Conversation, Heard, Step, conversations
from tests.acceptance.discord_driver import DiscordDriver, NotOnDiscord
from tests.acceptance.holding import hold
from tests.acceptance.local_driver import LocalDriver
from tests.acceptance.slack_driver import SlackDriver
from tests.acceptance.stage import Stage

ALL = conversations()
HEARD: dict[Conversation, Heard] = {}
"""What the conversations that were held so far brought, even those that went wrong."""

CONTROLS = {"more", *controls._IN_PLACE, *controls._READERS, *people.CONTROLS}
MET_BY_NOBODY = {
    *(errors.PaperRoundError, errors.ConfigurationError, errors.PlatformRefused),
    *(errors.AnotherInstance, errors.StorageError),
}
"""A base class, and what ends the bot, a platform or all answers altogether."""

SOURCE_ERRORS = {
    "source fails": errors.SourceError,
    "source is busy": errors.SourceBusy,
    "source gives too little": errors.SourceIncomplete,
}


@pytest.mark.parametrize("conversation", ALL, ids=str)
async def test_a_conversation_goes_as_written(conversation: Conversation, tmp_path: Path) -> None:
    await held(conversation, tmp_path)


@pytest.mark.parametrize("conversation", ALL, ids=str)
async def test_it_goes_the_same_way_on_slack(conversation: Conversation, tmp_path: Path) -> None:
    await hold(conversation, SlackDriver(), Stage(tmp_path))


async def held(conversation: Conversation, folder: Path) -> None:
    """Hold a conversation on the local chat."""
    HEARD[conversation] = Heard()
    await hold(conversation, LocalDriver(HEARD[conversation]), Stage(folder))


@pytest.mark.parametrize("conversation", ALL, ids=str)
async def test_it_goes_the_same_way_on_discord(conversation: Conversation, tmp_path: Path) -> None:
    with suppress(NotOnDiscord):
        await hold(conversation, DiscordDriver(), Stage(tmp_path))


@pytest.fixture
async def heard(tmp_path: Path) -> Iterable[Heard]:
    """What all conversations brought; those that were not held yet are held now."""
    for number, conversation in enumerate(ALL):
        if conversation not in HEARD:
            (folder := tmp_path / str(number)).mkdir()
            await held(conversation, folder)
    return HEARD.values()


def test_every_command_reply_control_and_error_is_in_a_conversation(heard: Iterable[Heard]) -> None:
    missing = {
        "commands": {command.usage for command in COMMANDS} - {usage for one in heard for usage in one.typed},
        "Command": set(get_args(Command)) - {kind for one in heard for kind in one.commands},
        "Reply": set(get_args(Reply)) - {kind for one in heard for kind in one.replies},
        "controls": CONTROLS - {name for one in heard for name in one.controls},
        "errors": every_error() - {kind for one in heard for kind in one.errors} - happening(SOURCE_ERRORS),
    }
    assert {what: names for what, names in missing.items() if names} == {}


def every_error() -> set[type]:
    """The errors a conversation can meet."""
    tree = {kind for kind in vars(errors).values() if isinstance(kind, type)}
    return {kind for kind in tree if issubclass(kind, errors.PaperRoundError)} - MET_BY_NOBODY


def happening(known: dict[str, type[errors.SourceError]]) -> set[type]:
    """The errors of sources that happen somewhere."""
    steps = [step for conversation in ALL for step in conversation.steps]
    return {known[step.happens] for step in steps if step.happens in known}


def test_a_step_does_one_thing() -> None:
    with pytest.raises(ValueError, match="only one thing"):
        Step(says="help", uses="next")
