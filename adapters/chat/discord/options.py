"""The sub-commands of ``/papers``, what each can be given, and how that stands in the line typed elsewhere (pure)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum

from bot.citing import CitationFormat
from bot.commands import MAX_PAGE, write_name
from bot.conversation import PAGE_SIZES, Sort

_QUOTES = "\"'“”„‘’ "
_LONGEST = 200
_LONGEST_NAME = 80
_LONGEST_QUERY = 4000


class Kind(IntEnum):
    """The type of an option (docs.discord.com/developers/interactions/application-commands)."""

    TEXT = 3
    NUMBER = 4
    SWITCH = 5
    PERSON = 6


def unquoted(name: str) -> str:
    """Take away the quotes that a name was typed in; an option needs none."""
    return name.strip(_QUOTES)


def _name(text: str) -> str:
    return write_name(unquoted(text))


def _topic_name(text: str) -> str:
    return f"topic:{_name(text)}"


@dataclass(frozen=True, slots=True)
class Option:
    """One option. ``write`` gives a value as it is typed elsewhere. A line that begins with ``after`` is completed with
    what is offered here; "": nothing is."""

    name: str
    what: str
    write: Callable[[str], str] = str
    kind: Kind = Kind.TEXT
    required: bool = True
    choices: tuple[str | int, ...] = ()
    after: str = ""
    longest: int = _LONGEST

    @property
    def is_name(self) -> bool:
        """Whether its value is a whole name, which needs no quotes here."""
        return self.write in (_name, _topic_name)


_QUERY = Option(
    "query", "Words, “a phrase”, OR, -not, title:… author:… after:3m", after="preview ", longest=_LONGEST_QUERY
)
_ID = Option("id", "P12, a DOI, PMID, arXiv id or link", after="show ")
_NEW_NAME = Option("name", "What to call it", _name, longest=_LONGEST_NAME)
_TOPIC = Option("name", "Which topic", _name, after="topic pause ", longest=_LONGEST_NAME)
_ALERT = Option("name", "Which alert", _name, after="alert pause ", longest=_LONGEST_NAME)
_STARTER = Option("name", "Which of them", _name, after="topic library ", longest=_LONGEST_NAME, required=False)
_PERSON = Option("person", "Who", "<@{}>".format, Kind.PERSON)
_KEY = Option("key", "The start of its key, which status shows", longest=24)
_SCHEDULE = Option("schedule", "now, daily 09:00, weekdays 09:00, weekly mon 09:00", after="schedule ")

_SEARCH = (
    Option("sort", "In which order", "sort:{}".format, required=False, choices=tuple(map(str, Sort))),
    Option("page", "Which page", "page:{}".format, Kind.NUMBER, required=False, longest=MAX_PAGE),
    Option("per_page", "How many on a page", "per_page:{}".format, Kind.NUMBER, required=False, choices=PAGE_SIZES),
    _QUERY,  # last, for its quotes may be unfinished
)
_CITE = (
    _ID,
    Option("format", "As what", "format:{}".format, required=False, choices=tuple(map(str, CitationFormat))),
)
_SET_SCHEDULE = (
    replace(_SCHEDULE, required=False),
    Option("zone", "As Europe/Berlin", required=False, after="schedule daily 09:00 "),
    Option("even_if_empty", "Say so when there is nothing new", "even if empty".format, Kind.SWITCH, required=False),
)
_MUTED = {
    "author": (Option("text", "The author’s name", _name),),
    "journal": (Option("text", "The journal’s name", _name),),
    "word": (Option("text", "A word or phrase in title or abstract", _name),),
}

SUBCOMMANDS: Mapping[str, tuple[Option, ...]] = {
    "search": _SEARCH,
    "latest": (replace(_TOPIC, name="topic", write=_topic_name, required=False),),
    "show": (_ID,),
    "why": (_ID,),
    "cite": _CITE,
    "save": (_ID,),
    "saved": (),
    "unsave": (_ID,),
    "alert add": (_NEW_NAME, _QUERY),
    "alert list": (),
    "alert remove": (_ALERT,),
    "alert pause": (_ALERT,),
    "alert resume": (_ALERT,),
    "topics": (),
    "topic add": (_NEW_NAME, _QUERY),
    "topic edit": (_TOPIC, _QUERY),
    "topic remove": (_TOPIC,),
    "topic pause": (_TOPIC,),
    "topic resume": (_TOPIC,),
    "topic undo": (_TOPIC,),
    "topic history": (replace(_TOPIC, required=False),),
    "topic library": (_STARTER,),
    "topic post": (_TOPIC,),
    "preview": (_QUERY,),
    "schedule": _SET_SCHEDULE,
    "recap": (replace(_SCHEDULE, what="As weekly fri 16:00, or off", after="recap "),),
    "snooze": (Option("until", "2w, until 2027-01-07, or off", after="snooze "),),
    **{f"{verb} {kind}": options for verb in ("mute", "unmute") for kind, options in _MUTED.items()},
    "mutes": (),
    "managers list": (),
    "managers add": (_PERSON,),
    "managers remove": (_PERSON,),
    "resend": (_KEY,),
    "skip": (_KEY,),
    "status": (),
    "privacy": (),
    "forget-me": (),
    "help": (Option("command", "Which one", required=False, after="help "),),
}
"""Each sub-command's options in the order of the typed line. Its words are those of the typed command, but that Discord
has no command beside commands of its own: ``managers`` is a list."""

TYPED = {"managers list": "managers"}
"""Sub-commands that are typed otherwise."""
