"""What can come next while a command is being typed (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from zoneinfo import available_timezones

from bot.commands.entry import Entry, write_name
from bot.commands.typed import ENTRIES
from bot.query import Field

MOST = 25
"""How many suggestions Discord shows, the strictest of all platforms."""

_LONGEST_LINE = 1000
_ADDRESS = "/papers"
_ADDRESSED = re.compile(r"^\s*(?:/papers\s+|@paper ?round\b[:,]?\s+)?", re.IGNORECASE)
_PAPER = "ID"
_OPTION = re.compile(r"\[(\w+):([^\]]*)\]")
_SCHEDULES = {
    "now": "each paper as it comes",
    "daily 09:00": "every day at nine",
    "weekdays 09:00": "Monday to Friday at nine",
    "weekly mon 09:00": "every Monday at nine",
}
_FIELDS = {
    "title:": "words in the title",
    "abstract:": "words in the abstract",
    "author:": "an author’s name",
    "journal:": "a journal’s name",
    "category:": "an arXiv category or MeSH heading",
    "source:": "where it comes from",
    "type:": "journal or preprint",
    "doi:": "one DOI",
    "id:": "a paper’s number or identifier",
    "after:": "not older than a day, or than 7d, 3m",
    "before:": "older than that",
}
_AGES = {"7d": "7 days", "2w": "2 weeks", "3m": "3 months", "1y": "a year"}
_KINDS = {"journal": "in a journal", "preprint": "not reviewed yet"}


@dataclass(frozen=True, slots=True)
class Known:
    """What can be named where the command is typed; ``papers`` as (P12, title)."""

    topics: Sequence[str] = ()
    alerts: Sequence[str] = ()
    starters: Sequence[str] = ()
    sources: Sequence[str] = ()
    papers: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Put ``insert`` in place of ``text[start:end]``; ``what`` says what it is, or is empty."""

    start: int
    end: int
    insert: str
    what: str = ""


def names_paper(text: str) -> bool:
    """Whether a paper is what follows the command that a text begins with."""
    rest = _ADDRESSED.sub("", text, count=1)
    return any(entry.arguments.startswith(_PAPER) and entry.pattern.match(rest) for entry in ENTRIES)


def complete(text: str, cursor: int, known: Known) -> list[Suggestion]:
    """Give what may stand before the cursor, the likeliest first; at most MOST."""
    typed = text[: max(0, cursor)]
    if not typed.strip() or len(typed) > _LONGEST_LINE:
        return []
    if _ADDRESS.startswith(typed.strip().lower()):
        return _suggest(typed, typed, ((f"{_ADDRESS} {name}", what) for name, what in _commands("")))
    rest = _ADDRESSED.sub("", typed, count=1)
    if commands := _commands(" ".join(rest.lower().split()) + (" " if rest[-1:].isspace() and rest.strip() else "")):
        return _suggest(typed, rest, commands)
    for entry in ENTRIES:
        if (match := entry.pattern.match(rest)) and rest[match.end() :]:
            return _argument(typed, rest[match.end() :].lstrip(), entry, known)
    return []


def _commands(begun: str) -> list[tuple[str, str]]:
    """The commands that go on like this, each with a space if something follows it."""
    fitting = [entry for entry in ENTRIES if entry.name.startswith(begun) and entry.name != begun]
    return [(f"{entry.name} " if entry.arguments else entry.name, entry.what) for entry in fitting]


def _suggest(typed: str, word: str, choices: Iterable[tuple[str, str]]) -> list[Suggestion]:
    """Let choices take the place of the last ``word``."""
    start = len(typed) - len(word)
    return [Suggestion(start, len(typed), insert, what) for insert, what in choices if insert != word][:MOST]


# ---------------------------------------------------------------- arguments


