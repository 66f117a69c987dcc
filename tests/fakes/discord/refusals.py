"""What Discord says when it says no: a status, a code and a message
(docs.discord.com/developers/topics/opcodes-and-status-codes)."""

from __future__ import annotations

from typing import Any

REFUSALS = {
    0: (404, "404: Not Found"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10013: (404, "Unknown User"),
    10014: (404, "Unknown Emoji"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    20016: (429, "This action cannot be performed due to slowmode rate limit"),
    20028: (429, "The write action you are performing on the channel has hit the write rate limit"),
    30034: (429, "Max number of daily application command creates has been reached (200)"),
    30046: (429, "Maximum number of edits to messages older than 1 hour reached. Try again later"),
    40005: (413, "Request entity too large"),
    40033: (400, "This message has already been crossposted."),
    40058: (400, "Cannot message this channel until it is marked as a forum post."),
    40060: (400, "Interaction has already been acknowledged."),
    40333: (403, "internal network error"),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50013: (403, "Missing Permissions"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50035: (400, "Invalid Form Body"),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    160004: (400, "A thread has already been created for this message"),
}
"""Status and message by code."""


class Refused(Exception):
    """Discord says no: ``{"message", "code"}``, with an ``errors`` tree where a form is wrong."""

    def __init__(self, code: int, errors: dict[str, Any] | None = None) -> None:
        self.status, self.message = REFUSALS[code]
        super().__init__(f"{code}: {self.message}")
        self.code = code
        self.errors = errors

    def as_json(self) -> dict[str, Any]:
        """The body of the answer."""
        return {"message": self.message, "code": self.code, **({"errors": self.errors} if self.errors else {})}


class Unauthorized(Exception):
    """The token is not the bot's."""
