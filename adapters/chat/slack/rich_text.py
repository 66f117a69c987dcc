"""The layout's HTML drawn as Block Kit: headlines, rich text, lists and small print (pure).

Texts of others stand only where Slack reads no markup: in ``plain_text`` and in elements of rich text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from lxml import html
from lxml.html import HtmlElement

from adapters.chat.slack.blocks import MAX_TEXT, Block, context, header, rich_text
from bot.wording import safe_url

USER = re.compile(r"[UW][A-Z0-9]{1,40}")
"""Slack's id of a person."""

_STYLES = {"strong": "bold", "em": "italic", "code": "code", "button": "code"}
_SMALL_PRINT = frozenset({"aside", "count", "topics"})
_NO_CHARACTERS = {0xFFFE: None, 0xFFFF: None}
_NOT_PLAIN = ".//a|.//code|.//button|.//*[@data-user]"


@dataclass(frozen=True, slots=True)
class _Run:
    """A piece of a line in one manner; a ``user`` is shown by name."""

    text: str
    styles: frozenset[str] = frozenset()
    url: str = ""
    user: str = ""


def parse(fragment: str) -> HtmlElement:
    """Read a piece of the layout's HTML, but the two characters that no tree may hold."""
    return html.fragment_fromstring(fragment.translate(_NO_CHARACTERS), create_parent="div")


def draw(fragment: str) -> list[Block]:
    """Draw a piece of the layout's HTML."""
    return draw_tree(parse(fragment))


def draw_tree(tree: HtmlElement) -> list[Block]:
    """Draw what ``parse`` has read."""
    canvas = _Canvas()
    canvas.walk(tree)
    canvas.end_block()
    return canvas.blocks


class _Canvas:
    """What is drawn so far. Paragraphs are gathered in one section, sections and lists in one block, small print in
    one block of its own."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._parts: list[Block] = []
        self._section: list[_Run] = []
        self._small_print: list[str] = []

    def walk(self, parent: HtmlElement) -> None:
        """Draw all that stands in an element."""
        for element in parent:
            match element.tag:
                case "h2" if parent.tag == "header" and _is_plain(element):
                    self._header(_words(element))
                case "h2":
                    self._paragraph([replace(run, styles=frozenset({"bold"})) for run in _line(element)])
                case "h3":
                    self._subheading(element)
                case "p" if "hidden" not in element.attrib:
                    self._text(element)
                case "pre":
                    self._preformatted(element)
                case "ul" | "ol":
                    self._list(element)
                case "header" | "article" | "section" | "footer":
                    self.walk(element)

    def end_block(self) -> None:
        """Put what is gathered into blocks."""
        self._end_section()
        if self._parts:
            self.blocks.append(rich_text(self._parts))
            self._parts = []
        if self._small_print:
            self.blocks.append(context("\n".join(self._small_print)))
            self._small_print = []

    def _header(self, words: str) -> None:
        self.end_block()
        if words:
            self.blocks.append(header(words))

    def _subheading(self, element: HtmlElement) -> None:
        if not self._section:
            self.end_block()
        self._paragraph([_Run(_words(element), frozenset({"bold"}))], apart=True)

    def _text(self, element: HtmlElement) -> None:
        if _classes(element) & _SMALL_PRINT and _is_plain(element):
            self._small(_words(element))
        else:
            self._paragraph(_line(element), apart=_stands_apart(element))

    def _paragraph(self, line: list[_Run], *, apart: bool = False) -> None:
        if not line:
            return
        if self._small_print:
            self.end_block()
        if self._section:
            self._section.append(_Run("\n\n" if apart else "\n"))
        self._section += line

    def _small(self, words: str) -> None:
        if not words:
            return
        if self._section or self._parts:
            self.end_block()
        self._small_print.append(words)

    def _preformatted(self, element: HtmlElement) -> None:
        if text := element.text_content().strip("\n"):
            self._add_part({"type": "rich_text_preformatted", "elements": list(_elements(_Run(text)))})

    def _list(self, element: HtmlElement) -> None:
        if "papers" in _classes(element):
            for item in element:
                self.walk(item)
            return
        items = [_section(_joined(_item_lines(item))) for item in element]
        if items := [item for item in items if item["elements"]]:
            self._add_part({"type": "rich_text_list", "style": "bullet", "elements": items})
            self.end_block()

    def _add_part(self, part: Block) -> None:
        if self._small_print:
            self.end_block()
        self._end_section()
        self._parts.append(part)

    def _end_section(self) -> None:
        if self._section:
            self._parts.append(_section(self._section))
            self._section = []


def _stands_apart(element: HtmlElement) -> bool:
    """Whether there is a gap before it: papers and the parts of an abstract have one, if no label is above them."""
    parent = element.getparent()
    begins = "abstract" in _classes(element)
    if parent is not None and parent.tag == "li":
        begins = "paper" in _classes(parent) and element.getprevious() is None
    return begins and not _is_labelled(element)


def _is_labelled(element: HtmlElement) -> bool:
    above = element.getprevious()
    while above is None and (parent := element.getparent()) is not None:
        element, above = parent, parent.getprevious()
    return above is not None and above.tag == "h3"


def _item_lines(item: HtmlElement) -> Iterator[list[_Run]]:
    """The lines of a list's item: its paragraphs, or all of it."""
    yield from map(_line, item.findall("p")) if item.find("p") is not None else [_line(item)]


