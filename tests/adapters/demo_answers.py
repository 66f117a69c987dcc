"""What the tests of the demo's literature ask it for."""

from __future__ import annotations

import aiohttp
from lxml import etree

from adapters.demo.library import Paper
from adapters.demo.papers import Writer, archive
from adapters.demo.stories import Stories
from tests.fakes.literature import NOW


def some_news() -> list[Paper]:
    writer = Writer()
    stories = Stories(writer, archive(writer, NOW))
    return [stories.publish(NOW) for _ in range(12)]


async def xml(session: aiohttp.ClientSession, url: str, **params: str) -> etree._Element:
    async with session.get(url, params=params) as response:
        return etree.fromstring(await response.read())
