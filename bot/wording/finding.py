"""The one sentence that says what a paper found, in its authors' own words (pure)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.wording.abstracts import abstract_parts
from bot.wording.phrases import (
    AIM,
    BOILERPLATE,
    CONCLUDING,
    CONCLUSION,
    CONTRIBUTION,
    MODEST,
    NEARLY_CONCLUSION,
    NOT_CONTENT,
    RESULT,
    SUGGESTING,
)
from bot.wording.sentences import sentences

_SHORTEST = 20
_LAST_PART, _LAST_SENTENCES = 0.4, 3


def key_sentence(abstract: str) -> str:
    """Quote one sentence of the abstract: of its own conclusions, else the last that states what was found.

    Registration, funding, copyright and where to find the code are no findings; nor is that more research is needed,
    if there is anything else. Empty if there is no abstract.
    """
    parts = [(label, text) for label, text in abstract_parts(abstract) if not NOT_CONTENT.search(label)]
    for wanted in (CONCLUSION, NEARLY_CONCLUSION):
        concluding = [text for label, text in parts if wanted.search(label)]
        if concluding:
            found = _findings(sentences(concluding[-1])) or sentences(concluding[-1])
            return _stated(found) if wanted is NEARLY_CONCLUSION else found[0]
    found = _findings([sentence for _, text in parts for sentence in sentences(text)])
    return _stated(found) if found else ""


def _findings(found: Sequence[str]) -> list[str]:
    """Those that say something; the more modest ones only if there is nothing else."""
    said = [sentence for sentence in found if not BOILERPLATE.search(sentence)]
    kept = [sentence for sentence in said if len(sentence) >= _SHORTEST] or said
    return _unless_empty(kept, lambda sentence: not MODEST.search(sentence) and not AIM.search(sentence))


def _unless_empty(found: list[str], wanted: Callable[[str], bool]) -> list[str]:
    return [sentence for sentence in found if wanted(sentence)] or found


def _stated(found: Sequence[str]) -> str:
    """The last sentence that states a conclusion or a result, looked for near the end; else the last one."""
    near = found[-max(_LAST_SENTENCES, round(len(found) * _LAST_PART)) :]
    for pattern, where in ((CONCLUDING, near), (SUGGESTING, near), (RESULT, near), (CONTRIBUTION, found)):
        for sentence in reversed(where):
            if pattern.search(sentence) and not sentence.endswith("?"):
                return sentence
    return found[-1]
