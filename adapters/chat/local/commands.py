"""The page's requests as commands: JSON → who asks, and what (pure)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from bot.citing import CitationFormat
from bot.commands import parse_command, read_number
from bot.conversation import Asker, CiteList, Command
from bot.model import ChannelRef

LOCAL = "local"
"""The platform's name."""

_USER = re.compile(r"[\w.-]{1,40}")


class BadRequest(ValueError):
    """A request that is not as agreed; its text says why."""


@dataclass(frozen=True, slots=True)
class Question:
    """A typed command."""

    asker: Asker
    command: Command
    asked: str


@dataclass(frozen=True, slots=True)
class Use:
    """A control used under message ``message``; ``value`` is None if nothing was chosen or typed."""

    asker: Asker
    message: int
    control: str
    value: str | None


def read_question(body: bytes, channel: str) -> Question:
    """Read ``{"user", "admin", "text"}``. Raises BadRequest."""
    data = _object(body)
    text = _text(data, "text")
    return Question(_asker(data, channel), parse_command(text), text)


def read_use(body: bytes, channel: str) -> Use:
    """Read ``{"user", "admin", "message", "action", "value"}``. Raises BadRequest."""
    data = _object(body)
    message = data.get("message")
    if type(message) is not int:
        raise BadRequest('"message" must be the number of a message')
    value = data.get("value")
    if value is not None and type(value) not in (str, int):
        raise BadRequest('"value" must be a text or a whole number')
    return Use(_asker(data, channel), message, _text(data, "action"), None if value is None else _encodable(str(value)))


def read_file(key: str, form: str, page: str | None) -> CiteList:
    """Read which list is to be cited, how, and whether only one page of it. Raises BadRequest."""
    if form not in set(CitationFormat):
        raise BadRequest('"format" must be bibtex, ris or csl-json')
    number = None if page is None else read_number(page)
    if page is not None and not number:
        raise BadRequest('"page" must be a number from 1')
    return CiteList(key, CitationFormat(form), number)


def read_user(user: str) -> str:
    """Check a person's name. Raises BadRequest."""
    if not _USER.fullmatch(user):
        raise BadRequest('"user" must be 1 to 40 letters, digits, dots, dashes or underscores')
    return user


def _asker(data: dict[str, Any], channel: str) -> Asker:
    admin = data.get("admin", False)
    if not isinstance(admin, bool):
        raise BadRequest('"admin" must be true or false')
    return Asker(ChannelRef(LOCAL, "", channel), read_user(_text(data, "user")), admin)


def _object(body: bytes) -> dict[str, Any]:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadRequest("the body must be JSON") from error
    if not isinstance(data, dict):
        raise BadRequest("the body must be a JSON object")
    return data


def _text(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str):
        raise BadRequest(f'"{name}" must be a text')
    return _encodable(value)


def _encodable(text: str) -> str:
    """Replace halves of surrogate pairs, which JSON can carry and UTF-8 cannot."""
    return text.encode("utf-8", "replace").decode()
