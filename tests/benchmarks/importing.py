"""How fast PubMed's XML is read and stored, beside lxml alone."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from adapters.demo.papers import Writer
from adapters.demo.pubmed_xml import article_set
from adapters.files import read_file
from bot.importing import import_records
from storage import open_storage
from tests.benchmarks.measure import show, timed
from tests.examples import NOW

RECORDS = 5_000


async def import_xml(folder: Path) -> None:
    """A file of RECORDS made-up articles: parsed by lxml, read as records, imported into an empty archive."""
    path = folder / "pubmed.xml"
    writer = Writer()
    path.write_bytes(article_set(writer.pubmed(NOW) for _ in range(RECORDS)))
    with timed() as bare:
        for _, element in etree.iterparse(path, tag="PubmedArticle"):
            element.clear()
    with timed() as read:
        count = sum(1 for _ in read_file(path, "pubmed-xml"))
    async with open_storage(folder / "import.sqlite3") as storage:
        with timed() as whole:
            await import_records(read_file(path, "pubmed-xml"), storage, lambda: NOW, lambda _: None)
    assert count == RECORDS
    rows = [
        (name, f"{RECORDS / lap.seconds:,.0f}", f"{lap.seconds / bare.seconds:.1f}")
        for name, lap in (("lxml.iterparse alone", bare), ("read as records", read), ("imported", whole))
    ]
    size = path.stat().st_size / RECORDS / 1000
    show(f"PubMed XML, {RECORDS:,} records of {size:.1f} kB", ("", "records/s", "time x lxml"), rows)
