"""What Discord sends when somebody uses the app: INTERACTION_CREATE, field by field as in its own examples."""

from __future__ import annotations

from tests.fakes.discord.interactions import Interaction
from tests.fakes.discord.permissions import EVERYONE
from tests.fakes.discord.world import JSON, User

ATTACHMENT_SIZE_LIMIT = 10 * 2**20
IN_GUILD, WITH_BOT = 0, 1
"""The contexts of an interaction which the fake has."""


def interaction_create(interaction: Interaction, data: JSON, bot: User) -> JSON:
    """The whole event; ``data`` is what the person typed, chose or filled in."""
    channel, user = interaction.channel, interaction.user
    shown: JSON = {
        "id": interaction.id,
        "application_id": interaction.application_id,
        "type": int(interaction.asks),
        "data": data,
        "channel_id": channel.id,
        "channel": {**channel.as_json(), "permissions": str(int(channel.permissions(user) or EVERYONE))},
        "token": interaction.token,
        "version": 1,
        "app_permissions": str(int(channel.permissions(bot))),
        "locale": user.locale,
        "entitlements": [],
        "authorizing_integration_owners": interaction.owners,
        "context": IN_GUILD if channel.guild else WITH_BOT,
        "attachment_size_limit": ATTACHMENT_SIZE_LIMIT,
    }
    if interaction.message:
        shown["message"] = interaction.message.as_json()
    if channel.guild is None:
        return shown | {"user": user.as_json()}
    guild = channel.guild
    member = {**guild.members[user.id].as_json(), "permissions": str(int(channel.permissions(user)))}
    return shown | {
        "guild_id": guild.id,
        "guild": {"id": guild.id, "locale": "en-US", "features": []},
        "guild_locale": "en-US",
        "member": member,
    }
