"""A source's tree → ours: what cannot be said is left out, with what that does to the result (pure)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from bot.query import And, Field, Node, Not, Or, Term
from bot.query.tokens import fold
from bot.translating.joining import Join
from bot.translating.translation import Effect, Loss

Leaf = TypeVar("Leaf")
NO_HEADINGS_YET = "new papers have no MeSH headings yet, so this would keep all of them out"


@dataclass(frozen=True, slots=True)
class Gap:
    """A condition that our language cannot say."""

    text: str
    reason: str


@dataclass(slots=True)
class Assembler(Generic[Leaf]):
    """``translate`` makes a leaf ours; it is told whether the leaf is negated. ``late`` are fields that a new paper has
    nothing in yet: where only they would have to match, they are left out."""

    translate: Callable[[Leaf, bool], Node | Gap]
    late: frozenset[Field] = frozenset()
    losses: list[Loss] = field(default_factory=list)

    def assemble(self, tree: Leaf | Join[Leaf]) -> Node | None:
        """The whole in our language; None if nothing is left of it."""
        node, gaps = self._node(tree, negated=False)
        self._lose(gaps, Effect.BROADER)
        return node

    def _node(self, tree: Leaf | Join[Leaf], *, negated: bool) -> tuple[Node | None, list[Gap]]:
        if not isinstance(tree, Join):
            leaf = self.translate(tree, negated)
            return (None, [leaf]) if isinstance(leaf, Gap) else (leaf, [])
        parts: list[Node] = []
        gaps: list[Gap] = []
        for place, part in enumerate(tree.parts):
            against = tree.operator == "WITHOUT" or (tree.operator == "NOT" and place > 0)
            node, missing = self._node(part, negated=negated != against)
            gaps += missing
            if node is not None:
                parts.append(_opposite(node) if against else node)
        if not parts:
            return None, gaps
        widens = (tree.operator != "OR") != negated
        self._lose(gaps, Effect.BROADER if widens else Effect.NARROWER)
        if tree.operator != "OR" and not negated:
            parts = self._without_late(parts)
        return joined(Or if tree.operator == "OR" else And, parts), []

    def _lose(self, gaps: Sequence[Gap], effect: Effect) -> None:
        self.losses += (Loss(gap.text, gap.reason, effect) for gap in gaps)

    def _without_late(self, parts: list[Node]) -> list[Node]:
        kept = [part for part in parts if not self._is_late(part)]
        if not any(not isinstance(part, Not) for part in kept):
            return parts
        late = (Gap(fold(_first_term(part)), NO_HEADINGS_YET) for part in parts if self._is_late(part))
        self._lose(list(late), Effect.BROADER)
        return kept

    def _is_late(self, node: Node) -> bool:
        match node:
            case Term():
                return node.field in self.late
            case Or(parts):
                return all(map(self._is_late, parts))
            case And(parts):
                return any(map(self._is_late, parts))
            case _:
                return False


def joined(kind: type[And | Or], nodes: Sequence[Node]) -> Node:
    """Nodes joined without needless nesting, each kept once however its words are written."""
    unique: dict[object, Node] = {}
    for node in nodes:
        for part in node.parts if isinstance(node, kind) else (node,):
            unique.setdefault(_same_words(part), part)
    parts = tuple(unique.values())
    return parts[0] if len(parts) == 1 else kind(parts)


def _same_words(node: Node) -> object:
    return (fold(node.text), node.field, node.prefix) if isinstance(node, Term) else node


def _opposite(node: Node) -> Node:
    return node.part if isinstance(node, Not) else Not(node)


def _first_term(node: Node) -> str:
    match node:
        case Term():
            return node.text
        case And(parts) | Or(parts):
            return _first_term(parts[0])
        case Not(part):
            return _first_term(part)
        case _:
            return str(node)
