"""A paper's short lines: its title, its byline, its language (pure)."""

from __future__ import annotations

import re
from datetime import date

from bot.model import Kind, Paper, Status
from bot.wording.days import short_day
from bot.wording.names import family_name
from bot.wording.text import readable

_SOURCE_TITLES = {
    "pubmed": "PubMed",
    "arxiv": "arXiv",
    "medrxiv": "medRxiv",
    "biorxiv": "bioRxiv",
    "europepmc": "Europe PMC",
    "feeds": "Journal feed",
}
_LANGUAGES = {
    code: name
    for name, codes in {
        "Chinese": "zh chi zho",
        "Czech": "cs cze ces",
        "Danish": "da dan",
        "Dutch": "nl dut nld",
        "French": "fr fre fra",
        "German": "de ger deu",
        "Hungarian": "hu hun",
        "Italian": "it ita",
        "Japanese": "ja jpn",
        "Korean": "ko kor",
        "Norwegian": "no nor",
        "Persian": "fa per fas",
        "Polish": "pl pol",
        "Portuguese": "pt por",
        "Russian": "ru rus",
        "Spanish": "es spa",
        "Swedish": "sv swe",
        "Turkish": "tr tur",
        "Ukrainian": "uk ukr",
    }.items()
    for code in codes.split()
}
_ABBREVIATED = re.compile(
    r"(?:\b[^\W\d_]\.){2,}$|\b(?:etc|al|inc|ltd|co|corp|spp?|subsp|var|jr|sr|vs|ca|st|no|vol|pt|ph\.d)\.$",
    re.IGNORECASE,
)
_WHAT = (
    r"(?:retracted|retraction|withdrawn|withdrawal|removed|expression of concern)(?:[\s-]*(?:article|paper|chapter))?"
)
_ANNOUNCED = re.compile(
    rf"^[\[(*\s]*{_WHAT}[\])*\s]*[:.–—-]\s*(?=\S)"
    r"|^[\[(](?:retracted|withdrawn)(?: article| paper)?[\])]\s*(?=\S)"
    r"|\s*[\[(](?:retracted|withdrawn)(?: article| paper)?[^\[\]()]{0,80}[\])]$",
    re.IGNORECASE,
)


def title(paper: Paper) -> str:
    """Return the paper's title in readable form, without the marks its source put round it.

    A translated title loses its brackets (the language is shown instead), a sentence its full stop, and a retracted
    paper the word that its status says already. Empty if there is none.
    """
    text = _unframed(readable(paper.title))
    if paper.status in (Status.RETRACTED, Status.WITHDRAWN, Status.CONCERN):
        text = _ANNOUNCED.sub("", text, count=1) or text
    return text


def _unframed(text: str) -> str:
    text = _without_stop(text)
    if text.startswith("[") and text.endswith("]") and _closes_at_end(text):
        text = _without_stop(text[1:-1].strip())
    return text


def _without_stop(text: str) -> str:
    return text if text.endswith("..") or _ABBREVIATED.search(text[-12:]) else text.removesuffix(".").rstrip()


def _closes_at_end(text: str) -> bool:
    """Whether the first bracket is closed by the last: not so in ``[18F]FDG and [11C]``."""
    depth = 0
    for char in text[:-1]:
        depth += {"[": 1, "]": -1}.get(char, 0)
        if not depth:
            return False
    return True


def source_title(name: str) -> str:
    """How people write a source's name."""
    return _SOURCE_TITLES.get(name, name)


def kind_word(kind: Kind) -> str:
    """Return Journal or Preprint."""
    return "Journal" if kind is Kind.ARTICLE else "Preprint"


def byline(paper: Paper, today: date) -> str:
    """Return ``Journal · PubMed · 7 May · Wang + 5``."""
    sources = ", ".join(map(source_title, paper.sources))
    parts = (kind_word(paper.kind), sources, short_day(paper.date, today), _authors(paper.authors))
    return " · ".join(filter(None, parts))


def _authors(authors: tuple[str, ...]) -> str:
    names = [name for name in map(readable, authors) if name]
    if not names:
        return ""
    return family_name(names[0]) + (f" + {len(names) - 1}" if len(names) > 1 else "")


def language_mark(paper: Paper) -> str:
    """Return ``[German]`` for a paper not in English (ISO 639 or MARC code, or a name), else nothing."""
    language = (paper.language or "").strip().lower()
    if language in ("", "en", "eng", "english", "und"):
        return ""
    return f"[{_LANGUAGES.get(language, readable(language).capitalize())}]"
