import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from aiohttp import web
from pydantic import ValidationError

from adapters.http import HttpClient
from adapters.sources.pubmed import PubMed, Settings, open_source
from bot.errors import SourceBusy, SourceError, SourceIncomplete
from bot.ports import Page
from bot.query import Field, Or, Query, Term

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LOOKBACK = timedelta(days=14)
TODAY = NOW.date()
MRI = Query(Term("mri", Field.TITLE))
CT = Query(Term("ct", Field.TITLE))
EVERYTHING = Query(Term("10.9999/x", Field.DOI))


@dataclass
class Entry:
    created: date
    modified: date
    title: str = "mri"


Interference = Callable[[str, dict[str, str]], web.Response | None]


@dataclass
class FakeEutils:
    """E-utilities as their manual tells: POST, the first 9,999 hits, failures inside of a 200. ``interfere`` may
    answer in its place; ``page`` is the most ids it lists at once; ``withheld`` records are listed but not sent."""

    library: dict[str, Entry] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    page: int = 10_000
    withheld: Counter[str] = field(default_factory=Counter)
    interfere: Interference = lambda _program, _form: None
    url: str = ""

    def add(self, pmid: int, *, created: int = 0, modified: int | None = None, title: str = "mri") -> None:
        """Days are counted back from today."""
        changed = created if modified is None else modified
        self.library[str(pmid)] = Entry(TODAY - timedelta(created), TODAY - timedelta(changed), title)

    async def answer(self, request: web.Request) -> web.Response:
        program = request.match_info["program"]
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.requests.append((program, form))
        assert request.query_string == ""
        if interference := self.interfere(program, form):
            return interference
        return xml(self.esearch(form) if program == "esearch" else self.efetch(form))

    async def feed(self, request: web.Request) -> web.Response:
        """Any other key is unknown."""
        if request.match_info["key"] != "1mAdE":
            raise web.HTTPNotFound
        feed = "<rss version='2.0'><channel><title>mri[ti]\n OR ct[ti]</title><ttl>120</ttl></channel></rss>"
        return web.Response(text=feed, content_type="application/rss+xml")

    def esearch(self, form: dict[str, str]) -> str:
        if int(form["retstart"]) > 9998:
            return "<eSearchResult><ERROR>'retstart' cannot be larger than 9998</ERROR></eSearchResult>"
        words = set(re.findall(r"(\w+)\[ti\]", form["term"]))
        hits = [pmid for pmid, entry in self.library.items() if words & set(entry.title.split()) and dated(entry, form)]
        start = int(form["retstart"])
        listed = hits[start : min(start + min(int(form["retmax"]), self.page), 9999)]
        ids = "".join(f"<Id>{pmid}</Id>\n" for pmid in listed)
        return (
            f"<eSearchResult><Count>{len(hits)}</Count><RetMax>{len(listed)}</RetMax><RetStart>{start}</RetStart>"
            f"<IdList>{ids}</IdList></eSearchResult>"
        )

    def efetch(self, form: dict[str, str]) -> str:
        sent = []
        for pmid in form["id"].split(","):
            if self.withheld[pmid]:
                self.withheld[pmid] -= 1
            else:
                sent.append(article(pmid, self.library[pmid].title))
        return f"<PubmedArticleSet>{''.join(sent)}</PubmedArticleSet>"

    def terms(self) -> list[str]:
        return [form["term"] for program, form in self.requests if program == "esearch"]

    def fetched(self) -> list[str]:
        return [pmid for program, form in self.requests if program == "efetch" for pmid in form["id"].split(",")]


def article(pmid: str, title: str) -> str:
    return (
        f'<PubmedArticle><MedlineCitation><PMID Version="1">{pmid}</PMID><Article><ArticleTitle>{title}</ArticleTitle>'
        "</Article></MedlineCitation></PubmedArticle>"
    )


def dated(entry: Entry, form: dict[str, str]) -> bool:
    if form.get("datetype") == "mdat":
        return form["mindate"] <= f"{entry.modified:%Y/%m/%d}" <= form["maxdate"]
    window = re.search(r' AND \("(\d{4}/\d\d/\d\d)"\[CRDT\] : "([\d/]+)"\[CRDT\]\)$', form["term"])
    return window is None or window[1] <= f"{entry.created:%Y/%m/%d}" <= window[2]


