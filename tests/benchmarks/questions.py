"""What is asked of the archive: the query mix of ten classes, and topics (deterministic)."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator

from bot.model import Topic
from bot.query import parse
from bot.query.tokens import tokens
from tests.benchmarks.corpus import RARE_WORDS, Corpus, rare_word
from tests.benchmarks.vocabulary import PHRASES, STEMS
from tests.examples import NOW

PER_CLASS = 17
_SAMPLED = 4_000
_PREFIXES = [stem[:6] for stem in STEMS if len(stem) >= 5]


class Questions:
    """Words are chosen by the share of papers they are in, seen in a sample of the corpus."""

    def __init__(self, corpus: Corpus) -> None:
        self._random = random.Random(2611)
        step = max(1, corpus.total // _SAMPLED)
        sample = [corpus.record(number) for number in range(0, corpus.total, step)]
        counts = Counter(word for record in sample for word in {*tokens(record.abstract), *tokens(record.title)})
        shares = {word: n / len(sample) for word, n in counts.items() if word.isalpha()}
        self.common = sorted(word for word, share in shares.items() if 0.10 <= share <= 0.80)
        self.frequent = sorted(word for word, share in shares.items() if 0.05 <= share <= 0.25)
        self.middle = sorted(word for word, share in shares.items() if 0.001 <= share <= 0.004)

    def mix(self) -> dict[str, list[str]]:
        """PER_CLASS queries of each class."""
        makers: dict[str, Callable[[], str]] = {
            "rare term": self._rare,
            "mid term": lambda: self._random.choice(self.middle),
            "high term": lambda: self._random.choice(self.common),
            "two common words": lambda: " ".join(self._random.sample(self.frequent, 2)),
            "phrase": lambda: f'"{self._phrase()}"',
            "boolean, NOT": self._boolean,
            "30-term OR": lambda: " OR ".join(
                [*self._random.sample(self.middle, 29), self._random.choice(self.common)]
            ),
            "adjacent words": lambda: self._phrase().replace(" ", "-"),
            "prefix": lambda: f"{self._random.choice(_PREFIXES)}*",
            "title field": lambda: f'title:"{self._phrase()}"',
        }
        return {name: [make() for _ in range(PER_CLASS)] for name, make in makers.items()}

    def topics(self, count: int) -> list[Topic]:
        """Topics of six leaves that all differ: four of ten leaves are phrases; title:, prefixes and NOT are there."""
        written = dict.fromkeys(self._topic() for _ in range(count))
        while len(written) < count:
            written[self._topic()] = None
        return [Topic(n, f"topic {n}", parse(text), NOW) for n, text in enumerate(written)]

    def _topic(self) -> str:
        word = iter(self._random.sample(self.middle, 3))
        last = next(self._last())
        return (
            f'("{self._phrase()}" OR {next(word)} OR title:"{self._phrase()}") ({last} OR {next(word)}) -{next(word)}'
        )

    def _last(self) -> Iterator[str]:
        yield f'"{self._phrase()}"' if self._random.random() < 0.8 else f"{self._random.choice(_PREFIXES)}*"

    def _rare(self) -> str:
        return rare_word(self._random.randrange(RARE_WORDS // 4, RARE_WORDS // 2))

    def _phrase(self) -> str:
        """The first phrases are in most papers, and are asked for most."""
        return PHRASES[min(int(self._random.expovariate(1 / 40)), len(PHRASES) - 1)]

    def _boolean(self) -> str:
        one, other, unwanted = (self._phrase() for _ in range(3))
        wanted, without = self._random.sample(self.frequent, 2)
        return f'("{one}" OR "{other}") {wanted} -("{unwanted}" OR {without})'
