"""Real papers from the shared data, as raw text: read without the project's parsers, so that they can be checked."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from lxml import etree

SHARED = Path(__file__).parents[2] / "shared" / "data"
PUBMED, ARXIV = SHARED / "pubmed" / "articles.xml.gz", SHARED / "arxiv_abstracts.jsonl.gz"
needs_shared_data = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data is not here")


@dataclass(frozen=True)
class Text:
    """What a paper's raw text says; ``listed`` is arXiv's day of listing."""

    source_id: str
    title: str
    abstract: str
    authors: str
    listed: str = ""

    def has(self, pattern: re.Pattern[str]) -> bool:
        """Whether it stands in the title, the abstract or the authors."""
        return any(pattern.search(part.lower()) for part in (self.title, self.abstract, self.authors))


def word(pattern: str) -> re.Pattern[str]:
    """Whole words only."""
    return re.compile(rf"(?<![^\W_])(?:{pattern})(?![^\W_])")


def pubmed_elements() -> list[etree._Element]:
    """The records of the PubMed set, as elements."""
    return list(etree.fromstring(gzip.decompress(PUBMED.read_bytes())))


def pubmed_id(record: etree._Element) -> str:
    """A record's PMID."""
    return _joined(record, "(MedlineCitation|BookDocument)/PMID").strip()


def pubmed_texts() -> Iterator[Text]:
    """The texts of the PubMed set."""
    for record in pubmed_elements():
        parts = [part for part in record.iterfind(".//Abstract/AbstractText") if "".join(part.itertext()).strip()]
        yield Text(
            pubmed_id(record),
            _joined(record, ".//ArticleTitle"),
            " | ".join(f"{part.get('Label', '')}: {''.join(part.itertext())}" for part in parts),
            _joined(
                record,
                ".//AuthorList/Author[not(@ValidYN='N')]/*[self::LastName or self::ForeName or self::CollectiveName]",
            ),
        )


def arxiv_texts() -> Iterator[Text]:
    """The texts of the arXiv listings."""
    with gzip.open(ARXIV, "rt", encoding="utf-8") as lines:
        for line in map(json.loads, lines):
            yield Text(line["id"], line["title"], line["abstract"], " | ".join(line["authors"]), line["listed"])


def _joined(record: etree._Element, path: str) -> str:
    found = record.xpath(path)
    assert isinstance(found, list)
    return " | ".join("".join(element.itertext()) for element in found if isinstance(element, etree._Element))
