"""One LaTeX formula as Unicode text: Greek letters, signs, scripts, fractions, roots (pure).

What is not known here is left to the caller as it was written: half a formula is worse than a raw one.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.wording.patterns import words
from bot.wording.scripts import lowered, raised, wrapped
from bot.wording.signs import (
    ACCENTS,
    BLACKBOARD,
    ESCAPED,
    FONTS,
    NEGATED,
    RELATIONS,
    SIGNS,
    SPACES,
    SWITCHES,
    WORDS,
)

_LONGEST = 2000
_DEEPEST = 40
_LEXEME = re.compile(r"\\[A-Za-z]+\*?|\\.|\s+|[^\\]", re.DOTALL)
_NAME = re.compile(r"\\[A-Za-z]+\*?")

_SIGN = "[<>" + "".join(sorted({sign for sign in RELATIONS.values() if sign != "|"})) + "]"
_RELATION = re.compile(rf"\s*([:!<>]?=>?|->|<-|{_SIGN}+)\s*")
_OPERATION = re.compile(r"(?<=[\w)\]}′|⁺⁻⁾₊₋₎…])(\s*)([-+×·±∓÷⊕⊗∪∩∧∨∘*/])\s*(?=\S)")
_APPLIED = re.compile(rf"\b({'|'.join(sorted(WORDS))})\s+(?=\()")
_INSIDE = re.compile(r"(?<=[(\[⟨⌊⌈])\s+|\s+(?=[)\]⟩⌋⌉,;])|(?<=√)\s+")


class _UnknownError(Exception):
    """Something in a formula is not known here."""


def to_unicode(formula: str) -> str | None:
    r"""Write a formula (without its dollars) in one line, ``10^{-3}\,\mu m`` as ``10⁻³ μm``.

    None where anything in it is unknown, where it is longer than 2000 characters or nested too deeply.
    """
    if len(formula) > _LONGEST:
        return None
    try:
        return _spaced(_Formula(formula).rest())
    except _UnknownError:
        return None


def _spaced(text: str) -> str:
    """Blanks as in print: round relations, round operations where the author has them, not inside brackets."""
    text = _APPLIED.sub(r"\1", _INSIDE.sub("", " ".join(text.split())))
    text = _OPERATION.sub(lambda match: f" {match[2]} " if match[1] else match[2], text)
    return _RELATION.sub(_relation, text)


def _relation(match: re.Match[str]) -> str:
    first, last = match.start() == 0, match.end() == len(match.string)
    return match[1] if first or last else f" {match[1]} "


_Read = Callable[["_Formula"], str]
"""Reads a macro's arguments and writes what they mean."""


class _Formula:
    """The lexemes of a formula that are still to be read."""

    def __init__(self, formula: str) -> None:
        self._lexemes: list[str] = _LEXEME.findall(formula)[::-1]
        self._depth = 0

    def rest(self) -> str:
        """Everything up to the end."""
        pieces: list[str] = []
        while self._lexemes:
            self._append(pieces, self._lexemes.pop())
        return "".join(pieces)

    def _append(self, pieces: list[str], lexeme: str) -> None:
        if lexeme in ("^", "_"):
            word = bool(pieces) and pieces[-1].endswith(" ") and pieces[-1].strip() in WORDS
            if word:
                pieces[-1] = pieces[-1].rstrip()
            pieces.append(self.script(lexeme) + " " * word)
        else:
            pieces.append(self._piece(lexeme))

    def _piece(self, lexeme: str) -> str:
        match lexeme:
            case "{":
                return self._group()
            case "}":
                raise _UnknownError
            case "~" | "&":
                return " "
            case "'":
                return "′"
        if lexeme.isspace():
            return " "
        return self._macro(lexeme[1:]) if lexeme[0] == "\\" else lexeme

    def _group(self) -> str:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _UnknownError
        pieces: list[str] = []
        while (lexeme := self._pop()) != "}":
            self._append(pieces, lexeme)
        self._depth -= 1
        return "".join(pieces)

    def _pop(self) -> str:
        if not self._lexemes:
            raise _UnknownError
        return self._lexemes.pop()

    def _skip_blanks(self) -> None:
        while self._lexemes and self._lexemes[-1].isspace():
            self._lexemes.pop()

    def argument(self) -> str:
        """The next group, macro or character; nested macros count as depth."""
        self._skip_blanks()
        self._depth += 1
        if self._depth > _DEEPEST or (lexeme := self._pop()) in ("}", "[", "^", "_"):
            raise _UnknownError
        text = self._piece(lexeme)
        self._depth -= 1
        return text

    def script(self, mark: str) -> str:
        """The next argument as super- or subscript."""
        text = "".join(_spaced(self.argument()).split())
        if text in ("∘", "°"):
            return "°"
        short = (raised if mark == "^" else lowered)(text)
        return short if short is not None else mark + wrapped(text)

    def _macro(self, name: str) -> str:
        if name in SPACES or name in ESCAPED:
            return SPACES.get(name, name)
        self._skip_blanks()
        if (shown := _SHOWN.get(name)) is not None:
            return shown
        read = _STRUCTURES.get(name)
        return self._unknown(name) if read is None else read(self)

    def compact(self) -> str:
        """The next argument, with blanks as in print."""
        return _spaced(self.argument())

    def skip(self, count: int) -> str:
        """Leave out so many arguments."""
        for _ in range(count):
            self.argument()
        return ""

    def option(self) -> str:
        """An argument in brackets, if there is one."""
        self._skip_blanks()
        if not self._lexemes or self._lexemes[-1] != "[":
            return ""
        self._lexemes.pop()
        text = ""
        while (lexeme := self._pop()) != "]":
            text += lexeme
        return text

    def fence(self) -> str:
        """What stands behind ``left`` or ``right``: a full stop is no fence."""
        if self._lexemes and self._lexemes[-1] == ".":
            self._lexemes.pop()
        return ""

    def _unknown(self, name: str) -> str:
        """A name of the author's own reads as a word, unless it takes arguments."""
        if not name.isalpha() or (self._lexemes and self._lexemes[-1] in "{["):
            if self._lexemes[-2:] == ["}", "{"]:
                del self._lexemes[-2:]
                return name
            raise _UnknownError
        return name


