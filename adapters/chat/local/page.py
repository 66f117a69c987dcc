"""The one page of the local chat (pure)."""

from __future__ import annotations

from functools import cache

from adapters.chat.local.render import environment
from bot.commands import COMMANDS


@cache
def page() -> str:
    """Return the page's HTML; it lists the commands for the line under the composer."""
    return environment.get_template("page.html").render(commands=COMMANDS)
