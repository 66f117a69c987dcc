"""The words every platform shares: bylines, counts, readable scientific text, safe links (pure)."""

from __future__ import annotations

import html
import re
import unicodedata
from datetime import date
from urllib.parse import quote, urlsplit, urlunsplit

from bot.model import Kind, Paper
from bot.wording import latex

_SOURCE_TITLES = {
    "pubmed": "PubMed",
    "arxiv": "arXiv",
    "medrxiv": "medRxiv",
    "biorxiv": "bioRxiv",
    "europepmc": "Europe PMC",
    "feeds": "Journal feed",
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_ORDERS = {"newest": "newest first", "oldest": "oldest first", "relevance": "best matches first"}
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

_MAX_URL = 2000

# ---------------------------------------------------------------- short lines


def source_title(name: str) -> str:
    """How people write a source's name."""
    return _SOURCE_TITLES.get(name, name)


def kind_word(kind: Kind) -> str:
    """Return Journal or Preprint."""
    return "Journal" if kind is Kind.ARTICLE else "Preprint"


def short_day(day: date, today: date) -> str:
    """Return ``7 May``, or ``7 May 2024`` when that is not this year."""
    written = f"{day.day} {_MONTHS[day.month - 1]}"
    return written if day.year == today.year else f"{written} {day.year}"


def weekday_day(day: date) -> str:
    """Return ``Fri 21 Nov``."""
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


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


_INITIALS = re.compile(r"(.*\S)\s+(?:[A-Z]\.?[- ]?){1,3}(?:\s+(?:Jr|Sr|II|III)\.?)?")
_COLLECTIVE = re.compile(
    r"\b(?:collaborat|consorti|group|investigat|initiative|network|societ|study|team)", re.IGNORECASE
)
_LONGEST_NAME = 200
_PARTICLE_NAME = re.compile(r"(?<=\s)(?:(?:van|von|de|der|den|del|della|di|da|dos|du|la|le|ten|ter|al|el|bin)\s+)+\S+$")


def family_name(author: str) -> str:
    """Take the family name from ``Wang X``, ``Wang, Xin`` or ``Xin Wang``; a group keeps its whole name."""
    author = shorten(author, _LONGEST_NAME)
    if _COLLECTIVE.search(author):
        return shorten(author, 40)
    if "," in author:
        return author.split(",", maxsplit=1)[0].strip()
    if match := _INITIALS.fullmatch(author):
        return match[1]
    if match := _PARTICLE_NAME.search(author):
        return match[0]
    return author.rsplit(maxsplit=1)[-1]


def language_mark(paper: Paper) -> str:
    """Return ``[German]`` for a paper not in English (ISO 639 or MARC code, or a name), else nothing."""
    language = (paper.language or "").strip().lower()
    if language in ("", "en", "eng", "english", "und"):
        return ""
    return f"[{_LANGUAGES.get(language, readable(language).capitalize())}]"


def counted(number: int, thing: str, things: str | None = None) -> str:
    """Return ``1 paper`` or ``1,774 papers``."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


def result_line(page: int, pages: int, total: int, order: str | None) -> str:
    """Return ``Page 3 of 178 · 1,774 results · newest first``; ``order`` is newest, oldest, relevance or None."""
    if not total:
        return "No results"
    parts = (f"Page {page:,} of {pages:,}", counted(total, "result"), _ORDERS.get(order or ""))
    return " · ".join(filter(None, parts))


def safe_url(url: str | None) -> str | None:
    """Return an http(s) link with nothing left in it that markup could use; None if it is not such a link."""
    if not url or len(url) > _MAX_URL or any(unicodedata.category(char)[0] in "CZ" for char in url):
        return None
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return None
    if (
        parts.scheme not in ("http", "https")
        or "@" in parts.netloc
        or not re.fullmatch(r"[a-z0-9._-]+|[0-9a-f:]+", host)
    ):
        return None
    netloc = f"[{host}]{port}" if ":" in host else host + port
    path, query, fragment = (quote(part, safe="/%:=&?~+!$,;@()-._") for part in parts[2:])
    return urlunsplit((parts.scheme, netloc, path, query, fragment))


# ---------------------------------------------------------------- cutting


def shorten(text: str, limit: int) -> str:
    """Cut to at most ``limit`` characters, at the end of a word, and say so with an ellipsis."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    if not text[limit - 1].isspace() and (space := head.rfind(" ")) > 0:
        head = head[:space]
    else:
        end = len(re.sub(r"&#?\w{0,12}$", "", head))
        while end and unicodedata.combining(text[end]):
            end -= 1
        head = head[:end]
    return head.rstrip(" ,;:–-") + "…"


_LABELLED = re.compile(
    r"\s*((?=[^a-z:]{3,80}:)[A-Z][^a-z:]*|(?i:backgrounds?|context|introduction|rationale|aims?|objectives?|purpose"
    r"|hypothesis|design|setting|patients|participants|(?:materials and |patients and )?methods?|findings|results?"
    r"|discussion|limitations?|interpretation|significance|conclusions?))\s*:\s+(.*)"
)


def abstract_parts(abstract: str) -> list[tuple[str, str]]:
    """Split an abstract into (label, readable text); the label is empty where a line has none."""
    parts = []
    for line in abstract.splitlines():
        label, text = match.groups() if (match := _LABELLED.fullmatch(line)) else ("", line)
        if text := readable(text):
            parts.append((readable(label), text))
    return parts


_SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9Α-Ω])|(?<=[。！？])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:vs|e\.g|i\.e|cf|al|etc|approx|ca|fig|figs|no|nos|dr|prof|mr|mrs|st|resp|eq|ref|refs|sp|spp|subsp)"
    r"|\b[A-Z])\.$",
    re.IGNORECASE,
)
_LONGEST_ABBREVIATION = 12
_NOT_A_FINDING = re.compile(
    r"^(?:©|\(c\)|copyright|key ?words|published (?:by|under)|supplement\w* material|trial registration|registration)"
    r"|\b(?:available (?:at|on|from|in|online)|clinicaltrials\.gov|all rights reserved)|https?://|\bNCT\d{8}"
    r"|\b(?:code|software|weights|models?|data(?:sets?)?|benchmark)\b.{0,300}"
    r"\b(?:available|released?|open[- ]sourced?)\b",
    re.IGNORECASE,
)
_NOT_CONTENT = re.compile(
    r"registration|funding|keywords?|supplement|copyright|data availability|identifier", re.IGNORECASE
)
_CONCLUSION = re.compile(r"conclusion|interpretation", re.IGNORECASE)


