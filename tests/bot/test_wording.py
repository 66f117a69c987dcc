from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wording import (
    abstract_parts,
    byline,
    counted,
    family_name,
    key_sentence,
    language_mark,
    latex,
    readable,
    result_line,
    safe_url,
    shorten,
    visible,
    weekday_day,
)
from bot.wording.sentences import sentences
from tests.examples import a_paper, a_record, an_arxiv_record

TODAY = date(2026, 11, 20)


def test_a_byline_names_kind_sources_day_and_first_author() -> None:
    paper = a_paper(a_record(published=date(2026, 5, 7), authors=("Ming Wang", "B", "C", "D", "E", "F")))
    assert byline(paper, TODAY) == "Journal · PubMed · 7 May · Wang + 5"


def test_a_byline_shows_the_year_when_it_is_not_this_one() -> None:
    paper = a_paper(an_arxiv_record(published=date(2024, 5, 7), authors=("Ming Wang",)))
    assert byline(paper, TODAY) == "Preprint · arXiv · 7 May 2024 · Wang"


def test_a_byline_without_authors_ends_with_the_day() -> None:
    paper = replace(a_paper(a_record(published=date(2026, 5, 7))), authors=())
    assert byline(paper, TODAY) == "Journal · PubMed · 7 May"


@pytest.mark.parametrize(
    ("author", "family"),
    [
        ("Wang X", "Wang"),
        ("Wang, Xin", "Wang"),
        ("Xin Wang", "Wang"),
        ("van der Berg AB", "van der Berg"),
        ("Ludwig van der Berg", "van der Berg"),
        ("J. R. Smith", "Smith"),
        ("Çelik", "Çelik"),
        ("The Chest Imaging Consortium", "The Chest Imaging Consortium"),
    ],
)
def test_a_family_name_is_found_however_the_source_writes_it(author: str, family: str) -> None:
    assert family_name(author) == family


def test_counts_and_the_result_line_read_as_people_write_them() -> None:
    assert counted(1, "paper") == "1 paper"
    assert counted(1774, "match", "matches") == "1,774 matches"
    assert result_line(3, 178, 1774, "newest") == "Page 3 of 178 · 1,774 results · newest first"
    assert result_line(1, 1, 0, "newest") == "No results"
    assert result_line(1, 5, 47, None) == "Page 1 of 5 · 47 results"
    assert weekday_day(date(2025, 11, 21)) == "Fri 21 Nov"


@pytest.mark.parametrize(("code", "mark"), [("ger", "[German]"), ("de", "[German]"), ("ENG", ""), (None, "")])
def test_a_paper_not_in_english_says_so(code: str | None, mark: str) -> None:
    assert language_mark(a_paper(a_record(language=code))) == mark


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("<i>E. coli</i> in H<sub>2</sub>O, 10<sup>-3</sup> M", "E. coli in H₂O, 10⁻³ M"),
        ("<jats:p>one</jats:p><jats:p>two</jats:p>", "one two"),
        ("nodules <0.5 mm, p < 0.05 and n>3", "nodules <0.5 mm, p < 0.05 and n>3"),
        ("&lt;0.5 mm &amp;amp; R&D AT&T", "<0.5 mm & R&D AT&T"),
        ("a\n  b\u2028c\td", "a b c d"),
        ("in\u202evert\u200b ed\x07 \ud800x\ue000", "invert ed x"),
        ("$\\beta$-catenin at $10^{-3}\\,\\mu m$", "β-catenin at 10⁻³ μm"),
        ("$L_{\\mathrm {eff}}$ and $\\frac{1}{2}$ at $30^\\circ$", "L_eff and 1/2 at 30°"),
        ("$\\unknown{x}$ stays", "$\\unknown{x}$ stays"),
        ("$a}$ and ${a$ and $x^$ stay", "$a}$ and ${a$ and $x^$ stay"),
        ("from $5 to $10, US$500 or US$700", "from $5 to $10, US$500 or US$700"),
        ("accuracy of 95% on CT", "accuracy of 95% on CT"),
    ],
)
def test_text_from_sources_becomes_readable(source: str, plain: str) -> None:
    assert readable(source) == plain


@given(st.text())
def test_any_text_becomes_one_visible_line(text: str) -> None:
    plain = readable(text)
    assert plain == " ".join(plain.split())
    assert visible(plain) == plain
    assert plain.encode("utf-8").decode() == plain


