"""Words as Discord's markdown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.chat.discord.markdown import beginning, bold, escaped, fitted, line, preformatted, units
from adapters.layout.lines import Run
from tests.adapters.chat.discord.reader import markup_in, plain

_TEXTS = st.text(st.sampled_from("ab1 .:/\\*_~|`<>@[]()#-+\"'é放𝔘") | st.characters(codec="utf-8"), max_size=40)


def styled(text: str, *styles: str) -> Run:
    return Run(text, frozenset(styles))


@given(_TEXTS)
def test_escaped_text_is_words_alone_and_says_the_same(text: str) -> None:
    assert not markup_in(escaped(text))
    assert plain(escaped(text)) == text


@pytest.mark.parametrize(
    "text", ["T2-weighted MRI (n = 12): 3:1 at 12:00, p = 0.05; C#, 40% + 2", "Ärzte & Pflege", "1.5 T"]
)
def test_ordinary_words_stay_as_they_are(text: str) -> None:
    assert escaped(text) == text


@pytest.mark.parametrize("text", ["- a", "+ a", "# a", "-# a", "> a", ">>> a", "1. a", "12) a", "==", "  - a", " > a"])
def test_a_line_that_would_begin_a_list_or_heading_does_not(text: str) -> None:
    guarded = beginning(escaped(text))
    assert plain(guarded) == text
    assert "\\" in guarded[:4]


@pytest.mark.parametrize(
    "text", ["https://x.org", "discord://x", "discord.gg/x", "discord.com/invite/x", ":tada:", ":+1:"]
)
def test_addresses_invitations_and_emoji_of_others_are_words(text: str) -> None:
    assert markup_in(text)
    assert not markup_in(escaped(text))


def test_a_line_begins_as_one() -> None:
    assert line([Run("- a"), Run(" b")]) == "\\- a b"


def test_a_line_has_bold_italic_code_and_addresses_of_the_layout() -> None:
    runs = [styled("Retracted", "bold"), styled(" a*b "), styled("new", "italic"), styled(" "), styled("mri*", "code")]
    assert line([*runs, Run(" in "), Run("PubMed", url="https://x.org/a_b")]) == (
        "**Retracted** a\\*b *new* `mri*` in PubMed <https://x.org/a_b>"
    )


def test_blanks_stand_outside_of_what_is_bold() -> None:
    assert line([styled("Retracted ", "bold"), styled("Knees")]) == "**Retracted** Knees"
    assert line([styled("a", "bold"), styled(" ", "italic"), styled("b")]) == "**a** b"


def test_a_backtick_does_not_end_code() -> None:
    assert line([styled("a`b``c", "code")]) == "`aˋbˋˋc`"
    assert preformatted("a``` @everyone ```` b") == "```\na``ˋ @everyone ``ˋ` b\n```"


def test_a_person_is_a_mention() -> None:
    assert (
        line([Run("By "), Run("80351110224678912", user="80351110224678912"), Run(".")]) == "By <@80351110224678912>."
    )


def test_nothing_is_no_markup() -> None:
    assert bold("") == line([]) == line([styled("", "code", "bold")]) == ""


def test_lengths_are_those_of_utf_16() -> None:
    assert units("aé放𝔘") == 5


@given(_TEXTS.map(lambda text: text * 9), st.integers(1, 120))
def test_a_text_is_cut_after_it_was_escaped(text: str, limit: int) -> None:
    written = fitted(text, limit)
    assert units(written) <= limit
    assert not markup_in(written)
    if units(escaped(text)) <= limit:
        assert written == escaped(text)
