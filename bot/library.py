"""The starter library: reviewed topics for a channel to copy (pure)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from bot.query import Query, parse


@dataclass(frozen=True, slots=True)
class StarterTopic:
    """A topic to copy. ``name`` is what the channel's topic is called, ``title`` is how people say it, ``purpose`` is
    one sentence on what it is for; the library groups topics by ``field``."""

    name: str
    title: str
    field: str
    purpose: str
    query: Query


@cache
def starter_topics() -> tuple[StarterTopic, ...]:
    """All of them, those of one field next to each other (bot/starter_topics.toml)."""
    text = resources.files("bot").joinpath("starter_topics.toml").read_text(encoding="utf-8")
    return tuple(StarterTopic(**topic | {"query": parse(topic["query"])}) for topic in tomllib.loads(text)["topics"])
