"""Modals: what all of them have, and what a control asks first (pure).

Texts of others stand only where Slack reads no markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adapters.chat.slack.blocks import Block
from adapters.chat.slack.commands import ASKED
from bot.commands import MAX_PAGE, read_number
from bot.wording import shorten, visible

View = dict[str, Any]

MAX_VIEW_BLOCKS = 100
"""Blocks of a modal or of the home (docs.slack.dev/surfaces/modals)."""

_MAX_TITLE = 24
_MAX_COMMENT = 500


def plain(text: str, limit: int) -> Block:
    """Make a text in which nothing is live; Slack takes none that is empty."""
    return {"type": "plain_text", "text": shorten(visible(text), limit) or "–", "emoji": False}


def modal(name: str, blocks: Sequence[Block], *, submit: str = "", **more: Any) -> View:
    """Make a modal; with ``submit`` there is something to send."""
    view = {
        "type": "modal",
        "title": plain(name, _MAX_TITLE),
        "close": plain("Cancel" if submit else "Close", _MAX_TITLE),
        "blocks": list(blocks[:MAX_VIEW_BLOCKS]),
        **more,
    }
    return view | {"submit": plain(submit, _MAX_TITLE)} if submit else view


def text_input(name: str, label: str, element: Block, **more: Any) -> Block:
    """Make an input whose block has its name, so that a mistake in it can be shown there."""
    return {"type": "input", "block_id": name, "label": plain(label, 2000), "element": element, **more}


# ---------------------------------------------------------------- what a control asks first


def ask(control: str, value: str, kept: str) -> View:
    """Ask for the value of a control that was clicked: a page, or a comment. ``value`` is what its button carries:
    ``PAGE/PAGES``, or the comment so far; ``kept`` is the modal's private_metadata."""
    known = {"callback_id": ASKED, "private_metadata": kept}
    match control.split(".")[1]:
        case "jump":
            return modal("Go to page", [_page_input(value)], submit="Go", **known)
        case "again":
            return modal("Share again", [_comment_input(value)], submit="Share", **known)
    return modal("Share to channel", [_comment_input(value)], submit="Share", **known)


def _page_input(value: str) -> Block:
    page, _, pages = value.partition("/")
    number, last = read_number(page) or 1, read_number(pages) or MAX_PAGE
    element: Block = {
        "type": "number_input",
        "action_id": "value",
        "is_decimal_allowed": False,
        "min_value": "1",
        "max_value": str(last),
        "initial_value": str(min(number, last)),
        "focus_on_load": True,
    }
    return text_input("page", f"Page, 1 to {last:,}" if pages else "Page", element)


def _comment_input(comment: str) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": "value",
        "max_length": _MAX_COMMENT,
        "focus_on_load": True,
    }
    if comment:
        element["initial_value"] = shorten(comment, _MAX_COMMENT)
    return text_input("comment", "Comment, if you like", element, optional=True)
