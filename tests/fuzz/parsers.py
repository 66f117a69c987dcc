"""Damaged answers and files: what the parsers let through can be kept and found."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from functools import partial
from io import BytesIO
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from adapters.files import Format, read_file, read_jsonl
from adapters.sources import arxiv, pubmed
from adapters.sources.pubmed.parse import parse_search
from bot.errors import SourceError
from bot.model import Record
from storage.index_rows import index_row
from tests.examples import a_paper
from tests.fuzz import Check, generators, samples

_LARGEST_INTEGER = 2**63 - 1


def check_pubmed(body: bytes) -> None:
    try:
        records, _ = pubmed.parse(body)
    except SourceError:
        return
    _check_records(records)


def check_search(body: bytes) -> None:
    with suppress(SourceError):
        found = parse_search(body)
        assert found.count >= 0


def check_arxiv(read: Callable[[bytes], arxiv.Feed], body: bytes) -> None:
    try:
        feed = read(body)
    except SourceError:
        return
    _check_records(feed.records)


def check_lines(body: bytes) -> None:
    with suppress(SourceError):
        _check_records(item for item in read_jsonl(BytesIO(body)) if isinstance(item, Record))


def _check_records(records: Iterable[Record]) -> None:
    """What a parser lets through can be stored, indexed and shown."""
    for record in records:
        assert record.title
        assert record.source_id
        assert 0 < record.version <= _LARGEST_INTEGER
        json.dumps(asdict(record), ensure_ascii=False, default=str).encode()
        index_row(a_paper(record))


@contextmanager
def with_file() -> Iterator[Check]:
    with TemporaryDirectory() as folder:
        yield partial(_check_file, Path(folder) / "papers")


def a_file(random: Random) -> tuple[str, bytes]:
    form, found = random.choice(
        (
            ("pubmed-xml", samples.pubmed_sets()),
            ("arxiv-atom", samples.arxiv_answers() + samples.daily_feeds()),
            ("arxiv-oai", samples.oai_answers()),
            ("jsonl", samples.json_lines()),
        )
    )
    sample = random.choice(found)
    if random.random() < 0.5:
        return form, generators.damaged(random, sample)
    packed = gzip.compress(sample, mtime=0)
    return form, generators.damaged(random, packed)


def _check_file(path: Path, given: tuple[Format, bytes]) -> None:
    form, body = given
    path.write_bytes(body)
    _check_records(item for item in read_file(path, form) if isinstance(item, Record))
