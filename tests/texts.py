"""What the project's texts say, taken apart for the tests that they are true."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEXTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
README = (ROOT / "README.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`]+)`")
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
PRIVACY = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")


def spans(text: str) -> list[str]:
    """What stands in backticks on a line, and every line of a fenced block."""
    fenced = [line for _, body in FENCE.findall(text) for line in body.splitlines()]
    return [*fenced, *CODE.findall(FENCE.sub("", text).replace("\\|", "|"))]


def table(heading: str) -> list[list[str]]:
    """The rows of the README's table that begins with this heading, each a list of cells."""
    _, rest = README.split(f"\n| {heading} |", maxsplit=1)
    rows = rest.split("\n\n", maxsplit=1)[0].splitlines()[2:]
    return [[cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows]


def codes(cells: list[str]) -> list[str]:
    return [code for cell in cells for code in CODE.findall(cell)]


def everywhere(pattern: str) -> set[str]:
    """What the pattern's group matches in the code of all texts."""
    code = [span for text in TEXTS for span in spans(text.read_text(encoding="utf-8"))]
    return {found for span in code for found in re.findall(pattern, span)}
