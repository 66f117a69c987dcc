"""Which records are one paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.identity import Holding, resolve
from bot.model import Identifier, PaperId, Record
from tests.examples import a_record, an_arxiv_record, doi, pmids


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


def test_a_record_joins_no_two_papers_of_which_one_holds_another_record_of_its_source() -> None:
    other_preprint = an_arxiv_record(source_id="2611.00042")
    bridge = named(PREPRINT, *ARTICLE.identifiers, *other_preprint.identifiers)
    resolution = resolve([bridge], stored([ARTICLE], [other_preprint]))
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


@settings(deadline=None, max_examples=300)
@given(st.lists(st.lists(unlinked, max_size=5), max_size=4))
def test_without_a_source_saying_so_no_paper_holds_two_records_of_one_source(pages: list[list[Record]]) -> None:
    held_keys = [{(record.source, record.source_id) for record in paper} for paper in archived(pages).values()]
    assert all(len(keys) == len({source for source, _ in keys}) for keys in held_keys)
    every_key = {(record.source, record.source_id) for page in pages for record in page}
    assert sorted(key for keys in held_keys for key in keys) == sorted(every_key)
