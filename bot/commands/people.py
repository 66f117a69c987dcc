"""Commands for what belongs to one person, for citing and for sharing, and what their controls carry (pure)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from bot.citing import CitationFormat
from bot.commands.entry import Entry, missing, read_name, read_number, whole_name
from bot.conversation import (
    AddAlert,
    AlertFromList,
    Cite,
    CiteList,
    Command,
    ForgetMe,
    ListAlerts,
    Misunderstood,
    PauseAlert,
    Privacy,
    React,
    RemoveAlert,
    ResumeAlert,
    Save,
    ShareList,
    SharePaper,
    ShowSaved,
    Unsave,
)
from bot.identity import parse_number

REACTIONS = ("useful", "not-useful")
"""What can be said of a paper by a button."""

_FORMAT = re.compile(r"(?:^|\s+)format:\s*(\S*)\s*$", re.IGNORECASE)


def _read_cite(rest: str) -> Command:
    match = _FORMAT.search(rest)
    paper, form = (rest[: match.start()], match[1].lower()) if match else (rest, CitationFormat.BIBTEX.value)
    if form not in set(CitationFormat):
        return Misunderstood("format: is bibtex, ris or csl-json.", "help cite")
    return Cite(paper, CitationFormat(form)) if paper else missing(_CITE)


def _read_alert(rest: str) -> Command:
    name, query = read_name(rest)
    return AddAlert(name, query) if name and query else missing(_ALERT_ADD)


def _read_forget_me(rest: str) -> Command:
    return ForgetMe(confirmed=rest.lower() == "confirm")


_CITE = Entry(
    "cite", "ID [format:bibtex|ris|csl-json]", _read_cite, "A paper’s citation, to copy.", "cite P12 format:ris"
)
_ALERT_ADD = Entry(
    "alert add",
    "NAME QUERY",
    _read_alert,
    "Follow a query for yourself. Its new papers come as direct messages.",
    'alert add knees "knee mri" OR "knee magnetic resonance"',
)
ENTRIES = (
    _CITE,
    Entry("save", "ID", Save, "Put a paper on your own reading list.", "save P12"),
    Entry("saved", "", lambda _: ShowSaved(), "Your reading list, which nobody else sees.", "saved"),
    Entry("unsave", "ID", Unsave, "Take a paper off your reading list.", "unsave P12"),
    _ALERT_ADD,
    Entry("alert list", "", lambda _: ListAlerts(), "Your alerts.", "alert list"),
    Entry("alert remove", "NAME", lambda rest: RemoveAlert(whole_name(rest)), "End an alert.", "alert remove knees"),
    Entry(
        "alert pause",
        "NAME",
        lambda rest: PauseAlert(whole_name(rest)),
        "Hold an alert for a while.",
        "alert pause knees",
    ),
    Entry(
        "alert resume", "NAME", lambda rest: ResumeAlert(whole_name(rest)), "Go on with an alert.", "alert resume knees"
    ),
    Entry("privacy", "", lambda _: Privacy(), "What is kept about you, and for how long.", "privacy"),
    Entry(
        "forget-me", "[confirm]", _read_forget_me, "Remove what is kept about you; asks before it does.", "forget-me"
    ),
)

# ---------------------------------------------------------------- controls


def _read_cite_control(key: str, value: str) -> Command | None:
    """KEY with FORMAT for the whole list, FORMAT.PAGE for one page."""
    form, _, page = value.partition(".")
    number = read_number(page)
    if not key or form not in set(CitationFormat) or (page and number is None):
        return None
    return CiteList(key, CitationFormat(form), number)


def _read_share_control(argument: str, comment: str) -> Command | None:
    """A paper's number, or KEY.PAGE."""
    key, _, page = argument.rpartition(".")
    if not key:
        return SharePaper(argument, comment) if argument else None
    number = read_number(page)
    return None if number is None else ShareList(key, number, comment)


def _read_again_control(argument: str, comment: str) -> Command | None:
    """A paper's number and the message that shows it: P12.MESSAGE."""
    paper, _, message = argument.partition(".")
    return SharePaper(paper, comment, message) if paper and message else None


def _read_alert_control(argument: str, _: str) -> Command | None:
    return AlertFromList(argument) if argument else None


def _read_reaction(argument: str, *, added: bool) -> Command | None:
    """REACTION.PAPER, and where it is taken back .MESSAGE."""
    reaction, _, rest = argument.partition(".")
    paper, _, message = rest.partition(".")
    number = parse_number(paper)
    if reaction not in REACTIONS or number is None or added is bool(message):
        return None
    return React(reaction, message, number, added)


CONTROLS: Mapping[str, Callable[[str, str], Command | None]] = {
    "cite": _read_cite_control,
    "share": _read_share_control,
    "again": _read_again_control,
    "alert": _read_alert_control,
    "react": lambda argument, _: _read_reaction(argument, added=True),
    "unreact": lambda argument, _: _read_reaction(argument, added=False),
}
"""How the argument and the value of a control are read; None for what cannot be."""
