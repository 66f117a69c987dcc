"""How people name a paper, what it says, and which state of a record is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.identity import compose, doi_of, entered_before, paper_marks, parse_identifier, parse_number, succeed
from bot.model import Identifier, Kind, PaperId, Record, Status
from tests.examples import NOW, TODAY, a_paper, a_record, an_arxiv_record, doi

ARXIV, PMID = "arxiv", "pmid"


# ---------------------------------------------------------------- how people name a paper


@pytest.mark.parametrize(
    ("text", "scheme", "value"),
    [
        ("10.1000/ABC(2)", "doi", "10.1000/abc(2)"),
        ("doi:10.1000/x", "doi", "10.1000/x"),
        ("DOI: 10.1000/x.", "doi", "10.1000/x"),
        ("https://doi.org/10.1000/x", "doi", "10.1000/x"),
        ("http://dx.doi.org/10.1000/x?from=feed#top", "doi", "10.1000/x"),
        ("<https://doi.org/10.1000/x%28y%29>", "doi", "10.1000/x(y)"),
        ("12345678", PMID, "12345678"),
        ("PMID: 12345678", PMID, "12345678"),
        ("pmid12345678", PMID, "12345678"),
        ("0042", PMID, "42"),
        ("https://pubmed.ncbi.nlm.nih.gov/12345678/", PMID, "12345678"),
        ("https://pubmed.ncbi.nlm.nih.gov/12345678/?utm_source=x", PMID, "12345678"),
        ("http://www.ncbi.nlm.nih.gov/pubmed/12345678", PMID, "12345678"),
        ("2301.00001", ARXIV, "2301.00001"),
        ("arXiv:2301.00001v3", ARXIV, "2301.00001"),
        ("0704.0001", ARXIV, "0704.0001"),
        ("math.GT/0309136", ARXIV, "math/0309136"),
        ("hep-th/9901001v2", ARXIV, "hep-th/9901001"),
        ("https://arxiv.org/abs/2301.00001v3", ARXIV, "2301.00001"),
        ("https://arxiv.org/pdf/2301.00001v3.pdf", ARXIV, "2301.00001"),
        ("http://export.arxiv.org/abs/hep-th/9901001", ARXIV, "hep-th/9901001"),
        ("10.48550/arXiv.2301.00001", ARXIV, "2301.00001"),
        ("https://doi.org/10.48550/arXiv.2301.00001", ARXIV, "2301.00001"),
    ],
)
def test_a_paper_can_be_named_by(text: str, scheme: str, value: str) -> None:
    assert parse_identifier(text) == Identifier(scheme, value)
    assert parse_identifier(f"  {text} ") == Identifier(scheme, value)


@pytest.mark.parametrize(
    "text",
    ["", "radiology", "P1234", "10.1000", "10.1/x", "123456789", "2301.1", "https://example.org/12345678", "12 34"],
)
def test_what_names_no_paper(text: str) -> None:
    assert parse_identifier(text) is None


@given(st.text(max_size=60))
def test_any_text_is_an_identifier_or_none(text: str) -> None:
    found = parse_identifier(text)
    assert found is None or parse_identifier(found.value) == found


@pytest.mark.parametrize(("text", "number"), [("P1234", 1234), (" p7 ", 7), ("7", None), ("P", None), ("P1x", None)])
def test_a_short_number_begins_with_p(text: str, number: int | None) -> None:
    assert parse_number(text) == number


# ---------------------------------------------------------------- what a paper says


def test_the_article_speaks_before_the_preprint_and_fills_in_from_it() -> None:
    article = a_record(title="In print", abstract="", authors=(), published=date(2026, 11, 12), categories=("Lung",))
    preprint = an_arxiv_record(title="In short", published=date(2026, 10, 1), categories=("cs.CV", "Lung"))
    paper = a_paper(preprint, article)
    assert paper.records == (article, preprint)
    assert (paper.title, paper.kind, paper.url) == ("In print", Kind.ARTICLE, article.url)
    assert (paper.abstract, paper.authors) == (preprint.abstract, preprint.authors)
    assert (paper.categories, paper.venue) == (("Lung", "cs.CV"), article.venue)
    assert paper.date == date(2026, 10, 1)


def test_a_full_record_speaks_before_a_partial_one_of_its_kind() -> None:
    feed = an_arxiv_record(source="biorxiv", title="From a feed", partial=True)
    assert a_paper(feed, an_arxiv_record(title="From the API")).title == "From the API"


@pytest.mark.parametrize(
    ("published", "shown"),
    [
        ((None, None), TODAY),
        ((date(2026, 11, 2), None), date(2026, 11, 2)),
        ((date(2026, 11, 2), date(2026, 9, 1)), date(2026, 9, 1)),
        ((date(2027, 3, 1), None), TODAY),
    ],
)
def test_a_paper_is_dated_by_its_first_publication_and_never_later_than_first_seen(
    published: tuple[date | None, date | None], shown: date
) -> None:
    article, preprint = published
    assert a_paper(a_record(published=article), an_arxiv_record(published=preprint)).date == shown


def test_the_gravest_status_of_any_record_counts() -> None:
    withdrawn = an_arxiv_record(status=Status.WITHDRAWN)
    assert a_paper(a_record(status=Status.CONCERN), withdrawn).status is Status.WITHDRAWN
    assert a_paper(a_record(status=Status.RETRACTED), withdrawn).status is Status.RETRACTED
    assert a_paper(a_record(), an_arxiv_record()).status is None


def test_the_doi_of_the_preferred_record_is_the_papers() -> None:
    article = a_record(identifiers=frozenset({doi("10.1000/b"), doi("10.1000/a")}))
    preprint = an_arxiv_record(identifiers=frozenset({doi("10.1000/0")}))
    assert (doi_of(article), a_paper(preprint, article).doi) == ("10.1000/a", "10.1000/a")
    assert a_paper(preprint, a_record()).doi == "10.1000/0"


@given(st.permutations([a_record(), a_record(), an_arxiv_record(), an_arxiv_record(partial=True), an_arxiv_record()]))
def test_a_paper_says_the_same_in_whatever_order_its_records_came(records: list[Record]) -> None:
    assert compose(PaperId(1), records, NOW) == compose(PaperId(1), sorted(records, key=lambda r: r.source_id), NOW)


def test_a_paper_entered_before_a_day_if_any_source_had_it_then() -> None:
    day = date(2026, 11, 13)
    early, late = a_record(entered=date(2026, 11, 12)), a_record(entered=day)
    assert entered_before(a_paper(early, late), day)
    assert not entered_before(a_paper(late, a_record(entered=None)), day)
    assert not entered_before(a_paper(a_record(entered=None)), day)


# ---------------------------------------------------------------- one record after another


FULL = an_arxiv_record(source_id="2611.77777", version=2, revision="2026-11-10", pdf_url="https://example.org/a.pdf")
ITEM = replace(FULL, partial=True, revision="", published=None, entered=date(2026, 11, 12), pdf_url=None)


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({"version": 3, "title": "New"}, True),
        ({"revision": "2026-11-11", "title": "New"}, True),
        ({"title": "New"}, True),
        ({"revision": "2026-11-11"}, True),
        ({}, False),
        ({"version": 1, "revision": "2027-01-01", "title": "Old"}, False),
        ({"revision": "2026-11-09", "title": "Old"}, False),
    ],
)
def test_the_newer_state_of_a_record_is_kept(changes: dict[str, object], kept: bool) -> None:
    record = replace(FULL, **changes)  # type: ignore[arg-type]
    assert succeed(FULL, record) == (record if kept else None)


def test_a_feeds_item_never_replaces_the_full_record_of_its_version() -> None:
    assert succeed(FULL, replace(ITEM, revision="2027-01-01")) is None


def test_a_feeds_item_of_a_newer_version_keeps_what_it_does_not_tell() -> None:
    item = replace(ITEM, version=3, identifiers=frozenset({doi("10.1000/x")}))
    kept = succeed(FULL, item)
    assert kept is not None
    assert (kept.version, kept.partial, kept.published, kept.pdf_url) == (3, True, FULL.published, FULL.pdf_url)
    assert (kept.entered, kept.identifiers) == (FULL.entered, FULL.identifiers | item.identifiers)


def test_the_full_record_follows_the_item_and_keeps_the_earlier_day_of_entry() -> None:
    kept = succeed(replace(ITEM, entered=date(2026, 11, 1)), FULL)
    assert kept == replace(FULL, entered=date(2026, 11, 1))


def test_a_papers_marks_name_its_records_whatever_its_number_and_version() -> None:
    preprint, article = an_arxiv_record(source_id="2611.00001"), a_record(source_id="70000001")
    marks = paper_marks(a_paper(article, preprint, number=5))
    assert marks == paper_marks(a_paper(replace(preprint, version=2), article, number=9))
    assert marks == paper_marks(a_paper(article)) | paper_marks(a_paper(preprint))
    assert sorted(len(mark) for mark in marks) == [8, 8]
    assert paper_marks(a_paper(replace(article, source="europepmc"))).isdisjoint(marks)
