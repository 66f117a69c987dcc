"""Which records are one paper, what it then says, and how people name it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.identity import Holding, compose, doi_of, entered_before, parse_identifier, parse_number, resolve, succeed
from bot.model import Identifier, Kind, PaperId, Record, Status
from tests.examples import NOW, TODAY, a_paper, a_record, an_arxiv_record, doi, pmids

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


# ---------------------------------------------------------------- which records are one paper


def held(*records: Record) -> Holding:
    """A stored paper of these records."""
    return Holding(
        {(record.source, record.source_id) for record in records},
        {identifier for record in records for identifier in record.identifiers},
        {identifier for record in records for identifier in record.same_work},
    )


def named(record: Record, *identifiers: Identifier) -> Record:
    return replace(record, identifiers=record.identifiers | {*identifiers})


ARTICLE, OTHER_ARTICLE = a_record(source_id="41"), a_record(source_id="42")
PREPRINT = an_arxiv_record(source_id="2611.00041")
SHARED_DOI = doi("10.1000/shared")


def stored(*papers: Sequence[Record]) -> dict[PaperId, Holding]:
    return {PaperId(number): held(*records) for number, records in enumerate(papers, 1)}


def test_records_without_a_name_in_common_are_papers_of_their_own() -> None:
    assert resolve([ARTICLE, PREPRINT], {}).papers == (-1, -2)


def test_a_record_that_is_known_stays_with_its_paper() -> None:
    assert resolve([replace(PREPRINT, version=2)], stored([ARTICLE], [PREPRINT])).papers == (2,)


def test_a_shared_doi_joins_a_preprint_and_its_article() -> None:
    article, preprint = named(ARTICLE, SHARED_DOI), named(PREPRINT, SHARED_DOI)
    assert resolve([article, preprint], {}).papers == (-1, -1)
    assert resolve([article], stored([preprint])).papers == (1,)


def test_a_shared_doi_alone_never_joins_two_records_of_one_source() -> None:
    chapter, other = named(ARTICLE, SHARED_DOI), named(OTHER_ARTICLE, SHARED_DOI)
    assert resolve([chapter, other], {}).papers == (-1, -2)
    resolution = resolve([other], stored([chapter]))
    assert (resolution.papers, resolution.merged) == ((-1,), {})


@pytest.mark.parametrize("link_on_first", [True, False])
def test_a_source_may_say_that_two_of_its_records_are_one_work(link_on_first: bool) -> None:
    first = replace(ARTICLE, same_work=pmids([42])) if link_on_first else ARTICLE
    second = OTHER_ARTICLE if link_on_first else replace(OTHER_ARTICLE, same_work=pmids([41]))
    assert resolve([first, second], {}).papers == (-1, -1)
    assert resolve([second], stored([first])).papers == (1,)


def test_papers_that_turn_out_to_be_one_are_merged_into_the_one_known_longest() -> None:
    apart = stored([PREPRINT], [ARTICLE])
    resolution = resolve([named(PREPRINT, *ARTICLE.identifiers)], apart)
    assert (resolution.papers, resolution.merged) == ((1,), {2: 1})
    resolution = resolve([named(ARTICLE, *PREPRINT.identifiers)], apart)
    assert (resolution.papers, resolution.merged) == ((1,), {2: 1})


def test_a_record_that_names_two_papers_of_one_source_joins_the_older_and_merges_nothing() -> None:
    resolution = resolve([named(PREPRINT, *pmids([41, 42]))], stored([OTHER_ARTICLE], [ARTICLE]))
    assert (resolution.papers, resolution.merged) == ((1,), {})


def test_three_papers_become_one_through_a_chain_of_names() -> None:
    journal = a_record(source="feeds", source_id="x", identifiers=frozenset({SHARED_DOI}))
    bridge = named(PREPRINT, SHARED_DOI, *ARTICLE.identifiers)
    resolution = resolve([bridge], stored([journal], [ARTICLE], [PREPRINT]))
    assert (resolution.papers, resolution.merged) == ((1,), {2: 1, 3: 1})


def test_what_is_stored_is_left_as_it_is() -> None:
    known = stored([ARTICLE])
    resolve([named(PREPRINT, *ARTICLE.identifiers)], known)
    assert known == stored([ARTICLE])


# ---------------------------------------------------------------- whatever the order

SOURCES = ("pubmed", "arxiv", "medrxiv", "feeds")
NAMES = [doi(f"10.1000/{letter}") for letter in "abcdef"]


@st.composite
def works(draw: st.DrawFn) -> list[Record]:
    """Records of a few works; each work has names of its own and one record at most of each source."""
    records = []
    for work in range(draw(st.integers(1, 3))):
        names = st.sets(st.sampled_from([doi(f"10.1000/{work}{letter}") for letter in "abcd"]), max_size=3)
        for source in draw(st.lists(st.sampled_from(SOURCES), unique=True, min_size=1)):
            identifiers, links = draw(names), draw(names)
            records.append(_known_by(source, f"{source}{work}", identifiers, links))
    return records


def _known_by(source: str, source_id: str, identifiers: set[Identifier], links: set[Identifier]) -> Record:
    return a_record(source=source, source_id=source_id, identifiers=frozenset(identifiers), same_work=frozenset(links))


def connected(records: Sequence[Record]) -> set[frozenset[str]]:
    """The groups of records that names join, directly or through others."""
    groups: list[tuple[set[str], set[Identifier]]] = []
    for record in records:
        ids, names = {record.source_id}, {*record.identifiers, *record.same_work}
        for group in [group for group in groups if group[1] & names]:
            groups.remove(group)
            ids |= group[0]
            names |= group[1]
        groups.append((ids, names))
    return {frozenset(ids) for ids, _ in groups}


def archived(pages: Sequence[Sequence[Record]]) -> dict[PaperId, list[Record]]:
    """What the archive holds after these pages came one after another."""
    papers: dict[PaperId, list[Record]] = {}
    for page in pages:
        resolution = resolve(page, {number: held(*records) for number, records in papers.items()})
        _merge(papers, resolution.merged)
        numbers: dict[PaperId, PaperId] = {}
        for record, place in zip(page, resolution.papers, strict=True):
            number = place if place > 0 else numbers.setdefault(place, PaperId(max(papers, default=0) + 1))
            papers.setdefault(number, []).append(record)
    return papers


def _merge(papers: dict[PaperId, list[Record]], merged: Mapping[PaperId, PaperId]) -> None:
    for loser, survivor in merged.items():
        papers[survivor] += papers.pop(loser)


@settings(deadline=None)
@given(works().flatmap(st.permutations), st.integers(0, 6), st.integers(0, 6))
def test_works_with_one_record_of_each_source_are_grouped_alike_in_any_order_and_on_any_pages(
    records: list[Record], first: int, second: int
) -> None:
    pages = [records[:first], records[first : first + second], records[first + second :]]
    groups = {frozenset(record.source_id for record in paper) for paper in archived(pages).values()}
    assert groups == connected(records)


unlinked = st.builds(
    _known_by,
    st.sampled_from(SOURCES),
    st.sampled_from(["1", "2", "3"]),
    st.sets(st.sampled_from(NAMES), max_size=3),
    st.just(set[Identifier]()),
)


@settings(deadline=None)
@given(st.lists(st.lists(unlinked, max_size=5), max_size=4))
def test_without_a_source_saying_so_no_paper_holds_two_records_of_one_source(pages: list[list[Record]]) -> None:
    held_keys = [{(record.source, record.source_id) for record in paper} for paper in archived(pages).values()]
    assert all(len(keys) == len({source for source, _ in keys}) for keys in held_keys)
    every_key = {(record.source, record.source_id) for page in pages for record in page}
    assert sorted(key for keys in held_keys for key in keys) == sorted(every_key)
