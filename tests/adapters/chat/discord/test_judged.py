"""Discord's own document and limits, and the fake Discord's, as judges of every reply."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from adapters.chat.discord.render import post_message, post_plain, render
from bot.conversation import PaperCard, Reply
from bot.model import DeliveryKey, Paper
from tests.adapters.chat.discord.reader import harm_in
from tests.adapters.chat.discord.replies import USER, replies
from tests.adapters.chat.replies import HOSTILE
from tests.examples import TODAY, a_paper, a_record, an_arxiv_record
from tests.fakes.answering import announcement
from tests.fakes.discord.contents import new_content
from tests.real_data import arxiv_texts, needs_shared_data, pubmed_texts

CHECK = Path(__file__).parents[5] / "shared" / "tools" / "discord-requests" / "check.py"
needs_judge = pytest.mark.skipif(not CHECK.is_file(), reason="the judge of requests to Discord is not here")

_KEY = DeliveryKey("k7qd2abc" * 3)
_ODDEST = [("knee mri", 1), ("knee mri", 25), ("", 1), (HOSTILE, 2), ("x" * 4000, 1), ("放" * 900, 2)]
_EVERY = 100
"""Of the real papers, one in so many."""

Request = tuple[str, str, dict[str, Any]]


def requests(every: Iterator[Reply]) -> Iterator[Request]:
    """All ways in which replies are sent to Discord: posted, posted without embeds, and as an answer."""
    answer = "/webhooks/1300000000000000001/token/messages/@original"
    for reply in every:
        yield "POST", "/channels/1300000000000000002/messages", post_message(reply, _KEY, today=TODAY)
        yield "POST", "/channels/1300000000000000002/messages", post_plain(reply, _KEY, today=TODAY)
        shown = render(
            reply, today=TODAY, asked="search mri", guild_id="1300000000000000003", channel="1300000000000000002"
        )
        yield "PATCH", answer, {**shown, "allowed_mentions": {"parse": []}}


def judged(made: list[Request], folder: Path) -> str:
    """What Discord's document and the limits it states elsewhere refuse."""
    file = folder / "requests.jsonl"
    lines = (json.dumps({"method": method, "path": path, "body": body}) for method, path, body in made)
    file.write_text("\n".join(lines), encoding="utf-8")
    told = subprocess.run([sys.executable, str(CHECK), "-q", str(file)], capture_output=True, text=True, check=False)
    return told.stdout + told.stderr if told.returncode else ""


@pytest.fixture(scope="module")
def odd_requests() -> list[Request]:
    """The oddest and longest replies, each in all its ways."""
    return list(requests(reply for text, many in _ODDEST for reply in replies(text, many)))


def real_papers() -> Iterator[Paper]:
    for text in islice(pubmed_texts(), 0, None, _EVERY):
        yield a_paper(a_record(source_id=text.source_id, title=text.title, abstract=text.abstract))
    for text in islice(arxiv_texts(), 0, None, _EVERY * 10):
        yield a_paper(an_arxiv_record(source_id=text.source_id, title=text.title, abstract=text.abstract))


def test_the_fake_discord_takes_every_message(odd_requests: list[Request]) -> None:
    for _, _, body in odd_requests:
        new_content(body, {})


@needs_judge
def test_discord_would_take_every_message(odd_requests: list[Request], tmp_path: Path) -> None:
    assert not judged(odd_requests, tmp_path)


@needs_judge
def test_the_judge_refuses_what_is_wrong(tmp_path: Path) -> None:
    method, path, body = next(requests(iter([announcement(a_paper())])))
    for wrong in ({"embeds": [{"title": "x" * 257}]}, {"contents": "x"}, {"nonce": "x" * 26}, {"content": "x" * 2001}):
        assert judged([(method, path, {**body, **wrong})], tmp_path)


@needs_judge
@needs_shared_data
def test_discord_would_take_real_papers(tmp_path: Path) -> None:
    made = list(requests(reply for one in real_papers() for reply in (PaperCard(one), announcement(one))))
    assert len(made) > 60
    assert not [harm for _, _, body in made for harm in harm_in(body, {USER})]
    assert not judged(made, tmp_path)
