"""Our queries in PubMed's words: broader than ours or equal, never narrower (pure).

Rules: https://pubmed.ncbi.nlm.nih.gov/help/ ("Search field tags", "Stopwords", "Truncating search terms"). A phrase is
found only if PubMed's phrase index knows it, so the words of a phrase are asked one by one. Nothing but letters, digits
and hyphens of the user's text reaches PubMed, so no text can become syntax.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.query import FILTERS, And, Field, Node, Or, Query, Term
from bot.query.tokens import tokens

EVERYTHING = None
"""An expression that narrows nothing: it absorbs OR and disappears from AND."""

_TAGS = {Field.TITLE: "ti", Field.ABSTRACT: "tiab", Field.JOURNAL: "all", Field.CATEGORY: "tw"}
"""[ab] is not broader than our abstract; [ta] knows whole journal titles only, while [all] knows their words."""

_MIN_STEM = 4
_GREEK_NAMES = """alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau
upsilon phi chi psi omega"""
_GREEK = str.maketrans(dict(zip("αβγδεζηθικλμνξοπρστυφχψω", _GREEK_NAMES.split(), strict=True)))
_GREEK_WORD = re.compile("[α-ω]{3}")
_NAMED_BY_NUMBER = re.compile("u[0-9a-f]{3,6}")
_NAMED_LANGUAGES = frozenset({"cplusplus", "csharp"})
_NLM_STOP_WORDS = """a about again all almost also although always among an and another any are as at be because been
before being between both but by can could did do does done due during each either enough especially etc for found
from further had has have having here how however i if in into is it its itself just kg km made mainly make may mg
might ml mm most mostly must nearly neither no nor obtained of often on our overall perhaps pmid quite rather really
regarding seem seen several should show showed shown shows significantly since so some such than that the their theirs
them then there therefore these they this those through thus to upon use used using various very was we were what when
which while with within without would"""
_STOP_WORDS = frozenset(_NLM_STOP_WORDS.split()) | {"or", "not"}


def compile_query(query: Query) -> str | None:
    """The term to search for, in parentheses; None if PubMed can ask for no part of it."""
    compiled = _node(query.root)
    return compiled if compiled is EVERYTHING or compiled.startswith("(") else f"({compiled})"


def combine(terms: Iterable[str], longest: int) -> list[str]:
    """Join terms by OR into as few as possible, none over ``longest`` characters unless it came so."""
    groups: list[list[str]] = []
    length = longest
    for term in dict.fromkeys(terms):
        length += len(term) + len(" OR ")
        if length > longest:
            groups.append([])
            length = len("()") + len(term)
        groups[-1].append(term)
    return [joined for group in groups if (joined := _any(group))]


def _node(node: Node) -> str | None:
    match node:
        case Term():
            return _term(node)
        case And(parts):
            return _all(_node(part) for part in parts)
        case Or(parts):
            return _any(_node(part) for part in parts)
        case _:  # Not would need an exact part, and a window of days is the source's own business
            return EVERYTHING


def _all(parts: Iterable[str | None]) -> str | None:
    narrowing = list(dict.fromkeys(part for part in parts if part is not EVERYTHING))
    return _joined(narrowing, " AND ") if narrowing else EVERYTHING


def _any(parts: Iterable[str | None]) -> str | None:
    alternatives = list(dict.fromkeys(parts))
    narrowing = [part for part in alternatives if part is not EVERYTHING]
    return _joined(narrowing, " OR ") if narrowing and len(narrowing) == len(alternatives) else EVERYTHING


def _joined(parts: list[str], operator: str) -> str:
    return parts[0] if len(parts) == 1 else f"({operator.join(parts)})"


def _term(term: Term) -> str | None:
    if term.field in FILTERS:
        return EVERYTHING
    if term.field is Field.AUTHOR:
        return _any(_people(term))
    if term.field is None:
        return _any([_words(term, "tiab"), *_people(term)])
    return _words(term, _TAGS[term.field])


def _words(term: Term, tag: str) -> str | None:
    """All words, wherever they stand in the field."""
    words = [word for word in term.text.split() if tokens(word)]
    return _all(_word(word, tag, stem=term.prefix and n == len(words)) for n, word in enumerate(words, 1))


def _word(word: str, tag: str, *, stem: bool) -> str | None:
    """One word; a hyphenated one also as itself, because PubMed may know it only whole."""
    parts = _spelled(word)
    if not parts:
        return EVERYTHING
    separate = _all(_part(part, tag, stem=stem and n == len(parts)) for n, part in enumerate(parts, 1))
    if len(parts) == 1:
        return separate
    return _any([f"{'-'.join(parts)}{'*' if stem else ''}[{tag}]", separate])


def _part(part: str, tag: str, *, stem: bool) -> str | None:
    if stem:
        return f"{part}*[{tag}]" if len(part) >= _MIN_STEM else EVERYTHING
    return f"{part}[{tag}]" if len(part) > 1 and part not in _STOP_WORDS else EVERYTHING


def _people(term: Term) -> list[str | None]:
    """Alternatives for authors and groups of authors. PubMed finds a person by the surname, with any initials, or by
    the full name, so any of the words may be the surname; somebody of whom only given names, initials or part of a
    surname are told cannot be asked for. There are no quotation marks round the name: they would turn off the
    truncation that finds all initials."""
    names = _spelled(term.text)
    if not names or (term.prefix and len(names[-1]) < _MIN_STEM):
        return [EVERYTHING]
    if term.prefix:
        names[-1] += "*"
    surnames = [f"{name}[au]" for name in names if len(name) > 1 and not name.isdecimal()]
    group = _words(term, "cn")
    return [*surnames, f"{' '.join(names)}[au]", *([group] if group else [])] if surnames else [EVERYTHING]


def _spelled(text: str) -> list[str] | None:
    """The tokens as PubMed writes them (β is beta there); None if one of them is unknown there."""
    found = tokens(text)
    spelled = [token.translate(_GREEK) for token in found]
    if any(not name.isascii() or name in _NAMED_LANGUAGES for name in spelled) or any(map(_GREEK_WORD.search, found)):
        return None
    if not text.isascii() and any(map(_NAMED_BY_NUMBER.fullmatch, found)):
        return None
    return spelled
