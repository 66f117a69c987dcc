"""The methods views.*: modals and home tabs."""

from __future__ import annotations

from tests.fakes.slack.contents import view_of
from tests.fakes.slack.web_api import Call
from tests.fakes.slack.world import JSON, Refused, User, View

TRIGGER_SECONDS = 3
MOST_VIEWS = 3


def open_view(call: Call) -> JSON:
    content = view_of(call, "modal")
    person = _exchange(call)
    _refuse_used_external_id(call, content)
    return _shown(call, _new(call, person, content))


def push(call: Call) -> JSON:
    content = view_of(call, "modal")
    person = _exchange(call)
    stack = [view for view in call.workspace.views if view.user is person]
    if not stack or len(stack) >= MOST_VIEWS:
        raise Refused("push_limit_reached")
    _refuse_used_external_id(call, content)
    return _shown(call, _new(call, person, content, below=stack[-1]))


def update(call: Call) -> JSON:
    everything = [*call.workspace.views, *call.workspace.homes.values()]
    view = next((view for view in everything if _is_meant(call, view)), None)
    if view is None:
        raise Refused("not_found")
    if call.text("hash") and call.text("hash") != view.hash:
        raise Refused("hash_conflict")
    view.content, view.hash = view_of(call, view.content["type"]), call.slack.ts()
    view.errors = {}
    call.slack.change()
    return {"view": view.as_json()}


def publish(call: Call) -> JSON:
    person = call.user("user_id")
    content = view_of(call, "home")
    known = call.workspace.homes.get(person.id)
    if known and call.text("hash") and call.text("hash") != known.hash:
        raise Refused("hash_conflict")
    view = View(known.id if known else call.slack.id("V"), person, call.workspace, content, call.slack.ts())
    call.workspace.homes[person.id] = view
    call.slack.change()
    return {"view": view.as_json()}


def _exchange(call: Call) -> User:
    """The person whose gesture lets a modal open; a trigger is good for one modal within 3 seconds."""
    trigger = call.workspace.triggers.get(call.text("trigger_id"))
    if trigger is None:
        raise Refused("invalid_trigger_id")
    if trigger.used:
        raise Refused("exchanged_trigger_id")
    if call.slack.now() - trigger.at > TRIGGER_SECONDS:
        raise Refused("expired_trigger_id")
    trigger.used = True
    return trigger.user


def _new(call: Call, person: User, content: JSON, below: View | None = None) -> View:
    view = View(call.slack.id("V"), person, call.workspace, content, call.slack.ts())
    if below:
        view.root, view.previous = below.root or below.id, below.id
    return view


def _shown(call: Call, view: View) -> JSON:
    call.workspace.views.append(view)
    call.slack.change()
    return {"view": view.as_json()}


def _is_meant(call: Call, view: View) -> bool:
    if call.text("view_id"):
        return view.id == call.text("view_id")
    return bool(call.text("external_id")) and view.content.get("external_id") == call.text("external_id")


def _refuse_used_external_id(call: Call, content: JSON) -> None:
    external_id = content.get("external_id")
    if external_id and any(view.content.get("external_id") == external_id for view in call.workspace.views):
        raise Refused("duplicate_external_id")


METHODS = {"views.open": open_view, "views.push": push, "views.update": update, "views.publish": publish}
