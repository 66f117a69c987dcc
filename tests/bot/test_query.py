"""The query language: what is read, what is written back, and how mistakes are told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.errors import QueryError
from bot.query import MAX_DEPTH, MAX_LEAVES, MAX_LENGTH, And, Dated, Field, Node, Not, Or, Query, Term, caret, parse

A, B, C = Term("a"), Term("b"), Term("c")


def mistake(text: str) -> QueryError:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert caught.value.query == text
    return caught.value


def parse_or_mistake(text: str) -> Query | QueryError:
    try:
        return parse(text)
    except QueryError as error:
        return error


# ---------------------------------------------------------------- any text at all

FRAGMENTS = [
    "a", "b", "deep", "learning", "neuro*", "x*", "covid-19", "β-a", "C++", "中文", "É", "\u0301", "or", "P12", "7d",
    " ", " ", " ", "  ", "\t", "\n", "\x00", "\ue000", "\ud800", '"', '"', "“", "”", "«", "(", "(", ")", ")", "-", "--",
    "*", ":", "+", "/", "'", "AND", "OR", "NOT", " AND ", " OR ", " NOT ", "title:", "Author:", "abstract: ", "titel:",
    "journal:", "category:", "source:", "type:", "type:journal", "doi:", "id:", "after:", "before:", "foo:",
    "2026-11", "2026-02-30", "10.1/x(1)", "https://doi.org/",
]  # fmt: skip
garbage = st.lists(st.sampled_from(FRAGMENTS), max_size=25).map("".join) | st.text(max_size=60)


@settings(max_examples=2000, deadline=None)
@given(garbage)
@example('"OR" "-x" "a*" "title:x" "1:2"')
@example("doi:doi:https://doi.org/10.1/X(2) source:\u0130x")
@example('title:("OR" -"a b") -(-(x))')
def test_any_text_is_a_query_that_survives_writing_or_a_mistake_with_a_place(text: str) -> None:
    read = parse_or_mistake(text)
    if isinstance(read, Query):
        again = parse(str(read))
        assert again == Query(read.root)
        assert str(again) == str(read)
    else:
        assert read.query == text
        assert 0 <= read.column <= len(text)
        assert caret(read).count("\n") == 1
        assert read.suggestion is None or parse(read.suggestion)


@pytest.mark.parametrize(
    "piece", ["(", ")", '"', "-", "*", "NOT ", "OR ", "a:", "title:", "title:(", "-(", "titel:x ", "a AND ", "\x00"]
)
def test_ten_thousand_characters_of_anything_are_only_a_mistake(piece: str) -> None:
    mistake((piece * MAX_LENGTH)[:MAX_LENGTH])


# ---------------------------------------------------------------- reading


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("a b", And((A, B))),
        ("a AND b", And((A, B))),
        ("a OR b c", Or((A, And((B, C))))),
        ("(a OR b) c", And((Or((A, B)), C))),
        ("a (b c)", And((A, B, C))),
        ("a OR (b OR c)", Or((A, B, C))),
        ("a NOT b", And((A, Not(B)))),
        ("NOT a b", And((Not(A), B))),
        ("a -b", And((A, Not(B)))),
        ("(-a)", Not(A)),
        ("-(a b)", Not(And((A, B)))),
        ("NOT NOT a", A),
        ("NOT (NOT a)", A),
        ("a AND NOT b", And((A, Not(B)))),
        ("a OR -b", Or((A, Not(B)))),
        ("covid-19", Term("covid-19")),
        ('"deep  learning"', Term("deep learning")),
        ("“deep learning”", Term("deep learning")),
        ("«deep» „learning“", And((Term("deep"), Term("learning")))),
        ('"OR"', Term("OR")),
        ("or and not", And((Term("or"), Term("and"), Term("not")))),
        ("neuro*", Term("neuro", prefix=True)),
        ('"deep learn*"', Term("deep learn", prefix=True)),
        ('"deep learn"*', Term("deep learn", prefix=True)),
        ("a*b", Term("a*b")),
        ("C++", Term("C++")),
        ("IL-6/STAT3", Term("IL-6/STAT3")),
        ("foo:bar", Term("foo:bar")),
        ("1:2", Term("1:2")),
        ("https://example.org/x", Term("https://example.org/x")),
        ("TITLE:a", Term("a", Field.TITLE)),
        ("title:(a OR -b)", Or((Term("a", Field.TITLE), Not(Term("b", Field.TITLE))))),
        ('-author:"Smith J"', Not(Term("Smith J", Field.AUTHOR))),
        ("abstract:neuro*", Term("neuro", Field.ABSTRACT, prefix=True)),
        ("title:OR", Term("OR", Field.TITLE)),
        ("type:Journal", Term("article", Field.TYPE)),
        ("type:(article OR PREPRINT)", Or((Term("article", Field.TYPE), Term("preprint", Field.TYPE)))),
        ("source:PubMed", Term("pubmed", Field.SOURCE)),
        ("doi:10.1000/X", Term("10.1000/x", Field.DOI)),
        ("(doi:https://doi.org/10.1002/(SICI)1:2<3::A>)", Term("10.1002/(sici)1:2<3::a>", Field.DOI)),
        ("doi:(doi:10.1/a OR 10.1/b(1))", Or((Term("10.1/a", Field.DOI), Term("10.1/b(1)", Field.DOI)))),
        ("id:P1234", Term("P1234", Field.ID)),
        ("id:https://arxiv.org/abs/2301.00001v2", Term("https://arxiv.org/abs/2301.00001v2", Field.ID)),
        ("id:arXiv:2301.00001", Term("arXiv:2301.00001", Field.ID)),
    ],
)
def test_a_query_is_read_as(text: str, root: Node) -> None:
    assert parse(text) == Query(root)


@pytest.mark.parametrize(
    ("text", "limit", "day"),
    [
        ("after:2026-11-03", Dated(after=True, on=date(2026, 11, 3), written="2026-11-03"), date(2026, 11, 3)),
        ("before:2026-11", Dated(after=False, on=date(2026, 11, 1), written="2026-11"), date(2026, 11, 1)),
        ("after:2026", Dated(after=True, on=date(2026, 1, 1), written="2026"), date(2026, 1, 1)),
        ("after:7d", Dated(after=True, days=7, written="7d"), date(2026, 11, 13)),
        ("after:2W", Dated(after=True, days=14, written="2w"), date(2026, 11, 6)),
        ("before:3m", Dated(after=False, days=90, written="3m"), date(2026, 8, 22)),
        ("before:1y", Dated(after=False, days=365, written="1y"), date(2025, 11, 20)),
        ("after:200y", Dated(after=True, days=73_000, written="200y"), date(2026, 11, 20) - timedelta(days=73_000)),
    ],
)
def test_a_date_is_read_as(text: str, limit: Dated, day: date) -> None:
    assert parse(text) == Query(limit)
    assert limit.day(date(2026, 11, 20)) == day


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("title:(mri OR ct) deep", "(title:mri OR title:ct) deep"),
        ("-(a b)  AND c", "NOT (a b) c"),
        ('"mri" "deep learning" foo:bar', 'mri "deep learning" "foo:bar"'),
        ("doi:10.1/(a) type:journal after:7D", 'doi:"10.1/(a)" type:article after:7d'),
        ('"deep learn"* neuro**', '"deep learn*" neuro*'),
    ],
)
def test_a_query_is_written_as(text: str, written: str) -> None:
    assert str(parse(text)) == written


@pytest.mark.parametrize(
    ("text", "root", "ignored"),
    [
        ("a & b", And((A, B)), ("&",)),
        ("a OR &", A, ("&",)),
        ("a NOT +", A, ("+",)),
        ("a (& -)", A, ("&", "-")),
        ('a title:"…" - b', And((A, B)), ('title:"…"', "-")),
        ("doi:https://doi.org/ a", A, ("doi:https://doi.org/",)),
    ],
)
def test_pieces_without_a_word_are_left_out_and_told(text: str, root: Node, ignored: tuple[str, ...]) -> None:
    assert parse(text) == Query(root, ignored)


# ---------------------------------------------------------------- mistakes


@pytest.mark.parametrize(
    ("text", "column", "suggestion", "says"),
    [
        ("", 0, None, "empty"),
        ("& +", 0, None, "letter"),
        ('deep "learning', 5, 'deep "learning"', "quote"),
        ('(deep "learning)', 6, '(deep "learning")', "quote"),
        ('deep "', 5, "deep", "quote"),
        ("“deep", 0, '"deep"', "quote"),
        ("a (b (c", 5, "a (b (c))", "closed"),
        ("a) b", 1, "a b", "opened"),
        ("a ()", 2, "a", "empty"),
        ("a OR title:()", 5, "a", "empty"),
        ("a OR", 2, "a", "after"),
        ("(a AND) b", 3, "(a) b", "after"),
        ("OR a", 0, "a", "before"),
        ("a AND AND b", 6, "a AND b", "before"),
        ("a NOT OR b", 6, "a NOT b", "before"),
        ("OR", 0, None, "before"),
        ("a NOT", 2, "a", "after"),
        ("title: mri", 6, "title:mri", "blank"),
        ("a title:", 2, "a", "value"),
        ("title: OR a", 0, "a", "value"),
        ("a titel:x", 2, "a title:x", "title"),
        ("Titel: x", 0, "title:x", "title"),
        ("title:(a author:b)", 9, None, "inside"),
        ("title:author:b", 6, None, "inside"),
        ("title:-mri", 6, "-title:mri", "minus"),
        ("a neu* b", 5, "a neu b", "4"),
        ('"deep neu"* b', 10, '"deep neu" b', "4"),
        ("type:jornal", 0, "type:journal", "preprint"),
        ("type:book", 0, None, "journal"),
        ("a after:yesterday", 2, None, "2026-11-01"),
        ("before:2026-13", 0, None, "7d"),
        ("after:0000", 0, None, "7d"),
        ("after:99999y", 0, None, "7d"),
        ("a OR (b", 5, "a OR (b)", "closed"),
        ("(a OR", 0, "(a)", "closed"),
    ],
)
def test_a_mistake_has_a_place_a_reason_and_a_way_out(
    text: str, column: int, suggestion: str | None, says: str
) -> None:
    error = mistake(text)
    assert (error.column, error.suggestion) == (column, suggestion)
    assert says in str(error)


def test_parentheses_may_be_nested_so_deep_and_no_deeper() -> None:
    parse("(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH)
    assert mistake("(" * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1)).column == MAX_DEPTH


def test_a_query_may_have_so_many_words_and_no_more() -> None:
    parse("x " * MAX_LEAVES + "&")
    assert mistake("x " * (MAX_LEAVES + 1)).column == 2 * MAX_LEAVES


def test_a_query_may_be_so_long_and_no_longer() -> None:
    parse("x" * MAX_LENGTH)
    assert mistake("x" * (MAX_LENGTH + 1)).column == MAX_LENGTH


def test_a_query_that_grows_too_long_when_written_out_is_a_mistake() -> None:
    mistake(f"category:({'x' * (MAX_LENGTH - 20)} y z)")


# ---------------------------------------------------------------- the caret


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("a OR", "a OR\n  ^"),
        ("", "\n^"),
        ("a\n\tOR", "a  OR\n   ^"),
        ("“中文” OR", "“中文” OR\n       ^"),
        ("e\u0301 OR", "e\u0301 OR\n  ^"),
    ],
)
def test_the_caret_stands_under_the_mistake(text: str, drawn: str) -> None:
    assert caret(mistake(text)) == drawn


@pytest.mark.parametrize("text", ["a OR" + " OR b" * 100, "b " * 90 + "AND OR" + " c", "x " * 300])
def test_a_long_query_is_cut_around_the_mistake(text: str) -> None:
    error = mistake(text)
    line, mark = caret(error).split("\n")
    assert len(line) <= 74
    assert line[len(mark) - 1] == text[error.column]
