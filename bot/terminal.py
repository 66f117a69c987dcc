"""What all commands of the terminal share: the options, the exit codes, and how a command gets its bot."""

# ruff: noqa: PLC0415 — what is heavy is imported by the command that needs it, so that --help is quick

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, TypeVar

import typer

from bot.printing import say

if TYPE_CHECKING:
    from bot.app import App
    from bot.config import Config

T = TypeVar("T")

FAILED, WRONG_USAGE, LOCKED = 1, 2, 75

ConfigFile = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="Default: ./paperround.toml if it is there, else built-in defaults."),
]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


def load(path: Path | None) -> Config:
    """Read the configuration, and start the log."""
    from adapters import logs
    from bot.config import load, secrets

    config = load(path, os.environ)
    logs.set_up(config.log.level, config.log.format, secrets(config))
    return config


def with_app(config: Config, use: Callable[[App], Awaitable[T]], *, lock: bool = False) -> T:
    """Open the bot, use it once, and close it."""
    from bot.app import open_app

    async def opened() -> T:
        async with open_app(config, lock=lock) as app:
            return await use(app)

    return asyncio.run(opened())


def fail(text: str, code: int) -> NoReturn:
    """Say what is wrong and end the program."""
    say(text, err=True)
    raise SystemExit(code)
