"""Citations as other programs read them: written, read back with the libraries, and never broken by a hostile text."""

import json
import re
from datetime import date
from typing import Any

import bibtexparser.entrypoint
import pytest
import rispy
from bibtexparser.library import Library
from hypothesis import given
from hypothesis import strategies as st

from adapters.citations import CitationFile, cite
from bot.citing import CitationFormat, citation
from bot.model import Paper, Status
from tests.examples import a_paper, a_record, an_arxiv_record, doi

BIBTEX, RIS, CSL = CitationFormat.BIBTEX, CitationFormat.RIS, CitationFormat.CSL_JSON

ARTICLE = a_paper(
    a_record(
        source_id=70000001,
        title="Deep MRI of 50% & more: α-cells, U-Net, T cells",
        authors=("Ada B Lind", "Jan van der Berg", "Robert J Smith Jr", "Panel and Patients Study Group"),
        identifiers=frozenset({doi("10.1000/a_b%7"), *a_record(source_id=70000001).identifiers}),
        language="ger",
        status=Status.RETRACTED,
    )
)
PREPRINT = a_paper(an_arxiv_record(source_id="2611.00001", title="A Network Reads Radiographs"), number=2)

HOSTILE = [
    "ER  - \nTY  - JOUR\nTI  - another",
    "}, note = {x}}\n@article{evil,",
    "{ unbalanced",
    "unbalanced }",
    "\\{ \\} \\ back\\slash",
    "100% $5 #1 a_b ~ ^ &amp;",
    "\"quoted\" and 'quoted'",
    "@comment{x} @string{a = {b}}",
    "line\u2028separators\x85and\x0bmore\x1c",
    '</script>"}],',
    "month = nov",
    "a and b and others",
]


def read_bibtex(text: str) -> Library:
    library = bibtexparser.entrypoint.parse_string(text)
    assert library.failed_blocks == []
    assert library.blocks == library.entries
    return library


def without_latex(text: str) -> str:
    """Undo what is written for special characters, in one pass."""
    names = {"{\\textbackslash}": "\\", "{\\textbraceleft}": "{", "{\\textbraceright}": "}"}
    names |= {"{\\textasciitilde}": "~", "{\\textasciicircum}": "^", "{": "", "}": ""}
    return re.sub(
        r"\{\\text[a-z]+\}|\\[&%$#_]|[{}]", lambda found: names.get(found[0], found[0].removeprefix("\\")), text
    )


def titles(papers: list[Paper], form: CitationFormat) -> list[str]:
    """The titles that a reader of that format finds."""
    text = cite(papers, form)
    if form is BIBTEX:
        return [without_latex(str(entry["title"])) for entry in read_bibtex(text).entries]
    found: list[dict[str, Any]] = rispy.loads(text) if form is RIS else json.loads(text)
    return [entry.get("title", "") for entry in found]


# ---------------------------------------------------------------- how they look


def test_an_article_in_bibtex() -> None:
    assert cite([ARTICLE], BIBTEX) == (
        "@article{lind2026deep,\n"
        "  title = {Deep {MRI} of 50\\% \\& more: α-cells, {U-Net}, {T} cells},\n"
        "  author = {Lind, Ada B and van der Berg, Jan and Smith, Jr, Robert J"
        " and {Panel and Patients Study Group}},\n"
        "  journal = {Journal of Made-up Radiology},\n"
        "  year = {2026},\n"
        "  month = nov,\n"
        "  doi = {10.1000/a_b%7},\n"
        "  pmid = {70000001},\n"
        "  url = {https://pubmed.ncbi.nlm.nih.gov/70000001/},\n"
        "  language = {German},\n"
        "  note = {Retracted},\n"
        "}\n"
    )


def test_an_arxiv_preprint_in_bibtex() -> None:
    assert cite([PREPRINT], BIBTEX) == (
        "@misc{lind2026network,\n"
        "  title = {A Network Reads Radiographs},\n"
        "  author = {Lind, Ada B},\n"
        "  year = {2026},\n"
        "  month = nov,\n"
        "  eprint = {2611.00001},\n"
        "  archivePrefix = {arXiv},\n"
        "  primaryClass = {cs.CV},\n"
        "  url = {https://arxiv.org/abs/2611.00001},\n"
        "}\n"
    )


def test_ris() -> None:
    assert cite([ARTICLE, PREPRINT], RIS) == (
        "TY  - JOUR\nID  - lind2026deep\nAU  - Lind, Ada B\nAU  - van der Berg, Jan\nAU  - Smith, Robert J, Jr\n"
        "AU  - Panel and Patients Study Group\nTI  - Deep MRI of 50% & more: α-cells, U-Net, T cells\n"
        "JO  - Journal of Made-up Radiology\nPY  - 2026\nDA  - 2026/11/12\nDO  - 10.1000/a_b%7\nAN  - 70000001\n"
        "UR  - https://pubmed.ncbi.nlm.nih.gov/70000001/\n"
        "AB  - BACKGROUND: Reading takes time. CONCLUSIONS: The network saved some of it.\n"
        "LA  - German\nN1  - Retracted\nER  - \n"
        "\n"
        "TY  - UNPB\nID  - lind2026network\nAU  - Lind, Ada B\nTI  - A Network Reads Radiographs\nJO  - arXiv\n"
        "PY  - 2026\nDA  - 2026/11/10\nAN  - arXiv:2611.00001\nUR  - https://arxiv.org/abs/2611.00001\n"
        "AB  - We let a network read radiographs. It saved time.\nER  - \n"
    )


