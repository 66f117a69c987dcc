"""Links to searches of PubMed and arXiv, and what a topic makes of them."""

# ruff: noqa: E501 - pasted searches are long

from __future__ import annotations

import pytest

from bot.translating import read_feed, read_search


@pytest.mark.parametrize(
    ("link", "query", "asked"),
    [
        (
            "https://pubmed.ncbi.nlm.nih.gov/?term=%28mri%5Btiab%5D%29+AND+breast%5Bti%5D&sort=date&size=50",
            "mri title:breast",
            "(mri[tiab]) AND breast[ti]",
        ),
        ("pubmed.ncbi.nlm.nih.gov/?term=mri[tiab]", "mri", "mri[tiab]"),
        (
            "https://pubmed.ncbi.nlm.nih.gov/?term=stroke mri&filter=years.2020-2026",
            "stroke mri after:2020-01-01 before:2027-01-01",
            '(stroke mri) AND ("2020":"2026"[dp])',
        ),
        (
            "https://pubmed.ncbi.nlm.nih.gov/?term=mri%5Bti%5D&filter=pubt.review&filter=pubt.meta-analysis&filter=hum_ani.humans&filter=lang.english",
            "title:mri (title:review OR meta-analysis OR metaanalysis)",
            "(mri[ti]) AND (review[pt] OR meta-analysis[pt]) AND (humans[mh]) AND (english[la])",
        ),
        (
            "https://pubmed.ncbi.nlm.nih.gov/?term=mri%5Bti%5D&filter=simsearch1.fha&filter=datesearch.y_5&filter=other.excludepreprints",
            "title:mri after:5y NOT type:preprint",
            '(mri[ti]) AND (hasabstract) AND ("last 5 years"[dp]) NOT preprint[pt]',
        ),
        (
            "https://pubmed.ncbi.nlm.nih.gov/?term=mri%5Bti%5D&filter=dates.2024/1/1-3000/12/12&filter=age.alladult",
            "title:mri after:2024-01-01",
            '(mri[ti]) AND ("2024/1/1":"3000/12/12"[dp])',
        ),
        ("https://www.ncbi.nlm.nih.gov/pubmed/?term=mri%5Bti%5D", "title:mri", "mri[ti]"),
        (
            "https://www.ncbi.nlm.nih.gov/pubmed?cmd=search&term=mri%5Bti%5D+OR+ct%5Bti%5D",
            "title:mri OR title:ct",
            "mri[ti] OR ct[ti]",
        ),
        (
            "https://www.ncbi.nlm.nih.gov/entrez/query.fcgi?db=pubmed&cmd=search&term=mri%5Bti%5D",
            "title:mri",
            "mri[ti]",
        ),
        (
            "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/esearch.fcgi?db=pubmed&term=mri%5Bti%5D&retmax=20",
            "title:mri",
            "mri[ti]",
        ),
        ("https://pubmed.ncbi.nlm.nih.gov/31452104/", "id:31452104", "31452104[pmid]"),
        ("https://pubmed.ncbi.nlm.nih.gov/rss/search/?term=mri%5Bti%5D&limit=15", "title:mri", "mri[ti]"),
        (
            "https://arxiv.org/search/?query=chest+x-ray+segmentation&searchtype=all&source=header",
            "chest x-ray segmentation",
            "(all:chest AND all:x-ray AND all:segmentation)",
        ),
        (
            "https://arxiv.org/search/?query=%22diffusion+model%22+AND+MRI&searchtype=title&abstracts=show&order=-announced_date_first&size=50",
            'title:"diffusion model" title:MRI',
            '(ti:"diffusion model" AND ti:MRI)',
        ),
        (
            "https://arxiv.org/search/cs?query=radiology&searchtype=abstract",
            "abstract:radiology category:cs",
            "(abs:radiology AND cat:cs.*)",
        ),
        (
            "https://arxiv.org/search/?query=Smith%2C+Jane%3B+Doe%2C+A&searchtype=author",
            'author:"Jane Smith" author:"Doe A"',
            '(au:"Smith, Jane" AND au:"Doe, A")',
        ),
        (
            "https://arxiv.org/search/advanced?advanced=&terms-0-operator=AND&terms-0-term=%22spatial+data%22&terms-0-field=abstract&terms-1-operator=OR&terms-1-term=quadtree&terms-1-field=title&terms-2-operator=NOT&terms-2-term=survey&terms-2-field=title&classification-computer_science=y&classification-physics_archives=all&classification-include_cross_list=include&date-filter_by=date_range&date-from_date=2024-01&date-to_date=2024-12-31",
            '(abstract:"spatial data" OR title:quadtree NOT title:survey) category:cs after:2024-01-01 before:2025-01-01',
            '((abs:"spatial data" OR (ti:quadtree ANDNOT ti:survey)) AND cat:cs.*)',
        ),
        (
            "https://arxiv.org/search/advanced?terms-0-term=lens&terms-0-field=all&classification-physics=y&classification-physics_archives=hep-ph&date-filter_by=specific_year&date-year=2025",
            "lens category:hep-ph after:2025-01-01 before:2026-01-01",
            "(all:lens AND cat:hep-ph*)",
        ),
        (
            "https://arxiv.org/search/advanced?terms-0-term=lens&terms-0-field=all&date-filter_by=past_12",
            "lens after:1y",
            "all:lens",
        ),
        ("https://arxiv.org/list/cs.CV/recent?skip=0&show=50", "category:cs.CV", "cat:cs.CV"),
        ("https://arxiv.org/list/eess/new", "category:eess", "cat:eess"),
        ("https://rss.arxiv.org/rss/cs.CV+eess.IV", "category:cs.CV OR category:eess.IV", "(cat:cs.CV OR cat:eess.IV)"),
        ("https://rss.arxiv.org/atom/physics.med-ph", "category:physics.med-ph", "cat:physics.med-ph"),
        (
            "http://export.arxiv.org/api/query?search_query=ti:%22deep+learning%22+AND+%28cat:cs.CV+OR+cat:eess.IV%29+ANDNOT+abs:survey&sortBy=submittedDate&start=0&max_results=50",
            'title:"deep learning" (category:cs.CV OR category:eess.IV) NOT abstract:survey',
            '((ti:"deep learning" AND (cat:cs.CV OR cat:eess.IV)) ANDNOT abs:survey)',
        ),
        (
            "https://export.arxiv.org/api/query?search_query=au:smith_j+AND+submittedDate:[202401010000+TO+202412312359]",
            'author:"smith j" after:2024-01-01 before:2025-01-01',
            "(au:smith_j AND submittedDate:[202401010000 TO 202412312359])",
        ),
        (
            "https://export.arxiv.org/api/query?search_query=ti:space+time",
            "title:space OR time",
            "(ti:space OR all:time)",
        ),
        (
            "https://export.arxiv.org/api/query?id_list=2411.01234,2411.01235",
            "id:2411.01234 OR id:2411.01235",
            "(id:2411.01234 OR id:2411.01235)",
        ),
        ("https://arxiv.org/a/smith_j_1", 'author:"smith j"', 'au:"smith j"'),
        ("https://arxiv.org/abs/2411.01234v2", "id:2411.01234v2", "id:2411.01234v2"),
    ],
)
def test_a_link_becomes_a_query_and_what_its_source_can_be_asked(link: str, query: str, asked: str) -> None:
    found = read_search(link)
    assert found is not None
    assert (str(found.query), found.asked, found.problem) == (query, asked, "")
    assert found.source == ("arxiv" if "arxiv.org" in link else "pubmed")


