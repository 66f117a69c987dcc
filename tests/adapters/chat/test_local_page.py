"""The chat's page in a real browser."""

from __future__ import annotations

import json

from playwright.async_api import expect

from tests.adapters.chat.browser import LAPTOP, NEEDS_CHROMIUM, PHONE, visit

pytestmark = NEEDS_CHROMIUM


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


async def test_a_comment_is_written_beside_the_button_that_shares() -> None:
    async with visit(LAPTOP) as here:
        await here.type("/papers show P7")
        await here.page.get_by_role("button", name="Share to channel…").click()
        await here.page.get_by_role("textbox", name="Comment: Share to channel").fill("read this")
        async with here.page.expect_request("**/actions") as asked:
            await here.page.get_by_role("button", name="Share to channel", exact=True).click()
        sent = json.loads((await asked.value).post_data or "")
        assert (sent["action"], sent["value"]) == ("1.share.P7", "read this")


async def test_a_channel_with_something_new_is_marked_until_it_is_opened() -> None:
    async with visit(LAPTOP) as here:
        page = here.page
        await page.clock.install()
        await page.reload()
        reading = page.get_by_role("button", name="Reading group")
        await expect(page.get_by_text("live", exact=True)).to_be_visible()
        await expect(reading.get_by_text("new")).to_be_hidden()
        sent = {"user": "guest", "text": "help"}
        await page.request.post(f"{here.url}/api/channels/reading/commands", data=sent)
        await page.clock.run_for(11_000)
        await expect(reading.get_by_text("new")).to_be_visible()
        await reading.click()
        await expect(reading.get_by_text("new")).to_be_hidden()
        await page.get_by_role("button", name="papers", exact=True).click()


async def test_an_admin_asks_how_all_channels_stand_from_the_header() -> None:
    async with visit(LAPTOP) as here:
        overview = here.page.get_by_role("button", name="All channels")
        await expect(overview).to_be_hidden()
        await here.page.get_by_label("I am an admin here").check()
        async with here.page.expect_request("**/commands") as asked:
            await overview.click()
        assert json.loads((await asked.value).post_data or "") == {
            "user": "guest",
            "admin": True,
            "text": "/papers status",
        }
