"""The demo's E-utilities answer as NCBI's do."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from lxml import etree

from adapters.demo.library import PubmedPaper
from tests.adapters.demo_answers import some_news, xml
from tests.fakes.literature import NOW, FakeLiterature

SHARED = Path(__file__).parents[2] / ".." / "shared" / "data"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="shared data is not here")


async def test_esearch_answers_in_the_shape_of_ncbi(literature: FakeLiterature, session: aiohttp.ClientSession) -> None:
    for number in range(25):
        literature.add_pubmed(90000001 + number, f"Deep learning {number}.")
    async with session.get(literature.eutils_url + "/esearch.fcgi", params={"term": "deep learning[ti]"}) as response:
        body = await response.read()
        assert response.headers["Content-Type"] == "text/xml; charset=UTF-8"
        assert response.headers["X-RateLimit-Limit"] == "3"
        assert "X-RateLimit-Remaining" in response.headers
    assert b'<!DOCTYPE eSearchResult PUBLIC "-//NLM//DTD esearch 20060628//EN"' in body
    root = etree.fromstring(body)
    assert [child.tag for child in root] == [
        "Count",
        "RetMax",
        "RetStart",
        "IdList",
        "TranslationSet",
        "QueryTranslation",
    ]
    assert root.findtext("Count") == "25"
    assert [item.text for item in root.iterfind("IdList/Id")] == [str(90000025 - n) for n in range(20)]
    assert root.findtext("QueryTranslation") == '"deep learning"[Title]'


async def test_esearch_takes_a_posted_form_and_answers_json(
    literature: FakeLiterature, session: aiohttp.ClientSession
) -> None:
    literature.add_pubmed(90000001)
    form = {"db": "pubmed", "term": "title", "retmode": "json", "retmax": "5"}
    async with session.post(literature.eutils_url + "/esearch.fcgi", data=form) as response:
        answer = await response.json()
    assert answer["header"] == {"type": "esearch", "version": "0.3"}
    assert answer["esearchresult"]["idlist"] == ["90000001"]
    assert answer["esearchresult"]["count"] == "1"
    assert literature.requests[0].params["term"] == "title"


@pytest.mark.parametrize(
    ("params", "error"),
    [
        ({"term": " "}, "Empty term"),
        ({"term": "x", "retstart": "9999"}, "'retstart' cannot be larger than 9998"),
        ({"term": "(" * 3000 + "x"}, "nested more than 100 deep"),
        ({"term": "x", "db": "protein"}, "Database is not supported: protein"),
    ],
)
async def test_esearch_reports_a_failure_with_status_200(
    literature: FakeLiterature, session: aiohttp.ClientSession, params: dict[str, str], error: str
) -> None:
    root = await xml(session, literature.eutils_url + "/esearch.fcgi", **params)
    assert error in root.findtext("ERROR", "")
    async with session.get(literature.eutils_url + "/esearch.fcgi", params={**params, "retmode": "json"}) as response:
        assert response.status == 200
        assert error in (await response.json())["esearchresult"]["ERROR"]


async def test_esearch_reaches_no_further_than_9999_hits(
    literature: FakeLiterature, session: aiohttp.ClientSession
) -> None:
    paper = PubmedPaper(90000001, "A title.", NOW)
    literature.library.extend(replace(paper, pmid=paper.pmid + number) for number in range(10_050))
    root = await xml(session, literature.eutils_url + "/esearch.fcgi", term="title", retstart="9998", retmax="1000")
    assert (root.findtext("Count"), root.findtext("RetMax")) == ("10050", "1")


async def test_esearch_without_a_hit_says_so(literature: FakeLiterature, session: aiohttp.ClientSession) -> None:
    literature.add_pubmed()
    root = await xml(session, literature.eutils_url + "/esearch.fcgi", term="title AND abcXYZ[xy]")
    assert root.findtext("Count") == "0"
    assert root.findtext("ErrorList/PhraseNotFound") == "abcXYZ"
    assert root.findtext("ErrorList/FieldNotFound") == "xy"
    assert root.findtext("WarningList/OutputMessage") == "No items found."


@pytest.mark.parametrize(
    ("params", "hits"),
    [
        ({"datetype": "mdat", "mindate": "2026/11/23", "maxdate": "2026/11/23"}, ["90000001"]),
        ({"datetype": "edat", "mindate": "2026/11/01", "maxdate": "2026"}, ["90000002"]),
        ({"datetype": "pdat", "reldate": "20"}, ["90000002"]),
        ({"datetype": "edat", "reldate": "60"}, ["90000002", "90000001"]),
    ],
)
async def test_esearch_filters_by_the_date_asked_for(
    literature: FakeLiterature, session: aiohttp.ClientSession, params: dict[str, str], hits: list[str]
) -> None:
    literature.add_pubmed(90000001, entered=NOW - timedelta(days=50), revised=NOW)
    literature.add_pubmed(90000002, entered=NOW - timedelta(days=10))
    root = await xml(session, literature.eutils_url + "/esearch.fcgi", term="title", **params)
    assert [item.text for item in root.iterfind("IdList/Id")] == hits


async def test_efetch_gives_the_known_records_in_the_order_asked(
    literature: FakeLiterature, session: aiohttp.ClientSession
) -> None:
    literature.add_pubmed(90000001, "One & <two>.", abstract=(("METHODS", "α"), ("", "plain")))
    literature.add_pubmed(90000002)
    form = {"db": "pubmed", "id": "90000002,90009999,90000001", "retmode": "xml"}
    async with session.post(literature.eutils_url + "/efetch.fcgi", data=form) as response:
        body = await response.read()
    assert b"<!DOCTYPE PubmedArticleSet PUBLIC" in body
    root = etree.fromstring(body)
    assert [pmid.text for pmid in root.iterfind("PubmedArticle/MedlineCitation/PMID")] == ["90000002", "90000001"]
    assert root.findtext(".//PubmedArticle[2]//ArticleTitle") == "One & <two>."
    labels = [(text.get("Label"), text.get("NlmCategory"), text.text) for text in root.iterfind(".//AbstractText")]
    assert labels == [("METHODS", "METHODS", "α"), (None, None, "plain")]


async def test_more_than_three_requests_a_second_get_the_json_429(session: aiohttp.ClientSession) -> None:
    async with FakeLiterature(limit_rate=True) as literature:
        answers = []
        for _ in range(4):
            async with session.get(literature.eutils_url + "/esearch.fcgi", params={"term": "x"}) as response:
                answers.append((response.status, response.headers["X-RateLimit-Remaining"], await response.text()))
    assert [status for status, _, _ in answers] == [200, 200, 200, 429]
    assert [left for _, left, _ in answers] == ["2", "1", "0", "0"]
    assert json.loads(answers[-1][2])["error"] == "API rate limit exceeded"


@needs_shared
async def test_every_element_of_an_efetch_answer_occurs_in_real_ones(
    literature: FakeLiterature, session: aiohttp.ClientSession
) -> None:
    news = some_news()
    literature.library.extend(news)
    ids = ",".join(str(paper.pmid) for paper in news if isinstance(paper, PubmedPaper))
    root = await xml(session, literature.eutils_url + "/efetch.fcgi", id=ids)
    real = etree.fromstring(gzip.decompress((SHARED / "pubmed" / "articles.xml.gz").read_bytes()))
    tags = {(element.getparent().tag, element.tag) for element in real.iterdescendants(etree.Element)}  # type: ignore[union-attr]
    ours = {(element.getparent().tag, element.tag) for element in root.iterdescendants(etree.Element)}  # type: ignore[union-attr]
    assert ours <= tags