def _argument(typed: str, rest: str, entry: Entry, known: Known) -> list[Suggestion]:  # noqa: PLR0911 - one for each kind
    """Complete the last of a command's arguments; ``rest`` is what was typed of them all."""
    word = re.split(r"\s", rest)[-1]
    for option, values in _OPTION.findall(entry.arguments):
        if word.lower().startswith(f"{option}:"):
            return _suggest(typed, word, _fitting(word, _values(option, values, known)))
    expected = _OPTION.sub("", entry.arguments).strip(" []")
    if expected.startswith("NAME"):
        name, rest = _split_name(rest) if expected != "NAME" else (rest, "")
        if not rest:
            return _suggest(typed, name, _named(name, _names(entry, known)))
    if expected == _PAPER and (papers := _papers(rest, known.papers)):
        return _suggest(typed, rest, papers)
    if expected.endswith("QUERY"):
        return _query_word(typed, rest, entry, known)
    if expected.startswith("SCHEDULE"):
        off = {"off": "none any more"} if expected.endswith("|off") else {}
        schedules = _fitting(rest, (_SCHEDULES | off).items())
        return _suggest(typed, rest, schedules) if schedules else _suggest(typed, word, _zones(word))
    if expected == "command":
        return _suggest(typed, rest, _fitting(rest, ((one.name, one.what) for one in ENTRIES)))
    if expected and rest == word:
        return _suggest(typed, word, _fitting(word, _alternatives(expected)))
    return _suggest(typed, word, _fitting(word, _options(entry, known)))


def _alternatives(expected: str) -> list[tuple[str, str]]:
    """The words among ``author|journal|word X``; what stands in capitals is for the person to fill in."""
    words = (alternative.split()[0] for alternative in expected.split("|"))
    return [(word, "") for word in words if word.islower() and "@" not in word]


def _split_name(rest: str) -> tuple[str, str]:
    """A name, and what follows it: nothing while the name itself is being written."""
    if rest[:1] in ('"', "'"):
        name, _, query = rest[1:].partition(rest[0])
        return (name, query) if query else (rest, "")
    name, space, query = rest.partition(" ")
    return name, space + query


def _names(entry: Entry, known: Known) -> Sequence[str]:
    """The names that a command can be given; none where it makes a new one."""
    group, _, verb = entry.name.partition(" ")
    if verb == "add":
        return ()
    if verb == "library":
        return known.starters
    return {"topic": known.topics, "alert": known.alerts}.get(group, ())


def _named(typed: str, names: Iterable[str]) -> list[tuple[str, str]]:
    begun = typed.strip("\"'").casefold()
    return [(_quoted(name), "") for name in names if name.casefold().startswith(begun)]


def _papers(typed: str, papers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those whose number begins so, or whose title holds it."""
    begun = typed.casefold()
    return [one for one in papers if one[0].casefold().startswith(begun) or begun in one[1].casefold()]


def _query_word(typed: str, rest: str, entry: Entry, known: Known) -> list[Suggestion]:
    """Complete the last word of a query, unless it is within quotes."""
    word = re.split(r"[\s(]-?", rest)[-1].removeprefix("-")
    if not word or rest.count('"') % 2:
        return []
    field, colon, value = word.partition(":")
    if not colon:
        return _suggest(typed, word, _fitting(word, [*_options(entry, known), *_FIELDS.items()]))
    values: dict[str, Iterable[tuple[str, str]]] = {
        Field.SOURCE: ((source, "") for source in known.sources),
        Field.TYPE: _KINDS.items(),
        "after": _AGES.items(),
        "before": _AGES.items(),
    }
    return _suggest(typed, value, _fitting(value, values.get(field.lower(), ())))


def _options(entry: Entry, known: Known) -> list[tuple[str, str]]:
    """The options of a command; where one takes names, each with its name."""
    found: list[tuple[str, str]] = []
    for option, values in _OPTION.findall(entry.arguments):
        named = values.isupper() and _values(option, values, known)
        found += named or [(f"{option}:", "" if values.isupper() else values.replace("|", ", "))]
    return found


def _values(option: str, values: str, known: Known) -> list[tuple[str, str]]:
    choices = [_quoted(name) for name in known.topics] if option == "topic" else values.split("|")
    return [(f"{option}:{choice}", "") for choice in choices if not choice.isupper() or option == "topic"]


def _quoted(name: str) -> str:
    return name if name.split() == [name] else write_name(name)


def _fitting(word: str, choices: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    begun = word.casefold()
    return [(insert, what) for insert, what in choices if insert.casefold().startswith(begun)]


def _zones(word: str) -> list[tuple[str, str]]:
    """Time zones by the beginning of their name or their city."""
    begun = word.casefold().replace(" ", "_")
    if not begun:
        return []
    return [(zone, "") for zone in _all_zones() if any(part.startswith(begun) for part in _beginnings(zone))]


def _beginnings(zone: str) -> tuple[str, str]:
    return zone.casefold(), zone.rpartition("/")[2].casefold()


@cache
def _all_zones() -> list[str]:
    return sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
