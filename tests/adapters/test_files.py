"""Files of papers: what is read, what is refused, and that what is written is read back."""

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from adapters.files import read_file, write_jsonl
from bot.identity import compose
from bot.model import Identifier, Kind, PaperId, Record, Status
from bot.ports import Refusal

LINE = {"source": "arxiv", "source_id": "2503.11731", "title": "A Made-up Title"}


def read(tmp_path: Path, *lines: object) -> list[Record | Refusal]:
    file = tmp_path / "papers.jsonl"
    file.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines))
    return list(read_file(file, "jsonl"))


def record(tmp_path: Path, **changes: object) -> Record:
    [read_back] = read(tmp_path, LINE | changes)
    assert isinstance(read_back, Record)
    return read_back


# ---------------------------------------------------------------- JSON lines


def test_a_full_line_becomes_a_record(tmp_path: Path) -> None:
    line = {
        "source": "pubmed",
        "source_id": "31452104",
        "title": "A  Title\n in two lines",
        "abstract": "BACKGROUND: One.\nMETHODS: Two.",
        "authors": ["Ann Lee", "Bo Wang"],
        "date": "2026-05-07",
        "kind": "article",
        "doi": "https://doi.org/10.1000/ABC",
        "url": "https://example.org/1",
    }
    [read_back] = read(tmp_path, line)
    assert read_back == Record(
        source="pubmed",
        source_id="31452104",
        version=1,
        kind=Kind.ARTICLE,
        title="A Title in two lines",
        abstract="BACKGROUND: One.\nMETHODS: Two.",
        authors=("Ann Lee", "Bo Wang"),
        url="https://example.org/1",
        published=date(2026, 5, 7),
        identifiers=frozenset({Identifier("doi", "10.1000/abc"), Identifier("pmid", "31452104")}),
    )


def test_what_is_missing_or_null_is_filled_in(tmp_path: Path) -> None:
    nothing = dict.fromkeys(("abstract", "authors", "date", "kind", "doi", "url", "categories"))
    for line in (LINE, LINE | nothing):
        [read_back] = read(tmp_path, line)
        assert isinstance(read_back, Record)
        assert (read_back.abstract, read_back.authors, read_back.published) == ("", (), None)
        assert (read_back.kind, read_back.version) == (Kind.PREPRINT, 1)
        assert read_back.url == "https://arxiv.org/abs/2503.11731"
        assert read_back.identifiers == {Identifier("arxiv", "2503.11731")}


def test_an_arxiv_version_is_taken_from_the_id(tmp_path: Path) -> None:
    read_back = record(tmp_path, source_id="2503.11731v3")
    assert (read_back.source_id, read_back.version) == ("2503.11731", 3)
    assert (record(tmp_path, source_id="math.GT/0309136v2").source_id) == "math/0309136"


def test_a_version_that_cannot_be_kept_is_refused(tmp_path: Path) -> None:
    [refused] = read(tmp_path, LINE | {"version": 10**30})
    assert isinstance(refused, Refusal)
    assert refused.reason.startswith("version: ")
    assert record(tmp_path, source_id="2503.11731v" + "9" * 40).version == 1


def test_authors_may_stand_in_one_text(tmp_path: Path) -> None:
    assert record(tmp_path, authors="Ann Lee; Bo Wang;").authors == ("Ann Lee", "Bo Wang")


def test_only_a_complete_date_is_a_date(tmp_path: Path) -> None:
    for text, day in (("2026-05-07", date(2026, 5, 7)), ("2026-05", None), ("2026", None), ("2026-02-30", None)):
        assert record(tmp_path, date=text).published == day


def test_an_address_that_is_no_web_address_is_replaced(tmp_path: Path) -> None:
    assert record(tmp_path, url="javascript:alert(1)").url == "https://arxiv.org/abs/2503.11731"
    assert record(tmp_path, source="zenodo", doi="10.5281/zenodo.1").url == "https://doi.org/10.5281/zenodo.1"


def test_control_characters_are_left_out(tmp_path: Path) -> None:
    read_back = record(tmp_path, title="A\x1b[31m title", abstract="One\x00\nTwo")
    assert (read_back.title, read_back.abstract) == ("A [31m title", "One\nTwo")


