"""Ready-made records, papers and channels for tests; say only what matters: ``a_record(title="…")``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from bot.identity import compose
from bot.model import Channel, ChannelRef, Identifier, Kind, Paper, PaperId, Record
from bot.query import Query, parse

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
CHANNEL = Channel(ChannelRef("local", "", "papers"), "papers", "now")
OTHER_CHANNEL = Channel(ChannelRef("local", "", "reading"), "reading", "now")

_numbers = count(1)


def a_record(**changes: Any) -> Record:
    """A PubMed article with a PMID of its own."""
    number = str(changes.pop("source_id", 70_000_000 + next(_numbers)))
    record = Record(
        source="pubmed",
        source_id=number,
        version=1,
        kind=Kind.ARTICLE,
        title=f"Chest radiographs read by a network, part {number}",
        abstract="BACKGROUND: Reading takes time.\nCONCLUSIONS: The network saved some of it.",
        authors=("Ada B Lind", "Çelik Demir"),
        url=f"https://pubmed.ncbi.nlm.nih.gov/{number}/",
        published=date(2026, 11, 12),
        entered=date(2026, 11, 13),
        venue="Journal of Made-up Radiology",
        identifiers=frozenset({Identifier("pmid", number)}),
    )
    return replace(record, **changes)


def an_arxiv_record(**changes: Any) -> Record:
    """An arXiv preprint with an id of its own."""
    number = str(changes.pop("source_id", f"2611.{next(_numbers):05}"))
    record = Record(
        source="arxiv",
        source_id=number,
        version=1,
        kind=Kind.PREPRINT,
        title=f"A network reads chest radiographs, note {number}",
        abstract="We let a network read radiographs. It saved time.",
        authors=("Ada B Lind",),
        url=f"https://arxiv.org/abs/{number}",
        published=date(2026, 11, 10),
        entered=date(2026, 11, 10),
        categories=("cs.CV", "eess.IV"),
        identifiers=frozenset({Identifier("arxiv", number)}),
    )
    return replace(record, **changes)


def a_paper(*records: Record, number: int = 1, first_seen: datetime = NOW) -> Paper:
    """A paper made of these records, or of one example."""
    return compose(PaperId(number), records or (a_record(),), first_seen)


def doi(value: str) -> Identifier:
    """A DOI as an identifier."""
    return Identifier("doi", value)


def pmids(values: Iterable[int]) -> frozenset[Identifier]:
    """PMIDs as identifiers."""
    return frozenset(Identifier("pmid", str(value)) for value in values)


def a_query(text: str = "radiographs") -> Query:
    """A parsed query."""
    return parse(text)
