"""Slack's own types and limits, and the fake Slack's, as judges of every reply."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from adapters.chat.slack.blocks import Block
from adapters.chat.slack.render import post_message, render
from bot.conversation import PaperCard, Post, Shared
from bot.model import DeliveryKey, Paper
from tests.adapters.chat.replies import HOSTILE
from tests.adapters.chat.slack.judging import needs_judge, violations
from tests.adapters.chat.slack.reader import harm_in
from tests.adapters.chat.slack.replies import CHANNEL_ID, USER, replies
from tests.examples import TODAY, a_paper, a_record, an_arxiv_record
from tests.fakes.answering import announcement
from tests.fakes.slack.block_kit import block_problems
from tests.real_data import arxiv_texts, needs_shared_data, pubmed_texts

_ODDEST = [("knee mri", 1), ("knee mri", 25), ("", 1), (HOSTILE, 1), (HOSTILE, 6), ("x" * 4000, 3), ("放" * 900, 6)]
_KEY = DeliveryKey("k" * 24)
_EVERY = 50
"""Of the real papers, one in so many."""


@pytest.fixture(scope="module")
def odd_blocks() -> list[Block]:
    """All blocks of the oddest and longest replies."""
    every = (reply for text, many in _ODDEST for reply in replies(text, many))
    return [block for reply in every for block in render(reply, today=TODAY, asked="search mri")["blocks"]]


def real_papers() -> Iterator[Paper]:
    for text in islice(pubmed_texts(), 0, None, _EVERY):
        yield a_paper(a_record(source_id=text.source_id, title=text.title, abstract=text.abstract))
    for text in islice(arxiv_texts(), 0, None, _EVERY * 10):
        yield a_paper(an_arxiv_record(source_id=text.source_id, title=text.title, abstract=text.abstract))


def test_the_fake_slack_takes_every_block(odd_blocks: list[Block]) -> None:
    assert not [problem for block in odd_blocks for problem in block_problems([block], "message")]


@needs_judge
def test_slacks_types_and_limits_allow_every_block(odd_blocks: list[Block], tmp_path: Path) -> None:
    assert not _of_single_blocks(violations(odd_blocks, "message", tmp_path))


@needs_judge
def test_slack_would_take_every_post(tmp_path: Path) -> None:
    for reply in (reply for reply in replies(HOSTILE, 8) if isinstance(reply, Post | Shared)):
        posted = {"channel": CHANNEL_ID, **post_message(reply, _KEY, today=TODAY)}
        assert not violations(posted, "message", tmp_path), type(reply).__name__


@needs_judge
@needs_shared_data
def test_slack_would_take_real_papers(tmp_path: Path) -> None:
    messages = [render(reply, today=TODAY) for one in real_papers() for reply in (PaperCard(one), announcement(one))]
    assert len(messages) > 40
    assert not [harm for message in messages for harm in harm_in(message, {USER})]
    blocks = [block for message in messages for block in message["blocks"]]
    assert not _of_single_blocks(violations(blocks, "message", tmp_path))


def _of_single_blocks(told: str) -> list[str]:
    """What is said of blocks alone, for those of many messages are judged at once."""
    return [line for line in told.splitlines() if not line.startswith("/\t")]
