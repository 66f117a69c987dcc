"""Whether everything is there that the bot needs: its token, its application, and in each channel its rights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from adapters.chat.discord.account import Account
from adapters.chat.discord.permissions import invite_address, lacking, unusable
from adapters.chat.discord.surveying import Survey
from adapters.chat.discord.verdicts import Proof, failure
from bot.model import Channel
from bot.ports import Probe
from bot.wording import counted

_PAGE = "discord.com/developers/applications"
_OF_THE_CHANNEL = frozenset({Proof.CHANNEL, Proof.RIGHT})


async def probe(account: Account, channels: Sequence[Channel]) -> Probe:
    """Ask Discord who we are and whether the bot may post in these channels; see bot.ports.Platform."""
    try:
        us = await account.identity()
        application = await account.call("GET", "/applications/@me")
    except Exception as error:  # noqa: BLE001 - whatever happened, it is classified
        return Probe("Discord: not connected", f"Discord: {failure(error).words}")
    invitation = f"to invite it to a server, open {invite_address(us.application_id)}"
    problems = [*_mistakes(application), *await probe_channels(account, channels)]
    return Probe(
        f"Discord: @{us.name}, {counted(len(channels), 'channel')}; {invitation}",
        "\n".join(f"Discord: {problem}" for problem in problems) or None,
    )


def _mistakes(application: Mapping[str, Any]) -> Iterator[str]:
    """What in the application's settings keeps the bot from working."""
    if application.get("interactions_endpoint_url"):
        yield (
            "the application sends commands to an address, so the bot hears none; empty Interactions Endpoint URL at "
            f"{_PAGE}, General Information"
        )
    if application.get("bot_require_code_grant"):
        yield f"nobody can invite the bot; switch off Requires OAuth2 Code Grant at {_PAGE}, Bot"


async def probe_channels(account: Account, channels: Sequence[Channel]) -> list[str]:
    """A line for each channel where the bot cannot post, or could not look for what it posted."""
    survey, lines = Survey(account), list[str]()
    for channel in channels:
        named = channel.ref.id if channel.name == channel.ref.id else f"#{channel.name} ({channel.ref.id})"
        try:
            problem = await _problem(survey, await account.place(channel.ref))
        except Exception as error:  # noqa: BLE001 - as above
            found = failure(error)
            if found.proof not in _OF_THE_CHANNEL:
                return [*lines, f"{named} and what follows could not be looked at: {found.words}"]
            problem = found.words
        if problem:
            lines.append(f"{named}: {problem}")
    return lines


async def _problem(survey: Survey, channel_id: str) -> str | None:
    """Why nothing can be posted in a channel, or not everything, and what to do. Raises what ``Account.call`` does."""
    place = await survey.place(channel_id)
    if words := unusable(place.kind):
        return words
    if missing := lacking(place.may, thread=place.is_thread):
        home = await survey.guild_name(place.guild)
        return f"the bot lacks {', '.join(missing)}; give its role these permissions there, on the server {home}"
    return None
