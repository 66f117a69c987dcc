"""A rendered message as plain text, so that both forms always say the same (pure)."""

from __future__ import annotations

from html.parser import HTMLParser

_BLOCKS = frozenset(["article", "footer", "h2", "h3", "header", "li", "ol", "p", "pre", "section", "ul"])


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._line = ""
        self._verbatim = False
        self._silent = 0
        self._links: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if self._silent or "data-silent" in given:
            self._silent += 1
        if tag in _BLOCKS:
            self.end_line()
            self._verbatim = tag == "pre"
        if tag == "a":
            self._links.append(given.get("href") if "data-spelled" in given else None)

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - 1)
        if tag in _BLOCKS:
            self.end_line()
            self._verbatim = False
        if tag == "a" and (link := self._links.pop()):
            self._line += f" {link}"

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if self._verbatim:
            self.lines += data.splitlines()
        else:
            self._line += data

    def end_line(self) -> None:
        if line := " ".join(self._line.split()):
            self.lines.append(line)
        self._line = ""


def plain_text(html: str) -> str:
    """Write our own templates' HTML (every element closed) as lines of text, one for each block.

    Elements marked ``data-silent`` are left out; links marked ``data-spelled`` show their address.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_line()
    return "\n".join(reader.lines)
