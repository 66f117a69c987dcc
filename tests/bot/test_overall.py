"""The sentence that tells silence from trouble."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.model import Channel, DeliveryKey, DeliveryKind, DeliveryState, PaperId
from bot.reports import (
    Account,
    ChannelLine,
    DataLine,
    Freshness,
    History,
    LedgerLine,
    PlatformLine,
    Silence,
    SourceLine,
    StatusReport,
)
from bot.stuck import LostChannel, StuckLine
from bot.wording.overall import overall
from tests.examples import CHANNEL, NOW, OTHER_CHANNEL

FRESH = SourceLine("pubmed", "PubMed", Freshness.FRESH, NOW, None, None, None)
QUIET = SourceLine("arxiv", "arXiv", Freshness.QUIET, NOW, None, None, None, Silence(NOW, NOW, "weekend"))
POSTED = ChannelLine(CHANNEL, ("mri",), History(NOW))
WELL = StatusReport((FRESH, QUIET), 7, 0, (), (POSTED,), data=DataLine(1, 0, 10**12, backed_up=True, last_backup=NOW))
WELL = replace(WELL, asked_in=CHANNEL.ref)
STUCK = StuckLine(DeliveryKey("k" * 24), CHANNEL, DeliveryKind.DIGEST, "x", DeliveryState.HELD, 3, NOW, None)


def test_all_is_well_and_there_is_nothing_new() -> None:
    assert overall(WELL) == (
        "All is well: PubMed fresh, arXiv quiet (weekend). "
        "The last paper for this channel was posted on Fri 20 Nov; nothing that came since matches its topics."
    )


@pytest.mark.parametrize(
    ("changes", "news"),
    [
        ({"topics": ()}, "This channel follows no topics, so nothing is posted here."),
        ({"lost": LostChannel(CHANNEL, NOW, "", 2), "waiting": 2}, "2 papers wait until the bot can post here again."),
        ({"snoozed_until": NOW, "waiting": 3}, "This channel is snoozed; 3 papers wait."),
        ({"paused": ("mri",)}, "All topics of this channel are paused, so nothing is posted here."),
        ({"waiting": 1, "next_post": NOW}, "1 paper waits for the next post."),
        ({"waiting": 1}, "1 paper waits to be posted."),
        ({"history": History()}, "Nothing has been posted here yet"),
    ],
)
def test_it_says_why_a_channel_shows_what_it_shows(changes: dict[str, object], news: str) -> None:
    line = replace(POSTED, **changes)  # type: ignore[arg-type]
    assert news in overall(replace(WELL, channels=(line,)))


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"platforms": (PlatformLine("slack", "revoked"),)}, "the bot is not connected to Slack"),
        ({"clock": "It jumped."}, "the clock cannot be trusted, so nothing is posted"),
        ({"data": DataLine(1, 0, 0, backed_up=True, last_backup=NOW)}, "the disk is full, so no source is asked"),
        ({"sources": (replace(FRESH, state=Freshness.FAILED),)}, "PubMed failed since Fri 20 Nov"),
        ({"sources": (replace(FRESH, state=Freshness.LATE, last_success=None),)}, "PubMed not asked yet"),
        ({"stuck": (STUCK,)}, "1 delivery waits for a person"),
        ({"stuck": (STUCK, STUCK)}, "2 deliveries wait for a person"),
        (
            {"ledger": (LedgerLine(date(2026, 11, 19), "pubmed", {Account.MISSING: 2}, (PaperId(1), PaperId(2))),)},
            "2 papers were lost",
        ),
        ({"restored": NOW - timedelta(hours=1)}, "the data were put back"),
    ],
)
def test_what_is_not_well_comes_first(changes: dict[str, object], problem: str) -> None:
    said = overall(replace(WELL, **changes))  # type: ignore[arg-type]
    assert said.startswith(f"Not all is well: {problem}")


def test_of_several_channels_the_one_where_it_was_asked_is_spoken_of() -> None:
    other = ChannelLine(Channel(OTHER_CHANNEL.ref, "reading"), (), History())
    assert overall(replace(WELL, channels=(other, POSTED))) == overall(WELL)
    assert overall(replace(WELL, asked_in=None)) == "All is well: PubMed fresh, arXiv quiet (weekend)."
