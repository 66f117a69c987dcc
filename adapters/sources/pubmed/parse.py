"""PubMed's XML: bytes → records, refusals and search results (pure).

A set is cut into records at their tags, and each is parsed alone: one that is damaged is refused while the rest goes
on, and a file of any size needs the memory of one record. The parser expands no entity, loads no DTD and opens no URL.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from lxml import etree

from adapters.sources.pubmed.record import UnreadableRecord, record_of
from bot.errors import SourceError
from bot.model import Record
from bot.ports import Refusal

MAX_RECORD = 2_000_000
"""The most bytes of one record."""

_CHUNK = 1 << 16
_LONGEST_TAG = 64
_QUARANTINED = 2_000
_MAX_MESSAGE = 300
_SETS = frozenset({"PubmedArticleSet", "PubmedBookArticleSet"})
_START = re.compile(rb"<Pubmed(?:Book)?Article[\s>]")
_END = re.compile(rb"</Pubmed(?:Book)?Article\s*>")
_LAST_TAG = re.compile(rb"(?:</Pubmed(?:Book)?ArticleSet\s*|<Pubmed(?:Book)?ArticleSet[^<>]*/)>\s*\Z")
_AROUND_RECORDS = re.compile(
    rb"\A(?:\xef\xbb\xbf|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*+(?:\[.*?\]\s*+)?>|</?Pubmed(?:Book)?ArticleSet[^<>]*>"
    rb"|<DeleteCitation>.*?</DeleteCitation>|\s++)*+",
    re.DOTALL,
)
_PMID = re.compile(rb"<(?:MedlineCitation|BookDocument)[^<>]*>\s*<PMID[^<>]*>\s*([0-9]+)")
_COUNT = re.compile(r"[0-9]{1,12}")
_ERROR = re.compile(rb"<ERROR>(.*?)(?:</ERROR>|\Z)", re.DOTALL)
_PARSER = etree.XMLParser(
    resolve_entities=False,
    no_network=True,
    huge_tree=False,
    load_dtd=False,
    remove_comments=True,
    remove_pis=True,
)
_ALONE = b'<set xmlns:mml="http://www.w3.org/1998/Math/MathML">%b</set>'


class Stream(Protocol):
    """What is read of a file, a gzip file or the like."""

    def read(self, size: int, /) -> bytes:
        """At most ``size`` bytes; none at the end."""


def parse(body: bytes) -> tuple[list[Record], list[Refusal]]:
    """Read an efetch answer. Raises SourceError if it is no set of PubMed records at all."""
    records: list[Record] = []
    refused: list[Refusal] = []
    for result in read(io.BytesIO(body)):
        if isinstance(result, Record):
            records.append(result)
        else:
            refused.append(result)
    return records, refused


def read(stream: Stream) -> Iterator[Record | Refusal]:
    """Read a set of any size, record by record. Raises SourceError if it is no set of PubMed records at all."""
    piece = b""
    for piece in _pieces(stream):
        yield from _read_piece(piece)
    if not (_LAST_TAG.search(piece) or _START.search(piece)):
        yield _refusal(piece, "the set ends before its last tag: records may be missing")


def _pieces(stream: Stream) -> Iterator[bytes]:
    """Cut after each record; the last piece is what follows. Of a record that is too long only the start is given."""
    buffer, too_long = b"", False
    for chunk in _chunks(stream):
        buffer += chunk
        start = 0
        for end in _END.finditer(buffer):
            if not too_long:
                yield buffer[start : end.end()]
            start, too_long = end.end(), False
        buffer = buffer[start:]
        if len(buffer) > MAX_RECORD:
            if not too_long:
                yield buffer
            buffer, too_long = buffer[-_LONGEST_TAG:], True
    if not too_long:
        yield buffer


def _chunks(stream: Stream) -> Iterator[bytes]:
    head = stream.read(_CHUNK)
    if _root_tag(head) not in _SETS:
        raise _unexpected(head, "PubmedArticleSet")
    yield head
    while chunk := stream.read(_CHUNK):
        yield chunk


def _read_piece(piece: bytes) -> Iterator[Record | Refusal]:
    starts = [start.start() for start in _START.finditer(piece)]
    if stray := _AROUND_RECORDS.sub(b"", piece[: starts[0]] if starts else piece):
        yield _refusal(stray, "there is text outside of any record")
    for start, end in pairwise([*starts, len(piece)]):
        yield _read_record(piece[start:end])


def _read_record(xml: bytes) -> Record | Refusal:
    if len(xml) > MAX_RECORD:
        return _refusal(xml, f"it is longer than {MAX_RECORD:,} bytes")
    try:
        return record_of(etree.fromstring(_ALONE % xml, _PARSER)[0])
    except etree.XMLSyntaxError as error:
        return _refusal(xml, f"it is not well-formed XML ({error.msg})")
    except UnreadableRecord as error:
        return _refusal(xml, str(error))


def _refusal(xml: bytes, reason: str) -> Refusal:
    pmid = _PMID.search(xml)
    name = pmid[1].decode() if pmid else "a record without a PMID"
    return Refusal(name, reason, xml[:_QUARANTINED].decode(errors="replace"))


def _root_tag(head: bytes) -> str | None:
    """The name of the first element, even if what follows is damaged; None if there is none."""
    parser = etree.XMLPullParser(("start",), resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    with suppress(etree.XMLSyntaxError):
        parser.feed(head)
    return next((str(element.tag) for _, element in parser.read_events()), None)


def _unexpected(body: bytes, wanted: str) -> SourceError:
    if error := _ERROR.search(body):
        return SourceError(f"PubMed answered with an error: {_one_line(error[1])}")
    tag = _root_tag(body)
    came = {None: "something that is no XML", "html": "an HTML page", "head": "an HTML page"}.get(tag, f"<{tag}>")
    return SourceError(f"PubMed answered with {came} instead of <{wanted}>")


def _one_line(text: bytes) -> str:
    return " ".join(text.decode(errors="replace").split())[:_MAX_MESSAGE]


# ---------------------------------------------------------------- esearch


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a search: how many records match in all, the PMIDs on this page, and tags PubMed did not know."""

    count: int
    pmids: tuple[str, ...]
    unknown_tags: tuple[str, ...] = ()


def parse_feed_title(body: bytes) -> str:
    """Read the title of an RSS feed. Raises SourceError."""
    try:
        root = etree.fromstring(body, _PARSER)
    except etree.XMLSyntaxError as error:
        raise _unexpected(body, "rss") from error
    title = " ".join(root.findtext("channel/title", "").split())
    if root.tag != "rss" or not title:
        raise _unexpected(body, "rss")
    return title


def parse_search(body: bytes) -> Found:
    """Read an esearch answer; ErrorList and WarningList are remarks, ERROR is a failure. Raises SourceError."""
    try:
        root = etree.fromstring(body, _PARSER)
    except etree.XMLSyntaxError as error:
        raise _unexpected(body, "eSearchResult") from error
    count = root.findtext("Count", "")
    if root.tag != "eSearchResult" or root.find("ERROR") is not None or not _COUNT.fullmatch(count):
        raise _unexpected(body, "eSearchResult")
    pmids = tuple(element.text for element in root.iterfind("IdList/Id") if element.text)
    return Found(int(count), pmids, tuple(element.text or "" for element in root.iterfind("ErrorList/FieldNotFound")))
