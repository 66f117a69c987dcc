"""Search in the archive's index, batch matching and a naive reading of the query always agree."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.identity import compose
from bot.model import Change, Identifier, Kind, Match, Paper, PaperId, Record, Topic
from bot.query import MAX_DEPTH, And, Dated, Field, Node, Not, Or, Query, Term, parse
from storage.index_rows import DAY_BITS, INDEX_DEFINITION, filter_tokens, index_row
from storage.matching import BatchMatcher, Compiled, compile_match, match_batch
from tests.examples import NOW, TODAY, a_paper, a_record, an_arxiv_record, doi
from tests.storage import reference

# ---------------------------------------------------------------- an archive of its own


def an_index(papers: Sequence[Paper]) -> sqlite3.Connection:
    """Papers in an index like the archive's, the one at position n under a rowid that ends in n."""
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE VIRTUAL TABLE papers USING {INDEX_DEFINITION}")
    connection.executemany(
        "INSERT INTO papers (rowid, title, abstract, authors, journal, category, tokens) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(_rowid(paper.date, position), *index_row(paper)) for position, paper in enumerate(papers)],
    )
    return connection


def _rowid(day: date, position: int = 0) -> int:
    return (day.toordinal() << DAY_BITS) + position


def _position(rowid: int) -> int:
    return rowid & ((1 << DAY_BITS) - 1)


def search(index: sqlite3.Connection, compiled: Compiled) -> set[int]:
    """The positions of the papers that are found."""
    first = _rowid(compiled.first_day or date.min)
    last = _rowid(compiled.end_day or date.max) - 1
    rows = index.execute(
        "SELECT rowid FROM papers WHERE papers MATCH ? AND rowid BETWEEN ? AND ?", (compiled.match, first, last)
    )
    return {_position(rowid) for (rowid,) in rows}


def words_by_position(index: sqlite3.Connection) -> dict[int, reference.Words]:
    return {_position(rowid): words for rowid, words in reference.words_of(index, "papers").items()}


def found(query: str, *papers: Paper) -> list[int]:
    """The numbers of the papers that both a search and a topic find."""
    root = parse(query).root
    with closing(an_index(papers)) as index:
        searched = sorted(papers[position].id for position in search(index, compile_match(root, TODAY)))
    matched = match_batch([Change(paper, None) for paper in papers], [a_topic(Query(root))], TODAY)
    assert sorted(match.change.paper.id for match in matched) == searched
    return list(searched)


def a_topic(query: Query, number: int = 1) -> Topic:
    return Topic(number, f"topic-{number}", query, NOW)


def a_text(title: str = "", abstract: str = "", number: int = 1, **changes: object) -> Paper:
    return a_paper(a_record(title=title, abstract=abstract, **changes), number=number)


# ---------------------------------------------------------------- generated queries and papers

WORDS = ("deep", "learning", "neuro", "neural", "neuron", "of", "covid-19", "Müller", "β-catenin", "C++", "深度", "MRI")
NAMES = ("John A Smith", "Smith J", "Ann Müller", "Jean-Pierre Deep", "neuro", "J. Smith")
DAYS = [
    date(1999, 12, 31), date(2000, 1, 1), date(2009, 12, 31), date(2019, 12, 31), date(2020, 1, 1), date(2020, 2, 29),
    date(2020, 3, 1), date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 13), date(2026, 11, 19), TODAY,
]  # fmt: skip
IDENTIFIERS = [
    doi("10.1/a"), doi("10.1000/x(1)"), Identifier("pmid", "12"), Identifier("pmid", "3"),
    Identifier("arxiv", "2301.00001"), Identifier("arxiv", "hep-th/9901001"),
]  # fmt: skip

texts = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
records = st.builds(
    Record,
    source=st.sampled_from(["pubmed", "arxiv", "medrxiv"]),
    source_id=st.just("1"),
    version=st.just(1),
    kind=st.sampled_from(Kind),
    title=texts,
    abstract=texts,
    authors=st.lists(st.sampled_from(NAMES), max_size=3).map(tuple),
    url=st.just("https://example.org/"),
    published=st.sampled_from(DAYS),
    venue=st.none() | texts,
    categories=st.lists(texts, max_size=2).map(tuple),
    identifiers=st.frozensets(st.sampled_from(IDENTIFIERS), max_size=3),
)
papers = st.builds(compose, st.integers(1, 4).map(PaperId), st.lists(records, min_size=1, max_size=2), st.just(NOW))
phrases = st.lists(st.sampled_from((*WORDS, "Smith", "J", "A", "JA")), min_size=1, max_size=2).map(" ".join)
plain = st.sampled_from([None, None, Field.TITLE, Field.ABSTRACT, Field.AUTHOR, Field.JOURNAL, Field.CATEGORY])
leaves: st.SearchStrategy[Node] = st.one_of(
    st.builds(Term, phrases, plain),
    st.builds(Term, st.sampled_from(["neur", "deep lear", "smit"]), plain, st.just(True)),
    st.builds(Term, st.sampled_from(["article", "preprint"]), st.just(Field.TYPE)),
    st.builds(Term, st.sampled_from(["pubmed", "arxiv", "nowhere"]), st.just(Field.SOURCE)),
    st.builds(Term, st.sampled_from(["10.1/a", "10.1000/x(1)"]), st.just(Field.DOI)),
    st.builds(
        Term,
        st.sampled_from(["P1", "p2", "12", "doi:10.1000/X(1)", "arXiv:2301.00001v2", "hep-th/9901001", "nothing"]),
        st.just(Field.ID),
    ),
    st.builds(Dated, st.booleans(), on=st.sampled_from(DAYS) | st.dates(date(1990, 1, 1), date(2030, 1, 1))),
    st.builds(Dated, st.booleans(), days=st.integers(0, 40)),
)


