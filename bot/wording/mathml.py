"""MathML as one line of Unicode text: ``(a + b)/c``, ``√x``, ``10⁻³`` (pure).

Elements: https://www.w3.org/TR/mathml-core/ and, for mfenced, https://www.w3.org/TR/MathML3/chapter3.html.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.wording.patterns import words
from bot.wording.scripts import subscript, superscript, wrapped

_LONGEST = 20_000
_DEEPEST = 60
_PIECE = re.compile(r"<(/?)(?:[\w-]+:)?([A-Za-z][\w-]*)((?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*)>|([^<]+|<)")
_RELATIONS = words("= < > ≤ ≥ ≠ ≈ ≡ ∝ ∼ ≪ ≫ ∈ ∉ ⊂ ⊆ → ← ⇒ ↔ ± ×")
_DROPPED = frozenset({"annotation", "annotation-xml", "mphantom", "maligngroup", "malignmark"})
_ACCENTS = dict.fromkeys("¯‾_ˉ", "\u0304") | dict.fromkeys("^ˆ", "\u0302") | {
    "~": "\u0303", "˜": "\u0303", "→": "\u20d7", "⃗": "\u20d7", "˙": "\u0307", ".": "\u0307", "¨": "\u0308",
}  # fmt: skip


@dataclass(slots=True)
class _Node:
    name: str
    children: list[_Node | str] = field(default_factory=list)


def to_text(markup: str) -> str | None:
    """Write a ``<math>`` element in a line; None if it is too long, nested too deeply or not balanced."""
    root = _tree(markup) if len(markup) <= _LONGEST else None
    return None if root is None else " ".join(_text(root).split())


def _tree(markup: str) -> _Node | None:
    path = [_Node("math")]
    for closing, name, attributes, text in _PIECE.findall(markup):
        if not name:
            path[-1].children.append(html.unescape(text.strip() or " ") if path[-1].name[:1] == "m" else "")
        elif closing:
            if path[-1].name != name or len(path) == 1:
                return None
            path.pop()
        else:
            node = _Node(name)
            path[-1].children.append(node)
            if not attributes.endswith("/"):
                path.append(node)
        if len(path) > _DEEPEST:
            return None
    return path[0] if len(path) == 1 else None


def _text(node: _Node | str) -> str:
    if isinstance(node, str):
        return node.strip() and node
    if node.name in _DROPPED:
        return ""
    if node.name in _FORMS:
        return _form(node)
    if node.name in _LISTS:
        return _LISTS[node.name]([_text(child) for child in node.children if isinstance(child, _Node)])
    text = "".join(child if isinstance(child, str) else _text(child) for child in node.children)
    return f" {text.strip()} " if node.name == "mspace" or text.strip() in _RELATIONS else text


def _form(node: _Node) -> str:
    parts = [_text(child).strip() for child in node.children if isinstance(child, _Node)]
    if node.name == "mmultiscripts":
        return _multiscripts(node)
    if node.name == "msqrt":
        return f"√{wrapped(''.join(parts))}"
    count, write = _FORMS[node.name]
    return write(parts) if len(parts) == count else "".join(parts)


def _multiscripts(node: _Node) -> str:
    """Base, pairs of sub- and superscript behind it, <mprescripts/>, pairs before it."""
    base, behind, ahead = "", "", ""
    seen = raised = False
    for child in node.children:
        if not isinstance(child, _Node):
            continue
        if child.name == "mprescripts":
            seen, raised = True, False
            continue
        text = "" if child.name == "none" else _text(child).strip()
        if not base and not seen:
            base = text
            continue
        script = (superscript if raised else subscript)(text)
        raised = not raised
        behind, ahead = (behind, ahead + script) if seen else (behind + script, ahead)
    return ahead + base + behind


def _over(parts: list[str]) -> str:
    base, over = parts
    if over in _ACCENTS and len(base) == 1:
        return base + _ACCENTS[over]
    return base if over in _ACCENTS else base + superscript(over)


_LISTS: dict[str, Callable[[list[str]], str]] = {
    "semantics": lambda parts: parts[0] if parts else "",
    "mtable": lambda rows: f"[{'; '.join(rows)}]",
    "mtr": ", ".join,
    "mlabeledtr": ", ".join,
    "mfenced": lambda parts: f"({', '.join(parts)})",
}
_FORMS: dict[str, tuple[int, Callable[[list[str]], str]]] = {
    "mfrac": (2, lambda parts: f"{wrapped(parts[0])}/{wrapped(parts[1])}"),
    "msup": (2, lambda parts: parts[0] + superscript(_compact(parts[1]))),
    "msub": (2, lambda parts: parts[0] + subscript(_compact(parts[1]))),
    "msubsup": (3, lambda parts: parts[0] + subscript(_compact(parts[1])) + superscript(_compact(parts[2]))),
    "munder": (2, lambda parts: parts[0] + subscript(_compact(parts[1]))),
    "mover": (2, _over),
    "munderover": (3, lambda parts: parts[0] + subscript(_compact(parts[1])) + superscript(_compact(parts[2]))),
    "mroot": (2, lambda parts: superscript(parts[1]) + "√" + wrapped(parts[0])),
    "msqrt": (1, lambda parts: f"√{wrapped(parts[0])}"),
    "mmultiscripts": (0, "".join),
}


def _compact(text: str) -> str:
    return text.replace(" ", "")
