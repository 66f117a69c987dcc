"""The filters of a list: what is chosen, and what becomes of its query."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.commands import control_id, filter_options, parse_control
from bot.conversation import FILTERED, Misunderstood, PageRequest, Rearrange
from bot.query import Field, filters_of, parse, with_filter
from tests.fakes.answering import result_page


@pytest.mark.parametrize(
    ("query", "field", "value", "after"),
    [
        ("mri", Field.SOURCE, "pubmed", "mri source:pubmed"),
        ("mri OR ct", Field.SOURCE, "pubmed", "(mri OR ct) source:pubmed"),
        ("mri source:pubmed ct", Field.SOURCE, "arxiv", "mri ct source:arxiv"),
        ("mri source:pubmed", Field.SOURCE, None, "mri"),
        ("mri source:pubmed type:preprint", Field.SOURCE, None, "mri type:preprint"),
        ("mri OR source:pubmed", Field.SOURCE, None, "mri OR source:pubmed"),
        ("mri -source:pubmed", Field.SOURCE, "arxiv", "mri NOT source:pubmed source:arxiv"),
    ],
)
def test_a_filter_takes_the_place_of_the_one_before(query: str, field: Field, value: str | None, after: str) -> None:
    filtered = with_filter(parse(query), field, value)
    assert str(filtered) == after
    assert filtered is not None
    assert parse(str(filtered)).root == filtered.root


def test_everything_can_be_filtered_and_unfiltered() -> None:
    filtered = with_filter(None, Field.TYPE, "article")
    assert str(filtered) == "type:article"
    assert with_filter(filtered, Field.TYPE, None) is None


def test_only_what_every_match_must_have_is_a_filter() -> None:
    assert filters_of(parse("mri source:pubmed (type:journal OR ct)"), FILTERED) == {Field.SOURCE: "pubmed"}
    assert filters_of(None, FILTERED) == {}


@pytest.mark.parametrize(
    ("chosen", "filters"),
    [
        ("source:pubmed", ((Field.SOURCE, "pubmed"),)),
        ("type:journal", ((Field.TYPE, "article"),)),
        ("type:preprint", ((Field.TYPE, "preprint"),)),
        ("source:all", ((Field.SOURCE, None),)),
        ("all", ((Field.SOURCE, None), (Field.TYPE, None))),
    ],
)
def test_a_filter_is_chosen_from_a_menu_or_by_a_button(chosen: str, filters: object) -> None:
    assert parse_control(control_id("filter", "KEY"), chosen) == Rearrange("KEY", filters=filters)  # type: ignore[arg-type]
    assert parse_control(control_id("filter", f"KEY.{chosen}")) == Rearrange("KEY", filters=filters)  # type: ignore[arg-type]


@pytest.mark.parametrize("chosen", ["", "type:book", "title:mri", "source:", "source:x) OR y", "SOURCE:all"])
def test_what_is_no_filter_is_answered_with_words(chosen: str) -> None:
    assert isinstance(parse_control("1.filter.KEY", chosen), Misunderstood)
    assert isinstance(parse_control("1.filter", "all"), Misunderstood)


def test_the_menu_offers_how_to_take_filters_away_and_every_choice_can_be_read() -> None:
    page = replace(result_page(PageRequest()), sources=("pubmed", "arxiv"))
    assert [words for _, words in filter_options(page)] == [
        "Only PubMed",
        "Only arXiv",
        "Only Journal",
        "Only Preprint",
    ]
    page = replace(page, filters=((Field.SOURCE, "pubmed"), (Field.TYPE, "article")))
    options = filter_options(page)
    assert [words for _, words in options] == [
        "No filter", "From all sources", "Journal and Preprint", "Only arXiv", "Only Preprint",
    ]  # fmt: skip
    assert all(isinstance(parse_control("1.filter.KEY", choice), Rearrange) for choice, _ in options)


def test_one_source_alone_is_nothing_to_choose_from() -> None:
    page = replace(result_page(PageRequest()), sources=("pubmed",))
    assert [words for _, words in filter_options(page)] == ["Only Journal", "Only Preprint"]
