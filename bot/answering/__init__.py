"""Command → Reply: what the bot answers, the same on every platform; a module for each kind of question."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from bot.answering.desk import Desk
from bot.answering.general import General
from bot.answering.lists import Lists
from bot.answering.papers import Papers
from bot.answering.topics import Topics
from bot.conversation import Asker, Command, Mistake, Notice, Reply
from bot.errors import NotFound, QueryError, Refused

__all__ = ["Answering", "Desk"]


class Answering:
    """Answers commands."""

    def __init__(self, desk: Desk) -> None:
        areas = (Lists(desk), Papers(desk), Topics(desk), General(desk))
        self._handlers = {kind: handler for area in areas for kind, handler in area.handlers.items()}

    @property
    def answers(self) -> AbstractSet[type]:
        """The kinds of commands that are answered."""
        return self._handlers.keys()

    async def answer(self, command: Command, asker: Asker) -> Reply:
        """The reply to a command; expected errors become replies that say what to do."""
        try:
            return await self._handlers[type(command)](command, asker)
        except QueryError as error:
            return Mistake(str(error), error.query, error.column, error.suggestion)
        except (NotFound, Refused) as error:
            return Notice(str(error))
