"""An HTTP answer as plain data, so that the literature's APIs stay pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

XML = "text/xml; charset=UTF-8"
ATOM = "application/atom+xml; charset=utf-8"
RSS = "application/rss+xml; charset=utf-8"
JSON = "application/json; charset=UTF-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, content type, body and further headers."""

    body: bytes
    content_type: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def add(parent: etree._Element, tag: str, text: str | None = None, **attributes: str) -> etree._Element:
    """Append a child with text and attributes. Control characters, which XML cannot carry, are dropped."""
    child = etree.SubElement(parent, tag, attributes)
    child.text = None if text is None else "".join(char for char in text if char >= " " or char in "\n\t")
    return child
