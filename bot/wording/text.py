"""A source's text as one line of plain Unicode (pure)."""

from __future__ import annotations

from bot.wording.characters import one_line, visible
from bot.wording.markup import plain
from bot.wording.prose import without_latex


def readable(text: str) -> str:
    """Turn a source's text into one line of plain Unicode: no markup, entities, invisible or control characters.

    What only looks like markup (``<0.5 mm``, ``p < 0.05``, ``$5``) stays as it is.
    """
    return one_line(without_latex(" ".join(plain(visible(text)).split())))
