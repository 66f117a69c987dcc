"""The chat's page for people who see, hear or move otherwise: axe-core's rules, and the keyboard alone."""

from __future__ import annotations

from typing import Literal

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, Page, expect

from bot.commands import COMMANDS
from bot.conversation import HelpPage, Notice, PageRequest, PaperCard, Reply, TopicList
from tests.adapters.chat.browser import LAPTOP, NEEDS_CHROMIUM, PHONE, visit
from tests.adapters.chat.test_local_render import HOSTILE, a_status, hostile_replies
from tests.fakes.answering import paper, preview, result_page

pytestmark = NEEDS_CHROMIUM


def replies() -> list[Reply]:
    """One of each kind."""
    plain: list[Reply] = [
        result_page(PageRequest(page=3, per_page=5)),
        PaperCard(paper(5), "Posted here on 12 Nov for radiology-ai.", saved=True, shareable=True),
        preview("mri"),
        a_status("papers"),
        HelpPage(COMMANDS, ()),
        Notice("Something.", ("help",)),
        TopicList("papers", "daily 09:00 (UTC)", ()),
    ]
    of_each_kind = {type(reply): reply for reply in (*hostile_replies(), *plain)}
    return list(of_each_kind.values())


SCHEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")


def suggestions(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Suggestions").get_by_role("option")


async def serious_problems(page: Page) -> list[str]:
    """What axe-core finds serious or critical, with the first element of each."""
    found = (await Axe().run(page)).response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html']} {one['nodes'][0]['failureSummary']}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


async def serious_problems_anywhere(page: Page) -> list[str]:
    """The same on a laptop and on a phone, light and dark."""
    found: list[str] = []
    for size in (LAPTOP, PHONE):
        await page.set_viewport_size(size)
        for scheme in SCHEMES:
            await page.emulate_media(color_scheme=scheme)
            found += [f"{size['width']} {scheme} {problem}" for problem in await serious_problems(page)]
    return found


async def test_axe_finds_nothing_serious_in_any_message() -> None:
    async with visit(LAPTOP, replies()) as visited:
        assert await visited.page.locator(".message").count() > len(replies())
        assert await serious_problems_anywhere(visited.page) == []


async def test_axe_finds_nothing_serious_in_suggestions_and_an_empty_channel() -> None:
    async with visit(LAPTOP) as visited:
        page = visited.page
        await page.get_by_label("I am an admin here").check()
        await page.get_by_role("button", name="Reading group").click()
        await expect(page.get_by_text("Nothing here yet")).to_be_visible()
        await page.locator("#text").press_sequentially("topic ")
        await expect(suggestions(page).first).to_be_visible()
        await page.keyboard.press("ArrowDown")
        assert await serious_problems_anywhere(page) == []
        await page.keyboard.press("Escape")
        await page.get_by_role("button", name="Channels", exact=True).click()
        assert await serious_problems(page) == []
        await page.get_by_role("button", name="papers", exact=True).click()


async def test_the_keyboard_alone_searches_turns_pages_opens_and_comes_back() -> None:
    async with visit(LAPTOP) as visited:
        page, press = visited.page, visited.page.keyboard.press
        await page.locator("#text").focus()
        await page.keyboard.type("sea")
        await expect(suggestions(page)).to_have_count(1)
        await press("Tab")
        await page.keyboard.type("mri")
        await press("Enter")
        answer = page.locator(".message").nth(2)
        await expect(answer.get_by_text("Page 1 of 178")).to_be_visible()
        await press("Shift+Tab")
        for _ in range(20):
            if await page.evaluate("document.activeElement.dataset.control === 'next'"):
                break
            await press("Shift+Tab")
        await press("Enter")
        await expect(answer.get_by_text("Page 2 of 178")).to_be_visible()
        await expect(answer.get_by_role("button", name="Next")).to_be_focused()
        await press("Shift+Tab")
        await page.keyboard.type("9")
        await press("Enter")
        await expect(answer.get_by_text("Page 9 of 178")).to_be_visible()
        await answer.get_by_role("button", name="Open P81").focus()
        await press("Enter")
        opened = page.locator(".message").last
        await expect(opened).to_be_focused()
        await expect(opened.get_by_text("CONCLUSIONS")).to_be_visible()
        await press("Escape")
        await expect(answer.get_by_role("button", name="Open P81")).to_be_focused()


async def test_an_arrow_key_opens_a_menu_rather_than_choosing() -> None:
    async with visit(LAPTOP, [result_page(PageRequest())]) as visited:
        page = visited.page
        messages = await page.locator(".message").count()
        menu = page.locator(".message").last.get_by_label("Open a paper…")
        await menu.focus()
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("ArrowDown")
        await expect(page.locator(".message")).to_have_count(messages)
        await page.keyboard.press("Enter")
        await expect(page.locator(".message")).to_have_count(messages + 1)


async def test_the_drawer_opens_onto_its_channels_and_escape_leads_back() -> None:
    async with visit(PHONE) as visited:
        page = visited.page
        await page.get_by_role("button", name="Channels").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("button", name="papers", exact=True)).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("button", name="Channels")).to_be_focused()


async def test_suggestions_are_chosen_by_arrows_taken_by_enter_and_closed_by_escape() -> None:
    async with visit(LAPTOP) as visited:
        page, line = visited.page, visited.page.locator("#text")
        messages = await page.locator(".message").count()
        await line.press_sequentially("topic r")
        await expect(suggestions(page)).to_have_count(2)
        await expect(page.get_by_role("combobox", name="Command")).to_have_attribute("aria-expanded", "true")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("ArrowDown")
        await expect(line).to_have_attribute("aria-activedescendant", "completion-1")
        await page.keyboard.press("Enter")
        await expect(line).to_have_value("topic resume ")
        await page.keyboard.type("bre")
        await expect(suggestions(page)).to_have_count(1)
        await page.keyboard.press("Escape")
        await expect(suggestions(page)).to_have_count(0)
        await expect(line).to_have_value("topic resume bre")
        await expect(page.locator(".message")).to_have_count(messages)
        await page.keyboard.press("Enter")
        await expect(page.locator(".message")).to_have_count(messages + 1)


async def test_a_hostile_title_stays_text_in_a_real_browser() -> None:
    async with visit(LAPTOP, hostile_replies()) as visited:
        await expect(visited.page.get_by_text(HOSTILE[:20]).first).to_be_attached()
