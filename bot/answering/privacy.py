"""What is kept about a person, and its removal."""

from __future__ import annotations

from bot.answering.desk import Desk, Handlers
from bot.conversation import Asker, ForgetMe, Notice, Privacy, PrivacyReport, Reply

_FORGOTTEN = (
    "Everything that was kept about you is removed: your reading list, alerts, reactions, what you saw last, your "
    "direct messages here, and your name among managers and in the history of topics. What you shared with a channel "
    "stays there; backups hold the rest until they are replaced."
)


class PrivateMatters:
    """Answers only for the asker."""

    def __init__(self, desk: Desk) -> None:
        self._people = desk.storage.people
        self.handlers: Handlers = {Privacy: self._privacy, ForgetMe: self._forget_me}

    async def _privacy(self, _: Privacy, asker: Asker) -> Reply:
        return PrivacyReport(await self._people.kept(asker.member))

    async def _forget_me(self, command: ForgetMe, asker: Asker) -> Reply:
        kept = await self._people.kept(asker.member)
        if kept.nothing:
            return Notice("Nothing is kept about you.")
        if not command.confirmed:
            return PrivacyReport(kept, forgetting=True)
        await self._people.forget(asker.member)
        return Notice(_FORGOTTEN)
