"""The manifest: one content in two formats, within Slack's limits, with a reason for each permission."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

import adapters.chat
from adapters.chat.slack.listening import Listener
from adapters.chat.slack.saving import SAVE_PAPER
from adapters.chat.slack.scopes import SCOPES
from tests.adapters.chat.slack.bench import open_bench
from tests.fakes.slack import FakeSlack

FOLDER = Path(adapters.chat.__path__[0]) / "slack"
MANIFEST: dict[str, Any] = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
NEEDED_FOR_EVENTS = {
    "app_mention": {"app_mentions:read"},
    "app_home_opened": set(),
    "message.im": {"im:history"},
    "member_joined_channel": {"channels:read", "groups:read"},
    "channel_unarchive": {"channels:read"},
    "group_unarchive": {"groups:read"},
    "channel_rename": {"channels:read"},
    "group_rename": {"groups:read"},
    "reaction_added": {"reactions:read"},
    "reaction_removed": {"reactions:read"},
    "tokens_revoked": set(),
    "app_uninstalled": set(),
}
"""What Slack asks for before it sends an event (docs.slack.dev/reference/events)."""


def lines(value: object, indent: str = "") -> Iterator[str]:
    """The YAML of a JSON value, written by the few rules that the manifest needs; each scope says what it is for."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if isinstance(inner, Mapping | list):
                yield f"{indent}{key}:"
                yield from lines(inner, indent + "  ")
            else:
                yield f"{indent}{key}: {json.dumps(inner) if isinstance(inner, bool) else inner}"
    elif isinstance(value, list):
        for inner in value:
            first, *more = lines(inner, indent + "  ") if isinstance(inner, Mapping) else [f"{indent}  {inner}"]
            purpose = f"  # {SCOPES[inner]}" if isinstance(inner, str) and inner in SCOPES else ""
            yield f"{indent}- {first.strip()}{purpose}"
            yield from more


def test_both_formats_say_the_same_and_each_scope_says_what_it_is_for() -> None:
    text = (FOLDER / "manifest.yaml").read_text(encoding="utf-8")
    written = [line for line in text.splitlines() if not line.startswith("#")]
    assert written == list(lines(MANIFEST))


def test_the_scopes_are_those_that_are_checked_at_the_start() -> None:
    assert MANIFEST["oauth_config"]["scopes"] == {"bot": [*SCOPES]}


def test_every_event_is_allowed_by_the_scopes() -> None:
    events = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
    assert sorted(events) == sorted(NEEDED_FOR_EVENTS)
    assert set().union(*NEEDED_FOR_EVENTS.values()) <= SCOPES.keys()


async def test_it_asks_for_the_events_that_are_listened_to_and_for_no_others(slack: FakeSlack) -> None:
    others = {"channel_archive", "member_left_channel", "team_join"}
    async with open_bench(slack) as bench:
        app, us = Listener(bench.workspace, bench.tools()).app, bench.workspace.identity.user_id
        nobodys = await taker(app, "unheard_of", us)
        heard = {event for event in NEEDED_FOR_EVENTS.keys() | others if await taker(app, event, us) != nobodys}
    assert heard == NEEDED_FOR_EVENTS.keys()


async def taker(app: AsyncApp, event: str, us: str) -> int:
    """Which of the app's listeners an event reaches first, if it is about us or a message of ours."""
    message = {"type": "message", "channel": "C1", "ts": "1.1"}
    inner = {"type": event.partition(".")[0], "user": us, "item_user": us, "item": message, "reaction": "tada"}
    body = {"type": "event_callback", "event": inner}
    request, response = AsyncBoltRequest(body=body, mode="socket_mode"), BoltResponse(status=200)
    takers = [await listener.async_matches(req=request, resp=response) for listener in app._async_listeners]
    return takers.index(True)


def test_the_shortcut_is_the_one_that_is_listened_to() -> None:
    [shortcut] = MANIFEST["features"]["shortcuts"]
    assert shortcut["callback_id"] == SAVE_PAPER


def test_it_is_within_slacks_limits() -> None:
    """The limits are those of slackapi/manifest-schema, July 2026."""
    names, features = MANIFEST["display_information"], MANIFEST["features"]
    [command], [shortcut] = features["slash_commands"], features["shortcuts"]
    assert len(names["name"]) <= 35
    assert len(names["description"]) <= 140
    assert 2 <= len(command["command"]) <= 32
    assert command["command"].startswith("/")
    assert len(command["usage_hint"]) <= 1000
    assert len(shortcut["name"]) <= 24
    assert len(shortcut["description"]) <= 150
    assert len(features["bot_user"]["display_name"]) <= 80


def test_names_that_slack_rewrites_reach_the_bot_as_ids() -> None:
    [command] = MANIFEST["features"]["slash_commands"]
    assert command["should_escape"] is True
