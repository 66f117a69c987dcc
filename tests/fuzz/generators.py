"""Random inputs, the same for the same ``Random``: queries, commands, controls, texts, and samples with damage."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape
from random import Random

LARGEST = 50_000
"""The most bytes of a mutated record or page."""

_WORDS = tuple(
    """mri ct breast radiograph neuron mammography covid-19 C++ C# 10.5 u3b1 β-catenin T1/T2 Müller İstanbul straße
    Ångström 中文 日本 한국어 ﬁbrosis ½ ٣٤ ＡＢＣ AND OR NOT and or x ab the of P12 p007 2503.11731 10.1000/182
    don't a.b.c __init__""".split()  # noqa: SIM905 - words read best so
)
_ODDITIES = (
    *("\x00", "\x1b[31m", "\x7f", "\u0085", "\u200b", "\u200d", "\u202e", "\u2028", "\u2066", "\ufeff", "\ufffe"),
    *("\ud800", "\udfff"),
    *("\ue000", "\ue001", "\ue002", "\U000f0000", "\U0010ffff", "\u0301", "\u0301" * 40, "\u0489" * 35, "\ufdfa"),
    *("\u1e9e"),
    *("😀", "👩‍🔬", "🇩🇪", "𝔘", "Ǆ", "ŉ", "ΐ", "﷽", "क्षि", "ｱ", "゛", "ͅ", "ı", "ſ", "K", "‐", "−", "…", "“", "”", "„"),
    *("‘"),
)  # fmt: skip
_HOSTILE = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(2)>", "<svg/onload=alert(3)>", "javascript:alert(4)",
    "&lt;script&gt;alert(5)&lt;/script&gt;", "&amp;lt;b onclick=x&amp;gt;", "&#60;iframe&#62;", "&#x110000;", "&#0;",
    "' onmouseover='x", '" onfocus="x" autofocus="', '"><a href="javascript:x">', "</p></article>", "<!--", "]]>",
    "<?x",
    "data:text/html,<script>x</script>", "https://example.org/\"'><b>", "https://[::1", "http://user@host/",
    "{{ 7*7 }}",
    "<sub>2</sub>", "<sup>&lt;i&gt;</sup>", "<jats:p class='x'>", "<a href='javascript:x'>y</a>", "p < 0.05", "$x<y$",
    "$10^{-3}$", r"$\frac{a}{b}$", r"\textbf{\textit{x}}", "$" + "{" * 90 + "$", "@everyone", "%s%n%d",
    "'; DROP TABLE papers; --",
    "CONCLUSIONS: ", "RESULTS: ", "\n", "e.g. ", "vs. ", "!? ",
)  # fmt: skip
_FIELDS = (
    *("title", "abstract", "author", "journal", "category", "source", "type", "doi", "id", "after", "before"),
    *("titel", "http", "x"),
)
_VALUES = {
    "source": ("arxiv", "pubmed", "none"),
    "type": ("journal", "preprint", "articel", "x"),
    "doi": ("10.1000/182", "https://doi.org/10.1/(x)", "doi:", "10.1)"),
    "id": ("P12", "p" + "9" * 20, "2503.11731v2", "https://arxiv.org/abs/math.GT/0309136", "12345678", "%ff", "x"),
    "after": ("2026-11-01", "2026-13-01", "2026", "0000", "0001", "9999-12-31", "7d", "99999y", "200y", "0d", "٣d"),
}
_NUMBERS = ("-1", "0", "00", "2", "13", "٣", "²", "1e9", "4294967296", "9223372036854775808", "9" * 40, "9" * 5000)


def _letter(random: Random) -> str:
    kind = random.random()
    if kind < 0.6:
        return chr(random.randrange(32, 127))
    return chr(random.randrange(0x3000 if kind < 0.9 else 0x110000))


def text(random: Random, most: int = 12) -> str:
    """Words, markup, formulas and odd characters; up to ``most`` pieces, seldom very many, or one again and again."""
    kind = random.random()
    if kind < 0.005:
        return _piece(random) * random.randrange(3000)
    count = random.randrange(3000) if kind < 0.01 else random.randrange(most + 1)
    return "".join(_piece(random) + random.choice((" ", "", " ", ". ")) for _ in range(count))


def _piece(random: Random) -> str:
    pieces: tuple[str, ...] = random.choice((_WORDS, _WORDS, _ODDITIES, _HOSTILE))
    return random.choice(pieces)


# ---------------------------------------------------------------- queries


def query(random: Random) -> str:
    """Mostly what the grammar allows; then the same with damage, anything at all, and what is too long or too deep."""
    kind = random.random()
    if kind < 0.6:
        return _expression(random, random.randrange(5))
    if kind < 0.9:
        return damaged_text(random, _expression(random, random.randrange(4)))
    if kind < 0.95:
        return "".join(_letter(random) for _ in range(random.randrange(60)))
    if kind < 0.99:
        return text(random)
    if kind < 0.992:
        return random.choice((_leaf(random), _letter(random), random.choice('()":*-'))) * random.randrange(3000)
    depth = random.randrange(30)
    inner = random.choice((" ", " OR ", " NOT ", " -")).join(_leaf(random) for _ in range(random.randrange(130)))
    return random.choice(("(", "NOT (", "-(", "title:(", "a (", "b OR (")) * depth + inner + ")" * depth


