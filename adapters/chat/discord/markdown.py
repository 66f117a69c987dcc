r"""Words, people and addresses as Discord's markdown, in which nothing of others is live (pure).

What Discord reads: support.discord.com, Markdown Text 101; docs, reference#message-formatting. ``\`` before a sign
makes it a sign. Escaped are also what its own libraries leave: ``<`` of mentions and times, ``:`` of emoji and
addresses, ``/`` of invitations without ``https``, and numbers that would begin a list (facts: discord.md, 9).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import groupby

from adapters.layout.lines import Run
from bot.wording import shorten

USER = re.compile(r"[1-9][0-9]{14,19}")
"""Discord's id of a person."""

_SIGNS = str.maketrans({sign: f"\\{sign}" for sign in "\\*_~|`<@["})
_ADDRESSES = re.compile(r":(?=//|[^\s:]+:)|/(?=\w)")
"""What begins an emoji, or stands in what may be read as an address."""
_BEGINNING = re.compile(r"(\s*[0-9]*)([-+#>=]|(?<=[0-9])[.)])")
_NO_BACKTICK = "ˋ"
"""Nothing can be escaped in code; this only looks like what would end it."""


def units(text: str) -> int:
    """How long Discord takes a text to be, at most: in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def escaped(text: str) -> str:
    """Make every sign in a line nothing but a sign."""
    return _ADDRESSES.sub(lambda sign: f"\\{sign[0]}", text.translate(_SIGNS))


def beginning(markdown: str) -> str:
    """Make a line no heading, list or quotation, whatever it begins with."""
    found = _BEGINNING.match(markdown)
    return f"{found[1]}\\{markdown[found.start(2) :]}" if found else markdown


def bold(markdown: str) -> str:
    """Write it in bold; nothing stays nothing."""
    return f"**{markdown}**" if markdown else ""


def preformatted(text: str) -> str:
    """Write lines in which every blank stays."""
    return f"```\n{text.replace('```', '``' + _NO_BACKTICK)}\n```"


def line(runs: Iterable[Run]) -> str:
    """Write a line that stands at the beginning of one; links are followed by their addresses."""
    written = ""
    for (styles, url, user), group in groupby(runs, key=lambda run: (run.styles, run.url, run.user)):
        text = "".join(run.text for run in group)
        written += f"<@{user}>" if user else _styled(text, styles)
        written += f" <{url}>" if url else ""
    return beginning(written)


def fitted(text: str, limit: int, write: Callable[[str], str] = escaped) -> str:
    """Write a text, cut at a word where it would be longer than so many UTF-16 units."""
    most = limit
    while units(written := write(shorten(text, most))) > limit:
        most = most * limit // units(written)
    return written


def _styled(text: str, styles: frozenset[str]) -> str:
    inner = text.strip(" ")
    if not inner:
        return text
    written = f"`{inner.replace('`', _NO_BACKTICK)}`" if "code" in styles else escaped(inner)
    for style, sign in (("italic", "*"), ("bold", "**")):
        written = f"{sign}{written}{sign}" if style in styles else written
    return text.replace(inner, written, 1)
