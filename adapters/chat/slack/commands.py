"""Slack's payloads as what a person did: who, where, and which command (pure).

Shapes: docs.slack.dev/interactivity (slash commands, block_actions, view_submission) and /reference/events.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from adapters.chat.slack.blocks import control_of
from bot.commands import COMMANDS, offered_command, parse_command, parse_control
from bot.conversation import Command, React

SLACK = "slack"
"""The platform's name."""

Payload = Mapping[str, Any]

ASKED = "control"
"""The callback_id of a modal that asks for the value of a control."""

_ASKS_FIRST = frozenset({"jump", "share", "again"})
_FIRST_WORDS = frozenset(command.name.split()[0] for command in COMMANDS)
_ESCAPED = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_SLASH = re.compile(r"\s*/(\S+)\s*")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where somebody did something, by Slack's ids: ``channel`` is "" in the App Home, ``thread`` outside threads.
    ``response_url`` takes a few answers for this person, if there is one."""

    user: str
    channel: str
    thread: str = ""
    response_url: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """Words that somebody typed."""

    origin: Origin
    asked: str

    @property
    def command(self) -> Command:
        """What they ask."""
        return parse_command(self.asked)


@dataclass(frozen=True, slots=True)
class Use:
    """A control used, in the message with the timestamp ``message``."""

    origin: Origin
    message: str
    control: str
    value: str

    @property
    def asks_first(self) -> bool:
        """Whether a click on the control only opens a modal, whose submission is its use."""
        return _name_of(self.control) in _ASKS_FIRST

    @property
    def asked(self) -> str:
        """The command that the control stands for, as if it had been typed; "" for other controls."""
        return offered_command(self.control, self.value)

    @property
    def command(self) -> Command:
        """What they want."""
        command = parse_control(self.control, self.value)
        if isinstance(command, React) and not command.message:
            return replace(command, message=self.message)
        return command


# ---------------------------------------------------------------- payloads


def read_origin(body: Payload) -> Origin | None:
    """Who did something and where, if it is anything that is answered."""
    if "command" in body:
        return Origin(body["user_id"], body["channel_id"], response_url=body.get("response_url", ""))
    if "event" in body:
        event = body["event"]
        asks = event["type"] in ("app_mention", "message") and "user" in event
        return Origin(event["user"], event["channel"], _thread(event)) if asks else None
    if body.get("type") == "view_submission" and body["view"].get("callback_id") == ASKED:
        kept = json.loads(body["view"]["private_metadata"])
        return Origin(body["user"]["id"], kept["channel"], kept["thread"], kept["response_url"])
    if "user" not in body:
        return None
    container = body.get("container", {})
    channel = body.get("channel", {}).get("id") or container.get("channel_id", "")
    thread = _thread(body.get("message", {})) or _thread({**container, "ts": container.get("message_ts")})
    return Origin(body["user"]["id"], channel, thread, body.get("response_url", ""))


def gesture(body: Payload) -> str:
    """The id of what somebody did, which stays when Slack delivers it again (facts: slack.md, 3)."""
    if "event_id" in body:
        return f"event:{body['event_id']}"
    return f"trigger:{body.get('trigger_id') or body['view']['id']}"


def read_slash(body: Payload) -> Question:
    """Read a slash command, whatever the app's command is called."""
    return Question(_origin(body), read_text(body.get("text", "")))


def read_message(body: Payload, bot_user: str) -> Question | None:
    """Read an app_mention, or what a person writes to the bot; None for what is neither. Our mention is left out."""
    event = body["event"]
    written = event["type"] == "app_mention" or event.get("channel_type") == "im"
    if not written or "user" not in event or "subtype" in event or event.get("bot_id"):
        return None
    return Question(_origin(body), read_text(_without_mention(event.get("text", ""), bot_user)))


def read_click(body: Payload) -> Use:
    """Read block_actions: a button, or a menu's choice."""
    action = body["actions"][0]
    control = control_of(_encodable(action["action_id"]))
    ts = body.get("container", {}).get("message_ts") or body.get("message", {}).get("ts", "")
    return Use(_origin(body), ts, control, _value(action))


def read_submission(body: Payload) -> Use:
    """Read the submission of a modal that a control opened; what was typed is the control's value."""
    kept = json.loads(body["view"]["private_metadata"])
    typed = next(filter(None, map(_value, _inputs(body["view"]))), "")
    return Use(_origin(body), kept["message"], kept["control"], typed)


def keep(use: Use) -> str:
    """What a modal's private_metadata keeps of the click that opened it, as ``read_submission`` wants it."""
    origin = use.origin
    kept = {
        "control": use.control,
        "message": use.message,
        "channel": origin.channel,
        "thread": origin.thread,
        "response_url": origin.response_url,
    }
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def read_reaction(body: Payload, bot_user: str) -> tuple[Origin, React] | None:
    """Read reaction_added or reaction_removed; None if it is not about a message of ours."""
    event = body["event"]
    item = event.get("item", {})
    if item.get("type") != "message" or event.get("item_user") != bot_user:
        return None
    react = React(_encodable(event["reaction"]), item["ts"], added=event["type"] == "reaction_added")
    return Origin(event["user"], item["channel"]), react


def _origin(body: Payload) -> Origin:
    origin = read_origin(body)
    assert origin is not None
    return origin


def _thread(message: Payload) -> str:
    """The thread a message stands in; "" also for the message a thread begins with."""
    thread = message.get("thread_ts") or ""
    return "" if thread == message.get("ts") else thread


def _name_of(control: str) -> str:
    return control.split(".", 2)[1] if "." in control else ""


def _inputs(view: Payload) -> Iterator[Payload]:
    for block in view.get("state", {}).get("values", {}).values():
        yield from block.values()


def _value(action: Payload) -> str:
    chosen = action.get("selected_option") or action
    return _encodable(str(chosen.get("value") or ""))


# ---------------------------------------------------------------- text


def read_text(text: str) -> str:
    """Turn what Slack made of a typed line into what was typed.

    ``<#C1|name>`` is #name, ``<https://x|label>`` the address, ``<mailto:a@b|a@b>`` a@b; a person's mention stays, for
    only its id is sure. A slash command's name in front is left out, and so are the backticks of a copied example.
    """
    text = _ESCAPED.sub(_typed, _encodable(text)).strip().strip("`").strip()
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    if slash := _SLASH.match(text):
        keeps = slash[1].lower() in _FIRST_WORDS
        return text[slash.start(1) if keeps else slash.end() :]
    return text


def _typed(escape: re.Match[str]) -> str:
    target, label = escape[1], escape[2] or ""
    match target[:1]:
        case "@":
            return escape[0]
        case "#":
            return f"#{label}" if label else target
        case "!":
            return label if label[:1] == "@" or "^" in target else f"@{label or target[1:]}"
    scheme, _, rest = target.partition(":")
    if scheme in ("mailto", "tel"):
        return rest
    return label if target in (f"http://{label}", f"https://{label}") else target


def _without_mention(text: str, bot_user: str) -> str:
    """What follows the bot's mention, or what stands before it if nothing follows."""
    before, mention, after = text.partition(f"<@{bot_user}>")
    if not mention:
        before, mention, after = text.partition(f"<@{bot_user}|")
        after = after.partition(">")[2]
    return (after if after.strip(" :,") else before).lstrip(" :,") if mention else text


def _encodable(text: str) -> str:
    """Replace halves of surrogate pairs, which JSON can carry and UTF-8 cannot."""
    return text.encode("utf-8", "replace").decode()
