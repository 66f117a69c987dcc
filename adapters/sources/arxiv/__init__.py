"""arXiv as a source of papers: the query API https://export.arxiv.org/api/query, the daily feeds
https://rss.arxiv.org and, while the API fails, OAI-PMH https://oaipmh.arxiv.org/oai, by the terms of
https://info.arxiv.org/help/api/tou.html (one request per three seconds)."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from adapters.http import HttpClient
from adapters.sources.arxiv.compile import compile_query
from adapters.sources.arxiv.desk import Desk
from adapters.sources.arxiv.files import read_atom, read_oai
from adapters.sources.arxiv.oai import parse_oai
from adapters.sources.arxiv.parse import Feed, parse_api, parse_rss
from adapters.sources.arxiv.source import Arxiv

__all__ = [
    "Arxiv",
    "Feed",
    "Settings",
    "compile_query",
    "open_source",
    "parse_api",
    "parse_oai",
    "parse_rss",
    "read_atom",
    "read_oai",
]

_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def _read_seconds(value: object) -> object:
    """Turn "3s" into 3.0; a number is left to the number's own check."""
    if not isinstance(value, str) or value.replace(".", "", 1).isdecimal():
        return value
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd])", value.strip())
    if match is None:
        raise ValueError(f"{value!r} is no duration; write a number and s, m, h or d, as in '3s'")
    return float(match[1]) * _SECONDS[match[2]]


class Settings(BaseModel):
    """``[sources.arxiv]``. ``min_gap`` is in seconds, over all three addresses together; ``categories`` are read
    from the daily feeds as well, whatever the topics ask for, and from OAI-PMH while the API fails."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base_url: str = "https://export.arxiv.org/api/query"
    rss_url: str = "https://rss.arxiv.org"
    oai_url: str = "https://oaipmh.arxiv.org/oai"
    min_gap: Annotated[float, BeforeValidator(_read_seconds), Field(ge=0)] = 3.0
    categories: list[Annotated[str, Field(pattern=r"^[a-z-]+(\.[A-Za-z-]+)?$")]] = []


def open_source(
    settings: Settings,
    http: HttpClient,
    contact: str,  # noqa: ARG001 — every source is opened alike; arXiv knows us by the client's User-Agent
) -> Arxiv:
    """Make the source; nothing is asked yet."""
    gap = settings.min_gap
    urls = (settings.base_url, settings.rss_url, settings.oai_url)
    api, rss, oai = (http.lane(url, gap=gap) for url in urls)
    return Arxiv(Desk(api, rss, oai, gap), *urls, settings.categories)
