"""Makes the pictures in docs/images from the running demo: ``.venv/bin/python docs/screenshots.py``; needs chromium."""

# ruff: noqa: INP001 — a script beside the texts, not a package

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect, sync_playwright

IMAGES = Path(__file__).parent / "images"
SEARCH = '/papers search "deep learning" ct -review per_page:5'
PATIENCE = 60_000
"""Milliseconds for the demo to publish something that matches."""
LARGEST = 150_000
"""Bytes of one picture."""


@dataclass(frozen=True)
class Picture:
    """One file: what is done first, how large, and how bright."""

    name: str
    story: Callable[[Page], None]
    width: int
    height: int
    scheme: Literal["light", "dark"] = "light"


def search(page: Page) -> Locator:
    """Search, narrow the results down, and give the result page."""
    line = page.get_by_label("Command", exact=True)
    line.fill(SEARCH)
    line.press("Escape")
    line.press("Enter")
    answer = page.locator(".message.reply").last
    answer.get_by_label("Filter…").select_option(label="Only PubMed")
    expect(answer.get_by_text("Only PubMed.")).to_be_visible()
    return page.locator(f"#{answer.get_attribute('id')}")


def search_and_wait(page: Page) -> None:
    """Leave a result page and a post below it on the screen."""
    search(page)
    expect(page.locator(".message.reply ~ .message.announcement").first).to_be_visible(timeout=PATIENCE)
    page.locator("#stream").evaluate("stream => stream.scrollTo(0, stream.scrollHeight)")


def search_on_a_phone(page: Page) -> None:
    """Leave the head of a result page on the screen."""
    search(page).evaluate("message => message.scrollIntoView()")


def open_a_paper(page: Page) -> None:
    """Open the first paper of a result page."""
    search(page).get_by_role("button", name="Open P").first.click()
    expect(page.get_by_text("METHODS").last).to_be_visible()
    page.mouse.move(0, 0)


def type_a_command(page: Page) -> None:
    """Type, and walk through what is suggested."""
    search(page)
    page.get_by_label("I am an admin here").check()
    page.get_by_label("Command", exact=True).press_sequentially("/papers topic ")
    expect(page.get_by_role("listbox", name="Suggestions")).to_be_visible()
    page.keyboard.press("ArrowDown")


PICTURES = (
    Picture("local-chat", search_and_wait, 1280, 800),
    Picture("local-chat-dark", open_a_paper, 1280, 800, "dark"),
    Picture("local-chat-phone", search_on_a_phone, 390, 844),
    Picture("local-chat-typing", type_a_command, 1280, 800),
)


def main() -> None:
    """Take every picture, each from a new demo, so that all show the same."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("chromium is missing; on Debian and Ubuntu: apt-get install chromium")
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for picture in PICTURES:
            with demo() as address:
                take(browser, address, picture)
        browser.close()


@contextmanager
def demo() -> Iterator[str]:
    """Run the demo on a free port; gives its address."""
    command = [sys.executable, "-m", "bot", "demo", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=IMAGES.parents[1]) as process:  # noqa: S603 — our own program
        try:
            assert process.stdout is not None
            greeting = process.stdout.readline()
            address = re.search(r"http://\S+", greeting)
            assert address is not None, greeting
            yield address[0]
        finally:
            process.terminate()


def take(browser: Browser, address: str, picture: Picture) -> None:
    """Wait for the first post, play the story, and take the picture."""
    size = ViewportSize(width=picture.width, height=picture.height)
    context = browser.new_context(viewport=size, color_scheme=picture.scheme, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(address)
    expect(page.locator(".message.announcement").first).to_be_visible(timeout=PATIENCE)
    picture.story(page)
    taken = page.screenshot(path=IMAGES / f"{picture.name}.png")
    context.close()
    if len(taken) > LARGEST:
        sys.exit(f"{picture.name}.png has {len(taken):,} bytes, more than {LARGEST:,}")


if __name__ == "__main__":
    main()
