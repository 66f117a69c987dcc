"""The demo's arXiv API and announcement feeds answer as arXiv's do."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from lxml import etree

from tests.adapters.demo_answers import some_news, xml
from tests.fakes.literature import NOW, FakeLiterature

SHARED = Path(__file__).parents[2] / ".." / "shared" / "data"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="shared data is not here")
ATOM = "{http://www.w3.org/2005/Atom}"
ARXIV = "{http://arxiv.org/schemas/atom}"
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


def paths(root: etree._Element) -> set[tuple[str, ...]]:
    """Every element's way from the root, with the names of its attributes."""
    found = set()
    for element in root.iter(etree.Element):
        ways = (*(str(parent.tag) for parent in element.iterancestors()), str(element.tag))
        found.add((*sorted(map(str, element.attrib)), "|", *sorted(ways)))
    return found


async def test_the_arxiv_feed_has_the_shape_of_the_api(
    literature: FakeLiterature, session: aiohttp.ClientSession
) -> None:
    first = literature.add_arxiv("2611.00001", submitted=NOW - timedelta(days=9), authors=("Zoë Müller",))
    literature.add_arxiv(
        "2611.00001", version=2, submitted=first.submitted, updated=NOW, previous=first, doi="10.5555/x"
    )
    root = await xml(session, literature.arxiv_url, search_query='ti:"a title" AND cat:eess.*')
    assert root.findtext(ATOM + "title") == (
        'arXiv Query: search_query=ti:"a title" AND cat:eess.*&id_list=&start=0&max_results=10'
    )
    assert [root.findtext(OPENSEARCH + tag) for tag in ("itemsPerPage", "totalResults", "startIndex")] == [
        "10",
        "1",
        "0",
    ]
    entry = root.find(ATOM + "entry")
    assert entry is not None
    assert entry.findtext(ATOM + "id") == "http://arxiv.org/abs/2611.00001v2"
    assert entry.findtext(ATOM + "published") == "2026-11-14T12:00:00Z"
    assert entry.findtext(ATOM + "updated") == "2026-11-23T12:00:00Z"
    assert entry.findtext(ARXIV + "doi") == "10.5555/x"


async def test_an_id_list_gives_the_version_named_and_leaves_out_unknown_ids(
    literature: FakeLiterature, session: aiohttp.ClientSession
) -> None:
    first = literature.add_arxiv("2611.00001")
    literature.add_arxiv("2611.00001", version=2, previous=first)
    root = await xml(session, literature.arxiv_url, id_list="2611.00001v1,2611.00001,2611.00001v3,0000.0000")
    ids = [entry.findtext(ATOM + "id", "") for entry in root.iterfind(ATOM + "entry")]
    assert [name.rsplit("/", 1)[1] for name in ids] == ["2611.00001v1", "2611.00001v2"]


@pytest.mark.parametrize(
    ("params", "status", "reason"),
    [
        ({"id_list": "abc"}, 400, "incorrect id format for abc"),
        ({"search_query": "ti:(("}, 400, "no value after ti:"),
        ({"search_query": 'x "open'}, 400, "cannot parse"),
        ({"search_query": "*x"}, 400, "wildcard"),
        ({"search_query": "(" * 3000 + "x" + ")" * 3000}, 400, "nested more than 100 deep"),
        ({}, 400, "required"),
        ({"search_query": "x", "max_results": "30001"}, 400, "30000"),
        ({"search_query": "x", "start": "-1"}, 400, "non-negative"),
        ({"search_query": "x", "max_results": "0"}, 500, "Internal"),
        ({"search_query": "x", "start": "9500", "max_results": "1000"}, 500, "Internal"),
        ({"search_query": "x", "sortBy": "colour"}, 400, "colour"),
    ],
)
async def test_arxiv_refuses_with_an_error_feed(
    literature: FakeLiterature, session: aiohttp.ClientSession, params: dict[str, str], status: int, reason: str
) -> None:
    async with session.get(literature.arxiv_url, params=params) as response:
        assert response.status == status
        root = etree.fromstring(await response.read())
    entry = root.find(ATOM + "entry")
    assert entry is not None
    assert entry.findtext(ATOM + "title") == "Error"
    assert reason in entry.findtext(ATOM + "summary", "")
    assert entry.find(ATOM + "published") is None


async def test_arxiv_sorts_and_pages(literature: FakeLiterature, session: aiohttp.ClientSession) -> None:
    for day in (3, 1, 2):
        literature.add_arxiv(
            f"2611.0000{day}", submitted=NOW - timedelta(days=day), updated=NOW - timedelta(hours=9 - day)
        )
    orders = {}
    for by in ("submittedDate", "lastUpdatedDate"):
        root = await xml(session, literature.arxiv_url, search_query="title", sortBy=by, start="1", max_results="2")
        assert root.findtext(OPENSEARCH + "totalResults") == "3"
        orders[by] = [entry.findtext(ATOM + "id", "")[-3] for entry in root.iterfind(ATOM + "entry")]
    assert orders == {"submittedDate": ["2", "3"], "lastUpdatedDate": ["2", "1"]}