def test_a_listing_of_arxiv_is_read_with_its_own_keys(tmp_path: Path) -> None:
    listing = {
        "source": "arxiv",
        "id": "2503.11731v2",
        "listed": "2025-03-18",
        "title": "A Title",
        "abstract": "A made-up abstract\nthat was wrapped.",
        "authors": ["Ann Lee"],
        "categories": ["cs.CV", "cs.RO"],
        "comment": "8 pages",
    }
    [read_back] = read(tmp_path, listing)
    assert isinstance(read_back, Record)
    assert (read_back.source_id, read_back.version, read_back.published) == ("2503.11731", 2, date(2025, 3, 18))
    assert read_back.abstract == "A made-up abstract that was wrapped."
    assert read_back.categories == ("cs.CV", "cs.RO")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (LINE | {"title": " "}, "it has no title"),
        ({"source": "arxiv", "source_id": "1"}, "it has no title"),
        (LINE | {"source_id": "\x7f "}, "it has no source_id"),
        ({"source": "arxiv", "title": "A"}, "it has no source_id"),
        (LINE | {"source": None}, "it has no source"),
        (LINE | {"kind": "poster"}, "kind: Input should be 'article' or 'preprint'"),
        ("{", "it is not JSON: "),
        ("[1]", "it is not a JSON object"),
        ('{"title": "\\ud800"}', "it is not JSON: "),
        ("[" * 100_000, "it is not JSON: "),
    ],
)
def test_a_line_that_cannot_be_read_is_refused_with_its_number_and_the_others_are_read(
    tmp_path: Path, line: object, reason: str
) -> None:
    first, refusal, last = read(tmp_path, LINE, "", line, LINE)
    assert isinstance(refusal, Refusal)
    assert refusal.record == "line 3"
    assert refusal.reason.startswith(reason)
    assert isinstance(first, Record)
    assert isinstance(last, Record)


# ---------------------------------------------------------------- files


def test_gzip_is_known_by_its_content_not_by_its_name(tmp_path: Path) -> None:
    text = json.dumps(LINE).encode()
    (tmp_path / "packed.jsonl").write_bytes(gzip.compress(text))
    (tmp_path / "plain.gz").write_bytes(text)
    assert list(read_file(tmp_path / "packed.jsonl", "jsonl")) == list(read_file(tmp_path / "plain.gz", "jsonl"))


def test_a_damaged_file_gives_what_came_before_and_says_so(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps(LINE | {"source_id": str(n), "abstract": f"{n:x}" * 50}) for n in range(5000))
    packed = gzip.compress(lines.encode())
    (tmp_path / "cut.gz").write_bytes(packed[: len(packed) // 2])
    *records, last = read_file(tmp_path / "cut.gz", "jsonl")
    assert records
    assert isinstance(last, Refusal)
    assert "damaged" in last.reason


def test_progress_adds_up_to_the_files_size(tmp_path: Path) -> None:
    file = tmp_path / "papers.jsonl"
    file.write_text(f"{json.dumps(LINE)}\n" * 3000)
    told: list[int] = []
    assert len(list(read_file(file, "jsonl", told.append))) == 3000
    assert sum(told) == file.stat().st_size
    assert max(told) < file.stat().st_size


def test_a_file_is_read_as_it_is_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "papers.jsonl"
    file.write_text(f"{json.dumps(LINE)}\n" * 20_000)
    told: list[int] = []
    items = read_file(file, "jsonl", told.append)
    next(items)
    next(items)
    assert sum(told) < file.stat().st_size / 2


@pytest.mark.parametrize(("form", "data"), [("pubmed-xml", "<html/>"), ("arxiv-atom", "no xml"), ("arxiv-oai", "")])
def test_a_file_of_another_kind_is_refused_by_its_name(tmp_path: Path, form: str, data: str) -> None:
    (tmp_path / "wrong.xml").write_text(data)
    [refusal] = read_file(tmp_path / "wrong.xml", form)  # type: ignore[arg-type]
    assert isinstance(refusal, Refusal)
    assert refusal.record == "wrong.xml"


def test_a_line_of_any_length_takes_little_memory_and_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "papers.jsonl"
    text = json.dumps(LINE | {"abstract": " " * 2_000_000})
    file.write_text("\n".join([json.dumps(LINE), text, json.dumps(LINE), text * 20, json.dumps(LINE), text]))
    items = list(read_file(file, "jsonl"))
    refused = {item.record: item.reason for item in items if isinstance(item, Refusal)}
    assert refused == dict.fromkeys(("line 2", "line 4", "line 6"), "it is longer than 2,000,000 bytes")
    assert len(items) == 6
    assert all(len(item.raw) < 1000 for item in items if isinstance(item, Refusal))


def test_a_file_without_a_paper_is_not_read_to_its_end(tmp_path: Path) -> None:
    *refused, last = read(tmp_path, *["<entry>"] * 5000)
    assert len(refused) == 100
    assert last == Refusal("papers.jsonl", "none of its first 100 lines is a paper; the rest was not read")
    assert len(read(tmp_path, LINE, *["<entry>"] * 5000)) == 5001


# ---------------------------------------------------------------- arXiv's snapshot

SNAPSHOT = {
    "id": "0704.0001",
    "submitter": "Ann Lee",
    "authors": "A. Lee, B. van Dyk and C. Wang Jr (Some Institute)",
    "title": "A made-up\n  title",
    "comments": "12 pages",
    "journal-ref": "J. Invented Phys. 7 (2008) 12",
    "doi": "10.9999/Invented.7",
    "report-no": None,
    "categories": "hep-ph cs.CV",
    "license": None,
    "abstract": "  A made-up abstract\nthat was wrapped.\n",
    "versions": [
        {"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"},
        {"version": "v2", "created": "Tue, 24 Jul 2007 20:10:27 GMT"},
    ],
    "update_date": "2008-11-26",
    "authors_parsed": [["Lee", "A.", ""], ["van Dyk", "B.", ""], ["Wang", "C.", "Jr", "Some Institute"]],
}


def test_a_line_of_arxivs_snapshot_becomes_a_record(tmp_path: Path) -> None:
    assert read(tmp_path, SNAPSHOT) == [
        Record(
            source="arxiv",
            source_id="0704.0001",
            version=2,
            kind=Kind.PREPRINT,
            title="A made-up title",
            abstract="A made-up abstract that was wrapped.",
            authors=("A. Lee", "B. van Dyk", "C. Wang Jr"),
            url="https://arxiv.org/abs/0704.0001",
            pdf_url="https://arxiv.org/pdf/0704.0001",
            published=date(2007, 4, 2),
            entered=date(2007, 4, 2),
            venue="J. Invented Phys. 7 (2008) 12",
            categories=("hep-ph", "cs.CV"),
            identifiers=frozenset({Identifier("arxiv", "0704.0001"), Identifier("doi", "10.9999/invented.7")}),
            revision="2007-07-24T20:10:27Z",
        )
    ]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"title": " "}, "no title"),
        ({"id": "P1"}, "not an arXiv id: 'P1'"),
        ({"versions": []}, "versions: "),
        ({"versions": [{"version": "v1", "created": "soon"}]}, "Invalid date"),
        ({"versions": [{"version": "v1", "created": "0001-01-01T00:00:00+23:00"}]}, "date value out of range"),
    ],
)
def test_a_line_of_the_snapshot_that_cannot_be_read_is_refused(
    tmp_path: Path, change: dict[str, object], reason: str
) -> None:
    [refusal] = read(tmp_path, SNAPSHOT | change)
    assert isinstance(refusal, Refusal)
    assert refusal.reason.startswith(reason)


