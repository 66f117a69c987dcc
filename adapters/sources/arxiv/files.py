"""Files of arXiv's XML, of any size: answers of the API, daily feeds in Atom, OAI-PMH pages and bare records.

Several documents may stand in one file, one after another. The memory of one record is enough for any file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from typing import BinaryIO

from lxml import etree
from lxml.etree import _Element

from adapters.sources.arxiv.oai import RECORD, error_in, read_record
from adapters.sources.arxiv.parse import ENTRY, read_entry, record_or_refusal
from bot.errors import SourceError
from bot.model import Record
from bot.ports import Refusal

MAX_RECORD = 2_000_000
"""The most bytes that are read without coming to the end of a record."""

_CHUNK = 1 << 16
_DECLARATION = re.compile(rb"<\?xml\s[^<>]*\?>")
_LONGEST_DECLARATION = 200


def read_atom(stream: BinaryIO) -> Iterator[Record | Refusal]:
    """Read Atom entries, from the API or a daily feed. Raises SourceError where it is not XML or of another kind."""
    return _read_elements(stream, ENTRY, read_entry, _says_no_entries)


def read_oai(stream: BinaryIO) -> Iterator[Record | Refusal]:
    """Read OAI records. Raises SourceError where it is not XML or of another kind, and for an error of OAI-PMH."""
    return _read_elements(stream, RECORD, read_record, _says_no_records)


def _says_no_entries(document: _Element) -> bool:
    return etree.QName(document).localname == "feed"


def _says_no_records(document: _Element) -> bool:
    if error := error_in(document):
        raise SourceError(f"arXiv answered with an error: {error}")
    return etree.QName(document).localname == "OAI-PMH"


def _read_elements(
    stream: BinaryIO,
    tag: str,
    read: Callable[[_Element], Record],
    says_none: Callable[[_Element], bool],
) -> Iterator[Record | Refusal]:
    """Read the elements of that name one by one, forgetting each."""
    parser = etree.XMLPullParser(
        ("end",),
        tag=tag,
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    name = etree.QName(tag).localname
    found, since_record = False, 0
    for piece in chain([b"<files>"], _documents(stream), [b"</files>"]):
        damage = _damage(partial(parser.feed, piece))
        since_record += len(piece)
        for _, element in parser.read_events():
            found, since_record = True, 0
            yield record_or_refusal(element, read)
            _forget(element)
        if damage:
            raise damage
        if since_record > MAX_RECORD:
            raise SourceError(f"there are more than {MAX_RECORD:,} bytes without the end of a <{name}>")
    documents: list[_Element] = []
    if damage := _damage(lambda: documents.extend(parser.close())):  # some is only told at the end
        raise damage
    if not found and not any(map(says_none, documents)):
        raise SourceError(f"the file holds no <{name}>")


def _documents(stream: BinaryIO) -> Iterator[bytes]:
    """The bytes without XML declarations, so that several documents can be parsed as parts of one."""
    rest = b""
    while chunk := stream.read(_CHUNK):
        data = _DECLARATION.sub(b"", rest + chunk)
        end = data.rfind(b"<", -_LONGEST_DECLARATION)
        end = len(data) if end < 0 else end
        yield data[:end]
        rest = data[end:]
    yield rest


def _damage(step: Callable[[], object]) -> SourceError | None:
    """What the parser finds wrong with the XML in this step."""
    try:
        step()
    except etree.XMLSyntaxError as error:
        return SourceError(f"the file is not the XML it should be: {error}")
    return None


def _forget(element: _Element) -> None:
    element.clear(keep_tail=False)
    while (earlier := element.getprevious()) is not None:
        earlier.getparent().remove(earlier)  # type: ignore[union-attr]
