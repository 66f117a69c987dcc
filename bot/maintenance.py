"""What is done to the data as a whole from the command line, and what ``check`` has to know of the machine."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from adapters.chat import ChatPlatform
from adapters.web import problem_with
from bot.checking import Surroundings
from bot.config import Config
from bot.model import ChannelRef
from bot.ports import Storage
from storage import backup, compacting, is_held, versions


def back_up(config: Config, target: Path, now: datetime) -> int:
    """Copy the data to a new file, beside a running bot too; returns how many papers it holds. Raises StorageError."""
    return backup.back_up(config.storage.path, target, now)["papers"]


def restore(config: Config, file: Path, now: datetime) -> Path | None:
    """Put a backup in place of the data; see storage.backup. Raises StorageError, AnotherInstance."""
    return backup.restore(config.storage.path, file, now)


def vacuum(config: Config) -> tuple[int, int]:
    """Make the data's file as small as it can be; returns its bytes before and after. Raises as ``restore``."""
    return compacting.vacuum(config.storage.path)


async def surroundings(
    config: Config, storage: Storage, platforms: Iterable[ChatPlatform], clock: Callable[[], str | None]
) -> Surroundings:
    """Look at the machine and the configuration; binds each port for a moment, unless the bot runs. ``clock`` says
    what is wrong with the machine's clock, once servers have been asked."""
    refs = [ChannelRef(c.platform, c.workspace, c.id) for c in config.channels if not c.topics]
    return Surroundings(
        contact=config.http.contact,
        heartbeat=bool(config.alerts.heartbeat_url),
        idle=[str(ref) for ref in refs if not await storage.topics.of_channel(ref)],
        ports=[] if is_held(config.storage.path) else await _port_problems(config, platforms),
        versions=versions(),
        clock=clock,
    )


async def _port_problems(config: Config, platforms: Iterable[ChatPlatform]) -> list[str]:
    addresses = {(config.web.host, config.web.port)}
    addresses |= {platform.address for platform in platforms if platform.address}
    return [problem for address in sorted(addresses) if (problem := await problem_with(*address))]
