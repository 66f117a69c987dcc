"""The rules of embeds (docs.discord.com/developers/resources/message#embed-object-embed-limits)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.fakes.discord.shapes import (
    Check,
    Path,
    Problem,
    anything,
    array,
    both,
    flag,
    number,
    shape,
    text,
    units,
    url,
)

JSON = dict[str, Any]

MOST_TEXT = 6_000
"""UTF-16 units of all embeds of a message."""
SHOWN = {"title", "description", "fields", "image", "thumbnail", "author", "footer"}

PICTURE = shape({"url": url()})
FIELD = shape({"name": text(256, 1), "value": text(1024, 1)}, {"inline": flag})


def _is_not_empty(value: Any, at: Path) -> Iterator[Problem]:
    if not any(value.get(name) for name in SHOWN):
        yield Problem((*at, "description"), "BASE_TYPE_REQUIRED", "This field is required")


EMBED: Check = both(
    shape(
        {},
        {
            "title": text(256),
            "description": text(4096),
            "url": url(),
            "timestamp": text(40),
            "color": number(0, 0xFFFFFF),
            "footer": shape({"text": text(2048, 1)}, {"icon_url": url()}),
            "author": shape({"name": text(256, 1)}, {"url": url(), "icon_url": url()}),
            "fields": array(FIELD, 0, 25),
            "image": PICTURE,
            "thumbnail": PICTURE,
            "provider": anything,
        },
    ),
    _is_not_empty,
)


def _not_too_long(value: Any, at: Path) -> Iterator[Problem]:
    if sum(units(part) for embed in value for part in _texts(embed)) > MOST_TEXT:
        yield Problem(at, "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {MOST_TEXT}")


EMBEDS: Check = both(array(EMBED, 0, 10), _not_too_long)


def shown(embed: JSON) -> JSON:
    """An embed as Discord gives it back."""
    kept = {name: part for name, part in embed.items() if part not in (None, "", [])}
    if "fields" in kept:
        kept["fields"] = [{"inline": False, **part} for part in kept["fields"]]
    return {**kept, "type": "rich"}


def _texts(embed: JSON) -> Iterator[str]:
    yield from (embed.get("title") or "", embed.get("description") or "")
    yield (embed.get("footer") or {}).get("text") or ""
    yield (embed.get("author") or {}).get("name") or ""
    for part in embed.get("fields") or []:
        yield from (part["name"], part["value"])
