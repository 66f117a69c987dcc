"""ESearch and EFetch for PubMed as NCBI's E-utilities answer them (www.ncbi.nlm.nih.gov/books/NBK25499).

Pure: request parameters in, an answer out. Failures come as HTTP 200 with an ERROR, as they do from NCBI.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from lxml import etree

from adapters.demo.answer import JSON, XML, Answer, add
from adapters.demo.boolean import TooDeep
from adapters.demo.library import Paper, PubmedPaper, pubmed_papers
from adapters.demo.pubmed_query import Found, look_up
from adapters.demo.pubmed_syntax import span
from adapters.demo.pubmed_xml import article_set

REACH = 9_999
"""How many of a search's hits can be reached at all."""
DEFAULT_RETMAX = 20
_DOCTYPE = (
    '<!DOCTYPE eSearchResult PUBLIC "-//NLM//DTD esearch 20060628//EN" '
    '"https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20060628/esearch.dtd">'
)
_TOO_FAR = (
    f"Search Backend failed: Exception:\n'retstart' cannot be larger than {REACH - 1}. For PubMed, ESearch can only "
    "retrieve the first 9,999 records matching the query. To obtain more than 9,999 PubMed records, consider using "
    "EDirect that contains additional logic to batch PubMed search results automatically so that an arbitrary number "
    "can be retrieved. For details see https://www.ncbi.nlm.nih.gov/books/NBK25499/"
)
_DATES: dict[str, Callable[[PubmedPaper], date]] = {
    "pdat": lambda paper: paper.publication_date,
    "edat": lambda paper: paper.entry_date,
    "crdt": lambda paper: paper.entered.date(),
    "mdat": lambda paper: paper.modified.date(),
}


def esearch(params: Mapping[str, str], library: list[Paper], now: datetime) -> Answer:
    """PMIDs for a ``term``, newest first. Parameters: term, retstart, retmax, retmode, rettype, sort, datetype with
    reldate or mindate and maxdate."""
    as_json = params.get("retmode") == "json"
    term, start = params.get("term", "").strip(), _number(params, "retstart", 0)
    if params.get("db", "pubmed") != "pubmed":
        return _error(f"Search Backend failed: Database is not supported: {params['db']}", as_json=as_json)
    if not term:
        return _error("Empty term and query_key - nothing todo", as_json=as_json)
    if start > REACH - 1:
        return _error(_TOO_FAR, as_json=as_json)
    try:
        found = look_up(term, pubmed_papers(library))
    except TooDeep as error:
        return _error(f"Search Backend failed: {error}", as_json=as_json)
    wanted = _period(params, now)
    papers = [paper for paper in found.papers if wanted(paper)]
    by_date = _DATES["pdat"] if params.get("sort") == "pub_date" else _DATES["crdt"]
    papers.sort(key=lambda paper: (by_date(paper), paper.pmid), reverse=True)
    if params.get("rettype") == "count":
        return _count(len(papers), as_json=as_json)
    end = min(start + _number(params, "retmax", DEFAULT_RETMAX), REACH)
    ids = [str(paper.pmid) for paper in papers[start:end]]
    result = _as_json if as_json else _as_xml
    return result(found, len(papers), start, ids)


def efetch(params: Mapping[str, str], library: list[Paper]) -> Answer:
    """The records of the PMIDs in ``id``, in that order; unknown ones are left out."""
    wanted = [part.strip() for part in params.get("id", "").split(",") if part.strip()]
    start = _number(params, "retstart", 0)
    by_id = {str(paper.pmid): paper for paper in pubmed_papers(library)}
    papers = [by_id[pmid] for pmid in dict.fromkeys(wanted) if pmid in by_id]
    return Answer(article_set(papers[start : start + _number(params, "retmax", 10_000)]), XML)


def rate_exceeded(count: int, limit: int) -> Answer:
    """What NCBI says to more than ``limit`` requests a second: JSON, whatever was asked for."""
    body = {"error": "API rate limit exceeded", "api-key": "127.0.0.1", "count": str(count), "limit": str(limit)}
    return Answer(json.dumps(body, separators=(",", ":")).encode(), JSON, 429)


def _number(params: Mapping[str, str], name: str, default: int) -> int:
    text = params.get(name, "")
    return int(text) if text.isdecimal() else default


def _period(params: Mapping[str, str], now: datetime) -> Callable[[PubmedPaper], bool]:
    """The filter that datetype with reldate, or with mindate and maxdate, asks for."""
    day = _DATES.get(params.get("datetype", "edat"), _DATES["edat"])
    if days := _number(params, "reldate", 0):
        since = now.date() - timedelta(days=days)
        return lambda paper: since <= day(paper)
    first, last = span(params.get("mindate", "")), span(params.get("maxdate", ""))
    if first is None or last is None:
        return lambda _: True
    return lambda paper: first[0] <= day(paper) <= last[1]


def _as_xml(found: Found, count: int, start: int, ids: list[str]) -> Answer:
    root = etree.Element("eSearchResult")
    for tag, number in (("Count", count), ("RetMax", len(ids)), ("RetStart", start)):
        add(root, tag, str(number))
    id_list = add(root, "IdList")
    for pmid in ids:
        add(id_list, "Id", pmid)
    add(root, "TranslationSet")
    add(root, "QueryTranslation", found.translation)
    _add_list(root, "ErrorList", PhraseNotFound=found.phrases_not_found, FieldNotFound=found.remarks.fields_not_found)
    messages = _messages(found, ids)
    _add_list(root, "WarningList", PhraseIgnored=found.remarks.phrases_ignored, OutputMessage=messages)
    return _xml(root)


def _add_list(root: etree._Element, tag: str, **entries: list[str]) -> None:
    if any(entries.values()):
        parent = add(root, tag)
        for name, texts in entries.items():
            for text in texts:
                add(parent, name, text)


def _messages(found: Found, ids: list[str]) -> list[str]:
    return found.remarks.messages + ([] if ids else ["No items found."])


def _as_json(found: Found, count: int, start: int, ids: list[str]) -> Answer:
    result: dict[str, Any] = {"count": str(count), "retmax": str(len(ids)), "retstart": str(start), "idlist": ids}
    result |= {"translationset": [], "querytranslation": found.translation}
    if found.phrases_not_found or found.remarks.fields_not_found:
        result["errorlist"] = {
            "phrasesnotfound": found.phrases_not_found,
            "fieldsnotfound": found.remarks.fields_not_found,
        }
    if messages := _messages(found, ids):
        result["warninglist"] = {
            "phrasesignored": found.remarks.phrases_ignored,
            "quotedphrasesnotfound": [],
            "outputmessages": messages,
        }
    return _json(result)


def _count(count: int, *, as_json: bool) -> Answer:
    if as_json:
        return _json({"count": str(count)})
    root = etree.Element("eSearchResult")
    add(root, "Count", str(count))
    return _xml(root)


def _error(text: str, *, as_json: bool) -> Answer:
    if as_json:
        return _json({"ERROR": text})
    root = etree.Element("eSearchResult")
    add(root, "ERROR", text)
    return _xml(root)


def _json(result: dict[str, Any]) -> Answer:
    body = {"header": {"type": "esearch", "version": "0.3"}, "esearchresult": result}
    return Answer(json.dumps(body, ensure_ascii=False).encode(), JSON)


def _xml(root: etree._Element) -> Answer:
    return Answer(etree.tostring(root, xml_declaration=True, encoding="UTF-8", doctype=_DOCTYPE), XML)