# ---------------------------------------------------------------- export


def records() -> Iterator[Record]:
    yield Record(
        source="arxiv",
        source_id="2503.11731",
        version=2,
        kind=Kind.PREPRINT,
        title="β-catenin & “quotes”",
        abstract="First paragraph.\nSecond one.",
        authors=("Ann Lee; MD", "Bo Wang"),
        url="https://arxiv.org/abs/2503.11731",
        published=date(2025, 3, 18),
        categories=("cs.CV",),
        identifiers=frozenset({Identifier("arxiv", "2503.11731"), Identifier("doi", "10.1000/a")}),
    )
    yield Record(
        source="pubmed",
        source_id="40000001",
        version=1,
        kind=Kind.ARTICLE,
        title="The same work, printed",
        abstract="",
        authors=("Lee A",),
        url="https://pubmed.ncbi.nlm.nih.gov/40000001/",
        venue="A Journal",
        language="ger",
        status=Status.RETRACTED,
        identifiers=frozenset({Identifier("pmid", "40000001"), Identifier("doi", "10.1000/a")}),
    )


def test_what_is_exported_is_read_back_as_the_same_paper(tmp_path: Path) -> None:
    seen = datetime(2026, 1, 2, tzinfo=UTC)
    both = list(records())
    for of_paper in (both, both[:1], both[1:]):
        paper = compose(PaperId(7), of_paper, seen)
        [line] = write_jsonl([paper])
        [read_back] = read(tmp_path, line)
        assert isinstance(read_back, Record)
        again = compose(PaperId(7), [read_back], seen)
        for field in ("title", "abstract", "authors", "kind", "date", "venue", "categories", "doi", "url", "language"):
            assert getattr(again, field) == getattr(paper, field)
        assert again.status == paper.status
        assert read_back.version == paper.records[0].version
        assert read_back.identifiers == {name for one in of_paper for name in one.identifiers}


def test_an_exported_line_has_the_keys_of_the_contract() -> None:
    paper = compose(PaperId(7), records(), datetime(2026, 1, 2, tzinfo=UTC))
    line = json.loads(next(write_jsonl([paper])))
    assert (line["source"], line["source_id"], line["date"], line["kind"]) == (
        "pubmed",
        "40000001",
        "2025-03-18",
        "article",
    )
    assert {"title", "abstract", "authors", "doi", "url"} < line.keys()
