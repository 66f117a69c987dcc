"""What counts as a word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.query.tokens import fold, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The β-catenin of COVID-19", ["the", "β", "catenin", "of", "covid", "19"]),
        ("Müller, Poincaré & Gödel", ["muller", "poincare", "godel"]),
        ("Mu\u0308ller", ["muller"]),
        ("Søren Łukasz Æsir Œuvre Þór", ["soren", "lukasz", "aesir", "oeuvre", "thor"]),
        ("H₂O and CO²", ["h2o", "and", "co2"]),
        ("ﬁne ＭＲＩ", ["fine", "mri"]),
        ("straße STRASSE", ["strasse", "strasse"]),
        ("ΣΊΣΥΦΟΣ", ["σισυφοσ"]),
        ("\u00b5m μm", ["μm", "μm"]),
        ("深度学习 MRI", ["深", "度", "学", "习", "mri"]),
        ("C++ and C# in C", ["cplusplus", "and", "csharp", "in", "c"]),
        ("vitamin c+d, abc++", ["vitamin", "c", "d", "abc"]),
        ("Alzheimer's 10.5 a/b x_y", ["alzheimer", "s", "10", "5", "a", "b", "x", "y"]),
        ("", []),
        ("+ - * / … “” \ue000\ue001\x00", []),
    ],
)
def test_words_are_folded_and_split_as_people_expect(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@given(st.text())
def test_folded_text_is_its_words_with_blanks_between(text: str) -> None:
    assert fold(text).split() == tokens(text)
    assert all(word.isalnum() for word in tokens(text))


@given(st.text(), st.text())
def test_texts_with_a_blank_between_have_the_words_of_both(first: str, second: str) -> None:
    assert tokens(f"{first} {second}") == tokens(first) + tokens(second)
