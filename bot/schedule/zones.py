"""Time zones as people write them, read as their IANA names (pure)."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from zoneinfo import available_timezones

from bot.errors import Refused

_NO_PLACES = frozenset({"Factory", "localtime"})
_OFFSET = re.compile(r"(utc|gmt)?\s*[+\-−]\s*\d.*", re.IGNORECASE)


def parse_zone(text: str) -> str:
    """Return the IANA name for ``europe/berlin``, ``Berlin``, ``new york``, ``UTC`` or ``CET``; raise Refused with
    the nearest names. An offset such as ``UTC+1`` is refused, for it knows no summer time."""
    typed = "_".join(text.replace("_", " ").split())
    if exact := _names().get(typed.casefold()):
        return exact
    if _OFFSET.fullmatch(typed):
        raise Refused(f"“{text}” knows no summer time: name a place, such as Europe/Berlin.")
    places = _places().get(typed.casefold(), ())
    if len(places) == 1:
        return places[0]
    near = list(places) or _nearest(typed.casefold())
    hint = f"Did you mean {' or '.join(near)}?" if near else "Name one such as Europe/Berlin."
    raise Refused(f"There is {'more than one' if places else 'no'} time zone “{text[:40]}”. {hint}")


@cache
def _names() -> Mapping[str, str]:
    return {name.casefold(): name for name in sorted(available_timezones() - _NO_PLACES)}


@cache
def _places() -> Mapping[str, tuple[str, ...]]:
    """The zones by their last part, which mostly is a city. Those of ``Etc`` are none: their signs are inverted."""
    found: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for name in _names().values():
        if not name.startswith("Etc/"):
            found[name.rpartition("/")[2].casefold()] += (name,)
    return found


def _nearest(typed: str) -> list[str]:
    cities = difflib.get_close_matches(typed, _places(), n=2, cutoff=0.7)
    names = difflib.get_close_matches(typed, _names(), n=2, cutoff=0.7)
    found = [place for city in cities for place in _places()[city]] + [_names()[name] for name in names]
    return list(dict.fromkeys(found))[:3]
