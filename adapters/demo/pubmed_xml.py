"""PubMed papers as PubMed's XML (dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from lxml import etree

from adapters.demo.answer import add
from adapters.demo.library import PubmedPaper

_DOCTYPE = (
    '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">'
)
_TYPE_IDS = {
    "Journal Article": "D016428",
    "Retracted Publication": "D016441",
    "Retraction of Publication": "D016440",
    "Multicenter Study": "D016448",
    "Review": "D016454",
    "Preprint": "D000076942",
}
_CATEGORIES = {"OBJECTIVE": "OBJECTIVE", "OBJECTIVES": "OBJECTIVE", "PURPOSE": "OBJECTIVE", "CONCLUSION": "CONCLUSIONS"}
_CATEGORIES |= {label: label for label in ("BACKGROUND", "METHODS", "RESULTS", "CONCLUSIONS")}
_CATEGORIES |= {"MATERIALS AND METHODS": "METHODS"}


def article_set(papers: Iterable[PubmedPaper]) -> bytes:
    """Return a PubmedArticleSet with its DOCTYPE."""
    root = etree.Element("PubmedArticleSet")
    for paper in papers:
        article = add(root, "PubmedArticle")
        _add_citation(article, paper)
        _add_pubmed_data(article, paper)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", doctype=_DOCTYPE, pretty_print=True)


def _add_citation(article: etree._Element, paper: PubmedPaper) -> None:
    status = "MEDLINE" if paper.headings else "Publisher"
    citation = add(article, "MedlineCitation", Status=status, Owner="NLM")
    add(citation, "PMID", str(paper.pmid), Version="1")
    if paper.indexed:
        _add_day(citation, "DateCompleted", paper.indexed)
    _add_day(citation, "DateRevised", paper.modified)
    _add_article(citation, paper)
    info = add(citation, "MedlineJournalInfo")
    add(info, "Country", paper.journal.country)
    add(info, "MedlineTA", paper.journal.abbreviation)
    add(info, "NlmUniqueID", "99" + paper.journal.issn.replace("-", "")[:6])
    add(info, "ISSNLinking", paper.journal.issn)
    add(citation, "CitationSubset", "IM")
    _add_links(citation, paper)
    if paper.headings:
        headings = add(citation, "MeshHeadingList")
        for name in paper.headings:
            add(add(headings, "MeshHeading"), "DescriptorName", name, MajorTopicYN="N")
    if paper.keywords:
        keywords = add(citation, "KeywordList", Owner="NOTNLM")
        for keyword in paper.keywords:
            add(keywords, "Keyword", keyword, MajorTopicYN="N")


def _add_article(citation: etree._Element, paper: PubmedPaper) -> None:
    article = add(citation, "Article", PubModel="Print-Electronic")
    journal = add(article, "Journal")
    add(journal, "ISSN", paper.journal.issn, IssnType="Electronic")
    issue = add(journal, "JournalIssue", CitedMedium="Internet")
    day = paper.publication_date
    published = add(issue, "PubDate")
    for tag, text in (("Year", f"{day:%Y}"), ("Month", f"{day:%b}"), ("Day", f"{day:%d}")):
        add(published, tag, text)
    add(journal, "Title", paper.journal.title)
    add(journal, "ISOAbbreviation", paper.journal.abbreviation)
    add(article, "ArticleTitle", paper.title)
    if paper.doi:
        add(article, "ELocationID", paper.doi, EIdType="doi", ValidYN="Y")
    _add_abstract(article, paper)
    _add_authors(article, paper)
    add(article, "Language", paper.language)
    types = add(article, "PublicationTypeList")
    for name in paper.types:
        add(types, "PublicationType", name, UI=_TYPE_IDS.get(name, "D000000"))
    _add_day(article, "ArticleDate", day, DateType="Electronic")


def _add_abstract(article: etree._Element, paper: PubmedPaper) -> None:
    if not paper.abstract:
        return
    abstract = add(article, "Abstract")
    for label, text in paper.abstract:
        labels = {"Label": label, "NlmCategory": _CATEGORIES.get(label, "UNASSIGNED")} if label else {}
        add(abstract, "AbstractText", text, **labels)
    add(abstract, "CopyrightInformation", f"© {paper.publication_date:%Y}. The Author(s).")


def _add_authors(article: etree._Element, paper: PubmedPaper) -> None:
    if not paper.authors:
        return
    authors = add(article, "AuthorList", CompleteYN="Y")
    for person in paper.authors:
        author = add(authors, "Author", ValidYN="Y")
        add(author, "LastName", person.last)
        if person.fore:
            add(author, "ForeName", person.fore)
            add(author, "Initials", person.initials)
        if person.affiliation:
            add(add(author, "AffiliationInfo"), "Affiliation", person.affiliation)


def _add_links(citation: etree._Element, paper: PubmedPaper) -> None:
    if not paper.links:
        return
    links = add(citation, "CommentsCorrectionsList")
    for link in paper.links:
        item = add(links, "CommentsCorrections", RefType=link.kind)
        add(item, "RefSource", link.source)
        if link.pmid:
            add(item, "PMID", str(link.pmid), Version="1")


def _add_day(parent: etree._Element, tag: str, day: date, **attributes: str) -> None:
    element = add(parent, tag, **attributes)
    for part, text in (("Year", f"{day:%Y}"), ("Month", f"{day:%m}"), ("Day", f"{day:%d}")):
        add(element, part, text)


def _add_pubmed_data(article: etree._Element, paper: PubmedPaper) -> None:
    data = add(article, "PubmedData")
    history = add(data, "History")
    stamps = {"entrez": paper.entered, "pubmed": paper.entered, "medline": paper.indexed or paper.entered}
    for status, moment in stamps.items():
        _add_moment(history, status, moment)
    add(data, "PublicationStatus", "aheadofprint")
    ids = add(data, "ArticleIdList")
    add(ids, "ArticleId", str(paper.pmid), IdType="pubmed")
    if paper.doi:
        add(ids, "ArticleId", paper.doi, IdType="doi")


def _add_moment(history: etree._Element, status: str, moment: datetime) -> None:
    stamp = add(history, "PubMedPubDate", PubStatus=status)
    parts = {"Year": moment.year, "Month": moment.month, "Day": moment.day, "Hour": moment.hour}
    for tag, number in (parts | {"Minute": moment.minute}).items():
        add(stamp, tag, str(number))
