"""Reads PubMed's query syntax into a tree (pubmed.ncbi.nlm.nih.gov/help, "Advanced search" and "Search field tags").

What PubMed cannot read it leaves out and says so; so does this. The last word of several before a tag carries them
all: ``deep learning[ti]`` is a phrase, as is a hyphenated word. Operators are capitals and work from left to right.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date

from adapters.demo.boolean import Both, Nesting
from adapters.demo.words import Words, words

STOP_WORDS = frozenset(
    """a about again all almost also although always among an and another any are as at be because been before being
    between both but by can could did do does done due during each either enough especially etc for found from further
    had has have having here how however i if in into is it its itself just kg km made mainly make may mg might ml mm
    most mostly must nearly neither no nor obtained of often on our overall perhaps pmid quite rather really regarding
    seem seen several should show showed shown shows significantly since so some such than that the their theirs them
    then there therefore these they this those through thus to upon use used using various very was we were what when
    which while with within without would""".split()  # noqa: SIM905 - PubMed's own list reads best so
)
MIN_STEM = 4
"""The fewest characters before the * of a truncated word."""

_TAGS = {
    "All Fields": "all",
    "Title": "ti",
    "Title/Abstract": "tiab",
    "Abstract": "ab",
    "Text Word": "tw",
    "Other Term": "ot",
    "Author": "au",
    "Author - Corporate": "cn|corporate author",
    "Author - Full": "fau|full author name",
    "Affiliation": "ad",
    "Journal": "ta|jour",
    "MeSH Terms": "mh|mesh|mh:noexp|mesh:noexp|mesh terms:noexp",
    "Publication Type": "pt",
    "Language": "la|lang",
    "DOI": "doi",
    "Article Identifier": "aid|lid|location id",
    "UID": "uid|pmid",
    "Date - Publication": "dp|pdat|publication date",
    "Date - Create": "crdt|create date",
    "Date - Entry": "edat|entry date",
    "Date - Modification": "mdat|lr|modification date",
    "Date - MeSH": "mhda|mesh date",
}
_FIELDS = {tag: name for name, tags in _TAGS.items() for tag in (name.lower(), *tags.split("|"))}
DATES = frozenset(name for name in _TAGS if name.startswith("Date"))
_NEAR_FIELDS = frozenset({"Title", "Title/Abstract", "Affiliation"})
_AUTHORS = frozenset({"Author", "Author - Full"})
_WHOLE = frozenset({"DOI", "Article Identifier", "UID"})


@dataclass(frozen=True, slots=True)
class Term:
    """Words to be found next to each other in a field. ``raw`` is what was written; ``near`` is the distance of a
    proximity search."""

    field: str
    words: Words
    raw: str
    quoted: bool = False
    truncated: bool = False
    near: int | None = None

    def __str__(self) -> str:
        star, near = "*" if self.truncated else "", "" if self.near is None else f":~{self.near}"
        return f'"{" ".join(self.words) or self.raw}{star}"[{self.field}{near}]'


@dataclass(frozen=True, slots=True)
class Between:
    """A range of days, both included."""

    field: str
    first: date
    last: date

    def __str__(self) -> str:
        return f"{self.first:%Y/%m/%d}:{self.last:%Y/%m/%d}[{self.field}]"


Condition = Term | Between
Node = Condition | Both[Condition]


@dataclass(slots=True)
class Remarks:
    """What PubMed says beside the result: unknown tags, words it passed over, and other messages."""

    fields_not_found: list[str] = field(default_factory=list)
    phrases_ignored: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


def written(node: Node) -> str:
    """A tree as PubMed shows how it understood a term, in parentheses where the operator changes."""
    if not isinstance(node, Both):
        return str(node)
    first, steps = node.unrolled()
    opened, text, last = "", str(first), None
    for operator, right in steps:
        if last not in {None, operator}:
            opened, text = opened + "(", text + ")"
        added = written(right)
        text += f" {operator} ({added})" if isinstance(right, Both) else f" {operator} {added}"
        last = operator
    return opened + text


def parse(text: str) -> tuple[Node | None, Remarks]:
    """Read a term; None if nothing in it can be searched. Raises TooDeep."""
    remarks = Remarks()
    parser = _Parser(_TOKEN.findall(text), remarks)
    return parser.everything(), remarks


_TOKEN = re.compile(r'"[^"]*"|\[[^\]]*\]|[()]|:|[^\s()\[\]":]+')
_OPERATORS = frozenset({"AND", "OR", "NOT"})


class _Parser:
    """Recursive descent over the tokens."""

    def __init__(self, tokens: list[str], remarks: Remarks) -> None:
        self.tokens = tokens
        self.remarks = remarks
        self.place = 0
        self.nesting = Nesting()

    def peek(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self) -> str:
        self.place += 1
        return self.tokens[self.place - 1]

    def everything(self) -> Node | None:
        node = self.expression()
        while self.peek():
            self.take()
            self.remarks.messages.append("An unmatched parenthesis was ignored.")
            node = _join(node, "AND", self.expression())
        return node

    def expression(self) -> Node | None:
        node: Node | None = None
        operator = "AND"
        while self.peek() not in {"", ")"}:
            if self.peek() in _OPERATORS:
                operator = self.take()
                if node is None or self.peek() in {"", ")"} | _OPERATORS:
                    self.remarks.messages.append(f"The operator {operator} has nothing to join and was ignored.")
                continue
            node = _join(node, operator, self.operand())
            operator = "AND"
        return node

    def operand(self) -> Node | None:
        if self.peek() == "(":
            self.take()
            with self.nesting:
                node = self.expression()
            if self.peek() == ")":
                self.take()
            else:
                self.remarks.messages.append("An unmatched parenthesis was ignored.")
            if self.peek().startswith("["):
                self.remarks.messages.append(f"{self.take()} after a parenthesis was ignored.")
            return node
        return self.run()

    def run(self) -> Node | None:
        """Words and phrases up to a tag, an operator or a parenthesis."""
        pieces: list[str] = []
        while self.peek() and self.peek()[0] not in "()[" and self.peek() not in _OPERATORS:
            pieces.append(self.take())
        tag = self.take()[1:-1].strip() if self.peek().startswith("[") else None
        if tag is None:
            return self.untagged(pieces)
        name, near = self.field_of(tag)
        if name in DATES:
            return self.days(name, pieces)
        if pieces and pieces[-1].startswith('"'):
            return _join(self.untagged(pieces[:-1]), "AND", self.term(name, pieces[-1], near))
        start = max((n + 1 for n, piece in enumerate(pieces) if piece.startswith('"')), default=0)
        return _join(self.untagged(pieces[:start]), "AND", self.term(name, " ".join(pieces[start:]), near))

    def untagged(self, pieces: list[str]) -> Node | None:
        node: Node | None = None
        for piece in pieces:
            node = _join(node, "AND", self.term("All Fields", piece, None) if piece != ":" else None)
        return node

    def field_of(self, tag: str) -> tuple[str, int | None]:
        wanted, _, distance = tag.partition(":~")
        name = _FIELDS.get(" ".join(wanted.lower().split()))
        if name is None:
            self.remarks.fields_not_found.append(tag)
            return "All Fields", None
        if distance and not (distance.isdecimal() and name in _NEAR_FIELDS):
            self.remarks.messages.append(f"The proximity in [{tag}] was ignored.")
            return name, None
        return name, int(distance) if distance else None

    def term(self, name: str, text: str, near: int | None) -> Node | None:
        quoted, text = text.startswith('"'), text.strip('" ')
        truncated = text.endswith("*") and near is None
        found = words(text, greek_names=True)
        if truncated and (not found or len(found[-1]) < MIN_STEM):
            self.remarks.messages.append(f"{text}: at least four characters must stand before the *.")
            truncated = False
        whole = name in _WHOLE
        if not text or (not whole and not found):
            return None
        if not whole and name not in _AUTHORS and not truncated and STOP_WORDS.issuperset(found):
            self.remarks.phrases_ignored.append(text)
            return None
        return Term(name, found, text, quoted, truncated, near)

    def days(self, name: str, pieces: list[str]) -> Node | None:
        """``a:b`` before one tag, or ``a[tag] : b[tag]``, or a single date."""
        bounds = [piece.strip('" ') for piece in pieces if piece != ":"]
        if self.peek() == ":" and len(bounds) == 1:
            self.take()
            bounds.append(self.take().strip('" ') if self.peek() else "")
            if self.peek().startswith("["):
                self.take()
        spans = [span(bound) for bound in bounds]
        first, last = (spans[0], spans[-1]) if spans else (None, None)
        if first is None or last is None:
            self.remarks.phrases_ignored.append(" ".join(pieces))
            return None
        return Between(name, first[0], last[1])


def _join(left: Node | None, operator: str, right: Node | None) -> Node | None:
    """Join two nodes; one that was left out takes its operator with it."""
    if left is None:
        return right
    return left if right is None else Both(operator, left, right)


def span(text: str) -> tuple[date, date] | None:
    """Return the first and the last day of YYYY, YYYY/MM or YYYY/MM/DD; None for anything else."""
    match = re.fullmatch(r"(\d{4})(?:/(\d{1,2}))?(?:/(\d{1,2}))?", text)
    if not match:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        assert year is not None
        last_month = month or 12
        return date(year, month or 1, day or 1), date(year, last_month, day or monthrange(year, last_month)[1])
    except ValueError:
        return None
