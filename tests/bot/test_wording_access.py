"""The ways to a paper."""

from __future__ import annotations

from dataclasses import replace

from bot.model import Kind
from bot.wording import paper_links
from tests.examples import a_paper, a_record, an_arxiv_record

PROXY = "https://proxy.example.edu/login?url="


def test_records_pdf_free_text_doi_and_the_librarys_way_come_in_this_order() -> None:
    article = a_record(
        source_id="71000001",
        url="https://pubmed.ncbi.nlm.nih.gov/71000001/",
        pdf_url="https://pmc.ncbi.nlm.nih.gov/articles/PMC123/",
    )
    preprint = an_arxiv_record(
        source_id="2611.00001", url="https://arxiv.org/abs/2611.00001", pdf_url="https://arxiv.org/pdf/2611.00001"
    )
    paper = replace(a_paper(article), records=(article, preprint), doi="10.5555/knee.1", kind=Kind.ARTICLE)
    links = [(link.label, link.url) for link in paper_links(paper, PROXY)]
    assert links == [
        ("PubMed 71000001", "https://pubmed.ncbi.nlm.nih.gov/71000001/"),
        ("Free text (PMC)", "https://pmc.ncbi.nlm.nih.gov/articles/PMC123/"),
        ("arXiv 2611.00001", "https://arxiv.org/abs/2611.00001"),
        ("PDF (arXiv)", "https://arxiv.org/pdf/2611.00001"),
        ("DOI 10.5555/knee.1", "https://doi.org/10.5555/knee.1"),
        ("Through your library", f"{PROXY}https://doi.org/10.5555/knee.1"),
    ]
    assert [label for label, _ in links[:-1]] == [link.label for link in paper_links(paper)]


def test_a_preprint_needs_no_library() -> None:
    preprint = replace(a_paper(an_arxiv_record()), doi="10.1101/2026.11.20.1", kind=Kind.PREPRINT)
    published = replace(preprint, doi="10.48550/arxiv.2611.00001", kind=Kind.ARTICLE)
    for paper in (preprint, published):
        assert "Through your library" not in [link.label for link in paper_links(paper, PROXY)]


def test_signs_in_a_doi_do_not_end_its_link() -> None:
    paper = replace(a_paper(a_record(url=None)), doi="10.1002/(SICI)77:1<1::AID-C1>3.0.CO;2-#?a&b")
    links = {link.label: link.url for link in paper_links(paper, PROXY)}
    address = "https://doi.org/10.1002/(SICI)77:1%3C1::AID-C1%3E3.0.CO;2-%23%3Fa%26b"
    assert links[f"DOI {paper.doi}"] == address
    assert links["Through your library"] == PROXY + address


def test_what_is_no_safe_link_is_shown_without_one() -> None:
    record = a_record(url="javascript:alert(1)", pdf_url="data:text/html,x")
    [shown] = paper_links(replace(a_paper(record), doi=None), PROXY)
    assert shown.url is None
    assert shown.label.startswith("PubMed ")
