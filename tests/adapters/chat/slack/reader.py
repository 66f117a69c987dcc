"""An independent reader of Slack's messages: says what in them would be live or ill-formed, from the JSON alone.

It knows the documentation (docs.slack.dev: messaging/formatting-message-text, block-kit), not the code it judges.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

_ELEMENTS = {
    "text": {"type", "text", "style"},
    "link": {"type", "text", "url", "style"},
    "user": {"type", "user_id"},
}
_CONTAINERS = {"rich_text", "rich_text_section", "rich_text_list", "rich_text_preformatted", "context", "actions"}
_OTHERS = {"header", "button", "static_select", "plain_text"}
_MARKUP = re.compile(r"<[^>]*>|<|>|&(?!amp;|lt;|gt;)")
_INVISIBLE = {"Cc", "Cf", "Cs", "Co"}
_SPELLING = {"\n", "\t", "\u200c", "\u200d"}
"""Control characters of a layout, and the joiners that scripts and emoji need."""


def harm_in(message: Mapping[str, Any], persons: Collection[str] = ()) -> list[str]:
    """All that would be live in it but links to the web and mentions of these persons."""
    found = [f"text: {piece}" for piece in _MARKUP.findall(message["text"]) if piece[2:-1] not in persons]
    for block in message["blocks"]:
        found += _harm(block, persons)
    characters = set(message["text"]).union(*texts_in(message["blocks"]))
    return found + [f"invisible {ord(char):x}" for char in characters if _is_invisible(char)]


def _harm(element: Mapping[str, Any], persons: Collection[str]) -> Iterator[str]:
    kind = element.get("type", "")
    if kind in _ELEMENTS:
        yield from (f"{kind} with {name}" for name in element.keys() - _ELEMENTS[kind])
    elif kind and kind not in _CONTAINERS | _OTHERS:
        yield f"a {kind}"
    if kind == "plain_text" and element.get("emoji") is not False and ":" in element["text"]:
        yield f"emoji in {element['text']!r}"
    if kind == "user" and element["user_id"] not in persons:
        yield f"a mention of {element['user_id']}"
    if "url" in element and not is_web_address(element["url"]):
        yield f"a link to {element['url']!r}"
    for value in element.values():
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, Mapping):
                yield from _harm(child, persons)


def is_web_address(url: str) -> bool:
    """Whether it leads to the web and to nothing else, with no character that markup could use."""
    parts = urlsplit(url)
    safe = re.fullmatch(r"[\w/%:=&?~+!$,;@()\-.#\[\]]+", url, re.ASCII)
    return bool(parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc and safe)


def texts_in(node: Any, key: str = "text") -> Iterator[str]:
    """Every string under that key, wherever it stands."""
    if isinstance(node, Mapping):
        for name, value in node.items():
            if name == key and isinstance(value, str):
                yield value
            else:
                yield from texts_in(value, key)
    elif isinstance(node, list):
        for child in node:
            yield from texts_in(child, key)


def _is_invisible(char: str) -> bool:
    return char not in _SPELLING and unicodedata.category(char) in _INVISIBLE
