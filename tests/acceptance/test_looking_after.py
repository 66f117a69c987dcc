"""What an admin types to look after a bot: status, channels, why, backup, restore, beside a running bot or not."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.app import utc_now
from storage import instance_lock
from tests.acceptance.test_command_line import PATIENCE, answer, configuration, ended, free_port
from tests.fakes.literature import FakeLiterature

STATES = {"pending", "sending", "unknown", "sent", "held", "dead", "cancelled"}
HISTORY_KEYS = {"last_post", "last_failure", "error"}
SOURCE_KEYS = {"source", "state", "since", "pause", "next", "last_success", "last_failure", "not_before", "error"}


@pytest.fixture
async def literature() -> AsyncIterator[FakeLiterature]:
    async with FakeLiterature(now=utc_now) as serving:
        yield serving


async def test_status_channels_and_why_answer_in_stable_json(tmp_path: Path, literature: FakeLiterature) -> None:
    paperround = configuration(tmp_path, literature)
    literature.add_pubmed(41_000_001, "MRI of the hip.")
    await paperround("poll", "--json")
    literature.add_pubmed(41_000_002, "MRI of the knee.")
    literature.fail_next("api/query", status=400, body="no", times=99)
    assert (await paperround("poll", "--json")).code == 1
    await paperround("deliver", "--json")

    status, channels, posted, baseline, nobody = await asyncio.gather(
        paperround("status", "--json"),
        paperround("channels", "--json"),
        paperround("why", "41000002", "--channel", "local:papers", "--json"),
        paperround("why", "P1", "--json"),
        paperround("why", "P99"),
    )
    assert [one.code for one in (status, channels, posted, baseline, nobody)] == [0, 0, 0, 0, 1]
    keys = {"sources", "papers", "waiting", "deliveries", "channels", "ledger", "data", "summary", "stuck"}
    assert status.json.keys() == keys
    assert status.json["data"].keys() == {"bytes", "free", "shortage", "last_backup"}
    assert all(source.keys() == SOURCE_KEYS for source in status.json["sources"])
    assert [source["state"] for source in status.json["sources"]] == ["fresh", "failed"]
    assert (status.json["papers"], status.json["waiting"], status.json["deliveries"]["sent"]) == (2, 0, 1)
    assert status.json["deliveries"].keys() == STATES
    [channel] = status.json["channels"]
    assert channel.keys() == {"channel", "name", "topics"} | HISTORY_KEYS
    assert (channel["channel"], channel["topics"]) == ("local:papers", ["mri"])

    [follow] = channels.json
    assert follow.keys() == {"channel", "name", "topic", "query", "declared", "schedule", "zone"} | HISTORY_KEYS
    assert (follow["topic"], follow["declared"], follow["error"]) == ("mri", True, None)
    assert follow["last_post"]

    assert posted.json.keys() == {"id", "title", "first_seen", "records", "channels"}
    [record] = posted.json["records"]
    assert record.keys() == {"source", "source_id", "version", "entered", "seen"}
    [told] = posted.json["channels"]
    assert told.keys() == {"channel", "name", "announced", "reason", "waits", "topics"}
    assert told["announced"].keys() == {"topics", "queued", "state", "at", "error"}
    assert (told["announced"]["state"], told["reason"]) == ("sent", "")
    [told] = baseline.json["channels"]
    assert told["announced"] is None
    assert "first fetch" in told["reason"]
    judged = {"topic": "mri", "query": "mri", "matches": True, "failing": [], "found": ["mri"], "baseline": True}
    assert told["topics"] == [judged]
    assert "P99" in nobody.err


async def test_a_running_bot_can_be_looked_at_and_backed_up_but_not_restored(
    tmp_path: Path, literature: FakeLiterature
) -> None:
    port = free_port()
    paperround = configuration(tmp_path, literature, port)
    literature.add_pubmed(41_000_001, "MRI of the hip.")
    copy = str(tmp_path / "copy.sqlite3")
    async with paperround.running("run", "--config", str(paperround.config)) as process:
        await answer(f"http://127.0.0.1:{port}/readyz")
        await until_polled(tmp_path / "papers.sqlite3")
        looks = (("status",), ("channels",), ("why", "P1"), ("backup", copy))
        looked = await asyncio.gather(*(paperround(*words) for words in looks))
        assert [one.code for one in looked] == [0, 0, 0, 0], looked
        assert "PubMed" in looked[0].out
        assert "local:papers" in looked[1].out
        assert "MRI of the hip" in looked[2].out
        again, restored = await asyncio.gather(paperround("backup", copy), paperround("restore", copy))
        assert (again.code, restored.code) == (1, 75)
        process.send_signal(signal.SIGTERM)
        await ended(process)
    restored = await paperround("restore", copy)
    assert restored.code == 0, restored.err
    assert "before-restore" in restored.out
    found = await paperround("search", "hip", "--json")
    assert found.json["total"] == 1


async def until_polled(path: Path) -> None:
    """Wait for the first complete round of both sources."""
    with closing(sqlite3.connect(path)) as data:
        async with asyncio.timeout(PATIENCE):
            while data.execute("SELECT count(last_success) FROM sources").fetchone() != (2,):
                await asyncio.sleep(0.1)


async def test_a_wrong_file_is_refused_and_the_data_stays(tmp_path: Path, literature: FakeLiterature) -> None:
    paperround = configuration(tmp_path, literature)
    await paperround("poll")
    (tmp_path / "notes.txt").write_text("no database")
    wrong, absent = await asyncio.gather(
        paperround("restore", str(tmp_path / "notes.txt")), paperround("restore", str(tmp_path / "absent"))
    )
    assert (wrong.code, absent.code) == (1, 2)
    assert "Traceback" not in wrong.err
    with instance_lock(tmp_path / "papers.sqlite3"), closing(sqlite3.connect(tmp_path / "papers.sqlite3")) as data:
        assert data.execute("SELECT count(*) FROM topics").fetchall() == [(1,)]
