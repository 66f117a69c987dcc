from __future__ import annotations

import asyncio
import gzip
import tracemalloc
import zlib
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from aiohttp import web

from bot.errors import SourceBusy, SourceError
from tests.adapters.http.hosts import FakeTime, Host, a_lane, raw_server, status


@pytest.mark.parametrize("code", [500, 502, 503, 504])
async def test_a_passing_failure_is_retried_with_growing_full_jitter(time: FakeTime, host: Host, code: int) -> None:
    host.replies = [status(code), status(code)]
    async with a_lane(time, host.url, random=lambda low, high: low + high) as lane:
        assert (await lane.get(host.url)).body == b"ok"
    assert host.starts == [0, 2, 6]


async def test_a_lasting_failure_is_told_after_three_tries(time: FakeTime, host: Host) -> None:
    host.replies = [status(503) for _ in range(3)]
    async with a_lane(time, host.url) as lane:
        with pytest.raises(SourceError, match="503 Service Unavailable after 3 tries; asked again in the next round"):
            await lane.get(host.url)
    assert len(host.requests) == 3


def slow(time: FakeTime, seconds: float) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """A reply that comes late and is none."""

    async def reply(_request: web.Request) -> web.StreamResponse:
        time.seconds += seconds
        return status(504)

    return reply


@pytest.mark.parametrize("seconds", [59, 60, 61])
async def test_a_host_that_used_up_the_longest_wait_is_left_alone_and_then_probed(
    time: FakeTime, host: Host, seconds: float
) -> None:
    host.replies = [slow(time, seconds)]
    async with a_lane(time, host.url, random=lambda _low, high: high) as lane:
        with pytest.raises(SourceBusy, match=r"504 Gateway Timeout; .* is left alone until") as caught:
            await lane.get(host.url)
        assert caught.value.retry_at == time.now() + timedelta(seconds=75)
        assert not caught.value.by_server
        with pytest.raises(SourceBusy):
            await lane.get(host.url)
        assert len(host.requests) == 1
        time.seconds += 75
        host.replies = [status(500) for _ in range(3)]
        with pytest.raises(SourceBusy, match="500") as caught:
            await lane.get(host.url)
        assert caught.value.retry_at == time.now() + timedelta(seconds=150)
        assert len(host.requests) == 2


async def test_several_calls_that_fail_slowly_share_the_longest_wait(time: FakeTime, host: Host) -> None:
    async with a_lane(time, host.url) as lane:
        host.replies = [slow(time, 10) for _ in range(9)]
        with pytest.raises(SourceError, match="504 Gateway Timeout after 3 tries; asked again in the next round"):
            await lane.get(host.url)
        with pytest.raises(SourceBusy):
            await lane.get(host.url)
    assert time.seconds == 60


async def test_an_answer_gives_the_whole_patience_back(time: FakeTime, host: Host) -> None:
    async with a_lane(time, host.url) as lane:
        for _ in range(3):
            host.replies = [slow(time, 10) for _ in range(3)]
            with pytest.raises(SourceError, match="asked again in the next round"):
                await lane.get(host.url)
            assert (await lane.get(host.url)).body == b"ok"


async def test_a_host_that_says_when_to_come_back_costs_no_patience(time: FakeTime, host: Host) -> None:
    async with a_lane(time, host.url) as lane:
        host.replies = [status(503, Retry_After="40"), status(503, Retry_After="40")]
        with pytest.raises(SourceBusy):
            await lane.get(host.url)
        time.seconds += 40
        host.replies = [status(503, Retry_After="50")]
        assert (await lane.get(host.url)).body == b"ok"


CUT = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"
TORN = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 8\r\n\r\n\x1f\x8b\x08garbl"


@pytest.mark.parametrize(
    ("chunks", "reason"),
    [
        ([], "the connection was cut after 3 tries"),
        ([CUT], "the answer broke off or cannot be decompressed after 3 tries"),
        ([TORN], "the answer broke off or cannot be decompressed after 3 tries"),
        ([b"220 mail.example ESMTP\r\n\r\n"], "the answer is not proper HTTP after 3 tries"),
    ],
)
async def test_a_broken_connection_is_told_for_what_it_is(time: FakeTime, chunks: list[bytes], reason: str) -> None:
    async with raw_server(*chunks) as url, a_lane(time, url) as lane:
        with pytest.raises(SourceError, match=reason):
            await lane.get(url)


