"""A condition of a PubMed search → ours (pure).

A topic announces new papers, which have no MeSH headings, publication types or check tags at first. So a heading is
looked for in the words as well, and a type in the title.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta

from bot.query import MIN_PREFIX, And, Dated, Field, Node, Or, Term
from bot.query.tokens import fold, tokens
from bot.translating.assembling import Gap, joined
from bot.translating.journals import journal
from bot.translating.pubmed_syntax import Condition
from bot.translating.translation import Effect, Loss

_CANNOT = {
    "language": "the archive does not know languages as a filter",
    "affiliation": "the archive does not keep affiliations",
    "subset": "PubMed’s own filters and subsets are not known here",
    "subheading": "subheadings are not kept",
    "grant": "the archive does not keep grants",
    "number": "the archive does not keep this field",
}
_CHECK_TAGS = frozenset(
    {
        *("humans", "animals", "male", "female", "pregnancy", "infant", "infant newborn", "child", "child preschool"),
        *("adolescent", "young adult", "adult", "middle aged", "aged", "aged 80 and over"),
    }
)
"""Headings that say who was studied: as words they would find nearly everything or nothing."""

_TYPES: dict[str, Node] = {
    "preprint": Term("preprint", Field.TYPE),
    "journal article": Term("article", Field.TYPE),
    "review": Term("review", Field.TITLE),
    "systematic review": Term("systematic review", Field.TITLE),
    "meta analysis": Or((Term("meta-analysis"), Term("metaanalysis"))),
    "case reports": Or((Term("case report", Field.TITLE), Term("case reports", Field.TITLE))),
    "comment": Term("comment", Field.TITLE),
    "editorial": Term("editorial", Field.TITLE),
    "letter": Term("letter", Field.TITLE),
    "guideline": Term("guideline", Field.TITLE, prefix=True),
    "practice guideline": Term("guideline", Field.TITLE, prefix=True),
    "randomized controlled trial": Or(
        (Term("randomized controlled trial", prefix=True), Term("randomised controlled trial", prefix=True))
    ),
    "clinical trial": Term("clinical trial", prefix=True),
    "controlled clinical trial": Term("controlled clinical trial", prefix=True),
    "multicenter study": Or((Term("multicenter"), Term("multicentre"), Term("multi-center"), Term("multi-centre"))),
    "observational study": Term("observational study"),
    "comparative study": Term("comparative study"),
    "validation study": Term("validation study"),
    "evaluation study": Term("evaluation study"),
}
_SYSTEMATIC = frozenset(("systematic", "systematic review", "systematic reviews"))
_YEARS, _SPANS = re.compile(r"last (\d{1,3}) (day|week|month|year)s?"), {"day": "d", "week": "w", "month": "m"}
_AGES = {"d": 1, "w": 7, "m": 30, "y": 365}
_DAY = re.compile(r"(\d{4})(?:[/.-](\d{1,2}))?(?:[/.-](\d{1,2}))?")
_OPEN = range(1500, 3000)


class Terms:
    """Translates conditions, and notes in ``losses`` what is only nearly the same. Without ``headings``, MeSH headings
    are looked for as words only."""

    def __init__(self, *, headings: bool = True) -> None:
        self.losses: list[Loss] = []
        self.words_for_headings: list[str] = []
        self._headings = headings

    def translate(self, condition: Condition, negated: bool) -> Node | Gap:  # noqa: PLR0911 - one line a field
        """One condition as ours; ``negated`` if papers with it are unwanted."""
        match condition.kind:
            case "" | "words" | "group" | "unknown":
                return self._words(condition, negated=negated)
            case "keyword":
                return self._keyword(condition, negated=negated)
            case "title":
                return self._text(condition, Field.TITLE, negated=negated)
            case "abstract":
                return self._text(condition, Field.ABSTRACT, negated=negated)
            case "author" | "full author":
                return self._author(condition, negated=negated)
            case "heading":
                return self._heading(condition, negated=negated)
            case "journal":
                return self._journal(condition, negated=negated)
            case "type":
                return self._type(condition, negated=negated)
            case "day":
                return self._days(condition)
            case "id" | "doi" | "article":
                return _identifier(condition)
            case "subset" if fold(condition.text) in _SYSTEMATIC:
                return self._type(replace(condition, text="systematic review"), negated=negated)
            case kind:
                return Gap(str(condition), _CANNOT[kind])

    def _words(self, condition: Condition, *, negated: bool) -> Node | Gap:
        """Title and abstract; of unwanted papers nobody means the authors, whom a bare word finds, too."""
        if condition.kind == "group":
            return self._text(condition, Field.AUTHOR, negated=negated)
        found = self._text(condition, None, negated=negated)
        if not negated or isinstance(found, Gap):
            return found
        return Or((self._in(found, Field.TITLE), self._in(found, Field.ABSTRACT)))

    def _keyword(self, condition: Condition, *, negated: bool) -> Node | Gap:
        """Keywords are kept beside the headings, but not by every source."""
        found = self._text(condition, Field.CATEGORY, negated=negated)
        return found if negated or isinstance(found, Gap) else joined(Or, [found, self._in(found, None)])

    def _in(self, node: Node, field: Field | None) -> Node:
        match node:
            case Term(text, _, prefix):
                return Term(text, field, prefix)
            case And(parts) | Or(parts):
                return type(node)(tuple(self._in(part, field) for part in parts))
            case _:
                return node

    def _text(self, condition: Condition, field: Field | None, *, negated: bool) -> Node | Gap:
        if not condition.near:
            return self._term(condition, condition.text, field, negated=negated) or Gap(str(condition), _NO_WORD)
        self._note(str(condition), "the words are looked for at any distance", Effect.BROADER, negated=negated)
        terms = [Term(word, field) for word in condition.text.strip("*").split() if tokens(word)]
        return joined(And, terms) if terms else Gap(str(condition), _NO_WORD)

    def _term(self, condition: Condition, text: str, field: Field | None, *, negated: bool) -> Node | None:
        """Words in a row. A star within them ends the search there, and needs so many letters before it."""
        head, star, rest = text.partition("*")
        words = tokens(head)
        if star and rest.strip("* "):
            self._note(str(condition), "what follows the * is not looked for", Effect.BROADER, negated=negated)
        if not star or not words or not head[-1].isalnum():
            return Term(head.strip(), field) if words else None
        if len(words[-1]) >= MIN_PREFIX:
            return Term(head, field, prefix=True)
        before, blank, last = head.rpartition(" ")
        if blank and len(last) < MIN_PREFIX and tokens(before):
            self._note(str(condition), f"{last}* is too short to be looked for", Effect.BROADER, negated=negated)
            return Term(before, field)
        reason = f"a * needs {MIN_PREFIX} letters before it, so only the plural is looked for, too"
        self._note(str(condition), reason, Effect.NARROWER, negated=negated)
        return joined(Or, [Term(head, field), Term(f"{head}s", field)])

    def _heading(self, condition: Condition, *, negated: bool) -> Node | Gap:
        name, slash, subheading = condition.text.strip("*").partition("/")
        heading = " ".join(name.split())
        if not tokens(heading):
            return Gap(str(condition), _NO_WORD)
        if slash and subheading:
            self._note(str(condition), "subheadings are not kept", Effect.BROADER, negated=negated)
        as_heading = Term(heading, Field.CATEGORY)
        if fold(heading) in _CHECK_TAGS or negated:
            return as_heading
        self.words_for_headings.append(heading)
        first, comma, second = (part.strip() for part in heading.partition(","))
        as_words = Term(f"{second} {first}") if comma and tokens(second) else Term(heading)
        return joined(Or, [as_heading, as_words]) if self._headings else as_words

    def _author(self, condition: Condition, *, negated: bool) -> Node | Gap:
        """``Smith JA`` as it stands; ``Smith, John A`` with the given names first."""
        if condition.tag.lower().startswith(("1", "first", "last")) or condition.tag.lower().endswith(
            ("first", "last")
        ):
            self._note(str(condition), "the author may stand at any place", Effect.BROADER, negated=negated)
        family, comma, given = (part.strip() for part in condition.text.strip("*").partition(","))
        name = f"{given} {family}" if comma and given else family
        return Term(name, Field.AUTHOR) if tokens(name) else Gap(str(condition), _NO_WORD)

    def _journal(self, condition: Condition, *, negated: bool) -> Node | Gap:
        node = journal(condition.text.strip("*"))
        if node is None:
            return Gap(str(condition), "no word of it could be in the journal’s full name")
        reason = "journals are found by words of their full names, so others with these words are found, too"
        self._note(str(condition), reason, Effect.BROADER, negated=negated)
        return node

    def _type(self, condition: Condition, *, negated: bool) -> Node | Gap:
        node = _TYPES.get(fold(condition.text.strip("*")))
        if node is None:
            return Gap(str(condition), "this publication type is not known here")
        if not (isinstance(node, Term) and node.field is Field.TYPE):
            reason = "publication types are not kept, so words for them are looked for"
            self._note(str(condition), reason, Effect.NARROWER, negated=negated)
        return node

    def _days(self, condition: Condition) -> Node | Gap:
        text = condition.text.lower()
        if recent := _YEARS.fullmatch(text):
            unit = _SPANS.get(recent[2], "y")
            return Dated(after=True, days=int(recent[1]) * _AGES[unit], written=f"{int(recent[1])}{unit}")
        first, last = _span(text), _span(text if condition.until is None else condition.until)
        if first is None or last is None:
            return Gap(str(condition), "this is no date that could be read")
        ends: list[Node] = [Dated(after=True, on=first[0])] if first[0].year in _OPEN else []
        if last[1].year in _OPEN:
            ends.append(Dated(after=False, on=last[1] + timedelta(days=1)))
        return joined(And, ends) if ends else Gap(str(condition), "every date is within it")

    def _note(self, text: str, reason: str, effect: Effect, *, negated: bool) -> None:
        other = Effect.NARROWER if effect is Effect.BROADER else Effect.BROADER
        self.losses.append(Loss(text, reason, other if negated else effect))


_NO_WORD = "there is no word in it to look for"


def _identifier(condition: Condition) -> Node | Gap:
    """PMIDs (several make a list) or a DOI."""
    text = condition.text.removesuffix("[doi]").strip()
    numbers = text.replace(",", " ").split()
    if condition.kind == "id" and all(number.isascii() and number.isdecimal() for number in numbers):
        return joined(Or, [Term(number, Field.ID) for number in numbers])
    if condition.kind != "id" and text.startswith("10.") and " " not in text:
        return Term(text.lower(), Field.DOI)
    return Gap(str(condition), "this is no PMID or DOI")


def _span(text: str) -> tuple[date, date] | None:
    """The first and the last day of YYYY, YYYY/MM or YYYY/MM/DD; None for anything else."""
    match = _DAY.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    try:
        last_month = month or 12
        return date(year, month or 1, day or 1), date(year, last_month, day or monthrange(year, last_month)[1])
    except ValueError:
        return None
