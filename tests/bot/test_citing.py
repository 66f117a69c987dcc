"""What a citation says: names taken apart, keys, dates, and nothing else but one line of text."""

from datetime import date

import pytest

from bot.citing import CitationFormat, Person, citation, file_name, person
from bot.model import Identifier, Status
from tests.examples import a_paper, a_record, an_arxiv_record


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("Ada B Lind", Person("Lind", "Ada B")),
        ("Lind AB", Person("Lind", "AB")),
        ("Lind, Ada B", Person("Lind", "Ada B")),
        ("Çelik Demir", Person("Demir", "Çelik")),
        ("Jan van der Berg", Person("Berg", "Jan", "van der")),
        ("van der Berg, Jan", Person("Berg", "Jan", "van der")),
        ("Maria de la Cruz", Person("Cruz", "Maria", "de la")),
        ("García Márquez, Gabriel", Person("García Márquez", "Gabriel")),
        ("Robert J Smith Jr", Person("Smith", "Robert J", suffix="Jr")),
        ("Smith, Robert, III", Person("Smith", "Robert", suffix="III")),
        ("The Made-up Trial Study Group", Person("The Made-up Trial Study Group")),
        ("A Consortium with a Name That Is Longer Than Anybody Would Print", None),
        ("王小明", Person("王小明")),
        ("Plato", Person("Plato")),
        (",", Person(",")),
        ("Jr", Person("Jr")),
    ],
)
def test_a_name_is_taken_apart(author: str, expected: Person | None) -> None:
    assert person(author) == (expected or Person(author))


@pytest.mark.parametrize(
    ("authors", "title", "key"),
    [
        (("Xin Wang",), "Deep reading of radiographs", "wang2026deep"),
        (("Xin Wang",), "On the use of the MRI", "wang2026use"),
        (("Jan van der Berg",), "β-catenin", "berg2026catenin"),
        (("Jürgen Møller-Sørensen",), "The eye", "mollersorensen2026eye"),
        ((), "The eye", "anonymous2026eye"),
        (("王小明",), "影像", "anonymous2026"),
        (("Xin Wang",), "{}, ~#", "wang2026"),
    ],
)
def test_a_key_is_the_family_name_the_year_and_a_word_of_the_title(
    authors: tuple[str, ...], title: str, key: str
) -> None:
    assert citation(a_paper(a_record(authors=authors, title=title))).key == key


def test_an_article_is_cited_with_its_own_date_and_its_preprints_number() -> None:
    preprint = an_arxiv_record(source_id="2511.01234", published=date(2025, 11, 3))
    article = a_record(source_id=71, published=date(2026, 2, 1), title="Eyes")
    cited = citation(a_paper(article, preprint))
    assert (cited.day, cited.pmid, cited.arxiv, cited.arxiv_category) == (date(2026, 2, 1), "71", "2511.01234", "cs.CV")
    assert cited.key == "lind2026eyes"


def test_an_arxiv_number_is_known_though_another_source_told_it() -> None:
    told = a_record(identifiers=frozenset({Identifier("arxiv", "2511.01234")}))
    assert citation(a_paper(told)).arxiv == "2511.01234"


def test_a_retraction_and_another_language_are_said() -> None:
    cited = citation(a_paper(a_record(status=Status.RETRACTED, language="ger")))
    assert (cited.note, cited.language, cited.language_name) == ("Retracted", "ger", "German")
    plain = citation(a_paper())
    assert (plain.note, plain.language, plain.language_name) == ("", None, "")


def test_markup_and_line_breaks_are_gone() -> None:
    record = a_record(title="<b>T<sub>1</sub></b>\nmaps", venue="Eye\n&amp; Ear", authors=("Ann\nBo",))
    cited = citation(a_paper(record))
    assert (cited.title, cited.venue, cited.authors) == ("T₁ maps", "Eye & Ear", (Person("Bo", "Ann"),))


def test_an_identifier_stays_as_it_is_but_on_one_line() -> None:
    cited = citation(a_paper(a_record(identifiers=frozenset({Identifier("doi", "10.1/<a_b>\n\u202ec")}))))
    assert cited.doi == "10.1/<a_b> c"


def test_a_paper_without_a_readable_title_says_so() -> None:
    assert citation(a_paper(a_record(title="\u200b"))).title == "[No title]"


def test_a_file_is_called_after_its_one_paper_or_their_number() -> None:
    assert file_name(1, "wang2026deep", CitationFormat.BIBTEX) == "wang2026deep.bib"
    assert file_name(12, "wang2026deep", CitationFormat.CSL_JSON) == "12-papers.json"


@pytest.mark.parametrize("form", CitationFormat)
def test_every_format_has_a_suffix_and_a_media_type(form: CitationFormat) -> None:
    assert form.suffix.startswith(".")
    assert form.media_type.startswith("application/")
