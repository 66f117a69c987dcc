"""What becomes of one paper (pure)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.ledger import account, owed
from bot.model import (
    ChannelRef,
    DeliveryState,
    PaperId,
)
from bot.ports import Found
from bot.reports import Account, LedgerLine
from tests.bot.ledger.days import BEFORE, PAPER
from tests.examples import CHANNEL, NOW


@pytest.mark.parametrize(
    ("announced", "matches", "missing", "became"),
    [
        ([], False, False, Account.UNMATCHED),
        ([], True, False, Account.BASELINE),
        ([], True, True, Account.MISSING),
        ([None], True, False, Account.WAITING),
        ([DeliveryState.SENT], True, False, Account.ANNOUNCED),
        ([DeliveryState.SENT], False, False, Account.ANNOUNCED),
        ([DeliveryState.SENT, DeliveryState.PENDING], True, False, Account.WAITING),
        ([DeliveryState.SENT, DeliveryState.SENDING], True, False, Account.WAITING),
        ([DeliveryState.SENT, DeliveryState.UNKNOWN], True, False, Account.WAITING),
        ([DeliveryState.SENT, DeliveryState.HELD, None], True, False, Account.HELD),
        ([DeliveryState.DEAD], True, False, Account.HELD),
        ([DeliveryState.CANCELLED], True, False, Account.HELD),
        ([DeliveryState.SENT, DeliveryState.HELD], True, True, Account.MISSING),
    ],
)
def test_a_paper_stands_in_one_account(
    announced: list[DeliveryState | None], matches: bool, missing: bool, became: Account
) -> None:
    assert account(announced, matches=matches, missing=missing) is became


def found(at: datetime = NOW, source: str = "pubmed", before: frozenset[int] = frozenset()) -> Found:
    return Found(PAPER, source, at, before)


@pytest.mark.parametrize(
    ("finds", "matching", "baseline", "owing"),
    [
        ([found()], {1}, set(), {CHANNEL.ref}),
        ([found()], {2}, set(), set()),
        ([found()], {1}, {1}, set()),
        ([found(before=frozenset({1}))], {1}, set(), set()),
        ([found(before=frozenset({1})), found()], {1}, set(), {CHANNEL.ref}),
        ([found(BEFORE)], {1}, set(), set()),
        ([found(BEFORE), found()], {1}, set(), {CHANNEL.ref}),
        ([found(source="arxiv")], {1}, set(), set()),
        ([], {1}, set(), set()),
    ],
)
def test_a_paper_is_owed_where_a_watched_topic_came_to_match_it(
    finds: list[Found], matching: set[int], baseline: set[int], owing: set[ChannelRef]
) -> None:
    assert owed(finds, matching, baseline, {("pubmed", 1): {CHANNEL.ref: NOW}}) == owing


def test_the_equation_leaves_out_what_is_nothing() -> None:
    counts = dict.fromkeys(Account, 0) | {Account.ANNOUNCED: 12, Account.BASELINE: 3, Account.UNMATCHED: 2600}
    line = LedgerLine(NOW.date(), "pubmed", counts, ())
    assert line.equation == "2,615 found = 12 announced + 3 baseline + 2,600 not matched"
    assert line.lost == ""
    lost = replace(line, accounts=counts | {Account.MISSING: 3}, missing=(PaperId(4), PaperId(9)))
    assert lost.lost == "P4, P9, …"
