"""Every kind of command has somebody who answers it."""

from __future__ import annotations

from typing import get_args

from bot.answering import Answering, Desk
from bot.conversation import Command
from storage import SqliteStorage
from tests.examples import NOW


async def test_every_kind_of_command_is_answered(storage: SqliteStorage) -> None:
    answering = Answering(Desk(storage, {}, lambda: NOW, lambda: None))
    assert answering.answers >= set(get_args(Command))
