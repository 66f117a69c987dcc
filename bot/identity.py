"""Which records are the same paper, what a paper made of them says, and how people name one (pure).

Records are one work when they share a DOI, PMID or arXiv id, or when a source says so (``same_work``).
One paper holds at most one id of each source, unless the source itself links the two: a shared DOI alone
never joins two PubMed records (book chapters share their book's DOI).
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from urllib.parse import unquote

from bot.model import Identifier, Kind, Paper, PaperId, Record, Status

RecordKey = tuple[str, str]
"""(source, source_id)"""

_PREFERENCE = ("pubmed", "europepmc", "feeds", "medrxiv", "biorxiv", "arxiv")
_GRAVITY = (Status.RETRACTED, Status.WITHDRAWN, Status.CONCERN)

_DOI = re.compile(r"(?:doi:\s*|https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_ARXIV_ID = r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?"
_ARXIV = re.compile(
    rf"(?:arxiv:\s*|https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf)/)?{_ARXIV_ID}(?:\.pdf)?", re.IGNORECASE
)
_OLD_SUBJECT = re.compile(r"\.[a-z]{2}/")
"""math.GT/0309136 is math/0309136 (https://info.arxiv.org/help/arxiv_identifier.html)."""
_ARXIV_DOI = re.compile(rf"10\.48550/arxiv\.{_ARXIV_ID}", re.IGNORECASE)
_PMID = re.compile(
    r"(?:pmid:?\s*|https?://(?:pubmed\.ncbi\.nlm\.nih\.gov|www\.ncbi\.nlm\.nih\.gov/pubmed)/)?(\d{1,8})/?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"p(\d{1,18})", re.IGNORECASE)


def parse_identifier(text: str) -> Identifier | None:
    """Read a DOI, PMID or arXiv id, bare or as a link or with its prefix; None if it is none of them."""
    text = unquote(text.strip().strip("<>").split("?")[0].split("#")[0].rstrip("/.,;"))
    if (arxiv := _ARXIV_DOI.search(text)) or (arxiv := _ARXIV.fullmatch(text)):
        return Identifier("arxiv", _OLD_SUBJECT.sub("/", arxiv[1].lower()))
    if doi := _DOI.fullmatch(text):
        return Identifier("doi", doi[1].lower())
    if pmid := _PMID.fullmatch(text):
        return Identifier("pmid", str(int(pmid[1])))
    return None


def parse_number(text: str) -> PaperId | None:
    """Read a paper's short number, P1234."""
    match = _NUMBER.fullmatch(text.strip())
    return PaperId(int(match[1])) if match else None


def compose(paper_id: PaperId, records: Iterable[Record], first_seen: datetime) -> Paper:
    """Make the paper that these current records (at least one) tell of."""
    ordered = tuple(sorted(records, key=_preference))
    published = [record.published for record in ordered if record.published]
    today = first_seen.date()
    best = ordered[0]
    return Paper(
        id=paper_id,
        records=ordered,
        first_seen=first_seen,
        title=best.title,
        abstract=next((record.abstract for record in ordered if record.abstract), ""),
        authors=next((record.authors for record in ordered if record.authors), ()),
        kind=best.kind,
        date=min([*published, today]),
        venue=next((record.venue for record in ordered if record.venue), None),
        categories=tuple(dict.fromkeys(category for record in ordered for category in record.categories)),
        doi=next((doi for record in ordered if (doi := doi_of(record))), None),
        url=best.url,
        language=best.language,
        status=next((status for status in _GRAVITY if any(record.status == status for record in ordered)), None),
    )


def doi_of(record: Record) -> str | None:
    """The record's DOI, if it has one."""
    return min((i.value for i in record.identifiers if i.scheme == "doi"), default=None)


def paper_marks(paper: Paper) -> frozenset[str]:
    """What a message tells machines of a paper, whatever its number will be: 8 characters for each of its records."""
    names = (f"{record.source}:{record.source_id}".encode() for record in paper.records)
    return frozenset(base64.b32encode(hashlib.blake2b(name, digest_size=5).digest()).decode().lower() for name in names)


def _preference(record: Record) -> tuple[bool, bool, int, str, str]:
    rank = _PREFERENCE.index(record.source) if record.source in _PREFERENCE else len(_PREFERENCE)
    return record.kind is not Kind.ARTICLE, record.partial, rank, record.source, record.source_id


def succeed(known: Record, record: Record) -> Record | None:
    """What the archive keeps when ``record`` comes and ``known`` is kept already; None if it tells nothing newer."""
    if record.version < known.version or (record.version == known.version and record.revision < known.revision):
        return None
    if record.partial and record.version == known.version and not known.partial:
        return None
    if record.partial or known.partial:
        record = replace(
            record,
            published=record.published or known.published,
            entered=min(filter(None, (record.entered, known.entered)), default=None),
            venue=record.venue or known.venue,
            pdf_url=record.pdf_url or known.pdf_url,
            identifiers=record.identifiers | known.identifiers,
        )
    return None if record == known else record


@dataclass(slots=True)
class Holding:
    """What identity needs of a stored paper: its records' keys, and the identifiers that lead to it.
    ``links`` are those its records only name as the same work."""

    keys: set[RecordKey] = field(default_factory=set)
    identifiers: set[Identifier] = field(default_factory=set)
    links: set[Identifier] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Resolution:
    """For each record, in order, the paper it belongs to (negative ids are new papers), and which papers are
    merged into which."""

    papers: tuple[PaperId, ...]
    merged: Mapping[PaperId, PaperId]


def resolve(records: Iterable[Record], stored: Mapping[PaperId, Holding]) -> Resolution:
    """Decide which paper each record belongs to. ``stored`` holds every paper that any of them may touch.
    Of merged papers the one with the smallest number survives: people have known it longest."""
    return _Resolver(stored).resolve(records)


class _Resolver:
    def __init__(self, stored: Mapping[PaperId, Holding]) -> None:
        self._holdings = {
            paper: Holding(set(holding.keys), set(holding.identifiers), set(holding.links))
            for paper, holding in stored.items()
        }
        self._by_key: dict[RecordKey, PaperId] = {}
        self._by_identifier: dict[Identifier, set[PaperId]] = {}
        self._merged: dict[PaperId, PaperId] = {}
        self._next_new = -1
        for paper in self._holdings:
            self._index(paper)

    def resolve(self, records: Iterable[Record]) -> Resolution:
        places = [self._place(record) for record in records]
        return Resolution(tuple(self._survivor(place) for place in places), self._final_merges())

    def _place(self, record: Record) -> PaperId:
        key = (record.source, record.source_id)
        home = self._by_key.get(key)
        for found in self._candidates(record):
            candidate = self._survivor(found)
            linked = self._linked(record, candidate)
            if home is None:
                if linked or not self._clash({key}, self._holdings[candidate].keys):
                    home = candidate
            elif candidate != home and (
                linked or not self._clash({key} | self._holdings[home].keys, self._holdings[candidate].keys)
            ):
                home = self._merge(home, candidate)
        if home is None:
            home = PaperId(self._next_new)
            self._next_new -= 1
            self._holdings[home] = Holding()
        holding = self._holdings[home]
        holding.keys.add(key)
        holding.identifiers |= record.identifiers
        holding.links |= record.same_work
        self._index(home)
        return home

    def _candidates(self, record: Record) -> list[PaperId]:
        found = {
            paper
            for identifier in record.identifiers | record.same_work
            for paper in self._by_identifier.get(identifier, ())
        }
        return sorted({self._survivor(paper) for paper in found}, key=_age)

    def _linked(self, record: Record, paper: PaperId) -> bool:
        holding = self._holdings[paper]
        return bool(record.same_work & holding.identifiers or record.identifiers & holding.links)

    @staticmethod
    def _clash(ours: set[RecordKey], theirs: set[RecordKey]) -> bool:
        return any(source == other and key != another for source, key in ours for other, another in theirs)

    def _merge(self, first: PaperId, second: PaperId) -> PaperId:
        survivor, loser = sorted((first, second), key=_age)
        lost = self._holdings.pop(loser)
        kept = self._holdings[survivor]
        kept.keys |= lost.keys
        kept.identifiers |= lost.identifiers
        kept.links |= lost.links
        self._merged[loser] = survivor
        self._index(survivor)
        return survivor

    def _index(self, paper: PaperId) -> None:
        holding = self._holdings[paper]
        for key in holding.keys:
            self._by_key[key] = paper
        for identifier in holding.identifiers | holding.links:
            self._by_identifier.setdefault(identifier, set()).add(paper)

    def _survivor(self, paper: PaperId) -> PaperId:
        while paper in self._merged:
            paper = self._merged[paper]
        return paper

    def _final_merges(self) -> dict[PaperId, PaperId]:
        return {loser: self._survivor(loser) for loser in self._merged if loser > 0}


def _age(paper: PaperId) -> tuple[bool, int]:
    """Sort stored papers by number, then new ones by their order."""
    return paper < 0, abs(paper)


def entered_before(paper: Paper, day: date) -> bool:
    """Whether every source that tells had the paper before that day."""
    entered = [record.entered for record in paper.records if record.entered]
    return bool(entered) and min(entered) < day
