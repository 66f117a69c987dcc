"""JSON lines: one paper a line, read into records and written.

A line has the keys ``source, source_id, title, abstract, authors, date, kind, doi, url`` and, if wanted, ``version,
venue, categories, language, status, identifiers`` (``["pmid:123", "arxiv:2503.11731"]``). Listings of arXiv with
``id, listed`` (for source_id and date) are read as well; their abstracts are wrapped, as arXiv keeps them. So are the
lines of arXiv's metadata snapshot.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import BinaryIO

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import PydanticKnownError

from adapters.sources.arxiv import snapshot
from adapters.sources.arxiv.fields import paragraphs, read_id
from bot.errors import SourceError
from bot.identity import parse_identifier
from bot.model import Identifier, Kind, Paper, Record, Status
from bot.ports import Refusal

MAX_LINE = 2_000_000
"""The most bytes of one line."""

_HOPELESS = 100
_RAW = 500
_PREPRINT_SOURCES = frozenset({"arxiv", "medrxiv", "biorxiv"})
_ADDRESSES = {"arxiv": "https://arxiv.org/abs/{}", "pubmed": "https://pubmed.ncbi.nlm.nih.gov/{}/"}
_SCHEMES = {"arxiv": "arxiv", "pubmed": "pmid"}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_REASONS = {"source_id": "it has no source_id", "source": "it has no source", "title": "it has no title"}


def read_jsonl(stream: BinaryIO) -> Iterator[Record | Refusal]:
    """Read JSON lines. Raises SourceError if the first lines show that it is something else."""
    readable, refused = False, 0
    for number, line in enumerate(_lines(stream), 1):
        if not line.strip():
            continue
        result = _read_line(number, line)
        yield result
        readable, refused = readable or isinstance(result, Record), refused + isinstance(result, Refusal)
        if refused == _HOPELESS and not readable:
            raise SourceError(f"none of its first {_HOPELESS} lines is a paper; the rest was not read")


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines; of one that is too long only the start, which is too long still."""
    while line := stream.readline(MAX_LINE + 1):
        yield line
        while len(line) > MAX_LINE and not line.endswith(b"\n"):
            line = stream.readline(MAX_LINE + 1)


def _read_line(number: int, line: bytes) -> Record | Refusal:
    if len(line) > MAX_LINE:
        reason = f"it is longer than {MAX_LINE:,} bytes"
    else:
        text = line.removeprefix(b"\xef\xbb\xbf")
        try:
            return snapshot.read_line(text) if snapshot.MARK in text else _Line.model_validate_json(text).record()
        except ValidationError as error:
            reason = _reason(error)
        except (ValueError, OverflowError) as error:
            reason = str(error)
    return Refusal(f"line {number}", reason, line[:_RAW].decode(errors="replace"))


def write_jsonl(papers: Iterable[Paper]) -> Iterator[str]:
    """Write each paper as a line (without its line end) that ``read_jsonl`` reads as a record of the same paper:
    the paper's own words under its preferred record's key, with all identifiers."""
    for paper in papers:
        best = paper.records[0]
        identifiers = {identifier for record in paper.records for identifier in record.identifiers}
        identifiers |= {Identifier(_SCHEMES[r.source], r.source_id) for r in paper.records if r.source in _SCHEMES}
        line = {
            "source": best.source,
            "source_id": best.source_id,
            "version": best.version,
            "title": paper.title,
            "abstract": paper.abstract,
            "authors": paper.authors,
            "date": paper.date.isoformat(),
            "kind": paper.kind,
            "venue": paper.venue,
            "categories": paper.categories,
            "doi": paper.doi,
            "url": paper.url,
            "language": paper.language,
            "status": paper.status,
            "identifiers": sorted(f"{identifier.scheme}:{identifier.value}" for identifier in identifiers),
        }
        yield json.dumps(line, ensure_ascii=False)


