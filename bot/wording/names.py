"""Authors' names (pure)."""

from __future__ import annotations

import re

from bot.wording.shortening import shorten

_LONGEST_NAME = 200
_LONGEST_GROUP = 40
_COLLECTIVE = re.compile(
    r"\b(?:collaborat(?:ion|ive|ors?)|consorti(?:um|a)|groups?|investigators|initiative|network|societ(?:y|ies)|study|trial"
    r"|team|committee|task force|working party|association|alliance|foundation|institutes?|universit(?:y|ies)|hospital"
    r"|department|cent(?:er|re)s?|council|registry|biobank|project|program(?:me)?|organi[sz]ation|academy|members"
    r"|laborator(?:y|ies)|on behalf)\b",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r",?\s+(?:Jr|Sr|II|III|IV|2nd|3rd|4th|Ph\.?D|M\.?D|M\.?Sc|MPH|FRCR|Esq)\.?$", re.IGNORECASE)
_INITIALS = re.compile(r"(.*\S)\s+(?:[^\W\d_a-z]\.?[- ]?){1,3}")
_PARTICLES = (
    r"van|von|vom|der|den|del|della|dello|delle|degli|dei|dal|dalla|de|di|da|das|dos|do|du|des|la|le|las|los|lo|ten|ter|te|'t|’t"
    r"|zu|zur|zum|af|av|al|el|bin|ibn|ben|bint|abu|ould|st\.?|san|santa|mc|mac|vande|vander|in"
)
_CAPITAL_PARTICLES = "Van|Von|Den|Der|De|Del|Della|Di|Da|Dal|Dos|Du|Des|La|Le|Ten|Ter|El|Al|Abu|St\\.?|Lo|Mc|Mac"
_PARTICLE_NAME = re.compile(rf"(?<=\s)(?:(?:{_PARTICLES}|{_CAPITAL_PARTICLES})\s+){{1,4}}\S+$")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SHOUTED = re.compile(r"[^\W\d_a-z][^\W\d_a-z'’-]{2,}")


def family_name(author: str) -> str:
    """Take the family name from ``Wang X``, ``Wang, Xin``, ``Xin Wang`` or ``Ludwig van der Berg Jr``; a group keeps
    its whole name, and so does a name that is one word."""
    author = shorten(author, _LONGEST_NAME)
    if _COLLECTIVE.search(author):
        return shorten(author, _LONGEST_GROUP)
    author = _SUFFIX.sub("", _SUFFIX.sub("", author))
    if family := author.partition(",")[0].strip() if "," in author else "":
        return family
    if match := _INITIALS.fullmatch(author):
        return _SUFFIX.sub("", match[1])
    match = _PARTICLE_NAME.search(author)
    return match[0] if match else _of_words(author)


def _of_words(author: str) -> str:
    """The last word, unless another is written in capitals, or the name is Chinese, Japanese or Korean."""
    words = author.split() or [author]
    if _CJK.match(words[0]):
        return words[0]
    shouted = [word for word in words if _SHOUTED.fullmatch(word)]
    return shouted[0] if len(shouted) == 1 else words[-1]
