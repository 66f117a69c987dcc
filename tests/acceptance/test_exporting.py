"""``paperround export`` in the formats of reference managers, as their readers find them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import bibtexparser.entrypoint
import pytest
import rispy

from bot.app import utc_now
from tests.acceptance.test_command_line import Program, configuration
from tests.fakes.literature import FakeLiterature


@pytest.fixture
async def filled(tmp_path: Path) -> AsyncIterator[Program]:
    """A program whose archive holds two papers about MRI and one about CT."""
    papers = [
        {"source": "pubmed", "source_id": "40000001", "title": "MRI, naïvely", "authors": ["Zoë Müller"],
         "date": "2026-11-02", "kind": "article", "venue": "Hips", "doi": "10.5555/a_b"},
        {"source": "arxiv", "source_id": "2611.00001", "title": "Fast MRI", "authors": ["Ada Lind"],
         "date": "2026-11-03"},
        {"source": "arxiv", "source_id": "2611.00002", "title": "Fast CT", "date": "2026-11-04"},
    ]  # fmt: skip
    (tmp_path / "papers.jsonl").write_text("\n".join(map(json.dumps, papers)), encoding="utf-8")
    async with FakeLiterature(now=utc_now) as literature:
        program = configuration(tmp_path, literature)
        assert (await program("import", str(tmp_path / "papers.jsonl"), "--format", "jsonl")).code == 0
        yield program


async def test_what_a_query_finds_is_exported_for_reference_managers(filled: Program) -> None:
    bibtex = await filled("export", "mri", "--format", "bibtex")
    assert [entry.key for entry in bibtexparser.entrypoint.parse_string(bibtex.out).entries] == [
        "lind2026fast",
        "muller2026mri",
    ]
    ris = await filled("export", "mri", "--format", "ris")
    assert [entry["title"] for entry in rispy.loads(ris.out)] == ["Fast MRI", "MRI, naïvely"]
    csl = await filled("export", "mri", "--format", "csl-json")
    assert [entry["id"] for entry in csl.json] == ["lind2026fast", "muller2026mri"]
    assert {answered.code for answered in (bibtex, ris, csl)} == {0}


async def test_without_a_query_every_paper_is_exported(filled: Program) -> None:
    assert len((await filled("export", "--format", "csl-json")).json) == 3


async def test_finding_nothing_is_an_empty_array(filled: Program) -> None:
    assert (await filled("export", "ultrasound", "--format", "csl-json")).json == []
