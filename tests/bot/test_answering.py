"""Every kind of command has somebody who answers it."""

from __future__ import annotations

from typing import get_args

from bot.answering import Answering
from bot.conversation import Command
from storage import SqliteStorage
from tests.fakes.desk import a_desk


async def test_every_kind_of_command_is_answered(storage: SqliteStorage) -> None:
    answering = Answering(a_desk(storage))
    assert answering.answers >= set(get_args(Command))
