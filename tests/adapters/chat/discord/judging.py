"""Judges what was asked of a fake Discord, and what it answered, by Discord's OpenAPI document."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.discord import FakeDiscord

CHECK = Path(__file__).parents[5] / "shared" / "tools" / "discord-requests" / "check.py"
NEEDED = pytest.mark.skipif(not CHECK.is_file(), reason="the shared tools are not here")


async def judge(fake: FakeDiscord, folder: Path) -> None:
    """Fail if a request or an answer is off the document."""
    record = folder / "requests.jsonl"
    fake.dump(record)
    command = [sys.executable, str(CHECK), "-q", "--responses", str(record)]
    judged = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False)
    assert judged.returncode == 0, judged.stdout + judged.stderr
