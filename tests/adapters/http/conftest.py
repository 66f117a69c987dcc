from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.adapters.http.hosts import FakeTime, Host, serving


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
async def host(time: FakeTime) -> AsyncIterator[Host]:
    async with serving(time) as host:
        yield host
