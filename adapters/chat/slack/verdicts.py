"""What an answer of Slack, or an exception in its place, proves about a call (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from slack_sdk.errors import SlackApiError

from adapters.unanswered import seconds_to_wait, without_answer
from bot.model import DeliveryKey
from bot.ports import Outcome, ReadBack, Receipt

_TOO_MANY_REQUESTS = 429
_SERVER_ERRORS = 500
_FIRST_RETRY = 30.0
_HOUR = 3600.0
_INVITE = "type /invite @Paper Round there"
NOT_IN_CHANNEL = f"the bot is not in this channel; {_INVITE}"
ARCHIVED = "the channel is archived; unarchive it and invite the bot again"
_TAKE_ANEW = "take the token anew from the app's page at api.slack.com/apps, set it, and start the bot again"
_REINSTALL = "reinstall the app from its manifest at api.slack.com/apps"
_ASK = "ask an admin of the workspace to let the app post there"


class Proof(Enum):
    """What is proven. All but UNKNOWN mean that nothing was done of what was asked."""

    TOKEN = auto()
    """Slack does not take this token."""
    RIGHT = auto()
    """It does not let the app do this."""
    CHANNEL = auto()
    """It takes nothing of ours in this channel, or shows us nothing."""
    BLOCKS = auto()
    """It does not take the blocks of this message."""
    METADATA = auto()
    """It does not take its metadata."""
    MESSAGE = auto()
    """It does not take this message or these arguments in any form we have."""
    LATER = auto()
    """It takes nothing now; ``retry_after`` says when."""
    NOT_REACHED = auto()
    """No byte of the request was sent."""
    UNKNOWN = auto()
    """Nothing: the call may have been carried out."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a call failed, in words for an admin that hold no secret; ``retry_after`` is in seconds."""

    proof: Proof
    words: str
    retry_after: float | None = None


_T, _R, _C, _M = Proof.TOKEN, Proof.RIGHT, Proof.CHANNEL, Proof.MESSAGE

_REFUSALS: Mapping[str, tuple[Proof, str]] = {
    "not_authed": (_T, f"no token reached Slack; {_TAKE_ANEW}"),
    "invalid_auth": (_T, f"Slack does not know the token; {_TAKE_ANEW}"),
    "account_inactive": (_T, f"the app was removed from the workspace; {_REINSTALL}, or {_TAKE_ANEW}"),
    "token_revoked": (_T, f"the token was revoked; {_TAKE_ANEW}"),
    "token_expired": (_T, f"the token has expired; switch token rotation off in the app's settings, and {_TAKE_ANEW}"),
    "not_allowed_token_type": (_T, f"this is the wrong kind of token; {_TAKE_ANEW}"),
    "org_login_required": (_T, "the workspace is being moved to an organization; ask its admins until when"),
    "two_factor_setup_required": (_T, "the workspace demands two-factor authentication; ask its admins"),
    "access_denied": (_R, "Slack denies the app access; ask an admin of the workspace to approve it"),
    "accesslimited": (_T, "Slack limits access to this workspace; ask its admins"),
    "no_permission": (_R, f"the app may not do this here; {_REINSTALL}"),
    "team_access_not_granted": (_T, "the app is not granted to this workspace; ask an admin of the organization"),
    "enterprise_is_restricted": (_R, "the organization does not allow this; ask its admins"),
    "channel_not_found": (
        _C,
        f"Slack knows no such channel, or it is a private one without the bot; {_INVITE}, or correct the channel's id",
    ),
    "not_in_channel": (_C, NOT_IN_CHANNEL),
    "is_archived": (_C, ARCHIVED),
    "is_inactive": (_C, "the channel is frozen; ask an admin of the workspace"),
    "channel_is_limited_access": (_C, "Slack does not show this channel to the bot; ask an admin of the workspace"),
    "ekm_access_denied": (_C, f"admins have suspended messages there; {_ASK}"),
    "user_is_restricted": (_C, f"the bot may not write there; {_ASK}"),
    "user_is_bot": (_C, "a bot cannot be written to"),
    "messages_tab_disabled": (_C, f"the app's messages tab is off; {_REINSTALL}"),
    "cannot_dm_bot": (_C, "a bot cannot be written to"),
    "user_not_found": (_C, "Slack knows no such person"),
    "user_not_visible": (_C, "Slack does not show this person to the bot"),
    "user_disabled": (_C, "this person's account is deactivated"),
    "users_not_found": (_C, "Slack knows no such person"),
    "invalid_user_combination": (_C, "Slack does not let the bot write to this person"),
    "method_not_supported_for_channel_type": (_C, "this is no channel that the bot can use"),
    "invalid_blocks": (Proof.BLOCKS, "Slack does not take the message's layout"),
    "invalid_blocks_format": (Proof.BLOCKS, "Slack does not take the message's layout"),
    "msg_blocks_too_long": (Proof.BLOCKS, "the message's layout is too long for Slack"),
    "invalid_metadata_format": (Proof.METADATA, "Slack does not take the message's metadata"),
    "invalid_metadata_schema": (Proof.METADATA, "Slack does not take the message's metadata"),
    "metadata_too_large": (Proof.METADATA, "the message's metadata is too large for Slack"),
    "metadata_must_be_sent_from_app": (Proof.METADATA, "Slack takes metadata of this app's own token only"),
    "msg_too_long": (_M, "the message is too long for Slack"),
    "no_text": (_M, "Slack finds no text in the message"),
    "markdown_text_conflict": (_M, "Slack does not take the message's arguments"),
    "invalid_arguments": (_M, "Slack does not take the message's arguments"),
    "invalid_arg_name": (_M, "Slack does not take the message's arguments"),
    "invalid_array_arg": (_M, "Slack does not take the message's arguments"),
    "invalid_charset": (_M, "Slack does not take the message's characters"),
    "invalid_form_data": (_M, "Slack cannot read the message"),
    "invalid_json": (_M, "Slack cannot read the message"),
    "json_not_object": (_M, "Slack cannot read the message"),
    "invalid_post_type": (_M, "Slack cannot read the message"),
    "missing_post_type": (_M, "Slack cannot read the message"),
    "too_many_attachments": (_M, "Slack does not take the message's arguments"),
    "ratelimited": (Proof.LATER, "Slack asks the bot to wait"),
    "rate_limited": (Proof.LATER, "Slack asks the bot to wait"),
    "message_limit_exceeded": (Proof.LATER, "the workspace has reached its limit of messages; tried again in an hour"),
}
"""Errors that prove that nothing was done (facts: slack.md, 6; slack-api-ref, chat.postMessage). What is not here
proves nothing: internal_error, fatal_error, service_unavailable, request_timeout, duplicate_…, and whatever is new."""