def sentences(text: str) -> list[str]:
    """Split readable text into sentences; where it is unsure it does not split."""
    found = []
    start = 0
    for end in _SENTENCE_END.finditer(text):
        tail = text[max(start, end.start() - _LONGEST_ABBREVIATION) : end.end()]
        if not _ABBREVIATION.search(tail.rstrip()):
            found.append(text[start : end.end()].strip())
            start = end.end()
    found.append(text[start:].strip())
    return [sentence for sentence in found if sentence]


def key_sentence(abstract: str) -> str:
    """Quote one sentence of the abstract: the first of its own conclusions, else the last that states something."""
    parts = [(label, text) for label, text in abstract_parts(abstract) if not _NOT_CONTENT.search(label)]
    conclusions = [text for label, text in parts if _CONCLUSION.search(label)]
    if conclusions:
        return sentences(conclusions[-1])[0]
    stated = [sentence for _, text in parts for sentence in sentences(text) if not _NOT_A_FINDING.search(sentence)]
    return stated[-1] if stated else ""


# ---------------------------------------------------------------- readable text

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co"})
_MANY_MARKS = re.compile(r"[^\w\s!-~]{31,}")
_MOST_MARKS = 30
"""So many accents on one letter are normalized at once (Unicode's Stream-Safe Text, UAX 15); more only do harm."""
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_ATTRIBUTES = r"(?:\s+[\w:-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'))*\s*/?"
_SCRIPT_TAG = re.compile(
    rf"<(?:jats:)?(sub|sup|inf){_ATTRIBUTES}>([^<>]{{1,60}})</(?:jats:)?(?:sub|sup|inf)\s*>", re.IGNORECASE
)
_BLOCK_TAG = re.compile(
    rf"</?(?:jats:)?(?:p|br|div|sec|title|list|list-item|ul|ol|li|h[1-6]){_ATTRIBUTES}>", re.IGNORECASE
)
_INLINE_TAG = re.compile(
    rf"</?(?:(?:jats|mml):[\w-]+|i|b|u|em|strong|italic|bold|sc|underline|roman|monospace|sub|sup|inf|span|font|small|tt|code"
    rf"|a|ext-link|xref|inline-formula|tex-math|math|mi|mo|mn|mrow|msub|msup|mtext|semantics){_ATTRIBUTES}>",
    re.IGNORECASE,
)
_FONT_MACRO = re.compile(r"\\(?:emph|underline|text(?:bf|it|rm|sc|sf|sl|tt)?)\{([^{}]{0,300})\}")
_MATH = re.compile(r"(?<![\\$\w])\$(?![\s$])((?:[^$\n\\]|\\.){1,200}?)(?<![\s\\])\$(?![\d$])")


def readable(text: str) -> str:
    """Turn a source's text into one line of plain Unicode: no markup, entities, invisible or control characters.

    What only looks like markup (``<0.5 mm``, ``p < 0.05``, ``$5``) stays as it is.
    """
    text = _ENTITY.sub(_decode, _ENTITY.sub(_decode, text))
    text = _SCRIPT_TAG.sub(_script, text)
    text = _INLINE_TAG.sub("", _BLOCK_TAG.sub(" ", text))
    text = _MATH.sub(lambda match: latex.to_unicode(match[1]) or match[0], text)
    text = _FONT_MACRO.sub(r"\1", text)
    text = " ".join(visible(" ".join(text.split())).split())
    return unicodedata.normalize("NFC", _MANY_MARKS.sub(_fewer_marks, text))


def _fewer_marks(match: re.Match[str]) -> str:
    kept, marks = [], 0
    for char in match[0]:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= _MOST_MARKS:
            kept.append(char)
    return "".join(kept)


def _decode(match: re.Match[str]) -> str:
    return html.unescape(match[0])


def _script(match: re.Match[str]) -> str:
    move = latex.raised if match[1].lower() == "sup" else latex.lowered
    return move(match[2]) or match[2]


def visible(text: str) -> str:
    """Drop control, direction, zero-width and private characters; line breaks and tabs stay."""
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in _INVISIBLE)
