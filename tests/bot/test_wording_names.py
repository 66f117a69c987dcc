from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Status
from bot.wording import family_name, shorten, title
from tests.examples import a_paper, a_record


@pytest.mark.parametrize(
    ("author", "family"),
    [
        ("Ludwig van der Berg", "van der Berg"),
        ("María de la Cruz", "de la Cruz"),
        ("Hans von Hoff", "von Hoff"),
        ("Vincent Van Gogh", "Van Gogh"),
        ("Issam El Naqa", "El Naqa"),
        ("Ben Smith", "Smith"),
        ("John A Smith Jr", "Smith"),
        ("John Smith III", "Smith"),
        ("John Smith, MD", "Smith"),
        ("Smith JA, Jr", "Smith"),
        ("Wang XY", "Wang"),
        ("J. R. R. Tolkien", "Tolkien"),
        ("Jean-Luc Saint-Exupéry", "Saint-Exupéry"),
        ("al-Hassan", "al-Hassan"),
        ("Xin WANG", "WANG"),
        ("WANG Xin", "WANG"),
        ("王小明", "王小明"),
        ("王 小明", "王"),
        ("Plato", "Plato"),
        ("O'Brien P", "O'Brien"),
        ("Mohamed Ali Teamah", "Teamah"),
        ("The XYZ Study Group", "The XYZ Study Group"),
        ("ATLAS Collaboration", "ATLAS Collaboration"),
        ("World Health Organization", "World Health Organization"),
        ("", ""),
        (",", ","),
    ],
)
def test_a_family_name_is_found(author: str, family: str) -> None:
    assert family_name(author) == family


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("A title.", "A title"),
        ("[A translated title].", "A translated title"),
        ("[A translated title.]", "A translated title"),
        ("[18F]FDG and [11C]choline", "[18F]FDG and [11C]choline"),
        ("[18F]FDG in [bone].", "[18F]FDG in [bone]"),
        ("Is it so?", "Is it so?"),
        ("Wait...", "Wait..."),
        ("Reading in the U.S.", "Reading in the U.S."),
        ("Films, scans, etc.", "Films, scans, etc."),
        ("Vitamin D.", "Vitamin D"),
        ("READING FILMS IN THE DARK", "READING FILMS IN THE DARK"),
        ("<i>E. coli</i> and $\\alpha$.", "E. coli and α"),
        ("RETRACTED: A title", "RETRACTED: A title"),
    ],
)
def test_a_title_loses_what_its_source_put_round_it(raw: str, shown: str) -> None:
    assert title(a_paper(a_record(title=raw))) == shown


@pytest.mark.parametrize(
    "raw",
    [
        "RETRACTED: A title",
        "Retracted Article: A title",
        "[RETRACTED] A title",
        "A title (Retracted)",
        "WITHDRAWN: A title",
        "A title [retracted article. See vol. 3]",
        "RETRACTED ARTICLE: A title.",
        "A title",
    ],
)
def test_a_retracted_paper_says_so_once(raw: str) -> None:
    assert title(a_paper(a_record(title=raw, status=Status.RETRACTED))) == "A title"


def test_a_study_of_retracted_papers_keeps_its_title() -> None:
    text = "Retracted papers in radiology"
    assert title(a_paper(a_record(title=text, status=Status.RETRACTED))) == text


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("hello (wonderful) world", 9, "hello…"),
        ("hello, world", 8, "hello…"),
        ("one two $\\foo{a b}$ end", 14, "one two…"),
        ("one two $5 vs $10 end", 16, "one two $5 vs…"),
        ("人工智能在医学影像中的应用", 6, "人工智能在…"),
        ("CT的人工智能", 5, "CT的人…"),
        ("abcde\u0301fgh", 6, "abcd…"),
        ("👩\u200d🔬👩\u200d🔬👩\u200d🔬", 6, "👩\u200d🔬…"),
        ("🇩🇪🇫🇷🇮🇹", 4, "🇩🇪…"),
        ("x👍🏽y", 3, "x…"),
        ("abc", 0, ""),
        ("abc", 1, "…"),
    ],
)
def test_a_cut_falls_between_whole_words_characters_and_formulas(text: str, limit: int, short: str) -> None:
    assert shorten(text, limit) == short


@given(st.text(alphabet="ab é🇩👍🏽\u200d人。&;#$\\{"), st.integers(min_value=1, max_value=30))
def test_what_is_kept_is_the_beginning_and_ends_no_character_in_the_middle(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert len(short) <= limit
    if short != text:
        kept = short.removesuffix("…")
        assert text.startswith(kept)
        assert not kept or not unicodedata.combining(text[len(kept)])
