"""What an answer of Discord, or an exception in its place, proves about a call (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from adapters.unanswered import seconds_to_wait, without_answer
from bot.model import DeliveryKey
from bot.ports import Outcome, ReadBack, Receipt

_TOO_MANY_REQUESTS, _NOT_FOUND, _UNAUTHORIZED, _FORBIDDEN, _SERVER_ERRORS = 429, 404, 401, 403, 500
_PROVEN = frozenset({400, 401, 403, 413})
"""With these, nothing was done (facts: delivery.md, 3.2.5)."""

_FIRST_RETRY = 30.0
_IN_FRONT = 600.0
"""Seconds to wait for whatever stands before Discord and refuses us."""

_TAKE_ANEW = "take it anew at discord.com/developers/applications, Bot, Reset Token; set it, and start the bot again"
_ALLOW = "paperround check says what it must be allowed"
_TEXT_CHANNEL = "this is no channel that the bot can write in; choose a text channel or a thread"
_LOCKED = "the thread is closed and locked; ask a moderator of the server to open it again"
_NO_ACCESS = (
    "the bot is not on this server any more, or may not see the channel; let it view the channel, or invite it again: "
    "paperround check shows the address"
)
_NO_DIRECT = (
    "this person takes no direct messages of the bot; they can allow them in the privacy settings of a server where "
    "it is too"
)


class Refused(Exception):
    """An answer that says no; ``body`` is its JSON, None if it is none."""

    def __init__(self, status: int, body: object, headers: Mapping[str, str]) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status
        self.body = body
        self.headers = headers


class Resting(Exception):
    """Nothing was asked: Discord is left in peace for so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:.0f} s")
        self.seconds = seconds


class Misnamed(Exception):
    """No channel of Discord can be called so; the text says why."""


class Proof(Enum):
    """What is proven. All but UNKNOWN and DELETED mean that nothing was done of what was asked."""

    TOKEN = auto()
    """Discord does not take the token."""
    RIGHT = auto()
    """The bot may not do this there; something plainer it may."""
    CHANNEL = auto()
    """Discord takes nothing of ours in this channel, or shows us nothing."""
    FORM = auto()
    """It does not take this form of the message."""
    MESSAGE = auto()
    """It does not take this message in any form."""
    LATER = auto()
    """It takes nothing now; ``retry_after`` says when."""
    NOT_REACHED = auto()
    """No byte of the request was sent."""
    DELETED = auto()
    """A message is not there any more; of a post: it was posted, and then deleted (facts: discord.md, 5)."""
    UNKNOWN = auto()
    """Nothing: the call may have been carried out."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a call failed, in words for an admin that hold no secret; ``retry_after`` is in seconds, and of all
    channels if it is ``everywhere``."""

    proof: Proof
    words: str
    retry_after: float | None = None
    everywhere: bool = False


_C, _F, _L = Proof.CHANNEL, Proof.FORM, Proof.LATER

_REFUSALS: Mapping[int, tuple[Proof, str]] = {
    10003: (_C, "Discord knows no such channel; it was deleted, or its id is wrong"),
    10004: (_C, "Discord knows no such server"),
    10008: (Proof.DELETED, "the message was deleted"),
    10013: (_C, "Discord knows no such person"),
    40003: (_L, "Discord asks the bot to open direct messages more slowly"),
    40004: (_L, "Discord takes no messages for a while"),
    40006: (_L, "Discord has switched this off for a while"),
    40058: (_C, "this is a forum, where every message would be a thread of its own; choose a text channel or a thread"),
    40062: (_L, "Discord asks the bot to wait"),
    40333: (_L, "Discord's network refuses the bot for a while"),
    50001: (_C, _NO_ACCESS),
    50006: (_F, "Discord finds the message empty"),
    50007: (_C, _NO_DIRECT),
    50008: (_C, _TEXT_CHANNEL),
    50009: (_C, "the server demands verification that the bot does not have; ask its admins"),
    50013: (Proof.RIGHT, f"the bot may not do this there; {_ALLOW}"),
    50024: (_C, _TEXT_CHANNEL),
    50035: (_F, "Discord does not take the message's form"),
    50083: (_C, _LOCKED),
    50109: (_F, "Discord cannot read the message"),
    50278: (_C, _NO_DIRECT),
    160005: (_C, _LOCKED),
    200000: (Proof.MESSAGE, "the server's AutoMod blocks the message; exempt the bot's role from it"),
    200001: (Proof.MESSAGE, "the server's AutoMod blocks the message; exempt the bot's role from it"),
    240000: (_F, "Discord's link filter blocks the message"),
}
"""What Discord's codes mean where they refuse something (facts: discord.md, 4; docs.discord.com/developers/topics/
opcodes-and-status-codes). Of another code its status tells; a 404 that is not here proves nothing."""


