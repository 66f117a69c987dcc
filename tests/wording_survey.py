"""How every title and abstract of a folder of recorded answers is rendered: ``python -m tests.wording_survey DIR``.

Counts the texts that changed, those that shrank by more than a tenth and why, those that raised an exception, and what
is left in the output that looks like markup. ``--show LEFTOVER`` prints such texts, ``--papers N`` whole papers.
"""

# ruff: noqa: T201 - a report on the terminal

from __future__ import annotations

import argparse
import csv
import gzip
import html
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from bot.wording import abstract_parts, key_sentence, readable, shorten

_SHRUNK = 0.9
_LEFTOVERS = {
    "macro": re.compile(r"\\[A-Za-z]+"),
    "escape": re.compile(r"\\[^A-Za-z]"),
    "dollar": re.compile(r"\$(?!\s?\d)"),
    "tag": re.compile(r"</?[A-Za-z][\w:-]*(?:\s[^<>]*)?/?>"),
    "entity": re.compile(r"&#?\w{1,30};"),
    "brace": re.compile(r"[{}]"),
    "script": re.compile(r"[\^_]\{|[\^_]\("),
    "quote": re.compile(r"``|(?<![`\w])`\w"),
    "token": re.compile(r"\b[OC]_[A-Z]{2,}"),
}
_REASONS = {
    "tags and formulas in XML": re.compile(r"<[^<>]+>"),
    "entities": re.compile(r"&#?\w{1,30};"),
    "LaTeX": re.compile(r"\\|\$|\{"),
    "white space": re.compile(r"\s{2,}|\n"),
    "invisible characters": re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"),
}


@dataclass(frozen=True)
class Sample:
    """A paper's texts as its source sends them."""

    source: str
    name: str
    title: str
    abstract: str


@dataclass
class Tally:
    """What became of the texts of one source."""

    texts: int = 0
    changed: int = 0
    shrunk: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)


# ---------------------------------------------------------------- the texts


def samples(folder: Path) -> Iterator[Sample]:
    """Every title and abstract below the folder."""
    for reader in (_pubmed, _jsonl, _europepmc, _crossref, _rows, _atom, _feeds):
        yield from reader(folder)


def _inner(element: etree._Element | None) -> str:
    if element is None:
        return ""
    inside = "".join(etree.tostring(child, encoding="unicode") for child in element)
    return html.escape(element.text or "", quote=False) + inside


def _pubmed(folder: Path) -> Iterator[Sample]:
    for path in sorted(folder.glob("pubmed/*.xml.gz")):
        for record in etree.fromstring(gzip.decompress(path.read_bytes())):
            parts = record.iterfind(".//Abstract/AbstractText")
            lines = (f"{part.get('Label')}: {_inner(part)}" if part.get("Label") else _inner(part) for part in parts)
            abstract = "\n".join(" ".join(line.split()) for line in lines)
            yield Sample("PubMed", record.findtext(".//PMID", ""), _inner(record.find(".//ArticleTitle")), abstract)


def _jsonl(folder: Path) -> Iterator[Sample]:
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for paper in map(json.loads, lines):
                source = "arXiv" if path.name.startswith("arxiv") else "reviews"
                abstract = re.sub(r"\n(?!\s)", " ", paper["abstract"] or "")
                yield Sample(source, str(paper["id"]), paper["title"] or "", abstract)


def _europepmc(folder: Path) -> Iterator[Sample]:
    for path in sorted(folder.glob("europepmc/*.json")):
        for paper in json.loads(path.read_text(encoding="utf-8"))["resultList"]["result"]:
            yield Sample("Europe PMC", paper["id"], paper.get("title", ""), paper.get("abstractText", ""))


def _crossref(folder: Path) -> Iterator[Sample]:
    for path in sorted(folder.glob("crossref/*")):
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".json":
            for work in json.loads(text)["message"]["items"]:
                yield Sample("Crossref", work["DOI"], " ".join(work.get("title", [])), work.get("abstract", ""))
        else:
            for match in re.finditer(r"<jats:.*", text):
                yield Sample("Crossref", path.name, "", match[0].replace('\\"', '"'))


