"""Reading the layout's HTML line by line, for platforms that draw each element in their own manner (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import html
from lxml.html import HtmlElement

from bot.wording import safe_url

_STYLES = {"strong": "bold", "em": "italic", "code": "code", "button": "code"}
_NO_CHARACTERS = {0xFFFE: None, 0xFFFF: None}


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line in one manner; a ``user`` is shown by name."""

    text: str
    styles: frozenset[str] = frozenset()
    url: str = ""
    user: str = ""


def parse(fragment: str) -> HtmlElement:
    """Read a piece of the layout's HTML, but the two characters that no tree may hold."""
    return html.fragment_fromstring(fragment.translate(_NO_CHARACTERS), create_parent="div")


def classes(element: HtmlElement) -> frozenset[str]:
    """Return the names of its classes."""
    return frozenset(element.get("class", "").split())


def words(element: HtmlElement) -> str:
    """Return what stands in an element as plain words."""
    return "".join(run.text for run in line(element))


def line(element: HtmlElement, users: re.Pattern[str] | None = None) -> list[Run]:
    """Return what stands in an element, with single blanks, each manner once; ``users`` are the ids of a platform's
    people, others are words."""
    runs: list[Run] = []
    space = True
    for run in _runs(element, Run(""), users):
        text = re.sub(r"\s+", " ", run.text)
        text = text.lstrip(" ") if space else text
        if text:
            space = text.endswith(" ")
            runs.append(replace(run, text=text))
    if runs and runs[-1].text.endswith(" "):
        last = runs.pop()
        runs += [replace(last, text=last.text[:-1])] if last.text != " " else []
    return runs


def item_lines(item: HtmlElement, users: re.Pattern[str] | None = None) -> Iterator[list[Run]]:
    """Give the lines of a list's item: its paragraphs, or all of it."""
    for element in item.findall("p") or [item]:
        yield line(element, users)


def stands_apart(element: HtmlElement) -> bool:
    """Whether there is a gap before it: papers and the parts of an abstract have one, if no label is above them."""
    parent = element.getparent()
    begins = "abstract" in classes(element)
    if parent is not None and parent.tag == "li":
        begins = "paper" in classes(parent) and element.getprevious() is None
    return begins and not _is_labelled(element)


def _is_labelled(element: HtmlElement) -> bool:
    above = element.getprevious()
    while above is None and (parent := element.getparent()) is not None:
        element, above = parent, parent.getprevious()
    return above is not None and above.tag == "h3"


def _runs(element: HtmlElement, manner: Run, users: re.Pattern[str] | None) -> Iterator[Run]:
    yield replace(manner, text=element.text or "")
    for child in element:
        if not _is_silent(child):
            yield from _runs(child, _manner(child, manner, users), users)
        yield replace(manner, text=child.tail or "")


def _manner(element: HtmlElement, around: Run, users: re.Pattern[str] | None) -> Run:
    if style := _STYLES.get(str(element.tag)) if "opener" not in classes(element) else None:
        return replace(around, styles=around.styles | {style})
    if element.tag == "a":
        return replace(around, url=safe_url(element.get("href")) or "")
    user = element.get("data-user", "")
    return replace(around, user=user) if users and users.fullmatch(user) else around


def _is_silent(element: HtmlElement) -> bool:
    """Whether it is for other platforms; what is for the eye alone is drawn."""
    return "data-silent" in element.attrib and "aria-hidden" not in element.attrib
