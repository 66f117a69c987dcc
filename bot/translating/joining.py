"""Conditions joined from left to right, as PubMed and arXiv do it, and nested by parentheses (pure)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar

Leaf = TypeVar("Leaf")
MAX_NESTING = 60


class TooDeep(ValueError):
    """The conditions are nested deeper than anybody writes by hand."""


@dataclass(frozen=True, slots=True)
class Join(Generic[Leaf]):
    """Parts joined by AND or OR; by NOT, the first part less all others; by WITHOUT, everything less its one part."""

    operator: str
    parts: tuple[Leaf | Join[Leaf], ...]
    height: int


@dataclass(slots=True)
class _Group(Generic[Leaf]):
    """What stands between two parentheses so far. ``pending`` joins what comes next."""

    parts: list[Leaf | Join[Leaf]] = field(default_factory=list)
    operator: str = ""
    pending: str = ""

    def whole(self) -> Leaf | Join[Leaf] | None:
        if len(self.parts) < 2:  # noqa: PLR2004 - a single part needs no joining
            return self.parts[0] if self.parts else None
        height = 1 + max(map(_height, self.parts))
        if height > MAX_NESTING:
            raise TooDeep
        return Join(self.operator, tuple(self.parts), height)


def _height(node: object) -> int:
    return node.height if isinstance(node, Join) else 0


class Joiner(Generic[Leaf]):
    """Takes a search piece by piece, whatever their order; ``default`` joins what no operator stands between."""

    def __init__(self, default: str = "AND") -> None:
        self._default = default
        self._groups: list[_Group[Leaf]] = [_Group()]

    def operator(self, name: str) -> None:
        """An operator; of several in a row the last counts, as in AND NOT."""
        self._groups[-1].pending = name

    def open(self) -> None:
        """A parenthesis opens. Raises TooDeep."""
        if len(self._groups) > MAX_NESTING:
            raise TooDeep
        self._groups.append(_Group())

    def close(self) -> None:
        """A parenthesis closes; one that was never opened is passed over."""
        if len(self._groups) > 1:
            node = self._groups.pop().whole()
            if node is not None:
                self.add(node)

    def add(self, node: Leaf | Join[Leaf]) -> None:
        """A condition. Raises TooDeep."""
        group = self._groups[-1]
        operator, group.pending = group.pending or self._default, ""
        if not group.parts:
            group.parts.append(Join("WITHOUT", (node,), 1 + _height(node)) if operator == "NOT" else node)
        elif not group.operator or operator == group.operator:
            group.operator = operator
            group.parts.append(node)
        else:
            whole = group.whole()
            assert whole is not None
            group.parts, group.operator = [whole, node], operator

    def whole(self) -> Leaf | Join[Leaf] | None:
        """All of it; parentheses left open are closed. None if there is nothing."""
        while len(self._groups) > 1:
            self.close()
        return self._groups[0].whole()
