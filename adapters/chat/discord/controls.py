"""Our controls under any message, however old: discord.py finds them by their custom_id, and nothing is kept."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Self

import discord
from discord import ui

from adapters.chat.discord.commands import Use, name_of
from adapters.chat.discord.custom_ids import encode
from bot.commands import MAX_CONTROL_ID, MAX_PAGE, read_number
from bot.wording import shorten

Hear = Callable[[discord.Interaction[Any]], Awaitable[None]]

_MAX_COMMENT = 500


def control_class(hear: Hear) -> type[ui.DynamicItem[ui.Item[Any]]]:
    """Make the class of all controls, also of what an older version has sent; a use of one is told to ``hear``."""

    class Control(ui.DynamicItem[ui.Item[Any]], template="(?s:.+)"):
        @classmethod
        async def from_custom_id(
            cls, _interaction: discord.Interaction[Any], item: ui.Item[Any], _match: re.Match[str], /
        ) -> Self:
            return cls(item)

        async def callback(self, interaction: discord.Interaction[Any]) -> None:
            await hear(interaction)

    return Control


class Drawn(ui.View):
    """Rows of controls as they were drawn, in Discord's own words. With no items of its own discord.py keeps nothing of
    it."""

    def __init__(self, rows: Sequence[dict[str, Any]]) -> None:
        super().__init__(timeout=None)
        self._rows = list(rows)

    def to_components(self) -> list[dict[str, Any]]:
        """What is sent."""
        return self._rows


# ---------------------------------------------------------------- forms


class Form(ui.Modal):
    """What a control asks first: a page, or a comment. Its custom_id carries the control."""

    def __init__(self, use: Use) -> None:
        title, field = _asked(use)
        control = encode(use.control, use.value)
        super().__init__(title=title, custom_id=control if len(control) <= MAX_CONTROL_ID else use.control)
        self.add_item(field)
        self.stop()  # else discord.py keeps it until it is submitted; that is heard without it


def _asked(use: Use) -> tuple[str, ui.TextInput[Form]]:
    match name_of(use.control):
        case "jump":
            return "Go to page", _page_field(use.value)
        case "again":
            return "Share again", _comment_field(use.value)
    return "Share to channel", _comment_field(use.value)


def _page_field(value: str) -> ui.TextInput[Form]:
    """``value`` is PAGE/PAGES."""
    page, _, pages = value.partition("/")
    last = read_number(pages)
    label = f"Page, 1 to {last:,}" if last else "Page"
    longest = len(str(last or MAX_PAGE))
    return ui.TextInput(
        label=label, custom_id="value", placeholder=page[:longest] or "1", min_length=1, max_length=longest
    )


def _comment_field(comment: str) -> ui.TextInput[Form]:
    return ui.TextInput(
        label="Comment, if you like",
        custom_id="value",
        style=discord.TextStyle.paragraph,
        default=shorten(comment, _MAX_COMMENT) if comment else None,
        required=False,
        max_length=_MAX_COMMENT,
    )
