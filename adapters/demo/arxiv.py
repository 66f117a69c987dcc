"""arXiv's query API as it answers (info.arxiv.org/help/api/user-manual.html): parameters in, an Atom feed out."""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha1
from urllib.parse import quote

from lxml import etree

from adapters.demo.answer import ATOM, Answer, add
from adapters.demo.arxiv_query import BadQuery, holds, parse, written
from adapters.demo.boolean import TooDeep
from adapters.demo.library import ArxivPaper, Paper, arxiv_papers

ATOM_NS = "http://www.w3.org/2005/Atom"
ARXIV_NS = "http://arxiv.org/schemas/atom"
OPENSEARCH_NS = "http://a9.com/-/spec/opensearch/1.1/"
_NAMESPACES = {"opensearch": OPENSEARCH_NS, "arxiv": ARXIV_NS, None: ATOM_NS}
_ID = re.compile(r"(\d{4}\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?/\d{7})(v\d+)?")
_REACH = 10_000
_MOST = 30_000


class Refused(ValueError):
    """A request that arXiv answers with an error feed; ``status`` is the HTTP status."""

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.status = status


def query(params: Mapping[str, str], library: list[Paper], now: datetime) -> Answer:
    """Answer /api/query. Parameters: search_query, id_list, start, max_results, sortBy, sortOrder."""
    try:
        start, size = _page(params)
        papers, asked = _find(params, arxiv_papers(library))
        _sort(papers, params)
    except (Refused, BadQuery, TooDeep) as error:
        return _error(str(error), now, getattr(error, "status", 400))
    ids = params.get("id_list", "")
    root = etree.Element(f"{{{ATOM_NS}}}feed", nsmap=_NAMESPACES)
    title = f"search_query={asked}&id_list={ids}&start={start}&max_results={size}"
    digest = urlsafe_b64encode(sha1(title.encode(), usedforsecurity=False).digest()).decode().rstrip("=")
    _add(root, "id", f"https://arxiv.org/api/{digest}")
    _add(root, "title", f"arXiv Query: {title}")
    _add(root, "updated", _stamp(now))
    href = f"https://arxiv.org/api/query?search_query={quote(asked)}&start={start}&max_results={size}&id_list={ids}"
    _add(root, "link", href=href, type="application/atom+xml")
    _add_numbers(root, size, len(papers), start)
    for paper in papers[start : start + size]:
        _add_entry(root, paper)
    return _feed(root)


def _page(params: Mapping[str, str]) -> tuple[int, int]:
    """Start and size; out of reach, or a size of 0, makes arXiv fail with HTTP 500."""
    texts = params.get("start") or "0", params.get("max_results") or "10"
    if not all(text.isdecimal() for text in texts):
        raise Refused("start and max_results must be non-negative integers")
    start, size = map(int, texts)
    if size > _MOST or start > _MOST:
        raise Refused(f"start and max_results must not exceed {_MOST}")
    if size == 0 or 1 + round(start / size) > _REACH // size:
        raise Refused("Internal Server Error", 500)
    return start, size


def _find(params: Mapping[str, str], papers: list[ArxivPaper]) -> tuple[list[ArxivPaper], str]:
    """The papers asked for, and the query as it was understood."""
    text, ids = params.get("search_query", "").strip(), params.get("id_list", "")
    if not text and not ids:
        raise Refused("search_query or id_list is required")
    if ids:
        papers = [found for part in ids.split(",") if (found := _by_id(part.strip(), papers))]
    if not text:
        return papers, ""
    node = parse(text)
    asked = written(node)
    asked = asked[1:-1] if asked.startswith("(") else asked
    return [paper for paper in papers if holds(node, paper)], asked


def _by_id(text: str, papers: list[ArxivPaper]) -> ArxivPaper | None:
    """The current version, or the one named."""
    if not _ID.fullmatch(text):
        raise Refused(f"incorrect id format for {text}")
    for paper in papers:
        version: ArxivPaper | None = paper
        while version:
            if text in {version.versioned_id, paper.id}:
                return version
            version = version.previous
    return None


def _sort(papers: list[ArxivPaper], params: Mapping[str, str]) -> None:
    descending = params.get("sortOrder", "descending") == "descending"
    match params.get("sortBy", "relevance"):
        case "lastUpdatedDate":
            papers.sort(key=lambda paper: paper.shown, reverse=descending)
        case "submittedDate":
            papers.sort(key=lambda paper: paper.submitted, reverse=descending)
        case "relevance":
            pass
        case other:
            raise Refused(f"sortBy must be in: relevance, lastUpdatedDate, submittedDate, not {other}")


def _add_entry(root: etree._Element, paper: ArxivPaper) -> None:
    entry = _add(root, "entry")
    _add(entry, "id", f"http://arxiv.org/abs/{paper.versioned_id}")
    _add(entry, "title", paper.title)
    _add(entry, "updated", _stamp(paper.shown))
    _add(entry, "link", href=f"https://arxiv.org/abs/{paper.versioned_id}", rel="alternate", type="text/html")
    pdf = f"https://arxiv.org/pdf/{paper.versioned_id}"
    _add(entry, "link", href=pdf, rel="related", type="application/pdf", title="pdf")
    _add(entry, "summary", paper.abstract)
    for category in paper.categories:
        _add(entry, "category", term=category, scheme=ARXIV_NS)
    _add(entry, "published", _stamp(paper.submitted))
    if paper.comment:
        _add(entry, "comment", paper.comment, ARXIV_NS)
    _add(entry, "primary_category", None, ARXIV_NS, term=paper.categories[0])
    if paper.journal_ref:
        _add(entry, "journal_ref", paper.journal_ref, ARXIV_NS)
    for name in paper.authors:
        _add(_add(entry, "author"), "name", name)
    if paper.doi:
        _add(entry, "doi", paper.doi, ARXIV_NS)
        _add(entry, "link", rel="related", href=f"https://doi.org/{paper.doi}", title="doi")


def _error(reason: str, now: datetime, status: int) -> Answer:
    """The feed with one entry titled Error."""
    root = etree.Element(f"{{{ATOM_NS}}}feed", nsmap=_NAMESPACES)
    _add(root, "id", "https://arxiv.org/")
    _add(root, "title", "arXiv Search Results")
    _add(root, "updated", _stamp(now))
    _add_numbers(root, 1, 1, 0)
    entry = _add(root, "entry")
    address = "https://arxiv.org/api/errors#" + re.sub(r"\W+", "_", reason)
    _add(entry, "id", address)
    _add(entry, "title", "Error")
    _add(entry, "updated", _stamp(now))
    _add(entry, "link", href=address, rel="alternate", type="text/html")
    _add(entry, "summary", reason)
    _add(_add(entry, "author"), "name", "arXiv api core")
    return _feed(root, status)


def _add_numbers(root: etree._Element, size: int, total: int, start: int) -> None:
    for tag, number in (("itemsPerPage", size), ("totalResults", total), ("startIndex", start)):
        _add(root, tag, str(number), OPENSEARCH_NS)


def _add(
    parent: etree._Element, tag: str, text: str | None = None, namespace: str = ATOM_NS, **attributes: str
) -> etree._Element:
    return add(parent, f"{{{namespace}}}{tag}", text, **attributes)


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _feed(root: etree._Element, status: int = 200) -> Answer:
    return Answer(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True), ATOM, status)
