"""arXiv's links → the search they show (pure).

The search page has a query and a type; the advanced page has terms with operators, subjects and days; lists and feeds
name categories; the API carries its own language (arxiv.org/search, arxiv.org/list, rss.arxiv.org, export.arxiv.org).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from bot.query import And, Dated, Node
from bot.query.lexer import clean
from bot.translating.arxiv_syntax import PHYSICS, Condition, Tree, read, translate_condition, written
from bot.translating.assembling import Assembler, joined
from bot.translating.joining import Join, TooDeep
from bot.translating.pubmed import finished
from bot.translating.translation import Effect, Loss, Translation, named
from bot.translating.urls import Link

HOST = "arxiv.org"
_TYPES = {
    "": "all",
    "all": "all",
    "title": "ti",
    "abstract": "abs",
    "author": "au",
    "journal_ref": "jr",
    "comments": "co",
    "report_num": "rn",
    "cross_list_category": "cat",
    "doi": "doi",
    "paper_id": "id",
}
_SUBJECTS = {
    "computer_science": ("cs",),
    "economics": ("econ",),
    "eess": ("eess",),
    "mathematics": ("math",),
    "q_biology": ("q-bio",),
    "q_finance": ("q-fin",),
    "statistics": ("stat",),
    "physics": tuple(PHYSICS),
}
_NO_SEARCH = "There is no search in this link. Paste the link of a page of arXiv’s search results, or of a list."
_ODD_TYPE = "arXiv’s search by {} cannot be looked for in the archive."
_LIST = re.compile(r"/(?:list|rss|atom)/([A-Za-z.+-]+)(?:/.*)?")
_PERSON = re.compile(r"/a/([a-z-]+(?:_[a-z-]+)*)_\d+(?:\.\w+)?", re.IGNORECASE)
_PAPER = re.compile(r"/(?:abs|pdf|html)/(.+?)(?:\.pdf)?")
_ARCHIVE = re.compile(r"/search/(?!advanced$)([a-z-]+)")
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
_TERM = re.compile(r"terms-(\d{1,3})-(term|operator|field)")
_STEMS = Loss("words", "arXiv finds other endings of a word, too; add a * where they matter", Effect.NARROWER)


def translate_link(link: Link) -> Translation:
    """The search of a link to arXiv."""
    try:
        tree = _tree(link)
    except TooDeep:
        return _failed("This search is nested too deep to be read. Take parentheses away that are not needed.")
    if isinstance(tree, str):
        return _failed(tree)
    assembler: Assembler[Condition] = Assembler(translate_condition)
    node = assembler.assemble(tree) if tree else None
    losses = assembler.losses
    days = _days(link)
    asked = written(tree) or "" if tree else ""
    if node is None:
        if losses:
            return _failed(
                f"Nothing of this search can be looked for in the archive: {named([x.text for x in losses])}."
            )
        return _failed(_NO_SEARCH)
    if tree and _looks_for_words(tree):
        losses.append(_STEMS)
    return finished(joined(And, [node, *days]), asked, "arXiv link", source="arxiv", read=(), losses=losses)


def _looks_for_words(tree: Tree) -> bool:
    if isinstance(tree, Join):
        return any(map(_looks_for_words, tree.parts))
    return tree.field in {"all", "ti", "abs"}


def _failed(problem: str) -> Translation:
    return Translation("arxiv", "arXiv link", None, problem=problem)


def _tree(link: Link) -> Tree | str | None:
    """What is searched for, or what is wrong; None if there is nothing."""
    if named_in_path := _from_path(link.path):
        return named_in_path
    if link.path.endswith("/api/query") or link.get("search_query", "id_list"):
        ids = [Condition("id", name.strip()) for name in link.get("id_list").split(",") if name.strip()]
        found = read(clean(link.get("search_query")))
        return _all_of([part for part in (found, _any_of(ids)) if part])
    if any(key.startswith("terms-") for key, _ in link.fields):
        return _advanced(link)
    kind = link.get("searchtype")
    if kind not in _TYPES:
        return _ODD_TYPE.format(clean(kind)[:40])
    archive = _ARCHIVE.fullmatch(link.path)
    words = _read_words(link.get("query"), kind)
    return _all_of([words, *([_category(archive[1])] if archive else [])]) if words else None


def _from_path(path: str) -> Tree | None:
    """The categories of a list or feed, a person's papers, or one paper."""
    if categories := _LIST.fullmatch(path):
        return _any_of(Condition("cat", name) for name in categories[1].split("+") if name)
    if person := _PERSON.fullmatch(path):
        return Condition("au", person[1].replace("_", " "), quoted=True)
    paper = _PAPER.fullmatch(path)
    return Condition("id", paper[1]) if paper else None


