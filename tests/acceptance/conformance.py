"""Conversations written as data, and what any chat platform must do to hold them: a ``Driver``.

A file of ``conversations/`` is one subject: ``[[conversations]]`` with a ``title``, what the world is like, and
``steps``. A step is something said, a control used, or something that happens; then what is expected of it. Nothing in
the data belongs to one platform: people are ann (an admin), bob (a member) and gus (a guest), places are "papers" and
"dm", and controls go by their name, their command, or what they say.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from bot.app import App
from bot.commands import parse_command
from bot.commands.typed import ENTRIES
from bot.conversation import Misunderstood

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
    """Something under a message that can be used, each choice of a menu by itself. ``command`` is what it stands for,
    if it stands for a typed one; ``free``: what is typed or chosen goes with it."""

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
    """A message as somebody sees it; ``number`` is the platform's, ``harm`` what of it is alive and must not be."""

    number: str
    text: str
    controls: tuple[Control, ...]
    private: bool
    harm: Sequence[str] = ()


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
            self.typed |= {entry.help.usage for entry in ENTRIES if entry.pattern.match(rest)}


class Driver(Protocol):
    """A chat platform, as people use it. ``heard`` is told every command, reply and error."""

    heard: Heard

    async def start(self, app: App) -> None:
        """Connect the bot, which was just opened."""

    async def stop(self) -> None:
        """Disconnect it."""

    async def say(self, person: Person, text: str) -> Seen:
        """Type a command."""

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
    which controls it ``offers`` and ``lacks``; all that the bot posted until then in the channel (``posts``) or to the
    person alone (``messages``), each by texts that it shows, with " … " between them.
    ``learns`` are names for what a pattern finds in the reply or its controls, written {name} in later steps;
    ``keeps`` is a name for the reply itself.
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


# ---------------------------------------------------------------- holding them


class Stage(Protocol):
    """The world that a conversation takes place in."""

    def set(self, conversation: Conversation, driver: Driver) -> AbstractAsyncContextManager[None]:
        """Open the bot in the conversation's world, connected to the platform."""

    def go_on(self) -> None:
        """Let a moment pass."""

    async def happen(self, step: Step, driver: Driver) -> None:
        """Let something happen."""


class Talk:
    """One conversation as it goes on."""

    def __init__(self, driver: Driver, stage: Stage) -> None:
        self._driver = driver
        self._stage = stage
        self._kept: dict[str, Seen] = {}
        self._learnt: dict[str, str] = {}
        self._last: Seen | None = None

    async def take(self, step: Step) -> None:
        """Do a step and check what is expected. Raises AssertionError."""
        step = self._filled_in(step)
        heard = self._driver.heard
        heard.reply = heard.error = None
        self._stage.go_on()
        if step.happens:
            await self._stage.happen(step, self._driver)
        elif answer := await self._answer(step):
            self._last = answer
            self._check(answer, step)
        if step.posts is not None:
            _check_posts(await self._driver.posts("papers", step.person), step.posts)
        if step.messages is not None:
            _check_posts(await self._driver.posts("dm", step.person), step.messages)

    def _filled_in(self, step: Step) -> Step:
        """With what was learnt."""
        changes: dict[str, Any] = {}
        for one in fields(step):
            if isinstance(value := getattr(step, one.name), str):
                changes[one.name] = self._fill(value)
            elif isinstance(value, list) and all(isinstance(text, str) for text in value):
                changes[one.name] = [self._fill(text) for text in value]
        return replace(step, **changes)

    def _fill(self, text: str) -> str:
        for name, value in self._learnt.items():
            text = text.replace(f"{{{name}}}", value)
        return text

    async def _answer(self, step: Step) -> Seen | None:
        driver = self._driver
        if step.says:
            driver.heard.type(step.says)
            return await driver.say(step.person, step.says)
        if not (step.uses or step.forges):
            return None
        message = await self._message(step)
        if step.forges:
            return await driver.use(step.person, message, Control(step.forges, "", ""), step.value)
        control = _choose(message, step)
        driver.heard.controls.add(control.name)
        return await driver.use(step.person, message, control, step.value if control.free else control.value)

    async def _message(self, step: Step) -> Seen:
        """The message whose control is used."""
        if step.on in ("post", "message"):
            place = "papers" if step.on == "post" else "dm"
            return (await self._driver.posts(place, step.person))[-1]
        message = self._kept[step.on] if step.on else self._last
        assert message, "nothing was answered yet"
        return message

    def _check(self, answer: Seen, step: Step) -> None:
        heard = self._driver.heard
        assert answer.private, f"everybody sees: {answer.text}"
        assert not answer.harm, f"{answer.harm} in: {answer.text}"
        assert type(heard.reply).__name__ == step.reply, f"{heard.reply!r} is no {step.reply}"
        assert (type(heard.error).__name__ if heard.error else "") == step.error, f"{heard.error!r}: {answer.text}"
        _check_text(answer, step.shows)
        for text in step.hides:
            assert text not in answer.text, f"{text!r} is in: {answer.text}"
        for name in step.offers:
            assert any(c.is_called(name) for c in answer.controls), f"no {name!r} among {answer.controls}"
        for name in step.lacks:
            assert not any(c.is_called(name) for c in answer.controls), f"{name!r} is offered"
        for name, pattern in step.learns.items():
            found = re.search(pattern, "\n".join([answer.text, *(c.command for c in answer.controls)]))
            assert found, f"nothing like {pattern} in: {answer.text}"
            self._learnt[name] = found[1]
        if step.keeps:
            self._kept[step.keeps] = answer


def _choose(message: Seen, step: Step) -> Control:
    called = [control for control in message.controls if control.is_called(step.uses)]
    chosen = [control for control in called if control.free or step.value in (None, control.value)]
    assert chosen, f"no {step.uses!r} {step.value or ''} among {message.controls}"
    return chosen[0]


def _check_text(message: Seen, fragments: Sequence[str]) -> None:
    """Whether they stand in the message in this order."""
    rest = message.text
    for fragment in fragments:
        assert fragment in rest, f"{fragment!r} is not (there) in:\n{message.text}"
        rest = rest.partition(fragment)[2]


def _check_posts(posts: Sequence[Seen], expected: Sequence[str]) -> None:
    assert len(posts) == len(expected), [post.text for post in posts]
    for post, text in zip(posts, expected, strict=True):
        assert not post.harm, f"{post.harm} in: {post.text}"
        _check_text(post, text.split(" … "))


async def hold(conversation: Conversation, driver: Driver, stage: Stage) -> None:
    """Go through a conversation; an AssertionError says at which step it went wrong."""
    talk = Talk(driver, stage)
    async with stage.set(conversation, driver):
        for number, step in enumerate(conversation.steps, 1):
            try:
                await talk.take(step)
            except AssertionError as error:
                done = step.says or step.uses or step.forges or step.happens or "what is posted"
                raise AssertionError(f"{conversation}, step {number} ({done}): {error}") from error
