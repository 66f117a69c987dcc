"""Makes the pictures in docs/images from the running demo: ``.venv/bin/python docs/screenshots.py``; needs chromium."""

# ruff: noqa: INP001 — a script beside the texts, not a package

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

IMAGES = Path(__file__).parent / "images"
SEARCH = '/papers search "deep learning" ct -review per_page:5'
PATIENCE = 60_000
"""Milliseconds for the demo to publish something that matches."""


@dataclass(frozen=True)
class Picture:
    """One file: how large, and how bright."""

    name: str
    width: int
    height: int
    scheme: Literal["light", "dark"] = "light"


PICTURES = (
    Picture("local-chat", 1280, 800),
    Picture("local-chat-dark", 1280, 800, "dark"),
    Picture("local-chat-phone", 390, 844),
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
    """Search, wait for the next post, and take the picture."""
    size = ViewportSize(width=picture.width, height=picture.height)
    context = browser.new_context(viewport=size, color_scheme=picture.scheme, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(address)
    expect(page.locator(".message.announcement").first).to_be_visible(timeout=PATIENCE)
    search(page)
    page.screenshot(path=IMAGES / f"{picture.name}.png")
    context.close()


def search(page: Page) -> None:
    """Leave a result page and a post below it on the screen."""
    page.get_by_role("textbox", name="Command").fill(SEARCH)
    page.keyboard.press("Enter")
    expect(page.locator(".message.reply").last).to_be_visible()
    expect(page.locator(".message.reply ~ .message.announcement").first).to_be_visible(timeout=PATIENCE)
    page.locator("#stream").evaluate("stream => stream.scrollTo(0, stream.scrollHeight)")


if __name__ == "__main__":
    main()
