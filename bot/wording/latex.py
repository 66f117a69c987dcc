"""Short LaTeX formulas as Unicode text: Greek letters, common signs, super- and subscripts (pure).

What is not known here is left to the caller as it was written: half a formula is worse than a raw one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_RAISED = dict(
    zip(
        "0123456789+-−=()abcdefghijklmnoprstuvwxyz*′°†",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ*′°†",
        strict=True,
    )
)
_LOWERED = dict(zip("0123456789+-−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True))

_SMALL = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi - pi rho - sigma tau upsilon phi chi psi"
    " omega"
)
_CAPITAL = "Gamma Delta - - - Theta - - Lambda - - Xi - Pi - - Sigma - - Phi - Psi Omega"
_GREEK = {
    name: chr(code)
    for first, names in ((0x3B1, _SMALL), (0x393, _CAPITAL))
    for code, name in enumerate(names.split(), first)
}
_WORDS = frozenset({"log", "ln", "exp", "min", "max"})
_MACROS = _GREEK | {word: word for word in _WORDS} | {
    "varepsilon": "ε", "varphi": "φ", "vartheta": "ϑ", "ell": "ℓ", "hbar": "ℏ", "partial": "∂", "nabla": "∇",
    "times": "×", "cdot": "·", "pm": "±", "mp": "∓", "div": "÷", "ast": "*", "circ": "°", "degree": "°", "prime": "′",
    "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠", "ll": "≪", "gg": "≫", "lt": "<", "gt": ">",
    "sim": "∼", "simeq": "≃", "approx": "≈", "equiv": "≡", "propto": "∝", "infty": "∞", "in": "∈", "dagger": "†",
    "to": "→", "rightarrow": "→", "leftarrow": "←", "Rightarrow": "⇒", "leftrightarrow": "↔", "subset": "⊂",
    "sum": "∑", "prod": "∏", "int": "∫", "cup": "∪", "cap": "∩", "ldots": "…", "dots": "…", "cdots": "⋯",
    "left": "", "right": "",
    "%": "%", "$": "$", "&": "&", "_": "_", "#": "#", "{": "{", "}": "}",
    ",": " ", ";": " ", ":": " ", "": " ", "quad": " ", "!": "",
}  # fmt: skip
_FONTS = frozenset(
    ["mathrm", "mathbf", "mathit", "mathsf", "mathcal", "text", "textit", "textbf", "textrm", "rm", "bf"]
)
_LEXEME = re.compile(r"\\[A-Za-z]+\s*|\\.|[^\\]", re.DOTALL)


class _UnknownError(Exception):
    """Something in a formula is not known here."""


def raised(text: str) -> str | None:
    """Write text as superscript; None if a character has no such form."""
    return "".join(_RAISED[char] for char in text) if all(char in _RAISED for char in text) else None


def lowered(text: str) -> str | None:
    """Write text as subscript; None if a character has no such form."""
    return "".join(_LOWERED[char] for char in text) if all(char in _LOWERED for char in text) else None


def to_unicode(formula: str) -> str | None:
    r"""Write a formula (without its dollars, at most a few hundred characters), ``10^{-3}\,\mu m`` as ``10⁻³ μm``.

    None where anything in it is unknown or it is nested too deeply.
    """
    try:
        return _sequence(_lexemes(formula), inside=False)
    except (_UnknownError, RecursionError):
        return None


def _lexemes(formula: str) -> Iterator[str]:
    """A blank behind a macro only ends its name, but for a word such as log."""
    for lexeme in _LEXEME.findall(formula):
        yield lexeme.rstrip() or " "
        if lexeme[-1].isspace() and lexeme[1:].rstrip() in _WORDS:
            yield " "


def _sequence(lexemes: Iterator[str], *, inside: bool) -> str:
    pieces: list[str] = []
    for lexeme in lexemes:
        if lexeme == "}":
            if inside:
                return "".join(pieces)
            raise _UnknownError
        pieces.append(_piece(lexeme, lexemes))
    if inside:
        raise _UnknownError
    return "".join(pieces)


def _piece(lexeme: str, lexemes: Iterator[str]) -> str:
    match lexeme:
        case "{":
            return _sequence(lexemes, inside=True)
        case "^":
            text = _argument(lexemes)
            return raised(text) or f"^{_wrapped(text)}"
        case "_":
            text = _argument(lexemes)
            return lowered(text) or f"_{_wrapped(text)}"
        case "~":
            return " "
    return _macro(lexeme[1:], lexemes) if lexeme.startswith("\\") else lexeme


def _macro(name: str, lexemes: Iterator[str]) -> str:
    if name == "frac":
        return f"{_wrapped(_argument(lexemes))}/{_wrapped(_argument(lexemes))}"
    if name == "sqrt":
        return f"√{_wrapped(_argument(lexemes))}"
    if name in _FONTS:
        return _argument(lexemes)
    if name not in _MACROS:
        raise _UnknownError
    return _MACROS[name]


def _argument(lexemes: Iterator[str]) -> str:
    lexeme = next(lexemes, "}")
    if lexeme in ("}", "["):
        raise _UnknownError
    return _piece(lexeme, lexemes)


def _wrapped(text: str) -> str:
    return text if text.isalnum() else f"({text})"
