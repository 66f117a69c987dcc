"""Small checks of JSON that are put together to rules: each yields what Discord would say about a value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.fakes.discord.refusals import Refused

Path = tuple[str, ...]


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where in the body."""

    at: Path
    code: str
    message: str


Check = Callable[[Any, Path], Iterator[Problem]]
"""Takes a value and where it stands; yields problems, none when it is right."""


def invalid(problems: Iterable[Problem]) -> Refused:
    """Invalid Form Body, with the tree of what is wrong."""
    tree: dict[str, Any] = {}
    for problem in problems:
        node = tree
        for step in problem.at:
            node = node.setdefault(step, {})
        node.setdefault("_errors", []).append({"code": problem.code, "message": problem.message})
    return Refused(50035, tree)


def units(text: str) -> int:
    """The length of a text in UTF-16 units: never less than what Discord counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def text(most: int, least: int = 0) -> Check:
    """Text of so many UTF-16 units; blank text counts as none."""

    def check(value: Any, at: Path) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem(at, "STRING_TYPE_CONVERT", "Could not convert to a string.")
        elif least and not value.strip():
            yield Problem(at, "BASE_TYPE_REQUIRED", "This field is required")
        elif units(value) > most:
            yield Problem(at, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")

    return check


def url(most: int = 2048, *schemes: str) -> Check:
    """An address."""
    known = schemes or ("http", "https", "attachment")

    def check(value: Any, at: Path) -> Iterator[Problem]:
        yield from text(most, 1)(value, at)
        if isinstance(value, str):
            scheme, colon, rest = value.partition("://")
            if not colon or scheme.lower() not in known:
                wanted = ", ".join(known)
                yield Problem(at, "URL_TYPE_INVALID_SCHEME", f"Scheme {scheme!r} is not supported: must be {wanted}.")
            elif not re.fullmatch(r"[^\s<>\"{}|\\^`]+", rest):
                yield Problem(at, "URL_TYPE_INVALID_URL", "Not a well formed URL.")

    return check


def number(least: int, most: int) -> Check:
    """A whole number in these bounds."""

    def check(value: Any, at: Path) -> Iterator[Problem]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield Problem(at, "NUMBER_TYPE_COERCE", f"Value {value!r} is not int.")
        elif not least <= value <= most:
            yield Problem(at, "NUMBER_TYPE_RANGE", f"int value should be from {least} to {most}.")

    return check


def one_of(*allowed: Any) -> Check:
    """One of these values."""

    def check(value: Any, at: Path) -> Iterator[Problem]:
        if value not in allowed:
            yield Problem(at, "BASE_TYPE_CHOICES", f"Value must be one of {set(allowed)}.")

    return check


def flag(value: Any, at: Path) -> Iterator[Problem]:
    """Yes or no."""
    if not isinstance(value, bool):
        yield Problem(at, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")


def anything(value: Any, at: Path) -> Iterator[Problem]:
    """Any value at all."""
    yield from ()


def array(item: Check, least: int = 0, most: int = 10_000) -> Check:
    """A list of so many items."""

    def check(value: Any, at: Path) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Problem(at, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType.")
            return
        if not least <= len(value) <= most:
            yield Problem(at, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        for place, part in enumerate(value):
            yield from item(part, (*at, str(place)))

    return check


def shape(needed: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """An object with these fields; null counts as not given, and other fields are passed over, as Discord does."""

    def check(value: Any, at: Path) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem(at, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType.")
            return
        for name in needed:
            if value.get(name) is None:
                yield Problem((*at, name), "BASE_TYPE_REQUIRED", "This field is required")
        for name, part in value.items():
            known = needed.get(name) or (optional or {}).get(name)
            if known and part is not None:
                yield from known(part, (*at, name))

    return check


def typed(kinds: Mapping[int, Check]) -> Check:
    """An object whose ``type`` says which check it must pass."""

    def check(value: Any, at: Path) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem(at, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType.")
        elif value.get("type") not in kinds:
            yield Problem((*at, "type"), "UNION_TYPE_CHOICES", f'Value of field "type" must be one of {tuple(kinds)}.')
        else:
            yield from kinds[value["type"]](value, at)

    return check


def both(*checks: Check) -> Check:
    """What passes all of these, each tried once the one before is passed."""

    def check(value: Any, at: Path) -> Iterator[Problem]:
        yield from next(filter(None, (list(one(value, at)) for one in checks)), [])

    return check
