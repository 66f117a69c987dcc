"""One PubMed record's XML as a Record (pure).

Shapes: https://www.nlm.nih.gov/bsd/licensee/elements_descriptions.html and pubmed_250101.dtd. A journal article keeps
its facts in MedlineCitation/Article and PubmedData, a book or chapter in BookDocument and PubmedBookData.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from lxml.etree import _Element as Element

from bot.identity import parse_identifier
from bot.model import Identifier, Kind, Record, Status

NO_TITLE = "[No title]"

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PMID = re.compile(r"[1-9][0-9]{0,8}")
_VERSION = re.compile(r"[1-9][0-9]{0,3}")
_DOI = re.compile(r"10\.[0-9]{4,9}/\S+")
_PMC = re.compile(r"PMC[0-9]+")
_PREPRINT_SERVER = re.compile(r"rxiv\b|\bresearch square\b|\bres sq\b|\bssrn\b|\bpreprint", re.IGNORECASE)


class UnreadableRecord(ValueError):
    """A record lacks what makes it one; the text says what."""


def record_of(element: Element) -> Record:
    """Read a PubmedArticle or PubmedBookArticle element. Raises UnreadableRecord."""
    citation, article, data = _parts(element)
    pmid = _text(citation.find("PMID"))
    if not _PMID.fullmatch(pmid):
        raise UnreadableRecord("it has no PMID")
    types = {_text(found).casefold() for found in article.iterfind(".//PublicationType")}
    kind = Kind.PREPRINT if "preprint" in types else Kind.ARTICLE
    venue = _first(article, "Journal/Title", "Journal/ISOAbbreviation", "Book/BookTitle") or None
    history = {stamp.get("PubStatus", ""): _date(stamp) for stamp in data.iterfind("History/PubMedPubDate")}
    pmc = _PMC.search(_article_id(data, "pmc"))
    return Record(
        source="pubmed",
        source_id=pmid,
        version=_version(citation.find("PMID")),
        kind=kind,
        title=_title(article),
        abstract=_abstract(article),
        authors=tuple(_authors(article)),
        url=f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/",
        published=_published(article, history),
        entered=history.get("entrez"),
        venue=venue,
        categories=tuple(_categories(citation)),
        language=_language(article),
        status=_status(citation, types),
        pdf_url=f"https://pmc.ncbi.nlm.nih.gov/articles/{pmc[0]}/" if pmc else None,
        identifiers=frozenset(_identifiers(pmid, article, data, venue)),
        same_work=frozenset(_same_work(citation, kind)),
        revision=str(_date(citation.find("DateRevised")) or ""),
    )


def _parts(element: Element) -> tuple[Element, Element, Element]:
    """The citation, the article in it and PubMed's own data, whichever elements hold them."""
    book, medline = element.find("BookDocument"), element.find("MedlineCitation")
    citation = medline if book is None else book
    if citation is None:
        raise UnreadableRecord("it has no MedlineCitation and no BookDocument")
    article = citation if citation is book else citation.find("Article")
    if article is None:
        raise UnreadableRecord("it has no Article")
    data = element.find("PubmedData" if book is None else "PubmedBookData")
    return citation, article, citation if data is None else data


def _text(element: Element | None) -> str:
    """The whole text with that of sub, sup, i and formulas, on one line."""
    return "" if element is None else " ".join("".join(element.itertext()).split())


def _first(element: Element, *paths: str) -> str:
    return next((text for path in paths if (text := _text(element.find(path)))), "")


def _version(pmid: Element | None) -> int:
    version = pmid.get("Version", "") if pmid is not None else ""
    return int(version) if _VERSION.fullmatch(version) else 1


def _title(article: Element) -> str:
    title = _without_dot(_first(article, "ArticleTitle", "VernacularTitle", "Book/BookTitle"))
    if _is_bracketed(title):  # a translation
        title = _without_dot(title[1:-1].strip())
    return title or NO_TITLE


def _without_dot(title: str) -> str:
    return title.rstrip(".").rstrip() if title.endswith(".") and not title.endswith("..") else title


def _is_bracketed(title: str) -> bool:
    """Whether the first bracket is closed by the last character: not so in "[18F]FDG and [11C]"."""
    if not (title.startswith("[") and title.endswith("]")):
        return False
    depth = 0
    for char in title[:-1]:
        depth += {"[": 1, "]": -1}.get(char, 0)
        if depth == 0:
            return False
    return True