@pytest.mark.parametrize(
    ("link", "part"),
    [
        (
            "https://pubmed.ncbi.nlm.nih.gov/rss/search/1mAdEuPkEy/?limit=15&utm_campaign=pubmed-2&fc=20261120",
            "address bar",
        ),
        ("https://pubmed.ncbi.nlm.nih.gov/?linkname=pubmed_pubmed&from_uid=31452104", "no search"),
        ("https://pubmed.ncbi.nlm.nih.gov/", "no search"),
        ("https://arxiv.org/", "no search"),
        ("https://example.org/search?term=mri", "Only links to PubMed and arXiv"),
        ("https://arxiv.org/search/", "no search"),
        ("https://arxiv.org/search/?query=mri&searchtype=orcid", "orcid"),
        ("https://arxiv.org/search/?query=mri&searchtype=comments", "co:mri"),
    ],
)
def test_a_link_without_a_search_that_can_be_read_says_what_to_paste(link: str, part: str) -> None:
    found = read_search(link)
    assert found is not None
    assert found.query is None
    assert part in found.problem


FEED = "https://pubmed.ncbi.nlm.nih.gov/rss/search/1mAdEuPkEy/?limit=15&fc=20261120"


@pytest.mark.parametrize(
    ("title", "query"),
    [
        ("mri[ti] OR (ct[ti] AND joint)", "title:mri OR title:ct joint"),
        ("new  species", "new species"),
        ("#1 OR", None),
    ],
)
def test_a_feed_is_read_by_its_title(title: str, query: str | None) -> None:
    link = read_search(FEED)
    assert link is not None
    assert link.feed == FEED
    found = read_feed(title, link)
    assert (str(found.query) if found.query else None, found.form) == (query, "PubMed RSS link")
    assert bool(found.problem) is (query is None)