def xml(text: str) -> web.Response:
    return web.Response(text=f'<?xml version="1.0" encoding="UTF-8" ?>\n{text}', content_type="text/xml")


class Time:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def clock(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds


@pytest.fixture
async def ncbi() -> AsyncIterator[FakeEutils]:
    fake = FakeEutils()
    app = web.Application()
    app.router.add_post("/entrez/eutils/{program}.fcgi", fake.answer)
    app.router.add_get("/rss/search/{key}/", fake.feed)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}/entrez/eutils/"
    yield fake
    await runner.cleanup()


@pytest.fixture
async def pubmed(ncbi: FakeEutils) -> AsyncIterator[PubMed]:
    time = Time()
    settings = Settings.model_validate({"base_url": ncbi.url, "api_key": "s3cret"})
    async with HttpClient(
        contact="ann@example.org", allow_loopback=True, clock=time.clock, sleep=time.sleep, now=lambda: NOW
    ) as http:
        yield open_source(settings, http, "ann@example.org")


async def drain(pages: AsyncIterator[Page]) -> tuple[list[Page], SourceError | None]:
    """All pages, and the error they ended with."""
    came: list[Page] = []
    try:
        async for page in pages:
            came.append(page)  # noqa: PERF401  # what came before an error counts
    except SourceError as error:
        return came, error
    return came, None


def pmids(pages: list[Page]) -> list[str]:
    return [record.source_id for page in pages for record in page.records]


def since(moment: datetime) -> str:
    return json.dumps({"since": moment.isoformat()})


async def test_a_poll_brings_what_came_in_and_what_changed_and_the_cursor_last(
    ncbi: FakeEutils, pubmed: PubMed
) -> None:
    ncbi.add(1, created=1)
    ncbi.add(2, created=4)
    ncbi.add(3, created=400, modified=1)
    ncbi.add(4, created=400, modified=30)
    ncbi.add(5, created=1, title="unrelated")
    pages, error = await drain(pubmed.poll([MRI], since(NOW), NOW, LOOKBACK))
    assert error is None
    assert sorted(pmids(pages)) == ["1", "2", "3"]
    assert [(page.cursor, page.updates) for page in pages] == [(None, False), (None, True), (since(NOW), False)]


async def test_a_poll_reaches_back_to_its_cursor(ncbi: FakeEutils, pubmed: PubMed) -> None:
    ncbi.add(1, created=20)
    ncbi.add(2, created=400, modified=20)
    assert pmids((await drain(pubmed.poll([MRI], since(NOW), NOW, LOOKBACK)))[0]) == []
    assert pmids((await drain(pubmed.poll([MRI], since(NOW - timedelta(days=19)), NOW, LOOKBACK)))[0]) == ["1", "2"]


async def test_a_record_that_came_lately_and_did_not_change_is_not_fetched_again(
    ncbi: FakeEutils, pubmed: PubMed
) -> None:
    for pmid in (1, 2, 3):
        ncbi.add(pmid, created=4)
    await drain(pubmed.poll([MRI], since(NOW), NOW, LOOKBACK))
    ncbi.add(2, created=4, modified=0)
    ncbi.add(4)
    ncbi.requests.clear()
    await drain(pubmed.poll([MRI], since(NOW), NOW + timedelta(hours=11), LOOKBACK))
    assert sorted(ncbi.fetched()) == ["2", "4"]
    ncbi.requests.clear()
    await drain(pubmed.poll([MRI], since(NOW), NOW + timedelta(hours=12), LOOKBACK))
    assert sorted(ncbi.fetched()) == ["1", "2", "3", "4"]


async def test_a_record_whose_page_could_not_be_stored_is_fetched_again(ncbi: FakeEutils, pubmed: PubMed) -> None:
    ncbi.add(1, created=4)
    async for _ in pubmed.poll([MRI], since(NOW), NOW, LOOKBACK):
        break
    pages, _ = await drain(pubmed.poll([MRI], since(NOW), NOW, LOOKBACK))
    assert pmids(pages) == ["1"]


async def test_a_first_poll_looks_back_a_few_days_only(ncbi: FakeEutils, pubmed: PubMed) -> None:
    ncbi.add(1, created=3)
    ncbi.add(2, created=20)
    assert pmids((await drain(pubmed.poll([MRI], None, NOW, LOOKBACK)))[0]) == ["1"]


