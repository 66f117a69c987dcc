"""The modals that add and edit a topic or an alert (pure)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from adapters.chat.slack.blocks import Block, context
from adapters.chat.slack.commands import Payload
from adapters.chat.slack.rich_text import draw
from adapters.chat.slack.views import View, modal, plain, text_input
from adapters.layout import Links, fragment
from bot.conversation import AddAlert, AddTopic, EditTopic, Mistake, Notice, Preview, Reply
from bot.errors import QueryError
from bot.query import parse
from bot.translating import looks_foreign
from bot.wording import shorten, visible

TOPIC = "topic"
"""The callback_id of the modal."""

CHECK = "topic.check"
"""The action_id of the query in it: Slack tells of each change."""

PREVIEW = "topic.preview"
"""The action_id of the button that asks the sources what the query would bring."""

_NAME = "name"
_QUERY = "query"
_MAX_NAME = 80
_MAX_QUERY = 3000
"""Characters of an input (docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element)."""

_MAX_MISTAKE = 300
_NOWHERE = Links(message=lambda _: "", file=lambda _: "")


@dataclass(frozen=True, slots=True)
class Target:
    """What a modal is about: the ``topic`` of that name, "" for a new one, in the channel with Slack's id ``channel``,
    "" for the person's own alerts; ``place`` is what people call the channel."""

    channel: str = ""
    place: str = ""
    topic: str = ""

    def to_text(self) -> str:
        """Write it as a button's value or a modal's private_metadata."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str) -> Target:
        """Read what ``to_text`` has written."""
        return cls(**json.loads(text))

    @property
    def kind(self) -> str:
        """What people call it."""
        return "topic" if self.channel else "alert"


def form(target: Target, *, name: str = "", query: str = "", feedback: Sequence[Block] = ()) -> View:
    """Make the modal. What is typed in it stays when only ``feedback`` is another."""
    title = f"{'Edit' if target.topic else 'Add'} {target.kind}"
    where = f"in {target.place}" if target.channel else "comes to you alone, as a direct message"
    known = {"callback_id": TOPIC, "private_metadata": target.to_text()}
    if len(query) > _MAX_QUERY:
        return modal(title, [context(visible(_TOO_LONG.format(target.kind, target.topic)))], **known)
    about = context(visible(" ".join(filter(None, (target.kind.capitalize(), target.topic, where)))))
    naming = [] if target.topic else [_name_input(name)]
    return modal(title, [about, *naming, _query_input(query), _preview_button(), *feedback], submit="Save", **known)


_TOO_LONG = "The query of {} {} is too long for this form. Ask with /papers topics to see it."


def _preview_button() -> Block:
    return {"type": "actions", "elements": [{"type": "button", "action_id": PREVIEW, "text": plain("Preview", 75)}]}


def _name_input(name: str) -> Block:
    element: Block = {"type": "plain_text_input", "action_id": _NAME, "max_length": _MAX_NAME, "focus_on_load": True}
    return text_input(_NAME, "Name", element | ({"initial_value": name} if name else {}))


def _query_input(query: str) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": CHECK,
        "multiline": True,
        "max_length": _MAX_QUERY,
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed", "on_character_entered"]},
    }
    return text_input(
        _QUERY,
        "Query",
        element | ({"initial_value": query} if query else {}),
        dispatch_action=True,
        hint={"type": "plain_text", "text": _HINT, "emoji": False},
    )


_HINT = 'Words, "a phrase", OR, (groups), -without, title: author: journal: … Or paste a search of PubMed or arXiv.'


def look(typed: Typed) -> Reply:
    """What can be said of a query without asking anybody, while it is being typed."""
    if looks_foreign(typed.query):
        return Notice("This looks like a search of PubMed or arXiv. Preview shows how it is read.")
    try:
        return Notice(f"Read as: {parse(typed.query)}")
    except QueryError as error:
        return Mistake(str(error), error.query, error.column, error.suggestion)


def told(reply: Reply, today: date) -> list[Block]:
    """Draw a reply within a modal."""
    return draw(fragment(reply, today, _NOWHERE))


# ---------------------------------------------------------------- what was typed


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form."""

    target: Target
    name: str
    query: str

    @property
    def command(self) -> AddTopic | AddAlert | EditTopic | Preview:
        """What saves it; a search written for a source is read first, to be looked at."""
        if not self.target.topic:
            return AddTopic(self.name, self.query) if self.target.channel else AddAlert(self.name, self.query)
        return Preview(self.query) if looks_foreign(self.query) else EditTopic(self.name, self.query)


def read(view: Payload) -> Typed:
    """Read the form."""
    target = Target.from_text(view["private_metadata"])
    values = view["state"]["values"]
    name = target.topic or " ".join(_text(values[_NAME][_NAME]).split())
    return Typed(target, name, _text(values[_QUERY][CHECK]))


def _text(element: Payload) -> str:
    """What was typed; halves of surrogate pairs, which UTF-8 cannot carry, are replaced."""
    return visible((element.get("value") or "").encode("utf-8", "replace").decode()).strip()


def judge(body: Payload) -> dict[str, Any]:
    """Answer the form's submission at once: with the mistake in the query, or with a modal to wait in."""
    typed = read(body["view"])
    if mistakes := _mistakes(typed):
        return {"response_action": "errors", "errors": mistakes}
    waiting = modal(f"Saving the {typed.target.kind}", [context("The sources are asked what it would bring …")])
    return {"response_action": "update", "view": waiting}


def _mistakes(typed: Typed) -> dict[str, str]:
    if not typed.name:
        return {_NAME: "It needs a name."}
    if looks_foreign(typed.query):
        return {}
    try:
        parse(typed.query)
    except QueryError as error:
        here = f" Look here: {typed.query[max(0, error.column - 20) : error.column + 20]}" if typed.query else ""
        better = f" Did you mean {error.suggestion}?" if error.suggestion else ""
        return {_QUERY: shorten(f"{error}{better or here}", _MAX_MISTAKE)}
    return {}
