"""Files of papers, read into records: PubMed XML, arXiv Atom and OAI-PMH, and JSON lines.

A file is read as a stream, plain or gzip, whatever its name.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Literal, cast

from adapters.jsonl import read_jsonl, write_jsonl
from adapters.sources.arxiv import read_atom, read_oai
from adapters.sources.pubmed import read as read_pubmed
from bot.errors import SourceError
from bot.model import Record
from bot.ports import Refusal

__all__ = ["Format", "read_file", "read_jsonl", "write_jsonl"]

Format = Literal["pubmed-xml", "arxiv-atom", "arxiv-oai", "jsonl"]

_GZIP = b"\x1f\x8b"
_BUFFER = 1 << 16
_READERS: dict[Format, Callable[[BinaryIO], Iterator[Record | Refusal]]] = {
    "pubmed-xml": read_pubmed,
    "arxiv-atom": read_atom,
    "arxiv-oai": read_oai,
    "jsonl": read_jsonl,
}


def read_file(
    path: Path, form: Format, progress: Callable[[int], object] = lambda _: None
) -> Iterator[Record | Refusal]:
    """Read the records of a file one by one; what cannot be read comes as a Refusal with its reason.
    ``progress`` is told of every so many bytes more that are read. Raises OSError if it cannot be opened."""
    with path.open("rb", buffering=0) as raw:
        buffered = io.BufferedReader(raw, _BUFFER)
        packed = buffered.peek(len(_GZIP)).startswith(_GZIP)
        stream = cast("BinaryIO", gzip.GzipFile(fileobj=buffered) if packed else buffered)
        told = 0
        try:
            for item in _READERS[form](stream):
                yield item
                if (at := raw.tell()) != told:
                    progress(at - told)
                    told = at
        except SourceError as error:
            yield Refusal(path.name, str(error))
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            yield Refusal(path.name, f"the file is damaged, what follows cannot be read: {error}")
