"""A query → arXiv's own query language (pure).

https://info.arxiv.org/help/api/user-manual.html#51-details-of-query-construction. The result is broader than the
query or equal, never narrower: what arXiv cannot express is left out, and what it splits differently too. Its index
drops English stop words and keeps ``10.5`` whole, so stop words, single characters and numbers are not asked for;
words are never asked to stand next to each other. Operators are always written, because two words without one mean OR.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.query import And, Dated, Field, Node, Not, Or, Query, Term
from bot.query.tokens import tokens

_STOP_WORDS = frozenset(
    tokens(
        "a an and are as at be but by for if in into is it no not of on or such that the their then there these they"
        " this to was will with"
    )
)
"""Lucene's English stop words (arXiv/arxiv-search, mappings/DocumentMapping.json)."""

_WORD = re.compile(r"(?!\d+$)(?!u[0-9a-f]{4,6}$)(?!cplusplus$|csharp$)[a-z0-9]{2,}")
"""A token that stands in the text as it is: not the name that ``tokens`` gives to a sign, and no number."""

_ARCHIVES = (
    *(
        "astro-ph",
        "cond-mat",
        "cs",
        "econ",
        "eess",
        "gr-qc",
        "hep-ex",
        "hep-lat",
        "hep-ph",
        "hep-th",
        "math-ph",
        "math",
    ),
    *("nlin", "nucl-ex", "nucl-th", "physics", "q-bio", "q-fin", "quant-ph", "stat"),
)
"""https://arxiv.org/category_taxonomy; math-ph before math, so that its second word is not taken for a subject."""

_INDEXES = {None: "all", Field.TITLE: "all", Field.ABSTRACT: "all", Field.JOURNAL: "jr"}
"""ti: and abs: keep accents and stems (the same mappings), so that ti:mobius would miss Möbius; all: does not."""

_LONG_SUBJECTS = frozenset({"cond-mat", "physics"})


def compile_query(query: Query) -> str | None:
    """Compile for ``search_query``; None if nothing in the query narrows arXiv's whole content."""
    return _node(query.root)


def _node(node: Node) -> str | None:
    """A compiled part, or None for "everything", which disappears from AND and absorbs OR."""
    match node:
        case And(parts):
            return _all_of(_node(part) for part in parts)
        case Or(parts):
            return _any_of([_node(part) for part in parts])
        case Term():
            return _term(node)
        case Not() | Dated():
            return None


def _term(term: Term) -> str | None:
    match term.field:
        case Field.AUTHOR:
            return _author(term)
        case Field.CATEGORY:
            return _category(term)
        case field if field in _INDEXES:
            return _words(_INDEXES[field], term)
        case _:
            return None


def _words(field: str, term: Term) -> str | None:
    """All words of a term."""
    words = tokens(term.text)
    last = words.pop() if term.prefix and words else ""
    asked = [f"{field}:{word}" for word in words if _is_asked(word)]
    if _WORD.fullmatch(last):
        asked.append(f"{field}:{last}*")
    return _all_of(asked)


def _author(term: Term) -> str | None:
    """Any of the words: arXiv keeps a name like "Jean-Pierre" or an initial in its own way."""
    words = tokens(term.text)
    last = [f"au:{words.pop()}*"] if term.prefix and words and _WORD.fullmatch(words[-1]) else []
    return _any_of([f"au:{word}" for word in words if _is_asked(word)] + last)


def _category(term: Term) -> str | None:
    """A category's code, or an archive with all its categories; any other words may be another source's."""
    words = tokens(term.text)
    for archive in () if term.prefix else _ARCHIVES:
        names = archive.split("-")
        subject = words[len(names) :]
        if words[: len(names)] != names:
            continue
        if not subject:
            return _any_of([f"cat:{archive}", f"cat:{archive}.*", *(["cat:math-ph"] if archive == "math" else [])])
        if not all(word.isascii() and word.isalpha() for word in subject):
            return None
        if archive in _LONG_SUBJECTS:  # "physics.med" is found in physics.med-ph
            return f"cat:{archive}.{'-'.join(subject)}*"
        is_code = len(subject) == 1 and len(subject[0]) == 2  # noqa: PLR2004 — cs.CV
        return f"cat:{archive}.{subject[0].upper()}" if is_code else None
    return None


def _is_asked(word: str) -> bool:
    return word not in _STOP_WORDS and _WORD.fullmatch(word) is not None


def _all_of(parts: Iterable[str | None]) -> str | None:
    return _join(" AND ", [part for part in parts if part is not None])


def _any_of(parts: Sequence[str | None]) -> str | None:
    known = [part for part in parts if part is not None]
    return _join(" OR ", known) if len(known) == len(parts) else None


def _join(operator: str, parts: list[str]) -> str | None:
    unique = list(dict.fromkeys(parts))
    if len(unique) < 2:  # noqa: PLR2004 — one part needs no parentheses
        return unique[0] if unique else None
    return f"({operator.join(unique)})"
