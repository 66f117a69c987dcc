"""The layout's HTML drawn as Discord shows it: as text, or as embeds, one for each paper (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NotRequired, TypedDict

from lxml.html import HtmlElement

from adapters.chat.discord.markdown import USER, bold, escaped, fitted, line, preformatted, units
from adapters.layout.lines import Run, classes, item_lines, stands_apart, words
from adapters.layout.lines import line as runs_of

MAX_EMBEDS = 10
MAX_SIZE = 6000
"""UTF-16 units in all embeds of a message."""

MAX_DESCRIPTION = 4096
_MAX_TITLE = 256
_MAX_URL = 2048
_JOURNAL, _PREPRINT, _ALARM = 0x2A8C93, 0xC77B2B, 0xC8373E
"""The colours say what words say too: the kind, or that something happened to a paper."""


class Embed(TypedDict):
    """An embed as Discord's REST API has it."""

    title: NotRequired[str]
    url: NotRequired[str]
    description: NotRequired[str]
    color: NotRequired[int]


def size(embeds: Iterable[Embed]) -> int:
    """How many UTF-16 units Discord counts in them."""
    return sum(units(embed.get("title", "")) + units(embed.get("description", "")) for embed in embeds)


def fits(embeds: Sequence[Embed]) -> bool:
    """Whether Discord takes them in one message."""
    return len(embeds) <= MAX_EMBEDS and excess(embeds) <= 0


def excess(embeds: Sequence[Embed]) -> int:
    """How many UTF-16 units are too many; none are, if it is not positive."""
    longest = max((units(embed.get("description", "")) for embed in embeds), default=0)
    return max(size(embeds) - MAX_SIZE, longest - MAX_DESCRIPTION)


def draw_text(tree: HtmlElement) -> str:
    """Draw headlines and paragraphs as text."""
    lines = []
    for element in tree.iter("h2", "h3", "p"):
        runs = runs_of(element, USER) if "hidden" not in element.attrib else []
        lines.append(_in_bold(runs) if element.tag != "p" else line(runs))
    return "\n".join(filter(None, lines))


def draw_embeds(tree: HtmlElement) -> list[Embed]:
    """Draw a tree. Papers have an embed each, if that is not too many. What has no room in one embed is continued in
    another: a single paragraph or list item may be too long for Discord all the same."""
    canvas = _Canvas(compact=len(tree.findall(".//li[@class='paper']")) > MAX_EMBEDS)
    canvas.walk(tree)
    return canvas.embeds


class _Canvas:
    """What is drawn so far."""

    def __init__(self, *, compact: bool) -> None:
        self.embeds: list[Embed] = []
        self._compact = compact
        self._urls: set[str] = set()
        self._is_open = False
        self._is_apart = False

    def walk(self, parent: HtmlElement) -> None:
        """Draw all that stands in an element."""
        for element in parent:
            match element.tag:
                case "h2":
                    self._headline(element, parent)
                case "h3":
                    self._add(bold(escaped(words(element))), apart=True)
                case "p" if "hidden" not in element.attrib:
                    self._add(line(runs_of(element, USER)), apart=stands_apart(element))
                case "pre" if text := element.text_content().strip("\n"):
                    self._add(preformatted(text))
                case "ul" | "ol":
                    self._list(element)
                case "header" | "article" | "section" | "footer":
                    self.walk(element)

    def _headline(self, element: HtmlElement, scope: HtmlElement) -> None:
        title = words(element)
        if self._begin(element, scope) != escaped(title):
            self._add(bold(escaped(title)))

    def _begin(self, element: HtmlElement, scope: HtmlElement) -> str:
        """Begin an embed with a title, and give that: it may have been cut."""
        if not (title := fitted(words(element), _MAX_TITLE)):
            return title
        embed: Embed = {"title": title}
        url = next((run.url for run in runs_of(element) if run.url), "")
        if url and len(url) <= _MAX_URL and url not in self._urls:
            self._urls.add(url)  # Discord shows two embeds of one address as one
            embed["url"] = url
        if color := _color(scope):
            embed["color"] = color
        self.embeds.append(embed)
        self._is_open, self._is_apart = True, False
        return title

    def _add(self, markdown: str, *, apart: bool = False) -> None:
        """Add lines to the embed, or to another one that continues it."""
        if not markdown:
            return
        if not self._is_open:
            self.embeds.append({})
        embed = self.embeds[-1]
        above = embed.get("description", "")
        gap = "\n\n" if apart or self._is_apart else "\n"
        joined = above + gap + markdown if above else markdown
        if above and units(joined) > MAX_DESCRIPTION:
            embed = {"color": embed["color"]} if "color" in embed else {}
            self.embeds.append(embed)
            joined = markdown
        embed["description"] = joined
        self._is_open, self._is_apart = True, False

    def _list(self, element: HtmlElement) -> None:
        if "papers" in classes(element):
            for item in element:
                self._paper(item)
            self._is_open = False
            return
        items = ["\n  ".join(filter(None, map(line, item_lines(item, USER)))) for item in element]
        self._is_apart = self._is_apart or "records" in classes(element)
        for text in filter(None, items):
            self._add(f"- {text}")
        self._is_apart = any(items)

    def _paper(self, item: HtmlElement) -> None:
        self._is_open = self._is_open and self._compact
        for part in item:
            if "title" not in classes(part):
                self._add(line(runs_of(part, USER)), apart=part.getprevious() is None)
            elif self._compact:
                self._add(_in_bold(runs_of(part)), apart=True)
            else:
                self._begin(part, item)


def _in_bold(runs: Iterable[Run]) -> str:
    """A headline within text; its addresses stand elsewhere."""
    return bold(escaped("".join(run.text for run in runs)))


def _color(scope: HtmlElement) -> int | None:
    """The colour of what is about one paper."""
    if scope.find_class("status"):
        return _ALARM
    kinds = [classes(kind) for kind in scope.find_class("kind")]
    return (_PREPRINT if "preprint" in kinds[0] else _JOURNAL) if kinds else None
