"""Every real file that can be imported is, whole; whatever else is given as one is refused with a reason."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.files import Format, read_file
from bot.importing import import_records
from bot.model import Record
from bot.ports import Refusal
from storage import open_storage
from tests.examples import NOW
from tests.real_data import ARXIV, SHARED, needs_shared_data

pytestmark = needs_shared_data

FORMATS: tuple[Format, ...] = ("pubmed-xml", "arxiv-atom", "arxiv-oai", "jsonl")
SETS = ("markup", "pubmed5", "pubmed7", "no_title_abstract", "duplicate")
OTHER_ANSWERS = ("epost1", "esearch1", "esearch3", "esearch8", "no_pubmedarticleset")
ERROR = "arXiv answered with an error: incorrect id format for abc"
RECORD_TAGS = {"pubmed-xml": rb"<Pubmed(Book)?Article[ >]", "arxiv-atom": rb"<entry[ >]", "arxiv-oai": rb"<record[ >]"}


def raw(path: Path) -> bytes:
    """A file's bytes, unpacked; of an answer recorded in JSON its body."""
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    answer = json.loads(data) if path.suffix == ".json" else None
    return answer["body"].encode() if isinstance(answer, dict) and "status_code" in answer else data


def importable() -> Iterator[tuple[Path, Format]]:
    yield SHARED / "pubmed/articles.xml.gz", "pubmed-xml"
    for name in SETS:
        yield SHARED / "pubmed/raw" / f"{name}.xml", "pubmed-xml"
    for path in sorted((SHARED / "arxiv_api").glob("*.json")):
        yield path, "arxiv-atom"
    yield from ((path, "arxiv-atom") for path in sorted((SHARED / "arxiv_rss").glob("*")))
    yield from ((path, "arxiv-oai") for path in sorted((SHARED / "arxiv_oai").glob("*")))


def everything() -> Iterator[Path]:
    yield from (path for path in sorted(SHARED.rglob("*")) if path.is_file() and path.name != "README.md")


def unwrapped(path: Path, folder: Path) -> Path:
    """The file itself, or one that holds the body of the recorded answer."""
    if path.suffix != ".json":
        return path
    (folder / path.stem).write_bytes(raw(path))
    return folder / path.stem


def refusals(items: list[Record | Refusal]) -> list[Refusal]:
    return [item for item in items if isinstance(item, Refusal)]


@pytest.mark.parametrize(("path", "form"), list(importable()), ids=lambda value: getattr(value, "name", value))
def test_every_record_of_a_real_file_is_read(path: Path, form: Format, tmp_path: Path) -> None:
    items = list(read_file(unwrapped(path, tmp_path), form))
    assert len(items) == len(re.findall(RECORD_TAGS[form], raw(path)))
    assert [refusal.reason for refusal in refusals(items)] == ([ERROR] if path.name.startswith("id_abc") else [])
    assert all(item.title and item.url for item in items if isinstance(item, Record))


def test_every_line_of_real_abstracts_is_read() -> None:
    with gzip.open(ARXIV, "rt", encoding="utf-8") as lines:
        ids = [json.loads(line)["id"] for line in lines]
    records = [item for item in read_file(ARXIV, "jsonl") if isinstance(item, Record)]
    assert [record.source_id for record in records] == ids
    assert all(record.published and record.abstract for record in records)


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_of_another_kind_is_refused_with_a_reason(form: Format) -> None:
    own = {path for path, its in importable() if its == form} | ({ARXIV} if form == "jsonl" else set())
    for path in everything():
        if path in own or "arxiv_api" in path.parts:
            continue
        items = list(read_file(path, form))
        assert path.suffix != ".xml" or not items or refusals(items) == items
        assert all(refusal.record and refusal.reason for refusal in refusals(items))
        assert len(items) <= 101


@pytest.mark.parametrize("name", OTHER_ANSWERS)
def test_another_answer_of_pubmed_is_no_set_of_records(name: str) -> None:
    [refusal] = read_file(SHARED / "pubmed/raw" / f"{name}.xml", "pubmed-xml")
    assert isinstance(refusal, Refusal)
    assert refusal.record == f"{name}.xml"
    assert "PubMed answered with" in refusal.reason


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("packed", [False, True])
def test_an_answer_that_tells_of_a_failure_holds_no_papers(form: Format, packed: bool, tmp_path: Path) -> None:
    for case in json.loads((SHARED / "http_error_cases.json").read_bytes()):
        file = tmp_path / case["name"]
        body = (case["body"] if isinstance(case["body"], str) else json.dumps(case["body"])).encode()
        file.write_bytes(gzip.compress(body) if packed else body)
        items = list(read_file(file, form))
        assert refusals(items) == items
        assert all(refusal.reason for refusal in refusals(items))


async def test_all_real_xml_is_kept_once(tmp_path: Path) -> None:
    files = [(unwrapped(path, tmp_path), form) for path, form in importable()]
    async with open_storage(tmp_path / "papers.sqlite3") as storage:

        def items() -> Iterator[Record | Refusal]:
            for path, form in files:
                yield from read_file(path, form)

        first = await import_records(items(), storage, lambda: NOW, lambda _: None)
        again = await import_records(items(), storage, lambda: NOW, lambda _: None)
    assert [refusal.reason for refusal in first.refused] == [ERROR]
    assert first.read == first.new + first.changed + first.same + len(first.refused)
    assert (again.read, again.new) == (first.read, 0)