def test_csl_json() -> None:
    article, preprint = json.loads(cite([ARTICLE, PREPRINT], CSL))
    assert article == {
        "id": "lind2026deep",
        "type": "article-journal",
        "title": "Deep MRI of 50% & more: α-cells, U-Net, T cells",
        "author": [
            {"family": "Lind", "given": "Ada B"},
            {"family": "Berg", "given": "Jan", "non-dropping-particle": "van der"},
            {"family": "Smith", "given": "Robert J", "suffix": "Jr"},
            {"literal": "Panel and Patients Study Group"},
        ],
        "issued": {"date-parts": [[2026, 11, 12]]},
        "container-title": "Journal of Made-up Radiology",
        "DOI": "10.1000/a_b%7",
        "PMID": "70000001",
        "URL": "https://pubmed.ncbi.nlm.nih.gov/70000001/",
        "language": "ger",
        "note": "Retracted",
    }
    assert (preprint["type"], preprint["publisher"], preprint["number"]) == ("article", "arXiv", "arXiv:2611.00001")


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("The mRNA of H1N1 and COVID-19", "The {mRNA} of {H1N1} and {COVID-19}"),
        ("A State-of-the-Art Vision-Language Model", "A State-of-the-Art Vision-Language Model"),
        ("X-ray or not", "{X-ray} or not"),
        ("f(x) = {x}_1", "f(x) = {\\textbraceleft}x{\\textbraceright}\\_1"),
    ],
)
def test_only_capitals_that_mean_something_are_protected(title: str, written: str) -> None:
    assert f"  title = {{{written}}},\n" in cite([a_paper(a_record(title=title))], BIBTEX)


@pytest.mark.parametrize(
    ("author", "written"),
    [
        ("Lind, Ada, MD", "{Ada, MD Lind}"),
        ("Rand And Partners", "{Rand And Partners}"),
        ("Anders Andersen", "Andersen, Anders"),
        ("van Beethoven, Ludwig", "van Beethoven, Ludwig"),
    ],
)
def test_what_bibtex_would_take_apart_stands_in_braces(author: str, written: str) -> None:
    assert f"  author = {{{written}}},\n" in cite([a_paper(a_record(authors=(author,)))], BIBTEX)


def test_an_article_without_a_journal_is_misc_in_bibtex() -> None:
    assert cite([a_paper(a_record(venue=None))], BIBTEX).startswith("@misc{")


# ---------------------------------------------------------------- files


@pytest.mark.parametrize("form", CitationFormat)
def test_no_papers_make_an_empty_file_that_can_be_read(form: CitationFormat) -> None:
    assert titles([], form) == []


@pytest.mark.parametrize("form", CitationFormat)
def test_a_file_written_paper_by_paper_is_the_whole_file(form: CitationFormat) -> None:
    writer = CitationFile(form)
    assert writer.add(ARTICLE) + writer.add(PREPRINT) + writer.end() == cite([ARTICLE, PREPRINT], form)


def test_no_key_stands_twice_in_a_file() -> None:
    alike = [a_paper(a_record(title=f"Eyes {n}"), number=n) for n in (4, 5, 6)]
    assert [entry.key for entry in read_bibtex(cite(alike, BIBTEX)).entries] == [
        "lind2026eyes",
        "lind2026eyes-p5",
        "lind2026eyes-p6",
    ]


# ---------------------------------------------------------------- hostile texts


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("form", CitationFormat)
def test_no_text_breaks_out_of_its_field(form: CitationFormat, text: str) -> None:
    hostile = a_record(
        title=text,
        abstract=text,
        authors=(text, f"{text} Lind", f"Lind, {text}"),
        venue=text,
        language=text,
        identifiers=frozenset({doi(f"10.1000/{text}")}),
        url="https://example.org/" + text,
    )
    papers = [a_paper(hostile), PREPRINT]
    assert titles(papers, form) == [citation(paper).title for paper in papers]


@pytest.mark.parametrize("text", HOSTILE)
def test_bibtex_finds_as_many_authors_as_there_are(text: str) -> None:
    paper = a_paper(a_record(authors=("Ada Lind", text, f"{text} Lind", f"Lind, {text}")))
    written = cite([paper], BIBTEX)
    line = next(line for line in written.splitlines() if line.startswith("  author = {"))
    outermost = re.sub(r"\{[^{}]*\}", "", re.sub(r"\{[^{}]*\}", "", line.removeprefix("  author = {")))
    assert len(outermost.split(" and ")) == 4


@pytest.mark.parametrize("text", HOSTILE)
def test_braces_are_balanced_as_bibtex_counts_them(text: str) -> None:
    paper = a_paper(a_record(title=text, authors=(text,), venue=text, identifiers=frozenset({doi(f"10.1/{text}")})))
    depth = 0
    for char in cite([paper], BIBTEX):
        depth += {"{": 1, "}": -1}.get(char, 0)
        assert depth >= 0
    assert depth == 0


TEXTS = st.text(st.characters() | st.sampled_from("{}\\%&$#_~^@\"',\n\r\u2028=-"), max_size=40)


@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=4))
@pytest.mark.parametrize("form", CitationFormat)
def test_what_is_written_is_read_back(form: CitationFormat, texts: list[tuple[str, str, str]]) -> None:
    papers = [
        a_paper(a_record(title=title, authors=(author,), venue=venue), number=number)
        for number, (title, author, venue) in enumerate(texts, 1)
    ]
    assert titles(papers, form) == [citation(paper).title for paper in papers]


def test_the_date_is_that_of_the_version_that_is_cited() -> None:
    early = an_arxiv_record(published=date(2025, 1, 2))
    assert "year = {2026}" in cite([a_paper(a_record(), early)], BIBTEX)
