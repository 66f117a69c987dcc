"""How a conversation is held, step by step, on any platform."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import fields, replace
from typing import Any, Protocol

from tests.acceptance.conformance import Control, Conversation, Driver, Seen, Step


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
        self._unsaid: set[str] = set()

    async def take(self, step: Step) -> None:
        """Do a step and check what is expected; what the platform lets nobody say, and what is done with the answer to
        it, is left out. Raises AssertionError."""
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
            answer = await driver.say(step.person, step.says)
            if answer is None:
                self._last = None
                self._unsaid |= {"", step.keeps}
            else:
                driver.heard.type(step.says)
                self._unsaid -= {"", step.keeps}
            return answer
        if not (step.uses or step.forges) or step.on in self._unsaid:
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
        _check_text(answer.text, step.shows)
        _check_text(answer.file, step.file)
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


def _check_text(text: str, fragments: Sequence[str]) -> None:
    """Whether they stand in the text in this order."""
    rest = text
    for fragment in fragments:
        assert fragment in rest, f"{fragment!r} is not (there) in:\n{text}"
        rest = rest.partition(fragment)[2]


def _check_posts(posts: Sequence[Seen], expected: Sequence[str]) -> None:
    assert len(posts) == len(expected), [post.text for post in posts]
    for post, text in zip(posts, expected, strict=True):
        assert not post.harm, f"{post.harm} in: {post.text}"
        _check_text(post.text, text.split(" … "))


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