def _joined(lines: Iterable[list[_Run]]) -> list[_Run]:
    runs: list[_Run] = []
    for line in filter(None, lines):
        runs += [_Run("\n"), *line] if runs else line
    return runs


# ---------------------------------------------------------------- one line


def _is_plain(element: HtmlElement) -> bool:
    return not element.xpath(_NOT_PLAIN)


def _words(element: HtmlElement) -> str:
    return "".join(run.text for run in _line(element))


def _line(element: HtmlElement) -> list[_Run]:
    """What stands in an element, with single blanks, each manner once."""
    runs: list[_Run] = []
    space = True
    for run in _runs(element, _Run("")):
        text = re.sub(r"\s+", " ", run.text)
        text = text.lstrip(" ") if space else text
        if text:
            space = text.endswith(" ")
            runs.append(replace(run, text=text))
    if runs and runs[-1].text.endswith(" "):
        last = runs.pop()
        runs += [replace(last, text=last.text[:-1])] if last.text != " " else []
    return runs


def _runs(element: HtmlElement, manner: _Run) -> Iterator[_Run]:
    yield replace(manner, text=element.text or "")
    for child in element:
        if not _is_silent(child):
            yield from _runs(child, _manner(child, manner))
        yield replace(manner, text=child.tail or "")


def _manner(element: HtmlElement, around: _Run) -> _Run:
    if style := _STYLES.get(str(element.tag)) if "opener" not in _classes(element) else None:
        return replace(around, styles=around.styles | {style})
    if element.tag == "a":
        return replace(around, url=safe_url(element.get("href")) or "")
    user = element.get("data-user", "")
    return replace(around, user=user) if USER.fullmatch(user) else around


def _is_silent(element: HtmlElement) -> bool:
    """Whether it is for other platforms; what is for the eye alone is drawn."""
    return "data-silent" in element.attrib and "aria-hidden" not in element.attrib


def _classes(element: HtmlElement) -> frozenset[str]:
    return frozenset(element.get("class", "").split())


# ---------------------------------------------------------------- Block Kit


def _section(runs: list[_Run]) -> Block:
    """A section with as few elements as possible, for each counts."""
    elements: list[Block] = []
    for _, group in groupby(runs, key=lambda run: (run.styles, run.url, run.user)):
        same = list(group)
        elements += _elements(replace(same[0], text="".join(run.text for run in same)))
    return {"type": "rich_text_section", "elements": elements}


def _elements(run: _Run) -> Iterator[Block]:
    if run.user:
        yield {"type": "user", "user_id": run.user}
        return
    kind: Block = {"type": "link", "url": run.url} if run.url else {"type": "text"}
    style: Block = {"style": dict.fromkeys(sorted(run.styles), True)} if run.styles else {}
    for start in range(0, len(run.text), MAX_TEXT):
        yield {**kind, "text": run.text[start : start + MAX_TEXT], **style}
