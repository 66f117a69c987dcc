"""What ``paperround check`` tells a person to look at."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.checking import CheckRow, Surroundings, check
from bot.errors import SourceError
from bot.ports import Probe
from bot.printing import print_check
from bot.reports import LEAST_FREE, DataLine
from storage import SqliteStorage, open_storage
from storage.upkeep import SqliteUpkeep
from tests.examples import NOW, a_query
from tests.fakes.platform import FakePlatform
from tests.fakes.source import FakeSource

AROUND = Surroundings(
    contact="team@example.org", heartbeat=False, idle=(), ports=(), versions="Python 3", clock=lambda: None
)
DATA = DataLine(size=10**6, log=0, free=10**9, backed_up=True, last_backup=NOW)


async def looked(storage: SqliteStorage, **changes: Any) -> list[CheckRow]:
    source: FakeSource = changes.pop("source", FakeSource())
    around = replace(AROUND, **changes)
    topics = [("mri", a_query("mri"))]
    return await check(storage, {"pubmed": source}, {"local": FakePlatform()}, topics, around=around, now=NOW)


def to_do(rows: list[CheckRow]) -> dict[str, tuple[str, str]]:
    return {row.name: (row.level, row.text) for row in rows if row.level != "ok"}


@pytest.fixture
async def copied(tmp_path: Path) -> Any:
    async with open_storage(tmp_path / "papers.sqlite3", backups=tmp_path / "copies") as opened:
        yield opened


async def test_when_all_is_well_there_is_nothing_to_do(copied: SqliteStorage) -> None:
    rows = await looked(copied)
    assert to_do(rows) == {}
    assert {row.name for row in rows} >= {"versions", "storage", "disk", "storage.backups", "clock", "chat.local"}


CASES: list[tuple[Mapping[str, Any], str, str]] = [
    ({"contact": ""}, "http.contact", "warning"),
    ({"idle": ["local:papers"]}, "channels", "warning"),
    ({"ports": ["Port 8080 on 127.0.0.1 is taken; choose another"]}, "web", "error"),
    ({"clock": lambda: "This machine's clock is 3 hours ahead."}, "clock", "error"),
]


@pytest.mark.parametrize(("changes", "name", "level"), CASES)
async def test_what_is_wrong_is_named_with_what_to_do(
    copied: SqliteStorage, changes: Mapping[str, Any], name: str, level: str
) -> None:
    wrong = [row for row in await looked(copied, **changes) if row.level != "ok"]
    assert [(row.name, row.level) for row in wrong] == [(name, level)]
    assert wrong[0].advice


async def test_copies_that_are_not_made_are_a_warning(storage: SqliteStorage, copied: SqliteStorage) -> None:
    assert to_do(await looked(storage)).keys() == {"storage.backups"}
    await copied.upkeep.back_up(NOW - timedelta(days=3))
    assert to_do(await looked(copied)) == {"storage.backups": ("warning", "last copy 17 Nov 2026 12:00 UTC")}
    await copied.upkeep.back_up(NOW)
    assert to_do(await looked(copied)) == {}


class Silent(FakeSource):
    async def probe(self) -> Probe:
        raise SourceError("no answer")


async def test_a_source_that_does_not_answer_is_an_error(copied: SqliteStorage) -> None:
    assert to_do(await looked(copied, source=Silent())) == {"sources.pubmed": ("error", "no answer")}


class Fixed(SqliteUpkeep):
    """A disk that is as it is told."""

    def __init__(self, storage: SqliteStorage, data: DataLine) -> None:
        super().__init__(storage._database, None)
        self._data = data

    async def data(self) -> DataLine:
        return self._data


@pytest.mark.parametrize(
    ("changes", "name", "level"),
    [
        ({"free": LEAST_FREE - 1}, "disk", "error"),
        ({"size": 10**9}, "disk", "warning"),
        ({"log": 10**9}, "storage.log", "warning"),
    ],
)
async def test_a_disk_that_fills_up_is_noticed(
    copied: SqliteStorage, changes: Mapping[str, int], name: str, level: str
) -> None:
    copied.upkeep = Fixed(copied, replace(DATA, **changes))  # type: ignore[arg-type]
    wrong = [row for row in await looked(copied) if row.level != "ok"]
    assert [(row.name, row.level) for row in wrong] == [(name, level)]
    assert wrong[0].advice


async def test_data_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    async with open_storage(tmp_path / "papers.sqlite3", backups=tmp_path / "copies") as opened:
        await opened._database._writer.execute("PRAGMA query_only = ON")
        level, text = to_do(await looked(opened))["storage"]
    assert level == "error"
    assert "cannot write" in text


def test_a_long_address_can_be_copied_whole(capsys: pytest.CaptureFixture[str]) -> None:
    address = "https://discord.com/oauth2/authorize?client_id=123456789012345678&scope=bot+applications.commands"
    assert not print_check([CheckRow("chat.discord", "error", "not on any server", f"invite it: {address}.")])
    assert address in capsys.readouterr().out.splitlines()
