"""One PubMed record's XML as a Record (pure).

Shapes: https://www.nlm.nih.gov/bsd/licensee/elements_descriptions.html and pubmed_250101.dtd. A journal article keeps
its facts in MedlineCitation/Article and PubmedData, a book or chapter in BookDocument and PubmedBookData.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from html import escape
from itertools import chain

from lxml.etree import _Element as Element
from lxml.etree import tostring

from bot.identity import parse_identifier
from bot.model import Identifier, Kind, Record, Status
from bot.wording import readable

NO_TITLE = "[No title]"

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PMID = re.compile(r"[1-9][0-9]{0,8}")
_VERSION = re.compile(r"[1-9][0-9]{0,3}")
_DOI = re.compile(r"10\.[0-9]{4,9}/\S+")
_PMC = re.compile(r"PMC[0-9]+")
_PREPRINT_SERVER = re.compile(r"rxiv\b|\bresearch square\b|\bres sq\b|\bssrn\b|\bpreprint", re.IGNORECASE)

Parts = Mapping[object, Element]
"""An element's children by their names, the first of each."""


class UnreadableRecord(ValueError):
    """A record lacks what makes it one; the text says what."""


def record_of(element: Element) -> Record:
    """Read a PubmedArticle or PubmedBookArticle element. Raises UnreadableRecord."""
    citation, article, data = _elements(element)
    cited, told = _parts(citation), _parts(article)
    journal, book = _parts(told.get("Journal")), _parts(told.get("Book"))
    pmid = _text(cited.get("PMID"))
    if not _PMID.fullmatch(pmid):
        raise UnreadableRecord("it has no PMID")
    types = {_text(found).casefold() for found in article.iter("PublicationType")}
    kind = Kind.PREPRINT if "preprint" in types else Kind.ARTICLE
    venue = _first(journal, "Title", "ISOAbbreviation") or _first(book, "BookTitle") or None
    history: Parts = {stamp.get("PubStatus", ""): stamp for stamp in _all(data, "History", "PubMedPubDate")}
    ids = _ids(data)
    pmc = _PMC.search(ids.get("pmc", ""))
    relations = list(_all(citation, "CommentsCorrectionsList", "CommentsCorrections"))
    return Record(
        source="pubmed",
        source_id=pmid,
        version=_version(cited["PMID"]),
        kind=kind,
        title=_title(told, book),
        abstract=_abstract(article),
        authors=tuple(_authors(article, told.get("Book"))),
        url=f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/",
        published=_published(article, journal, book, history),
        entered=_date(history.get("entrez")),
        venue=venue,
        categories=tuple(_categories(citation)),
        language=_language(told),
        status=_status(relations, types),
        pdf_url=f"https://pmc.ncbi.nlm.nih.gov/articles/{pmc[0]}/" if pmc else None,
        identifiers=frozenset(_identifiers(pmid, article, ids, venue)),
        same_work=frozenset(_same_work(relations, kind)),
        revision=str(_date(cited.get("DateRevised")) or ""),
    )


def _elements(element: Element) -> tuple[Element, Element, Element]:
    """The citation, the article in it and PubMed's own data, whichever elements hold them."""
    parts = _parts(element)
    book = parts.get("BookDocument")
    citation = parts.get("MedlineCitation") if book is None else book
    if citation is None:
        raise UnreadableRecord("it has no MedlineCitation and no BookDocument")
    article = next(citation.iterchildren("Article"), None) if book is None else book
    if article is None:
        raise UnreadableRecord("it has no Article")
    data = parts.get("PubmedData" if book is None else "PubmedBookData")
    return citation, article, citation if data is None else data


def _parts(element: Element | None) -> Parts:
    return {} if element is None else {child.tag: child for child in reversed(element)}


def _all(element: Element | None, holder: str, tag: str) -> Iterator[Element]:
    """The elements of that name inside of each such child."""
    if element is not None:
        for found in element.iterchildren(holder):
            yield from found.iter(tag)


def _text(element: Element | None) -> str:
    """The whole text on one line, with sub, sup and formulas as people read them (10⁻³)."""
    if element is None:
        return ""
    if len(element):
        return readable(escape(element.text or "") + "".join(tostring(child, encoding="unicode") for child in element))
    text = element.text or ""
    if text.isprintable() and "  " not in text:  # of white space only single blanks: what follows takes longer
        return text.strip()
    return " ".join(text.split())


def _first(parts: Parts, *names: str) -> str:
    """The text of the first of these that has any."""
    for name in names:
        if text := _text(parts.get(name)):
            return text
    return ""


def _version(pmid: Element) -> int:
    version = pmid.get("Version", "")
    return int(version) if _VERSION.fullmatch(version) else 1


