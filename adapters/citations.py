"""Citations in the formats of reference managers: BibTeX by bibtexparser, RIS by rispy, and CSL-JSON.

BibTeX: https://tug.ctan.org/biblio/bibtex/base/btxdoc.pdf, with arXiv's fields of
https://info.arxiv.org/help/hypertex/bibstyles; RIS: https://en.wikipedia.org/wiki/RIS_(file_format); CSL-JSON:
https://github.com/citation-style-language/schema/blob/master/schemas/input/csl-data.json. All are UTF-8.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from bibtexparser.entrypoint import write_string
from bibtexparser.library import Library
from bibtexparser.model import Entry, Field
from bibtexparser.writer import BibtexFormat
from rispy import RisWriter

from bot.citing import Citation, CitationFormat, Person, citation
from bot.model import Kind, Paper
from bot.wording import readable


def cite(papers: Iterable[Paper], form: CitationFormat) -> str:
    """A whole file of these papers' citations."""
    writer = CitationFile(form)
    return "".join([*map(writer.add, papers), writer.end()])


class CitationFile:
    """One file, written paper by paper, so that it may be of any size. No key stands in it twice."""

    def __init__(self, form: CitationFormat) -> None:
        self._keys: set[str] = set()
        self._write = _WRITERS[form]
        self._opening, self._between, self._closing = _FRAMES[form]

    def add(self, paper: Paper) -> str:
        """The text to append for a paper."""
        cited = citation(paper)
        if cited.key in self._keys:
            cited = replace(cited, key=f"{cited.key}-p{paper.id}")
        before = self._between if self._keys else self._opening
        self._keys.add(cited.key)
        return before + self._write(cited)

    def end(self) -> str:
        """What the file ends with."""
        return self._closing if self._keys else self._opening + self._closing


# ---------------------------------------------------------------- BibTeX


def _bibtex(cited: Citation) -> str:
    article = cited.kind is Kind.ARTICLE and cited.venue
    values = {
        "title": "".join(_protected(cited.title)),
        "author": " and ".join(map(_bibtex_name, cited.authors)),
        "journal" if article else "howpublished": _tex(cited.venue or ""),
        "year": f"{cited.day.year}",
        "month": _MONTHS[cited.day.month - 1],
        "eprint": _verbatim(cited.arxiv),
        "archivePrefix": "arXiv" if cited.arxiv else "",
        "primaryClass": _verbatim(cited.arxiv_category) if cited.arxiv else "",
        "doi": _verbatim(cited.doi),
        "pmid": _verbatim(cited.pmid),
        "url": cited.url or "",
        "language": _tex(cited.language_name),
        "note": _tex(cited.note),
    }
    fields = [Field(name, value if name == "month" else f"{{{value}}}") for name, value in values.items() if value]
    entry = Entry("article" if article else "misc", cited.key, fields)
    return write_string(Library([entry]), unparse_stack=[], bibtex_format=_BIBTEX_FORMAT)


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_BIBTEX_FORMAT = BibtexFormat()  # type: ignore[no-untyped-call]
_BIBTEX_FORMAT.indent = "  "
_BIBTEX_FORMAT.trailing_comma = True

_SPECIAL = str.maketrans(
    {char: rf"\{char}" for char in "&%$#_"}
    | {"\\": r"{\textbackslash}", "{": r"{\textbraceleft}", "}": r"{\textbraceright}"}
    | {"~": r"{\textasciitilde}", "^": r"{\textasciicircum}"}
)
"""BibTeX counts braces even behind a backslash, so they need names."""

_WORD = re.compile(r"([^\W_]+(?:[-/][^\W_]+)*)")
_AND = re.compile(r"\band\b", re.IGNORECASE)


def _tex(text: str) -> str:
    return text.translate(_SPECIAL)


def _protected(title: str) -> Iterator[str]:
    """The title with braces round MRI, mRNA, U-Net, T (cells), so that no style makes small letters of them."""
    for part in _WORD.split(title):
        yield f"{{{part}}}" if any(map(_is_cased, re.split("[-/]", part))) else _tex(part)


