"""Superscripts and subscripts in plain Unicode (pure)."""

from __future__ import annotations

import re

_MINUS = dict.fromkeys("-−–‐‑", "⁻")
_RAISED = (
    dict(
        zip(
            "0123456789+=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθφχ",
            "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵡ",
            strict=True,
        )
    )
    | _MINUS
    | {sign: sign for sign in "*′″°†‡§¶™®,"}
    | dict.fromkeys("∘˚º", "°")
    | {"⊤": "ᵀ"}
)
_LOWERED = dict(
    zip("0123456789+=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True)
) | dict.fromkeys(_MINUS, "₋")
_MOST_LETTERS = 3
"""A longer word in tiny letters is hard to read: ``p_trend`` is not."""
_LONG_WORD = re.compile(rf"[^\W\d_]{{{_MOST_LETTERS + 1},}}")
_ORDINARY = re.compile(r"st|nd|rd|th|\[.*\]", re.DOTALL)
_DECIMAL = re.compile(r"\d+\.\d+")
_GENOTYPE = re.compile(r"[-−–+]/[-−–+]")
_WHOLE = re.compile(r"[\w.%*′\u0300-\u036f]+|.")


def raised(text: str) -> str | None:
    """Write text as superscript; None if a character has no such form, or there are too many letters."""
    if _GENOTYPE.fullmatch(text):
        return "/".join(_RAISED[sign] for sign in text.split("/"))
    return _mapped(text, _RAISED)


def lowered(text: str) -> str | None:
    """Write text as subscript; None if a character has no such form, or there are too many letters."""
    if _DECIMAL.fullmatch(text):
        return ".".join(_mapped(digits, _LOWERED) or "" for digits in text.split("."))
    return _mapped(text, _LOWERED)


def superscript(text: str, before: str = "x", after: str = "") -> str:
    """Write text as a superscript between two characters, in any case: ``⁻³``, ``^5.5``, ``^(a, b)``; but ``25th``."""
    text = text.strip()
    if text == "o" and before.isdigit():
        return "°"
    if text in ("TM", "SM"):
        return {"TM": "™", "SM": "℠"}[text]
    if _ORDINARY.fullmatch(text):
        return text
    return raised(text) or _marked("^", text, before, after)


def subscript(text: str, before: str = "x", after: str = "") -> str:
    """Write text as a subscript between two characters, in any case: ``₂``, ``_trend``, ``_(a, b)``."""
    text = text.strip()
    return lowered(text) or _marked("_", text, before, after)


def wrapped(text: str) -> str:
    """Put parentheses round what is more than one word."""
    return text if _WHOLE.fullmatch(text) else f"({text})"


def _mapped(text: str, forms: dict[str, str]) -> str | None:
    if _LONG_WORD.search(text) or not all(char in forms for char in text):
        return None
    return "".join(forms[char] for char in text)


def _marked(mark: str, text: str, before: str, after: str) -> str:
    """Nothing to hang it on, or a word that goes on behind it: then it reads best in line."""
    attached = before.isalnum() or before in set(")]}′|")
    if not text or not attached or after.isalnum() or text[0] in "^_":
        return text
    return mark + wrapped(text)
