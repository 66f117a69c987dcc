"""What people type after /papers, and what their buttons carry, read as commands (pure).

``COMMANDS`` is the only list of commands; every platform shares the ids of controls made here.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.conversation import (
    PAGE_SIZES,
    AddTopic,
    Command,
    CommandHelp,
    Help,
    Latest,
    ListTopics,
    Misunderstood,
    PageRequest,
    PostNewest,
    Preview,
    Rearrange,
    RemoveTopic,
    Search,
    Show,
    ShowStatus,
    Sort,
    TurnPage,
    Why,
)

MAX_PAGE = 1_000_000
MAX_CONTROL_ID = 100
"""Discord's limit for a custom_id, the narrowest of all platforms."""


# ---------------------------------------------------------------- typed words

_ADDRESSED = re.compile(r"\s*(?:/papers\b|@paper ?round\b[:,]?)?\s*", re.IGNORECASE)
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "‟": '"', "＂": '"'})
_OPTION = re.compile(r'"[^"]*(?:"|$)|(?<!\S)(sort|page|per_page):(\S*)\s*', re.IGNORECASE)
_NAME = re.compile(r'"([^"]*)"(?:\s+|$)|[\'‘’]([^\'‘’]*)[\'‘’](?:\s+|$)|(\S+)\s*')


def parse_command(text: str) -> Command:
    """Read the words after ``/papers`` (which may still stand in front); any text gives some command."""
    text = _ADDRESSED.sub("", text, count=1).translate(_QUOTES).strip()
    if not text:
        return Help()
    for entry in _ENTRIES:
        if match := entry.pattern.match(text):
            rest = text[match.end() :].strip()
            return entry.read(rest) if rest or not entry.needs_more else _missing(entry)
    return _unknown(text)


def _unknown(text: str) -> Misunderstood:
    """Offer the nearest command with the rest of what was typed, else a search for all of it."""
    words = text.split()
    for length in (2, 1):
        typed = " ".join(words[:length]).lower()
        if typed == "topic":
            return Misunderstood("After “topic” comes add, remove or post.", "help topic add")
        names = [entry.name for entry in _ENTRIES if len(entry.name.split()) == length]
        if near := difflib.get_close_matches(typed, names, n=1, cutoff=0.7):
            rest = text.split(maxsplit=length)[length:]
            return Misunderstood(f"There is no command “{typed[:40]}”.", " ".join([near[0], *rest]))
    return Misunderstood(f"There is no command “{words[0][:40]}”.", f"search {text}")


def _read_search(rest: str) -> Command:
    options: dict[str, str] = {}

    def take(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0]
        options[match[1].lower()] = match[2].lower()
        return ""

    query = _OPTION.sub(take, rest).strip()
    if not query:
        return _missing(_SEARCH)
    request = _read_request(options)
    return request if isinstance(request, Misunderstood) else Search(query, request)


def _read_request(options: dict[str, str]) -> PageRequest | Misunderstood:
    sort, page, per_page = (options.get(name, default) for name, default in _DEFAULTS)
    if sort not in set(Sort):
        return Misunderstood("sort: is newest, oldest or relevance.", "help search")
    if per_page not in map(str, PAGE_SIZES):
        return Misunderstood("per_page: is 5, 10 or 25.", "help search")
    number = _read_number(page)
    if number is None or number < 1:
        return Misunderstood("page: is a number from 1.", "help search")
    return PageRequest(Sort(sort), number, int(per_page))


_DEFAULTS = (
    ("sort", PageRequest().sort.value),
    ("page", str(PageRequest().page)),
    ("per_page", str(PageRequest().per_page)),
)


def _read_number(text: str) -> int | None:
    """Read a whole number, at most MAX_PAGE; None if it is not one."""
    if not re.fullmatch(r"[0-9]{1,1000}", text.strip()):
        return None
    return min(int(text), MAX_PAGE)


def _read_latest(rest: str) -> Command:
    rest = re.sub(r"^topic:\s*", "", rest, flags=re.IGNORECASE)
    return Latest(_read_name(rest)[0] or None)


def _read_topics(rest: str) -> Command:
    if rest.lower().startswith(("add ", "remove ", "post ")):
        return Misunderstood("That command is “topic”, without an s.", f"topic {rest}")
    return ListTopics()


def _read_add(rest: str) -> Command:
    name, query = _read_name(rest)
    return AddTopic(name, query) if name and query else _missing(_TOPIC_ADD)


def _read_remove(rest: str) -> Command:
    return RemoveTopic(_whole_name(rest))


def _read_post(rest: str) -> Command:
    return PostNewest(_whole_name(rest))


def _read_help(rest: str) -> Command:
    return Help(" ".join(rest.lower().split()) or None)


def _read_name(rest: str) -> tuple[str, str]:
    """Split a name, quoted or one word, from what follows it."""
    if not (match := _NAME.match(rest)):
        return "", rest
    name = next(group for group in match.groups() if group is not None)
    return " ".join(name.split()), rest[match.end() :]


def _whole_name(rest: str) -> str:
    """Read all of the rest as a name, for nothing can follow it."""
    name, more = _read_name(rest)
    return name if not more else " ".join(rest.split())


