"""PubMed's links → the search they show (pure).

Search pages carry ``term`` and any number of ``filter``s; an RSS link names its search by a key that only PubMed knows.
"""

from __future__ import annotations

import re
from dataclasses import replace

from bot.query.lexer import clean
from bot.translating.pubmed import translate
from bot.translating.translation import Effect, Loss, Translation
from bot.translating.urls import Link

HOST = "ncbi.nlm.nih.gov"
FEED_FORM = "PubMed RSS link"
_FEED = (
    "Its search is known to PubMed alone, and the feed could not be read, or has a name of its own. Open the search in "
    "PubMed and paste the link from the browser’s address bar, or the text of the search box."
)
_NO_TERM = "There is no search in this link. Paste the link of a page of search results, or the text of the search box."
_PAPER = re.compile(r"(?:/pubmed)?/(\d{1,9})")
_FEED_PATH = re.compile(r"/rss(?:/|-feed|$)|/erss\.cgi", re.IGNORECASE)
_RANGE = re.compile(r"(\d{4}(?:/\d{1,2}){0,2})-(\d{4}(?:/\d{1,2}){0,2})")
_TYPES = {
    "casereports": "case reports",
    "clinicaltrial": "clinical trial",
    "comparativestudy": "comparative study",
    "controlledclinicaltrial": "controlled clinical trial",
    "meta-analysis": "meta-analysis",
    "multicenterstudy": "multicenter study",
    "observationalstudy": "observational study",
    "practiceguideline": "practice guideline",
    "randomizedcontrolledtrial": "randomized controlled trial",
    "systematicreview": "systematic review",
    "validationstudy": "validation study",
}
_WHO = {"humans": "humans", "animal": "animals", "animals": "animals", "male": "male", "female": "female"}
_FILTERS = {
    "simsearch1.fha": "hasabstract",
    "simsearch2.ffrft": "free full text[sb]",
    "simsearch3.fft": "full text[sb]",
    "other.excludepreprints": "NOT preprint[pt]",
}
_ALTERNATIVES = frozenset({"pubt", "lang"})


def translate_link(link: Link) -> Translation:
    """The search of a link to PubMed."""
    if _FEED_PATH.search(link.path):
        term = link.get("term")
        if term:
            return _search(link, term, FEED_FORM)
        return replace(_failed(FEED_FORM, _FEED), feed=link.address)
    if paper := _PAPER.fullmatch(link.path):
        return translate(f"{paper[1]}[pmid]", "link to a PubMed record")
    term = link.get("term", "cmd_term")
    return _search(link, term, "PubMed link") if term else _failed("PubMed link", _NO_TERM)


def _failed(form: str, problem: str) -> Translation:
    return Translation("pubmed", form, None, problem=problem)


def _search(link: Link, term: str, form: str) -> Translation:
    """The term, and every filter as PubMed itself would write it; filters of one kind are alternatives."""
    groups: dict[str, list[str]] = {}
    unread: list[str] = []
    for name in filter(None, (part.strip() for value in link.all("filter") for part in value.split(","))):
        kind = name.partition(".")[0]
        if written := _filter(name.lower()):
            groups.setdefault(kind if kind in _ALTERNATIVES else name, []).append(written)
        else:
            unread.append(name)
    asked = " ".join([f"({clean(term)})" if groups else clean(term), *map(_limit, groups.values())])
    found = translate(asked, form)
    lost = tuple(Loss(f"the filter {name}", "it is not known here", Effect.BROADER) for name in unread)
    return replace(found, losses=found.losses + lost)


def _limit(group: list[str]) -> str:
    return group[0] if group[0].startswith("NOT ") else f"AND ({' OR '.join(group)})"


def _filter(name: str) -> str:
    """A filter as PubMed's own language says it; "" if it is not known here."""
    kind, _, value = name.partition(".")
    if kind == "pubt" and value.replace("-", "").isalpha():
        return f"{_TYPES.get(value, value)}[pt]"
    if kind == "lang" and value.isalpha():
        return f"{value}[la]"
    if kind in {"hum_ani", "sex"} and value in _WHO:
        return f"{_WHO[value]}[mh]"
    return _FILTERS.get(name) or _period(kind, value)


def _period(kind: str, value: str) -> str:
    if kind in {"years", "dates"} and (span := _RANGE.fullmatch(value)):
        return f'"{span[1]}":"{span[2]}"[dp]'
    years = re.fullmatch(r"y_(\d{1,2})", value) if kind == "datesearch" else None
    return f'"last {years[1]} years"[dp]' if years else ""
