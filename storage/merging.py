"""What follows when two papers turn out to be one: everything kept about the one that goes leads to the other."""

from __future__ import annotations

from collections.abc import Mapping

from bot.model import PaperId
from storage.database import Database


async def merge_papers(database: Database, merged: Mapping[PaperId, PaperId]) -> None:
    """Move each loser's records, names, announcements and all else about it to its survivor, and forget the loser.

    Where a channel heard of both, what was delivered counts, so that nothing is announced again.
    """
    for loser, survivor in merged.items():
        await database.write("UPDATE merged SET survivor = ? WHERE survivor = ?", (survivor, loser))
        await database.write("INSERT INTO merged VALUES (?, ?)", (loser, survivor))
        await database.write("UPDATE records SET paper_id = ? WHERE paper_id = ?", (survivor, loser))
        await database.write("UPDATE OR IGNORE identifiers SET paper_id = ? WHERE paper_id = ?", (survivor, loser))
        await database.write("DELETE FROM identifiers WHERE paper_id = ?", (loser,))
        for table in ("baseline_papers", "muted", "withdrawn", "saved", "reactions"):
            await database.write(f"UPDATE OR IGNORE {table} SET paper_id = ? WHERE paper_id = ?", (survivor, loser))
            await database.write(f"DELETE FROM {table} WHERE paper_id = ?", (loser,))
        await _merge_announcements(database, loser, survivor)
        await database.write("DELETE FROM papers WHERE id = ?", (loser,))


async def _merge_announcements(database: Database, loser: PaperId, survivor: PaperId) -> None:
    delivered = "SELECT channel_id FROM announcements WHERE paper_id = ? AND delivery_key IS NOT NULL"
    waiting = "DELETE FROM announcements WHERE paper_id = ? AND delivery_key IS NULL AND channel_id IN "
    await database.write(f"{waiting} ({delivered})", (survivor, loser))
    await database.write("UPDATE OR IGNORE announcements SET paper_id = ? WHERE paper_id = ?", (survivor, loser))
    await database.write("DELETE FROM announcements WHERE paper_id = ? AND delivery_key IS NULL", (loser,))
