"""What each answer of Discord, and each exception in its place, proves."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey

from adapters.chat.discord import verdicts
from adapters.chat.discord.verdicts import Failure, Proof, Refused, Resting, failure, not_sent, read_result, receipt
from bot.model import DeliveryKey
from bot.ports import Outcome, ReadBack, Receipt

KEY = DeliveryKey("k" * 24)
SENT = {"id": "1442", "channel_id": "77"}
STATUS = {
    **dict.fromkeys((10003, 10004, 10008, 10013), 404),
    **dict.fromkeys((40333, 50001, 50007, 50009, 50013, 50278), 403),
}
LOST = (10003, 10013, 40058, 50001, 50007, 50008, 50013, 50024, 50083, 50278, 160005)
NEVER_TAKEN = (50006, 50035, 50109, 200000, 240000)
LATER = (40003, 40004, 40006, 40062, 40333)


def said(code: object, status: int | None = None, headers: dict[str, str] | None = None, **more: object) -> Refused:
    status = status or (STATUS.get(code, 400) if isinstance(code, int) else 400)
    return Refused(status, {"code": code, "message": "…", **more}, headers or {})


def page(status: int, headers: dict[str, str] | None = None) -> Refused:
    """An answer of whatever stands in front of Discord."""
    return Refused(status, None, headers or {})


def connection_key() -> ConnectionKey:
    return ConnectionKey("discord.com", 443, True, True, None, None, None)


# ---------------------------------------------------------------- answers


def test_a_message_with_its_id_and_channel_is_sent() -> None:
    for answer in (SENT, SENT | {"nonce": KEY}, SENT | {"content": "…"}):
        assert receipt(answer, "77", KEY) == Receipt(Outcome.SENT, message_id="1442")


@pytest.mark.parametrize(
    "answer",
    [
        {"channel_id": "77"},
        SENT | {"id": None},
        SENT | {"id": ""},
        SENT | {"id": 1442},
        SENT | {"channel_id": "78"},
        SENT | {"nonce": "another"},
        {"id": "1442"},
        [SENT],
        "ok",
        None,
    ],
)
def test_an_answer_that_names_another_message_or_none_proves_nothing(answer: object) -> None:
    assert receipt(answer, "77", KEY).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("code", LOST)
def test_where_nothing_is_taken_the_channel_is_lost(code: int) -> None:
    verdict = not_sent(failure(said(code)))
    assert (verdict.outcome, verdict.channel_lost, verdict.permanent) == (Outcome.NOT_SENT, True, False)


@pytest.mark.parametrize("code", NEVER_TAKEN)
def test_a_message_that_is_never_taken_is_refused_for_good(code: int) -> None:
    verdict = not_sent(failure(said(code)))
    assert (verdict.outcome, verdict.channel_lost, verdict.permanent) == (Outcome.NOT_SENT, False, True)


@pytest.mark.parametrize("code", LATER)
def test_what_is_taken_later_is_tried_again(code: int) -> None:
    assert not_sent(failure(said(code))) == Receipt(Outcome.NOT_SENT, error=failure(said(code)).words, retry_after=30.0)


def test_a_new_code_is_judged_by_its_status() -> None:
    assert failure(said(999_999, 401)).proof is Proof.TOKEN
    assert failure(said(999_999, 403)).proof is Proof.CHANNEL
    assert {failure(said(999_999, status)).proof for status in (400, 413)} == {Proof.FORM}
    others = (301, 404, 405, 409, 500, 502, 503)
    assert {failure(said(999_999, status)).proof for status in others} == {Proof.UNKNOWN}


def test_a_code_counts_with_a_status_that_proves_something_only() -> None:
    assert {failure(said(50001, status)).proof for status in (200, 302, 500, 503)} == {Proof.UNKNOWN}


def test_a_message_that_is_there_no_more_was_sent() -> None:
    assert not_sent(failure(said(10008))) == Receipt(Outcome.SENT)


def test_every_code_has_words_for_an_admin() -> None:
    for code in verdicts._REFUSALS:
        words = failure(said(code)).words
        assert str(code) in words
        assert 20 < len(words) < 250
        assert not words.endswith(".")


# ---------------------------------------------------------------- waiting


def test_429_says_how_long_and_for_whom() -> None:
    assert failure(said(0, 429, retry_after=1.5)) == Failure(Proof.LATER, "Discord asks the bot to wait", 1.5)
    everywhere = failure(Refused(429, {"code": 0, "retry_after": 3, "global": True}, {}))
    assert (everywhere.retry_after, everywhere.everywhere) == (3.0, True)
    assert failure(said(20016, 429, {"Retry-After": "17"})).retry_after == 17.0


@pytest.mark.parametrize(
    ("given", "seconds"),
    [(None, 30.0), ("soon", 30.0), ("nan", 30.0), ("inf", 30.0), (-3, 1.0), (0, 1.0), (999_999, 86400.0), ([], 30.0)],
)
def test_an_odd_retry_after_is_made_reasonable(given: object, seconds: float) -> None:
    assert failure(said(0, 429, retry_after=given)).retry_after == seconds


@pytest.mark.parametrize("status", [400, 401, 403, 413, 429])
def test_what_stands_before_discord_and_refuses_us_is_left_alone_for_ten_minutes(status: int) -> None:
    found = failure(page(status))
    assert (found.proof, found.retry_after, found.everywhere) == (Proof.LATER, 600.0, True)
    assert failure(page(429, {"Retry-After": "900"})).retry_after == 900.0


def test_while_the_bot_rests_nothing_was_sent() -> None:
    verdict = not_sent(failure(Resting(42.0)))
    assert (verdict.outcome, verdict.retry_after, verdict.channel_lost) == (Outcome.NOT_SENT, 42.0, False)


# ---------------------------------------------------------------- exceptions


@pytest.mark.parametrize(
    "error",
    [
        aiohttp.ClientConnectorError(connection_key(), OSError(111, "refused")),
        aiohttp.ClientConnectorDNSError(connection_key(), OSError(-2, "unknown")),
        aiohttp.ClientConnectorSSLError(connection_key(), OSError(1, "alert")),
        aiohttp.ClientConnectorCertificateError(connection_key(), ValueError("expired")),
        aiohttp.ConnectionTimeoutError("to host"),
    ],
)
def test_a_connection_that_never_was_sent_nothing(error: Exception) -> None:
    verdict = not_sent(failure(error))
    assert (verdict.outcome, verdict.retry_after, verdict.channel_lost) == (Outcome.NOT_SENT, None, False)


@pytest.mark.parametrize(
    "error",
    [
        TimeoutError(),
        aiohttp.ServerDisconnectedError(),
        aiohttp.ClientOSError(104, "reset"),
        aiohttp.SocketTimeoutError(),
        aiohttp.ClientPayloadError(),
        ConnectionResetError(),
        json.JSONDecodeError("", "<html>", 0),
        TypeError("'NoneType' object is not subscriptable"),
        page(404),
        page(500),
        page(302),
        said("50001", 404),
        Refused(404, ["50001"], {}),
    ],
)
def test_everything_else_is_unknown(error: Exception) -> None:
    assert not_sent(failure(error)).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    "error",
    [
        aiohttp.ClientOSError(1, "Bot MTE5.Gh.secret"),
        ValueError("MTE5.Gh.secret"),
        said(999_999, 400, message="@everyone **secret**"),
        said("<@everyone> secret", 400),
    ],
)
def test_words_are_short_and_quote_nobody(error: Exception) -> None:
    words = failure(error).words
    assert len(words) < 120
    assert "secret" not in words


# ---------------------------------------------------------------- reading


def test_a_channel_that_shows_us_nothing_is_unreadable_and_all_else_may_pass() -> None:
    assert {read_result(failure(said(code))) for code in (10003, 50001, 50013)} == {ReadBack.UNREADABLE}
    passing: list[Any] = [said(0, 401), said(0, 429), said(50035), page(403), page(502), TimeoutError()]
    assert {read_result(failure(error)) for error in passing} == {ReadBack.UNAVAILABLE}
