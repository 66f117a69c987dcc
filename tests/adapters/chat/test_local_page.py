"""The chat's page in a real browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest
from playwright.async_api import BrowserContext, Page, Request, ViewportSize, async_playwright, expect

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

pytestmark = pytest.mark.skipif(
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
async def visit(viewport: ViewportSize) -> AsyncIterator[Visit]:
    assert CHROMIUM, "chromium is missing"
    async with local_chat(MemoryChatLog()) as (platform, url), async_playwright() as playwright:
        hostile = replace(
            paper(1), title="<script>document.title='owned'</script><img src=x onerror=alert(1)> @everyone"
        )
        for key, post in (("a", announcement(hostile)), ("d", digest(47))):
            await platform.post(PAPERS, DeliveryKey(key), platform.render(post, DeliveryKey(key)))
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS.split())
        context = await browser.new_context(viewport=viewport)
        visited = Visit(await context.new_page(), url)
        visited.watch(context)
        await visited.page.goto(url)
        await expect(visited.page.get_by_text("live", exact=True)).to_be_visible()
        yield visited
        assert await visited.page.title() == "papers · Paper Round"
        await browser.close()
        assert visited.problems == []


async def test_searching_turning_sorting_and_opening_on_a_laptop() -> None:
    async with visit(LAPTOP) as visited:
        page = visited.page
        await expect(page.get_by_text("47 new papers · Fri 20 Nov")).to_be_visible()
        await visited.type("/papers search mri")
        answer = page.locator(".message").last
        await expect(answer.get_by_text("Page 1 of 178 · 1,774 results · newest first")).to_be_visible()
        await expect(answer.get_by_text("only you see this")).to_be_visible()
        await answer.get_by_role("button", name="Next").click()
        await expect(answer.get_by_text("Page 2 of 178")).to_be_visible()
        await expect(answer.get_by_role("button", name="Next")).to_be_focused()
        await answer.get_by_label("Sort").select_option("oldest")
        await expect(answer.get_by_text("Page 1 of 178 · 1,774 results · oldest first")).to_be_visible()
        await answer.get_by_label("Go to page").fill("9")
        await page.keyboard.press("Enter")
        await expect(answer.get_by_text("Page 9 of 178")).to_be_visible()
        await answer.get_by_role("button", name="Open P1694").click()
        await expect(page.locator(".message").last.get_by_text("CONCLUSIONS")).to_be_visible()
        await page.reload()
        await expect(page.get_by_text("Page 9 of 178")).to_have_count(1)


async def test_a_post_arrives_while_the_page_is_open_and_history_comes_back() -> None:
    async with visit(LAPTOP) as visited:
        page, line = visited.page, visited.page.get_by_role("textbox", name="Command")
        other = await page.context.new_page()
        await other.goto(visited.url)
        await visited.type("help")
        await expect(other.get_by_text("What can be asked here.")).to_be_visible()
        await expect(line).to_have_value("")
        await line.press("ArrowUp")
        await expect(line).to_have_value("help")


async def test_everything_fits_a_phone_and_channels_are_in_a_drawer() -> None:
    async with visit(PHONE) as visited:
        page = visited.page
        for command, seen in (
            ("search mri", "Page 1 of 178"),
            ("help", "What can be asked here."),
            ("preview mri", "did not answer within 10 s"),
            ("search " + "unbroken" * 40 + " (", "never closed"),
        ):
            await visited.type(command)
            await expect(page.locator(".message").last.get_by_text(seen).first).to_be_visible()
            for element in ("html", "#stream"):
                assert await page.locator(element).evaluate("e => e.scrollWidth <= e.clientWidth"), (command, element)
        await page.get_by_role("button", name="Channels").click()
        await page.get_by_role("button", name="Reading group").click()
        await expect(page.get_by_role("heading", name="Reading group")).to_be_visible()
        await expect(page.get_by_text("Nothing here yet")).to_be_visible()
        await page.get_by_role("button", name="Channels").click()
        await page.get_by_role("button", name="papers", exact=True).click()
        await expect(page.get_by_role("heading", name="papers", exact=True)).to_be_visible()
