"""Conversations written as data, and what any chat platform must do to hold them: a ``Driver``.

A file of ``conversations/`` is one subject: ``[[conversations]]`` with a ``title``, what the world is like, and
``steps``. A step is something said, a control used, or something that happens; then what is expected of it. Nothing in
the data belongs to one platform: people are ann (an admin), bob (a member) and gus (a guest), places are "papers" and
"dm", and controls go by their name, their command, or what they say.
"""

from __future__ import annotations

import tomllib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, cast

from bot.app import App
from bot.commands import parse_command
from bot.commands.typed import ENTRIES
from bot.conversation import Asker, Mistake, Misunderstood, Notice, Reply
from bot.errors import QueryError
from bot.model import ChannelRef

FOLDER = Path(__file__).parent / "conversations"
RIGHTS = {"ann": "admin", "bob": "member", "gus": "guest"}


# ---------------------------------------------------------------- what a platform does


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, where they speak, and as what: admin, member or guest."""

    name: str
    rights: str
    place: str


@dataclass(frozen=True, slots=True)
class Control:
    """Something under a message that can be used, each choice of a menu by itself; ``value`` is what is chosen by it.
    ``command`` is what it stands for, if it stands for a typed one; ``free``: what somebody types goes with it."""

    id: str
    name: str
    label: str
    value: str | None = None
    command: str = ""
    free: bool = False

    def is_called(self, name: str) -> bool:
        """Whether it is meant by its name, its label, or (the start of) its command."""
        return name in (self.name, self.label, self.command) or self.command.startswith(f"{name} ")


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as somebody sees it. ``number`` is the platform's; ``harm`` is what of it is alive and must not be;
    ``file`` is the text of the file it carries."""

    number: str
    text: str
    controls: tuple[Control, ...]
    private: bool
    harm: Sequence[str] = ()
    file: str = ""


@dataclass
class Heard:
    """What was said, answered and raised in a conversation."""

    commands: set[type] = field(default_factory=set)
    replies: set[type] = field(default_factory=set)
    errors: set[type] = field(default_factory=set)
    controls: set[str] = field(default_factory=set)
    typed: set[str] = field(default_factory=set)
    reply: object = None
    error: Exception | None = None

    def type(self, text: str) -> None:
        """Note which command was typed, if it was typed properly."""
        rest = text.removeprefix("/papers").strip()
        if not isinstance(parse_command(text), Misunderstood):
            self.typed |= {next((entry.help.usage for entry in ENTRIES if entry.pattern.match(rest)), "")}


def listen(app: App, heard: Heard) -> None:
    """Tell ``heard`` every command, reply and error of the bot."""
    handlers = cast("dict[type, Any]", app.answering._handlers)
    handlers.update({kind: _listening(kind, handler, heard) for kind, handler in handlers.items()})


def _listening(kind: type, handler: Callable[[Any, Asker], Awaitable[Reply]], heard: Heard) -> Any:
    async def listening(command: Any, asker: Asker) -> Reply:
        heard.commands.add(kind)
        try:
            heard.reply = await handler(command, asker)
        except Exception as error:
            heard.errors.add(type(error))
            heard.error = error
            heard.reply = (
                Mistake(str(error), error.query, error.column) if isinstance(error, QueryError) else Notice(str(error))
            )
            raise
        finally:
            heard.replies.add(type(heard.reply))
        return heard.reply

    return listening


class Driver(Protocol):
    """A chat platform, as people use it. ``heard`` is told every command, reply and error."""

    heard: Heard

    def serve(self, clock: Callable[[], datetime]) -> AbstractAsyncContextManager[tuple[str, ChannelRef]]:
        """Let there be the platform, with its own time: its table of the configuration, and the channel "papers"."""

    async def invite(self, person: Person) -> None:
        """Add the bot to the channel "papers"."""

    async def start(self, app: App) -> None:
        """Connect the bot, which was just opened."""

    async def stop(self) -> None:
        """Disconnect it."""

    async def say(self, person: Person, text: str) -> Seen | None:
        """Type a command; None if the platform lets nobody type that."""

    async def use(self, person: Person, message: Seen, control: Control, value: str | None) -> Seen:
        """Use a control under a message."""

    async def posts(self, place: str, person: Person) -> list[Seen]:
        """What the bot posted in the channel, or to the person's direct messages, the oldest first."""

    def suffer(self, trouble: str) -> None:
        """From now on the platform does not answer and cannot be read back ("silent"), posts and does not answer
        ("drops answers"), refuses every message ("refuses"), knows the channel no more ("lost"), or is well ("")."""


# ---------------------------------------------------------------- the data


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is done, and what is expected.

    Done: ``says`` a command; ``uses`` a control of the last message (or of the one that was kept ``on`` a name, or of
    the newest post) with a ``value``; ``forges`` a control's id; or something ``happens``, see ``stage.py``.

    Expected: the type of the ``reply`` and the ``error`` behind it; what it ``shows``, in this order, and ``hides``;
    which controls it ``offers`` and ``lacks``; what the ``file`` it carries has; all that the bot posted until then in
    the channel (``posts``) or to the person alone (``messages``), each by texts that it shows, with " … " between them.
    ``learns`` are names for what a pattern finds in the reply or its controls, written {name} in later steps; ``keeps``
    is a name for the reply itself.
    """

    who: str = "ann"
    rights: str = ""
    where: str = "papers"
    says: str = ""
    uses: str = ""
    forges: str = ""
    happens: str = ""
    on: str = ""
    value: str | None = None
    papers: Sequence[Mapping[str, Any]] = ()
    source: str = ""
    count: int = 0
    after: str = ""
    until: datetime | None = None

    reply: str = ""
    error: str = ""
    shows: Sequence[str] = ()
    hides: Sequence[str] = ()
    offers: Sequence[str] = ()
    lacks: Sequence[str] = ()
    file: Sequence[str] = ()
    posts: Sequence[str] | None = None
    messages: Sequence[str] | None = None
    learns: Mapping[str, str] = field(default_factory=dict)
    keeps: str = ""

    def __post_init__(self) -> None:
        """Raise ValueError if several things are done at once."""
        if sum(map(bool, (self.says, self.uses, self.forges, self.happens))) > 1:
            raise ValueError(f"only one thing at a time: {self}")

    @property
    def person(self) -> Person:
        """Who does it."""
        return Person(self.who, self.rights or RIGHTS[self.who], self.where)


@dataclass(frozen=True, slots=True, eq=False)
class Conversation:
    """Steps in a world: its declared ``topics``, the ``schedule`` the file gives the channel ("" if none), and how many
    papers on MRI, one a day, the ``archive`` holds before, of which none was announced. Not ``asked``: the sources are
    not asked before the first step.
    """

    subject: str
    title: str
    steps: Sequence[Step]
    topics: Sequence[tuple[str, str]] = (("mri", 'mri OR "magnetic resonance"'),)
    schedule: str = "now"
    archive: int = 0
    asked: bool = True

    def __str__(self) -> str:
        return f"{self.subject}: {self.title}"


def conversations() -> list[Conversation]:
    """All of them, in the order of their subjects."""
    return [
        Conversation(file.stem, steps=tuple(Step(**step) for step in one.pop("steps")), **one)
        for file in sorted(FOLDER.glob("*.toml"))
        for one in tomllib.loads(file.read_text(encoding="utf-8"))["conversations"]
    ]
