"""Where a paper can be read: its records, PDF, free text, DOI, and the library's way to it (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from bot.model import Kind, Paper, Record
from bot.wording.links import safe_url
from bot.wording.papers import source_title
from bot.wording.shortening import shorten
from bot.wording.text import readable

_FREE_TEXT = "pmc.ncbi.nlm.nih.gov"
_ARXIV_DOI = "10.48550/"
_LONGEST_ID = 60


@dataclass(frozen=True, slots=True)
class Link:
    """One way to a paper. ``url`` is safe to show, None if there was none such: then only the label is shown."""

    label: str
    url: str | None


def paper_links(paper: Paper, proxy: str = "") -> list[Link]:
    """Give every way to a paper, each once. ``proxy`` is a library's EZproxy prefix, such as
    ``https://proxy.example.edu/login?url=``; what needs no subscription is not asked of it.
    """
    links = [link for record in paper.records for link in _of_record(record)]
    if paper.doi:
        doi = safe_url(f"https://doi.org/{quote(paper.doi, safe='/:;()._-', errors='replace')}")
        links.append(Link(f"DOI {paper.doi}", doi))
        if proxy and doi and paper.kind is Kind.ARTICLE and not paper.doi.startswith(_ARXIV_DOI):
            links.append(Link("Through your library", safe_url(proxy + doi)))
    return list({link.url or link.label: link for link in links}.values())


def record_name(source: str, source_id: str, version: int) -> str:
    """Return ``PubMed 41234567`` or ``arXiv 2611.01234 v2``."""
    numbered = f" v{version}" if version > 1 else ""
    return f"{source_title(source)} {shorten(readable(source_id), _LONGEST_ID)}{numbered}"


def _of_record(record: Record) -> list[Link]:
    links = [Link(record_name(record.source, record.source_id, record.version), safe_url(record.url))]
    if pdf := safe_url(record.pdf_url):
        free = urlsplit(pdf).hostname == _FREE_TEXT and not pdf.endswith(".pdf")
        links.append(Link("Free text (PMC)" if free else f"PDF ({source_title(record.source)})", pdf))
    return links
