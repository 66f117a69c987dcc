"""Making a message fit: what is left out first, second and last where a reply is longer than Slack takes (pure).

What is drawn afterwards still has the layout's words in the layout's order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import partial

from lxml.html import HtmlElement

from adapters.chat.slack.blocks import MAX_BLOCKS, MAX_SIZE, Block, controls, fits, size
from adapters.chat.slack.rich_text import draw_tree
from adapters.layout.cutting import (
    drop_lines,
    drop_long_addresses,
    shorten_abstract,
    shorten_texts,
    shorten_titles,
    small_print,
    without,
)
from bot.offering import Action
from bot.wording import shorten

_SHORT_MENU = 10
_ROOM = 0.95
"""Of what lines could have: they are not of equal length."""


@dataclass
class Draft:
    """A message on its way to the right size."""

    tree: HtmlElement
    actions: list[Action]

    def __post_init__(self) -> None:
        self.whole = deepcopy(self.tree)

    def draw(self) -> list[Block]:
        """Draw it as it stands."""
        return [*draw_tree(self.tree), *controls(self.actions)]


Step = Callable[[Draft, Sequence[Block]], bool]
"""Takes something from a draft, which looks like these blocks by now; False if it has no more to take."""


def fit(draft: Draft) -> list[Block]:
    """Draw a message, with less and less in it until Slack takes it."""
    blocks = draft.draw()
    for step in _STEPS:
        while not fits(blocks) and step(draft, blocks):
            blocks = draft.draw()
    return blocks


# ---------------------------------------------------------------- texts


def _titles(draft: Draft, _: Sequence[Block], limit: int) -> bool:
    return shorten_titles(draft.tree, limit)


def _no_key_sentences(draft: Draft, _: Sequence[Block]) -> bool:
    return without(draft.tree, "key")


def _abstract(draft: Draft, blocks: Sequence[Block]) -> bool:
    return shorten_abstract(draft.tree, size(blocks) - MAX_SIZE)


def _texts(draft: Draft, _: Sequence[Block], limit: int) -> bool:
    return shorten_texts(draft.tree, limit)


def _lines(draft: Draft, blocks: Sequence[Block]) -> bool:
    return drop_lines(draft.tree, _ROOM * min(MAX_SIZE / size(blocks), MAX_BLOCKS / len(blocks)))


def _long_addresses(draft: Draft, _: Sequence[Block]) -> bool:
    return drop_long_addresses(draft.tree)


def _emphasis(draft: Draft, _: Sequence[Block]) -> bool:
    """In a list it takes as much as many a line."""
    bold = draft.tree.findall(".//ul//strong")
    for element in bold:
        element.drop_tag()
    return bool(bold)


# ---------------------------------------------------------------- controls


def _choices(draft: Draft, _: Sequence[Block], limit: int) -> bool:
    """Cut the titles in the menu that opens a paper, down to the papers' numbers."""
    choices = [choice for menu in draft.actions if _opens(menu) for choice in menu["options"]]
    long = [choice for choice in choices if len(choice["label"]) > max(limit, len(choice["value"]))]
    for choice in long:
        choice["label"] = shorten(choice["label"], limit) if limit else choice["value"]
    return bool(long)


def _no_menu(draft: Draft, _: Sequence[Block]) -> bool:
    """Start anew without the menu that opens a paper: that gives all titles room."""
    if not any(map(_opens, draft.actions)):
        return False
    draft.actions = [action for action in draft.actions if not _opens(action)]
    draft.tree = draft.whole
    for papers in draft.tree.find_class("papers"):
        first = papers.find_class("opener")[0].text_content().split()[-1]
        papers.addnext(small_print(f"To open one, type its number: /papers show {first}"))
    return True


def _opens(action: Action) -> bool:
    """Whether it is the menu that opens one of the papers."""
    return action.get("type") == "select" and action["id"] == "1.open"


def _menus(draft: Draft, _: Sequence[Block], most: int) -> bool:
    """Cut the menus that offer something, such as one of many topics."""
    long = _long_menus(draft, most)
    for menu in long:
        menu["options"] = menu["options"][:most]
    return bool(long)


def _second_menu(draft: Draft, _: Sequence[Block]) -> bool:
    """Where several menus list the same things, the first has to do."""
    several = _long_menus(draft, _SHORT_MENU)[1:]
    draft.actions = [action for action in draft.actions if not any(action is menu for menu in several)]
    return bool(several)


def _long_menus(draft: Draft, most: int) -> list[Action]:
    return [action for action in draft.actions if action["group"] == "offer" and len(action.get("options", ())) > most]


def _offers(draft: Draft, _: Sequence[Block], most: int) -> bool:
    offers = [action for action in draft.actions if action["group"] == "offer"]
    draft.actions = [action for action in draft.actions if action["group"] != "offer"] + offers[:most]
    return len(offers) > most


_PAPERS: tuple[Step, ...] = (
    _no_key_sentences,
    partial(_choices, limit=40),
    partial(_titles, limit=90),
    partial(_choices, limit=24),
    partial(_titles, limit=75),
    partial(_choices, limit=0),
    partial(_titles, limit=60),
)
_TEXTS: tuple[Step, ...] = (
    _abstract,
    _long_addresses,
    partial(_texts, limit=6000),
    partial(_texts, limit=3000),
    partial(_texts, limit=1000),
)
_STEPS: tuple[Step, ...] = (
    *_PAPERS,
    *_TEXTS,
    _no_menu,
    *_PAPERS,
    *_TEXTS,
    partial(_offers, most=10),
    partial(_menus, most=25),
    _second_menu,
    partial(_texts, limit=300),
    _emphasis,
    _lines,
    partial(_texts, limit=60),
    partial(_offers, most=1),
)
