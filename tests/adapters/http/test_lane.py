from __future__ import annotations

import asyncio
from datetime import timedelta
from email.utils import format_datetime
from importlib.metadata import version

import pytest
from aiohttp import web
from yarl import URL

from adapters.http.exchange import Failure, Request
from bot.errors import ConfigurationError, SourceBusy
from tests.adapters.http.hosts import HOUR, START, FakeTime, Host, a_client, a_lane, raw_server, status


async def test_an_answer_holds_status_media_type_headers_and_body(time: FakeTime, host: Host) -> None:
    headers = {"Content-Type": "Text/XML; charset=x", "X-A": "1"}
    host.replies = [web.Response(status=404, body=b"\xff<x/>", headers=headers)]
    async with a_lane(time, host.url) as lane:
        answer = await lane.get(host.url + "p?a=1", {"term": 'x AND "y"', "api_key": "hidden"})
    assert (answer.status, answer.content_type, answer.body) == (404, "text/xml", b"\xff<x/>")
    assert answer.headers["x-a"] == "1"
    assert dict(host.requests[0].query) == {"a": "1", "term": 'x AND "y"', "api_key": "hidden"}
    assert answer.url.startswith(host.url + "p?a=1&term=")
    assert "hidden" not in answer.url


async def test_an_answer_without_a_content_type_has_an_empty_one(time: FakeTime) -> None:
    async with raw_server(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi") as url, a_lane(time, url) as lane:
        assert (await lane.get(url)).content_type == ""


async def test_the_client_names_itself_and_takes_only_what_it_can_bound(time: FakeTime, host: Host) -> None:
    async with a_lane(time, host.url) as lane:
        await lane.get(host.url, headers={"If-None-Match": "tag"})
    headers = host.requests[0].headers
    assert headers["User-Agent"] == f"PaperRound/{version('paperround')} (+mailto:team@example.org)"
    assert headers["Accept-Encoding"] == "gzip, deflate"
    assert headers["If-None-Match"] == "tag"


async def test_a_proxy_from_the_environment_is_ignored(
    time: FakeTime, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    async with a_lane(time, host.url) as lane:
        assert (await lane.get(host.url)).body == b"ok"


async def test_a_form_is_posted_and_posted_again_after_a_failure(time: FakeTime, host: Host) -> None:
    host.replies = [status(502)]
    async with a_lane(time, host.url) as lane:
        assert (await lane.post(host.url, {"term": "β & γ"})).body == b"ok"
    assert host.forms == [{"term": "β & γ"}] * 2


# ---------------------------------------------------------------- pace


async def test_parallel_calls_go_one_at_a_time_with_the_gap_between_their_starts(time: FakeTime, host: Host) -> None:
    running: list[int] = []

    async def slow(_request: web.Request) -> web.Response:
        running.append(1)
        assert len(running) == 1
        await asyncio.sleep(0.01)
        time.seconds += 1
        running.clear()
        return web.Response()

    host.replies = [slow] * 4
    async with a_client(time) as client:
        lanes = [client.lane(host.url + path, gap=gap) for path, gap in (("a", 1), ("b", 3), ("c", 2), ("d", 0))]
        answers = await asyncio.gather(*(lane.get(host.url) for lane in lanes))
    assert [answer.status for answer in answers] == [200] * 4
    assert host.starts == [0, 3, 6, 9]


async def test_redirects_and_retries_keep_the_pace_too(time: FakeTime, host: Host) -> None:
    host.replies = [status(302, Location="/b"), status(500)]
    async with a_lane(time, host.url, gap=3) as lane:
        assert (await lane.get(host.url)).body == b"ok"
    assert host.starts == [0, 3, 6]


async def test_a_start_is_when_the_request_goes_out_not_when_connecting_begins(time: FakeTime, host: Host) -> None:
    starts: list[str] = []
    async with raw_server() as gone:
        pass
    async with a_client(time) as client:
        await client._exchange.ask(Request("GET", URL(host.url)), lambda: starts.append("sent"))
        with pytest.raises(Failure):
            await client._exchange.ask(Request("GET", URL(gone)), lambda: starts.append("not connected"))
    assert starts == ["sent"]


async def test_hosts_have_lanes_of_their_own(time: FakeTime) -> None:
    client = a_client(time)
    assert client.lane("https://A.example/x", gap=3) is client.lane("https://a.example:443/y", gap=1)
    assert client.lane("https://a.example", gap=0).gap == 3
    assert client.lane("https://b.example", gap=0).gap == 0
    for wrong in ("a.example", "ftp://a.example", "http://[", ""):
        with pytest.raises(ConfigurationError):
            client.lane(wrong, gap=0)


# ---------------------------------------------------------------- waiting when asked


async def test_a_short_retry_after_is_waited_for(time: FakeTime, host: Host) -> None:
    host.replies = [status(429, Retry_After="7"), status(503, Retry_After="20")]
    async with a_lane(time, host.url) as lane:
        assert (await lane.get(host.url)).body == b"ok"
    assert host.starts == [0, 7, 27]


@pytest.mark.parametrize("code", [429, 503])
async def test_a_long_retry_after_parks_the_host_exactly_that_long(time: FakeTime, host: Host, code: int) -> None:
    host.replies = [status(code, Retry_After=str(23 * HOUR))]
    async with a_lane(time, host.url) as lane:
        for _ in range(2):
            with pytest.raises(SourceBusy, match="is left alone until 2026-11-24 11:00:00 UTC") as caught:
                await lane.get(host.url)
            assert caught.value.retry_at == lane.parked_until == START + timedelta(hours=23)
        assert len(host.requests) == 1
        time.seconds = 23 * HOUR
        assert lane.parked_until is None
        assert (await lane.get(host.url)).status == 200


async def test_a_retry_after_date_is_read_by_the_hosts_own_clock(time: FakeTime, host: Host) -> None:
    wrong_by_a_year = START + timedelta(days=365)
    date, later = (format_datetime(wrong_by_a_year + timedelta(hours=hours), usegmt=True) for hours in (0, 2))
    host.replies = [status(429, Date=date, Retry_After=later)]
    async with a_lane(time, host.url) as lane:
        with pytest.raises(SourceBusy) as caught:
            await lane.get(host.url)
    assert caught.value.retry_at == START + timedelta(hours=2)


async def test_without_the_hosts_clock_a_retry_after_date_is_read_by_ours(time: FakeTime) -> None:
    date = format_datetime(START + timedelta(minutes=10), usegmt=True).encode()
    reply = b"HTTP/1.1 503 x\r\nContent-Length: 0\r\nRetry-After: " + date + b"\r\n\r\n"
    async with raw_server(reply) as url, a_lane(time, url) as lane:
        with pytest.raises(SourceBusy) as caught:
            await lane.get(url)
    assert caught.value.retry_at == START + timedelta(minutes=10)


async def test_nobody_is_obeyed_for_more_than_a_day(time: FakeTime, host: Host) -> None:
    host.replies = [status(429, Retry_After="9" * 400)]
    async with a_lane(time, host.url) as lane:
        with pytest.raises(SourceBusy) as caught:
            await lane.get(host.url)
    assert caught.value.retry_at == START + timedelta(hours=24)


@pytest.mark.parametrize("nonsense", ["soon", "-5", "0", "Mon, 99 Foo", "Fri, 01 Jan 1999 00:00:00 GMT", "²"])
async def test_a_429_without_a_usable_retry_after_is_backed_off_from_for_longer_each_time(
    time: FakeTime, host: Host, nonsense: str
) -> None:
    host.replies = [status(429, Retry_After=nonsense) for _ in range(10)]
    parks = []
    async with a_lane(time, host.url, max_wait=1) as lane:
        for _ in range(10):
            with pytest.raises(SourceBusy) as caught:
                await lane.get(host.url)
            parks.append((caught.value.retry_at - time.now()).total_seconds())
            time.seconds += parks[-1]
        assert parks == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]
        assert (await lane.get(host.url)).status == 200
        host.replies = [status(429)]
        with pytest.raises(SourceBusy) as caught:
            await lane.get(host.url)
        assert caught.value.retry_at == time.now() + timedelta(seconds=30)


async def test_own_back_off_is_jittered_and_waited_for_if_it_fits(time: FakeTime, host: Host) -> None:
    host.replies = [status(429), status(429)]
    async with a_lane(time, host.url, random=lambda _low, high: high) as lane:
        with pytest.raises(SourceBusy) as caught:
            await lane.get(host.url)
    assert host.starts == [0, 37.5]
    assert caught.value.retry_at == START + timedelta(seconds=37.5 + 75)


async def test_a_caller_that_gives_up_waiting_leaves_the_host_parked(time: FakeTime, host: Host) -> None:
    asleep = asyncio.Event()

    async def sleep(_seconds: float) -> None:
        asleep.set()
        await asyncio.Event().wait()

    host.replies = [status(429, Retry_After="40")]
    async with a_lane(time, host.url, sleep=sleep) as lane:
        impatient = asyncio.create_task(lane.get(host.url))
        await asleep.wait()
        impatient.cancel()
        with pytest.raises(SourceBusy):
            await lane.get(host.url)
    assert len(host.requests) == 1
