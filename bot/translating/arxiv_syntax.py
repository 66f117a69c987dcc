"""arXiv's query language: ``ti:"deep learning" AND (cat:cs.CV OR cat:eess.IV) ANDNOT au:smith`` (pure).

info.arxiv.org/help/api/user-manual.html, "Details of query construction". Two words without an operator mean OR.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from bot.query import MIN_PREFIX, And, Dated, Field, Node, Or, Term
from bot.query.tokens import tokens
from bot.translating.assembling import Gap, joined
from bot.translating.joining import Join, Joiner

FIELDS = {
    "all": None,
    "ti": Field.TITLE,
    "abs": Field.ABSTRACT,
    "au": Field.AUTHOR,
    "cat": Field.CATEGORY,
    "jr": Field.JOURNAL,
    "doi": Field.DOI,
    "id": Field.ID,
}
_NOT_KEPT = frozenset({"co", "rn"})
_DATES = {"submitteddate": "submittedDate", "lastupdateddate": "lastUpdatedDate"}
_TOKEN = re.compile(r'(?:[A-Za-z]+:)?(?:"[^"]*"|\[[^\[\]]*\]|[^\s()"\[\]]+)|[()]')
_CONDITION = re.compile(r"(?:([A-Za-z]+):)?(.*)", re.DOTALL)
_NO_BRACKETS = str.maketrans("[]", "  ")
_OPERATORS = {"AND": "AND", "OR": "OR", "ANDNOT": "NOT", "NOT": "NOT"}
_RANGE = re.compile(r"\[(\d{8})\d* TO (\d{8})\d*\]", re.IGNORECASE)
PHYSICS = (
    *("astro-ph", "cond-mat", "gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math-ph"),
    *("nlin", "nucl-ex", "nucl-th", "physics", "quant-ph"),
)
"""The archives that arXiv's search pages call physics together."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Words for one of arXiv's fields, as its API names them."""

    field: str
    text: str
    quoted: bool = False

    def __str__(self) -> str:
        """As the API is asked."""
        return f'{self.field}:"{self.text}"' if self.quoted else f"{self.field}:{self.text}"


Tree = Condition | Join[Condition]


def read(text: str, *, default: str = "OR", field: str = "all") -> Tree | None:
    """Read a search; ``field`` is where words without a field look. Raises TooDeep."""
    joiner: Joiner[Condition] = Joiner(default)
    for mark in _TOKEN.findall(text):
        if mark == "(":
            joiner.open()
        elif mark == ")":
            joiner.close()
        elif mark in _OPERATORS:
            joiner.operator(_OPERATORS[mark])
        elif condition := _condition(mark, field):
            joiner.add(condition)
    return joiner.whole()


def _condition(mark: str, field: str) -> Condition | None:
    match = _CONDITION.fullmatch(mark)
    assert match is not None
    name = (match[1] or "").lower()
    known = name in FIELDS or name in _NOT_KEPT or name in _DATES
    text = match[2] if known else mark
    text = text.strip('"').strip()
    if name not in _DATES:
        text = text.translate(_NO_BRACKETS)
    name = _DATES.get(name, name)
    return Condition(name if known else field, text, quoted=match[2].startswith('"')) if text else None


def written(tree: Tree) -> str | None:
    """A tree as the API is asked for it; None if it cannot be, because nothing says what to take away from."""
    if not isinstance(tree, Join):
        return str(tree)
    parts = [part for part in map(written, tree.parts) if part]
    if tree.operator == "WITHOUT" or len(parts) < len(tree.parts):
        return None
    operator = "ANDNOT" if tree.operator == "NOT" else tree.operator
    return f"({f' {operator} '.join(parts)})"


def translate_condition(condition: Condition, negated: bool) -> Node | Gap:
    """One condition as ours; of unwanted papers nobody means the authors, whom a bare word finds, too."""
    if condition.field in _DATES.values():
        return _days(condition)
    if condition.field in _NOT_KEPT:
        return Gap(str(condition), "the archive does not keep comments and report numbers")
    field = FIELDS[condition.field]
    if field is Field.AUTHOR:
        return _author(condition.text) or Gap(str(condition), _NO_WORD)
    text = condition.text.rstrip("*").rstrip(".") if field is Field.CATEGORY else condition.text
    term = _term(text, field)
    if term is None:
        return Gap(str(condition), _NO_WORD)
    if negated and field is None:
        return Or((Term(term.text, Field.TITLE, term.prefix), Term(term.text, Field.ABSTRACT, term.prefix)))
    return term


_NO_WORD = "there is no word in it to look for"


def _author(name: str) -> Term | None:
    """``Smith_J``, ``Smith, John`` or ``John Smith``."""
    family, comma, given = (part.strip() for part in name.replace("_", " ").strip("*").partition(","))
    name = f"{given} {family}" if comma and len(given) > 1 else f"{family} {given}".strip()
    return Term(name, Field.AUTHOR) if tokens(name) else None


def _term(text: str, field: Field | None) -> Term | None:
    head, star, _ = text.partition("*")
    words = tokens(head)
    if not words:
        return None
    return Term(head, field, prefix=bool(star) and len(words[-1]) >= MIN_PREFIX and head[-1:].isalnum())


def _days(condition: Condition) -> Node | Gap:
    match = _RANGE.fullmatch(condition.text)
    try:
        assert match is not None
        first, last = (date(int(day[:4]), int(day[4:6]), int(day[6:])) for day in match.groups())
        return joined(And, [Dated(after=True, on=first), Dated(after=False, on=last + timedelta(days=1))])
    except (AssertionError, ValueError, OverflowError):
        return Gap(str(condition), "this is no range of days that could be read")
