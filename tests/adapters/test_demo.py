"""The demo's literature: its papers, its news, and the fake that serves them to tests."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import aiohttp
import pytest

from adapters.demo.library import ArxivPaper, Paper, PubmedPaper
from adapters.demo.papers import ARCHIVE_DAYS, ARCHIVE_SIZE, FIRST_PMID, Writer, archive
from adapters.demo.server import LiteratureServer
from adapters.demo.stories import Stories
from tests.adapters.demo_answers import xml
from tests.fakes.literature import NOW, FakeLiterature


def test_the_archive_is_the_same_every_time_and_has_no_title_twice() -> None:
    papers = archive(Writer(), NOW)
    assert papers == archive(Writer(), NOW)
    assert len({paper.title for paper in papers}) == len(papers) == ARCHIVE_SIZE


def test_the_archive_lies_in_the_last_sixty_days_and_names_nothing_real() -> None:
    for paper in archive(Writer(), NOW):
        moment = paper.entered if isinstance(paper, PubmedPaper) else paper.submitted
        assert NOW - timedelta(days=ARCHIVE_DAYS) <= moment < NOW
        if isinstance(paper, PubmedPaper):
            assert paper.pmid >= FIRST_PMID
            assert paper.doi is not None
            assert paper.doi.startswith("10.5555/")
        else:
            assert paper.id.startswith(f"{moment:%y%m}.")


def test_no_sentence_is_left_with_an_unfilled_place() -> None:
    writer = Writer()
    for _ in range(300):
        article, preprint = writer.pubmed(NOW), writer.arxiv(NOW)
        text = " ".join((article.title, *(part for pair in article.abstract for part in pair), preprint.abstract))
        assert not re.search(r"[{}]|  |\.\.", text)


def a_dozen_publications() -> tuple[list[Paper], list[Paper]]:
    writer = Writer()
    old = archive(writer, NOW)
    stories = Stories(writer, old)
    return old, [stories.publish(NOW + timedelta(seconds=5 * number)) for number in range(12)]


def test_a_preprint_gets_a_journal_version_with_the_doi_it_later_names() -> None:
    _, news = a_dozen_publications()
    later = next(paper for paper in news if isinstance(paper, ArxivPaper) and paper.doi)
    article = next(paper for paper in news if isinstance(paper, PubmedPaper) and paper.doi == later.doi)
    preprint = next(paper for paper in news if isinstance(paper, ArxivPaper) and paper.id == later.id)
    assert preprint.doi is None
    assert news.index(preprint) < news.index(article) < news.index(later)
    assert article.title == preprint.title + "."
    assert [f"{author.fore} {author.last}" for author in article.authors] == list(preprint.authors)


def test_an_archived_preprint_is_revised() -> None:
    old, news = a_dozen_publications()
    revised = [paper for paper in news if isinstance(paper, ArxivPaper) and paper.version == 2]
    assert any(paper.previous in old and paper.submitted < NOW <= paper.shown for paper in revised)


def test_an_archived_article_is_retracted_and_the_notice_has_the_pmid_it_names() -> None:
    old, news = a_dozen_publications()
    articles = [paper for paper in news if isinstance(paper, PubmedPaper)]
    retracted = next(paper for paper in articles if "Retracted Publication" in paper.types)
    notice = next(paper for paper in articles if "Retraction of Publication" in paper.types)
    assert retracted.pmid in {paper.pmid for paper in old if isinstance(paper, PubmedPaper)}
    assert retracted.revised is not None
    assert retracted.revised >= NOW
    assert (retracted.links[0].kind, retracted.links[0].pmid) == ("RetractionIn", notice.pmid)
    assert (notice.links[0].kind, notice.links[0].pmid) == ("RetractionOf", retracted.pmid)


def test_an_abstract_and_headings_arrive_later() -> None:
    old, news = a_dozen_publications()
    articles = [paper for paper in news if isinstance(paper, PubmedPaper)]
    bare = next(paper for paper in articles if not paper.abstract)
    assert any(paper.abstract and paper.pmid == bare.pmid and paper.revised for paper in articles)
    indexed = next(paper for paper in articles if paper.headings)
    assert any(isinstance(paper, PubmedPaper) and paper.pmid == indexed.pmid and not paper.headings for paper in old)


def test_one_preprint_has_latex_in_title_and_abstract() -> None:
    _, news = a_dozen_publications()
    assert any("$" in paper.title and "$" in paper.abstract for paper in news if isinstance(paper, ArxivPaper))


def test_publishing_goes_on_for_ever_and_says_what_it_publishes() -> None:
    said: list[str] = []
    server = LiteratureServer(lambda: NOW, 5, on_publish=said.append)
    papers = [server.publish_next() for _ in range(200)]
    assert all(paper in server.library for paper in papers[150:])
    assert len(said) == len(papers)
    assert any(line.startswith("PubMed (retracted): RETRACTED: ") for line in said)
    assert any(line.startswith("arXiv (version 2): ") for line in said)


async def test_a_started_server_publishes_by_itself_until_it_is_stopped() -> None:
    server = LiteratureServer(lambda: NOW, 0)
    before = len(server.library)
    server.start()
    while len(server.library) == before:
        await asyncio.sleep(0)
    await server.stop()
    assert server._task is None


async def test_the_fake_fails_as_often_as_it_was_told_to(
    literature: FakeLiterature, session: aiohttp.ClientSession
) -> None:
    literature.add_pubmed()
    literature.fail_next("esearch", status=502, body="<h1>Bad</h1>", headers={"Retry-After": "7"})
    literature.fail_next("esearch", drop=True)
    url = literature.eutils_url + "/esearch.fcgi"
    async with session.get(url, params={"term": "title"}) as response:
        assert (response.status, response.headers["Retry-After"]) == (502, "7")
        assert await response.text() == "<h1>Bad</h1>"
    with pytest.raises(aiohttp.ClientConnectionError):
        await session.post(url, data={"term": "title"})
    literature.delay_next("esearch", 0.01)
    assert (await xml(session, url, term="title")).findtext("Count") == "1"
    assert len(literature.asked("esearch")) == 3