# ---------------------------------------------------------------- macros


def _character(number: str) -> str:
    """``x27F6`` or ``10230`` as its character."""
    try:
        return chr(int(number[1:], 16) if number.startswith("x") else int(number))
    except (ValueError, OverflowError):
        raise _UnknownError from None


def _accented(mark: str) -> _Read:
    def read(formula: _Formula) -> str:
        text = formula.argument()
        return text + mark if len(text) == 1 else text

    return read


def _fenced(left: str, right: str) -> _Read:
    return lambda formula: f"{left}{formula.argument()}{right}"


def _root(formula: _Formula) -> str:
    root = raised(formula.option()) or ""
    return f"{root}√{wrapped(formula.compact())}"


def _negated(formula: _Formula) -> str:
    sign = formula.argument().strip()
    return f" {NEGATED.get(sign, sign + chr(0x338))} "


def _chemical(formula: _Formula) -> str:
    return _COUNT_OF_ATOMS.sub(lambda match: lowered(match[0]) or match[0], formula.argument())


_COUNT_OF_ATOMS = re.compile(r"(?<=[A-Za-z)\]])\d+")
_SHOWN = (
    SIGNS
    | {name: f" {sign} " for name, sign in RELATIONS.items()}
    | {word: f" {word} " for word in WORDS}
    | dict.fromkeys(SWITCHES - {"left", "right", "middle"}, "")
    | {"|": "‖"}
)
_STRUCTURES: dict[str, _Read] = (
    dict.fromkeys(FONTS, _Formula.argument)
    | {name: _accented(mark) for name, mark in ACCENTS.items()}
    | dict.fromkeys(
        words("frac tfrac dfrac nicefrac sfrac cfrac"),
        lambda formula: f" {wrapped(formula.compact())}/{wrapped(formula.compact())} ",
    )
    | dict.fromkeys(words("binom tbinom dbinom"), lambda formula: f"binom({formula.argument()}, {formula.argument()})")
    | dict.fromkeys(
        words("mathbb Bbb"), lambda formula: "".join(BLACKBOARD.get(char, char) for char in formula.argument())
    )
    | dict.fromkeys(
        words("textcolor overset stackrel underset colorbox"), lambda formula: formula.skip(1) + formula.argument()
    )
    | dict.fromkeys(words("SI qty"), lambda formula: f"{formula.argument()} {formula.argument()}")
    | dict.fromkeys(words("color label tag vspace hspace* phantom"), lambda formula: formula.skip(1))
    | dict.fromkeys(words("left right middle"), _Formula.fence)
    | {
        "sqrt": _root,
        "pmod": lambda formula: f" (mod {formula.argument()})",
        "norm": _fenced("‖", "‖"),
        "abs": _fenced("|", "|"),
        "set": _fenced("{", "}"),
        "ket": _fenced("|", "⟩"),
        "bra": _fenced("⟨", "|"),
        "ceil": _fenced("⌈", "⌉"),
        "floor": _fenced("⌊", "⌋"),
        "rule": lambda formula: formula.option()[:0] + formula.skip(2) + "—",
        "not": _negated,
        "textsuperscript": lambda formula: formula.script("^"),
        "textsubscript": lambda formula: formula.script("_"),
        "ce": _chemical,
        "unicode": lambda formula: _character(formula.argument()),
    }
)
