"""Cuts in the layout's tree: shorter texts, fewer lines (pure).

Every function changes the tree and says whether there was anything to cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lxml.etree import SubElement
from lxml.html import Element, HtmlElement

from bot.wording import shorten

_LONG_ADDRESS = 200
_LEAST_ABSTRACT = 300
_SHORTENED = "The abstract is shortened here; open it at the source to read all of it."


@dataclass(frozen=True, slots=True)
class _Text:
    """A text in the tree: at the start of its owner, or behind it."""

    owner: HtmlElement
    behind: bool

    @property
    def value(self) -> str:
        return (self.owner.tail if self.behind else self.owner.text) or ""

    def put(self, value: str) -> None:
        if self.behind:
            self.owner.tail = value
        else:
            self.owner.text = value


def _texts(element: HtmlElement) -> Iterator[_Text]:
    """What stands in an element, in the order in which it is read."""
    yield _Text(element, behind=False)
    for child in element:
        yield from _texts(child)
        yield _Text(child, behind=True)


# ---------------------------------------------------------------- papers


def without(tree: HtmlElement, part: str) -> bool:
    """Drop a part of each listed paper: its ``key`` sentence, its ``byline``."""
    found = [line for paper in _papers(tree) for line in paper.find_class(part)]
    for line in found:
        line.drop_tree()
    return bool(found)


def shorten_titles(tree: HtmlElement, limit: int) -> bool:
    """Cut the titles of listed papers to at most ``limit`` characters."""
    pieces = [text for paper in _papers(tree) for title in paper.find_class("title") for text in _texts(title)]
    long = [text for text in pieces if len(text.value) > limit]
    for text in long:
        text.put(shorten(text.value, limit))
    return bool(long)


def _papers(tree: HtmlElement) -> list[HtmlElement]:
    return tree.findall(".//li[@class='paper']")


# ---------------------------------------------------------------- paragraphs


def shorten_all(paragraphs: Iterable[HtmlElement], limit: int) -> bool:
    """Cut paragraphs to at most ``limit`` characters."""
    long = [paragraph for paragraph in paragraphs if length(paragraph) > limit]
    for paragraph in long:
        _cut(paragraph, limit)
    return bool(long)


def shorten_texts(tree: HtmlElement, limit: int) -> bool:
    """Cut all paragraphs and headlines to at most ``limit`` characters."""
    paragraphs = tree.iter("p", "pre", "h2", "h3", "li")
    return shorten_all((element for element in paragraphs if element.find("p") is None), limit)


def shorten_abstract(tree: HtmlElement, excess: int) -> bool:
    """Cut the longest parts of an abstract, as far as they together can lose so many characters, and say so."""
    parts = tree.find_class("abstract")
    limit = _even([length(part) for part in parts], excess + len(_SHORTENED))
    if not shorten_all(parts, max(_LEAST_ABSTRACT, limit)):
        return False
    if not tree.find_class("shortened"):
        parts[-1].addnext(small_print(_SHORTENED, "shortened"))
    return True


def drop_long_addresses(tree: HtmlElement) -> bool:
    """Leave words where links with endless addresses were."""
    long = [link for link in tree.iter("a") if len(link.get("href", "")) > _LONG_ADDRESS]
    for link in long:
        link.drop_tag()
    return bool(long)


def small_print(words: str, name: str = "") -> HtmlElement:
    """Make a line in small print."""
    note = Element("p", {"class": f"aside {name}"})
    note.text = words
    return note


def length(paragraph: HtmlElement) -> int:
    """How many characters stand in it."""
    return len(paragraph.text_content())


def _even(lengths: Sequence[int], excess: int) -> int:
    """The greatest limit at which paragraphs of these lengths together lose the excess."""
    low, high = 0, max(lengths, default=0)
    while low < high:
        middle = (low + high + 1) // 2
        if sum(max(0, one - middle) for one in lengths) >= excess:
            low = middle
        else:
            high = middle - 1
    return low


def _cut(paragraph: HtmlElement, limit: int) -> None:
    """Cut it at so many characters, whatever elements stand in it."""
    for text in list(_texts(paragraph)):
        before = len(text.value)
        if before > limit:
            text.put(shorten(text.value, limit))
        limit = max(0, limit - before)


# ---------------------------------------------------------------- lines


def drop_lines(tree: HtmlElement, share: float) -> bool:
    """Cut the longest list, or sequence of paragraphs, to a ``share`` of its lines, and say how many more there are."""
    several = [lines for lines in map(_lines, tree.iter()) if len(lines) > 1]
    if not several:
        return False
    lines = max(several, key=lambda lines: sum(map(length, lines)))
    rest = lines[max(1, min(int(len(lines) * share), len(lines) - 1)) :]
    _say_more(rest[0], len(rest))
    for line in rest:
        line.drop_tree()
    return True


def _lines(element: HtmlElement) -> list[HtmlElement]:
    return [child for child in element if child.tag in ("li", "p") and not child.get("data-more")]


def _say_more(place: HtmlElement, number: int) -> None:
    """Say there that a list has so many more lines, and those that were said already."""
    for said in [line for line in place.itersiblings() if line.get("data-more")]:
        number += int(said.get("data-more", "0"))
        said.drop_tree()
    line = Element(str(place.tag), {"class": place.get("class", ""), "data-more": str(number)})
    words = SubElement(line, "p") if place.tag == "li" else line
    words.text = f"+ {number:,} more"
    place.addprevious(line)