def _is_cased(word: str) -> bool:
    """Whether a word's capitals mean something: not those of ``Deep`` and of ``A``."""
    return any(map(str.isupper, word[1:])) or (
        word[:1].isupper() and word != "A" and (len(word) == 1 or word[1:].isdecimal())
    )


def _bibtex_name(author: Person) -> str:
    """``van der Berg, Jr, Jan``; a group, and what would read as several authors, stands in braces."""
    whole = " ".join(filter(None, (author.given, author.particle, author.family, author.suffix)))
    if not author.given or "," in whole or _AND.search(whole):
        return f"{{{_tex(whole)}}}"
    return ", ".join(map(_tex, filter(None, (author.whole_family, author.suffix, author.given))))


def _verbatim(text: str | None) -> str:
    """An identifier as it is: escaped characters would break the links that styles make of it."""
    return re.sub(r"[\\{}]", lambda match: f"%{ord(match[0]):02X}", text or "")


# ---------------------------------------------------------------- RIS


class _Ris(RisWriter):
    def set_header(self, count: int) -> str:  # noqa: ARG002 - no numbers between the records
        return ""


def _ris(cited: Citation) -> str:
    values: dict[str, str | list[str]] = {
        "type_of_reference": "JOUR" if cited.kind is Kind.ARTICLE else "UNPB",
        "id": cited.key,
        "authors": [", ".join(filter(None, (a.whole_family, a.given, a.suffix))) for a in cited.authors],
        "title": cited.title,
        "journal_name": cited.venue or ("arXiv" if cited.arxiv else ""),
        "year": f"{cited.day.year}",
        "date": cited.day.isoformat().replace("-", "/"),
        "doi": cited.doi or "",
        "accession_number": cited.pmid or (f"arXiv:{cited.arxiv}" if cited.arxiv else ""),
        "urls": [cited.url] if cited.url else [],
        "abstract": readable(cited.abstract),
        "language": cited.language_name,
        "notes": [cited.note] if cited.note else [],
    }
    return _RIS.formats([{name: value for name, value in values.items() if value}])


_RIS = _Ris()

# ---------------------------------------------------------------- CSL-JSON


def _csl(cited: Citation) -> str:
    values: dict[str, Any] = {
        "id": cited.key,
        "type": "article",
        "title": cited.title,
        "author": list(map(_csl_name, cited.authors)),
        "issued": {"date-parts": [[cited.day.year, cited.day.month, cited.day.day]]},
        "DOI": cited.doi,
        "PMID": cited.pmid,
        "URL": cited.url,
        "language": cited.language,
        "note": cited.note,
    }
    if cited.kind is Kind.ARTICLE:
        values |= {"type": "article-journal", "container-title": cited.venue}
    else:
        number = f"arXiv:{cited.arxiv}" if cited.arxiv else None
        values |= {"publisher": cited.venue or ("arXiv" if cited.arxiv else None), "number": number}
    return json.dumps({name: value for name, value in values.items() if value}, ensure_ascii=False)


def _csl_name(author: Person) -> dict[str, str]:
    if not author.given:
        return {"literal": author.whole_family}
    parts = {"family": author.family, "given": author.given, "non-dropping-particle": author.particle}
    return {name: part for name, part in (parts | {"suffix": author.suffix}).items() if part}


_WRITERS: dict[CitationFormat, Callable[[Citation], str]] = {
    CitationFormat.BIBTEX: _bibtex,
    CitationFormat.RIS: _ris,
    CitationFormat.CSL_JSON: _csl,
}
_FRAMES = {
    CitationFormat.BIBTEX: ("", "\n", ""),
    CitationFormat.RIS: ("", "\n", ""),
    CitationFormat.CSL_JSON: ("[\n", ",\n", "\n]\n"),
}
"""What stands before the first citation, between two, and after the last."""
