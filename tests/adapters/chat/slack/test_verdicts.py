"""What each answer of Slack, and each exception in its place, proves."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from slack_sdk.errors import SlackApiError

from adapters.chat.slack import verdicts
from adapters.chat.slack.verdicts import failure, not_sent, read_result, receipt
from bot.model import DeliveryKey
from bot.ports import Outcome, ReadBack

KEY = DeliveryKey("k" * 24)
SENT = {"ok": True, "channel": "C1", "ts": "1700000000.000100"}

LOST = (
    "channel_not_found not_in_channel is_archived restricted_action restricted_action_read_only_channel "
    "restricted_action_thread_only_channel restricted_action_non_threadable_channel account_inactive token_revoked "
    "token_expired invalid_auth not_authed missing_scope user_is_restricted ekm_access_denied messages_tab_disabled "
    "slack_connect_file_link_sharing_blocked access_denied no_permission"
)
NEVER_TAKEN = (
    "invalid_blocks invalid_blocks_format invalid_blocks_new_reason msg_blocks_too_long invalid_metadata_format "
    "invalid_metadata_schema metadata_too_large metadata_must_be_sent_from_app no_text msg_too_long"
)
AMBIGUOUS = (
    "internal_error fatal_error service_unavailable request_timeout duplicate_message_not_found "
    "duplicate_channel_not_found team_added_to_org something_new"
)


def said(error: object, status: int = 200, headers: dict[str, str] | None = None, **details: object) -> SlackApiError:
    data = {"ok": False, "error": error, **details} if error else {}
    return refusal(SimpleNamespace(status_code=status, data=data, headers=headers or {}))


def refusal(response: object) -> SlackApiError:
    return SlackApiError("", response)  # type: ignore[no-untyped-call]


def connection_key() -> ConnectionKey:
    return ConnectionKey("slack.com", 443, True, True, None, None, None)


# ---------------------------------------------------------------- answers


def test_ok_with_its_ts_and_channel_is_sent() -> None:
    echoed = SENT | {"message": {"metadata": {"event_payload": {"k": KEY, "marks": "abcdefgh"}}}}
    for answer in (SENT, SENT | {"message": {"ts": "1700000000.000100"}}, echoed):
        verdict = receipt(answer, "C1", KEY)
        assert (verdict.outcome, verdict.message_id) == (Outcome.SENT, "1700000000.000100")


@pytest.mark.parametrize(
    "answer",
    [
        {"ok": True},
        SENT | {"ts": None},
        SENT | {"ts": ""},
        SENT | {"ts": 1700000000.0001},
        SENT | {"channel": "C2"},
        SENT | {"message": {"metadata": {"event_payload": {"k": "another"}}}},
        b"ok",
        [SENT],
        None,
    ],
)
def test_ok_that_names_another_message_or_none_proves_nothing(answer: object) -> None:
    assert receipt(answer, "C1", KEY).outcome is Outcome.UNKNOWN


def test_odd_shapes_in_an_answer_do_not_hide_that_it_was_sent() -> None:
    odd: tuple[object, ...] = ("text", None, [], {"metadata": None}, {"metadata": {"event_payload": "?"}})
    for message in odd:
        assert receipt(SENT | {"message": message}, "C1", KEY).outcome is Outcome.SENT


@pytest.mark.parametrize("error", LOST.split())
def test_a_channel_or_token_that_takes_nothing_loses_the_channel(error: str) -> None:
    verdict = not_sent(failure(said(error)))
    assert (verdict.outcome, verdict.channel_lost, verdict.permanent) == (Outcome.NOT_SENT, True, False)


@pytest.mark.parametrize("error", NEVER_TAKEN.split())
def test_a_message_that_is_never_taken_is_refused_for_good(error: str) -> None:
    verdict = not_sent(failure(said(error)))
    assert (verdict.outcome, verdict.channel_lost, verdict.permanent) == (Outcome.NOT_SENT, False, True)


@pytest.mark.parametrize("error", AMBIGUOUS.split())
def test_what_may_have_been_carried_out_is_unknown(error: str) -> None:
    assert not_sent(failure(said(error))).outcome is Outcome.UNKNOWN


def test_every_error_has_words_for_an_admin() -> None:
    for error in verdicts._REFUSALS:
        words = failure(said(error)).words
        assert error in words
        assert 20 < len(words) < 250
        assert not words.endswith(".")


def test_an_admin_is_told_what_to_do() -> None:
    assert failure(said("not_in_channel")).words == (
        "the bot is not in this channel; type /invite @Paper Round there (not_in_channel)"
    )
    assert failure(said("missing_scope", needed="channels:history", provided="chat:write")).words == (
        "the app lacks the scope channels:history; reinstall the app from its manifest at api.slack.com/apps"
    )


# ---------------------------------------------------------------- waiting


def test_429_is_proof_whatever_its_body_and_says_how_long() -> None:
    for error in ("ratelimited", "internal_error", None):
        verdict = not_sent(failure(said(error, 429, {"Retry-After": "17"})))
        assert (verdict.outcome, verdict.retry_after, verdict.permanent) == (Outcome.NOT_SENT, 17.0, False)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [({}, 30.0), ({"Retry-After": "soon"}, 30.0), ({"Retry-After": "nan"}, 30.0), ({"Retry-After": "inf"}, 30.0),
     ({"Retry-After": "-3"}, 1.0), ({"Retry-After": "0"}, 1.0), ({"Retry-After": "999999"}, 86400.0)],
)  # fmt: skip
def test_an_odd_retry_after_is_made_reasonable(header: dict[str, str], seconds: float) -> None:
    assert not_sent(failure(said("ratelimited", 200, header))).retry_after == seconds


def test_a_workspace_at_its_limit_of_messages_is_tried_again_in_an_hour() -> None:
    verdict = not_sent(failure(said("message_limit_exceeded")))
    assert (verdict.outcome, verdict.retry_after, verdict.channel_lost) == (Outcome.NOT_SENT, 3600.0, False)


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
        AttributeError("'str' object has no attribute 'get'"),
        said(None, 503),
        said(None, 500),
        said("channel_not_found", 500),
        said(None, 200),
        said(5),
        said({"code": "x"}),
        refusal(SimpleNamespace(status=200, headers={})),
    ],
)
def test_everything_else_is_unknown(error: Exception) -> None:
    assert not_sent(failure(error)).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    "error",
    [
        said("<!channel> *boo*"),
        said("x" * 5000),
        aiohttp.ClientOSError(1, "Bearer xoxb-1-secret"),
        ValueError("xoxb-1-secret"),
    ],
)
def test_words_are_short_and_quote_no_exception(error: Exception) -> None:
    words = failure(error).words
    assert len(words) < 120
    assert not set("<>*`!") & set(words)
    if not isinstance(error, SlackApiError):
        assert "secret" not in words


# ---------------------------------------------------------------- reading


def test_a_channel_that_shows_us_nothing_is_unreadable_and_all_else_may_pass() -> None:
    unreadable = ("missing_scope", "not_in_channel", "channel_not_found", "is_archived", "channel_is_limited_access")
    assert {read_result(failure(said(error))) for error in unreadable} == {ReadBack.UNREADABLE}
    passing: list[Any] = [said(error) for error in ("ratelimited", "internal_error", "invalid_auth", "invalid_cursor")]
    assert {read_result(failure(error)) for error in [*passing, TimeoutError()]} == {ReadBack.UNAVAILABLE}
