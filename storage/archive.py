"""Records and papers: what each source said, which paper it belongs to, and the index they are found by."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.identity import Holding, compose, resolve, succeed
from bot.model import Change, Identifier, Paper, PaperId, Record
from bot.ports import ArchiveSummary, Refusal
from bot.query import Query
from bot.reports import RecordSeen
from storage import indexing
from storage.database import Database, fetch
from storage.index_rows import INDEX_VERSION, index_key
from storage.lookup import FOUND, bounds
from storage.matching import compile_match
from storage.merging import merge_papers
from storage.rows import RECORD_COLUMNS, moment, record_from, record_row, to_day, to_moment

_RAW_LIMIT = 20_000
_REINDEX_BATCH = 500


@dataclass(slots=True)
class _Entry:
    """A paper while a page of records is applied to it."""

    id: PaperId
    first_seen: datetime
    position: int | None = None
    before: Paper | None = None
    records: dict[tuple[str, str], Record] = field(default_factory=dict)

    def paper(self) -> Paper:
        return compose(self.id, self.records.values(), self.first_seen)


class SqliteArchive:
    """See bot.ports.Archive."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def upsert(self, records: Sequence[Record], now: datetime) -> list[Change]:
        """Store a page of records; see bot.ports.Archive."""
        async with self._database.transaction():
            known = await self._touched(records)
            entries = await self._entries(known)
            resolution = resolve(records, {paper: _holding(entry) for paper, entry in entries.items()})
            lost = {loser: entries.pop(loser) for loser in resolution.merged}
            for loser, survivor in resolution.merged.items():
                entries[survivor].records |= lost[loser].records
            arrived: dict[PaperId, list[Record]] = defaultdict(list)
            for record, paper in zip(records, resolution.papers, strict=True):
                entry = entries.setdefault(paper, _Entry(paper, now))
                key = (record.source, record.source_id)
                kept = succeed(entry.records[key], record) if key in entry.records else record
                if kept is not None:
                    entry.records[key] = kept
                    arrived[paper].append(kept)
            touched = [entries[paper] for paper in {*arrived, *resolution.merged.values()}]
            await self._remember_seen(records, now)
            return await self._store(touched, lost, resolution.merged)

    async def quarantine(self, source: str, refused: Sequence[Refusal], now: datetime) -> None:
        """Keep what could not be read; see bot.ports.Archive."""
        await self._database.write_many(
            "INSERT OR REPLACE INTO refused VALUES (?, ?, ?, ?, ?)",
            [(source, r.record, r.reason, r.raw[:_RAW_LIMIT], moment(now)) for r in refused],
        )

    async def papers(self, ids: Sequence[PaperId]) -> list[Paper]:
        """The papers in the order asked; see bot.ports.Archive."""
        rows = await self._database.read(
            "SELECT loser, survivor FROM merged WHERE loser IN (SELECT value FROM json_each(?))", (json.dumps(ids),)
        )
        merged: dict[PaperId, PaperId] = dict(rows)
        survivors = [merged.get(paper, paper) for paper in ids]
        entries = await self._entries(set(survivors))
        return [before for paper in survivors if paper in entries and (before := entries[paper].before)]

    async def find(self, identifier: Identifier) -> PaperId | None:
        """The paper with this identifier; the oldest if there are several."""
        rows = await self._database.read(
            "SELECT min(paper_id) FROM identifiers WHERE scheme = ? AND value = ? AND link = 0",
            (identifier.scheme, identifier.value),
        )
        paper: PaperId | None = rows[0][0]
        return paper

    async def seen(self, paper: PaperId) -> list[RecordSeen]:
        """When each version of its records was first seen; see bot.ports.Archive."""
        rows = await self._database.read(
            "SELECT source, source_id, s.version, r.entered, s.at FROM records AS r JOIN seen AS s "
            "USING (source, source_id) WHERE r.paper_id = ? ORDER BY s.at, source, source_id, s.version",
            (paper,),
        )
        return [
            RecordSeen(source, source_id, version, to_day(entered), datetime.fromisoformat(at))
            for source, source_id, version, entered, at in rows
        ]

    async def matching(self, paper: PaperId, queries: Sequence[Query], now: datetime) -> list[bool]:
        """Ask the index for this paper alone; see bot.ports.Archive."""
        found = []
        async with self._database.snapshot() as connection:
            [(position,)] = await fetch(connection, "SELECT position FROM papers WHERE id = ?", (paper,)) or [(-1,)]
            for query in queries:
                compiled = compile_match(query.root, now.date())
                low, high = bounds(compiled)
                rows = await fetch(
                    connection, f"SELECT 1 {FOUND}", (compiled.match, max(low, position), min(high, position))
                )
                found.append(bool(rows))
        return found

    async def summary(self) -> ArchiveSummary:
        """What the archive holds."""
        count = await self.size()
        first = await self._database.read("SELECT first_seen FROM papers ORDER BY id LIMIT 1")
        since = first[0][0] if first else None
        per_source = await self._database.read("SELECT source, count(*) FROM records GROUP BY source ORDER BY source")
        return ArchiveSummary(count, to_moment(since), tuple((source, n) for source, n in per_source))

    async def size(self) -> int:
        """How many papers there are."""
        ((count,),) = await self._database.read("SELECT count(*) FROM papers")
        return int(count)

    async def check_index(self) -> None:
        """Rebuild the index if this version makes it otherwise than the one that wrote it."""
        async with self._database.transaction():
            if await self._database.meta("index_version") == INDEX_VERSION:
                return
            await self._database.write("INSERT INTO paper_index (paper_index) VALUES ('delete-all')")
            last = 0
            while ids := await self._database.read(
                "SELECT id FROM papers WHERE id > ? ORDER BY id LIMIT ?", (last, _REINDEX_BATCH)
            ):
                entries = await self._entries({paper for (paper,) in ids})
                await indexing.add(
                    self._database, [(e.position, e.before) for e in entries.values() if e.position and e.before]
                )
                last = ids[-1][0]
            await self._database.set_meta("index_version", INDEX_VERSION)

    # ------------------------------------------------------------ reading

    async def _touched(self, records: Sequence[Record]) -> set[PaperId]:
        """The stored papers that these records may belong to."""
        by_key = await self._database.read(
            "SELECT r.paper_id FROM json_each(?) AS k JOIN records AS r "
            "ON r.source = json_extract(k.value, '$[0]') AND r.source_id = json_extract(k.value, '$[1]')",
            (json.dumps([[r.source, r.source_id] for r in records]),),
        )
        named = {identifier for r in records for identifier in r.identifiers | r.same_work}
        by_identifier = await self._database.read(
            "SELECT i.paper_id FROM json_each(?) AS k JOIN identifiers AS i "
            "ON i.scheme = json_extract(k.value, '$[0]') AND i.value = json_extract(k.value, '$[1]')",
            (json.dumps([[i.scheme, i.value] for i in named]),),
        )
        return {paper for (paper,) in [*by_key, *by_identifier]}

    async def _entries(self, papers: Collection[PaperId]) -> dict[PaperId, _Entry]:
        rows = await self._database.read(
            f"SELECT p.id, p.first_seen, p.position, {RECORD_COLUMNS} FROM json_each(?) AS k "
            "JOIN papers AS p ON p.id = k.value JOIN records AS r ON r.paper_id = p.id",
            (json.dumps(list(papers)),),
        )
        entries: dict[PaperId, _Entry] = {}
        for paper, first_seen, position, *columns in rows:
            entry = entries.setdefault(paper, _Entry(paper, datetime.fromisoformat(first_seen), position))
            record = record_from(tuple(columns))
            entry.records[record.source, record.source_id] = record
        for entry in entries.values():
            entry.before = entry.paper()
        return entries

    # ------------------------------------------------------------ writing

    async def _remember_seen(self, records: Sequence[Record], now: datetime) -> None:
        await self._database.write_many(
            "INSERT OR IGNORE INTO seen VALUES (?, ?, ?, ?)",
            [(r.source, r.source_id, r.version, moment(now)) for r in records],
        )

    async def _store(
        self, touched: Sequence[_Entry], lost: Mapping[PaperId, _Entry], merged: Mapping[PaperId, PaperId]
    ) -> list[Change]:
        """Write the papers that are new or changed, in the index too, and give the changes."""
        if not touched:
            return []
        change = await self._next_change()
        await self._number(sorted((e for e in touched if e.id < 0), key=lambda e: -e.id))
        after = {entry.id: entry.paper() for entry in touched}
        stale = [
            e
            for e in touched
            if e.before and (e.id in merged.values() or index_key(e.before) != index_key(after[e.id]))
        ]
        moved = [e for e in touched if e.position and indexing.day_of(e.position) != after[e.id].date.toordinal()]
        outdated = {e.id: e for e in [*stale, *moved]}
        await indexing.remove(
            self._database,
            [(e.position, e.before) for e in [*outdated.values(), *lost.values()] if e.position and e.before],
        )
        await self._leave(moved, lost, change)
        placed = sorted((e for e in touched if e.position is None or e in moved), key=lambda e: e.id)
        positions = await indexing.free_positions(self._database, [after[e.id].date for e in placed])
        for entry, position in zip(placed, positions, strict=True):
            entry.position = position
        await self._write_papers(placed, change)
        if lost:
            await merge_papers(self._database, merged)
        await self._write_records(touched, after)
        index_again = {e.id: e for e in [*outdated.values(), *placed]}
        await indexing.add(self._database, [(e.position, after[e.id]) for e in index_again.values() if e.position])
        return [Change(after[e.id], e.before) for e in touched if e.before is None or _differs(e.before, after[e.id])]

    async def _next_change(self) -> int:
        change = int(await self._database.meta("change") or 0) + 1
        await self._database.set_meta("change", str(change))
        return change

    async def _number(self, new: Sequence[_Entry]) -> None:
        """Give new papers their numbers, in the order they came; numbers are never used twice."""
        rows = await self._database.read("SELECT seq FROM sqlite_sequence WHERE name = 'papers'")
        last = rows[0][0] if rows else 0
        for number, entry in enumerate(new, start=last + 1):
            entry.id = PaperId(number)

    async def _leave(self, moved: Sequence[_Entry], lost: Mapping[PaperId, _Entry], change: int) -> None:
        """Note who stood where, for the stored searches."""
        await self._database.write_many(
            "INSERT OR REPLACE INTO moves VALUES (?, ?, ?)",
            [(entry.position, change, entry.id) for entry in [*moved, *lost.values()]],
        )

    async def _write_papers(self, placed: Sequence[_Entry], change: int) -> None:
        await self._database.write_many(
            "INSERT INTO papers VALUES (?, ?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET position = excluded.position, placed = excluded.placed",
            [(e.id, e.position, moment(e.first_seen), change) for e in placed],
        )

    async def _write_records(self, touched: Sequence[_Entry], after: Mapping[PaperId, Paper]) -> None:
        await self._database.write_many(
            f"INSERT OR REPLACE INTO records (paper_id, {RECORD_COLUMNS}) "
            f"VALUES ({', '.join('?' * (1 + len(RECORD_COLUMNS.split(','))))})",
            [
                record_row(e.id, r)
                for e in touched
                for r in after[e.id].records
                if not e.before or r not in e.before.records
            ],
        )
        rows = {(i.scheme, i.value, e.id, link) for e in touched for i, link in _names(e)}
        await self._database.write_many("INSERT OR IGNORE INTO identifiers VALUES (?, ?, ?, ?)", sorted(rows))


def _names(entry: _Entry) -> Iterator[tuple[Identifier, int]]:
    for record in entry.records.values():
        yield from ((identifier, 0) for identifier in record.identifiers)
        yield from ((identifier, 1) for identifier in record.same_work)


def _holding(entry: _Entry) -> Holding:
    holding = Holding(set(entry.records))
    for identifier, link in _names(entry):
        (holding.links if link else holding.identifiers).add(identifier)
    return holding


def _differs(before: Paper, after: Paper) -> bool:
    """Whether a reader or a query could tell the two apart; a new revision stamp alone is no change."""
    return replace(before, records=()) != replace(after, records=()) or index_key(before) != index_key(after)
