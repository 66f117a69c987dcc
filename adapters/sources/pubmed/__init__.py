"""PubMed, by NCBI's E-utilities: https://eutils.ncbi.nlm.nih.gov/entrez/eutils/ (manual: NBK25497, NBK25499).

Each round asks for what PubMed took in (CRDT) and for what it changed (mdat: abstracts, MeSH headings and retractions
arrive later), both with overlap; the archive knows what it has. NCBI answers failures with HTTP 200, so every answer
is judged, and what was received is compared with what was promised. Its days are those of US Eastern time.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Self, TypeVar

import structlog
from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator
from yarl import URL

from adapters.http import HttpClient
from adapters.sources.pubmed.compile import combine, compile_query
from adapters.sources.pubmed.parse import Found, parse, parse_feed_title, parse_search, read
from bot.errors import SourceBusy, SourceError, SourceIncomplete
from bot.model import Identifier, Record
from bot.ports import Page, Probe, Refusal, SourceHits
from bot.query import Query
from bot.reports import Silence

__all__ = ["PubMed", "Settings", "compile_query", "open_source", "parse", "read"]

Parsed = TypeVar("Parsed")

_REACH = 9_999
"""PubMed lets only the first 9,999 hits of a search be fetched."""
_BATCH = 100
"""Records per efetch: about 2 MB; 200 long ones could pass the HTTP client's cap."""
_MAX_TERM = 3_900
_PACE_WITHOUT_KEY = 3.0
_PACE_WITH_KEY = 10.0
_FIRST_LOOK = timedelta(days=2)
_CREATED_OVERLAP = timedelta(days=5)
_MODIFIED_OVERLAP = timedelta(days=2)
_FETCHED_LATELY = timedelta(hours=12)
"""A new record is not fetched again for so long, unless it changed."""
_DAY = timedelta(days=1)
_log = structlog.get_logger(__name__)


class Settings(BaseModel):
    """The table ``[sources.pubmed]``; ``pace`` is in requests a second."""

    model_config = ConfigDict(extra="forbid")

    base_url: str = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
    api_key: SecretStr = SecretStr("")
    pace: float = Field(_PACE_WITHOUT_KEY, gt=0)

    @model_validator(mode="after")
    def _pace_is_allowed(self) -> Self:
        allowed = _PACE_WITH_KEY if self.api_key.get_secret_value() else _PACE_WITHOUT_KEY
        if self.pace > allowed and (URL(self.base_url).host or "").endswith("ncbi.nlm.nih.gov"):
            raise ValueError(f"pace: NCBI allows {allowed:g} requests a second (3 without an api_key, 10 with one)")
        return self


def open_source(settings: Settings, http: HttpClient, contact: str) -> PubMed:
    """Open PubMed; ``contact`` is the mail address NCBI may write to."""
    return PubMed(settings, http, contact)


@dataclass(frozen=True, slots=True)
class _Window:
    """One search: a term and the days, both included, on which PubMed took records in or (``modified``) changed them.
    An ``ended`` window of new records stops at its last day; the others take in whatever comes later, too."""

    term: str
    first: date
    last: date
    modified: bool = False
    ended: bool = False

    def fields(self) -> dict[str, str]:
        first, last = f"{self.first:%Y/%m/%d}", f"{self.last:%Y/%m/%d}"
        if self.modified:
            return {"term": self.term, "datetype": "mdat", "mindate": first, "maxdate": last}
        return {"term": f'{self.term} AND ("{first}"[CRDT] : "{last if self.ended else 3000}"[CRDT])'}

    def halves(self) -> tuple[_Window, ...]:
        """Two narrower windows; none for a single day."""
        if self.first >= self.last:
            return ()
        middle = self.first + (self.last - self.first) // 2
        return replace(self, last=middle, ended=True), replace(self, first=middle + _DAY)


