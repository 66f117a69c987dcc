"""What is kept for how long, and the daily copy of the data."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.ports import Perishable, Storage, Upkeep

BACKUP_EVERY = timedelta(days=1)
AT_MOST = 500
"""Rows forgotten in one transaction, so that nobody waits for it."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rule:
    """What is forgotten after how long, and why it may be."""

    what: Perishable
    kept: timedelta
    why: str


RULES = (
    Rule(Perishable.LISTS, timedelta(days=90), "result pages can be turned for 90 days"),
    Rule(Perishable.SEARCHES, timedelta(days=400), "an old result page offers to search again"),
    Rule(Perishable.ANSWERS, timedelta(days=90), "they are as old as the result pages that they show"),
    Rule(Perishable.REFUSED, timedelta(days=90), "a source that sends a record again is read again"),
    Rule(Perishable.GESTURES, timedelta(days=1), "platforms deliver nothing again after that"),
    Rule(Perishable.PAYLOADS, timedelta(days=30), "a finished message is not sent again; that it was sent stays known"),
)
"""All else stays: papers, records seen, what was announced where, and what was posted in the local chat."""


async def keep_house(storage: Storage, now: datetime) -> None:
    """Forget what is old, and make the daily copy if it is due. Raises StorageError."""
    await forget_old(storage.upkeep, now)
    data = await storage.upkeep.data()
    if data.backed_up and (data.last_backup is None or now - data.last_backup >= BACKUP_EVERY):
        _log.info("the data is backed up in %s", await storage.upkeep.back_up(now))


async def forget_old(upkeep: Upkeep, now: datetime) -> None:
    """Apply every rule, a few rows at a time."""
    for rule in RULES:
        while await upkeep.forget(rule.what, now - rule.kept, AT_MOST) >= AT_MOST:
            pass