async def test_a_record_that_comes_in_tomorrow_by_our_clock_is_found(ncbi: FakeEutils, pubmed: PubMed) -> None:
    ncbi.add(1, created=-1)
    assert pmids((await drain(pubmed.poll([MRI], since(NOW), NOW, LOOKBACK)))[0]) == ["1"]


async def test_all_queries_go_into_one_search_and_each_record_is_fetched_once(ncbi: FakeEutils, pubmed: PubMed) -> None:
    ncbi.add(1, title="mri ct")
    ncbi.add(2, title="ct")
    pages, _ = await drain(pubmed.poll([MRI, CT, EVERYTHING, MRI], None, NOW, LOOKBACK))
    assert sorted(pmids(pages)) == ["1", "2"]
    assert len(ncbi.terms()) == 2
    assert sorted(ncbi.fetched()) == ["1", "2"]


async def test_many_topics_become_searches_of_bounded_length(ncbi: FakeEutils, pubmed: PubMed) -> None:
    ncbi.add(1, title="topic499")
    queries = [Query(Or((Term(f"topic{n}", Field.TITLE), Term("x y", Field.JOURNAL)))) for n in range(500)]
    queries += [Query(Term(f"topic{n}", Field.TITLE)) for n in range(500)]
    pages, _ = await drain(pubmed.poll(queries, None, NOW, LOOKBACK))
    assert pmids(pages) == ["1"]
    assert max(map(len, ncbi.terms())) <= 4000
    assert len(ncbi.terms()) < 12


async def test_topics_that_pubmed_cannot_be_asked_for_cost_no_request(ncbi: FakeEutils, pubmed: PubMed) -> None:
    assert await drain(pubmed.poll([EVERYTHING], None, NOW, LOOKBACK)) == ([Page((), cursor=since(NOW))], None)
    assert await drain(pubmed.backfill(EVERYTHING, NOW, NOW)) == ([], None)
    assert await pubmed.count(EVERYTHING, TODAY, NOW) is None
    assert ncbi.requests == []


async def test_every_request_says_who_asks(ncbi: FakeEutils, pubmed: PubMed) -> None:
    ncbi.add(1)
    await drain(pubmed.poll([MRI], None, NOW, LOOKBACK))
    said = {"db": "pubmed", "retmode": "xml", "tool": "paperround", "email": "ann@example.org", "api_key": "s3cret"}
    assert {program for program, _ in ncbi.requests} == {"esearch", "efetch"}
    assert all(said.items() <= form.items() for _, form in ncbi.requests)


async def test_a_request_without_contact_and_key_leaves_both_out(ncbi: FakeEutils) -> None:
    async with HttpClient(contact="", allow_loopback=True) as http:
        await open_source(Settings.model_validate({"base_url": ncbi.url}), http, "").probe()
    assert [form.keys() & {"email", "api_key", "tool"} for _, form in ncbi.requests] == [{"tool"}]


async def test_a_backfill_brings_a_month_without_a_cursor(ncbi: FakeEutils, pubmed: PubMed) -> None:
    ncbi.add(1, created=29)
    ncbi.add(2, created=60, modified=1)
    pages, error = await drain(pubmed.backfill(MRI, NOW - timedelta(days=30), NOW))
    assert (pmids(pages), error) == (["1"], None)
    assert [page.cursor for page in pages] == [None]


async def test_more_hits_than_can_be_reached_are_found_by_days(ncbi: FakeEutils, pubmed: PubMed) -> None:
    for pmid in range(1, 12_001):
        ncbi.add(pmid, created=pmid % 30)
    pages, error = await drain(pubmed.backfill(MRI, NOW - timedelta(days=30), NOW))
    assert error is None
    assert len(pmids(pages)) == len(set(pmids(pages))) == 12_000
    assert all(len(form["id"].split(",")) <= 200 for program, form in ncbi.requests if program == "efetch")


async def test_of_a_day_with_too_many_hits_the_first_are_kept_and_it_says_so(ncbi: FakeEutils, pubmed: PubMed) -> None:
    for pmid in range(1, 10_003):
        ncbi.add(pmid, created=1)
    ncbi.add(20_000, created=2)
    pages, error = await drain(pubmed.backfill(MRI, NOW - timedelta(days=3), NOW))
    assert len(pmids(pages)) == 10_000
    assert "20000" in pmids(pages)
    assert "10,002 records for 2026-11-22 alone" in str(error)


