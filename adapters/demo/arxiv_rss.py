"""arXiv's announcement feeds, RSS and Atom (info.arxiv.org/help/rss_specifications.html).

A feed holds what was announced on the current day, New York time, in the categories asked for. The demo announces
on every day of the week, so that it has something to show on a Sunday.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from lxml import etree

from adapters.demo.answer import ATOM, RSS, Answer, add
from adapters.demo.arxiv import ARXIV_NS, ATOM_NS
from adapters.demo.library import ArxivPaper, Paper, arxiv_papers

_EASTERN = ZoneInfo("America/New_York")
_DC_NS = "http://purl.org/dc/elements/1.1/"
_ARCHIVES = frozenset(
    """astro-ph cond-mat cs econ eess gr-qc hep-ex hep-lat hep-ph hep-th math math-ph nlin nucl-ex nucl-th physics
    q-bio q-fin quant-ph stat""".split()  # noqa: SIM905 - names read best so
)
_ORDER = ("new", "cross", "replace", "replace-cross")
_LAST_ANNOUNCED_VERSION = 5
_LICENCE = "http://creativecommons.org/licenses/by/4.0/"


def feed(kind: str, categories: str, library: list[Paper], now: datetime, etag: str | None = None) -> Answer:
    """Answer /rss/CATEGORIES or /atom/CATEGORIES (``kind``); 304 if ``etag`` is still right."""
    asked = categories.split("+")
    address = f"http://rss.arxiv.org/{kind}/{categories}"
    if bad := [name for name in asked if _archive(name) not in _ARCHIVES]:
        return _error(kind, address, bad[0])
    midnight = now.astimezone(_EASTERN).replace(hour=0, minute=0, second=0, microsecond=0)
    batch = _batch(asked, library, midnight, now)
    built = max((paper.listed for _, paper in batch), default=midnight)
    body = (_rss if kind == "rss" else _atom)(address, categories, batch, midnight, built)
    tag = f'"{sha256(body).hexdigest()}"'
    age = int((midnight + timedelta(days=1) - now).total_seconds())
    headers = {"ETag": tag, "Cache-Control": f"max-age={age}"}
    if etag and tag in etag:
        return Answer(b"", RSS if kind == "rss" else ATOM, 304, headers)
    return Answer(body, RSS if kind == "rss" else ATOM, headers=headers)


def announce_type(paper: ArxivPaper, asked: list[str]) -> str | None:
    """How a version is announced to those who asked for these categories; None if it is not."""
    ours = [any(name == wanted or name.startswith(wanted + ".") for wanted in asked) for name in paper.categories]
    if not any(ours) or paper.version > _LAST_ANNOUNCED_VERSION:
        return None
    if paper.version == 1:
        return "new" if ours[0] else "cross"
    return "replace" if ours[0] else "replace-cross"


def _batch(asked: list[str], library: list[Paper], midnight: datetime, now: datetime) -> list[tuple[str, ArxivPaper]]:
    announced = [
        (kind, paper)
        for paper in arxiv_papers(library)
        if midnight <= paper.listed <= now and (kind := announce_type(paper, asked))
    ]
    return sorted(announced, key=lambda pair: (_ORDER.index(pair[0]), pair[1].id))


def _rss(address: str, name: str, batch: list[tuple[str, ArxivPaper]], midnight: datetime, built: datetime) -> bytes:
    root, channel = _rss_channel(
        f"{name} updates on arXiv.org", address, f"{name} updates on the arXiv.org e-print archive."
    )
    link = add(channel, f"{{{ATOM_NS}}}link", href=address, rel="self")
    link.set("type", "application/rss+xml")
    add(channel, "docs", "http://www.rssboard.org/rss-specification")
    add(channel, "language", "en-us")
    add(channel, "lastBuildDate", format_datetime(built.astimezone(_EASTERN)))
    add(channel, "managingEditor", "rss-help@arxiv.org")
    add(channel, "pubDate", format_datetime(midnight))
    days = add(channel, "skipDays")
    add(days, "day", "Sunday")
    add(days, "day", "Saturday")
    for kind, paper in batch:
        item = add(channel, "item")
        add(item, "title", paper.title)
        add(item, "link", f"https://arxiv.org/abs/{paper.id}")
        add(item, "description", _summary(kind, paper))
        add(item, "guid", f"oai:arXiv.org:{paper.versioned_id}", isPermaLink="false")
        for category in paper.categories:
            add(item, "category", category)
        add(item, "pubDate", format_datetime(midnight))
        _add_extras(item, kind, paper)
    return _bytes(root)


def _rss_channel(title: str, link: str, description: str) -> tuple[etree._Element, etree._Element]:
    root = etree.Element("rss", {"version": "2.0"}, nsmap={"arxiv": ARXIV_NS, "dc": _DC_NS, "atom": ATOM_NS})
    channel = add(root, "channel")
    add(channel, "title", title)
    add(channel, "link", link)
    add(channel, "description", description)
    return root, channel


def _atom(address: str, name: str, batch: list[tuple[str, ArxivPaper]], midnight: datetime, built: datetime) -> bytes:
    root = etree.Element(f"{{{ATOM_NS}}}feed", nsmap={"arxiv": ARXIV_NS, "dc": _DC_NS, None: ATOM_NS})
    root.set("{http://www.w3.org/XML/1998/namespace}lang", "en-us")
    atom = f"{{{ATOM_NS}}}"
    add(root, atom + "id", address)
    add(root, atom + "title", f"{name} updates on arXiv.org")
    add(root, atom + "updated", built.isoformat())
    add(root, atom + "link", href=address, rel="self", type="application/atom+xml")
    add(root, atom + "subtitle", f"{name} updates on the arXiv.org e-print archive.")
    for kind, paper in batch:
        entry = add(root, atom + "entry")
        add(entry, atom + "id", f"oai:arXiv.org:{paper.versioned_id}")
        add(entry, atom + "title", paper.title)
        add(entry, atom + "updated", built.isoformat())
        add(entry, atom + "link", href=f"https://arxiv.org/abs/{paper.id}", rel="alternate", type="text/html")
        add(entry, atom + "summary", _summary(kind, paper))
        for category in paper.categories:
            add(entry, atom + "category", term=category)
        add(entry, atom + "published", midnight.isoformat())
        _add_extras(entry, kind, paper)
    return _bytes(root)


def _add_extras(item: etree._Element, kind: str, paper: ArxivPaper) -> None:
    add(item, f"{{{ARXIV_NS}}}announce_type", kind)
    add(item, f"{{{_DC_NS}}}rights", _LICENCE)
    if paper.journal_ref:
        add(item, f"{{{ARXIV_NS}}}journal_reference", paper.journal_ref)
    if paper.doi:
        add(item, f"{{{ARXIV_NS}}}DOI", paper.doi)
    add(item, f"{{{_DC_NS}}}creator", ", ".join(paper.authors))


def _summary(kind: str, paper: ArxivPaper) -> str:
    return f"arXiv:{paper.versioned_id} Announce Type: {kind} \nAbstract: {' '.join(paper.abstract.split())}"


def _error(kind: str, address: str, bad: str) -> Answer:
    archive = _archive(bad)
    reason = f"Bad archive '{archive}'. Valid archive names are: {', '.join(sorted(_ARCHIVES))}."
    root, _ = _rss_channel(f"Feed error for query: {address}", address, reason)
    return Answer(_bytes(root), RSS if kind == "rss" else ATOM, 400)


def _archive(category: str) -> str:
    return category.partition(".")[0]


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
