"""arXiv's metadata snapshot, one JSON object a line: https://www.kaggle.com/datasets/Cornell-University/arxiv."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from adapters.sources.arxiv.fields import make_record, read_id, read_moment, stamp
from bot.model import Record

MARK = b'"authors_parsed"'
"""Stands in every line of a snapshot and in no other JSON lines."""


class _Version(BaseModel):
    version: str = Field(pattern=r"^v[0-9]{1,4}$")
    created: str


class _Line(BaseModel):
    model_config = ConfigDict(coerce_numbers_to_str=True)

    id: str
    title: str
    authors_parsed: list[list[str]]
    versions: list[_Version] = Field(min_length=1)
    abstract: str | None = None
    categories: str | None = None
    comments: str | None = None
    doi: str | None = None
    journal_ref: str | None = Field(default=None, alias="journal-ref")


def read_line(line: bytes) -> Record:
    """Read a line. Raises ValueError (pydantic's ValidationError where the shape is not this)."""
    paper = _Line.model_validate_json(line)
    dates = {int(version.version[1:]): read_moment(version.created) for version in paper.versions}
    published = dates[min(dates)].date()
    return make_record(
        read_id(paper.id)[0],
        max(dates),
        title=paper.title,
        abstract=paper.abstract or "",
        authors=map(_name, paper.authors_parsed),
        doi=paper.doi or "",
        venue=paper.journal_ref or "",
        comment=paper.comments or "",
        categories=(paper.categories or "").split(),
        published=published,
        entered=published,
        revision=stamp(dates[max(dates)]),
    )


def _name(parts: list[str]) -> str:
    """Family name, given names, suffix and affiliations → given names, family name, suffix."""
    family, given, suffix = [*parts, "", "", ""][:3]
    return f"{given} {family} {suffix}"
