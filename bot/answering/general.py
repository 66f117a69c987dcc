"""Help, status, and words that are no command."""

from __future__ import annotations

from bot.answering.desk import Desk, Handlers
from bot.commands import COMMANDS
from bot.conversation import Asker, Help, HelpPage, Misunderstood, Notice, Reply, ShowStatus
from bot.errors import Refused
from bot.reporting import status

_TRY_FIRST = frozenset({"search", "latest", "preview", "topic add", "alert add", "help"})


class General:
    """What needs neither papers nor topics."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.handlers: Handlers = {ShowStatus: self._status, Help: self._help, Misunderstood: self._misunderstood}

    async def _status(self, _: ShowStatus, asker: Asker) -> Reply:
        desk, here = self._desk, asker.channel
        try:
            await desk.require_admin(asker)
        except Refused:
            may_settle = False
        else:
            may_settle = True
        return await status(
            *(desk.storage, desk.sources, desk.every, desk.clock()),
            channel=here,
            neighbours=asker.admin and not asker.local,
            clock=desk.clock_problem(),
            may_settle=may_settle,
            platforms=desk.connections(),
        )

    async def _help(self, command: Help, _: Asker) -> Reply:
        thanks = tuple(source.acknowledgement for source in self._desk.sources.values())
        chosen = tuple(one for one in COMMANDS if command.command and one.usage.startswith(command.command))
        if chosen:
            return HelpPage(chosen, thanks)
        return HelpPage(COMMANDS, thanks, tuple(one.example for one in COMMANDS if one.name in _TRY_FIRST))

    async def _misunderstood(self, command: Misunderstood, _: Asker) -> Reply:
        return Notice(command.problem, (command.suggestion,) if command.suggestion else ())
