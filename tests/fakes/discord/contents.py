"""What a message is made of: the body of a request as Discord takes it, or the reason it does not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tests.fakes.discord.component_rules import COMPONENTS_V1, COMPONENTS_V2, numbered
from tests.fakes.discord.embed_rules import EMBEDS, shown
from tests.fakes.discord.message import COMPONENTS_V2 as V2
from tests.fakes.discord.message import EPHEMERAL, LOADING, SUPPRESS_EMBEDS, Content
from tests.fakes.discord.refusals import Refused
from tests.fakes.discord.shapes import Path, Problem, anything, array, both, flag, invalid, number, one_of, shape, text
from tests.fakes.discord.world import JSON

LONGEST_TEXT = 2_000
LONGEST_NONCE = 25
LARGEST_FILE = 10 * 2**20
SILENT = 4096
SETTABLE = V2 | SUPPRESS_EMBEDS | SILENT


@dataclass(frozen=True)
class Upload:
    """A file of a multipart request; ``field`` is its name there, as ``files[0]``."""

    field: str
    name: str
    content_type: str
    content: bytes


def _nonce(value: Any, at: Path) -> Iterator[Problem]:
    if isinstance(value, str):
        yield from text(LONGEST_NONCE)(value, at)
    else:
        yield from number(-(2**63), 2**63 - 1)(value, at)


def _either_parsed_or_listed(value: Any, at: Path) -> Iterator[Problem]:
    for name in ("users", "roles"):
        if name in value.get("parse", []) and value.get(name):
            yield Problem(at, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", f"parse and {name} are mutually exclusive")


MENTIONS = both(
    shape(
        {},
        {
            "parse": array(one_of("users", "roles", "everyone"), 0, 3),
            "users": array(anything, 0, 100),
            "roles": array(anything, 0, 100),
            "replied_user": flag,
        },
    ),
    _either_parsed_or_listed,
)
FORM = shape(
    {},
    {
        "content": text(LONGEST_TEXT),
        "embeds": EMBEDS,
        "components": array(anything),
        "allowed_mentions": MENTIONS,
        "flags": number(0, 2**31 - 1),
        "nonce": _nonce,
        "enforce_nonce": flag,
        "tts": flag,
    },
)


def new_content(body: JSON, uploads: Mapping[str, Upload], *, ephemeral: bool = False) -> Content:
    """What a new message shows; EPHEMERAL counts only where it may be asked for."""
    _check(body)
    given = body.get("flags") or 0
    content = Content(flags=given & (SETTABLE | (EPHEMERAL if ephemeral else 0)))
    return _filled(content, body, uploads)


def changed_content(old: Content, body: JSON, uploads: Mapping[str, Upload]) -> Content:
    """What a message shows once it is edited: what the body does not name stays."""
    _check(body)
    flags = old.flags & ~LOADING
    if body.get("flags") is not None:
        if flags & V2 and not body["flags"] & V2:
            raise invalid([Problem(("flags",), "CANNOT_REMOVE_COMPONENTS_V2", "IS_COMPONENTS_V2 cannot be removed")])
        flags = (flags & ~SUPPRESS_EMBEDS) | (body["flags"] & (SUPPRESS_EMBEDS | V2))
    return _filled(replace(old, flags=flags, files=dict(old.files)), body, uploads)


def _check(body: Any) -> None:
    problems = list(FORM(body, ()))
    if problems:
        raise invalid(problems)


def _filled(content: Content, body: JSON, uploads: Mapping[str, Upload]) -> Content:
    v2 = bool(content.flags & V2)
    if "content" in body:
        content.text = (body["content"] or "").strip()
    if "embeds" in body:
        content.embeds = [shown(embed) for embed in body["embeds"] or []]
    if "components" in body:
        given = body["components"] or []
        problems = list((COMPONENTS_V2 if v2 else COMPONENTS_V1)(given, ("components",))) if given else []
        if problems:
            raise invalid(problems)
        content.components = numbered(given)
    if "allowed_mentions" in body:
        content.allowed_mentions = body["allowed_mentions"]
    _attach(content, body, uploads)
    if v2:
        _nothing_legacy(content)
    if not (content.text or content.embeds or content.components or content.attachments):
        raise Refused(50006)
    return content


def _nothing_legacy(content: Content) -> None:
    legacy = {"content": content.text, "embeds": content.embeds}
    code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
    problems = [Problem((name,), code, f"{name} cannot be used with V2") for name, value in legacy.items() if value]
    if problems:
        raise invalid(problems)


def _attach(content: Content, body: JSON, uploads: Mapping[str, Upload]) -> None:
    """Keep the attachments the body names, and add the files which come with it."""
    named = body.get("attachments")
    if named is not None:
        kept = {str(one.get("id")) for one in named}
        content.attachments = [one for one in content.attachments if one["id"] in kept]
    for attachment_id, upload in uploads.items():
        if len(upload.content) > LARGEST_FILE:
            raise Refused(40005)
        address = f"https://cdn.discordapp.com/attachments/1/{attachment_id}/{upload.name}"
        content.files[attachment_id] = upload.content
        content.attachments = [
            *content.attachments,
            {
                "id": attachment_id,
                "filename": upload.name,
                "size": len(upload.content),
                "content_type": upload.content_type,
                "url": address,
                "proxy_url": address,
            },
        ]
