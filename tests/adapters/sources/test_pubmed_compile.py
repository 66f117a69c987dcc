import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.sources.pubmed import compile_query
from adapters.sources.pubmed.compile import combine
from bot.query import And, Dated, Field, Node, Not, Or, Query, Term


def compiled(node: Node) -> str | None:
    return compile_query(Query(node))


@pytest.mark.parametrize(
    ("term", "asked"),
    [
        (Term("Radiology"), "(radiology[tiab] OR radiology[au] OR radiology[cn])"),
        (
            Term("deep learning"),
            (
                "((deep[tiab] AND learning[tiab]) OR deep[au] OR learning[au] OR deep learning[au] OR "
                "(deep[cn] AND learning[cn]))"
            ),
        ),
        (Term("mri", Field.TITLE), "(mri[ti])"),
        (Term("deep learning", Field.ABSTRACT), "(deep[tiab] AND learning[tiab])"),
        (Term("covid-19", Field.TITLE), "(covid-19[ti] OR (covid[ti] AND 19[ti]))"),
        (Term("state of the art", Field.TITLE), "(state[ti] AND art[ti])"),
        (Term("vitamin d", Field.TITLE), "(vitamin[ti])"),
        (Term("neuro", Field.TITLE, prefix=True), "(neuro*[ti])"),
        (Term("with", Field.TITLE, prefix=True), "(with*[ti])"),
        (Term("deep learn", Field.TITLE, prefix=True), "(deep[ti] AND learn*[ti])"),
        (Term("β-catenin", Field.TITLE), "(beta-catenin[ti] OR (beta[ti] AND catenin[ti]))"),
        (Term("Ménière's disease", Field.TITLE), "((meniere-s[ti] OR meniere[ti]) AND disease[ti])"),
        (Term("疫苗 vaccine", Field.TITLE), "(vaccine[ti])"),
        (Term("u87 cells", Field.TITLE), "(u87[ti] AND cells[ti])"),
        (Term("Journal of Medicine", Field.JOURNAL), "(journal[all] AND medicine[all])"),
        (Term("Heart Failure", Field.CATEGORY), "(heart[tw] AND failure[tw])"),
        (Term("An", Field.AUTHOR), "(an[au])"),
        (
            Term("Jane van der Bérg", Field.AUTHOR),
            (
                "(jane[au] OR van[au] OR der[au] OR berg[au] OR jane van der berg[au] OR "
                "(jane[cn] AND van[cn] AND der[cn] AND berg[cn]))"
            ),
        ),
        (Term("Obri", Field.AUTHOR, prefix=True), "(obri*[au] OR obri*[cn])"),
    ],
)
def test_a_term_is_asked_in_pubmeds_words(term: Term, asked: str) -> None:
    assert compiled(term) == asked


@pytest.mark.parametrize(
    "node",
    [
        Term("the"),
        Term("d"),
        Term("C++", Field.TITLE),
        Term("疫苗"),
        Term("λόγος", Field.TITLE),
        Term("王", Field.AUTHOR),
        Term("\U0001d7ce\U0002ebf0"),
        Term("pubmed", Field.SOURCE),
        Term("article", Field.TYPE),
        Term("10.9999/x", Field.DOI),
        Term("40000001", Field.ID),
        Dated(after=True, days=7),
        Not(Term("mri")),
        Or((Term("mri"), Term("10.9999/x", Field.DOI))),
        And((Not(Term("mri")), Dated(after=False, days=7))),
    ],
)
def test_what_pubmed_cannot_be_asked_narrows_nothing(node: Node) -> None:
    assert compiled(node) is None


def test_what_narrows_nothing_disappears_from_an_and() -> None:
    parts = (Term("mri", Field.TITLE), Not(Term("ct")), Dated(after=True, days=3), Term("arxiv", Field.SOURCE))
    assert compiled(And(parts)) == "(mri[ti])"


def test_and_and_or_keep_their_nesting() -> None:
    either = Or((Term("mri", Field.TITLE), Term("ct", Field.TITLE)))
    assert compiled(And((either, Term("lung", Field.TITLE)))) == "((mri[ti] OR ct[ti]) AND lung[ti])"


def nodes() -> st.SearchStrategy[Node]:
    terms = st.builds(Term, st.text(max_size=30), st.none() | st.sampled_from(Field), st.booleans())
    return st.recursive(
        terms,
        lambda parts: (
            st.builds(And, st.lists(parts, max_size=3).map(tuple))
            | st.builds(Or, st.lists(parts, max_size=3).map(tuple))
            | st.builds(Not, parts)
        ),
        max_leaves=8,
    )


_ASKED = re.compile(r"[a-z0-9]+(?:[ -][a-z0-9]+)*\*?\[(?:ti|tiab|au|cn|all|tw)\]")


@given(nodes())
def test_nothing_of_the_users_text_becomes_syntax(node: Node) -> None:
    asked = compiled(node)
    if asked is not None:
        left = _ASKED.sub("w", asked)
        while (shorter := re.sub(r"\((?:w|w(?: AND w)+|w(?: OR w)+)\)", "w", left)) != left:
            left = shorter
        assert left == "w"
        assert asked.startswith("(")
        assert asked.endswith(")")


def test_terms_are_combined_into_few_searches_of_bounded_length() -> None:
    terms = [f"(word{n}[ti])" for n in range(1000)]
    searches = combine([*terms, *terms], 4000)
    assert all(len(search) <= 4000 for search in searches)
    assert len(searches) == 5
    assert [term for search in searches for term in re.findall(r"\(word\d+\[ti\]\)", search)] == terms


def test_one_long_term_is_asked_alone_and_no_term_is_no_search() -> None:
    assert combine(["(a[ti])", "(" + "b" * 50 + "[ti])", "(c[ti])"], 20) == [
        "(a[ti])",
        "(" + "b" * 50 + "[ti])",
        "(c[ti])",
    ]
    assert combine([], 20) == []
