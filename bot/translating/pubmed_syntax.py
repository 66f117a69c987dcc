"""Reads a search in PubMed's syntax into conditions (pure).

pubmed.ncbi.nlm.nih.gov/help, "Advanced search" and "Search field tags": a tag follows what it is for, and words before
one tag belong together; operators are capitals and work from left to right; a date may be a range, a:b.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.translating.joining import Join, Joiner

_TAGS = {
    "words": "tiab|title/abstract|tw|text word|text words|all|all fields|nm|substance name"
    "|supplementary concept|ps|personal name as subject",
    "keyword": "ot|other term",
    "title": "ti|title|tt|transliterated title",
    "abstract": "ab|abstract",
    "author": "au|author|author name|1au|first author name|author - first|lastau|last author name|author - last",
    "full author": "fau|full author name|author - full|fir|ir|investigator",
    "group": "cn|corporate author|author - corporate",
    "heading": "mh|mesh|mesh term|mesh terms|majr|mesh major topic",
    "journal": "ta|jour|journal|journal title|journal title abbreviation|jt",
    "type": "pt|publication type|ptyp",
    "day": "dp|pdat|publication date|date - publication|epdat|ppdat|edat|entry date|entrez date|date - entry"
    "|date - entrez|crdt|create date|date - create|date - completion|dcom|mhda|mesh date|date - mesh|lr|mdat"
    "|modification date|date - modification",
    "id": "pmid|uid",
    "doi": "doi",
    "article": "aid|lid|article identifier|location id",
    "language": "la|lang|language",
    "affiliation": "ad|affiliation",
    "subset": "sb|subset|filter",
    "subheading": "sh|subheading|mesh subheading",
    "grant": "gr|grant number|grants and funding|grant",
    "number": "is|issn|vi|volume|ip|issue|pg|pagination|isbn|jid|nlm unique id|pl|place of publication"
    "|rn|ec/rn number|si|secondary source id|pa|pharmacological action|pubn|publisher|ed|editor|cois"
    "|conflict of interest statements|book|auid|author - identifier|own|owner|stat|status",
}
"""What a condition is about, and the tags that say so."""

_KINDS = {tag: kind for kind, tags in _TAGS.items() for tag in tags.split("|")}
TAG = re.compile(
    rf"\[\s*(?:{'|'.join(map(re.escape, sorted(_KINDS, key=len, reverse=True)))})\s*(?::\s*(?:no\s?exp|~\s*\d+)\s*)?\]",
    re.IGNORECASE,
)
"""A field tag that PubMed knows."""

_TOKEN = re.compile(r'"[^"]*"|\[[^\[\]]*\]|[()]|:|[^\s()\[\]":][^\s()\[\]"]*')
_OPERATORS = frozenset({"AND", "OR", "NOT"})
_HISTORY = re.compile(r"#\d+")
_ENDS = ".,;"


@dataclass(frozen=True, slots=True)
class Condition:
    """Words for one field. ``kind`` is a key of the tags, "" without a tag, "unknown" for one that PubMed has not;
    ``until`` ends a range; ``near`` is a proximity search."""

    text: str
    kind: str = ""
    tag: str = ""
    quoted: bool = False
    until: str | None = None
    near: bool = False

    def __str__(self) -> str:
        words = f'"{self.text}"' if self.quoted else self.text
        until = f":{self.until}" if self.until is not None else ""
        return f"{words}{until}[{self.tag}]" if self.tag else words


@dataclass(slots=True)
class Reading:
    """What was read: ``tree`` is None if there is nothing to search for; ``history`` are lines of PubMed's search
    history that it refers to, ``odd`` what PubMed itself passes over or what was guessed."""

    tree: Condition | Join[Condition] | None = None
    history: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)


def read(text: str) -> Reading:
    """Read a search, on one line and with straight quotes. Raises TooDeep."""
    return _Reader(_TOKEN.findall(text)).read()


class _Reader:
    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._place = 0
        self._joiner: Joiner[Condition] = Joiner()
        self._reading = Reading()

    def read(self) -> Reading:
        while mark := self._next():
            if mark == "(":
                self._joiner.open()
            elif mark == ")":
                self._joiner.close()
                if self._peek().startswith("["):
                    self._reading.odd.append(f"{self._next()} after a parenthesis")
            elif operator := self._operator(mark):
                self._joiner.operator(operator)
            elif not mark.startswith("[") and mark != ":":
                self._place -= 1
                self._run()
        self._reading.tree = self._joiner.whole()
        return self._reading

    def _peek(self) -> str:
        return self._tokens[self._place] if self._place < len(self._tokens) else ""

    def _next(self) -> str:
        mark = self._peek()
        self._place += 1
        return mark

    def _operator(self, mark: str) -> str:
        """The operator that the one just taken is, or ''. In small letters it is one only between whole conditions:
        PubMed wants capitals, and in "wit and humor[mh]" it is a word."""
        name = mark.strip(_ENDS).upper()
        if name not in _OPERATORS or name == mark.strip(_ENDS):
            return name if name in _OPERATORS else ""
        before = self._tokens[self._place - 2] if self._place > 1 else ""
        if before[-1:] in {")", "]", '"'} or self._peek()[:1] in {"(", '"'}:
            self._reading.odd.append(f"“{mark}” in small letters, read as {name}")
            return name
        return ""

    def _run(self) -> None:
        """Words and phrases up to a tag, an operator or a parenthesis."""
        pieces: list[str] = []
        while (mark := self._next()) and mark[0] not in "()[":
            if self._operator(mark):
                break
            if _HISTORY.fullmatch(mark):
                self._reading.history.append(mark)
            else:
                pieces.append(mark)
        if not mark.startswith("["):
            self._place -= 1
            self._untagged(pieces)
            return
        tag = " ".join(mark[1:-1].split())
        name, _, more = tag.lower().partition(":")
        kind = _KINDS.get(name.strip(), "unknown")
        if kind == "day":
            self._day(pieces, tag)
            return
        if kind == "unknown":
            self._reading.odd.append(f"[{tag}], which is no field of PubMed")
        start = next((n for n in range(len(pieces) - 1, -1, -1) if pieces[n][0] == '"'), -1)
        start = start if start == len(pieces) - 1 else start + 1
        self._untagged(pieces[:start] if start > 0 else [])
        words = " ".join(pieces[max(start, 0) :])
        self._add(words, kind, tag, near=more.strip().startswith("~"))

    def _untagged(self, pieces: list[str]) -> None:
        for piece in pieces:
            if piece.upper() in _OPERATORS:
                self._reading.odd.append(f"“{piece}” in small letters between words")
            elif piece != ":":
                self._add(piece, "subset" if piece.lower() == "hasabstract" else "")

    def _day(self, pieces: list[str], tag: str) -> None:
        """``a:b`` before one tag, or ``a[tag] : b[tag]``, or a single date."""
        first, colon, last = " ".join(pieces).replace('"', " ").partition(":")
        until = " ".join(last.split()) if colon else None
        if self._peek() == ":" and until is None:
            self._place += 1
            ends: list[str] = []
            while (mark := self._peek()) and mark[0] not in "()[" and mark not in _OPERATORS:
                ends.append(self._next().strip('" '))
            if self._peek().startswith("["):
                self._place += 1
            until = " ".join(ends)
        self._joiner.add(Condition(" ".join(first.split()), "day", tag, until=until))

    def _add(self, piece: str, kind: str = "", tag: str = "", *, near: bool = False) -> None:
        quoted = piece.startswith('"')
        text = " ".join(piece.replace('"', " ").split()).strip(_ENDS + " ")
        if text:
            self._joiner.add(Condition(text, kind, tag, quoted, near=near))
