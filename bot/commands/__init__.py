"""What people type after /papers, and what their buttons carry, read as commands (pure)."""

from __future__ import annotations

from bot.commands.completing import Known, Suggestion, complete, names_paper
from bot.commands.controls import (
    MAX_CONTROL_ID,
    control_id,
    offered_command,
    page_control,
    parse_control,
    turns_list,
)
from bot.commands.entry import MAX_PAGE, read_number, write_name
from bot.commands.filtering import filter_name, filter_options
from bot.commands.people import REACTIONS
from bot.commands.typed import COMMANDS, parse_command

__all__ = [
    "COMMANDS", "MAX_CONTROL_ID", "MAX_PAGE", "REACTIONS", "Known", "Suggestion", "complete", "control_id",
    "filter_name", "filter_options", "names_paper", "offered_command", "page_control",
    "parse_command", "parse_control", "read_number", "turns_list", "write_name",
]  # fmt: skip
