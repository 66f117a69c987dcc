"""What people type after /papers, and what their buttons carry, read as commands (pure)."""

from __future__ import annotations

from bot.commands.controls import (
    MAX_CONTROL_ID,
    control_id,
    offered_command,
    page_control,
    parse_control,
    turns_list,
)
from bot.commands.entry import MAX_PAGE
from bot.commands.typed import COMMANDS, parse_command

__all__ = [
    "COMMANDS", "MAX_CONTROL_ID", "MAX_PAGE", "control_id", "offered_command", "page_control", "parse_command",
    "parse_control", "turns_list",
]  # fmt: skip
