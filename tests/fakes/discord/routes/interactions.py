"""The app's answers to interactions: the callback, follow-ups, and changes of either."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.fakes.discord.component_rules import MODAL, numbered
from tests.fakes.discord.contents import changed_content, new_content
from tests.fakes.discord.interactions import (
    ACK_SECONDS,
    FITTING,
    TOKEN_SECONDS,
    UPDATES,
    Asks,
    Callback,
    Interaction,
    Modal,
)
from tests.fakes.discord.message import EPHEMERAL, LOADING, Content, Message
from tests.fakes.discord.refusals import Refused
from tests.fakes.discord.rest import DONE, Answer, Call, Route
from tests.fakes.discord.shapes import Path, Problem, anything, array, invalid, shape, text
from tests.fakes.discord.world import JSON

CHOICES = shape({"choices": array(shape({"name": text(100, 1), "value": anything}), 0, 25)})
DATA: Path = ("data",)


def callback(call: Call) -> Answer:
    """Answer an interaction, once and within 3 seconds."""
    interaction = call.discord.interactions.get(call.at["token"])
    if interaction is None or interaction.id != call.at["interaction"]:
        raise Refused(10062)
    if interaction.answered:
        raise Refused(40060)
    if interaction.expired or call.discord.now() - interaction.at > ACK_SECONDS:
        raise Refused(10062)
    form = call.form()
    kind = _kind(interaction, form.get("type"))
    data = form.get("data") or {}
    message = CALLBACKS[kind](call, interaction, data)
    interaction.answered, interaction.data, interaction.original = kind, data, message
    call.discord.change()
    if call.query.get("with_response", "").lower() not in {"1", "true"}:
        return DONE
    return Answer(_callback_response(interaction, kind, message))


def follow_up(call: Call) -> Answer:
    """A further message; the first one after a deferred answer takes its place."""
    interaction = _interaction(call)
    original = interaction.original
    if original and original.loading:
        return Answer(_changed(call, interaction, original).as_json())
    content = new_content(call.form(), call.uploads, ephemeral=True)
    message = _show(call, interaction, content)
    interaction.followups.append(message)
    return Answer(message.as_json())


def read(call: Call) -> Answer:
    return Answer(_message(call, _interaction(call)).as_json())


def change(call: Call) -> Answer:
    interaction = _interaction(call)
    return Answer(_changed(call, interaction, _message(call, interaction)).as_json())


def delete(call: Call) -> Answer:
    call.discord.remove(_message(call, _interaction(call)))
    return DONE


def _kind(interaction: Interaction, number: Any) -> Callback:
    """The type of the answer, if it fits what was asked."""
    from_message = interaction.asks is Asks.MODAL and interaction.message
    fitting = FITTING[interaction.asks] | (UPDATES if from_message else set())
    if number not in fitting:
        known = {int(kind) for kind in fitting}
        raise invalid([Problem(("type",), "BASE_TYPE_CHOICES", f"Value must be one of {known}.")])
    return Callback(number)


def _message_callback(call: Call, interaction: Interaction, data: JSON) -> Message | None:
    return _show(call, interaction, new_content(data, call.uploads, ephemeral=True))


def _deferred_message(call: Call, interaction: Interaction, data: JSON) -> Message | None:
    flags = data.get("flags") or 0
    if flags & ~EPHEMERAL:
        raise invalid([Problem((*DATA, "flags"), "BASE_TYPE_CHOICES", "Only EPHEMERAL may be set")])
    return _show(call, interaction, Content(flags=flags | LOADING))


def _deferred_update(call: Call, interaction: Interaction, data: JSON) -> Message | None:
    return interaction.message


def _update(call: Call, interaction: Interaction, data: JSON) -> Message | None:
    message = interaction.message
    assert message, "only the answer to a component can be an update"
    if message.deleted:
        raise Refused(10008)
    content = changed_content(message.content, data, call.uploads)
    message.written_by = interaction
    return call.discord.rewrite(message, content)


def _choices(call: Call, interaction: Interaction, data: JSON) -> Message | None:
    problems = list(CHOICES(data, DATA))
    if problems:
        raise invalid(problems)
    return None


def _modal(call: Call, interaction: Interaction, data: JSON) -> Message | None:
    problems = list(MODAL(data, DATA))
    if problems:
        raise invalid(problems)
    modals = call.discord.modals
    modals[:] = [modal for modal in modals if modal.user is not interaction.user]
    modals.append(Modal(interaction.user, {**data, "components": numbered(data["components"])}, interaction))
    return None


CALLBACKS: Mapping[Callback, Callable[[Call, Interaction, JSON], Message | None]] = {
    Callback.MESSAGE: _message_callback,
    Callback.DEFERRED_MESSAGE: _deferred_message,
    Callback.DEFERRED_UPDATE: _deferred_update,
    Callback.UPDATE: _update,
    Callback.CHOICES: _choices,
    Callback.MODAL: _modal,
}


def _show(call: Call, interaction: Interaction, content: Content) -> Message:
    to = interaction.user if content.ephemeral else None
    message = Message(call.discord.id(), interaction.channel, call.discord.bot, content, to, interaction=interaction)
    message.written_by = interaction
    return call.discord.show(message)


def _changed(call: Call, interaction: Interaction, message: Message) -> Message:
    content = changed_content(message.content, call.form(), call.uploads)
    message.written_by = interaction
    return call.discord.rewrite(message, content)


def _interaction(call: Call) -> Interaction:
    """The answered interaction whose token is in the path."""
    interaction = call.discord.interactions.get(call.at["token"])
    if interaction is None or call.at["webhook"] != interaction.application_id:
        raise Refused(10015)
    if call.discord.now() - interaction.at > TOKEN_SECONDS:
        raise Refused(50027)
    if not interaction.answered:
        raise Refused(10015)
    return interaction


def _message(call: Call, interaction: Interaction) -> Message:
    wanted = call.at["message"]
    mine = [message for message in (interaction.original, *interaction.followups) if message and not message.deleted]
    fitting = (message for message in mine if message.id == wanted)
    found = interaction.original if wanted == "@original" else next(fitting, None)
    if found is None or found.deleted:
        raise Refused(10008)
    return found


def _callback_response(interaction: Interaction, kind: Callback, message: Message | None) -> JSON:
    said: JSON = {"id": interaction.id, "type": int(interaction.asks)}
    if message:
        said["response_message_id"] = message.id
        said["response_message_loading"] = message.loading
        said["response_message_ephemeral"] = message.content.ephemeral
    if message and kind in {Callback.MESSAGE, Callback.UPDATE}:
        return {"interaction": said, "resource": {"type": int(kind), "message": message.as_json()}}
    return {"interaction": said}


WEBHOOK = "/webhooks/{webhook}/{token}"
ROUTES = [
    Route("POST", "/interactions/{interaction}/{token}/callback", callback, open=True),
    Route("POST", WEBHOOK, follow_up, open=True),
    Route("GET", f"{WEBHOOK}/messages/{{message}}", read, open=True),
    Route("PATCH", f"{WEBHOOK}/messages/{{message}}", change, open=True),
    Route("DELETE", f"{WEBHOOK}/messages/{{message}}", delete, open=True),
]