async def test_a_server_that_lists_fewer_ids_than_asked_is_asked_on(ncbi: FakeEutils, pubmed: PubMed) -> None:
    ncbi.page = 3
    for pmid in range(1, 11):
        ncbi.add(pmid, created=1, modified=100)
    pages, error = await drain(pubmed.poll([MRI], None, NOW, LOOKBACK))
    assert (len(pmids(pages)), error) == (10, None)


async def test_a_server_that_stops_listing_is_incomplete_and_moves_no_cursor(ncbi: FakeEutils, pubmed: PubMed) -> None:
    def first_page_only(program: str, form: dict[str, str]) -> web.Response | None:
        if program == "esearch" and form["retstart"] != "0":
            return xml("<eSearchResult><Count>10</Count><IdList/></eSearchResult>")
        return None

    ncbi.page, ncbi.interfere = 3, first_page_only
    for pmid in range(1, 11):
        ncbi.add(pmid)
    pages, error = await drain(pubmed.poll([MRI], None, NOW, LOOKBACK))
    assert isinstance(error, SourceIncomplete)
    assert "promised 10 records and listed 3" in str(error)
    assert pmids(pages) == ["1", "2", "3"]
    assert all(page.cursor is None for page in pages)


@pytest.mark.parametrize(
    ("body", "content_type", "says"),
    [
        ("<eSearchResult><ERROR>Search Backend failed: s3cret</ERROR></eSearchResult>", "text/xml", "Search Backend"),
        ("<html><body>Service unavailable</body></html>", "text/html", "an HTML page"),
        ('{"esearchresult":{"ERROR":"Search Backend failed"}}', "application/json", "no XML"),
        ("", "text/xml", "no XML"),
    ],
)
async def test_a_failure_inside_a_200_keeps_what_else_came_and_moves_no_cursor(
    ncbi: FakeEutils, pubmed: PubMed, body: str, content_type: str, says: str
) -> None:
    def fail_mdat(program: str, form: dict[str, str]) -> web.Response | None:
        return web.Response(text=body, content_type=content_type) if "mindate" in form else None

    ncbi.interfere = fail_mdat
    ncbi.add(1)
    pages, error = await drain(pubmed.poll([MRI], None, NOW, LOOKBACK))
    assert (pmids(pages), [page.cursor for page in pages]) == (["1"], [None])
    assert says in str(error)
    assert "esearch.fcgi" in str(error)
    assert "s3cret" not in str(error)


async def test_a_failed_batch_does_not_hold_up_the_others(ncbi: FakeEutils, pubmed: PubMed) -> None:
    def fail_first(program: str, form: dict[str, str]) -> web.Response | None:
        return web.Response(status=400, text="<ERROR>no</ERROR>") if form.get("id", "").startswith("1,") else None

    ncbi.interfere = fail_first
    for pmid in range(1, 151):
        ncbi.add(pmid)
    pages, error = await drain(pubmed.poll([MRI], None, NOW, LOOKBACK))
    assert pmids(pages) == [str(pmid) for pmid in range(101, 151)]
    assert "answered 400" in str(error)


async def test_a_429_in_json_means_wait_and_shows_no_key(ncbi: FakeEutils, pubmed: PubMed) -> None:
    body = '{"error":"API rate limit exceeded","api-key":"s3cret","count":"26","limit":"3"}'
    ncbi.interfere = lambda _program, _form: web.Response(status=429, text=body, content_type="application/json")
    pages, error = await drain(pubmed.poll([MRI], None, NOW, LOOKBACK))
    assert pages == []
    assert isinstance(error, SourceBusy)
    assert "s3cret" not in str(error)


async def test_records_that_did_not_come_are_asked_for_once_more(ncbi: FakeEutils, pubmed: PubMed) -> None:
    for pmid in range(1, 51):
        ncbi.add(pmid)
    ncbi.withheld = Counter({str(pmid): 1 for pmid in range(1, 30)})
    pages, error = await drain(pubmed.poll([MRI], None, NOW, LOOKBACK))
    assert error is None
    assert len(pmids(pages)) == 50
    assert [page.refused for page in pages] == [(), ()]