def _missing(entry: _Entry) -> Misunderstood:
    return Misunderstood(f"Something is missing: {entry.help.usage}", entry.help.example)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One command: its words, what may follow and how that is read, and what help says about it."""

    name: str
    arguments: str
    read: Callable[[str], Command]
    what: str
    example: str
    admin: bool = False

    @property
    def pattern(self) -> re.Pattern[str]:
        """Match its words at the start of a text."""
        return re.compile(r"\s+".join(self.name.split()) + r"(?!\S)", re.IGNORECASE)

    @property
    def needs_more(self) -> bool:
        """Whether its words alone are not enough."""
        return bool(self.arguments) and not self.arguments.startswith("[")

    @property
    def help(self) -> CommandHelp:
        return CommandHelp(f"{self.name} {self.arguments}".strip(), self.what, self.example, self.admin)


_SEARCH = _Entry(
    "search",
    "QUERY [sort:newest|oldest|relevance] [page:N] [per_page:5|10|25]",
    _read_search,
    "Find papers in the archive.",
    'search "breast mri" (screening OR recall) -review after:3m sort:relevance',
)
_LATEST = _Entry("latest", "[topic:NAME]", _read_latest, "The newest papers of this channel’s topics.", "latest")
_SHOW = _Entry("show", "ID", Show, "One paper in full. ID: P12, a DOI, PMID, arXiv id or link.", "show P12")
_TOPICS = _Entry("topics", "", _read_topics, "What this channel follows, and when it posts.", "topics")
_TOPIC_ADD = _Entry(
    "topic add",
    "NAME QUERY",
    _read_add,
    "Follow a query here. Its new papers will be posted.",
    'topic add breast-mri "breast mri" OR "breast magnetic resonance"',
    admin=True,
)
_TOPIC_REMOVE = _Entry(
    "topic remove", "NAME", _read_remove, "Stop following a topic.", "topic remove breast-mri", admin=True
)
_TOPIC_POST = _Entry(
    "topic post", "NAME", _read_post, "Post the newest five papers of a topic now.", "topic post breast-mri", admin=True
)
_PREVIEW = _Entry("preview", "QUERY", Preview, "How many papers a query would bring.", 'preview "breast mri" -review')
_WHY = _Entry("why", "ID", Why, "When a paper came, and why it was posted here or not.", "why P12")
_STATUS = _Entry("status", "", lambda _: ShowStatus(), "How the sources and this channel do.", "status")
_HELP = _Entry("help", "[command]", _read_help, "What can be asked here.", "help search")

_CHANNEL = (_TOPICS, _TOPIC_ADD, _TOPIC_REMOVE, _TOPIC_POST, _PREVIEW)
_ENTRIES = (_SEARCH, _LATEST, _SHOW, *_CHANNEL, _WHY, _STATUS, _HELP)
COMMANDS = tuple(entry.help for entry in _ENTRIES)


# ---------------------------------------------------------------- controls
#
# A control's id is "1.NAME.ARGUMENT", or "1.NAME" when the argument does not fit or is chosen by the person.
# The id, with the chosen value, is the whole state: it works after a restart and for anyone who may see it.

_PAGING = frozenset({"first", "previous", "next", "last"})
_IN_PLACE = _PAGING | {"jump", "sort", "size", "refresh"}


def page_control(name: str, key: str, page: int) -> str:
    """Make the id of first, previous, next or last, which leads to that page of the list."""
    return control_id(name, f"{key}.{page}")


def control_id(name: str, argument: str = "") -> str:
    """Make the id of a control.

    The arguments: a list's key for jump, sort, size (which take page, order or size as value), refresh and more; a
    paper's id for open; a command for run; a topic's name for start. One too long for an id is left out: give it as
    the control's value, or leave the control out.
    """
    whole = f"1.{name}.{argument}"
    return whole if argument and len(whole) <= MAX_CONTROL_ID else f"1.{name}"


def turns_list(control: str) -> bool:
    """Whether a control changes the list it stands under, rather than asking for something new."""
    return _split(control)[1] in _IN_PLACE


def offered_command(control: str, value: str = "") -> str:
    """Return the command that a ``run`` control stands for, as if it had been typed; nothing for other controls."""
    _, name, argument = _split(control)
    return (argument or value) if name == "run" else ""


def parse_control(control: str, value: str = "") -> Command:
    """Read a control that was used, with what was chosen or typed in it; Misunderstood if it cannot be read."""
    version, name, argument = _split(control)
    if version == "1" and name in _PAGING:
        key, _, page = argument.rpartition(".")
        return _turn(key, page)
    if version == "1" and name in _IN_PLACE | {"more"}:
        return _read_list_control(name, argument, value)
    if version == "1" and name in _READERS and (argument or value):
        return _READERS[name](argument or value)
    return _STALE


def _split(control: str) -> tuple[str, str, str]:
    version, _, rest = control.partition(".")
    name, _, argument = rest.partition(".")
    return version, name, argument


_READERS: dict[str, Callable[[str], Command]] = {"open": Show, "run": parse_command, "start": PostNewest}


def _read_list_control(name: str, key: str, value: str) -> Command:
    if not key:
        return _STALE
    if name == "more":
        return TurnPage(key, 1)
    if name == "jump":
        return _turn(key, value)
    if name == "sort":
        return Rearrange(key, sort=Sort(value)) if value in set(Sort) else _STALE
    if name == "size":
        return Rearrange(key, per_page=int(value)) if value in map(str, PAGE_SIZES) else _STALE
    return Rearrange(key)


def _turn(key: str, page: str) -> Command:
    number = _read_number(page)
    return _STALE if not key or number is None else TurnPage(key, max(1, number))


_STALE = Misunderstood("That control cannot be used any more.", "help")
