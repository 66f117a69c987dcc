"""Discord's larger objects: guilds, the application, the bot's own user."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord.world import JSON, Guild, User, as_time

NOTHING = dict.fromkeys(
    (
        *("icon", "description", "home_header", "splash", "discovery_splash", "banner", "application_id"),
        *("afk_channel_id", "system_channel_id", "widget_channel_id", "max_presences", "vanity_url_code"),
        *("rules_channel_id", "safety_alerts_channel_id", "public_updates_channel_id", "incidents_data"),
    )
)


def guild_object(guild: Guild) -> JSON:
    """A guild as GET /guilds/{id} shows it."""
    return {
        **NOTHING,
        "id": guild.id,
        "name": guild.name,
        "owner_id": guild.owner.id,
        "features": [],
        "region": "deprecated",
        "afk_timeout": 300,
        "system_channel_flags": 0,
        "widget_enabled": False,
        "verification_level": 0,
        "roles": [role.as_json() for role in guild.roles.values()],
        "default_message_notifications": 0,
        "mfa_level": 0,
        "explicit_content_filter": 0,
        "max_members": 500_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": "en-US",
        "premium_progress_bar_enabled": False,
        "nsfw": False,
        "nsfw_level": 0,
        "emojis": [],
        "stickers": [],
    }


def guild_create(guild: Guild, bot: User) -> JSON:
    """The event GUILD_CREATE: the guild with its channels and active threads, and the bot as its only known member."""
    channels = guild.channels.values()
    me = guild.members[bot.id]
    return {
        **guild_object(guild),
        "joined_at": as_time(me.joined),
        "large": False,
        "unavailable": False,
        "member_count": len(guild.members),
        "members": [me.as_json()],
        "channels": [channel.as_json() for channel in channels if not channel.is_thread],
        "threads": [channel.as_json() for channel in channels if channel.is_thread and not channel.archived],
        **{name: [] for name in ("voice_states", "presences", "stage_instances", "guild_scheduled_events")},
        "soundboard_sounds": [],
    }


def own_user(bot: User) -> JSON:
    """The bot as GET /users/@me shows it."""
    return {**bot.as_json(), "mfa_enabled": True, "locale": "en-US", "verified": True, "email": None}


def application(application_id: str, bot: User, owner: User, guilds: int) -> JSON:
    """The application as GET /applications/@me shows it."""
    empty: dict[str, Any] = dict.fromkeys(("icon", "type", "team"))
    return {
        **empty,
        "id": application_id,
        "name": bot.name,
        "description": "",
        "bot": bot.as_json(),
        "owner": owner.as_json(),
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": 0,
        "flags_new": "0",
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "approximate_guild_count": guilds,
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "eligible_oauth2_scopes": [],
        "integration_types_config": {"0": {}},
    }
