"""How fast PubMed's XML is read and stored, beside lxml alone and Biopython, and how much memory a large file takes.

Biopython takes part if ``PYTHONPATH`` leads to the package Bio. The project does not need it.
"""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from lxml import etree

from adapters.demo.papers import Writer
from adapters.demo.pubmed_xml import article_set
from adapters.files import read_file
from bot.importing import import_records
from bot.model import Record
from storage import open_storage
from tests.benchmarks.measure import show, timed
from tests.examples import NOW

RECORDS = 5_000
REFERENCES = 27
"""With so many, a record is about as long as PubMed's own of these years."""

MEGABYTES, MANY_MEGABYTES = 20, 119
_MANY_PAPERS = 1_000_000
_BYTES = 15_100
_SLICE = 500
_RUNS = 3
_TAG, _END_TAG = b"<PubmedArticleSet>", b"</PubmedArticleSet>"
_REFERENCE = (
    "<Reference><Citation>Lee A, van Dyk B, Wang C. A work that nobody wrote, cited as number {0}. J Invented Radiol. "
    '2019 Mar;12(3):{0}-67.</Citation><ArticleIdList><ArticleId IdType="pubmed">{0}</ArticleId>'
    '<ArticleId IdType="doi">10.5555/cited.{0}</ArticleId></ArticleIdList></Reference>\n'
)
_MEASURED = """
import sys
from bot.__main__ import cli
cli(sys.argv[1:], standalone_mode=False)
[peak] = [line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")]
print(peak, file=sys.stderr)
"""


async def import_xml(folder: Path, papers: int = 0) -> None:
    """Made-up articles, bare ones and ones with references and MeSH headings: parsed by lxml, read as records, read by
    Biopython, imported into an empty archive; then a large file, of a size that ``papers`` decides."""
    for references in (0, REFERENCES):
        path = folder / f"pubmed-{references}.xml"
        write_set(path, RECORDS, references)
        await _compare(path, folder / f"import-{references}.sqlite3")
    _weigh(folder, MANY_MEGABYTES if papers >= _MANY_PAPERS else MEGABYTES)


def write_set(path: Path, records: int, references: int) -> None:
    """Write a file of made-up articles; with references they have MeSH headings too."""
    writer = Writer()
    cited = "".join(_REFERENCE.format(30_000_000 + n) for n in range(references))
    added = f"<ReferenceList>{cited}</ReferenceList></PubmedData>".encode() if references else b"</PubmedData>"
    with path.open("wb") as file:
        for start in range(0, records, _SLICE):
            made = [writer.pubmed(NOW) for _ in range(min(_SLICE, records - start))]
            if references:
                made = [replace(paper, headings=writer.headings(paper)) for paper in made]
            head, _, body = article_set(made).partition(_TAG)
            file.write(b"" if start else head + _TAG)
            file.write(body.rpartition(_END_TAG)[0].replace(b"</PubmedData>", added))
        file.write(_END_TAG)


async def _compare(path: Path, database: Path) -> None:
    rows = {"lxml.iterparse alone": _quickest(lambda: _parse(path)), "read as records": _quickest(lambda: _read(path))}
    async with open_storage(database) as storage:
        with timed() as whole:
            await import_records(read_file(path, "pubmed-xml"), storage, lambda: NOW, lambda _: None)
    rows["imported"] = whole.seconds
    try:
        entrez = importlib.import_module("Bio.Entrez")
    except ImportError:
        theirs = None
    else:
        theirs = rows["Biopython, Entrez.read without validation"] = _quickest(
            lambda: _biopython(entrez, path, validate=False)
        )
        rows["Biopython, Entrez.read"] = _quickest(lambda: _biopython(entrez, path, validate=True))
    bare = rows["lxml.iterparse alone"]
    show(
        f"PubMed XML, {RECORDS:,} records of {path.stat().st_size / RECORDS / 1000:.1f} kB",
        ("", "records/s", "time x lxml", "speed x Biopython"),
        [
            (
                name,
                f"{RECORDS / time:,.0f}",
                f"{time / bare:.1f}",
                f"{theirs / time:.1f}" if theirs else "not installed",
            )
            for name, time in rows.items()
        ],
    )


def _quickest(read: Callable[[], int]) -> float:
    """Seconds of the quickest of a few runs, each of which must find all records."""
    times = []
    for _ in range(_RUNS):
        with timed() as lap:
            count = read()
        assert count == RECORDS
        times.append(lap.seconds)
    return min(times)


def _parse(path: Path) -> int:
    count = 0
    for _, element in etree.iterparse(path, tag="PubmedArticle"):
        element.clear()
        count += 1
    return count


def _read(path: Path) -> int:
    return sum(isinstance(item, Record) for item in read_file(path, "pubmed-xml"))


def _biopython(entrez: Any, path: Path, *, validate: bool) -> int:
    with path.open("rb") as file:
        return len(entrez.read(file, validate=validate)["PubmedArticle"])


def _weigh(folder: Path, megabytes: int) -> None:
    """The peak memory of ``paperround import`` for a file of so many megabytes, beside that for ten records."""
    rows = []
    base = 0.0
    for name, count in (("10 records", 10), (f"{megabytes} MB", megabytes * 1_000_000 // _BYTES)):
        path = folder / f"weighed-{count}.xml"
        write_set(path, count, REFERENCES)
        peak = _peak_of_import(path, folder)
        base = base or peak
        rows.append((name, f"{path.stat().st_size / 1e6:.1f}", f"{peak:.0f}", f"{peak - base:.0f}"))
    show("Memory of an import", ("", "file, MB", "peak, MB", "more, MB"), rows)


def _peak_of_import(path: Path, folder: Path) -> float:
    config = folder / f"{path.stem}.toml"
    config.write_text(f"storage.path = {json.dumps(str(path.with_suffix('.sqlite3')))}\n")
    command = (sys.executable, "-c", _MEASURED, "import", str(path), "--format", "pubmed-xml", "--config", str(config))
    ended = subprocess.run(command, capture_output=True, check=True, text=True)
    return int(ended.stderr.split()[-1]) * 1024 / 1e6
