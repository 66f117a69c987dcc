"""The one page of the local chat (pure)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import jinja2

from bot.commands import COMMANDS


@cache
def page() -> str:
    """Return the page's HTML; it lists the commands for the line under the composer."""
    text = (Path(__file__).parent / "page.html").read_text(encoding="utf-8")
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    return environment.from_string(text).render(commands=COMMANDS)
