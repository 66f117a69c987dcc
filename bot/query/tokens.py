"""What counts as a word: the one rule for the archive's index and for every query (pure).

``tokens("The β-catenin of COVID-19")`` is ``["the", "β", "catenin", "of", "covid", "19"]``. Case, accents
and compatibility forms (ligatures, subscript digits, full-width letters) do not matter; Chinese and
Japanese are split into characters. SQLite's unicode61 tokenizer leaves the result as it is, which
tests/storage/test_tokens.py shows for every code point, so Python and the index agree on every word.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

TOKENS_VERSION = 1
"""Raised whenever the same text may give other tokens; the archive then rebuilds its index."""

_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"})
_ACCENTS = re.compile("[\u0300-\u036f]+")
_HEAPED_MARKS = re.compile(r"[^\w\s!-~]{31,}")
"""Normalizing many accents on one letter takes time in the square of their number."""
_C_PLUS_PLUS = re.compile(r"(?<![a-z0-9])c(\+\+|#)(?![a-z0-9])")
_NO_WORD = {code: " " for code in range(128) if not chr(code).isalnum()}
_UNUSUAL = re.compile(r"[^\x00-\x7fα-ωа-я]")


def tokens(text: str) -> list[str]:
    """Split text into the words it is found by, folded, in order; [] if it has none."""
    return fold(text).split()


def fold(text: str) -> str:
    """Return a text's tokens joined by single spaces."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", _HEAPED_MARKS.sub(" ", text)).casefold()
        text = unicodedata.normalize("NFKC", _ACCENTS.sub("", text)).translate(_LETTERS)
        text = _UNUSUAL.sub(_fold_unusual, text)
    text = text.lower()
    if "+" in text or "#" in text:
        text = _C_PLUS_PLUS.sub(_name_language, text)
    return " ".join(text.translate(_NO_WORD).split())


def _name_language(match: re.Match[str]) -> str:
    return " cplusplus " if match[1] == "++" else " csharp "


def _fold_unusual(match: re.Match[str]) -> str:
    return _fold_character(match[0])


@lru_cache(maxsize=4096)
def _fold_character(char: str) -> str:
    """Keep a letter that every Unicode version calls one; name other letters by their number; drop the rest."""
    if not char.isalnum():
        return " "
    if _is_cjk(char):
        return f" {char} "
    if unicodedata.ucd_3_2_0.category(char)[0] in "LN":
        return char
    return f" u{ord(char):x} "


def _is_cjk(char: str) -> bool:
    return any(first <= char <= last for first, last in _CJK)


_CJK = (
    ("\u2e80", "\u31ff"),
    ("\u3400", "\u9fff"),
    ("\uf900", "\ufaff"),
    ("\U00020000", "\U0003ffff"),
)
