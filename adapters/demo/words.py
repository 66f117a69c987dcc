"""What PubMed and arXiv count as a word, for the demo's search: folded, split at everything but letters and digits."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache

Words = tuple[str, ...]

_WORD = re.compile(r"[^\W_]+")
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})
_GREEK = re.compile("[α-ω]")


@lru_cache(maxsize=20_000)
def words(text: str, *, greek_names: bool = False) -> Words:
    """Split into words without regard to case and accents; ``greek_names`` turns β into beta, as PubMed does."""
    text = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    text = text.casefold().translate(_LETTERS)
    if greek_names:
        text = _GREEK.sub(_name_of_greek, text)
    return tuple(_WORD.findall(text))


def _name_of_greek(match: re.Match[str]) -> str:
    return unicodedata.name(match[0]).replace("LAMDA", "LAMBDA").rsplit(" ", 1)[-1].lower()


def has_phrase(text: Words, phrase: Words, *, truncated: bool = False) -> bool:
    """Whether the words stand next to each other in the text; if truncated, the last one may go on."""
    *firsts, last = phrase
    for start in range(len(text) - len(phrase) + 1):
        end = text[start + len(firsts)]
        if (end.startswith(last) if truncated else end == last) and text[start : start + len(firsts)] == (*firsts,):
            return True
    return False


def has_near(text: Words, wanted: Words, distance: int) -> bool:
    """Whether all the words stand, in any order, with at most ``distance`` other words between them."""
    size, need = len(wanted) + distance, Counter(wanted)
    return any(need <= Counter(text[start : start + size]) for start in range(max(1, len(text) - size + 1)))
