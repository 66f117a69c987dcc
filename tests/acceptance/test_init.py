"""``paperround init`` as a person meets it: six questions, two files, a check, and what to do next."""

from __future__ import annotations

import asyncio
import os
import stat
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import setting_up
from bot.app import utc_now
from bot.config import load
from bot.errors import ConfigurationError
from tests.acceptance.test_command_line import PATIENCE, ROOT, SECRET, Ended, free_port
from tests.fakes.literature import FakeLiterature


@pytest.fixture
async def literature() -> AsyncIterator[FakeLiterature]:
    async with FakeLiterature(now=utc_now) as serving:
        yield serving


async def init(folder: Path, literature: FakeLiterature, *options: str, answers: str = "", **more: str) -> Ended:
    """Run it in a folder; the sources are those of the test, by the environment."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PAPERROUND_")}
    environment |= {
        "PYTHONPATH": str(ROOT),
        "COLUMNS": "200",
        "PAPERROUND_HTTP__ALLOW_LOOPBACK": "true",
        "PAPERROUND_CHAT__LOCAL__PORT": str(free_port()),
        "PAPERROUND_WEB__PORT": "0",
        "PAPERROUND_SOURCES__PUBMED__BASE_URL": literature.eutils_url,
        "PAPERROUND_SOURCES__ARXIV__BASE_URL": literature.arxiv_url,
        "PAPERROUND_SOURCES__ARXIV__RSS_URL": literature.rss_url,
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "init", *options),
        cwd=folder,
        env=environment | more,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(PATIENCE):
        out, err = (said.decode() for said in await process.communicate(answers.encode()))
    assert SECRET not in out + err
    return Ended(process.returncode if process.returncode is not None else -1, out, err)


async def test_the_defaults_make_a_bot_that_is_checked_and_told_how_to_start(
    tmp_path: Path, literature: FakeLiterature
) -> None:
    done = await init(tmp_path, literature, "--yes", "--contact", "team@example.org")
    assert done.code == 0, done.out + done.err
    assert "sources.pubmed" in done.out
    assert "Next: paperround run" in done.out
    config = load(tmp_path / "paperround.toml", {})
    assert (list(config.sources), list(config.chat), config.http.contact) == (
        ["pubmed", "arxiv"], ["local"], "team@example.org",
    )  # fmt: skip
    [channel] = config.channels
    assert (channel.platform, channel.id, channel.topics) == ("local", "papers", ("radiology-ai",))
    assert stat.S_IMODE((tmp_path / "paperround.env").stat().st_mode) == 0o600


async def test_six_questions_are_answered_and_a_wrong_answer_is_asked_again(
    tmp_path: Path, literature: FakeLiterature
) -> None:
    answers = ["slak", "local", "ann at example", "ann@example.org", "pubmde", "pubmed",
               '("knee mri', '"knee mri" OR "ACL"', "knees", "now Europe/Berln", "now Europe/Berlin"]  # fmt: skip
    done = await init(tmp_path, literature, answers="\n".join(answers) + "\n")
    assert done.code == 0, done.out + done.err
    config = load(tmp_path / "paperround.toml", {})
    [topic], [channel] = config.topics, config.channels
    assert (topic.name, topic.query) == ("knee-mri-or", '"knee mri" OR "ACL"')
    assert (channel.id, channel.topics, channel.schedule, channel.zone) == (
        "knees", ("knee-mri-or",), "now", "Europe/Berlin",
    )  # fmt: skip
    assert list(config.sources) == ["pubmed"]
    assert config.http.contact == "ann@example.org"
    assert done.out.count("Error: ") + done.err.count("Error: ") == 5


async def test_nothing_is_overwritten(tmp_path: Path, literature: FakeLiterature) -> None:
    (tmp_path / "paperround.env").write_text("mine", encoding="utf-8")
    done = await init(tmp_path, literature, "--yes")
    assert (done.code, [file.name for file in tmp_path.iterdir()]) == (2, ["paperround.env"])
    assert "Nothing was written" in done.err
    assert (tmp_path / "paperround.env").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("option", "value"),
    [("platform", "slak"), ("contact", "a b"), ("sources", "pubmde"), ("topic", "(mri"), ("channel", " "),
     ("schedule", "now Nowhere/City")],
)  # fmt: skip
def test_a_wrong_option_is_named_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str, value: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigurationError, match=f"^--{option}: "):
        setting_up.init(yes=True, **{option: value})
    assert list(tmp_path.iterdir()) == []


async def test_a_source_that_cannot_be_reached_is_said_and_the_files_stay(
    tmp_path: Path, literature: FakeLiterature
) -> None:
    literature.fail_next("e", status=400, body="no", times=99)
    done = await init(tmp_path, literature, "--yes")
    assert done.code == 1
    assert {"paperround.toml", "paperround.env"} <= {file.name for file in tmp_path.iterdir()}