def _expression(random: Random, depth: int) -> str:
    if depth == 0:
        return _leaf(random)
    parts = [_expression(random, random.randrange(depth)) for _ in range(random.randrange(1, 4))]
    joined = random.choice((" ", " AND ", " OR ", " NOT ", " -", " AND NOT ")).join(parts)
    kind = random.random()
    if kind < 0.4:
        return joined
    return random.choice(("", "NOT ", "-", "", f"{random.choice(_FIELDS)}:")) + f"({joined})"


def _leaf(random: Random) -> str:
    word = random.choice(_ODDITIES) if random.random() < 0.05 else random.choice(_WORDS)
    kind = random.random()
    if kind < 0.4:
        return word
    if kind < 0.5:
        return f"{word}*"
    if kind < 0.65:
        return (
            '"' + " ".join(random.choice(_WORDS) for _ in range(random.randrange(4))) + random.choice(('"', '"*', '*"'))
        )
    field = random.choice(_FIELDS)
    values = _VALUES.get("after" if field == "before" else field, (word, f'"{word} x"', f"{word}*", ""))
    return f"{field}:{random.choice(values)}"


def damaged_text(random: Random, whole: str) -> str:
    """The text with a few pieces cut out, put in, doubled or exchanged."""
    for _ in range(random.randrange(1, 5)):
        start = random.randrange(len(whole) + 1)
        end = min(len(whole), start + random.randrange(6))
        piece = random.choice(
            (_letter(random), random.choice('()":*-\t'), random.choice(_ODDITIES), whole[start:end] * 2, "")
        )
        whole = whole[:start] + piece + whole[end:]
    return whole


_PASTED = (
    "[ti]", "[tiab]", "[mh]", "[MeSH Terms:noexp]", "[tiab:~3]", "[au]", "[ta]", "[pt]", "[la]", "[dp]", "[pmid]",
    "[doi]", "[x]", "2020:2024", '"last 5 years"', "Stroke/diagnosis", "humans", "#1", "ANDNOT", "cat:cs.CV", "ti:",
    "all:", "(", ")", '"', " AND ", " OR ", " NOT ", " or ", " ", "radiolog*", "%5D", "&filter=years.2020-2024",
    "&filter=pubt.review",
    "&terms-1-operator=OR&terms-1-field=title&terms-1-term=", "&date-filter_by=date_range&date-to_date=9999-12-31",
)  # fmt: skip
_LINKS = (
    *("https://pubmed.ncbi.nlm.nih.gov/?term=", "https://www.ncbi.nlm.nih.gov/pubmed/?term="),
    *("https://pubmed.ncbi.nlm.nih.gov/rss/search/", "https://arxiv.org/search/?searchtype=title&query="),
    *("https://arxiv.org/search/advanced?terms-0-field=all&terms-0-term=", "https://arxiv.org/list/"),
    *("https://export.arxiv.org/api/query?search_query=", "https://arxiv.org/a/"),
)


def pasted(random: Random) -> str:
    """A search for PubMed or arXiv, as text or as a link, mostly with damage; sometimes a long one."""
    start = random.choice(("", "mri[ti] ", random.choice(_LINKS)))
    count = random.randrange(2000 if random.random() < 0.01 else 25)
    whole = start + "".join(random.choice((random.choice(_PASTED), _leaf(random))) for _ in range(count))
    return whole if random.random() < 0.3 else damaged_text(random, whole)


# ---------------------------------------------------------------- commands and controls


def command(random: Random) -> str:
    """What somebody may type after /papers."""
    name = f'"{random.choice(_WORDS)} {random.randrange(3)}"' if random.random() < 0.5 else random.choice(_WORDS)
    options = "".join(
        f" {option}:{random.choice((value, *_NUMBERS))}"
        for option, value in (("sort", "relevance"), ("page", "2"), ("per_page", "5"))
        if random.random() < 0.2
    )
    written = random.choice(
        (
            f"search {query(random)}{options}", f"search {random.choice(_WORDS)}{options}", f"preview {query(random)}",
            f"topic add {name} {query(random)}", f"topic add {name} {random.choice(_WORDS)}", f"topic remove {name}",
            f"topic post {name}", f"latest {name}", "latest", f"latest topic:{name}", "topics", f"help {name}", "help",
            f"show {text(random, 2)}", f"show {random.choice(_VALUES['id'])}", f"show {random.choice(_NUMBERS)}",
            text(random),
        )
    )  # fmt: skip
    written = random.choice(("", "/papers ", "@Paper Round: ")) + written
    return damaged_text(random, written) if random.random() < 0.15 else written


_CONTROLS = "first", "previous", "next", "last", "jump", "sort", "size", "refresh", "more", "open", "run", "start", "x"


