"""The layout's HTML drawn as Block Kit: headlines, rich text, lists and small print (pure).

Texts of others stand only where Slack reads no markup: in ``plain_text`` and in elements of rich text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from lxml.html import HtmlElement

from adapters.chat.slack.blocks import MAX_TEXT, Block, context, header, rich_text
from adapters.layout.lines import Run, classes, item_lines, line, parse, stands_apart, words

USER = re.compile(r"[UW][A-Z0-9]{1,40}")
"""Slack's id of a person."""

_SMALL_PRINT = frozenset({"aside", "count", "topics"})
_NOT_PLAIN = ".//a|.//code|.//button|.//*[@data-user]"


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
        self._section: list[Run] = []
        self._small_print: list[str] = []

    def walk(self, parent: HtmlElement) -> None:
        """Draw all that stands in an element."""
        for element in parent:
            match element.tag:
                case "h2" if parent.tag == "header" and _is_plain(element):
                    self._header(words(element))
                case "h2":
                    self._paragraph([replace(run, styles=frozenset({"bold"})) for run in line(element, USER)])
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

    def _header(self, text: str) -> None:
        self.end_block()
        if text:
            self.blocks.append(header(text))

    def _subheading(self, element: HtmlElement) -> None:
        if not self._section:
            self.end_block()
        self._paragraph([Run(words(element), frozenset({"bold"}))], apart=True)

    def _text(self, element: HtmlElement) -> None:
        if classes(element) & _SMALL_PRINT and _is_plain(element):
            self._small(words(element))
        else:
            self._paragraph(line(element, USER), apart=stands_apart(element))

    def _paragraph(self, runs: list[Run], *, apart: bool = False) -> None:
        if not runs:
            return
        if self._small_print:
            self.end_block()
        if self._section:
            self._section.append(Run("\n\n" if apart else "\n"))
        self._section += runs

    def _small(self, text: str) -> None:
        if not text:
            return
        if self._section or self._parts:
            self.end_block()
        self._small_print.append(text)

    def _preformatted(self, element: HtmlElement) -> None:
        if text := element.text_content().strip("\n"):
            self._add_part({"type": "rich_text_preformatted", "elements": list(_elements(Run(text)))})

    def _list(self, element: HtmlElement) -> None:
        if "papers" in classes(element):
            for item in element:
                self.walk(item)
            return
        items = [_section(_joined(item_lines(item, USER))) for item in element]
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


def _joined(lines: Iterable[list[Run]]) -> list[Run]:
    runs: list[Run] = []
    for one in filter(None, lines):
        runs += [Run("\n"), *one] if runs else one
    return runs


def _is_plain(element: HtmlElement) -> bool:
    return not element.xpath(_NOT_PLAIN)


# ---------------------------------------------------------------- Block Kit


def _section(runs: list[Run]) -> Block:
    """A section with as few elements as possible, for each counts."""
    elements: list[Block] = []
    for _, group in groupby(runs, key=lambda run: (run.styles, run.url, run.user)):
        same = list(group)
        elements += _elements(replace(same[0], text="".join(run.text for run in same)))
    return {"type": "rich_text_section", "elements": elements}


def _elements(run: Run) -> Iterator[Block]:
    if run.user:
        yield {"type": "user", "user_id": run.user}
        return
    kind: Block = {"type": "link", "url": run.url} if run.url else {"type": "text"}
    style: Block = {"style": dict.fromkeys(sorted(run.styles), True)} if run.styles else {}
    for start in range(0, len(run.text), MAX_TEXT):
        yield {**kind, "text": run.text[start : start + MAX_TEXT], **style}