def _abstract(article: Element) -> str:
    parts = []
    for part in article.iterfind("Abstract/AbstractText"):
        text, label = _text(part), " ".join(part.get("Label", "").split())
        if text:
            parts.append(f"{label}: {text}" if label else text)
    return "\n".join(parts)


def _authors(article: Element) -> Iterator[str]:
    authors = article.findall("AuthorList/Author") or article.findall("Book/AuthorList/Author")
    for author in authors:
        if author.get("ValidYN") == "N":
            continue
        person = (_first(author, "ForeName", "Initials"), _first(author, "LastName"), _first(author, "Suffix"))
        if name := " ".join(filter(None, person)) or _first(author, "CollectiveName"):
            yield name


def _published(article: Element, history: dict[str, date | None]) -> date | None:
    """The earliest complete date of publication; if there is none, when PubMed had it."""
    paths = ("Journal/JournalIssue/PubDate", "ArticleDate", "Book/PubDate", "ContributionDate")
    printed = [_date(found) for path in paths for found in article.iterfind(path)]
    printed += [history.get(status) for status in ("epublish", "ppublish", "aheadofprint")]
    taken_in = [history.get(status) for status in ("entrez", "pubmed")]
    return min(filter(None, printed), default=None) or min(filter(None, taken_in), default=None)


def _date(element: Element | None) -> date | None:
    """Year, Month and Day below the element; None unless complete (seasons, ranges and MedlineDate are not)."""
    if element is None:
        return None
    year, month, day = (_text(element.find(name)) for name in ("Year", "Month", "Day"))
    if month.isalpha() and month[:3].lower() in _MONTHS:
        month = str(_MONTHS.index(month[:3].lower()) + 1)
    try:
        return date(int(year), int(month), int(day))
    except (ValueError, OverflowError):
        return None


def _categories(citation: Element) -> Iterator[str]:
    """MeSH headings, then the authors' keywords, each once."""
    paths = ("MeshHeadingList/MeshHeading/DescriptorName", "KeywordList/Keyword")
    found = (_text(name) for path in paths for name in citation.iterfind(path))
    yield from dict.fromkeys(filter(None, found))


def _language(article: Element) -> str | None:
    language = _text(article.find("Language")).lower()
    return language if language not in {"", "eng", "en"} else None


def _status(citation: Element, types: set[str]) -> Status | None:
    relations = {found.get("RefType") for found in _relations(citation)}
    if "retracted publication" in types or "RetractionIn" in relations:
        return Status.RETRACTED
    return Status.CONCERN if "ExpressionOfConcernIn" in relations else None


def _relations(citation: Element) -> list[Element]:
    return citation.findall("CommentsCorrectionsList/CommentsCorrections")


def _same_work(citation: Element, kind: Kind) -> Iterator[Identifier]:
    """A preprint's article, or an article's preprint: updates of reviews and guidelines are works of their own."""
    for relation in _relations(citation):
        pmid, how = _text(relation.find("PMID")), relation.get("RefType")
        joined = how == "UpdateIn" and kind is Kind.PREPRINT
        joined |= how == "UpdateOf" and bool(_PREPRINT_SERVER.search(_text(relation.find("RefSource"))))
        if joined and _PMID.fullmatch(pmid):
            yield Identifier("pmid", pmid)


def _identifiers(pmid: str, article: Element, data: Element, venue: str | None) -> Iterator[Identifier]:
    yield Identifier("pmid", pmid)
    candidates = [_doi(article, data)]
    if candidates[0]:
        yield Identifier("doi", candidates[0])
    if (venue or "").lower() == "arxiv":
        candidates += [_location(article, "pii"), _article_id(data, "pii")]
    for candidate in candidates:
        if (found := parse_identifier(candidate)) and found.scheme == "arxiv":
            yield found


def _doi(article: Element, data: Element) -> str:
    for text in (_location(article, "doi"), _article_id(data, "doi"), _article_id(article, "doi")):
        if doi := _DOI.search(text):
            return doi[0].rstrip("/.,;").lower()
    return ""


def _location(article: Element, scheme: str) -> str:
    locations = article.iterfind(f"ELocationID[@EIdType='{scheme}']")
    return next((_text(found) for found in locations if found.get("ValidYN") != "N"), "")


def _article_id(data: Element, scheme: str) -> str:
    """Of the direct list only: the lists deeper down belong to the references."""
    return _text(data.find(f"ArticleIdList/ArticleId[@IdType='{scheme}']"))