_PREFIXES = {
    "restricted_action": (_C, f"the workspace does not let the bot post there; {_ASK}"),
    "invalid_blocks": _REFUSALS["invalid_blocks"],
    "invalid_metadata": _REFUSALS["invalid_metadata_format"],
    "slack_connect_": (_C, f"the workspace does not let the bot post this there; {_ASK}"),
}


def failure(error: Exception) -> Failure:
    """What is proven by an exception of the client."""
    if isinstance(error, SlackApiError):
        return _of_answer(error)
    reached, words = without_answer(error, "Slack")
    return Failure(Proof.UNKNOWN if reached else Proof.NOT_REACHED, words)


def _of_answer(error: SlackApiError) -> Failure:
    response = error.response
    status: int = getattr(response, "status_code", 0) or getattr(response, "status", 0)
    data = getattr(response, "data", None)
    code = data.get("error") if isinstance(data, Mapping) else None
    if status == _TOO_MANY_REQUESTS:
        return Failure(Proof.LATER, "Slack asks the bot to wait", _retry_after(response))
    if status >= _SERVER_ERRORS:
        return Failure(Proof.UNKNOWN, f"Slack failed (HTTP {status})")
    if not isinstance(data, Mapping) or not isinstance(code, str):
        return Failure(Proof.UNKNOWN, f"what answered was not Slack, or not as expected (HTTP {status})")
    if code == "missing_scope":
        return Failure(Proof.RIGHT, f"the app lacks {_scope(data.get('needed'))}; {_REINSTALL}")
    known = _REFUSALS.get(code) or next((what for start, what in _PREFIXES.items() if code.startswith(start)), None)
    if known is None:
        return Failure(Proof.UNKNOWN, f"Slack reports {_plain(code)}")
    proof, words = known
    wait = _HOUR if code == "message_limit_exceeded" else _retry_after(response) if proof is Proof.LATER else None
    return Failure(proof, f"{words} ({_plain(code)})", wait)


def _retry_after(response: Any) -> float:
    headers = getattr(response, "headers", None)
    return seconds_to_wait(_mapping(headers).get("Retry-After"), _FIRST_RETRY)


def _scope(needed: object) -> str:
    return f"the scope {_plain(needed)}" if isinstance(needed, str) and needed else "a scope"


def _plain(text: str) -> str:
    """Slack's own word, if it is one: it is shown to people."""
    return "".join(sign for sign in text[:60] if sign.isascii() and (sign.isalnum() or sign in "_:,.-")) or "no word"


# ---------------------------------------------------------------- as delivering sees it


def receipt(answer: object, channel: str, key: DeliveryKey) -> Receipt:
    """The verdict on an answer of chat.postMessage that says ok: it must name the message, its channel, and, where it
    shows the metadata, our key."""
    given = _mapping(answer)
    metadata = _mapping(_mapping(given.get("message")).get("metadata"))
    echoed = _mapping(metadata.get("event_payload")).get("k", key)
    ts = given.get("ts")
    if not isinstance(ts, str) or not ts or given.get("channel") != channel or echoed != key:
        return Receipt(Outcome.UNKNOWN, error="Slack's answer names another message or none")
    return Receipt(Outcome.SENT, message_id=ts)


def not_sent(found: Failure) -> Receipt:
    """The verdict on a failed call that was to post, or to prepare it."""
    match found.proof:
        case Proof.UNKNOWN:
            return Receipt(Outcome.UNKNOWN, error=found.words)
        case Proof.TOKEN | Proof.RIGHT | Proof.CHANNEL:
            return Receipt(Outcome.NOT_SENT, error=found.words, channel_lost=True)
        case Proof.BLOCKS | Proof.METADATA | Proof.MESSAGE:
            return Receipt(Outcome.NOT_SENT, error=found.words, permanent=True)
        case Proof.LATER | Proof.NOT_REACHED:
            return Receipt(Outcome.NOT_SENT, error=found.words, retry_after=found.retry_after)


def read_result(found: Failure) -> ReadBack:
    """What a failed read of a channel means: UNREADABLE where Slack shows us nothing, UNAVAILABLE if that may pass,
    as with a token that is replaced."""
    return ReadBack.UNREADABLE if found.proof in {Proof.CHANNEL, Proof.RIGHT} else ReadBack.UNAVAILABLE


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
