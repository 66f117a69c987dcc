"""The demo reads PubMed's and arXiv's query languages as their help pages describe them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from adapters.demo import arxiv_query, pubmed_query
from adapters.demo.boolean import TooDeep
from adapters.demo.library import ArxivPaper, Author, Journal, PubmedPaper

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

ARTICLE = PubmedPaper(
    pmid=90000001,
    title="Deep learning for β-catenin expression on X-ray images: the quality of life of patients.",
    entered=NOON,
    abstract=(("METHODS", "A lung-nodule detector was trained on images of the chest."), ("RESULTS", "Good.")),
    authors=(Author("Müller", "José María", "Charité, Berlin"), Author("van den Berg", "A")),
    journal=Journal("European radiology", "Eur Radiol", "1432-1084"),
    doi="10.5555/A(26)1.x",
    published=date(2026, 11, 3),
    revised=datetime(2026, 11, 22, 3, 0, tzinfo=UTC),
    indexed=datetime(2026, 11, 22, 3, 0, tzinfo=UTC),
    headings=("Deep Learning", "Tomography, X-Ray Computed"),
    keywords=("mobile phones",),
    types=("Journal Article", "Multicenter Study"),
)

PUBMED_HITS = [
    "deep",
    "DEEP Learning",
    "deep learning[ti]",
    '"deep learning"[Title]',
    '"deep learning"[tiab] AND nodule[ab]',
    "beta-catenin[ti]",
    "β-catenin",
    "x ray[ti]",
    "lung nodule[tiab]",
    "muller[au]",
    "Müller J[au]",
    "muller jm[au]",
    '"muller jm"[au]',
    "muller, jose maria[fau]",
    "josé maría müller[au]",
    "van den berg[au]",
    "berlin[ad]",
    "Eur Radiol[ta]",
    '"European Radiology"[jour]',
    "1432-1084[ta]",
    "deep learning[mh]",
    "tomography, x-ray computed[mesh]",
    "multicenter study[pt]",
    "english[la]",
    '"10.5555/a(26)1.X"[doi]',
    "90000001[uid]",
    "learn*[ti]",
    '"deep learn*"[tiab]',
    "mobile phone*[tiab]",
    '"images chest"[tiab:~2]',
    '"chest detector images"[tiab:~7]',
    '("2026/11/20"[CRDT] : "3000"[CRDT])',
    "2026/11/03[dp]",
    "2026/11/01:2026/11/30[dp]",
    "2026[pdat] AND 2026/11[edat]",
    "2026/11/22[mhda]",
    "2026/11/22[lr]",
    '"quality of life"[ti]',
    "the AND deep",
    "absent OR deep NOT wrong",
    "deep NOT (absent AND deep)",
    "(deep AND (absent OR learning))",
    "deep NOT the",
]

PUBMED_MISSES = [
    "absent",
    '"learning deep"',
    "chest[ti]",
    "learning images[ti]",
    '"muller j"[au]',
    "muller k[au]",
    "berg[au]",
    "radiology[ta]",
    "learning[mh]",
    "tomography[mh]",
    "10.5555/a[doi]",
    "9000000[uid]",
    "lear[ti]",
    "dee*[ti]",
    '"images chest"[tiab:~1]',
    '("2026/11/21"[CRDT] : "3000"[CRDT])',
    "2026/11/04:2026/11/30[dp]",
    '"quality life"[ti]',
    "deep NOT learning",
    "deep OR learning AND absent",
    "the",
    "",
    "((()))",
]


@pytest.mark.parametrize("term", PUBMED_HITS)
def test_a_pubmed_term_finds_the_article(term: str) -> None:
    assert pubmed_query.search(term, [ARTICLE]) == [ARTICLE]


@pytest.mark.parametrize("term", PUBMED_MISSES)
def test_a_pubmed_term_does_not_find_the_article(term: str) -> None:
    assert pubmed_query.search(term, [ARTICLE]) == []


def test_pubmed_says_what_it_ignored() -> None:
    found = pubmed_query.look_up("NOT deep[xyz] AND (the OR dee*[ti]", [ARTICLE])
    assert found.remarks.fields_not_found == ["xyz"]
    assert found.remarks.phrases_ignored == ["the"]
    assert found.phrases_not_found == ["dee*"]
    assert found.remarks.messages == [
        "The operator NOT has nothing to join and was ignored.",
        "The operator OR has nothing to join and was ignored.",
        "dee*: at least four characters must stand before the *.",
        "An unmatched parenthesis was ignored.",
    ]


def test_pubmed_shows_how_it_read_a_term() -> None:
    found = pubmed_query.look_up('(a1 OR "b c"[tiab]) AND data*[ti] NOT 2026/11[crdt]', [])
    left = '("a1"[All Fields] OR "b c"[Title/Abstract]) AND "data*"[Title]'
    assert found.translation == f"({left}) NOT 2026/11/01:2026/11/30[Date - Create]"


def test_an_old_paper_added_late_is_dated_by_its_publication_in_edat_only() -> None:
    late = PubmedPaper(90000002, "Late.", NOON, published=date(2019, 5, 1))
    assert pubmed_query.search("2019/05/01[edat]", [late]) == [late]
    assert pubmed_query.search("2026/11/20[edat]", [late]) == []
    assert pubmed_query.search("2026/11/20[crdt]", [late]) == [late]


@pytest.mark.parametrize("term", ["(" * 5000 + "deep" + ")" * 5000, "(" * 5000, "deep AND (" * 5000])
def test_parentheses_nested_too_deeply_are_refused(term: str) -> None:
    with pytest.raises(TooDeep):
        pubmed_query.search(term, [ARTICLE])
    with pytest.raises(TooDeep):
        arxiv_query.parse(term)


@pytest.mark.parametrize("operator", ["AND", "OR"])
def test_a_long_row_of_words_is_no_nesting(operator: str) -> None:
    term = f" {operator} ".join(["(deep)"] * 5000)
    found = pubmed_query.look_up(term, [ARTICLE])
    assert found.papers == [ARTICLE]
    assert found.translation == f" {operator} ".join(['"deep"[All Fields]'] * 5000)
    assert arxiv_query.search(term, [PREPRINT]) == [PREPRINT]
    assert arxiv_query.written(arxiv_query.parse(term)).count("(") == 4999


def test_a_hundred_parentheses_are_read() -> None:
    term = "(" * 100 + "deep" + ")" * 100
    assert pubmed_query.search(term, [ARTICLE]) == [ARTICLE]
    assert arxiv_query.search(term, [PREPRINT]) == [PREPRINT]


PREPRINT = ArxivPaper(
    "2611.00042",
    "Deep Learning for X-ray Images",
    datetime(2026, 11, 20, 23, 59, 30, tzinfo=UTC),
    abstract="Segmentation of the lung\nnodule.",
    authors=("José María Müller", "Ana del Maestro"),
    categories=("cs.CV", "eess.IV"),
    version=2,
    updated=datetime(2026, 11, 22, tzinfo=UTC),
    comment="12 pages",
    doi="10.5555/abc",
    journal_ref="Eur Radiol 2026",
    report_number="RAD-7",
)

ARXIV_HITS = [
    "ti:deep",
    "deep",
    'all:"lung nodule"',
    "ti:x-ray",
    "abs:lung AND ti:images",
    "ti:absent deep",
    "ti:absent OR cat:eess.IV",
    "cat:cs.*",
    "ti:deep ANDNOT ti:absent",
    "ti:deep NOT ti:absent",
    "ti:absent AND ti:deep OR ti:learning",
    "ti:learning OR (ti:absent AND ti:deep)",
    "(((ti:deep)))",
    "au:del_maestro",
    "au:muller_j",
    'au:"jose maria muller"',
    "ti:lear*",
    "ti:d?ep",
    "co:pages",
    'jr:"eur radiol"',
    "rn:RAD-7",
    "id:2611.00042",
    "id:2611.00042v2",
    "doi:10.5555/ABC",
    "submittedDate:[202611202359 TO 202611202359]",
    "submittedDate:[2026 TO 2026]",
    "submittedDate:[202611 TO 202611]",
    "submittedDate:[20261120 TO 20261120]",
    "lastUpdatedDate:[20261120 TO 20261121]",
]

ARXIV_MISSES = [
    "ti:lung",
    "abs:deep",
    'ti:"learning deep"',
    "ti:dee",
    "cat:eess",
    "cat:cs.LG",
    "au:muller_x",
    'au:"maria jose"',
    "id:2611.0004",
    "ti:deep ANDNOT ti:learning",
    "ti:deep OR ti:learning AND ti:absent",
    "submittedDate:[20261121 TO 20261130]",
    "lastUpdatedDate:[20261122 TO 20261123]",
    'ti:"deep learn*"',
]


@pytest.mark.parametrize("query", ARXIV_HITS)
def test_an_arxiv_query_finds_the_preprint(query: str) -> None:
    assert arxiv_query.search(query, [PREPRINT]) == [PREPRINT]


@pytest.mark.parametrize("query", ARXIV_MISSES)
def test_an_arxiv_query_does_not_find_the_preprint(query: str) -> None:
    assert arxiv_query.search(query, [PREPRINT]) == []


@pytest.mark.parametrize(
    "query",
    ["", "()", "ti:", "*x", "ti:?x", "foo:x", "(ti:a", "ti:a)", "ti:a AND", "AND ti:a", 'ti:"a', "ti:a AND OR ti:b",
     "submittedDate:2026", "submittedDate:[2026]", "submittedDate:[2026 TO 20261301]", "ti:[a TO b]"],
)  # fmt: skip
def test_arxiv_refuses_what_it_cannot_read(query: str) -> None:
    with pytest.raises(arxiv_query.BadQuery):
        arxiv_query.parse(query)
