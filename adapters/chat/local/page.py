"""The one page of the local chat (pure)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import jinja2

from bot.commands import COMMANDS

_environment = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
)


@cache
def page() -> str:
    """Return the page's HTML; it lists the commands for the line under the composer."""
    return _environment.get_template("page.html").render(commands=COMMANDS, example=f"/papers {COMMANDS[0].usage}")