async def test_a_few_records_that_never_come_are_refused_and_the_cursor_moves(ncbi: FakeEutils, pubmed: PubMed) -> None:
    for pmid in range(1, 51):
        ncbi.add(pmid)
    ncbi.withheld = Counter({"7": 2, "8": 2})
    pages, error = await drain(pubmed.poll([MRI], None, NOW, LOOKBACK))
    assert error is None
    assert len(pmids(pages)) == 48
    assert [refusal.record for refusal in pages[0].refused] == ["7", "8"]
    assert pages[-1].cursor == since(NOW)


async def test_many_records_that_never_come_are_incomplete(ncbi: FakeEutils, pubmed: PubMed) -> None:
    for pmid in range(1, 51):
        ncbi.add(pmid)
    ncbi.withheld = Counter({"7": 2, "8": 2, "9": 2})
    pages, error = await drain(pubmed.poll([MRI], None, NOW, LOOKBACK))
    assert isinstance(error, SourceIncomplete)
    assert "3 of 50" in str(error)
    assert (len(pmids(pages)), pages[-1].cursor) == (47, None)


async def test_a_malformed_record_goes_to_quarantine_while_the_rest_goes_on(ncbi: FakeEutils, pubmed: PubMed) -> None:
    for pmid in range(1, 6):
        ncbi.add(pmid, title="mri <b>" if pmid == 3 else "mri")
    pages, error = await drain(pubmed.poll([MRI], None, NOW, LOOKBACK))
    assert error is None
    assert sorted(pmids(pages)) == ["1", "2", "4", "5"]
    assert [refusal.record for refusal in pages[0].refused] == ["3"]
    assert pages[-1].cursor == since(NOW)


async def test_an_answer_that_breaks_off_is_completed_by_asking_again(ncbi: FakeEutils, pubmed: PubMed) -> None:
    def cut_once(program: str, form: dict[str, str]) -> web.Response | None:
        if program != "efetch" or "4" not in form["id"] or "1" not in form["id"]:
            return None
        return xml(ncbi.efetch(form)[:400])

    ncbi.interfere = cut_once
    for pmid in range(1, 6):
        ncbi.add(pmid)
    pages, error = await drain(pubmed.poll([MRI], None, NOW, LOOKBACK))
    assert error is None
    assert sorted(pmids(pages)) == ["1", "2", "3", "4", "5"]
    assert pages[0].refused == ()


async def test_a_count_is_one_small_request(ncbi: FakeEutils, pubmed: PubMed) -> None:
    ncbi.add(1, created=5)
    ncbi.add(2, created=50)
    counted = await pubmed.count(MRI, TODAY - timedelta(days=30), NOW)
    assert counted is not None
    assert (counted.total, counted.broader) == (1, True)
    assert [form["retmax"] for _, form in ncbi.requests] == ["0"]


async def test_a_search_in_pubmeds_own_words_is_counted_as_it_stands(ncbi: FakeEutils, pubmed: PubMed) -> None:
    ncbi.add(1, created=5)
    assert await pubmed.count_own("mri[ti] OR ct[ti]", TODAY - timedelta(days=30), NOW) == 1
    (form,) = [form for _, form in ncbi.requests]
    assert form["term"].startswith('(mri[ti] OR ct[ti]) AND ("')
    assert form["retmax"] == "0"


async def test_a_probe_tells_what_is_wrong(ncbi: FakeEutils, pubmed: PubMed) -> None:
    assert (await pubmed.probe()).problem is None
    ncbi.interfere = lambda _program, _form: web.Response(text="<html></html>", content_type="text/html")
    assert "an HTML page" in ((await pubmed.probe()).problem or "")


def test_more_than_three_requests_a_second_need_a_key() -> None:
    assert Settings.model_validate({"api_key": "k", "pace": 10}).pace == 10
    for wrong in ({"pace": 4}, {"api_key": "k", "pace": 11}, {"pace": 0}, {"speed": 1}):
        with pytest.raises(ValidationError):
            Settings.model_validate(wrong)


async def test_a_feed_tells_its_title(pubmed: PubMed, ncbi: FakeEutils) -> None:
    site = ncbi.url.removesuffix("/entrez/eutils/")
    assert await pubmed.feed_title(f"{site}/rss/search/1mAdE/?limit=15") == "mri[ti] OR ct[ti]"
    with pytest.raises(SourceError, match="404"):
        await pubmed.feed_title(f"{site}/rss/search/other/")
