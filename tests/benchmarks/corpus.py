"""Synthetic papers; the same ones every time, on every machine."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import accumulate

from bot.model import Identifier, Kind, Record
from tests.benchmarks import vocabulary
from tests.benchmarks.vocabulary import FIELDS, PHRASES, word, zipf
from tests.examples import TODAY

DAYS = 3_650
RARE_WORDS = 200_000
_WORDS, _SENTENCE = 185, 21
_PHRASE_WEIGHTS = list(accumulate(zipf(len(PHRASES), 1.0, 8.0)))
_FAMILY_NAMES = [word(900_000 + n).capitalize() for n in range(4_000)]
_GIVEN_NAMES = [word(950_000 + n).capitalize() for n in range(300)]
_JOURNALS = [f"Journal of {word(n).capitalize()} {vocabulary.GENERAL[n % 40].capitalize()}" for n in range(300)]
_HEADINGS = [word(970_000 + n).capitalize() for n in range(500)]
_CATEGORIES = ("cs.CV", "cs.LG", "eess.IV", "physics.med-ph", "q-bio.QM", "stat.ML", "math.OC", "cond-mat.soft")


class Corpus:
    """``total`` papers, the oldest first, spread evenly over DAYS days; those numbered ``total`` and on are of today.
    Six of ten are PubMed's, the others arXiv's. Each is made from its number alone."""

    def __init__(self, total: int) -> None:
        self.total = total

    def records(self, start: int, end: int) -> Iterator[Record]:
        """The records numbered from ``start`` up to but without ``end``."""
        return map(self.record, range(start, end))

    def record(self, number: int) -> Record:
        """One paper's record."""
        chance = random.Random(number)
        words, weights = _field(chance.randrange(FIELDS))
        day = TODAY - timedelta(days=max(0, DAYS - 1 - number * DAYS // self.total))
        title = chance.choices(words, cum_weights=weights, k=8)
        abstract = chance.choices(words, cum_weights=weights, k=_WORDS + chance.randrange(-40, 40))
        phrases = chance.choices(PHRASES, cum_weights=_PHRASE_WEIGHTS, k=chance.randrange(1, 5))
        for phrase in phrases:
            abstract[chance.randrange(len(abstract))] = phrase
        if chance.random() < 0.3:
            title[-1] = phrases[0]
        for _ in range(3):
            abstract[chance.randrange(len(abstract))] = rare_word(int(RARE_WORDS * chance.random() ** 3))
        return _record(number, chance, day, " ".join(title).capitalize(), _sentences(abstract))


def rare_word(rank: int) -> str:
    """A word of the rare tail: rank 0 is in one paper of twenty, the last ranks in very few."""
    return f"{word(300_000 + rank)}{rank % 97}"


@cache
def _field(field: int) -> tuple[list[str], list[float]]:
    return vocabulary.field_words(field)


def _sentences(words: list[str]) -> str:
    starts = range(0, len(words), _SENTENCE)
    return " ".join(" ".join(words[start : start + _SENTENCE]).capitalize() + "." for start in starts)


def _record(number: int, chance: random.Random, day: date, title: str, abstract: str) -> Record:
    pubmed = chance.random() < 0.6
    name = str(10_000_000 + number) if pubmed else f"{day:%y%m}.{number % 100_000:05}"
    identifiers = {Identifier("pmid" if pubmed else "arxiv", name)}
    if pubmed:
        identifiers.add(Identifier("doi", f"10.5555/bench.{number}"))
    authors = (f"{chance.choice(_GIVEN_NAMES)} {chance.choice(_FAMILY_NAMES)}" for _ in range(chance.randrange(2, 9)))
    return Record(
        source="pubmed" if pubmed else "arxiv",
        source_id=name,
        version=1,
        kind=Kind.ARTICLE if pubmed else Kind.PREPRINT,
        title=title,
        abstract=abstract,
        authors=tuple(authors),
        url=f"https://pubmed.ncbi.nlm.nih.gov/{name}/" if pubmed else f"https://arxiv.org/abs/{name}",
        published=day,
        entered=day,
        venue=chance.choice(_JOURNALS) if pubmed else None,
        categories=tuple(chance.sample(_HEADINGS, 6) if pubmed else chance.sample(_CATEGORIES, 2)),
        language="en",
        identifiers=frozenset(identifiers),
    )
