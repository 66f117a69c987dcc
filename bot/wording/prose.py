"""LaTeX in running text: formulas between dollars, fonts, accents, quotes, dashes, links, citations (pure).

Prices, percent signs and placeholders in braces are prose, and an unknown macro stays as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.wording import latex
from bot.wording.scripts import raised, subscript, superscript
from bot.wording.signs import FONTS, SIGNS, SWITCHES, TEXT_ACCENTS

_LONGEST_FORMULA = 2000
_DELIMITER = re.compile(r"\\.|\$", re.DOTALL)
_FORMAL = re.compile(r"\\[A-Za-z,;%]|[\^_{}]")
_AMOUNT = re.compile(
    r"\d[\d,.]*\s*(?:[KMBk]|bn|million|billion)?\s+(?:[a-z]{2,}|[A-Z][a-z]+)(?![\w^\\])|\d[\d,.]*[-–/]\$?$"
)
_LONG_WORD = re.compile(r"[A-Za-z]{4,}")
_SPACED = re.compile(r"\s+(?:[A-Za-z]\s*(?:[=<>]\s*[\d.]+)?|[A-Za-z]\([^\s$]+\)|[\[({][^$]*[\])}])\s+")
_OPERATORS = re.compile(r"[<>=+*|≤≥±×∼≈]+")
_UNMISTAKABLE = re.compile(r"['/.-]+|[<>=@/+*±×≤≥~][\w.=<>@-]*|[A-Za-z]|[Α-Ωα-ω∀-⋿]+")


@dataclass(frozen=True, slots=True)
class Span:
    """A formula in a text, with its delimiters from ``start`` to ``end``; ``inner`` is what stands between them."""

    start: int
    end: int
    inner: str


def formulas(text: str) -> Iterator[Span]:
    r"""Find the formulas between ``$…$``, ``$$…$$``, ``\(…\)`` and ``\[…\]``; a price is none."""
    done = 0
    for mark in _DELIMITER.finditer(text):
        if mark.start() >= done and (span := _formula_at(text, mark.start(), mark[0])):
            yield span
            done = span.end


def _formula_at(text: str, start: int, mark: str) -> Span | None:
    if mark in (r"\(", r"\["):
        end = text.find({"(": r"\)", "[": r"\]"}[mark[1]], start, start + _LONGEST_FORMULA)
        return Span(start, end + 2, text[start + 2 : end]) if end > 0 else None
    if mark != "$":
        return None
    if text.startswith("$$", start):
        end = text.find("$$", start + 2, start + _LONGEST_FORMULA)
        return Span(start, end + 2, text[start + 2 : end]) if end > start + 2 else None
    end = _closing_dollar(text, start + 1)
    inner = text[start + 1 : end]
    if end < 0 or not _is_formula(inner, text[start - 1 : start] if start else "", text[end + 1 : end + 2]):
        return None
    return Span(start, end + 1, inner)


def _closing_dollar(text: str, start: int) -> int:
    limit = start + _LONGEST_FORMULA
    while (end := text.find("$", start, limit)) > 0 and text[end - 1] == "\\":
        start = end + 1
    return end


def _is_formula(inner: str, before: str, after: str) -> bool:
    if not inner.strip():
        return False
    if _FORMAL.search(inner):
        return not (_AMOUNT.match(inner) or (inner[0].isdigit() and before.isalpha()))
    if _OPERATORS.fullmatch(inner) or _SPACED.fullmatch(inner):
        return True
    if _UNMISTAKABLE.fullmatch(inner) and not after.isdigit():
        return True
    if inner[0].isspace() or inner[-1].isspace() or after.isdigit() or before.isalnum():
        return False
    return not (_AMOUNT.match(inner) or (" " in inner and _LONG_WORD.search(inner)))


# ---------------------------------------------------------------- the whole text

_TEXT_IN_DOLLARS = re.compile(r"\s*\{?\s*\\(?:href|url|emph|text\w*|underline)\b")
_KEPT = "\ue000{}\ue001"
_PLACE = re.compile("\ue000(\\d{1,6})\ue001")
_PASSES = 12


def without_latex(text: str) -> str:
    """Resolve the LaTeX of a text in prose; formulas that are unknown stay as they are."""
    if not any(sign in text for sign in "\\$`~^{") and "--" not in text:
        return text
    pieces, kept, done = [], [], 0
    for span in formulas(text):
        formula = latex.to_unicode(span.inner)
        if formula is None and _TEXT_IN_DOLLARS.match(span.inner):
            pieces += [text[done : span.start], span.inner]
        else:
            kept.append(text[span.start : span.end] if formula is None else formula)
            pieces += [text[done : span.start], _KEPT.format(len(kept) - 1)]
        done = span.end
    text = _prose("".join([*pieces, text[done:]]))
    return _PLACE.sub(lambda match: kept[int(match[1])] if int(match[1]) < len(kept) else "", text)


def _prose(text: str) -> str:
    if "\\" in text:
        text = _MARKS_OF_ACCENTS.sub(_accented, text)
        text = _CITATION.sub("", text)
    if "\\" in text or "{" in text:
        text = _NAMED.sub(_sign, text.replace("{,}", ","))
        for _ in range(_PASSES):
            before = text
            text = _MACRO.sub(_applied, _SWITCH.sub(r"\1", text))
            if text == before:
                break
        text = _UNCLOSED.sub("", text)
        text = _BRACED.sub(lambda match: match[1] or match[2] or match[3], text)
        text = _FORMULA_PART.sub(lambda match: latex.to_unicode(match[0]) or match[0], text)
        text = _NAMED.sub(_without_switch, text)
        text = _ESCAPE.sub(lambda match: _ESCAPES.get(match[1], match[1][:1]), text)
    return _typography(text)


_NAMES_OF_ACCENTS = "".join(map(re.escape, TEXT_ACCENTS))
_MARKS_OF_ACCENTS = re.compile(
    r"\{\\(?P<a>['`^\"~=.])\s?(?P<b>\\[ij]|[^\W\d_])\}"
    r"|\\(?P<c>['`^\"~=.])\s?(?:\{\s*(?P<d>\\[ij]|[^\W\d_])\s*\}|(?P<e>\\[ij](?![A-Za-z])|[^\W\d_]))"
    r"|\{\\(?P<l>['`^\"~=])\}(?P<m>[^\W\d_])"
    r"|\{\\(?P<f>[cvuHkrdb])(?:\s+(?P<g>\\[ij]|[^\W\d_])|\{(?P<h>\\[ij]|[^\W\d_])\})\}"
    r"|\\(?P<n>[cv])\s+(?P<o>[^\W\d_])"
    r"|\\(?P<i>[cvuHkrdb])(?:\s+(?P<j>[^\W\d_])(?![A-Za-z])|\s?\{(?P<k>\\[ij]|[^\W\d_])\})"
)
_CITATION = re.compile(
    r"[\s~]{0,4}\\(?:[cC]ite[a-z]*|parencite|textcite|footcite|ref|eqref|autoref|[cC]ref|label|footnotemark|thanks)\*?"
    r"\s*(?:\[[^\[\]{}]{0,100}\]\s*){0,2}\{[^{}]{0,500}\}"
)
_ALL_SWITCHES = "|".join(sorted(SWITCHES - {"left", "right", "middle", "big", "Big"}, key=len, reverse=True))
_SWITCH = re.compile(rf"\{{\s*\\(?:{_ALL_SWITCHES})(?![A-Za-z])\s*([^{{}}]*)\}}")
_MACRO = re.compile(r"\\([A-Za-z]+\*?)\s*(?:\[[^\[\]{}]{0,60}\])?\{([^{}]*)\}(?:\s*\{([^{}]*)\})?")
_BRACED = re.compile(
    r"(\\[A-Za-z]+\*?\s*(?:\{[^{}]*\})+)|(?<=[A-Za-z])\{([A-Za-z0-9]{1,30})\}"
    r"|(?<![\w\\^}$])\{([A-Z][A-Za-z0-9-]{0,30}|%)\}"
)
_FORMULA_PART = re.compile(
    r"\\[A-Za-z]+(?:\s*[_^]?\{[^{}]*\})+(?:[_^](?:\{[^{}]*\}|\w))*|(?<=[\w)\]])(?:[_^]\{[^{}\\]{1,60}\})+"
)
_NAMED = re.compile(r"\{\s*\\([A-Za-z]+)\s*\}|\\([A-Za-z]+)(\{\}|\\(?= )|\s*)")
_ESCAPE = re.compile(r"\\([%$&_#{},;:!@/ +-]|\\(?=\s|$)|~(?=\d)|\^\{\}|\^(?!\w))")
_UNCLOSED = re.compile(r"\\(?:[aA]bstract|footnote|text[a-z]{2}|emph|[kK]eywords)\s*\{(?=[^{}]*$)")
_ESCAPES = {",": " ", ";": " ", ":": " ", "!": "", "@": "", "/": "", "-": "", "\\": " "}
_GLUED = frozenset({"mu", "textmu", "micro"})
_SHOWN = FONTS | {
    "url", "path", "nolinkurl", "gls", "glspl", "Gls", "acl", "ac", "acs", "acf", "acp", "title", "keywords", "enquote",
    "foreignlanguage", "textquote",
}  # fmt: skip
_HIDDEN = frozenset(
    {"color", "vspace", "hspace", "footnotemark", "pagestyle", "thispagestyle", "fontsize", "includegraphics"}
)
_SECOND = frozenset({"textcolor", "colorbox", "foreignlanguage", "hyperlink", "texorpdfstring"})
_DAMAGED_LETTERS = {
    "b{eta": "β",
    "k{appa": "κ",
    "t{heta": "θ",
    "r{ho": "ρ",
    "t{au": "τ",
    "d{elta": "δ",
    "v{arepsilon": "ε",
}
"""How arXiv shows a Greek letter outside of a formula."""


def _accented(match: re.Match[str]) -> str:
    mark, letter = (found for found in match.groups() if found)
    return letter.removeprefix("\\") + TEXT_ACCENTS[mark]


def _applied(match: re.Match[str]) -> str:
    """One macro whose arguments hold no other; a second argument that is not its own stays behind it."""
    name, first, second = match.groups()
    if second is not None and name in _WITH_TWO:
        return _WITH_TWO[name](first, second)
    rest = "" if second is None else match[0][match.end(2) - match.start() + 1 :]
    if letter := _DAMAGED_LETTERS.get(f"{name}{{{first}"):
        return letter + rest
    if name in _SCRIPTS:
        after = (rest or match.string[match.end() :])[:1]
        return _SCRIPTS[name](first, match.string[: match.start()][-1:], after) + rest
    if name in _WITH_ONE:
        return _WITH_ONE[name](first) + rest
    return first if second is None and " " in first.strip() else match[0]


def _link(address: str, text: str) -> str:
    return text if re.search(r"[./]", text) or not text.strip() else f"{text} ({address})"


_WITH_ONE: dict[str, Callable[[str], str]] = (
    dict.fromkeys(_SHOWN | SWITCHES, str)
    | dict.fromkeys(_HIDDEN, lambda _: "")
    | {"footnote": lambda text: f" ({text.strip()})"}
)
_WITH_TWO: dict[str, Callable[[str, str], str]] = dict.fromkeys(_SECOND, lambda _, text: text) | {
    "href": _link,
}
_SCRIPTS = {"textsuperscript": superscript, "textsubscript": subscript}


def _sign(match: re.Match[str]) -> str:
    name, tail = match[1] or match[2], match[3] or ""
    if name not in SIGNS:
        return match[0]
    return SIGNS[name] + (" " if tail.isspace() and name not in _GLUED else "")


def _without_switch(match: re.Match[str]) -> str:
    return "" if (match[1] or match[2]) in SWITCHES else match[0]


# ---------------------------------------------------------------- quotes, dashes, ties

_DOUBLE_QUOTES = re.compile(r"``([^`]{1,400}?)(?:''|\")")
_SINGLE_QUOTES = re.compile(r"(?<![\w`])`([^`'\s][^`'\n]{0,100})'(?![\w'])")
_EM_DASH = re.compile(r"(?<![-!<])---(?![->])")
_EN_DASH = re.compile(r"(?<=[\w)])--(?=[\w(\ue000])|(?<=\ue001)--(?=[\w\ue000])|(?<=\s)--(?=\s)")
_TIE = re.compile(
    r"(?:(?<=[^\W\d_]{2})|(?<=[.,;:)\]}\ue001]))~(?=[\w(\[\\\ue000])|(?<=\d)~(?=[^\W\d_])|(?<![\w/])(?<=[^\W\d_])~(?=[^\W\d_]{2})"
)
_POWER = re.compile(r"(?<=[A-Za-z0-9)])\^([-+−]?\d{1,3})(?![\w.^])")


def _typography(text: str) -> str:
    if "`" in text:
        text = _SINGLE_QUOTES.sub(r"‘\1’", _DOUBLE_QUOTES.sub(r"“\1”", text))
    if "--" in text:
        text = _EN_DASH.sub("–", _EM_DASH.sub("—", text))
    if "~" in text:
        text = _TIE.sub(" ", text)
    if "^" in text:
        text = _POWER.sub(lambda match: raised(match[1]) or match[0], text)
    return text
