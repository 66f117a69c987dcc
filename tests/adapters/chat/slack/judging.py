"""Slack's own types and limits as a judge of what the bot makes, where that tool is beside the project."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CHECK = Path(__file__).parents[5] / "shared" / "tools" / "slack-blocks" / "check"
needs_judge = pytest.mark.skipif(
    not CHECK.is_file() or shutil.which("node") is None, reason="the judge of Slack's blocks, or node, is not here"
)


def violations(made: Any, surface: str, folder: Path) -> str:
    """What Slack would refuse in a message, modal or home; a line each, without mere advice."""
    file = folder / "judged.json"
    file.write_text(json.dumps(made), encoding="utf-8")
    told = subprocess.run([str(CHECK), str(file), surface], capture_output=True, text=True, check=False)
    return told.stdout + told.stderr if told.returncode else ""


def dicts(part: Any) -> Iterator[dict[str, Any]]:
    """Every object in a piece of JSON."""
    if isinstance(part, dict):
        yield part
    if isinstance(part, dict | list):
        for inner in part.values() if isinstance(part, dict) else part:
            yield from dicts(inner)


def live_texts(made: Any) -> list[str]:
    """Every text in which Slack would read markup, mentions or emoji."""
    return [
        str(one["text"])
        for one in dicts(made)
        if one.get("type") == "mrkdwn"
        or (one.get("type") == "plain_text" and ":" in one["text"] and one.get("emoji") is not False)
    ]
