"""An independent reader of Discord's messages: says what in them would be live or ill-formed, from the JSON alone.

It knows what Discord's clients read as markdown (docs, reference#message-formatting; support.discord.com, Markdown Text
101), not the code it judges. It reads a text from left to right as they do: what is escaped is a sign, what stands in
code is code, and the bot's own bold, italic, mentions and addresses in ``<>`` are named by it as they come.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

_TOKENS = re.compile(
    r"""
    (?P<escape>\\[^0-9A-Za-z\s])
    |(?P<block>```\n(?:(?!```).)*\n```)
    |(?P<code>`[^`\n]+`(?!`))
    |<@(?P<mention>[0-9]+)>
    |<(?P<url>https?://[^\s<>\\]+)>
    |(?P<bold>\*\*)
    |(?P<italic>\*)
    |(?P<live>[\\*_~|`<\[@]|https?:/|\w+://|:[\w+~-]+:|\b(?:discord(?:app)?\.(?:gg|gift|com|new)|dis\.gd)/\w)
    |.
    """,
    re.VERBOSE | re.DOTALL,
)
_BLOCK = re.compile(r"(?:[*+-]|[0-9]+[.)])(?:\s|$)|\#{1,3}\s|-\#\s|>")
_ITEM = re.compile(r"- |  ")
_INVISIBLE = {"Cc", "Cf", "Cs", "Co"}
_SPELLING = {"\n", "\t", "\u200c", "\u200d"}
"""Control characters of a layout, and the joiners that scripts and emoji need."""
_EMBED = {"title", "url", "description", "color"}
_MENU, _BUTTON = {"type", "custom_id", "placeholder", "options"}, {"type", "style", "custom_id", "label", "disabled"}


def harm_in(message: Mapping[str, Any], persons: Collection[str] = ()) -> list[str]:
    """All that would be live in it but links to the web and mentions of these persons."""
    found = [*_harm(message["content"], persons)]
    for embed in message.get("embeds", ()):
        found += [f"an embed with {name}" for name in embed.keys() - _EMBED]
        found += _harm(embed.get("title", ""), (), is_title=True)
        found += _harm(embed.get("description", ""), persons)
        found += [f"a link to {url!r}" for url in (embed.get("url"),) if url and not is_web_address(url)]
    for one in controls_in(message):
        found += [f"a control with {name}" for name in one.keys() - (_MENU if "options" in one else _BUTTON)]
    return found + [f"invisible {ord(char):x}" for char in set(read(message)) if _is_invisible(char)]


def controls_in(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The buttons and menus, from top to bottom."""
    return [one for row in message["components"] for one in row["components"]]


def read(message: Mapping[str, Any]) -> str:
    """Every text that a person may see."""
    pieces = [message["content"]]
    for embed in message.get("embeds", ()):
        pieces += [embed.get("title", ""), embed.get("description", "")]
    for one in controls_in(message):
        pieces += [
            one.get("label", ""),
            one.get("placeholder", ""),
            *(each["label"] for each in one.get("options", ())),
        ]
    return "\n".join(pieces)


def markup_in(markdown: str) -> set[str]:
    """What is more than words in it: ``bold``, ``code``, ``mention``, …, or what nobody but others writes: ``live``."""
    return {token.lastgroup for token in _TOKENS.finditer(markdown) if token.lastgroup} - {"escape"}


def plain(markdown: str) -> str:
    """The words that remain of a text once it was read."""
    return "".join(token[0][1:] if token["escape"] else token[0] for token in _TOKENS.finditer(markdown))


def is_web_address(url: str) -> bool:
    """Whether it leads to the web and to nothing else, with no character that markup could use."""
    parts = urlsplit(url)
    safe = re.fullmatch(r"[\w/%:=&?~+!$,;@()\-.#\[\]]+", url, re.ASCII)
    return bool(parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc and safe)


def _harm(text: str, persons: Collection[str], *, is_title: bool = False) -> Iterator[str]:
    is_bold = is_italic = False
    for token in _TOKENS.finditer(text):
        if token["live"]:
            yield f"live {token['live']!r} in {text[max(0, token.start() - 20) : token.end() + 20]!r}"
        if token["mention"] and token["mention"] not in persons:
            yield f"a mention of {token['mention']}"
        if token["url"] and not is_web_address(token["url"]):
            yield f"a link to {token['url']!r}"
        if is_title and (token["bold"] or token["italic"] or token["code"] or token["url"]):
            yield f"markdown in the title {text!r}"
        is_bold, is_italic = is_bold ^ bool(token["bold"]), is_italic ^ bool(token["italic"])
        if "\n" in token[0] and (is_bold or is_italic) and not token["block"]:
            yield f"bold or italic over the end of a line in {text!r}"
    if is_bold or is_italic:
        yield f"bold or italic without an end in {text!r}"
    without_blocks = re.sub(r"```\n.*?\n```", "", text, flags=re.DOTALL)
    for line in () if is_title else without_blocks.split("\n"):
        if _BLOCK.match(_ITEM.sub("", line, count=1).lstrip() if _ITEM.match(line) else line.lstrip()):
            yield f"a list, heading or quotation: {line!r}"


def _is_invisible(char: str) -> bool:
    return char not in _SPELLING and unicodedata.category(char) in _INVISIBLE
