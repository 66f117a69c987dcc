"""What a person may do in a workspace, asked anew whenever it matters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from adapters.chat.slack.commands import Origin
from adapters.chat.slack.verdicts import failure
from adapters.chat.slack.workspace import Workspace
from bot.conversation import ADMINISTERING, Asker, Command
from bot.errors import Refused
from bot.schedule import parse_zone


@dataclass(frozen=True, slots=True)
class Standing:
    """A person's rights in the workspace, by Slack or by our settings, and their IANA time zone. Whoever belongs
    elsewhere is a guest."""

    admin: bool
    guest: bool
    zone: str = "UTC"


class Rights:
    """Asks Slack about people."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def asker(self, command: Command, origin: Origin) -> Asker:
        """Who asks; with rights where the command needs them. Raises Refused if Slack does not tell."""
        channel = self._workspace.ref(origin.channel or "D", origin.user)
        if type(command) not in ADMINISTERING or channel.owner is not None:
            return Asker(channel, origin.user)
        standing = await self.standing(origin.user)
        return Asker(channel, origin.user, standing.admin, standing.guest)

    async def standing(self, user: str) -> Standing:
        """Ask Slack what a person is just now (facts: slack.md, 9). Raises Refused if it does not tell."""
        try:
            answer = await self._workspace.client.users_info(user=user)
        except Exception as error:
            words = failure(error).words
            raise Refused(f"Nothing was done: whether you may do this could not be asked ({words}).") from error
        person: dict[str, Any] = answer["user"] or {}
        if person.get("deleted") or person.get("id", user) != user:
            raise Refused("Nothing was done: Slack says that this account is deactivated.")
        admin = any(person.get(role) for role in ("is_admin", "is_owner", "is_primary_owner"))
        admin = admin or user in self._workspace.settings.admins
        return Standing(admin, self._is_guest(person), _zone(person))

    def _is_guest(self, person: dict[str, Any]) -> bool:
        """Members of an organisation's other workspaces belong to this one if it is among theirs."""
        team = self._workspace.identity.team_id
        teams = {person.get("team_id", team), *person.get("enterprise_user", {}).get("teams", ())}
        guest = any(person.get(role) for role in ("is_restricted", "is_ultra_restricted", "is_stranger"))
        return guest or team not in teams


def _zone(person: dict[str, Any]) -> str:
    try:
        return parse_zone(person.get("tz") or "UTC")
    except Refused:
        return "UTC"