def _title(article: Parts, book: Parts) -> str:
    title = _without_dot(_first(article, "ArticleTitle", "VernacularTitle") or _first(book, "BookTitle"))
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
    for part in _all(article, "Abstract", "AbstractText"):
        text, label = _text(part), " ".join(part.get("Label", "").split())
        if text:
            parts.append(f"{label}: {text}" if label else text)
    return "\n".join(parts)


def _authors(article: Element, book: Element | None) -> Iterator[str]:
    authors = list(_all(article, "AuthorList", "Author")) or _all(book, "AuthorList", "Author")
    for author in authors:
        if author.get("ValidYN") == "N":
            continue
        parts = _parts(author)
        given = _text(parts.get("ForeName")) or _text(parts.get("Initials"))
        person = (given, _text(parts.get("LastName")), _text(parts.get("Suffix")))
        if name := " ".join(filter(None, person)) or _text(parts.get("CollectiveName")):
            yield name


def _published(article: Element, journal: Parts, book: Parts, history: Parts) -> date | None:
    """The earliest complete date of publication; if there is none, when PubMed had it."""
    printed = [_parts(journal.get("JournalIssue")).get("PubDate"), book.get("PubDate")]
    printed += article.iterchildren("ArticleDate", "ContributionDate")
    printed += map(history.get, ("epublish", "ppublish", "aheadofprint"))
    return _earliest(printed) or _earliest(map(history.get, ("entrez", "pubmed")))


def _earliest(elements: Iterable[Element | None]) -> date | None:
    return min(filter(None, map(_date, elements)), default=None)


def _date(element: Element | None) -> date | None:
    """Year, Month and Day below the element; None unless complete (seasons, ranges and MedlineDate are not)."""
    if element is None:
        return None
    parts = {child.tag: child.text or "" for child in reversed(element)}
    try:
        month = parts["Month"].strip()
        number = _MONTHS.index(month[:3].lower()) + 1 if month.isalpha() else int(month)
        return date(int(parts["Year"]), number, int(parts["Day"]))
    except (KeyError, ValueError, OverflowError):
        return None


def _categories(citation: Element) -> Iterator[str]:
    """MeSH headings, then the authors' keywords, each once."""
    headings = _all(citation, "MeshHeadingList", "DescriptorName")
    keywords = _all(citation, "KeywordList", "Keyword")
    yield from dict.fromkeys(filter(None, map(_text, chain(headings, keywords))))


def _language(article: Parts) -> str | None:
    language = _text(article.get("Language")).lower()
    return language if language not in {"", "eng", "en"} else None


def _status(relations: Sequence[Element], types: set[str]) -> Status | None:
    known = {found.get("RefType") for found in relations}
    if "retracted publication" in types or "RetractionIn" in known:
        return Status.RETRACTED
    return Status.CONCERN if "ExpressionOfConcernIn" in known else None


def _same_work(relations: Sequence[Element], kind: Kind) -> Iterator[Identifier]:
    """A preprint's article, or an article's preprint: updates of reviews and guidelines are works of their own."""
    for relation in relations:
        parts, how = _parts(relation), relation.get("RefType")
        joined = how == "UpdateIn" and kind is Kind.PREPRINT
        joined |= how == "UpdateOf" and bool(_PREPRINT_SERVER.search(_text(parts.get("RefSource"))))
        if joined and _PMID.fullmatch(pmid := _text(parts.get("PMID"))):
            yield Identifier("pmid", pmid)


def _identifiers(pmid: str, article: Element, ids: Mapping[str, str], venue: str | None) -> Iterator[Identifier]:
    yield Identifier("pmid", pmid)
    doi = _doi(_location(article, "doi")) or _doi(ids.get("doi", "")) or _doi(_ids(article).get("doi", ""))
    candidates = [doi]
    if doi:
        yield Identifier("doi", doi)
    if (venue or "").lower() == "arxiv":
        candidates += [_location(article, "pii"), ids.get("pii", "")]
    for candidate in candidates:
        if (found := parse_identifier(candidate)) and found.scheme == "arxiv":
            yield found


def _doi(text: str) -> str:
    doi = _DOI.search(text)
    return doi[0].rstrip("/.,;").lower() if doi else ""


def _location(article: Element, scheme: str) -> str:
    locations = article.iterchildren("ELocationID")
    return next(
        (_text(found) for found in locations if found.get("EIdType") == scheme and found.get("ValidYN") != "N"), ""
    )


def _ids(data: Element) -> dict[str, str]:
    """The first id of each type, of the direct list only: the lists deeper down belong to the references."""
    return {found.get("IdType", ""): _text(found) for found in reversed([*_all(data, "ArticleIdList", "ArticleId")])}
