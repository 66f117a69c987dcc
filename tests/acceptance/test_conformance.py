"""Every conversation is held on every platform; together they leave out no command, answer, control or error."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import get_args

import pytest

from bot import errors
from bot.commands import COMMANDS, controls, people
from bot.conversation import Command, Reply
from tests.acceptance.conformance import Conversation, Driver, Heard, Step, conversations
from tests.acceptance.discord_driver import DiscordDriver, NotOnDiscord
from tests.acceptance.holding import hold
from tests.acceptance.local_driver import LocalDriver
from tests.acceptance.slack_driver import SlackDriver
from tests.acceptance.stage import Stage

ALL = conversations()
DRIVERS: dict[str, Callable[[], Driver]] = {"local": LocalDriver, "slack": SlackDriver, "discord": DiscordDriver}
HEARD: dict[tuple[str, Conversation], Heard] = {}
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


@pytest.mark.parametrize("platform", DRIVERS)
@pytest.mark.parametrize("conversation", ALL, ids=str)
async def test_a_conversation_goes_as_written(conversation: Conversation, platform: str, tmp_path: Path) -> None:
    await held(platform, conversation, tmp_path)


async def held(platform: str, conversation: Conversation, folder: Path) -> None:
    """Hold a conversation, as far as the platform has such people."""
    driver = DRIVERS[platform]()
    HEARD[platform, conversation] = driver.heard
    with suppress(NotOnDiscord):
        await hold(conversation, driver, Stage(folder))


@pytest.fixture
async def heard(tmp_path: Path, request: pytest.FixtureRequest) -> Iterable[Heard]:
    """What all conversations on a platform brought; those that were not held yet are held now."""
    platform = getattr(request, "param", "local")
    for number, conversation in enumerate(ALL):
        if (platform, conversation) not in HEARD:
            (folder := tmp_path / str(number)).mkdir()
            await held(platform, conversation, folder)
    return [HEARD[platform, conversation] for conversation in ALL]


@pytest.mark.parametrize("heard", DRIVERS, indirect=True)
def test_every_command_is_typed_on_every_platform(heard: Iterable[Heard]) -> None:
    assert {command.usage for command in COMMANDS} - {usage for one in heard for usage in one.typed} == set()
    assert set(get_args(Command)) - {kind for one in heard for kind in one.commands} == set()


def test_every_reply_control_and_error_is_in_a_conversation(heard: Iterable[Heard]) -> None:
    missing = {
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
