"""Characters that must not reach a reader: control, direction, zero-width, private ones, heaps of accents (pure)."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co"})
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0")
"""Letters of Hangul that show as nothing."""
_ZWNJ, _ZWJ = "\u200c", "\u200d"
_EMOJI_TAILS = frozenset("\ufe0f🏻🏼🏽🏾🏿")
_JOINING_SCRIPTS = range(0x600, 0x10A0)
"""Arabic to Myanmar: there the (non-)joiners are spelling; in Latin text they only hide."""
_MANY_MARKS = re.compile(r"[^\w\s!-~]{31,}")
_MOST_MARKS = 30
"""So many accents on one letter are normalized at once (Unicode's Stream-Safe Text, UAX 15); more only do harm."""


def visible(text: str) -> str:
    """Drop control, direction, zero-width and private characters; line breaks and tabs stay, and joiners where a
    script or an emoji needs them."""
    if text.isprintable() and _FILLERS.isdisjoint(text):
        return text
    kept: list[str] = []
    for place, char in enumerate(text):
        if char.isspace() and char not in "\n\t":
            kept.append(" " if char.isascii() or char == "\x85" else char)
        elif (
            char in "\n\t"
            or (unicodedata.category(char) not in _INVISIBLE and char not in _FILLERS)
            or (char in (_ZWNJ, _ZWJ) and kept and _joins(kept[-1], char, text[place + 1 : place + 2]))
        ):
            kept.append(char)
    return "".join(kept)


def _joins(before: str, joiner: str, after: str) -> bool:
    if not after or after.isspace():
        return False
    if ord(before) in _JOINING_SCRIPTS and ord(after) in _JOINING_SCRIPTS:
        return True
    return joiner == _ZWJ and _is_emoji(before) and _is_emoji(after)


def _is_emoji(char: str) -> bool:
    return char in _EMOJI_TAILS or unicodedata.category(char) == "So"


def one_line(text: str) -> str:
    """Make it one visible line in Unicode's composed form (NFC), with single blanks."""
    text = " ".join(visible(" ".join(text.split())).split())
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _MANY_MARKS.sub(_fewer_marks, text))


def _fewer_marks(match: re.Match[str]) -> str:
    kept, marks = [], 0
    for char in match[0]:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= _MOST_MARKS:
            kept.append(char)
    return "".join(kept)
