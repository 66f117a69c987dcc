"""Cutting a text to a length where nobody stumbles over the cut (pure)."""

from __future__ import annotations

import re
import unicodedata

from bot.wording.prose import formulas

_DANGLING = " \t\n,;:–—-([{“‘«/&"
_OPEN_ENTITY = re.compile(r"&#?\w{0,31}$")
_LONGEST_ENTITY = 33
_WITHOUT_BLANKS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff、。，；：！？）」』】\U00020000-\U0003134f]")
"""Chinese and Japanese: a line may break between any two of these."""
_ZWJ = "\u200d"
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_LONGEST_CLUSTER = 40


def shorten(text: str, limit: int) -> str:
    """Cut to at most ``limit`` characters (code points), at the end of a word, and say so with an ellipsis.

    A text without blanks is cut between two whole characters as people see them. A formula or an entity that would be
    cut is left out.
    """
    if len(text) <= limit:
        return text
    if limit < 1:
        return ""
    return text[: _cut(text, limit - 1)].rstrip(_DANGLING) + "…"


def _cut(text: str, most: int) -> int:
    """The last good place at or before ``most``."""
    place = _end_of_word(text, most)
    for span in formulas(text[: most + 2000]):
        if span.start < place < span.end and span.start > 0:
            return span.start
    return place


def _end_of_word(text: str, most: int) -> int:
    if text[most].isspace():
        return most
    place = most
    while place > 0 and not text[place - 1].isspace():
        if place < len(text) and _WITHOUT_BLANKS.match(text[place - 1]) and _WITHOUT_BLANKS.match(text[place]):
            return place
        place -= 1
    return place or _whole_character(text, _before_entity(text, most))


def _before_entity(text: str, place: int) -> int:
    tail = max(0, place - _LONGEST_ENTITY)
    if (opened := _OPEN_ENTITY.search(text, tail, place)) and re.match(r"[\w#]{0,31};", text[place:]):
        return opened.start() or place
    return place


def _whole_character(text: str, place: int) -> int:
    """Go back to where no accent, emoji sequence or flag is split; very long ones are."""
    end = place
    while place > max(0, end - _LONGEST_CLUSTER) and _continues(text, place):
        place -= 1
    return place


def _continues(text: str, place: int) -> bool:
    """Whether the character here belongs to the one before it."""
    char, before = text[place], text[place - 1]
    if unicodedata.category(char)[0] == "M" or _ZWJ in (char, before) or ord(char) in _SKIN_TONES:
        return True
    if ord(char) not in _FLAG_LETTERS or ord(before) not in _FLAG_LETTERS:
        return False
    run = 0
    while run < _LONGEST_CLUSTER and place - run > 0 and ord(text[place - 1 - run]) in _FLAG_LETTERS:
        run += 1
    return run % 2 == 1
