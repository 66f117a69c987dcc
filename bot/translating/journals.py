"""Journal names as PubMed abbreviates them (ISO 4) → words that find them by their full names (pure)."""

from __future__ import annotations

from bot.query import MIN_PREFIX, And, Field, Node, Term
from bot.query.tokens import tokens

_SHORT = {
    "age": "age",
    "ajr": "ajr",
    "am": "american",
    "ann": "annals",
    "art": "art",
    "bmc": "bmc",
    "bmj": "bmj",
    "br": "british",
    "can": "canadian",
    "ct": "ct",
    "eng": "engineering",
    "eur": "european",
    "int": "international",
    "j": "journal",
    "jpn": "japanese",
    "med": "medi*",
    "n": "new",
    "nat": "nature",
    "natl": "national",
    "npj": "npj",
    "one": "one",
    "pol": "polish",
    "rep": "reports",
    "res": "research",
    "sci": "scien*",
    "soc": "society",
    "z": "zeitschrift",
}
"""What short words stand for, by the full titles in NLM's catalogue. Others are not asked for: "rev" is review,
reviews or revista."""


def journal(name: str) -> Node | None:
    """A journal's name or abbreviation: every word has to be in the full name. None if no word is left."""
    words = name.split()
    if len(words) == 1:
        return Term(name, Field.JOURNAL) if tokens(name) else None
    terms = [term for word in words for part in tokens(word) if (term := _word(part, acronym=word.isupper()))]
    unique = tuple(dict.fromkeys(terms))
    return And(unique) if len(unique) > 1 else next(iter(unique), None)


def _word(word: str, *, acronym: bool) -> Term | None:
    if full := _SHORT.get(word):
        return Term(full.rstrip("*"), Field.JOURNAL, prefix=full.endswith("*"))
    if len(word) < MIN_PREFIX:
        return Term(word, Field.JOURNAL) if acronym and len(word) > 2 else None  # noqa: PLR2004 - not the A of USA
    return Term(word, Field.JOURNAL, prefix=True)
