"""Splitting readable text into sentences; where it is unsure it does not split (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterator

_END = re.compile(
    r"(?<=[.!?…])[\"'”’»)\]]*[¹²³⁰⁴-⁹,]*\s+(?=[\"'“‘«(\[¿¡]?(?:©|[^\W\d_a-z]|\d|[a-z]{1,3}[A-Z0-9-]))|(?<=[。！？])(?![」』）])"
    r"|(?<=[a-z]{3}\.)(?=[A-Z][a-z]+\s)"
)
_STARTERS = re.compile(
    r"[\"'“‘(\[]?(?:The|This|These|Those|That|There|In|On|At|As|By|For|From|With|We|Our|It|Its|He|She|They|Their|A|An"
    r"|However|Here|Moreover|Furthermore|Additionally|Although|While|When|Thus|Therefore|Hence|To|No|Both|All|After"
    r"|Conclusions?|Results?|Methods?|Patients|Overall|Further|Finally|Using|Among|Of|Among|Such|If|Because|Since)\b"
)
_NEVER_LAST = re.compile(
    r"(?:^|[\s(\[“‘\"'/–-])(?:e\. ?g|i\. ?e|vs|cf|viz|approx|ca|resp|figs?|eqs?|refs?|secs?|tabs?|suppl|prof|dr|mr|mrs"
    r"|ms|mt|ft|incl|excl|subsp|ssp|var|cv|ed|eds|pp|vol|nos)\.$",
    re.IGNORECASE,
)
_BEFORE_NUMBER = re.compile(r"(?:^|[\s(\[])(?:c|no|p|ch|art|nr|n|v|ver|version|grade|item)\.$", re.IGNORECASE)
_SELDOM_LAST = re.compile(
    r"(?:^|[\s(\[“‘\"'/-])"
    r"(?i:al|etc|inc|ltd|co|corp|spp?|st|jr|sr|a\. ?m|p\. ?m|no|dept|univ|i\.i\.d|w\.r\.t|s\.t|ph\. ?d)\.$"
    r"|(?:^|[\s(\[“‘\"'-])(?:[^\W\d_a-z]\. ?)+$"
)
_COUNTER = re.compile(r"(?:^|\s)\(?(?:\d{1,2}|[ivx]{1,4})[.)]$")
_LONGEST_ABBREVIATION = 16
_LONGEST_ASIDE = 600


def sentences(text: str) -> list[str]:
    """Split readable text into sentences, each as it stands there."""
    return [sentence for sentence in _cut(text) if sentence]


def _cut(text: str) -> Iterator[str]:
    start = depth = seen = 0
    for end in _END.finditer(text):
        mark = end.start()
        depth += text.count("(", seen, end.end()) - text.count(")", seen, end.end())
        seen = end.end()
        inside = depth > 0 and text.find(")", end.end(), end.end() + _LONGEST_ASIDE) >= 0
        if not inside and _is_end(
            text[max(start, mark - _LONGEST_ABBREVIATION) : mark], text, end.end(), start == mark
        ):
            yield text[start : end.end()].strip()
            start, depth = end.end(), 0
    yield text[start:].strip()


def _is_end(tail: str, text: str, following: int, empty: bool) -> bool:
    """Whether a full stop behind ``tail`` ends a sentence, by the abbreviations before and the word behind it."""
    if empty or not tail.endswith("."):
        return not empty
    if _NEVER_LAST.search(tail) or (tail.strip() == tail and _COUNTER.fullmatch(tail)):
        return False
    following_text = text[following : following + 16]
    if following_text[:1].isdigit() and _BEFORE_NUMBER.search(tail):
        return False
    return not _SELDOM_LAST.search(tail) or bool(_STARTERS.match(following_text))
