"""Whatever is pasted: no exception, within the limits, and the same papers where the meaning is the same."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.demo import pubmed_query
from adapters.demo.library import PubmedPaper
from adapters.demo.pubmed_xml import article_set
from adapters.sources import pubmed
from bot.identity import compose
from bot.model import Change, PaperId, Topic
from bot.query import MAX_LEAVES, Query, parse
from bot.translating import leaves, read_search
from storage.matching import match_batch
from tests.examples import NOW, TODAY

FRAGMENTS = [
    "mri", "deep learning", "neuro*", "x*", "a*b", '"', '"deep learning"', "“", "(", "(", ")", ")", "[", "]", ":", "*",
    "/", ",", ".", "#1", "AND", "OR", "NOT", "and", "or", "not", " ", " ", " ", "\n", "\x00", "\ud800", "\ue000", "β",
    "[ti]", "[tiab]", "[mh]", "[MeSH Terms:noexp]", "[tiab:~3]", "[au]", "[ta]", "[pt]", "[la]", "[dp]", "[pmid]",
    "[doi]", "[nosuchtag]", "2020", "3000", "2020/02/30", '"last 5 years"', "humans", "Stroke/diagnosis", "review",
    "https://pubmed.ncbi.nlm.nih.gov/?term=", "&filter=years.2020-2024", "https://arxiv.org/search/?query=", "cat:",
    "https://export.arxiv.org/api/query?search_query=", "ANDNOT", "ti:", "submittedDate:[20240101 TO x]", "%5D", "%ff",
    "https://arxiv.org/search/advanced?terms-0-term=", "&terms-0-field=title", "&date-filter_by=specific_year",
    "&date-year=9999", "&classification-physics=y", "https://arxiv.org/list/", "https://[::1", "9" * 30,
]  # fmt: skip
pasted = st.lists(st.sampled_from(FRAGMENTS), max_size=25).map("".join) | st.text(max_size=60)


@settings(max_examples=400, deadline=None)
@given(pasted, st.sampled_from(["", "mri[ti] ", "https://arxiv.org/search/?query="]))
def test_any_text_is_read_or_explained(text: str, before: str) -> None:
    found = read_search(before + text)
    if found is None:
        return
    assert (found.query is None) == bool(found.problem)
    if found.query is not None:
        assert parse(str(found.query)).root == found.query.root
        assert leaves(found.query.root) <= MAX_LEAVES
        assert read_search(str(found.query)) is None


WORDS = ("lanterns", "rivers", "mri", "x-ray", "β-catenin")
titles = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
papers = st.builds(PubmedPaper, pmid=st.just(0), title=titles, entered=st.just(NOW))
conditions = st.sampled_from(
    ["lanterns[ti]", "rivers[ti]", '"x-ray"[ti]', "lant*[ti]", '"rivers mri"[ti]', "β-catenin[ti]"]
)
searches = st.recursive(
    conditions,
    lambda parts: st.lists(st.tuples(st.sampled_from([" AND ", " OR ", " NOT "]), parts), min_size=1, max_size=3).map(
        lambda steps: f"({''.join(operator + part for operator, part in steps).lstrip(' ANDORT')})"
    ),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None)
@given(st.lists(papers, min_size=8, max_size=12), searches)
def test_a_search_of_titles_finds_the_papers_that_pubmed_finds(drawn: list[PubmedPaper], search: str) -> None:
    library = [replace(paper, pmid=pmid) for pmid, paper in enumerate(drawn, 40_000_001)]
    records, _ = pubmed.parse(article_set(library))
    changes = [Change(compose(PaperId(n), [record], NOW), None) for n, record in enumerate(records, 1)]
    found = read_search(search)
    assert found is not None
    assert isinstance(found.query, Query)
    assert found.losses == ()
    matches = match_batch(changes, [Topic(1, "t", found.query, NOW)], TODAY)
    ours = {match.change.paper.records[0].source_id for match in matches}
    assert ours == {str(paper.pmid) for paper in pubmed_query.search(search, library)}
