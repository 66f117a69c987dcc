"""HTML, JATS and MathML in a source's text, and entities, as plain Unicode text (pure).

What only looks like a tag (``<0.5 mm``, ``n<m>k``, ``<think>``) stays. The elements:
https://jats.nlm.nih.gov/archiving/tag-library/1.3/, https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd. The
tokens of medRxiv and bioRxiv (``O_ST_ABS…C_ST_ABS``) come with their API.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from bot.wording import mathml
from bot.wording.patterns import words
from bot.wording.scripts import subscript, superscript

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_TIMES_ESCAPED = 3
_GREEK_ENTITIES = dict(
    zip(
        (
            f"{name}gr"
            for name in ("a", "b", "g", "d", "e", "z", "ee", "th", *"iklmnxopr", "sf", *"stu", "ph", "kh", "ps", "oh")
        ),
        "αβγδεζηθικλμνξοπρςστυφχψω",
        strict=True,
    )
)
"""ISO 8879's Greek letters, which HTML does not have."""
_WRITTEN_BREAK = re.compile(r"(?:\\r)?\\n(?=[A-Z\s\\(]|$)")

_TAG = re.compile(
    r"<(?P<close>/?)(?P<space>[A-Za-z][\w-]{0,15}:)?(?P<name>[A-Za-z][\w-]{0,30})"
    r"(?P<attributes>(?:\s+[\w:.-]{1,60}\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>=]{1,300}))*)\s*/?>"
)
_NAMESPACES = frozenset({"jats:", "mml:", "m:", "xhtml:"})
_HEADINGS = frozenset({"title", "h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = words("""
    abstract address article blockquote br break caption dd disp-formula disp-quote div dl dt fig hr label li list
    list-item ol p sec section table tbody td th tr ul
""")
_FONTS = words("""
    a abbr acronym b big bold center cite code del dfn em email ext-link font i img inf inline-formula ins italic
    kbd mark math mi mn mo monospace mrow msub msubsup msup mtext named-content q roman s samp sans-serif sc small
    span strike strong styled-content sub sup tex-math tt u underline uri xref annotation semantics inline-graphic
    graphic emphasis bi urlref emailref overline alternatives dispformula article-title abstracttext articletitle
""")
_SURE_NAME = 4
_OBJECT = re.compile(r"<<ETX>>|<!--.{0,500}?-->|<!\[CDATA\[|\]\]>|<\?[\w-]{1,40}(?:\s[^<>?]*)?\?>", re.DOTALL)
_MATH = re.compile(r"<((?:mml:|m:)?math)(?:\s[^<>]*)?>")
_TEX = re.compile(r"<((?:jats:)?tex-math|(?:mml:|m:)?annotation)(?:\s[^<>]*)?>")
_TEX_BODY = re.compile(r"\\begin\{document\}(.*?)\\end\{document\}", re.DOTALL)
_SCRIPT = re.compile(
    r"<(?:jats:)?(sub|sup|inf)(?:\s[^<>]*)?>([^<>]{0,120})</(?:jats:)?(?:sub|sup|inf)\s*>", re.IGNORECASE
)
_NESTED_SCRIPTS = 3
_TOKEN_HEADING = re.compile(r"O_ST_ABS(.{0,80}?)C_ST_ABS")
_TOKEN_FIGURE = re.compile(r"O_(?:FIG|TBL).{0,600}?C_(?:FIG|TBL)", re.DOTALL)
_TOKEN_BLOCK = re.compile(r"[OC]_(?:LI|OL|UL|QD|FIG|TBL|TEXTBOX|ST_ABS|ST)(?=[^a-z_]|$|[a-z])")
_BRACKETED_SIGN = re.compile(r"\[([≥≤±×~∼≈→←↑↓°µα-ωΑ-Ω])\]")
_TOKEN_FONT = re.compile(r"[OC]_(?:SCPCAP|SCPLOW|INLINEFIG|MONOSPACE|ITALIC|BOLD|SCAP)")

_HEADING_START, _HEADING_END = "\ue002", "\ue003"
"""Stand round a heading until it is known where its text begins; no reader sees such a character."""
_HEADING = re.compile(rf"{_HEADING_START}([^{_HEADING_START}{_HEADING_END}]{{0,200}}){_HEADING_END}")


def plain(text: str) -> str:
    """Decode entities and resolve tags: headings become ``Label: …`` on a line of their own, blocks lines."""
    text = decoded(text)
    if "_" in text:
        text = _without_tokens(text)
    if "[" in text:
        text = _BRACKETED_SIGN.sub(r"\1", text)
    if "<" in text:
        text = _without_objects(text)
        text = _without_tags(text)
    if _HEADING_END in text:
        text = re.sub(rf"{_HEADING_END}\s*:?\s*", " ", text)
    return text


def decoded(text: str) -> str:
    """Decode entities, however often they were escaped (at most three times)."""
    for _ in range(_TIMES_ESCAPED):
        if "&" not in text:
            break
        text = _ENTITY.sub(_character, text)
    return _WRITTEN_BREAK.sub("\n", text) if "\\n" in text else text


def _character(match: re.Match[str]) -> str:
    return _GREEK_ENTITIES.get(match[0][1:-1]) or html.unescape(match[0])


def _heading(text: str) -> str:
    """A heading on its own line; "Abstract" says nothing."""
    label = " ".join(re.sub(r"<[^<>]*>", "", text).split()).rstrip(" :.")
    return f"\n{label}:{_HEADING_END}" if label and label.lower() != "abstract" else "\n"


def _without_tokens(text: str) -> str:
    if "O_" not in text and "C_" not in text:
        return text
    text = _TOKEN_HEADING.sub(lambda match: _heading(match[1]), text)
    text = _TOKEN_FIGURE.sub("\n", text)
    return _TOKEN_FONT.sub("", _TOKEN_BLOCK.sub("\n", text))


def _without_objects(text: str) -> str:
    """Comments and instructions go, formulas become text; a formula in TeX goes where its MathML is there too."""
    text = _OBJECT.sub("", text)
    text, formulas = _replaced(text, _MATH, mathml.to_text)
    text, _ = _replaced(text, _TEX, (lambda _: "") if formulas else _tex)
    return text


def _tex(formula: str) -> str:
    body = _TEX_BODY.search(formula)
    return body[1] if body else formula


def _replaced(text: str, opening: re.Pattern[str], write: Callable[[str], str | None]) -> tuple[str, int]:
    """Replace each element that begins so and is closed by what ``write`` makes of its inside."""
    pieces: list[str] = []
    done = count = 0
    unclosed: set[str] = set()
    for start in opening.finditer(text):
        if start.start() < done or start[1] in unclosed:
            continue
        end = f"</{start[1]}>"
        if (close := text.find(end, start.end())) < 0:
            unclosed.add(start[1])
        elif (written := write(text[start.end() : close])) is not None:
            pieces += [text[done : start.start()], written]
            done, count = close + len(end), count + 1
    return "".join([*pieces, text[done:]]), count


_APART = re.compile(
    r"(?<=[^\W\d_]) (?=<sub>[\d+−–-]{1,4}</sub>)|(?<=\() +(?=<[a-z])|(?<=[a-z]>)\s+(?=[).,;:\]](?:\s|$|[<.,;:)]))"
)
"""Blanks that XML was laid out with: ``CO <sub>2</sub> )``."""


def _without_tags(text: str) -> str:
    text = _APART.sub("", text)
    tags = list(_TAG.finditer(text))
    closed = {tag["name"].lower() for tag in tags if tag["close"]}
    opened = {tag["name"].lower() for tag in tags if not tag["close"]}
    if any(tag["name"].lower() in _BLOCKS | _HEADINGS for tag in tags if _is_markup(tag, opened, closed)):
        text = text.replace("\n", " ")  # lines were wrapped only
        tags = list(_TAG.finditer(text))
    text = _TAG.sub(lambda tag: _font(tag) if _is_markup(tag, opened, closed) else tag[0], text)
    for _ in range(_NESTED_SCRIPTS):
        text, count = _SCRIPT.subn(_script, text)
        if not count:
            break
    return _headings(_TAG.sub(lambda tag: _block(tag) if _is_markup(tag, opened, closed) else tag[0], text))


def _is_markup(tag: re.Match[str], opened: set[str], closed: set[str]) -> bool:
    name = tag["name"].lower()
    if tag["attributes"][-1:] in ("'", '"') or (tag["space"] or "").lower() in _NAMESPACES:
        return True
    if tag["space"] or name not in _BLOCKS | _FONTS | _HEADINGS:
        return False
    if tag["attributes"] or name == "br":
        return True
    if tag["close"]:
        return name in opened or len(name) >= _SURE_NAME
    squeezed = tag.start() > 0 and tag.string[tag.start() - 1].isalnum()
    return name in closed or tag[0].endswith("/>") or not squeezed


def _font(tag: re.Match[str]) -> str:
    """Fonts go first, so that scripts hold nothing but text."""
    name = tag["name"].lower()
    return tag[0] if name in _BLOCKS | _HEADINGS | {"sub", "sup", "inf"} else ""


def _script(match: re.Match[str]) -> str:
    before, after = match.string[: match.start()][-1:], match.string[match.end() : match.end() + 1]
    return (superscript if match[1].lower() == "sup" else subscript)(match[2], before, after)


def _block(tag: re.Match[str]) -> str:
    name = tag["name"].lower()
    if name in _HEADINGS:
        return _HEADING_END if tag["close"] else "\n" + _HEADING_START
    return "\n" if name in _BLOCKS else ""


def _headings(text: str) -> str:
    if _HEADING_START not in text:
        return text
    text = _HEADING.sub(lambda match: _heading(match[1]).removeprefix("\n"), text)
    return text.replace(_HEADING_START, "")
