"""Marking the controls of a posted message, so that its channel says what was delivered when it is read back (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.chat.discord.components import MAX_ROWS, Component, controls, kept_commands
from adapters.chat.discord.custom_ids import with_key, with_marks
from bot.commands import MAX_CONTROL_ID, control_id
from bot.conversation import Post, Reply
from bot.identity import paper_marks
from bot.model import DeliveryKey
from bot.offering import Action, actions_of

_KEY = len(with_key("", DeliveryKey("k" * 24)))
_STATUS: Action = {"id": control_id("run", "status"), "label": "Status", "group": "offer", "value": "status"}
"""The control of a message that has no other."""


def marked_controls(reply: Reply, key: DeliveryKey) -> list[Component]:
    """Lay out the controls of a message that is posted, with its key in one of them. Its marks stand where a paper is
    opened, those of a paper at its own place; as many as there is room for. No command is kept for it elsewhere."""
    actions = actions_of(reply, None)
    rows = controls([action for action in actions if not any(kept_commands([action]))])
    if not any(map(_has_room, _controls_in(rows))):
        rows = [*controls([_STATUS]), *rows][:MAX_ROWS]
    marks, papers = (reply.marks, reply.papers) if isinstance(reply, Post) else ((), ())
    _mark(_controls_in(rows), key, marks, {f"P{one.paper.id}": paper_marks(one.paper) for one in papers})
    return rows


def _mark(made: Sequence[Component], key: DeliveryKey, marks: Sequence[str], own: Mapping[str, frozenset[str]]) -> None:
    options = [option for one in made for option in one.get("options", ()) if option["value"] in own]
    homes = [[mark for mark in marks if mark in own[option["value"]]] for option in options]
    at_home = {mark for home in homes for mark in home}
    rest: Sequence[str] = [mark for mark in marks if mark not in at_home]
    for option, home in zip(options, homes, strict=True):
        option["value"], rest = with_marks(option["value"], [*home, *rest])
    carrier = next(filter(_has_room, made))
    for one in made:
        one["custom_id"], rest = with_marks(one["custom_id"], rest, _KEY if one is carrier else 0)
    carrier["custom_id"] = with_key(carrier["custom_id"], key)


def _has_room(one: Component) -> bool:
    return len(one["custom_id"]) + _KEY <= MAX_CONTROL_ID


def _controls_in(rows: Sequence[Component]) -> list[Component]:
    return [one for row in rows for one in row["components"]]
