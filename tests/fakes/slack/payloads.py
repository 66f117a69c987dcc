"""What Slack sends to an app, field by field as in its own examples."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from tests.fakes.slack.world import JSON, Channel, Message, User, View

VERIFICATION_TOKEN = "fake-verification-token"


def slash_command(user: User, channel: Channel, command: str, text: str, *, response_url: str, trigger_id: str) -> JSON:
    """A slash command; every value is a string."""
    home = user.workspace
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": home.id,
        "team_domain": home.domain,
        "channel_id": channel.id,
        "channel_name": _name(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": home.app_id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def _interaction(kind: str, user: User) -> JSON:
    home = user.workspace
    return {
        "type": kind,
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team or home.id},
        "api_app_id": home.app_id,
        "token": VERIFICATION_TOKEN,
        "team": {"id": home.id, "domain": home.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def message_actions(
    user: User, message: Message, actions: list[JSON], state: JSON, *, response_url: str, trigger_id: str
) -> JSON:
    """block_actions of a message; that of an ephemeral one does not hold the message."""
    container: JSON = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel.id,
        "is_ephemeral": message.to is not None,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    shown = {} if message.to else {"message": message.as_json()}
    return {
        **_interaction("block_actions", user),
        "container": container,
        "trigger_id": trigger_id,
        "channel": {"id": message.channel.id, "name": _name(message.channel)},
        **shown,
        "state": {"values": state},
        "response_url": response_url,
        "actions": actions,
    }


def view_actions(view: View, actions: list[JSON], state: JSON, trigger_id: str) -> JSON:
    """block_actions of a modal or home tab: no channel and no response_url."""
    return {
        **_interaction("block_actions", view.user),
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": trigger_id,
        "view": view.as_json(state),
        "actions": actions,
    }


def view_submission(view: View, state: JSON, trigger_id: str) -> JSON:
    """The submission of a modal."""
    return {
        **_interaction("view_submission", view.user),
        "trigger_id": trigger_id,
        "view": view.as_json(state),
        "response_urls": [],
    }


def view_closed(view: View) -> JSON:
    """A modal closed by the person."""
    return {**_interaction("view_closed", view.user), "view": view.as_json(), "is_cleared": False}


def message_shortcut(
    user: User, message: Message, callback_id: str, *, response_url: str, trigger_id: str, ts: str
) -> JSON:
    """A shortcut in the menu of a message."""
    return {
        **_interaction("message_action", user),
        "action_ts": ts,
        "channel": {"id": message.channel.id, "name": _name(message.channel)},
        "callback_id": callback_id,
        "trigger_id": trigger_id,
        "response_url": response_url,
        "message_ts": message.ts,
        "message": message.as_json(),
    }


def event_callback(bot: User, event: JSON, event_id: str, seconds: int) -> JSON:
    """An event in its envelope; a retry carries the same ``event_id``."""
    home = bot.workspace
    installed = {"enterprise_id": None, "team_id": home.id, "user_id": bot.id, "is_bot": True}
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": home.id,
        "context_team_id": home.id,
        "context_enterprise_id": None,
        "api_app_id": home.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": seconds,
        "authorizations": [{**installed, "is_enterprise_install": False}],
        "is_ext_shared_channel": False,
        "event_context": f"4-{event_id}",
    }


def message_event(message: Message, kind: str, **more: Any) -> JSON:
    """An event about a message: "app_mention", or "message"."""
    return {**message.as_json(), "type": kind, "channel": message.channel.id, "event_ts": message.ts, **more}


def typed_blocks(text: str) -> list[JSON]:
    """The blocks Slack makes of what a person types."""
    parts = [part for part in re.split(r"(<@\w+>)", text) if part]
    elements = [_typed(part) for part in parts]
    section = {"type": "rich_text_section", "elements": elements}
    return [{"type": "rich_text", "block_id": "typed", "elements": [section]}]


def _typed(part: str) -> JSON:
    if part.startswith("<@"):
        return {"type": "user", "user_id": part[2:-1]}
    return {"type": "text", "text": unescape(part)}


def _name(channel: Channel) -> str:
    if channel.person:
        return "directmessage"
    return "privategroup" if channel.private else channel.name
