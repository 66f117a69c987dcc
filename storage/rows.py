"""Rows of the records table ↔ Record (pure)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from bot.model import Channel, ChannelRef, Identifier, Kind, PaperId, Record, Status

RECORD_COLUMNS = (
    "source, source_id, version, kind, title, abstract, authors, url, published, entered, venue, categories, "
    "language, status, pdf_url, identifiers, same_work, revision, partial"
)
"""In the order of ``record_row`` and ``record_from``; paper_id goes before them."""


def record_row(paper: PaperId, record: Record) -> tuple[Any, ...]:
    """The paper's id and the columns of RECORD_COLUMNS."""
    return (
        paper,
        record.source,
        record.source_id,
        record.version,
        record.kind.value,
        record.title,
        record.abstract,
        _dump(record.authors),
        record.url,
        _day(record.published),
        _day(record.entered),
        record.venue,
        _dump(record.categories),
        record.language,
        record.status.value if record.status else None,
        record.pdf_url,
        _dump_identifiers(record.identifiers),
        _dump_identifiers(record.same_work),
        record.revision,
        int(record.partial),
    )


def record_from(row: tuple[Any, ...]) -> Record:
    """The record of a row of RECORD_COLUMNS."""
    return Record(
        source=row[0],
        source_id=row[1],
        version=row[2],
        kind=Kind(row[3]),
        title=row[4],
        abstract=row[5],
        authors=tuple(json.loads(row[6])),
        url=row[7],
        published=to_day(row[8]),
        entered=to_day(row[9]),
        venue=row[10],
        categories=tuple(json.loads(row[11])),
        language=row[12],
        status=Status(row[13]) if row[13] else None,
        pdf_url=row[14],
        identifiers=_load_identifiers(row[15]),
        same_work=_load_identifiers(row[16]),
        revision=row[17],
        partial=bool(row[18]),
    )


CHANNEL_ID = "(SELECT id FROM channels WHERE platform = ? AND workspace = ? AND channel = ?)"
"""A channel's number; takes the parameters of ``channel_key``."""


def channel_key(ref: ChannelRef) -> tuple[str, str, str]:
    """What names a channel in the database."""
    return ref.platform, ref.workspace, ref.id


CHANNEL_COLUMNS = "c.platform, c.workspace, c.channel, c.name, c.schedule, c.zone, c.managed"
"""In the order of ``to_channel``, of ``channels AS c``."""


def to_channel(row: Iterable[Any]) -> Channel:
    """The channel of a row of CHANNEL_COLUMNS."""
    platform, workspace, id_, name, schedule, zone, managed = row
    return Channel(ChannelRef(platform, workspace, id_), name, schedule, zone, bool(managed))


def moment(value: datetime) -> str:
    """A datetime as stored: ISO 8601 in UTC."""
    return value.isoformat(timespec="milliseconds")


def to_moment(text: str | None) -> datetime | None:
    """A stored datetime, or None."""
    return datetime.fromisoformat(text) if text else None


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def to_day(text: str | None) -> date | None:
    """A stored day, or None."""
    return date.fromisoformat(text) if text else None


def _dump(values: Iterable[str]) -> str:
    return json.dumps(list(values), ensure_ascii=False)


def _dump_identifiers(identifiers: Iterable[Identifier]) -> str:
    return json.dumps(sorted([i.scheme, i.value] for i in identifiers), ensure_ascii=False)


def _load_identifiers(text: str) -> frozenset[Identifier]:
    return frozenset(Identifier(scheme, value) for scheme, value in json.loads(text))