def control(random: Random, keys: Sequence[str]) -> tuple[str, str]:
    """A control's id, and what was chosen or typed in it; ``keys`` are those of lists that exist."""
    name = random.choice(_CONTROLS)
    key = random.choice((*keys, "gone", ""))
    argument = random.choice(
        (f"{key}.{random.choice(_NUMBERS)}", key, f"{key}.2", "P1", text(random, 2), command(random))
    )
    value = random.choice(("", "oldest", "relevance", "25", "P1", random.choice(_NUMBERS), text(random, 3)))
    written = f"{random.choice(('1', '1', '1', '2', ''))}.{name}.{argument}"
    return (damaged_text(random, written) if random.random() < 0.1 else written), value


# ---------------------------------------------------------------- damage


_TOKENS = (
    b"&lt;", b"&amp;", b"&nbsp;", b"&#0;", b"&#xD800;", b"&#x1F600;", b"&undefined;", b"&", b"<", b">", b"]]>",
    b"<![CDATA[",
    b"<!--", b"-->", b"<?pi?>", b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xe2\x80\xae", b"</record>",
    b"<b>", b"</b>",
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>', b"&b;", b"null", b"{", b"[",
    b"]", b"}", b'"',
    b"\\ud800", b"\\u0000", b"\n", b"\r", b"NaN", b"1e999", b"true", b'xmlns="urn:x"', b"=", b"'", b"'''", b"#",
)  # fmt: skip
_NUMBER = re.compile(rb"\d+")
_TAG = re.compile(rb"<[^<>]*>")
_BETWEEN_TAGS = re.compile(rb">[^<>]*<")
_QUOTED = re.compile(rb'"[^"\n]*"')
_LINE = re.compile(rb"^.*\n", re.MULTILINE)


def damaged(random: Random, sample: bytes) -> bytes:
    """A sample with up to six damages, at most 50,000 bytes."""
    for _ in range(random.randrange(1, 7)):
        sample = random.choice(_DAMAGES)(random, sample)[:LARGEST]
    return sample


def _flip(random: Random, sample: bytes) -> bytes:
    changed = bytearray(sample)
    for _ in range(random.randrange(1, 4) if sample else 0):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def _cut_out(random: Random, sample: bytes) -> bytes:
    start, end = _span(random, sample)
    return sample[:start] + sample[end:]


def _double(random: Random, sample: bytes) -> bytes:
    start, end = _span(random, sample)
    times = random.choice((1, 1, 1, 1, 2, 50)) if random.random() < 0.98 else 1000
    return sample[:end] + sample[start:end] * times + sample[end:]


def _truncate(random: Random, sample: bytes) -> bytes:
    return sample[: random.randrange(len(sample) + 1)] if random.random() < 0.3 else sample


def _insert(random: Random, sample: bytes) -> bytes:
    place = random.randrange(len(sample) + 1)
    return sample[:place] + random.choice(_TOKENS) + sample[place:]


def _span(random: Random, sample: bytes) -> tuple[int, int]:
    start = random.randrange(len(sample) + 1)
    return start, min(len(sample), start + random.randrange(200))


def _one_of(pattern: re.Pattern[bytes], changed: Callable[[Random, bytes], bytes]) -> Callable[[Random, bytes], bytes]:
    """Change one of the places that a pattern finds."""

    def damage(random: Random, sample: bytes) -> bytes:
        places = [match.span() for match in pattern.finditer(sample)]
        if not places:
            return sample
        start, end = random.choice(places)
        return sample[:start] + changed(random, sample[start:end]) + sample[end:]

    return damage


def _hostile_content(random: Random, _: bytes) -> bytes:
    return b">" + escape(text(random)).encode("utf-8", "replace") + b"<"


def _hostile_value(random: Random, _: bytes) -> bytes:
    value = random.choice((text(random), random.choice(_NUMBERS), "2026-02-30", "9999-12-31", ""))
    quotes = '""' if random.random() < 0.9 else random.choice(("  ", "[]", "{}"))
    return (quotes[0] + value.replace("\\", "/").replace('"', "'") + quotes[1]).encode("utf-8", "replace")


def _deepen(random: Random, value: bytes) -> bytes:
    return b"[" * random.choice((1, 2, 20_000)) + value


def _nest(random: Random, tag: bytes) -> bytes:
    return tag * random.choice((2, 3, 200, 300))


_DAMAGES = (
    _flip, _cut_out, _double, _truncate, _insert,
    _one_of(_NUMBER, lambda random, _: random.choice(_NUMBERS).encode()),
    _one_of(_TAG, lambda _, __: b""),
    _one_of(_TAG, _nest),
    _one_of(_BETWEEN_TAGS, _hostile_content),
    _one_of(_BETWEEN_TAGS, _hostile_content),
    _one_of(_QUOTED, _hostile_value),
    _one_of(_QUOTED, _deepen),
    _one_of(_LINE, lambda random, line: line * random.randrange(3)),
)  # fmt: skip
