"""What is damaged: answers of the sources from tests/data and from the demo, and configuration files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from adapters.demo import arxiv, arxiv_rss, eutils
from adapters.demo.library import ArxivPaper, Paper, PubmedPaper
from adapters.demo.papers import Writer, archive
from adapters.demo.pubmed_xml import article_set
from adapters.files import write_jsonl
from adapters.sources.arxiv import parse_api
from adapters.sources.pubmed import parse
from bot.model import Record
from tests.examples import NOW, a_paper

_ROOT = Path(__file__).parents[2]
_DATA = _ROOT / "tests" / "data"
_RECORD = re.compile(rb"<Pubmed(Book)?Article[ >].*?</Pubmed(Book)?Article>", re.DOTALL)
_OAI_RECORD = re.compile(rb"<record>.*?</record>", re.DOTALL)


@cache
def _library() -> tuple[Paper, ...]:
    return tuple(archive(Writer(), NOW, 24))


@cache
def pubmed_sets() -> tuple[bytes, ...]:
    """The fixture whole and record by record, and sets of one or two of the demo's articles."""
    whole = (_DATA / "pubmed" / "records.xml").read_bytes()
    alone = [b"<PubmedArticleSet>%b</PubmedArticleSet>" % record[0] for record in _RECORD.finditer(whole)]
    papers = [paper for paper in _library() if isinstance(paper, PubmedPaper)]
    return (whole, *alone, article_set(papers[:1]), article_set(papers[1:3]), article_set(papers[-1:]))


@cache
def searches() -> tuple[bytes, ...]:
    """Answers of PubMed's search."""
    terms = "(network[tiab])", "(nosuchword[tiab])", "(a[nosuchtag])", ""
    return tuple(eutils.esearch({"term": term, "retmax": "5"}, list(_library()), NOW).body for term in terms)


@cache
def arxiv_answers() -> tuple[bytes, ...]:
    """Answers of the query API."""
    return (*_files("api*.xml"), *(_found(start) for start in range(3)))


@cache
def daily_feeds() -> tuple[bytes, ...]:
    """Daily feeds, RSS and Atom."""
    made = (arxiv_rss.feed(kind, "eess.IV+cs.CV", list(_library()), NOW).body for kind in ("rss", "atom"))
    return (*_files("daily*.xml"), *made)


@cache
def oai_answers() -> tuple[bytes, ...]:
    """A ListRecords answer, and each of its records alone."""
    (whole,) = _files("oai.xml")
    return (whole, *(record[0] for record in _OAI_RECORD.finditer(whole)))


@cache
def json_lines() -> tuple[bytes, ...]:
    """One line, several, and one as in arXiv's listings."""
    lines = [line.encode() for line in write_jsonl(a_paper(record) for record in records())]
    listing = (
        b'{"id": "2611.00001v2", "listed": "2026-11-20", "title": "Lanterns", "abstract": "We describe\\n  none.",'
        b' "authors": ["Ada Example"], "version": 2, "status": null, "doi": "10.9999/made.1; x", "categories": "cs.CV"}'
    )
    return (*lines[:3], b"\n".join(lines[3:6]), listing)


@cache
def records() -> tuple[Record, ...]:
    """What the parsers read in the undamaged samples."""
    read: Iterator[Record] = (record for sample in pubmed_sets() for record in parse(sample)[0])
    found = (record for sample in arxiv_answers() for record in parse_api(sample).records)
    return (*read, *found)


@cache
def configurations() -> tuple[bytes, ...]:
    """The example file, and those that the README shows."""
    shown = re.findall(
        r"^```toml\n(.*?)^```$", (_ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    return ((_ROOT / "config.example.toml").read_bytes(), *(text.encode() for text in shown))


def _files(pattern: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted((_DATA / "arxiv").glob(pattern))]


def _found(start: int) -> bytes:
    papers = [paper for paper in _library() if isinstance(paper, ArxivPaper)]
    asked = {"search_query": "all:a OR cat:eess.IV", "start": str(start * 2), "max_results": "2"}
    return arxiv.query(asked, list(papers), NOW).body
