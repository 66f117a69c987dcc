"""The commands for the data as a whole: ``paperround backup``, ``restore`` and ``vacuum``."""

# ruff: noqa: PLC0415 — what is heavy is imported by the command that needs it, so that --help is quick

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.printing import say
from bot.terminal import ConfigFile, load


def backup(file: Annotated[Path, typer.Argument(metavar="FILE")], *, config: ConfigFile = None) -> None:
    """Copy the data to a new file, beside a running bot too."""
    from bot.maintenance import back_up

    say(f"{back_up(load(config), file, datetime.now(UTC)):,} papers are in {file}")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, readable=True)],
    *,
    config: ConfigFile = None,
) -> None:
    """Put a backup in place of the data, which is kept."""
    from bot.maintenance import restore as restore_data

    kept = restore_data(load(config), file, datetime.now(UTC))
    say(f"{file} is restored" + (f"; what was there before is in {kept}" if kept else ""))


def vacuum(config: ConfigFile = None) -> None:
    """Make the data's file as small as it can be; the bot must not run."""
    from bot.maintenance import vacuum as vacuum_data

    before, after = vacuum_data(load(config))
    say(f"{before / 1e6:,.1f} MB before, {after / 1e6:,.1f} MB now")
