"""The chat's page in a real browser, for tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Literal

import pytest
from playwright.async_api import BrowserContext, Page, Request, ViewportSize, async_playwright, expect

from bot.conversation import Reply
from bot.model import ChannelRef, DeliveryKey
from tests.fakes.answering import announcement, digest, local_chat, paper
from tests.fakes.chat_log import MemoryChatLog

CHROMIUM = shutil.which("chromium")
OPTIONS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)
LAPTOP = ViewportSize(width=1280, height=800)
PHONE = ViewportSize(width=390, height=844)
PAPERS = ChannelRef("local", "", "papers")

NEEDS_CHROMIUM = pytest.mark.skipif(
    CHROMIUM is None and os.environ.get("CI") != "true",
    reason="chromium is not installed (it is required under CI=true)",
)


@dataclass
class Visit:
    """The chat, a browser with its page open, and what went wrong or outside meanwhile."""

    page: Page
    url: str
    problems: list[str] = field(default_factory=list)

    async def type(self, command: str) -> None:
        await self.page.get_by_role("textbox", name="Command").fill(command)
        await self.page.keyboard.press("Enter")

    def watch(self, context: BrowserContext) -> None:
        def outside(request: Request) -> None:
            if not request.url.startswith(self.url):
                self.problems.append(f"request to {request.url}")

        context.on("request", outside)
        context.on(
            "console", lambda line: self.problems.append(line.text) if line.type in ("error", "warning") else None
        )
        context.on("weberror", lambda error: self.problems.append(str(error.error)))


@asynccontextmanager
async def visit(
    viewport: ViewportSize, posts: Iterable[Reply] = (), scheme: Literal["light", "dark"] = "light"
) -> AsyncIterator[Visit]:
    """Open the page of a chat that shows an announcement, a digest and ``posts``; what went wrong fails the test."""
    assert CHROMIUM, "chromium is missing"
    async with local_chat(MemoryChatLog()) as (platform, url), async_playwright() as playwright:
        hostile = replace(
            paper(1), title="<script>document.title='owned'</script><img src=x onerror=alert(1)> @everyone"
        )
        for number, post in enumerate((announcement(hostile), digest(47), *posts)):
            key = DeliveryKey(f"k{number}")
            await platform.post(PAPERS, key, platform.render(post, key))
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS.split())
        context = await browser.new_context(viewport=viewport, color_scheme=scheme, reduced_motion="reduce")
        visited = Visit(await context.new_page(), url)
        visited.watch(context)
        await visited.page.goto(url)
        await expect(visited.page.get_by_text("live", exact=True)).to_be_visible()
        yield visited
        assert await visited.page.title() == "papers · Paper Round"
        await browser.close()
        assert visited.problems == []
