"""Queries in arXiv's own language: broader or equal, never narrower."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.sources.arxiv import compile_query
from bot.query import And, Dated, Field, Node, Not, Or, Query, Term
from bot.query.tokens import tokens

MRI = Term("MRI")
NEVER_ASKED = [
    Not(MRI),
    Dated(after=True, on=date(2026, 11, 1)),
    Term("10.1000/x", Field.DOI),
    Term("2611.01234", Field.ID),
    Term("pubmed", Field.SOURCE),
    Term("preprint", Field.TYPE),
    Term("the"),
    Term("x"),
    Term("10.5"),
    Term("C++"),
    Term("β"),
    Term("磁共振"),
    Term("\ua66e"),
    Term("Oncology", Field.CATEGORY),
    Term("ai", Field.CATEGORY),
    Term("math", Field.CATEGORY, prefix=True),
]


def compiled(node: Node) -> str | None:
    return compile_query(Query(node))


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (MRI, "all:mri"),
        (Term("deep learning of the brain"), "(all:deep AND all:learning AND all:brain)"),
        (Term("covid-19"), "all:covid"),
        (Term("β-catenin"), "all:catenin"),
        (Term("neuro", prefix=True), "all:neuro*"),
        (Term("deep neuro", prefix=True), "(all:deep AND all:neuro*)"),
        (Term("lantern", Field.TITLE), "all:lantern"),
        (Term("Möbius strip", Field.TITLE), "(all:mobius AND all:strip)"),
        (Term("bright lanter", Field.TITLE, prefix=True), "(all:bright AND all:lanter*)"),
        (Term("lantern light", Field.ABSTRACT), "(all:lantern AND all:light)"),
        (Term("Nat. Med.", Field.JOURNAL), "(jr:nat AND jr:med)"),
        (Term("Jean-Pierre Müller", Field.AUTHOR), "(au:jean OR au:pierre OR au:muller)"),
        (Term("J. Mull", Field.AUTHOR, prefix=True), "au:mull*"),
        (Term("cs.CV", Field.CATEGORY), "cat:cs.CV"),
        (Term("EESS.iv", Field.CATEGORY), "cat:eess.IV"),
        (Term("cs", Field.CATEGORY), "(cat:cs OR cat:cs.*)"),
        (Term("math", Field.CATEGORY), "(cat:math OR cat:math.* OR cat:math-ph)"),
        (Term("math-ph", Field.CATEGORY), "(cat:math-ph OR cat:math-ph.*)"),
        (Term("cond-mat.mes-hall", Field.CATEGORY), "cat:cond-mat.mes-hall*"),
        (Term("physics.med-ph", Field.CATEGORY), "cat:physics.med-ph*"),
        (And((MRI, Or((Term("ct"), Term("pet"))))), "(all:mri AND (all:ct OR all:pet))"),
        (And((MRI, Not(Term("ct")))), "all:mri"),
        (Or((MRI, Term("mri"))), "all:mri"),
    ],
)
def test_a_query_compiles_to(node: Node, expected: str) -> None:
    assert compiled(node) == expected


@pytest.mark.parametrize("node", NEVER_ASKED)
def test_what_arxiv_cannot_be_asked_leaves_and_and_absorbs_or(node: Node) -> None:
    assert compiled(node) is None
    assert compiled(And((MRI, node))) == "all:mri"
    assert compiled(Or((MRI, node))) is None
    assert compiled(And((node, node))) is None


WORDS = st.text(alphabet=st.sampled_from('lantern LAMP αβ磁é0123 AND:OR()"*[]-+./_ø'), max_size=12) | st.text(
    max_size=8
)
FIELDS = st.none() | st.sampled_from(list(Field))
TERMS = st.builds(Term, WORDS, FIELDS, st.booleans())
NODES: st.SearchStrategy[Node] = st.recursive(
    TERMS,
    lambda nodes: (
        st.builds(Not, nodes)
        | st.builds(And, st.lists(nodes, min_size=1, max_size=3).map(tuple))
        | st.builds(Or, st.lists(nodes, min_size=1, max_size=3).map(tuple))
    ),
    max_leaves=8,
)


@given(NODES)
def test_only_plain_words_reach_the_query_and_operators_are_always_written(node: Node) -> None:
    asked = compiled(node)
    if asked is not None:
        leaf = r"(all|ti|abs|au|jr):[a-z0-9]+\*?|cat:[a-z-]+(\.([A-Z]{2}|[a-z-]*\*))?"
        flat = re.sub(r"[()]", "", asked)
        assert all(re.fullmatch(leaf, part) for part in re.split(" AND | OR ", flat))
        assert asked.count("(") == asked.count(")")


@given(NODES, st.lists(WORDS, max_size=6).map(" ".join))
def test_what_the_archive_matches_arxiv_brings(node: Node, title: str) -> None:
    """A paper with only a title: as the archive matches it, and as arXiv's index of single words would."""
    asked = compiled(node)
    if asked is not None and _archive_matches(node, tokens(title)):
        assert _arxiv_matches(asked, set(tokens(title)))


def _archive_matches(node: Node, words: list[str]) -> bool:
    match node:
        case And(parts):
            return all(_archive_matches(part, words) for part in parts)
        case Or(parts):
            return any(_archive_matches(part, words) for part in parts)
        case Not(part):
            return not _archive_matches(part, words)
        case Term(text, field, prefix) if field in {None, Field.TITLE}:
            wanted = tokens(text)
            return bool(wanted) and any(
                words[at : at + len(wanted)] == wanted
                or (
                    prefix
                    and words[at : at + len(wanted) - 1] == wanted[:-1]
                    and "".join(words[at + len(wanted) - 1 : at + len(wanted)]).startswith(wanted[-1])
                )
                for at in range(len(words))
            )
        case _:
            return False


def _arxiv_matches(asked: str, words: set[str]) -> bool:
    def has(found: re.Match[str]) -> str:
        field, word, star = found.groups()
        hit = any(known == word or (star and known.startswith(word)) for known in words)
        return str(field in {"all", "ti"} and hit)

    python = re.sub(r"([a-z]+):([A-Za-z0-9.-]+)(\*?)", has, asked)
    return bool(eval(python.replace("AND", "and").replace("OR", "or")))