class PubMed:
    """The source (see bot.ports)."""

    name = "pubmed"
    title = "PubMed"
    acknowledgement = "PubMed records are provided by the U.S. National Library of Medicine."

    def __init__(self, settings: Settings, http: HttpClient, contact: str) -> None:
        self._base_url = settings.base_url.rstrip("/")
        self._key = settings.api_key.get_secret_value()
        self._http = http
        self._lane = http.lane(self._base_url, gap=1 / settings.pace)
        known_by = {"email": contact, "api_key": self._key}
        self._common = {"db": "pubmed", "retmode": "xml", "tool": "paperround"}
        self._common |= {name: value for name, value in known_by.items() if value}
        self._fetched: dict[str, datetime] = {}

    def compile_query(self, query: Query) -> str | None:
        """PubMed's term for a query, broader or equal."""
        return compile_query(query)

    async def poll(
        self, queries: Sequence[Query], cursor: str | None, now: datetime, lookback: timedelta
    ) -> AsyncIterator[Page]:
        """What came in since the last complete round began, then what changed, for all queries in few searches. The
        cursor comes on a page of its own, after everything else is stored."""
        since = datetime.fromisoformat(json.loads(cursor)["since"]) if cursor else now - _FIRST_LOOK
        created = (since - min(lookback, _CREATED_OVERLAP)).date()
        modified, tomorrow = (since - _MODIFIED_OVERLAP).date(), (now + _DAY).date()
        terms = list(combine(filter(None, map(compile_query, queries)), _MAX_TERM))
        problems: list[SourceError] = []
        found = await self._find([_Window(term, created, tomorrow) for term in terms], problems)
        self._fetched = {pmid: at for pmid, at in self._fetched.items() if now - at < _FETCHED_LATELY}
        new = [pmid for pmid in found if pmid not in self._fetched]
        async for page in self._fetch_all(new, problems):
            yield page
            self._note(page, now)
        changed = await self._find([_Window(term, modified, tomorrow, modified=True) for term in terms], problems)
        async for page in self._fetch_all([pmid for pmid in changed if pmid not in set(new)], problems):
            yield replace(page, updates=True)
            self._note(page, now)
        if problems:
            raise problems[0]
        yield Page((), cursor=json.dumps({"since": now.isoformat()}))

    async def backfill(self, query: Query, since: datetime, now: datetime) -> AsyncIterator[Page]:
        """What PubMed took in from ``since`` on."""
        if term := compile_query(query):
            problems: list[SourceError] = []
            pmids = await self._find([_Window(term, (since - _DAY).date(), (now + _DAY).date())], problems)
            async for page in self._fetch_all(pmids, problems):
                yield page
            if problems:
                raise problems[0]

    async def count(self, query: Query, since: date, now: datetime) -> SourceHits | None:
        """How many records PubMed took in since that day; always of something broader, as [tiab] knows keywords."""
        term = compile_query(query)
        if not term:
            return None
        found = await self._esearch(_Window(term, since, now.date()).fields(), retmax=0)
        return SourceHits(found.count, broader=True)

    async def count_own(self, search: str, since: date, now: datetime) -> int:
        """How many records PubMed took in since that day for a search in its own syntax."""
        return (await self._esearch(_Window(f"({search})", since, now.date()).fields(), retmax=0)).count

    async def feed_title(self, address: str) -> str:
        """The title of an RSS feed; PubMed proposes the search itself when a feed is made."""
        answer = await self._http.lane(address, gap=1.0).get(address)
        if answer.status != HTTPStatus.OK:
            raise SourceError(f"{answer.url} answered {answer.status}")
        return await asyncio.to_thread(parse_feed_title, answer.body)

    async def fetch(self, identifier: Identifier) -> Record | None:
        """The record with this PMID, or DOI."""
        if identifier.scheme == "doi":
            quoted = identifier.value.replace('"', " ")
            pmids = (await self._esearch({"term": f'"{quoted}"[AID]'}, retmax=1)).pmids
        else:
            pmids = (identifier.value,) if identifier.scheme == "pmid" else ()
        if not pmids:
            return None
        records, _ = await self._efetch(pmids[:1])
        return next((record for record in records if identifier in record.identifiers), None)

    def silence(
        self,
        cursor: str | None,  # noqa: ARG002 - every source is asked alike
        now: datetime,  # noqa: ARG002
    ) -> Silence | None:
        """None: PubMed takes records in on every day, fewer at weekends, and promises none for the topics asked for.
        So only its rounds tell whether it is late."""
        return None

    async def probe(self) -> Probe:
        """Ask how many records there are."""
        try:
            found = await self._esearch({"term": "all[sb]"}, retmax=0)
        except SourceError as error:
            return Probe("PubMed does not answer properly", str(error))
        return Probe(f"PubMed answers; it holds {found.count:,} records")

    def _note(self, page: Page, now: datetime) -> None:
        """Remember what came and is stored, for the page after it has been asked for."""
        self._fetched |= dict.fromkeys((record.source_id for record in page.records), now)

    # One window's or batch's failure holds up no other: problems are collected, and raised at the end.

    async def _fetch_all(self, pmids: Sequence[str], problems: list[SourceError]) -> AsyncIterator[Page]:
        for start in range(0, len(pmids), _BATCH):
            try:
                page, problem = await self._fetch(pmids[start : start + _BATCH])
            except SourceBusy:
                raise
            except SourceError as error:
                problems.append(error)
                continue
            problems += [problem] if problem else []
            yield page

    async def _find(self, windows: Iterable[_Window], problems: list[SourceError]) -> list[str]:
        """Everything the windows hold, each record once."""
        pmids: dict[str, None] = {}
        waiting = deque(windows)
        while waiting:
            try:
                waiting.extend(await self._search(waiting.popleft(), pmids))
            except SourceBusy:
                raise
            except SourceError as error:
                problems.append(error)
        return list(pmids)

    async def _search(self, window: _Window, pmids: dict[str, None]) -> tuple[_Window, ...]:
        """Add what the window holds to ``pmids``, or return the narrower windows to be searched in its place."""
        fields = window.fields()
        page = await self._esearch(fields)
        if page.count > _REACH and (halves := window.halves()):
            return halves
        found = dict.fromkeys(page.pmids)
        received = len(page.pmids)
        pmids.update(found)
        while len(found) < min(page.count, _REACH):
            page = await self._esearch(fields, retstart=received)
            if found.keys() >= set(page.pmids):
                text = f"PubMed promised {page.count} records and listed {len(found)}; those are kept"
                raise SourceIncomplete(text)
            found.update(dict.fromkeys(page.pmids))
            received += len(page.pmids)
            pmids.update(found)
        if page.count > _REACH:
            text = (
                f"PubMed has {page.count:,} records for {window.first} alone and lists only {_REACH:,}; those are kept"
            )
            raise SourceError(f"{text}. Make the topics narrower to get all")
        return ()

    async def _fetch(self, pmids: Sequence[str]) -> tuple[Page, SourceIncomplete | None]:
        """Fetch records; those that do not come, or come damaged, are asked for once more."""
        records, refused = await self._efetch(pmids)
        missing = _without(pmids, records)
        if missing:
            more, refused = await self._efetch(missing)
            records += more
            missing = _without(missing, more)
        named = {refusal.record for refusal in refused}
        absent = [pmid for pmid in missing if pmid not in named]
        if len(absent) > max(2, len(pmids) * 2 // 100):
            text = f"PubMed did not send {len(absent)} of {len(pmids)} records it had listed; the others are kept"
            return Page(tuple(records), tuple(refused)), SourceIncomplete(text)
        refused += [Refusal(pmid, "PubMed listed it but did not send it, though asked twice") for pmid in absent]
        return Page(tuple(records), tuple(refused)), None

    async def _esearch(self, fields: dict[str, str], *, retstart: int = 0, retmax: int = _REACH) -> Found:
        paging = {"retstart": str(retstart), "retmax": str(retmax), "sort": "pub_date"}
        found = await self._ask("esearch", fields | paging, parse_search)
        if found.unknown_tags:
            _log.warning("PubMed does not know a search field", tags=found.unknown_tags)
        return found

    async def _efetch(self, pmids: Sequence[str]) -> tuple[list[Record], list[Refusal]]:
        return await self._ask("efetch", {"id": ",".join(pmids)}, parse)

    async def _ask(self, program: str, fields: dict[str, str], understand: Callable[[bytes], Parsed]) -> Parsed:
        answer = await self._lane.post(f"{self._base_url}/{program}.fcgi", self._common | fields)
        if answer.status != HTTPStatus.OK:
            raise SourceError(f"{answer.url} answered {answer.status}; asked again in the next round")
        try:
            return await asyncio.to_thread(understand, answer.body)
        except SourceError as error:
            text = str(error).replace(self._key, "…") if self._key else str(error)
            raise SourceError(f"{answer.url}: {text}; asked again in the next round") from None


def _without(pmids: Sequence[str], records: Iterable[Record]) -> list[str]:
    got = {record.source_id for record in records}
    return [pmid for pmid in pmids if pmid not in got]