def _read_words(text: str, kind: str) -> Tree | None:
    """What a box of the search page holds: a person's name, or words that all have to be found."""
    field = _TYPES[kind]
    if field == "au":
        people = [" ".join(name.replace('"', " ").split()) for name in clean(text).split(";")]
        return _all_of([Condition("au", name, quoted=True) for name in people if name])
    return read(clean(text), default="AND", field=field)


def _category(archive: str) -> Condition:
    """An archive with all its categories."""
    return Condition("cat", f"{archive}*" if archive in PHYSICS else f"{archive}.*")


def _advanced(link: Link) -> Tree | str | None:
    """NOT binds closer than AND, AND closer than OR (arXiv/arxiv-search, advanced search)."""
    boxes: dict[int, dict[str, str]] = {}
    for key, value in link.fields:
        if match := _TERM.fullmatch(key):
            boxes.setdefault(int(match[1]), {})[match[2]] = value
    alternatives: list[tuple[list[Tree], list[Tree]]] = [([], [])]
    for _, box in sorted(boxes.items()):
        if box.get("field", "") not in _TYPES:
            return _ODD_TYPE.format(clean(box["field"])[:40])
        part = _read_words(box.get("term", ""), box.get("field", ""))
        if part is None:
            continue
        if box.get("operator") == "OR" and any(alternatives[-1]):
            alternatives.append(([], []))
        wanted, unwanted = alternatives[-1]
        (unwanted if box.get("operator") == "NOT" else wanted).append(part)
    found = _any_of(filter(None, (_less(wanted, unwanted) for wanted, unwanted in alternatives)))
    return _all_of([part for part in (found, _subjects(link)) if part])


def _less(wanted: list[Tree], unwanted: list[Tree]) -> Tree | None:
    whole, less = _all_of(wanted), _any_of(unwanted)
    if whole is None or less is None:
        return whole if less is None else Join("WITHOUT", (less,), 1 + _height(less))
    return _join("NOT", (whole, less))


def _subjects(link: Link) -> Tree | None:
    names: list[str] = []
    for subject, archives in _SUBJECTS.items():
        if link.get(f"classification-{subject}"):
            chosen = link.get("classification-physics_archives") if subject == "physics" else ""
            names += [chosen] if chosen in archives else archives
    return _any_of(map(_category, names))


def _all_of(parts: Iterable[Tree]) -> Tree | None:
    return _join("AND", tuple(parts))


def _any_of(parts: Iterable[Tree]) -> Tree | None:
    return _join("OR", tuple(parts))


def _join(operator: str, parts: tuple[Tree, ...]) -> Tree | None:
    if len(parts) < 2:  # noqa: PLR2004 - a single part needs no joining
        return parts[0] if parts else None
    return Join(operator, parts, 1 + max(map(_height, parts)))


def _height(tree: Tree) -> int:
    return tree.height if isinstance(tree, Join) else 0


def _days(link: Link) -> list[Node]:
    """The days that the advanced page is limited to."""
    match link.get("date-filter_by"):
        case "past_12":
            return [Dated(after=True, days=365, written="1y")]
        case "specific_year":
            first = last = _span(link.get("date-year"))
        case "date_range":
            first, last = _span(link.get("date-from_date")), _span(link.get("date-to_date"))
        case _:
            return []
    days: list[Node] = [Dated(after=True, on=first[0])] if first else []
    return [*days, Dated(after=False, on=last[1])] if last else days


def _span(text: str) -> tuple[date, date] | None:
    """The first day of a year, month or day, and the day after it."""
    match = _DAY.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day = int(match[1]), int(match[2] or 1), int(match[3] or 1)
    try:
        first = date(year, month, day)
        if match[3]:
            return first, first + timedelta(days=1)
        return first, date(year + 1, 1, 1) if not match[2] or month == 12 else date(year, month + 1, 1)  # noqa: PLR2004
    except (ValueError, OverflowError):
        return None
