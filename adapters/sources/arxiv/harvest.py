"""OAI-PMH, the bridge over a round in which arXiv's query API fails: what changed since a day, category by category."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from datetime import date

from adapters.sources.arxiv.desk import Desk
from adapters.sources.arxiv.parse import Feed
from bot.errors import SourceIncomplete

_GROUPS = frozenset({"cs", "econ", "eess", "math", "q-bio", "q-fin", "stat"})
_PAGES = 40
"""Of 2,500 records; a bulk update by arXiv is not read to its end."""


async def harvest(desk: Desk, url: str, categories: Iterable[str], since: date) -> AsyncIterator[Feed]:
    """Every page of the categories' records changed since that day (https://info.arxiv.org/help/oa/index.html).

    There is no ``until``: arXiv asks not to set it. Raises SourceError, SourceIncomplete if the pages do not end.
    """
    for category in categories:
        fields = {"metadataPrefix": "arXiv", "from": since.isoformat(), "set": set_of(category)}
        for _ in range(_PAGES):
            feed = await desk.ask_oai(url, {"verb": "ListRecords", **fields})
            yield feed
            if not feed.resumption:
                break
            fields = {"resumptionToken": feed.resumption}
        else:
            raise SourceIncomplete(f"arXiv's list of {category} has more than {_PAGES} pages; those read are kept")


def set_of(category: str) -> str:
    """The OAI set of a category or archive: ``cs:cs:AI``, ``physics:hep-th``."""
    archive, _, subject = category.partition(".")
    group = archive if archive in _GROUPS else "physics"
    return ":".join(filter(None, (group, archive, subject)))
