"""Small checks of JSON that are put together to rules: each yields what Slack would say about a value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Check = Callable[[Any, str], Iterator[str]]
"""Takes a value and its JSON pointer; yields problems, none when it is right."""


def problem(text: str, at: str) -> str:
    """A problem as Slack words it."""
    return f"{text} [json-pointer:{at}]"


def string(most: int, least: int = 1) -> Check:
    """Text of so many characters."""

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield problem("must be a string", at)
        elif len(value) < least:
            yield problem(f"must be more than {least - 1} characters", at)
        elif len(value) > most:
            yield problem(f"must be less than {most + 1} characters", at)

    return check


def one_of(*allowed: Any) -> Check:
    """One of these values."""

    def check(value: Any, at: str) -> Iterator[str]:
        if value not in allowed:
            yield problem(f"must be one of {', '.join(map(str, allowed))}", at)

    return check


def a(*kinds: type) -> Check:
    """A value of one of these types; a boolean is no number."""

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            yield problem(f"must be a {kinds[0].__name__}", at)

    return check


def array(item: Check, least: int = 0, most: int = 10_000) -> Check:
    """A list of so many items."""

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield problem("must be an array", at)
            return
        if len(value) < least:
            yield problem(f"must provide at least {least} items", at)
        if len(value) > most:
            yield problem(f"no more than {most} items allowed", at)
        for number, part in enumerate(value):
            yield from item(part, f"{at}/{number}")

    return check


def shape(needed: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """An object with these fields and no others."""
    known = {**needed, **(optional or {})}

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield problem("must be an object", at)
            return
        for name in needed:
            if name not in value:
                yield problem(f"missing required field: {name}", at)
        for name, part in value.items():
            if name in known:
                yield from known[name](part, f"{at}/{name}")
            elif name != "type":
                yield problem(f"invalid additional property: {name}", at)

    return check


def typed(kinds: Mapping[str, Check]) -> Check:
    """An object whose ``type`` says which check it must pass."""

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield problem("must be an object", at)
        elif (kind := str(value.get("type"))) not in kinds:
            yield problem(f"unsupported type: {kind}", f"{at}/type")
        else:
            yield from kinds[kind](value, at)

    return check


def both(*checks: Check) -> Check:
    """What passes all of these, each tried once the one before is passed."""

    def check(value: Any, at: str) -> Iterator[str]:
        yield from next(filter(None, (list(one(value, at)) for one in checks)), [])

    return check