@pytest.mark.parametrize(
    ("piece", "ending"),
    [("van ", ""), ("A. ", ""), ("code ", "x"), ("<a ", ""), ("&#1", ""), ("$a", ""), (" ", "x"), ("\u0316\u0301", "")],
)
def test_a_source_cannot_keep_us_busy(piece: str, ending: str) -> None:
    text = piece * (200_000 // len(piece)) + ending
    family_name(text)
    key_sentence(text)
    readable(text)
    shorten(text, len(text) - 1)


@pytest.mark.parametrize("piece", ["{", "^", "_{", "\\frac", "\\sqrt"])
def test_a_formula_that_is_nested_too_deeply_stays(piece: str) -> None:
    assert latex.to_unicode(piece * (200_000 // len(piece))) is None


def test_the_name_of_an_author_is_cut_before_it_is_looked_at() -> None:
    assert len(family_name("Consortium " + "x" * 1000)) <= 200
    assert len(family_name("x" * 1000)) <= 200


def test_words_in_formulas_and_fonts_outside_them_read_well() -> None:
    assert readable(r"in $O(n \log n)$ and $\log(n)$") == "in O(n log n) and log(n)"
    assert readable(r"our \emph{reference} and \textbf{bold} words") == "our reference and bold words"


def test_a_letter_keeps_thirty_accents() -> None:
    assert readable("e" + "\u0301" * 100 + "!") == "é" + "\u0301" * 29 + "!"
    assert readable("—" * 40) == "—" * 40


@given(st.text(alphabet=r"\{}^_ab1$[frsqt"))
def test_no_formula_is_too_strange(formula: str) -> None:
    converted = latex.to_unicode(formula)
    assert converted is None or isinstance(converted, str)


def test_shortening_ends_with_a_whole_word() -> None:
    assert shorten("hello wonderful world", 12) == "hello…"
    assert shorten("hello world", 11) == "hello world"
    assert shorten("hello world again", 12) == "hello world…"


def test_shortening_one_long_word_cuts_no_entity_and_no_accent() -> None:
    assert shorten("abc&amp;def", 7) == "abc…"
    assert shorten("abcde\u0301fgh", 6) == "abcd…"


@given(st.text(), st.integers(min_value=2, max_value=50))
def test_shortened_text_never_exceeds_its_limit(text: str, limit: int) -> None:
    assert len(shorten(text, limit)) <= limit


def test_an_abstract_is_split_at_its_labels() -> None:
    parts = abstract_parts("BACKGROUND: A &lt; B.\nMore.\n\nMATERIALS AND METHODS: M.\nConclusion: C.\nwe note: this")
    assert parts == [
        ("BACKGROUND", "A < B."),
        ("", "More."),
        ("MATERIALS AND METHODS", "M."),
        ("Conclusion", "C."),
        ("", "we note: this"),
    ]


@pytest.mark.parametrize(
    ("abstract", "sentence"),
    [
        ("RESULTS: R.\nCONCLUSIONS: It helped. It may last.\nFUNDING: None.", "It helped."),
        ("RESULTS: R rose by 0.5 mm. Then it fell.\nTRIAL REGISTRATION: NCT01234567.", "Then it fell."),
        (
            "We did. It works vs. S. aureus e.g. there. It works over here too. Code: https://example.org/x",
            "It works over here too.",
        ),
        ("It worked in both. Code and model weights will be released upon acceptance.", "It worked in both."),
        ("", ""),
    ],
)
def test_the_key_sentence_is_quoted_from_the_conclusions_or_the_end(abstract: str, sentence: str) -> None:
    assert key_sentence(abstract) == sentence


def test_sentences_do_not_end_at_abbreviations() -> None:
    assert sentences("Seen in S. aureus vs. E. coli. “Yes.” No (see Fig. 2). 12 were lost.") == [
        "Seen in S. aureus vs. E. coli.",
        "“Yes.”",
        "No (see Fig. 2).",
        "12 were lost.",
    ]
    assert sentences("Vitamin D. Fig. 2 shows all etc. Yes.") == ["Vitamin D. Fig. 2 shows all etc. Yes."]
    assert sentences('It was "sp." We saw it.') == ['It was "sp."', "We saw it."]


@given(st.text())
def test_a_key_sentence_is_never_invented(abstract: str) -> None:
    assert key_sentence(abstract) in " ".join(text for _, text in abstract_parts(abstract))


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.org/x",
        "https://",
        "https://doi.org@evil.example/",
        "https://exa mple.org/",
        "https://example.org/\u202ex",
        "https://example.org:99999/",
        "https://example.org/" + "x" * 3000,
        "",
        None,
    ],
)
def test_a_link_that_is_not_plainly_http_is_none(url: str | None) -> None:
    assert safe_url(url) is None


def test_a_safe_link_holds_nothing_that_markup_could_use() -> None:
    assert safe_url("HTTPS://Example.org/a(b)'\"<|>?q=1%2F2#x") == "https://example.org/a(b)%27%22%3C%7C%3E?q=1%2F2#x"
    assert safe_url("https://exämple.org/") == "https://xn--exmple-cua.org/"
    assert safe_url("http://[::1]:80/x") == "http://[::1]:80/x"
