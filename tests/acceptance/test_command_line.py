"""The real program as other programs meet it: exit codes, JSON, signals, and no secret in what it says."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters.demo.library import Author, Journal
from adapters.demo.pubmed_xml import article_set
from bot.app import utc_now
from tests.fakes.literature import FakeLiterature

ROOT = Path(__file__).parents[2]
SECRET = "verysecretvalue"
PATIENCE = 30.0
"""Seconds after which a program counts as hanging."""

POLL_KEYS = {"source", "fetched", "new", "changed", "matched", "queued", "error"}
SEARCH_KEYS = {"query", "sort", "page", "pages", "per_page", "total", "papers"}
PAPER_KEYS = {"id", "title", "authors", "abstract", "kind", "date", "venue", "doi", "url", "records", "status"}
RECORD_KEYS = {"source", "source_id", "version", "url"}
LINE_KEYS = {"source", "source_id", "title", "abstract", "authors", "date", "kind", "doi", "url"}


@dataclass(frozen=True)
class Ended:
    """How a program ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its whole standard output, read as JSON."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Program:
    """``paperround`` in a folder with a configuration."""

    folder: Path
    config: Path

    async def start(self, *arguments: str) -> asyncio.subprocess.Process:
        """Start it; the API key is in its environment."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PAPERROUND_")}
        environment |= {"PAPERROUND_SOURCES__PUBMED__API_KEY": SECRET, "PYTHONPATH": str(ROOT)}
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *arguments),
            cwd=self.folder,
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    async def __call__(self, command: str, *arguments: str) -> Ended:
        """Run a command with the configuration to its end."""
        return await ended(await self.start(command, *arguments, "--config", str(self.config)))

    @asynccontextmanager
    async def running(self, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
        """A program that goes on until it is stopped; killed if the test does not."""
        process = await self.start(*arguments)
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
                await process.communicate()


async def ended(process: asyncio.subprocess.Process) -> Ended:
    """Wait for the end; nothing it says may hold the secret."""
    async with asyncio.timeout(PATIENCE):
        out, err = (said.decode() for said in await process.communicate())
    assert SECRET not in out + err
    return Ended(process.returncode if process.returncode is not None else -1, out, err)


async def answer(url: str, good: Callable[[str], bool] = bool) -> str:
    """What is served at the address, as soon as it is there and good."""
    async with asyncio.timeout(PATIENCE), aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(url) as response:
                    text = await response.text()
                    if response.status == 200 and good(text):
                        return text
            except aiohttp.ClientConnectionError:
                pass
            await asyncio.sleep(0.1)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@pytest.fixture
async def literature() -> AsyncIterator[FakeLiterature]:
    async with FakeLiterature(now=utc_now) as serving:
        yield serving


def configuration(folder: Path, literature: FakeLiterature, port: int = 0, name: str = "papers") -> Program:
    """A program whose configuration polls this literature and posts what is about MRI."""
    file = folder / f"{name}.toml"
    file.write_text(
        f"""
        storage.path = {json.dumps(str(folder / f"{name}.sqlite3"))}
        http = {{ contact = "test@example.org", allow_loopback = true }}
        log = {{ level = "debug" }}
        chat.local.port = {port}
        web.port = {port}
        sources.pubmed = {{ base_url = "{literature.eutils_url}", pace = 1000 }}
        sources.arxiv = {{ base_url = "{literature.arxiv_url}", rss_url = "{literature.rss_url}", min_gap = 0 }}
        [[topics]]
        name = "mri"
        query = "mri"
        [[channels]]
        platform = "local"
        id = "papers"
        topics = ["mri"]
        schedule = "now"
        """,
        encoding="utf-8",
    )
    return Program(folder, file)


@pytest.fixture
def paperround(tmp_path: Path, literature: FakeLiterature) -> Program:
    return configuration(tmp_path, literature)


async def test_poll_deliver_and_search_answer_in_the_promised_json(
    paperround: Program, literature: FakeLiterature
) -> None:
    first = await paperround("poll", "--json")
    assert [(row["source"], row["queued"], row["error"]) for row in first.json] == [
        ("pubmed", 0, None),
        ("arxiv", 0, None),
    ]
    lind = Author("Lind", "Ada B")
    literature.add_pubmed(title="MRI of the knee.", authors=(lind,), abstract=(("", "Words."),), doi="10.5555/knee")
    literature.add_arxiv(title="Fast MRI")
    second = await paperround("poll", "--json")
    assert (first.code, second.code) == (0, 0)
    assert all(row.keys() == POLL_KEYS for row in second.json)
    assert [(row["new"], row["matched"], row["queued"]) for row in second.json] == [(1, 1, 1), (1, 1, 1)]

    delivered = await paperround("deliver", "--json")
    assert (delivered.code, delivered.json["sent"], delivered.json["errors"]) == (0, 2, [])

    found = await paperround("search", "mri type:journal", "--sort", "oldest", "--per-page", "5", "--json")
    assert found.code == 0
    assert found.json.keys() == SEARCH_KEYS
    assert {key: found.json[key] for key in SEARCH_KEYS - {"papers"}} == {
        "query": "mri type:journal", "sort": "oldest", "page": 1, "pages": 1, "per_page": 5, "total": 1,
    }  # fmt: skip
    [paper] = found.json["papers"]
    assert paper.keys() == PAPER_KEYS
    assert all(record.keys() == RECORD_KEYS for record in paper["records"])
    assert (paper["authors"], paper["abstract"], paper["kind"]) == (["Ada B Lind"], "Words.", "article")
    assert (paper["doi"], paper["status"], paper["records"][0]["source"]) == ("10.5555/knee", None, "pubmed")


async def test_a_failing_source_gives_exit_1_while_the_other_is_done(
    paperround: Program, literature: FakeLiterature
) -> None:
    literature.add_arxiv(title="Fast MRI")
    literature.fail_next(
        "esearch", status=200, body=f"<eSearchResult><ERROR>no {SECRET}</ERROR></eSearchResult>", times=9
    )
    answered = await paperround("poll", "--json")
    pubmed, arxiv = answered.json
    assert answered.code == 1
    assert (pubmed["fetched"], arxiv["new"], arxiv["error"]) == (0, 1, None)
    assert "error" in pubmed["error"]
    assert any(request.params.get("api_key") == SECRET for request in literature.asked("esearch"))


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, f'{{"error":"API key invalid","api-key":"{SECRET}","count":"11"}}'),
        (200, f"<html>{SECRET}</html>"),
        (302, ""),
    ],
)
async def test_no_answer_of_pubmed_makes_the_program_tell_its_key(
    paperround: Program, literature: FakeLiterature, status: int, body: str
) -> None:
    headers = {"Location": f"/elsewhere?api_key={SECRET}"} if status == 302 else {}
    literature.fail_next("esearch", status=status, body=body, headers=headers, times=99)
    polled, checked = await asyncio.gather(paperround("poll", "--source", "pubmed"), paperround("check", "--json"))
    assert (polled.code, checked.code) == (1, 1)


async def test_only_the_named_source_is_polled(paperround: Program, literature: FakeLiterature) -> None:
    answered = await paperround("poll", "--source", "arxiv", "--json")
    assert (answered.code, [row["source"] for row in answered.json]) == (0, ["arxiv"])
    assert literature.asked("esearch") == []


async def test_files_are_imported_and_exported_without_loss(
    tmp_path: Path, paperround: Program, literature: FakeLiterature
) -> None:
    lines = [
        {"source": "pubmed", "source_id": "40000001", "title": "MRI, naïvely", "abstract": "One.\nTwo.",
         "authors": ["Zoë Müller"], "date": "2026-11-02", "kind": "article", "doi": "10.5555/a", "url": None},
        {"source": "arxiv", "source_id": "2611.00001", "title": "Fast MRI", "abstract": None, "authors": None,
         "date": None, "kind": None, "doi": None, "url": None},
        {"source": "arxiv", "source_id": None, "title": "Nobody's"},
    ]  # fmt: skip
    (tmp_path / "lines.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    imported = await paperround("import", str(tmp_path / "lines.jsonl"), "--format", "jsonl", "--json")
    assert imported.code == 0
    refused = [{"record": "line 3", "reason": "it has no source_id"}]
    assert imported.json == {"read": 3, "new": 2, "changed": 0, "same": 0, "refused": refused}

    literature.add_pubmed(40_000_002, "MRI of the hip.", journal=Journal("Hips"), entered=utc_now() - timedelta(days=9))
    (tmp_path / "set.xml").write_bytes(article_set(literature.server.library[:1]))  # type: ignore[arg-type]
    imported = await paperround("import", str(tmp_path / "set.xml"), "--format", "pubmed-xml", "--json")
    assert (imported.code, imported.json) == (0, {"read": 1, "new": 1, "changed": 0, "same": 0, "refused": []})

    exported = await paperround("export", "--format", "jsonl")
    assert (exported.code, len(exported.out.splitlines())) == (0, 3)
    assert all(json.loads(line).keys() >= LINE_KEYS for line in exported.out.splitlines())
    (tmp_path / "exported.jsonl").write_text(exported.out, encoding="utf-8")
    other = configuration(tmp_path, literature, name="other")
    imported = await other("import", str(tmp_path / "exported.jsonl"), "--format", "jsonl", "--json")
    assert imported.json["new"] == 3
    again = await other("export", "--format", "jsonl")
    assert sorted(again.out.splitlines()) == sorted(exported.out.splitlines())
    some = await other("export", "title:hip", "--format", "jsonl")
    assert [json.loads(line)["source_id"] for line in some.out.splitlines()] == ["40000002"]


async def test_check_says_what_is_well(paperround: Program) -> None:
    answered = await paperround("check", "--json")
    assert answered.code == 0
    assert {row["name"]: row["level"] for row in answered.json} == {
        "versions": "ok", "storage": "ok", "disk": "ok", "storage.backups": "ok",
        "sources.pubmed": "ok", "sources.arxiv": "ok", "chat.local": "ok", "clock": "ok",
    }  # fmt: skip


async def test_check_finds_a_port_that_another_program_has(tmp_path: Path, literature: FakeLiterature) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
        answered = await configuration(tmp_path, literature, port)("check", "--json")
    wrong = [row for row in answered.json if row["level"] != "ok"]
    assert (answered.code, [row["name"] for row in wrong]) == (1, ["web"])
    assert str(port) in wrong[0]["text"]
    assert "another port" in wrong[0]["advice"]


async def test_wrong_usage_and_wrong_configuration_give_exit_2(paperround: Program) -> None:
    wrong = (("poll", "--jsno"), ("search", "mri AND", "--json"), ("poll", "--source", "pubmde"))
    assert [answered.code for answered in await asyncio.gather(*(paperround(*words) for words in wrong))] == [2, 2, 2]
    paperround.config.write_text("[pollling]\nevery = '1h'\n", encoding="utf-8")
    answered = await paperround("poll", "--json")
    assert answered.code == 2
    assert "pollling" in answered.err
    assert "did you mean" in answered.err.lower()


async def test_run_serves_holds_the_data_alone_and_ends_when_told(tmp_path: Path, literature: FakeLiterature) -> None:
    port = free_port()
    paperround = configuration(tmp_path, literature, port)
    async with paperround.running("run", "--config", str(paperround.config)) as process:
        base = f"http://127.0.0.1:{port}"
        assert await answer(f"{base}/readyz") == "ok"
        assert "paperround_papers" in await answer(f"{base}/metrics")
        assert await answer(f"{base}/healthz") == "ok"
        assert "<html" in await answer(base)
        second = await paperround("poll", "--json")
        assert second.code == 75
        assert "another" in second.err
        assert (await paperround("search", "mri", "--json")).code == 0
        process.send_signal(signal.SIGTERM)
        stopped = await ended(process)
    assert stopped.code == 0
    assert "Traceback" not in stopped.err


async def test_the_demo_posts_papers_and_ends_at_ctrl_c(tmp_path: Path) -> None:
    port = free_port()
    async with Program(tmp_path, tmp_path / "none").running("demo", "--port", str(port), "--speed", "10") as process:
        channel = f"http://127.0.0.1:{port}/api/channels/radiology-ai/messages"
        messages = json.loads(await answer(channel, lambda text: '"announcement"' in text or '"digest"' in text))
        assert any(message["kind"] in {"announcement", "digest"} and message["paper_ids"] for message in messages)
        process.send_signal(signal.SIGINT)
        stopped = await ended(process)
    assert stopped.code == 0
    assert "Traceback" not in stopped.err
