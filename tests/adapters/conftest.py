from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.fakes.literature import FakeLiterature


@pytest.fixture
async def literature() -> AsyncIterator[FakeLiterature]:
    async with FakeLiterature() as fake:
        yield fake


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as client:
        yield client