def _rows(folder: Path) -> Iterator[Sample]:
    for path in sorted(folder.glob("biorxiv/*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter=";"):
                yield Sample("bioRxiv", row["doi"], row["title"], row["abstract"])


def _atom(folder: Path) -> Iterator[Sample]:
    for path in sorted(folder.glob("arxiv_api/*.json")):
        body = json.loads(path.read_text(encoding="utf-8")).get("body", "")
        yield from _entries(path.name, "arXiv API", body.encode())
    for path in sorted(folder.glob("arxiv_rss/*.xml")):
        yield from _entries(path.name, "arXiv feeds", path.read_bytes())


def _feeds(folder: Path) -> Iterator[Sample]:
    for path in sorted(folder.glob("journal_feeds/*/*.xml")):
        yield from _entries(path.name, "journal feeds", path.read_bytes())


def _entries(name: str, source: str, body: bytes) -> Iterator[Sample]:
    root: etree._Element | None = etree.fromstring(body, etree.XMLParser(recover=True, no_network=True))
    if root is None:
        return
    for entry in root.iterfind(".//{*}entry"):
        summary = entry.findtext("{*}summary") or entry.findtext("{*}content") or ""
        title = " ".join("".join(found.itertext()) for found in entry.iterfind("{*}title"))
        yield Sample(source, name, title, re.sub(r"\n(?!\s)", " ", summary.strip()))
    for item in root.iterfind(".//{*}item"):
        about = item.findtext("{*}encoded") or item.findtext("{*}description") or ""
        yield Sample(source, name, item.findtext("{*}title") or "", about)


# ---------------------------------------------------------------- what becomes of them


def survey(folder: Path, notice: Callable[[str, Sample, str], None]) -> dict[str, Tally]:
    """Render everything; ``notice`` is told each leftover's name, the sample, and the text around it."""
    tallies: dict[str, Tally] = {}
    for sample in samples(folder):
        tally = tallies.setdefault(sample.source, Tally())
        for text, write in ((sample.title, readable), (sample.abstract, _abstract)):
            if text:
                _count(tally, sample, text, write, notice)
    return tallies


def _abstract(text: str) -> str:
    parts = abstract_parts(text)
    sentence = key_sentence(text)
    assert sentence in " ".join(part for _, part in parts)
    return " ".join(f"{label}: {part}" if label else part for label, part in parts)


def _count(
    tally: Tally, sample: Sample, text: str, write: Callable[[str], str], notice: Callable[[str, Sample, str], None]
) -> None:
    tally.texts += 1
    try:
        shown = write(text)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is counted
        tally.failed.append(f"{sample.name}: {error!r}")
        return
    tally.changed += shown != text
    if len(shown) < _SHRUNK * len(text):
        reasons = [name for name, pattern in _REASONS.items() if pattern.search(text)]
        tally.shrunk[" + ".join(reasons) or "unknown"] += 1
        notice("shrunk", sample, f"{text[:600]!r}\n    -> {shown[:600]!r}")
    for name, pattern in _LEFTOVERS.items():
        if found := pattern.search(shown):
            tally.left[name] += 1
            notice(name, sample, shown[max(0, found.start() - 70) : found.end() + 70])


def _report(tallies: dict[str, Tally]) -> None:
    print(f"{'source':14}{'texts':>8}{'changed':>9}{'shrunk':>8}{'failed':>8}  left over")
    for source, tally in tallies.items():
        left = ", ".join(f"{name} {count}" for name, count in tally.left.most_common())
        counts = tally.texts, tally.changed, tally.shrunk.total(), len(tally.failed)
        print(f"{source:14}" + "{:>8}{:>9}{:>8}{:>8}".format(*counts) + f"  {left or '-'}")
        for failure in tally.failed[:5]:
            print("   failed:", failure)
    print("\nshrank by more than a tenth because of")
    for reason, count in sum((tally.shrunk for tally in tallies.values()), Counter[str]()).most_common():
        print(f"{count:>6}  {reason}")


def _show_papers(folder: Path, number: int, seed: int, source: str) -> None:
    chosen = [sample for sample in samples(folder) if source in sample.source and sample.abstract]
    for sample in random.Random(seed).sample(chosen, min(number, len(chosen))):
        print(f"\n## {shorten(readable(sample.title), 110)}\n   [{sample.source} {sample.name}]")
        print(f"   KEY {shorten(key_sentence(sample.abstract), 320)}")
        for label, text in abstract_parts(sample.abstract):
            print(f"   {label or '-'} | {text}")


def main() -> int:
    """Print the tables; exit 1 if anything raised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", choices=["shrunk", *_LEFTOVERS])
    parser.add_argument("--papers", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--source", default="")
    given = parser.parse_args()
    if given.papers:
        _show_papers(given.folder, given.papers, given.seed, given.source)
        return 0

    def notice(name: str, sample: Sample, text: str) -> None:
        if name == given.show and given.source in sample.source:
            print(f"{sample.source} {sample.name}: {text}")

    tallies = survey(given.folder, notice)
    _report(tallies)
    return int(any(tally.failed for tally in tallies.values()))


if __name__ == "__main__":
    sys.exit(main())
