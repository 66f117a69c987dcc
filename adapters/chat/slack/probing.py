"""Whether everything is there that an app needs in its workspace: its tokens, its scopes, the bot in each channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.chat.slack.scopes import SCOPES
from adapters.chat.slack.settings import Mode
from adapters.chat.slack.verdicts import ARCHIVED, NOT_IN_CHANNEL, Proof, failure
from adapters.chat.slack.workspace import Workspace
from bot.model import Channel
from bot.wording import counted

_REFUSED = frozenset({Proof.TOKEN, Proof.RIGHT})
_PER_PAGE = 200
_FEW = 20
"""Channels that are asked for one by one; Slack answers at least 50 such questions a minute."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of a connection. ``problem`` says what is wrong and what to do, None if nothing is; ``refused``:
    only a person can mend it; ``lacking``: only something of it does not work."""

    problem: str | None = None
    refused: bool = False
    lacking: bool = False

    @property
    def is_usable(self) -> bool:
        """Whether the bot can work with it."""
        return self.problem is None or self.lacking


async def probe_tokens(workspace: Workspace, mode: Mode) -> Finding:
    """Ask Slack whether it takes the tokens of a workspace, and whether the app may do all it needs."""
    try:
        identity = await workspace.identify()
    except Exception as error:  # noqa: BLE001 - whatever happened, it is classified
        return _finding("bot_token", error)
    if mode == "socket":
        token = workspace.settings.app_token.get_secret_value()
        try:
            await workspace.client.apps_connections_open(app_token=token)
        except Exception as error:  # noqa: BLE001 - as above
            return _finding("app_token", error)
    if identity.scopes is not None and (missing := [scope for scope in SCOPES if scope not in identity.scopes]):
        purposes = ", ".join(f"{scope} ({SCOPES[scope]})" for scope in missing)
        advice = "update the app from its manifest at api.slack.com/apps and reinstall it"
        return Finding(f"the app lacks {counted(len(missing), 'scope')}: {purposes}; {advice}", lacking=True)
    return Finding()


def _finding(token: str, error: Exception) -> Finding:
    found = failure(error)
    refused = found.proof in _REFUSED
    return Finding(f"{token}: {found.words}" if refused else found.words, refused)


async def joined(workspace: Workspace) -> set[str]:
    """The channels that the bot is in, archived ones left out. Raises whatever the client raises."""
    found, cursor = set[str](), ""
    while True:
        answer = await workspace.client.users_conversations(
            types="public_channel,private_channel", exclude_archived=True, limit=_PER_PAGE, cursor=cursor or None
        )
        found |= {channel["id"] for channel in answer["channels"]}
        cursor = (answer["response_metadata"] or {}).get("next_cursor") or ""
        if not cursor:
            return found


async def probe_channels(workspace: Workspace, channels: Sequence[Channel]) -> list[str]:
    """A line for each channel where the bot cannot post, or could not look for what it posted."""
    try:
        found = await joined(workspace) if len(channels) > _FEW else set()
        unseen = [channel for channel in channels if channel.ref.id not in found]
        return [line for channel in unseen if (line := await _why_absent(workspace, channel))]
    except Exception as error:  # noqa: BLE001 - whatever happened, it is classified
        return [f"the channels could not be looked at: {failure(error).words}"]


async def _why_absent(workspace: Workspace, channel: Channel) -> str | None:
    """Why the bot cannot work in a channel; None if it is a member."""
    place = channel.ref.id if channel.name == channel.ref.id else f"#{channel.name} ({channel.ref.id})"
    try:
        info = (await workspace.client.conversations_info(channel=channel.ref.id))["channel"] or {}
    except Exception as error:  # noqa: BLE001 - as above
        return f"{place}: {failure(error).words}"
    if info.get("is_archived"):
        return f"{place}: {ARCHIVED}"
    return None if info.get("is_member") else f"{place}: {NOT_IN_CHANNEL}"
