"""Whether a rendered message is harmless: judged from its HTML alone, by another parser than the code's own."""

from __future__ import annotations

from urllib.parse import urlsplit

from lxml import html

_BARE = ("article", "code", "em", "footer", "h2", "h3", "header", "li", "ol", "section", "strong", "ul")
_ALLOWED = dict.fromkeys(_BARE, frozenset[str]()) | {
    "a": frozenset({"href", "target", "rel", "data-spelled"}),
    "button": frozenset({"type", "data-action", "data-command"}),
    "p": frozenset({"hidden"}),
    "pre": frozenset({"tabindex"}),
    "span": frozenset({"hidden", "aria-hidden", "data-silent", "data-user"}),
}


def harm_in(fragment: str) -> list[str]:
    """Every element, attribute and address that our templates never write."""
    found = []
    for element in html.fragment_fromstring(fragment, create_parent="div").iterdescendants():
        tag = element.tag if isinstance(element.tag, str) else "comment or instruction"
        if tag not in _ALLOWED:
            found.append(f"<{tag}>")
            continue
        for name, value in element.attrib.items():
            if str(name) not in _ALLOWED[tag] | {"class"}:
                found.append(f"<{tag} {name!s}>")
            elif name == "href" and not _is_web_address(str(value)):
                found.append(f"<{tag} href={str(value)!r}>")
    return found


def _is_web_address(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
