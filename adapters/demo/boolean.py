"""What the query languages of PubMed and arXiv share: conditions joined from left to right, nested to some depth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

Leaf = TypeVar("Leaf")
MAX_DEPTH = 100


class TooDeep(ValueError):
    """Parentheses are nested deeper than the service reads."""


class Nesting:
    """Counts the parentheses that are open: ``with nesting:`` is one more. Raises TooDeep."""

    def __init__(self) -> None:
        self.depth = 0

    def __enter__(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise TooDeep(f"Parentheses are nested more than {MAX_DEPTH} deep")

    def __exit__(self, *_: object) -> None:
        self.depth -= 1


@dataclass(frozen=True, slots=True)
class Both(Generic[Leaf]):
    """Two trees joined by AND, OR, or an operator that means "and not"."""

    operator: str
    left: Leaf | Both[Leaf]
    right: Leaf | Both[Leaf]

    def unrolled(self) -> tuple[Leaf, list[tuple[str, Leaf | Both[Leaf]]]]:
        """Return the first leaf, and from left to right the operators with what each adds."""
        node: Leaf | Both[Leaf] = self
        steps: list[tuple[str, Leaf | Both[Leaf]]] = []
        while isinstance(node, Both):
            steps.append((node.operator, node.right))
            node = node.left
        return node, steps[::-1]

    def holds(self, test: Callable[[Leaf], bool]) -> bool:
        """Whether it holds where ``test`` tells which leaves do."""
        first, steps = self.unrolled()
        result = test(first)
        for operator, right in steps:
            if result != (operator == "OR"):  # else what follows changes nothing
                added = right.holds(test) if isinstance(right, Both) else test(right)
                result = added == (operator in {"AND", "OR"})
        return result

    def leaves(self) -> Iterator[Leaf]:
        """All leaves, from left to right."""
        first, steps = self.unrolled()
        yield first
        for _, right in steps:
            if isinstance(right, Both):
                yield from right.leaves()
            else:
                yield right
