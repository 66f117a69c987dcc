"""Command → Reply: what the bot answers, the same on every platform; a module for each kind of question."""

from __future__ import annotations

from collections.abc import AsyncIterator
from collections.abc import Set as AbstractSet
from dataclasses import replace

from bot.answering.alerts import Alerts
from bot.answering.changes import Changes
from bot.answering.citations import Citations
from bot.answering.completions import Completions
from bot.answering.desk import Desk
from bot.answering.general import General
from bot.answering.home import HomePage
from bot.answering.library import Library
from bot.answering.lists import Lists
from bot.answering.mutes import Mutes
from bot.answering.papers import Papers
from bot.answering.privacy import PrivateMatters
from bot.answering.rights import Rights
from bot.answering.saved import Saved
from bot.answering.schedules import Schedules
from bot.answering.sharing import Sharing
from bot.answering.topics import Topics
from bot.answering.trouble import Trouble
from bot.commands import Suggestion
from bot.conversation import Asker, CiteList, Command, Greeting, Home, Mistake, Notice, Reply
from bot.errors import Expired, NotFound, QueryError, Refused
from bot.model import Channel, ChannelRef

__all__ = ["Answering", "Desk"]


class Answering:
    """Answers commands."""

    def __init__(self, desk: Desk) -> None:
        lists, topics, changes = Lists(desk), Topics(desk), Changes(desk)
        self._rights = Rights(desk)
        self._citations = Citations(desk)
        self._completions = Completions(desk)
        self._home = HomePage(desk, topics)
        self._desk = desk
        areas = (
            lists, Papers(desk), topics, changes, Library(desk, topics.add), Mutes(desk), self._rights,
            self._citations, Saved(desk, lists), Alerts(desk, topics, changes), Sharing(desk), PrivateMatters(desk),
            Schedules(desk), Trouble(desk), General(desk),
        )  # fmt: skip
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
        except Expired as error:
            return Notice(str(error), (error.command,) if error.command else ())
        except (NotFound, Refused) as error:
            return Notice(str(error))

    async def complete(self, text: str, cursor: int, asker: Asker) -> list[Suggestion]:
        """What may stand before the cursor of a command that is being typed."""
        return await self._completions.complete(text, cursor, asker)

    def file(self, request: CiteList) -> AsyncIterator[str]:
        """The text of the file that a CitationFile offers, in pieces. Raises NotFound if its list is no longer kept."""
        return self._citations.write(request)

    async def home(self, asker: Asker) -> Home:
        """What belongs to the asker, wherever they ask."""
        return await self._home.of(asker)

    async def admit(self, channel: Channel) -> None:
        """A channel where the bot may post can be set up from now on; a known one is called by its name of today."""
        topics = self._desk.storage.topics
        known = await topics.channel(channel.ref)
        if known is None or known.name != channel.name:
            await topics.put_channel(replace(known, name=channel.name) if known else channel)

    async def returned(self, channel: ChannelRef) -> None:
        """A platform takes messages in the channel again: what waits there is tried at once."""
        await self._desk.storage.troubles.hurry(channel)
        self._desk.wake()

    async def invited(self, channel: Channel, by: str | None, *, guest: bool = False) -> Greeting | None:
        """The bot was added to a channel, ``by`` somebody if that is known, perhaps a guest of the workspace. What to
        say there: a greeting, once; the inviter is a manager from then on, unless a guest."""
        return await self._rights.greet(channel, by, guest=guest)
