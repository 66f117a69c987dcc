from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import utc_now
from tests.acceptance.world import World
from tests.fakes.literature import FakeLiterature


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with FakeLiterature(now=utc_now) as literature:
        yield World(tmp_path, literature)
