"""Making a message fit: what is left out first, second and last where a reply is longer than Discord takes (pure).

What is drawn afterwards still has the layout's words in the layout's order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from lxml.html import HtmlElement

from adapters.chat.discord.embeds import MAX_EMBEDS, MAX_SIZE, Embed, draw_embeds, draw_text, excess, fits, size
from adapters.chat.discord.markdown import units
from adapters.layout.cutting import (
    drop_lines,
    drop_long_addresses,
    shorten_abstract,
    shorten_texts,
    shorten_titles,
    without,
)

MAX_CONTENT = 2000
_ROOM = 0.95
"""Of what lines could have: they are not of equal length."""

Step = Callable[[HtmlElement, Sequence[Embed]], bool]
"""Takes something from a tree, which looks like these embeds by now; False if it has no more to take."""


def fit_text(tree: HtmlElement) -> str:
    """Draw headlines and paragraphs as text, with less and less in them until Discord takes it."""
    text = draw_text(tree)
    for limit in (600, 300, 150, 60):
        if units(text) > MAX_CONTENT and shorten_texts(tree, limit):
            text = draw_text(tree)
    while units(text) > MAX_CONTENT and drop_lines(tree, _ROOM * MAX_CONTENT / units(text)):
        text = draw_text(tree)
    return text


def fit_embeds(tree: HtmlElement) -> list[Embed]:
    """Draw a tree as embeds, with less and less in it until Discord takes them."""
    embeds = draw_embeds(tree)
    for step in _STEPS:
        while not fits(embeds) and step(tree, embeds):
            embeds = draw_embeds(tree)
    return embeds


def _no_key_sentences(tree: HtmlElement, _: Sequence[Embed]) -> bool:
    return without(tree, "key")


def _titles(tree: HtmlElement, _: Sequence[Embed], limit: int) -> bool:
    return shorten_titles(tree, limit)


def _abstract(tree: HtmlElement, embeds: Sequence[Embed]) -> bool:
    return shorten_abstract(tree, excess(embeds))


def _long_addresses(tree: HtmlElement, _: Sequence[Embed]) -> bool:
    return drop_long_addresses(tree)


def _texts(tree: HtmlElement, _: Sequence[Embed], limit: int) -> bool:
    return shorten_texts(tree, limit)


def _lines(tree: HtmlElement, embeds: Sequence[Embed]) -> bool:
    return drop_lines(tree, _ROOM * min(MAX_SIZE / size(embeds), MAX_EMBEDS / len(embeds)))


_STEPS: tuple[Step, ...] = (
    _no_key_sentences,
    partial(_titles, limit=90),
    partial(_titles, limit=75),
    partial(_titles, limit=60),
    _abstract,
    _long_addresses,
    partial(_texts, limit=3000),
    partial(_texts, limit=1500),
    partial(_texts, limit=800),
    partial(_texts, limit=300),
    _lines,
    partial(_texts, limit=60),
    _lines,
)
