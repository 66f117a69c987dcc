"""Writes the demo's radiology-AI articles and preprints from many sentences; the same ones every time."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from adapters.demo import names, phrases
from adapters.demo.library import ArxivPaper, Author, Paper, PubmedPaper
from adapters.demo.topics import SUBJECTS, Subject

FIRST_PMID = 90_000_001
ARCHIVE_SIZE = 300
ARCHIVE_DAYS = 60
_PUBMED_SHARE = 0.55
_SMALL_WORDS = frozenset("a an and as by for from in of on or the to via with without".split())  # noqa: SIM905
Facts = dict[str, str]
T = TypeVar("T")


class Writer:
    """Makes one new paper after another; the same seed gives the same papers."""

    def __init__(self, seed: int = 2611) -> None:
        self._random = random.Random(seed)  # noqa: S311 - variety, not secrecy
        self._next_pmid = FIRST_PMID
        self._titles: set[str] = set()
        self._last_numbers: dict[str, int] = {}

    def pubmed(self, at: datetime) -> PubmedPaper:
        """A journal article that PubMed takes in at that moment."""
        subject, kind, facts = self._study(at)
        title = self._new_title(phrases.TITLES[kind], facts) + "."
        aim = f"{self._pick(subject.why)} {self._say(phrases.AIMS[kind], facts)}"
        methods = f"{self._say(phrases.DATA, facts)} {self._say(phrases.PROCEDURES[kind], facts)}"
        results = " ".join(self._some(phrases.RESULTS[kind], 2, facts))
        texts = (aim, methods, results, self._say(phrases.CONCLUSIONS[kind], facts))
        authors = tuple(self._author() for _ in range(self._random.randint(3, 9)))
        published = (at - timedelta(days=self._random.randint(0, 3))).date()
        return PubmedPaper(
            pmid=self.new_pmid(),
            title=title,
            entered=at,
            abstract=tuple(zip(("BACKGROUND", "METHODS", "RESULTS", "CONCLUSIONS"), texts, strict=True)),
            authors=authors,
            journal=self._pick(names.JOURNALS),
            doi=self.new_doi(at),
            published=published,
            keywords=("artificial intelligence", "deep learning", subject.finding, subject.modality),
            types=("Journal Article", *(("Multicenter Study",) if "multicenter" in title else ())),
        )

    def arxiv(self, at: datetime) -> ArxivPaper:
        """A preprint submitted and announced at that moment."""
        _, _, facts = self._study(at)
        title = _in_title_case(self._new_title(phrases.PREPRINT_TITLES, facts))
        sentences = [
            self._say(phrases.PREPRINT_OPENINGS, facts),
            self._say(phrases.PREPRINT_IDEAS, facts),
            *self._some(phrases.PREPRINT_DETAILS, 2, facts),
            *self._some(phrases.PREPRINT_RESULTS, 2, facts),
            self._say(phrases.PREPRINT_ENDINGS, facts),
        ]
        authors = (self._author() for _ in range(self._random.randint(2, 8)))
        comment = self._pick(phrases.COMMENTS)
        return ArxivPaper(
            id=self.new_arxiv_id(at),
            title=title,
            abstract=" ".join(sentences),
            submitted=at,
            authors=tuple(f"{author.fore} {author.last}" for author in authors),
            categories=self._pick(phrases.CATEGORIES),
            comment=comment and comment.format_map(facts),
        )

    def any(self, at: datetime) -> Paper:
        """An article or a preprint."""
        return self.pubmed(at) if self._random.random() < _PUBMED_SHARE else self.arxiv(at)

    def headings(self, paper: PubmedPaper) -> tuple[str, ...]:
        """The MeSH headings that fit a paper."""
        subject = next((subject for subject in SUBJECTS if subject.finding in paper.keywords), SUBJECTS[0])
        return ("Humans", "Deep Learning", "Artificial Intelligence", *subject.headings)

    def new_pmid(self) -> int:
        """The next free PMID."""
        self._next_pmid += 1
        return self._next_pmid - 1

    def new_doi(self, at: datetime) -> str:
        """A DOI under 10.5555, which names nothing."""
        return f"10.5555/radai.{at:%Y}.{self._next_pmid - FIRST_PMID:05d}"

    def new_arxiv_id(self, at: datetime) -> str:
        """The next id of that month; later days give much higher numbers, as at arXiv."""
        month = f"{at:%y%m}"
        number = 200 + int((at.day - 1 + at.hour / 24 + at.minute / 1440) * 600)
        self._last_numbers[month] = number = max(number, self._last_numbers.get(month, 0) + 1)
        return f"{month}.{number:05d}"

    def moments(self, now: datetime, count: int) -> list[datetime]:
        """Moments of the archive's days before now, in order, to the minute."""
        span = ARCHIVE_DAYS * 24 * 60
        minutes = sorted((self._random.randint(30, span) for _ in range(count)), reverse=True)
        return [(now - timedelta(minutes=ago)).replace(second=0, microsecond=0) for ago in minutes]

    def _study(self, at: datetime) -> tuple[Subject, str, Facts]:
        subject = self._pick(SUBJECTS)
        kind = self._pick(subject.kinds)
        return subject, kind, self._facts(subject, kind, at.year)

    def _facts(self, subject: Subject, kind: str, year: int) -> Facts:
        """What the braces in the sentences stand for. The numbers of one paper fit together."""
        method = self._pick(phrases.METHODS[kind])
        auc = self._number(86, 97)
        sens, dice, c_index = self._number(84, 96), self._number(84, 93), self._number(64, 72)
        hazard, seconds = self._number(15, 31), self._number(70, 240)
        start = year - self._number(5, 9)
        bare = method.split(" ", 1)[1]
        facts = {
            "finding": subject.finding, "modality": subject.modality, "people": subject.people,
            "Modality": _capital(subject.modality), "method": method, "Method": _capital(method),
            "Bare": _capital(bare), "noun": phrases.NOUNS[kind], "approach": self._pick(phrases.APPROACHES),
            "system": self._pick(names.SYSTEM_STARTS) + self._pick(names.SYSTEM_ENDS),
            "country": self._pick(phrases.COUNTRIES), "p": self._pick(("< .001", "= .002", "= .01", "= .03")),
            "auc": f"0.{auc}", "lo": f"0.{auc - 3}", "hi": f"0.{auc + 2}", "auc2": f"0.{auc - 2}",
            "auc0": f"0.{auc - 7}", "sens": f"{sens}", "sens0": f"{sens - self._number(3, 9)}",
            "dice": f"0.{dice}", "dice2": f"0.{dice + 1}", "icc": f"0.{self._number(91, 98)}",
            "c0": f"0.{c_index}", "c1": f"0.{c_index + self._number(3, 7)}", "hr": f"{hazard / 10}",
            "hrlo": f"{(hazard - 3) / 10}", "hrhi": f"{(hazard + 6) / 10}", "t0": f"{seconds}",
            "t1": f"{seconds * self._number(35, 70) // 100}", "y0": f"{start}", "y1": f"{start + self._number(2, 4)}",
            "fp": f"0.{self._number(1, 9)}", "bias": f"{self._number(11, 58) / 10}",
        }  # fmt: skip
        ranges = {"spec": (82, 97), "pct": (21, 58), "n": (420, 18_400), "n2": (150, 2_900), "centers": (3, 14),
                  "readers": (4, 14), "weeks": (4, 9), "age": (51, 68), "women": (38, 62), "years": (2, 6),
                  "events": (60, 420), "sd": (2, 8), "pages": (9, 24)}  # fmt: skip
        return facts | {name: f"{self._number(*bounds):,}" for name, bounds in ranges.items()}

    def _author(self) -> Author:
        return Author(self._pick(names.LAST), self._pick(names.FORE), self._pick(names.PLACES))

    def _new_title(self, templates: tuple[str, ...], facts: Facts) -> str:
        """A title nobody has used; the country, and at last a number, tell equal ones apart."""
        title = self._say(templates, facts)
        if title in self._titles:
            title = f"{self._say(templates, facts)} in {self._pick(phrases.COUNTRIES)}"
        if title in self._titles:
            title = f"{title}, part {len(self._titles)}"
        self._titles.add(title)
        return _capital(title)

    def _say(self, templates: tuple[str, ...], facts: Facts) -> str:
        return self._pick(templates).format_map(facts)

    def _some(self, templates: tuple[str, ...], count: int, facts: Facts) -> list[str]:
        return [template.format_map(facts) for template in self._random.sample(templates, count)]

    def _pick(self, choices: tuple[T, ...]) -> T:
        return self._random.choice(choices)

    def _number(self, least: int, most: int) -> int:
        return self._random.randint(least, most)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _in_title_case(text: str) -> str:
    """Capitals as in "Label-Efficient Detection of Nodules in CT"; words that have capitals keep them."""
    first, *rest = text.split(" ")
    return " ".join([first, *(_title_word(word) for word in rest)])


def _title_word(word: str) -> str:
    if word in _SMALL_WORDS:
        return word
    return "-".join(part if part in _SMALL_WORDS else _capital(part) for part in word.split("-"))


def archive(writer: Writer, now: datetime, count: int = ARCHIVE_SIZE) -> list[Paper]:
    """Return papers of the last 60 days, oldest first. What is older than three weeks has its MeSH headings."""
    papers = [writer.any(moment) for moment in writer.moments(now, count)]
    settled = now - timedelta(days=21)
    return [
        replace(paper, headings=writer.headings(paper), indexed=moment, revised=moment)
        if isinstance(paper, PubmedPaper) and (moment := paper.entered + timedelta(days=18)) < settled
        else paper
        for paper in papers
    ]