class _Line(BaseModel):
    """One line, leniently: aliases are taken and what is unknown is left."""

    model_config = ConfigDict(str_strip_whitespace=True, coerce_numbers_to_str=True)

    source: str = Field(min_length=1, max_length=40)
    source_id: str = Field(min_length=1, max_length=200, validation_alias=AliasChoices("source_id", "id"))
    title: str = Field(min_length=1)
    version: int | None = Field(default=None, ge=1, le=2**31 - 1)
    abstract: str = ""
    authors: tuple[str, ...] = ()
    published: date | None = Field(default=None, validation_alias="date")
    listed: date | None = None
    kind: Kind | None = None
    venue: str | None = None
    categories: tuple[str, ...] = ()
    doi: str | None = None
    url: str | None = None
    language: str | None = None
    status: Status | None = None
    identifiers: tuple[str, ...] = ()

    @field_validator("abstract", mode="before")
    @classmethod
    def _null_is_empty(cls, value: object) -> object:
        return "" if value is None else value

    @field_validator("authors", "categories", "identifiers", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """Names may stand in one text, with semicolons between them."""
        if value is None or isinstance(value, str):
            return [name for name in map(str.strip, (value or "").split(";")) if name]
        return value

    @field_validator("published", "listed", mode="before")
    @classmethod
    def _complete_date(cls, value: object) -> date | None:
        try:
            return date.fromisoformat(str(value)) if re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)) else None
        except ValueError:
            return None

    @field_validator("title", "source_id", "source")
    @classmethod
    def _one_line(cls, value: str) -> str:
        line = " ".join(_CONTROL.sub(" ", value).split())
        if not line:
            raise PydanticKnownError("string_too_short", {"min_length": 1})
        return line

    @field_validator("abstract")
    @classmethod
    def _text(cls, value: str) -> str:
        return _CONTROL.sub("", value)

    def record(self) -> Record:
        source = self.source.lower()
        source_id, version = _arxiv_id(self.source_id) if source == "arxiv" else (self.source_id, None)
        doi = _read_doi(self.doi)
        return Record(
            source=source,
            source_id=source_id,
            version=self.version or version or 1,
            kind=self.kind or (Kind.PREPRINT if source in _PREPRINT_SOURCES else Kind.ARTICLE),
            title=self.title,
            abstract=paragraphs(self.abstract) if self.listed else self.abstract,
            authors=self.authors,
            url=self._address(source, source_id, doi),
            published=self.published or self.listed,
            venue=self.venue,
            categories=self.categories,
            language=self.language,
            status=self.status,
            identifiers=frozenset(self._names(source, source_id, doi)),
        )

    def _address(self, source: str, source_id: str, doi: str | None) -> str:
        if self.url and re.fullmatch(r"https?://\S+", self.url):
            return self.url
        if source in _ADDRESSES:
            return _ADDRESSES[source].format(source_id)
        return f"https://doi.org/{doi}" if doi else ""

    def _names(self, source: str, source_id: str, doi: str | None) -> Iterator[Identifier]:
        if doi:
            yield Identifier("doi", doi)
        if source in _SCHEMES:
            yield Identifier(_SCHEMES[source], source_id)
        for scheme, _, value in (text.partition(":") for text in self.identifiers):
            if scheme in {"doi", "arxiv", "pmid"} and value:
                yield Identifier(scheme, value)


def _arxiv_id(text: str) -> tuple[str, int | None]:
    try:
        return read_id(text)
    except ValueError:
        return text, None


def _read_doi(text: str | None) -> str | None:
    found = parse_identifier(text) if text else None
    return found.value if found and found.scheme == "doi" else None


def _reason(error: ValidationError) -> str:
    first = error.errors()[0]
    field = str(first["loc"][0]) if first["loc"] else ""
    if first["type"] == "json_invalid":
        return f"it is not JSON: {first['ctx']['error']}"
    if not field:
        return "it is not a JSON object"
    if (field in _REASONS and first["type"] in {"missing", "string_too_short"}) or first["input"] is None:
        return _REASONS.get(field, f"it has no {field}")
    return f"{field}: {first['msg']}"
