"""An abstract's parts, each with the label its source or its author gave it (pure).

Labels come as lines (``METHODS: …``, PubMed), as headings (JATS, Europe PMC), within one paragraph (``Methods: …``) or
glued to the text (``MethodsWe …``, feeds and preprint servers).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.wording.characters import visible
from bot.wording.labels import CAPITALS, LABEL
from bot.wording.markup import plain
from bot.wording.prose import formulas
from bot.wording.text import readable

_COUNTER = r"(?:\(?\d{1,2}[.)]\s*)?"
_AT_START = re.compile(rf"\s*{_COUNTER}({CAPITALS}|{LABEL})\s*(?::|\s[-–—]\s)\s*(?=\S)(.*)", re.DOTALL)
_EMPTY_LABELS = frozenset({"abstract", "unlabelled", "unlabeled", "unassigned", "no label"})
_TITLE_OF_ALL = re.compile(
    r"\A\s*(?:ABSTRACT|Abstract)(?:\s*[:.—–-]\s*|\s+(?=[A-Z][A-Za-z]+\s?:)|(?=[A-Z][a-z])|\s*\n)"
)

_SENTENCE_START = r"(?:^|(?<=[.!?\])”])\s?)"
_WITHIN = re.compile(rf"{_SENTENCE_START}{_COUNTER}(?=[A-Z])({LABEL})\s?:\s+(?=\S)")
_GLUED = re.compile(rf"{_SENTENCE_START}(?=[A-Z])({LABEL})(?<=[a-z])(?=[A-Z][a-z]|[A-Z]\s|\d|[A-Z]{{2,}}[\s,-])")
_SHOUTED = re.compile(rf"{_SENTENCE_START}(?=[A-Z]{{3}})((?=[A-Z /&,']+[\s.](?![A-Z]{{2}})){LABEL})\.?\s+(?=[A-Z0-9])")
_STOPPED = re.compile(rf"{_SENTENCE_START}(?=[A-Z])({LABEL})\.\s+(?=[A-Z0-9])")
_SPACED = re.compile(rf"{_SENTENCE_START}(?=[A-Z])({LABEL})\s+(?=[A-Z])")
_FEWEST = {_GLUED: 2, _SHOUTED: 2, _STOPPED: 2, _SPACED: 3}
_LONGEST_PART = 60_000


def abstract_parts(abstract: str) -> list[tuple[str, str]]:
    """Split an abstract into (label, readable text); the label is empty where a part has none."""
    text = _with_formulas_in_line(_TITLE_OF_ALL.sub("", plain(visible(abstract)), count=1))
    labelled = (part for line in text.splitlines() for part in _parts_of(" ".join(line.split())))
    found = [(readable(label), readable(text)) for label, text in labelled]
    return [
        ("" if label.lower() in _EMPTY_LABELS else label, text) for label, text in found if any(map(str.isalnum, text))
    ]


_MOST_BLANKS = 80


def _with_formulas_in_line(text: str) -> str:
    """A displayed formula, or one over several lines, belongs to the sentence around it."""
    if "\n" not in text:
        return text
    pieces, done = [], 0
    for span in formulas(text):
        if "\n" in span.inner or text[span.start : span.start + 2] in ("$$", r"\["):
            pieces += [text[done : span.start].rstrip(), " ", " ".join(text[span.start : span.end].split()), " "]
            behind = text[span.end : span.end + _MOST_BLANKS]
            done = span.end + len(behind) - len(behind.lstrip())
    return "".join([*pieces, text[done:]])


def _parts_of(line: str) -> Iterator[tuple[str, str]]:
    """The parts of a line: its own label, and those that follow within it."""
    if (own := _AT_START.fullmatch(line)) and len(own[1]) <= len(line):
        label, line = own[1].strip(), own[2]
        yield from _inner_parts(label, line)
    else:
        yield from _inner_parts("", line)


def _inner_parts(label: str, text: str) -> Iterator[tuple[str, str]]:
    start = 0
    for mark in _marks(text, alone=bool(label)):
        if before := text[start : mark.start()].strip():
            yield label, before
        label, start = mark[1], mark.end()
    yield label, text[start:]


def _marks(text: str, *, alone: bool) -> list[re.Match[str]]:
    """Labels within a paragraph. Without a colon they count only if there are several; with one, a single one does."""
    text = text[:_LONGEST_PART]
    if found := list(_WITHIN.finditer(text)):
        return found
    if alone:
        return []
    for pattern, fewest in _FEWEST.items():
        found = list(pattern.finditer(text))
        if len({mark[1].lower() for mark in found}) >= fewest:
            return found
    return []
