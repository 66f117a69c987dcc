"""Commands for lists of papers (pure)."""

from __future__ import annotations

import re

from bot.commands.entry import Entry, missing, read_name, read_number
from bot.conversation import PAGE_SIZES, Command, Latest, Misunderstood, PageRequest, Search, Sort

_OPTION = re.compile(r'"[^"]*(?:"|$)|(?<!\S)(sort|page|per_page):(\S*)\s*', re.IGNORECASE)


def _read_search(rest: str) -> Command:
    options: dict[str, str] = {}

    def take(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0]
        options[match[1].lower()] = match[2].lower()
        return ""

    query = _OPTION.sub(take, rest).strip()
    if not query:
        return missing(_SEARCH)
    request = _read_request(options)
    return request if isinstance(request, Misunderstood) else Search(query, request)


def _read_request(options: dict[str, str]) -> PageRequest | Misunderstood:
    sort, page, per_page = (options.get(name, default) for name, default in _DEFAULTS)
    if sort not in set(Sort):
        return Misunderstood("sort: is newest, oldest or relevance.", "help search")
    if per_page not in map(str, PAGE_SIZES):
        return Misunderstood("per_page: is 5, 10 or 25.", "help search")
    number = read_number(page)
    if number is None or number < 1:
        return Misunderstood("page: is a number from 1.", "help search")
    return PageRequest(Sort(sort), number, int(per_page))


_DEFAULTS = (
    ("sort", PageRequest().sort.value),
    ("page", str(PageRequest().page)),
    ("per_page", str(PageRequest().per_page)),
)


def _read_latest(rest: str) -> Command:
    rest = re.sub(r"^topic:\s*", "", rest, flags=re.IGNORECASE)
    return Latest(read_name(rest)[0] or None)


_SEARCH = Entry(
    "search",
    "QUERY [sort:newest|oldest|relevance] [page:N] [per_page:5|10|25]",
    _read_search,
    "Find papers in the archive.",
    'search "breast mri" (screening OR recall) -review after:3m sort:relevance',
)
ENTRIES = (
    _SEARCH,
    Entry("latest", "[topic:NAME]", _read_latest, "The newest papers of this channel’s topics.", "latest"),
)