def failure(error: Exception) -> Failure:
    """What is proven by an exception of a call."""
    match error:
        case Refused():
            return _of_answer(error)
        case Misnamed():
            return Failure(Proof.CHANNEL, str(error))
        case Resting():
            words = "the bot rests, for Discord refused too many of its requests"
            return Failure(Proof.LATER, words, error.seconds)
    reached, words = without_answer(error, "Discord")
    return Failure(Proof.UNKNOWN if reached else Proof.NOT_REACHED, words)


def _of_answer(refused: Refused) -> Failure:
    status, body = refused.status, _mapping(refused.body)
    code = body.get("code")
    if status == _TOO_MANY_REQUESTS:
        return _too_many(refused, body)
    if status >= _SERVER_ERRORS:
        return Failure(Proof.UNKNOWN, f"Discord failed (HTTP {status})")
    if not isinstance(code, int):
        return _of_stranger(status)
    if status in _PROVEN or status == _NOT_FOUND:
        return _of_code(status, code)
    return Failure(Proof.UNKNOWN, f"Discord reports {code} (HTTP {status})")


def _of_stranger(status: int) -> Failure:
    words = f"what answered was not Discord, or not as expected (HTTP {status})"
    if status in _PROVEN:
        return Failure(Proof.LATER, words, _IN_FRONT, everywhere=True)
    return Failure(Proof.UNKNOWN, words)


def _of_code(status: int, code: int) -> Failure:
    if status == _UNAUTHORIZED:
        return Failure(Proof.TOKEN, f"Discord does not know the token; {_TAKE_ANEW}")
    if code in _REFUSALS:
        proof, words = _REFUSALS[code]
        wait = _FIRST_RETRY if proof is Proof.LATER else None
        return Failure(proof, f"{words} ({code})", wait)
    if status == _NOT_FOUND:
        return Failure(Proof.UNKNOWN, f"Discord knows no such thing ({code}); look at chat.discord.api_url")
    if status == _FORBIDDEN:
        return Failure(Proof.CHANNEL, f"Discord does not let the bot do this there ({code}); {_ALLOW}")
    return Failure(Proof.FORM, f"Discord does not take the message ({code})")


def _too_many(refused: Refused, body: Mapping[str, Any]) -> Failure:
    """Without JSON it is not Discord that speaks but the network before it, which refuses the whole address."""
    words, headers = "Discord asks the bot to wait", refused.headers
    if not body:
        return Failure(Proof.LATER, words, seconds_to_wait(headers.get("Retry-After"), _IN_FRONT), everywhere=True)
    wait = seconds_to_wait(body.get("retry_after", headers.get("Retry-After")), _FIRST_RETRY)
    return Failure(Proof.LATER, words, wait, everywhere=body.get("global") is True)


# ---------------------------------------------------------------- as delivering sees it


def receipt(answer: object, channel: str, key: DeliveryKey) -> Receipt:
    """The verdict on an answer to a post that says it is done: it must name the message, its channel, and our key
    where it shows the nonce."""
    given = _mapping(answer)
    message_id = given.get("id")
    named = isinstance(message_id, str) and message_id.isdigit()
    if not named or given.get("channel_id") != channel or given.get("nonce", key) != key:
        return Receipt(Outcome.UNKNOWN, error="Discord's answer names another message or none")
    return Receipt(Outcome.SENT, message_id=message_id)


def not_sent(found: Failure) -> Receipt:
    """The verdict on a failed call that was to post, or to prepare it."""
    match found.proof:
        case Proof.UNKNOWN:
            return Receipt(Outcome.UNKNOWN, error=found.words)
        case Proof.DELETED:
            return Receipt(Outcome.SENT)
        case Proof.TOKEN | Proof.RIGHT | Proof.CHANNEL:
            return Receipt(Outcome.NOT_SENT, error=found.words, channel_lost=True)
        case Proof.FORM | Proof.MESSAGE:
            return Receipt(Outcome.NOT_SENT, error=found.words, permanent=True)
        case Proof.LATER | Proof.NOT_REACHED:
            return Receipt(Outcome.NOT_SENT, error=found.words, retry_after=found.retry_after)


def read_result(found: Failure) -> ReadBack:
    """What a failed read of a channel means: UNREADABLE where Discord shows us nothing, UNAVAILABLE if that may pass,
    as with a token that is replaced."""
    return ReadBack.UNREADABLE if found.proof in {Proof.CHANNEL, Proof.RIGHT} else ReadBack.UNAVAILABLE


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