def recorded(name: str) -> etree._Element:
    body = json.loads((SHARED / "arxiv_api" / name).read_text())["body"]
    return etree.fromstring(body.encode("latin-1"))


@needs_shared
async def test_every_element_of_an_arxiv_answer_occurs_in_recorded_ones(
    literature: FakeLiterature, session: aiohttp.ClientSession
) -> None:
    literature.library.extend(some_news())
    ours = paths(await xml(session, literature.arxiv_url, search_query="deep learning imaging", max_results="50"))
    real: set[tuple[str, ...]] = set()
    for file in (SHARED / "arxiv_api").glob("*.json"):
        real |= paths(recorded(file.name))
    assert ours <= real


@needs_shared
async def test_the_error_feed_is_the_recorded_one_but_for_the_time(
    literature: FakeLiterature, session: aiohttp.ClientSession
) -> None:
    async with session.get(literature.arxiv_url, params={"id_list": "abc"}) as response:
        ours = etree.fromstring(await response.read())
    real = recorded("id_abc_s0_m100_b79c8dcf6bc3.json")
    texts = [
        [(e.tag, dict(e.attrib), (e.text or "").strip()) for e in root.iter(etree.Element)] for root in (ours, real)
    ]
    assert [part for part in texts[0] if part[0] != ATOM + "updated"] == [
        part for part in texts[1] if part[0] != ATOM + "updated"
    ]


async def test_the_feeds_announce_what_was_listed_today_by_type(
    literature: FakeLiterature, session: aiohttp.ClientSession
) -> None:
    literature.add_arxiv("2611.00004", categories=("cs.CV", "eess.IV"), version=2)
    literature.add_arxiv("2611.00003", categories=("eess.IV",), version=3)
    literature.add_arxiv("2611.00002", categories=("cs.CV", "eess.IV"))
    literature.add_arxiv("2611.00001", categories=("eess.IV",))
    literature.add_arxiv("2611.00005", categories=("cs.LG",))
    literature.add_arxiv("2611.00006", categories=("eess.IV",), version=6)
    literature.add_arxiv("2611.00007", categories=("eess.IV",), submitted=datetime(2026, 11, 23, 4, 59, tzinfo=UTC))
    root = await xml(session, literature.rss_url + "/rss/eess.IV")
    announced = [(item.findtext("guid"), item.findtext(ARXIV + "announce_type")) for item in root.iterfind(".//item")]
    assert announced == [
        ("oai:arXiv.org:2611.00001v1", "new"),
        ("oai:arXiv.org:2611.00002v1", "cross"),
        ("oai:arXiv.org:2611.00003v3", "replace"),
        ("oai:arXiv.org:2611.00004v2", "replace-cross"),
    ]
    assert root.findtext(".//item/pubDate") == "Mon, 23 Nov 2026 00:00:00 -0500"
    both = await xml(session, literature.rss_url + "/atom/eess.IV+cs")
    types = [entry.findtext(ARXIV + "announce_type") for entry in both.iterfind(ATOM + "entry")]
    assert types == ["new", "new", "new", "replace", "replace"]


async def test_a_feed_has_not_changed_until_something_is_announced(
    literature: FakeLiterature, session: aiohttp.ClientSession
) -> None:
    literature.add_arxiv()
    url = literature.rss_url + "/rss/eess.IV"
    async with session.get(url) as response:
        etag = response.headers["ETag"]
        assert response.headers["Cache-Control"] == "max-age=61200"
    async with session.get(url, headers={"If-None-Match": etag}) as response:
        assert (response.status, await response.read()) == (304, b"")
    literature.add_arxiv()
    async with session.get(url, headers={"If-None-Match": etag}) as response:
        assert response.status == 200


async def test_an_unknown_archive_gets_the_error_feed(
    literature: FakeLiterature, session: aiohttp.ClientSession
) -> None:
    async with session.get(literature.rss_url + "/rss/foo.XX") as response:
        assert response.status == 400
        root = etree.fromstring(await response.read())
    assert root.findtext("channel/title", "").startswith("Feed error for query: ")
    assert root.findtext("channel/description", "").startswith("Bad archive 'foo'. Valid archive names are: astro-ph, ")


@needs_shared
async def test_every_element_of_the_atom_feed_occurs_in_a_recorded_one(
    literature: FakeLiterature, session: aiohttp.ClientSession
) -> None:
    literature.add_arxiv(authors=("Ann Ab", "Bo Ce"), abstract="Text.")
    real = etree.fromstring((SHARED / "arxiv_rss" / "atom_cs.AI_2025-08-20.xml").read_bytes())
    assert paths(await xml(session, literature.rss_url + "/atom/eess.IV")) <= paths(real)
