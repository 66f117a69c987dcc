"""What the filter of a list offers and what is chosen there: ``source:pubmed``, ``type:journal``, ``source:all``,
``all`` (pure)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.conversation import FILTERED, Filter, ResultPage
from bot.model import Kind
from bot.query import Field
from bot.wording import kind_word, source_title

_ALL = "all"
_FILTER = re.compile(r"(source|type):([a-z0-9_-]{1,40})")
_AWAY = {Field.SOURCE: "From all sources", Field.TYPE: "Journal and Preprint"}
_KINDS = {"journal": Kind.ARTICLE, "article": Kind.ARTICLE, "preprint": Kind.PREPRINT}


def read_filter(text: str) -> tuple[Filter, ...]:
    """Read what was chosen, as what each field must hold from then on; empty if it cannot be read."""
    if text == _ALL:
        return tuple((field, None) for field in FILTERED)
    if not (match := _FILTER.fullmatch(text)):
        return ()
    field, value = Field(match[1]), match[2]
    if value == _ALL:
        return ((field, None),)
    if field is Field.TYPE:
        return ((field, _KINDS[value].value),) if value in _KINDS else ()
    return ((field, value),)


def filter_name(filter_: Filter) -> str:
    """Return ``PubMed`` or ``Journal``."""
    field, value = filter_
    if field is Field.TYPE and value in set(Kind):
        return kind_word(Kind(value))
    return source_title(value or "")


def filter_options(page: ResultPage) -> list[tuple[str, str]]:
    """What can be chosen, as (choice, words): first how to take away each filter there is, then the others."""
    active = dict(page.filters)
    away = [(f"{field}:{_ALL}", _AWAY[field]) for field in active if field in _AWAY]
    if len(away) > 1:
        away.insert(0, (_ALL, "No filter"))
    values: list[Filter] = [(Field.SOURCE, source) for source in _sources(page.sources)]
    values += [(Field.TYPE, kind.value) for kind in Kind]
    others = [(field, value) for field, value in values if active.get(field) != value]
    return [*away, *((f"{field}:{value}", f"Only {filter_name((field, value))}") for field, value in others)]


def _sources(sources: Sequence[str]) -> Sequence[str]:
    """One source alone is nothing to choose from."""
    return sources if len(sources) > 1 else ()
