"""What the command line prints: tables and lines for people, JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.model import Paper
from bot.ports import SearchPage


def search_as_json(query: str, found: SearchPage) -> dict[str, Any]:
    """A page of results; ``query`` as it was typed."""
    return {
        "query": query,
        "sort": found.sort,
        "page": found.page,
        "pages": found.pages,
        "per_page": found.per_page,
        "total": found.total,
        "papers": [_paper_as_json(paper) for paper in found.papers],
    }


def _paper_as_json(paper: Paper) -> dict[str, Any]:
    return {
        "id": f"P{paper.id}",
        "title": paper.title,
        "authors": paper.authors,
        "abstract": paper.abstract,
        "kind": paper.kind,
        "date": paper.date.isoformat(),
        "venue": paper.venue,
        "doi": paper.doi,
        "url": paper.url,
        "records": [
            {"source": r.source, "source_id": r.source_id, "version": r.version, "url": r.url} for r in paper.records
        ],
        "status": paper.status,
    }


def print_json(value: object) -> None:
    """Print a value as JSON to standard output."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_table(titles: Sequence[str], rows: Iterable[Iterable[object]]) -> None:
    """Print a table to standard output, as wide as the terminal; None is an empty cell."""
    table = Table(*titles, box=box.SIMPLE_HEAD)
    for row in rows:
        table.add_row(*(Text(_plain("" if cell is None else str(cell)), overflow="fold") for cell in row))
    Console().print(table)


def say(text: str, *, err: bool = False) -> None:
    """Print a line to standard output, or to standard error."""
    typer.echo(_plain(text), err=err)


def _plain(text: str) -> str:
    """Text from elsewhere must not steer the terminal."""
    return "".join(char for char in text if char.isprintable() or char == "\n")
