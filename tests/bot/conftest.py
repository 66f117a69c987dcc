from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage import SqliteStorage, open_storage


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[SqliteStorage]:
    async with open_storage(tmp_path / "papers.sqlite3") as opened:
        yield opened
