"""A PubMed search → a Translation (pure)."""

from __future__ import annotations

from bot.errors import QueryError
from bot.query import MAX_LEAVES, And, Field, Node, Not, Or, Query, parse
from bot.translating.assembling import Assembler
from bot.translating.joining import Join, TooDeep
from bot.translating.pubmed_syntax import Condition, Reading, read
from bot.translating.pubmed_terms import Terms
from bot.translating.translation import Effect, Loss, Translation, named

_LOST = "Nothing of this search can be looked for in the archive: {}."
_HISTORY = (
    "This refers to lines of your search history ({}), which only PubMed knows. In PubMed, open Advanced, show the "
    "details of the last line, and paste the whole search from there."
)
_DEEP = "This search is nested too deep to be read. Take parentheses away that are not needed."


def translate(text: str, form: str = "PubMed search") -> Translation:
    """Read a search in PubMed's syntax, on one line and with straight quotes."""

    def failed(problem: str) -> Translation:
        return Translation("pubmed", form, None, asked=text, problem=problem)

    try:
        reading = read(text)
        if reading.history:
            return failed(_HISTORY.format(named(reading.history)))
        if reading.tree is None:
            return failed("There is nothing in it to search for.")
        node, losses, words = _ours(reading.tree, headings=True)
        if node is not None and leaves(node) > MAX_LEAVES:
            node, losses, words = _ours(reading.tree, headings=False)
            losses.append(Loss("MeSH headings", "for brevity they are looked for as words only", Effect.NARROWER))
    except TooDeep:
        return failed(_DEEP)
    if node is None:
        return failed(_LOST.format(named([f"{loss.text} ({loss.reason})" for loss in losses])))
    return finished(node, text, form, source="pubmed", read=_remarks(reading, words), losses=losses)


def _ours(tree: Condition | Join[Condition], *, headings: bool) -> tuple[Node | None, list[Loss], list[str]]:
    terms = Terms(headings=headings)
    assembler: Assembler[Condition] = Assembler(terms.translate, late=frozenset({Field.CATEGORY}))
    node = assembler.assemble(tree)
    losses = assembler.losses + terms.losses
    if terms.words_for_headings:
        reason = "PubMed finds the narrower headings below these, too"
        losses.append(Loss(named(terms.words_for_headings), reason, Effect.NARROWER))
    if _has_untagged(tree):
        reason = "PubMed adds synonyms and headings to words without a tag"
        losses.append(Loss("words without a tag", reason, Effect.NARROWER))
    return node, losses, terms.words_for_headings


def _has_untagged(tree: Condition | Join[Condition]) -> bool:
    if isinstance(tree, Join):
        return any(map(_has_untagged, tree.parts))
    return not tree.kind and not tree.quoted


def _remarks(reading: Reading, words: list[str]) -> tuple[str, ...]:
    remarks = [f"PubMed passes over or guesses: {named(reading.odd)}"] if reading.odd else []
    if words:
        remarks.append(
            f"MeSH headings ({named(words)}) are looked for as words, too, because new papers have no headings yet"
        )
    return tuple(remarks)


def finished(
    node: Node, asked: str, form: str, *, source: str, read: tuple[str, ...], losses: list[Loss]
) -> Translation:
    """The translation, if what came out keeps the limits of a query."""
    losses = _grouped(losses)
    written = str(Query(node))
    try:
        query = parse(written)
    except QueryError as mistake:
        count = leaves(node)
        problem = f"Translated, it cannot be a topic. {mistake}"
        if count > MAX_LEAVES:
            problem = (
                f"Translated, it has {count:,} words and phrases; a topic has at most {MAX_LEAVES}. "
                "Make several topics of its parts, or leave rare variants out."
            )
        return Translation(source, form, None, read, tuple(losses), asked, problem)
    return Translation(source, form, query, read, tuple(losses), asked)


def _grouped(losses: list[Loss]) -> list[Loss]:
    groups: dict[tuple[str, Effect], list[str]] = {}
    for loss in losses:
        groups.setdefault((loss.reason, loss.effect), []).append(loss.text)
    return [Loss(named(texts), reason, effect) for (reason, effect), texts in groups.items()]


def leaves(node: Node) -> int:
    """How many words and phrases a query has."""
    match node:
        case And(parts) | Or(parts):
            return sum(map(leaves, parts))
        case Not(part):
            return leaves(part)
        case _:
            return 1
