"""Interactions: what a person asks of the app, and the one answer and follow-ups it may get."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from tests.fakes.discord.message import Message
from tests.fakes.discord.world import JSON, Channel, User

ACK_SECONDS = 3.0
TOKEN_SECONDS = 15 * 60.0


class Asks(IntEnum):
    """The type of an interaction."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class Callback(IntEnum):
    """The type of an answer."""

    PONG = 1
    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


MESSAGES = frozenset({Callback.MESSAGE, Callback.DEFERRED_MESSAGE})
UPDATES = frozenset({Callback.UPDATE, Callback.DEFERRED_UPDATE})
FITTING = {
    Asks.COMMAND: MESSAGES | {Callback.MODAL},
    Asks.COMPONENT: MESSAGES | UPDATES | {Callback.MODAL},
    Asks.AUTOCOMPLETE: {Callback.CHOICES},
    Asks.MODAL: MESSAGES,
}
"""What may be answered; a form that was opened from a message may also update that."""


@dataclass(eq=False)
class Modal:
    """A form that is open for one person; ``asked`` is the interaction which opened it."""

    user: User
    content: JSON
    asked: Interaction = field(repr=False)

    @property
    def custom_id(self) -> str:
        return str(self.content["custom_id"])


@dataclass(eq=False)
class Interaction:
    """One interaction. ``message`` is the one whose component was used; ``answered`` how the app answered, with
    ``data``; ``original`` the message which the answer made or changed; ``expired`` says that the person has given up;
    ``followups`` are the messages made after it."""

    id: str
    application_id: str
    token: str
    asks: Asks
    user: User
    channel: Channel
    at: float
    payload: JSON = field(default_factory=dict, repr=False)
    message: Message | None = None
    opener: Interaction | None = None
    answered: Callback | None = None
    data: JSON = field(default_factory=dict)
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    expired: bool = False

    @property
    def is_command(self) -> bool:
        return self.asks is Asks.COMMAND

    @property
    def owners(self) -> JSON:
        """authorizing_integration_owners: the guild the app was installed in, or "0" in a direct channel."""
        return {"0": self.channel.guild.id if self.channel.guild else "0"}

    def metadata(self) -> JSON:
        """The interaction_metadata of the messages it made."""
        said: JSON = {
            "id": self.id,
            "type": int(self.asks),
            "user": self.user.as_json(),
            "authorizing_integration_owners": self.owners,
        }
        if self.asks is Asks.COMPONENT and self.message:
            said["interacted_message_id"] = self.message.id
        if self.opener:
            said["triggering_interaction_metadata"] = self.opener.metadata()
        return said
