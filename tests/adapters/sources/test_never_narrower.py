"""Whatever the archive matches, the source's own search brings: the compilers against searches that were written
from the services' documentation alone.

Left out is what the sources cannot be asked for: by initials alone neither, by given names or part of a surname alone
not PubMed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from adapters.demo import arxiv as arxiv_answers
from adapters.demo import arxiv_query, pubmed_query
from adapters.demo.library import ArxivPaper, Author, Journal, PubmedPaper
from adapters.demo.pubmed_xml import article_set
from adapters.sources import arxiv, pubmed
from bot.identity import compose
from bot.model import Change, PaperId, Record, Topic
from bot.query import And, Dated, Field, Node, Not, Or, Query, Term
from storage.matching import match_batch
from tests.examples import NOW, TODAY

WORDS = (
    "deep", "learning", "deep-learning", "neuron", "neuronal", "MRI", "covid-19", "19", "10.5", "the", "of", "using",
    "D", "Ménière's", "naïve", "β-catenin", "TNF-α", "α", "5µm", "H₂O", "x-ray", "C++", "深度", "Straße", "AND",
    "p53/Mdm2",
)  # fmt: skip
SURNAMES = ("Müller", "O'Quill", "Bell-Ahn", "van Dalen", "Learning", "Øst", "Li")
GIVEN = ("Zoë", "Zora Bey", "Zdenka-Bo")
PEOPLE = ("Müller Z", "Zoë Müller", "O'Quill ZB", "van Dalen", "Bell-Ahn", "Zora Bey Li", "Li", "Øst")
PREFIXES = ("neur", "lear", "deep lear", "deep-lear", "Müll", "covid-19neur", "cate", "β-cat", "menie")
HEADINGS = ("Deep Learning", "Neurons", "COVID-19", "Magnetic Resonance Imaging", "Tumor Necrosis Factor-α")
CATEGORIES = (
    "cs", "cs.CV", "eess.IV", "math", "math-ph", "math.NA", "physics.med-ph", "physics.optics", "physics.ao-ph",
    "q-bio.NC", "cond-mat.mtrl-sci", "hep-th", "astro-ph.CO", "nlin.AO",
)  # fmt: skip
PARTS_OF_CATEGORIES = (
    "physics",
    "physics.med",
    "physics ao",
    "med-ph",
    "cond-mat",
    "cond-mat mtrl",
    "q-bio",
    "CV",
    "astro-ph",
)

texts = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
titles = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)
authors = st.builds(Author, st.sampled_from(SURNAMES), st.sampled_from(GIVEN))

pubmed_papers = st.builds(
    PubmedPaper,
    pmid=st.just(0),
    title=titles,
    entered=st.just(NOW),
    abstract=st.lists(st.tuples(st.sampled_from(["", "METHODS"]), titles), max_size=2).map(tuple),
    authors=st.lists(authors, max_size=2).map(tuple),
    journal=st.builds(Journal, titles),
    published=st.dates(date(2026, 10, 1), TODAY),
    headings=st.lists(st.sampled_from(HEADINGS), max_size=2).map(tuple),
    keywords=st.lists(titles, max_size=2).map(tuple),
)
arxiv_papers = st.builds(
    ArxivPaper,
    id=st.just(""),
    title=titles,
    submitted=st.just(NOW),
    abstract=texts,
    authors=st.lists(authors.map(lambda author: f"{author.fore} {author.last}"), max_size=2).map(tuple),
    categories=st.lists(st.sampled_from(CATEGORIES), min_size=1, max_size=2).map(tuple),
    journal_ref=st.none() | titles,
)

somewhere = st.sampled_from([None, None, Field.TITLE, Field.ABSTRACT, Field.JOURNAL, Field.CATEGORY])
leaves: st.SearchStrategy[Node] = st.one_of(
    st.builds(Term, st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(" ".join), somewhere),
    st.builds(Term, st.sampled_from(PREFIXES), somewhere | st.just(Field.AUTHOR), st.just(True)),
    st.builds(Term, st.sampled_from(PEOPLE), st.sampled_from([None, Field.AUTHOR])),
    st.builds(Term, st.sampled_from([*HEADINGS, *CATEGORIES, *PARTS_OF_CATEGORIES]), st.just(Field.CATEGORY)),
    st.builds(Term, st.sampled_from(["pubmed", "arxiv"]), st.just(Field.SOURCE)),
    st.builds(Term, st.sampled_from(["article", "preprint"]), st.just(Field.TYPE)),
    st.builds(Dated, st.booleans(), days=st.integers(0, 40)),
)


def _branches(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(nodes, min_size=2, max_size=3).map(tuple)
    return st.one_of(st.builds(And, several), st.builds(Or, several), st.builds(Not, nodes))


many_pairs = settings(max_examples=80, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
"""Without shrinking: a failure names what was missed, and to shrink so much takes minutes."""

queries = st.lists(st.recursive(leaves, _branches, max_leaves=5).map(Query), min_size=6, max_size=12)


def missed(
    queries: Sequence[Query],
    records: Sequence[Record],
    compile_query: Callable[[Query], str | None],
    search: Callable[[str], Iterable[str]],
) -> list[tuple[str, str | None, str]]:
    """What the archive matches and the source does not bring: query, compiled query, record."""
    changes = [Change(compose(PaperId(n), [record], NOW), None) for n, record in enumerate(records, 1)]
    topics = [Topic(n, str(n), query, NOW) for n, query in enumerate(queries)]
    asked = [compile_query(query) for query in queries]
    brought = [None if text is None else set(search(text)) for text in asked]
    return [
        (str(match.topic.query), asked[match.topic.id], match.change.paper.records[0].source_id)
        for match in match_batch(changes, topics, TODAY)
        if (found := brought[match.topic.id]) is not None and match.change.paper.records[0].source_id not in found
    ]


@many_pairs
@given(st.lists(pubmed_papers, min_size=6, max_size=12), queries)
def test_pubmed_brings_what_the_archive_matches(drawn: list[PubmedPaper], asked: list[Query]) -> None:
    papers = [replace(paper, pmid=pmid) for pmid, paper in enumerate(drawn, 40_000_001)]
    records, refused = pubmed.parse(article_set(papers))
    assert (len(records), refused) == (len(papers), [])

    def search(text: str) -> list[str]:
        return [str(paper.pmid) for paper in pubmed_query.search(text, papers)]

    assert missed(asked, records, pubmed.compile_query, search) == []


@many_pairs
@given(st.lists(arxiv_papers, min_size=6, max_size=12), queries)
def test_arxiv_brings_what_the_archive_matches(drawn: list[ArxivPaper], asked: list[Query]) -> None:
    papers = [replace(paper, id=f"2611.{n:05}") for n, paper in enumerate(drawn, 1)]
    ids = ",".join(paper.id for paper in papers)
    feed = arxiv.parse_api(arxiv_answers.query({"id_list": ids, "max_results": "100"}, [*papers], NOW).body)
    assert (len(feed.records), feed.refused) == (len(papers), ())

    def search(text: str) -> list[str]:
        return [paper.id for paper in arxiv_query.search(text, papers)]

    assert missed(asked, feed.records, arxiv.compile_query, search) == []