def _branches(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(nodes, min_size=2, max_size=3).map(tuple)
    return st.one_of(st.builds(And, several), st.builds(Or, several), st.builds(Not, nodes))


trees = st.recursive(leaves, _branches, max_leaves=8)


@settings(max_examples=200, deadline=None)
@given(st.lists(papers, min_size=4, max_size=10), st.lists(trees, min_size=4, max_size=8))
def test_search_topics_and_the_naive_reading_agree(batch: list[Paper], roots: list[Node]) -> None:
    changes = [
        Change(paper, before if position % 2 else None)
        for position, (paper, before) in enumerate(zip(batch, reversed(batch), strict=True))
    ]
    topics = [a_topic(Query(root), number) for number, root in enumerate(roots)]
    pairs = [(position, topic) for position in range(len(batch)) for topic in topics]
    with closing(an_index(batch)) as index:
        words = words_by_position(index)
        expected = {
            (position, topic.id)
            for position, topic in pairs
            if reference.matches(topic.query.root, batch[position], words[position], TODAY)
        }
        searched = {
            (position, topic.id)
            for topic in topics
            for position in search(index, compile_match(topic.query.root, TODAY))
        }
    assert searched == expected
    positions = {id(change): position for position, change in enumerate(changes)}
    matched = match_batch(changes, topics, TODAY)
    assert len(matched) == len(expected)
    assert {(positions[id(match.change)], match.topic.id, match.before) for match in matched} == {
        (position, number, position % 2 == 1 and (len(batch) - 1 - position, number) in expected)
        for position, number in expected
    }


@pytest.mark.parametrize("seed", range(60))
def test_queries_of_the_greatest_depth_fit_into_sqlites_parser(seed: int) -> None:
    shapes = Random(seed)
    choice = shapes.sample(
        [
            "(a OR {})",
            "({} OR a)",
            "(b {})",
            "-({})",
            "(a -({}))",
            "(a OR -({}))",
            "(c OR d {})",
            "(-a -{})",
            "({} -a)",
        ],
        shapes.randint(1, 4),
    )
    text = "a"
    while (deeper := shapes.choice(choice).replace("{}", text)).count("(") <= MAX_DEPTH:
        text = deeper
    batch = [a_text(words, number=number) for number, words in enumerate(["a", "b", "a b", "c d", "b c", "x"], 1)]
    root = parse(text).root
    with closing(an_index(batch)) as index:
        words = words_by_position(index)
        assert search(index, compile_match(root, TODAY)) == {
            position for position, paper in enumerate(batch) if reference.matches(root, paper, words[position], TODAY)
        }


# ---------------------------------------------------------------- by example


@pytest.mark.parametrize(
    ("query", "matching"),
    [
        ("deep", True),
        ("deep -learning", False),
        ("-shallow", True),
        ("-deep OR -shallow", True),
        ('"deep learning"', True),
        ('"learning deep"', False),
        ('"learning we"', False),
        ("title:forests", False),
        ("abstract:(forest* -trees)", True),
        ("fores*", True),
        ("C++ covid-19", True),
        ("author:muller", True),
        ("radiology", False),
        ("journal:radiology", True),
        ('category:"lung diseases"', True),
        ('category:"diseases mri"', False),
        ("type:journal source:PubMed", True),
        ("type:preprint", False),
        ("source:pub", False),
        ("after:2026-11-12 before:2026-11-13", True),
        ("after:2026-11-13", False),
        ("before:2026-11-12", False),
        ("shallow OR after:8d", True),
        ("shallow OR after:7d", False),
        ("-before:2026-11-12 -after:2026-11-13", True),
    ],
)
def test_a_paper_is_found_by(query: str, matching: bool) -> None:
    paper = a_text(
        "Deep learning",
        "We walk forests in C++ during COVID-19.",
        authors=("Käthe Müller",),
        venue="Radiology",
        categories=("Lung diseases", "MRI"),
        published=date(2026, 11, 12),
    )
    assert found(query, paper) == ([1] if matching else [])


@pytest.mark.parametrize(
    ("written", "matching"),
    [
        ("Smith J", True),
        ("Smith JA", True),
        ("Smith J A", True),
        ("John Smith", False),
        ("John A Smith", True),
        ("van Beethoven L", True),
        ("Serre JP", True),
        ("Smith Ludwig", False),
        ("JA Ludwig", False),
    ],
)
def test_an_author_is_found_in_the_ways_people_cite(written: str, matching: bool) -> None:
    paper = a_text(authors=("John A. Smith", "Ludwig van Beethoven", "Jean-Pierre Serre"))
    assert found(f'author:"{written}"', paper) == ([1] if matching else [])


@pytest.mark.parametrize("query", ["ct", "w", '"wang ct"', "author:ct", "author:c"])
def test_initials_are_no_words(query: str) -> None:
    assert found(query, a_text(authors=("Chun-Ting Wang",))) == []


@pytest.mark.parametrize(
    "query",
    [
        "id:P7", "id:12345678", "id:PMID:12345678", "id:https://pubmed.ncbi.nlm.nih.gov/12345678/", "id:2301.00001v3",
        "id:https://arxiv.org/abs/2301.00001", "id:10.1000/ABC(2)", "id:https://doi.org/10.1000/abc(2)",
        "doi:10.1000/ABC(2)", "doi:10.48550/arXiv.2301.00001",
    ],
)  # fmt: skip
def test_a_paper_is_found_by_each_of_its_names(query: str) -> None:
    record = a_record(
        source_id="12345678", identifiers=frozenset({Identifier("pmid", "12345678"), doi("10.1000/abc(2)")})
    )
    preprint = an_arxiv_record(source_id="2301.00001")
    assert found(query, a_paper(record, preprint, number=7), a_paper(number=8)) == [7]


def test_what_is_no_identifier_finds_nothing() -> None:
    assert found("id:radiographs", a_paper()) == []


def test_without_a_query_every_paper_is_found() -> None:
    papers = [a_text("", number=number, authors=(), venue=None) for number in (1, 2)]
    with closing(an_index(papers)) as index:
        assert search(index, compile_match(None, TODAY)) == {0, 1}


def test_dates_of_the_whole_query_limit_the_rows_and_ask_for_no_token() -> None:
    compiled = compile_match(parse("mri after:2026-11 after:2026 before:7d").root, TODAY)
    assert compiled.match == compile_match(parse("mri").root, TODAY).match
    assert (compiled.first_day, compiled.end_day) == (date(2026, 11, 1), TODAY - timedelta(days=7))


def test_a_nested_date_asks_for_few_tokens() -> None:
    assert compile_match(parse("mri OR after:2019-12-30").root, TODAY).match.count(" OR ") < 30


def test_filter_tokens_of_a_paper_are_one_word_each_to_sqlite() -> None:
    paper = a_paper(a_record(source="europe-pmc"), an_arxiv_record(), number=3)
    with closing(an_index([paper])) as index:
        (words,) = reference.words_of(index, "papers").values()
    assert words["tokens"] == filter_tokens(paper)


def test_nobody_can_write_a_filter_token() -> None:
    paper = a_text("\ue000kpreprint", "\ue000a \ue001")
    assert found('"\ue000kpreprint"', paper) == [1]
    assert found("title:kpreprint", paper) == [1]
    assert found("type:preprint", paper) == []


# ---------------------------------------------------------------- batches


async def test_a_match_says_whether_the_paper_matched_before() -> None:
    bare = a_text("MRI of the knee", "")
    full = replace(bare, abstract="Deep learning reads it.")
    fresh = a_text("Deep learning", number=2)
    changes = [Change(full, bare), Change(fresh, None)]
    knee, deep = (a_topic(parse(text), number) for number, text in enumerate(["knee", "deep"]))
    assert await BatchMatcher().match(changes, [knee, deep], NOW) == [
        Match(changes[0], knee, before=True),
        Match(changes[0], deep, before=False),
        Match(changes[1], deep, before=False),
    ]


async def test_a_paper_that_matches_no_longer_is_no_match() -> None:
    before = a_text("Deep learning")
    assert await BatchMatcher().match([Change(a_text("Learning"), before)], [a_topic(parse("deep"))], NOW) == []


async def test_topics_that_ask_the_same_each_have_their_match() -> None:
    topics = [a_topic(parse(text), number) for number, text in enumerate(["deep mri", "deep AND mri", "(deep) mri"])]
    matches = await BatchMatcher().match([Change(a_text("Deep MRI"), None)], topics, NOW)
    assert [match.topic for match in matches] == topics


async def test_no_changes_or_no_topics_match_nothing() -> None:
    assert await BatchMatcher().match([], [a_topic(parse("deep"))], NOW) == []
    assert await BatchMatcher().match([Change(a_text("Deep"), None)], [], NOW) == []
