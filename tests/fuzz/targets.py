"""What is fuzzed: for each part of the bot a generator of inputs, and the check of what it makes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import adapters
from adapters.sources import arxiv
from bot.config import load
from bot.errors import ConfigurationError
from tests.fuzz import Check, generators, samples
from tests.fuzz.conversations import a_page, a_request, check_archive, with_conversation, with_storage
from tests.fuzz.messages import an_odd_paper, check_wording
from tests.fuzz.parsers import a_file, check_arxiv, check_lines, check_pubmed, check_search, with_file
from tests.fuzz.queries import check_pasted, check_tokens, with_index


@dataclass(frozen=True)
class Target:
    """``open`` gives the check; ``runs`` are those of ``make fuzz``, ``few`` those of ``make test``."""

    name: str
    generate: Callable[[Random], Any]
    open: Callable[[], AbstractContextManager[Check]]
    runs: int
    few: int


def _always(check: Check) -> Callable[[], AbstractContextManager[Check]]:
    """Open a check that needs nothing."""

    @contextmanager
    def opened() -> Iterator[Check]:
        yield check

    return opened


def _damaged(all_samples: Callable[[], tuple[bytes, ...]]) -> Callable[[Random], bytes]:
    return lambda random: generators.damaged(random, random.choice(all_samples()))


_VARIABLES = (
    "LOG__LEVEL",
    "SOURCES__PUBMED__API_KEY",
    "TOPICS",
    "WEB__PORT",
    "LOG",
    "SOURCES__X",
    "",
    "__",
    "LOG__LEVEL__X",
)


def _a_configuration(random: Random) -> tuple[bytes, dict[str, str]]:
    environment = {
        f"PAPERROUND_{random.choice(_VARIABLES)}": random.choice(
            ("debug", "[", "{}", "[1]", "0", generators.text(random, 3))
        )
        for _ in range(random.choice((0, 0, 0, 1, 2)))
    }
    return generators.damaged(random, random.choice(samples.configurations())), environment


@contextmanager
def _with_configuration() -> Iterator[Check]:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "paperround.toml"

        def check(given: tuple[bytes, dict[str, str]]) -> None:
            file.write_bytes(given[0])
            with suppress(ConfigurationError):
                config = load(file, given[1])
                adapters.check_tables(config.sources, config.chat, config.variables)

        yield check


_ALL = (
    Target("queries", generators.query, with_index, 1_000_000, 1_500),
    Target(
        "tokens",
        lambda random: generators.damaged_text(random, generators.text(random)),
        _always(check_tokens),
        100_000,
        1_000,
    ),
    Target("pasted", generators.pasted, _always(check_pasted), 200_000, 1_000),
    Target("pubmed", _damaged(samples.pubmed_sets), _always(check_pubmed), 100_000, 400),
    Target("pubmed-search", _damaged(samples.searches), _always(check_search), 100_000, 400),
    Target("arxiv-api", _damaged(samples.arxiv_answers), _always(partial(check_arxiv, arxiv.parse_api)), 100_000, 400),
    Target("arxiv-feeds", _damaged(samples.daily_feeds), _always(partial(check_arxiv, arxiv.parse_rss)), 100_000, 400),
    Target("arxiv-oai", _damaged(samples.oai_answers), _always(partial(check_arxiv, arxiv.parse_oai)), 100_000, 400),
    Target("jsonl", _damaged(samples.json_lines), _always(check_lines), 100_000, 400),
    Target("files", a_file, with_file, 100_000, 150),
    Target("wording", an_odd_paper, _always(check_wording), 20_000, 40),
    Target("commands", a_request, with_conversation, 20_000, 150),
    Target("archive", a_page, partial(with_storage, check_archive), 10_000, 50),
    Target("configuration", _a_configuration, _with_configuration, 10_000, 40),
)
TARGETS = {target.name: target for target in _ALL}