async def test_a_closed_port_is_no_connection(time: FakeTime) -> None:
    async with raw_server() as url:
        pass
    async with a_lane(time, url) as lane:
        with pytest.raises(SourceError, match="no connection after 3 tries"):
            await lane.get(url)


async def test_a_dripping_answer_ends_at_the_total_time_out(time: FakeTime) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
    async with raw_server(head, *[b"x"] * 1000, pause=0.02) as url, a_lane(time, url, timeout=0.2) as lane:
        with pytest.raises(SourceError, match=r"no complete answer within 0\.2 s after 3 tries"):
            await lane.get(url)


async def test_an_answer_may_be_as_large_as_the_cap_but_no_larger(time: FakeTime, host: Host) -> None:
    host.replies = [web.Response(body=bytes(2**20)), web.Response(body=bytes(2**20 + 1))]
    async with a_lane(time, host.url, max_body=2**20) as lane:
        assert len((await lane.get(host.url)).body) == 2**20
        with pytest.raises(SourceError, match="the answer is larger than 1 MB; asked again in the next round"):
            await lane.get(host.url)
    assert len(host.requests) == 2


@pytest.mark.parametrize(("encoding", "wbits"), [("gzip", 31), ("deflate", 15), ("deflate", -15)])
async def test_a_compressed_bomb_is_stopped_at_the_cap(time: FakeTime, host: Host, encoding: str, wbits: int) -> None:
    packer = zlib.compressobj(level=1, wbits=wbits)
    bomb = b"".join([*(packer.compress(bytes(2**20)) for _ in range(300)), packer.flush()])
    host.replies = [web.Response(body=bomb, headers={"Content-Encoding": encoding})]
    async with a_lane(time, host.url) as lane:
        tracemalloc.start()
        with pytest.raises(SourceError, match="the answer is larger than 10 MB"):
            await lane.get(host.url)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 40 * 2**20


async def test_compressed_answers_are_unpacked(time: FakeTime, host: Host) -> None:
    host.replies = [web.Response(body=gzip.compress(b"paper" * 1000), headers={"Content-Encoding": "gzip"})]
    async with a_lane(time, host.url) as lane:
        assert (await lane.get(host.url)).body == b"paper" * 1000


# ---------------------------------------------------------------- circuit breaker


@pytest.mark.parametrize(("code", "tries"), [(403, 1), (500, 3)])
async def test_after_five_failed_calls_a_host_is_left_alone_and_then_probed_once(
    time: FakeTime, host: Host, code: int, tries: int
) -> None:
    async with a_lane(time, host.url) as lane:
        for call in range(5):
            assert lane.parked_until is None
            host.replies = [status(code) for _ in range(tries)]
            with pytest.raises(SourceError, match=str(code)):
                await lane.get(host.url)
            assert len(host.requests) == (call + 1) * tries
        for probes, seconds in enumerate([60, 120, 240]):
            assert lane.parked_until == time.now() + timedelta(seconds=seconds)
            with pytest.raises(SourceBusy):
                await lane.get(host.url)
            time.seconds += seconds
            host.replies = [status(code) for _ in range(3)]
            with pytest.raises(SourceBusy, match=f"{code}.*left alone until"):
                await lane.get(host.url)
            assert len(host.requests) == 5 * tries + probes + 1
        time.seconds += 480
        host.replies = []
        assert (await lane.get(host.url)).body == b"ok"
        host.replies = [status(code) for _ in range(tries)]
        with pytest.raises(SourceError) as caught:
            await lane.get(host.url)
        assert not isinstance(caught.value, SourceBusy)


async def test_a_success_between_failures_keeps_the_breaker_closed(time: FakeTime, host: Host) -> None:
    async with a_lane(time, host.url) as lane:
        for _ in range(3):
            host.replies = [status(403) for _ in range(4)]
            for _ in range(4):
                with pytest.raises(SourceError):
                    await lane.get(host.url)
            assert (await lane.get(host.url)).status == 200


async def test_after_an_open_breaker_waiting_calls_follow_the_probe(time: FakeTime, host: Host) -> None:
    async with a_lane(time, host.url) as lane:
        host.replies = [status(403) for _ in range(6)]
        for _ in range(5):
            with pytest.raises(SourceError):
                await lane.get(host.url)
        time.seconds += 60
        results = await asyncio.gather(*(lane.get(host.url) for _ in range(5)), return_exceptions=True)
    assert all(isinstance(result, SourceBusy) for result in results)
    assert len(host.requests) == 6
