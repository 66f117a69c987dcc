"""Searches arXiv papers with the query language of its API (info.arxiv.org/help/api/user-manual.html).

AND, OR, ANDNOT (and NOT, its other spelling) work from left to right; two terms without an operator are joined by OR.
Several words in quotes stand next to each other. ``lastUpdatedDate`` filters by the first version's date, as in arXiv.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase

from adapters.demo.boolean import Both, Nesting
from adapters.demo.library import ArxivPaper
from adapters.demo.words import Words, has_phrase, words

_OPERATORS = {"AND": "AND", "OR": "OR", "ANDNOT": "ANDNOT", "NOT": "ANDNOT"}
_TEXT_FIELDS = frozenset({"ti", "au", "abs", "co", "jr", "cat", "rn", "id", "doi", "all"})
_DATE_FIELDS = frozenset({"submittedDate", "lastUpdatedDate"})
_TOKEN = re.compile(r'\s*([()]|(?:(\w+):)?(?:"([^"]*)"|\[([^\]]*)\]|([^\s()"\[\]]+)))')


class BadQuery(ValueError):
    """The query cannot be read; arXiv answers HTTP 400."""


@dataclass(frozen=True, slots=True)
class Term:
    """A value looked for in a field; a quoted one as a phrase."""

    field: str
    value: str
    quoted: bool

    def __str__(self) -> str:
        return f'{self.field}:"{self.value}"' if self.quoted else f"{self.field}:{self.value}"


@dataclass(frozen=True, slots=True)
class Submitted:
    """The first version's date lies between two moments, both included."""

    first: datetime
    last: datetime

    def __str__(self) -> str:
        return f"submittedDate:[{self.first:%Y%m%d%H%M} TO {self.last:%Y%m%d%H%M}]"


Condition = Term | Submitted
Node = Condition | Both[Condition]


def search(query: str, papers: Iterable[ArxivPaper]) -> list[ArxivPaper]:
    """Return the papers that match, in the order given. Raises BadQuery."""
    node = parse(query)
    return [paper for paper in papers if holds(node, paper)]


def matches(query: str, paper: ArxivPaper) -> bool:
    """Whether one paper matches. Raises BadQuery."""
    return holds(parse(query), paper)


def parse(query: str) -> Node:
    """Read a query; raises BadQuery or TooDeep, whose text says why."""
    parser = _Parser(query)
    node = parser.expression()
    if parser.token is not None:
        raise BadQuery(f"unexpected {parser.token[0]} in {query}")
    return node


class _Parser:
    """Recursive descent; ``token`` is the next one: all of it, its field, and the value as quoted, range or word."""

    def __init__(self, query: str) -> None:
        self.query = query.strip()
        self.place = 0
        self.nesting = Nesting()
        self.token: re.Match[str] | None = None
        self.advance()

    def advance(self) -> None:
        if self.place == len(self.query):
            self.token = None
            return
        self.token = _TOKEN.match(self.query, self.place)
        if self.token is None:
            raise BadQuery(f"cannot parse {self.query[self.place :].strip()}")
        self.place = self.token.end()

    @property
    def operator(self) -> str | None:
        return None if self.token is None else _OPERATORS.get(self.token[1])

    def expression(self) -> Node:
        node = self.operand()
        while self.token is not None and self.token[1] != ")":
            operator = self.operator or "OR"
            if self.operator:
                self.advance()
            node = Both(operator, node, self.operand())
        return node

    def operand(self) -> Node:
        if self.token is None or self.operator or self.token[1] == ")":
            raise BadQuery(f"a term is missing in {self.query!r}")
        if self.token[1] == "(":
            self.advance()
            with self.nesting:
                node = self.expression()
            if self.token is None:
                raise BadQuery(f"a parenthesis does not close in {self.query!r}")
            self.advance()
            return node
        term = _term(self.token)
        self.advance()
        return term


def _term(token: re.Match[str]) -> Node:
    name, phrase, span, word = token[2] or "all", token[3], token[4], token[5]
    if name in _DATE_FIELDS and span is not None:
        return _submitted(span)
    value = phrase if phrase is not None else word
    if name not in _TEXT_FIELDS or value is None:
        raise BadQuery(f"invalid field: {name}")
    if value.endswith(":") and phrase is None:
        raise BadQuery(f"no value after {value}")
    if value[:1] in {"*", "?"}:
        raise BadQuery(f"a term cannot start with a wildcard: {value}")
    return Term(name, value, phrase is not None)


def _submitted(span: str) -> Submitted:
    first, to, last = span.partition(" TO ")
    if not to:
        raise BadQuery(f"invalid date range: {span}")
    return Submitted(_moment(first.strip(), "0101000000"), _moment(last.strip(), "1231235959"))


def _moment(digits: str, rest: str) -> datetime:
    """Fill in a partial date of 4 to 12 digits from ``rest``; a month's end is found by trying."""
    if not re.fullmatch(r"\d{4}(\d\d){0,5}", digits):
        raise BadQuery(f"invalid date: {digits}")
    filled = digits + rest[len(digits) - 4 :]
    for day in (filled[6:8], "30", "29", "28") if len(digits) < len("YYYYMMDD") else (filled[6:8],):
        try:
            return datetime.strptime(filled[:6] + day + filled[8:], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        except ValueError:
            continue
    raise BadQuery(f"invalid date: {digits}")


def written(node: Node) -> str:
    """A parsed query as arXiv shows how it understood it, every pair in parentheses."""
    if not isinstance(node, Both):
        return str(node)
    first, steps = node.unrolled()
    return "(" * len(steps) + str(first) + "".join(f" {operator} {written(right)})" for operator, right in steps)


def holds(node: Node, paper: ArxivPaper) -> bool:
    """Whether a parsed query holds for a paper."""
    if isinstance(node, Both):
        return node.holds(lambda condition: _is_met(condition, paper))
    return _is_met(node, paper)


def _is_met(condition: Condition, paper: ArxivPaper) -> bool:
    if isinstance(condition, Submitted):
        return condition.first <= paper.submitted <= condition.last
    return _has_term(condition, paper)


def _has_term(term: Term, paper: ArxivPaper) -> bool:
    match term.field:
        case "cat":
            return any(fnmatchcase(category, term.value) for category in paper.categories)
        case "id":
            return term.value in {paper.id, paper.versioned_id}
        case "doi":
            return term.value.casefold() == (paper.doi or "").casefold()
        case "au":
            return any(_is_author(term, words(name)) for name in paper.authors)
        case "all":
            return any(_has_term(Term(name, term.value, term.quoted), paper) for name in _TEXT_FIELDS - {"all"})
    texts = {"ti": paper.title, "abs": paper.abstract, "co": paper.comment, "jr": paper.journal_ref}
    return _has_words(term, words(texts.get(term.field, paper.report_number) or ""))


def _has_words(term: Term, text: Words) -> bool:
    """Words in order, one next to the other; outside quotes * and ? stand for characters of a word."""
    if not term.quoted and ("*" in term.value or "?" in term.value):
        return any(fnmatchcase(word, term.value.casefold()) for word in text)
    wanted = words(term.value)
    return bool(wanted) and has_phrase(text, wanted)


def _is_author(term: Term, name: Words) -> bool:
    """Words of one name, in any order unless quoted; del_maestro is two words, a single letter an initial."""
    if term.quoted or "*" in term.value or "?" in term.value:
        return _has_words(term, name)
    wanted = words(term.value)
    initials = {word[0] for word in name}
    return bool(wanted) and all(word in name or (len(word) == 1 and word in initials) for word in wanted)
