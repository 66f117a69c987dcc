"""Who watches from outside: a watching service, and systemd."""

import logging
import socket
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.heartbeat import Heartbeat, Supervisor
from bot.loops import Loops
from bot.vigil import Vigil
from tests.adapters.http.hosts import FakeTime, Host, a_client, serving, status


@pytest.fixture
async def host() -> AsyncIterator[Host]:
    async with serving(FakeTime()) as serving_host:
        yield serving_host


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "adapters.heartbeat"]


async def test_a_heartbeat_asks_the_address_as_it_was_given(host: Host) -> None:
    async with a_client(host.time) as http:
        await Heartbeat(http, f"{host.url}ping/secret-uuid?rid=7").beat()
    [request] = host.requests
    assert (request.method, request.path_qs) == ("GET", "/ping/secret-uuid?rid=7")


async def test_failures_are_logged_once_and_without_the_address_and_so_is_the_recovery(
    host: Host, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    host.replies += [status(404), status(403), status(404)]
    url = f"{host.url}ping/secret-uuid"
    async with a_client(host.time, secrets=[url]) as http:
        heartbeat = Heartbeat(http, url)
        for _ in range(5):
            await heartbeat.beat()
    assert len(host.requests) == 5
    assert said(caplog) == ["the heartbeat does not arrive: it answers 404", "the heartbeat arrives again"]


async def test_an_address_that_is_not_public_is_not_asked_and_not_told(
    host: Host, caplog: pytest.LogCaptureFixture
) -> None:
    url = f"{host.url}ping/secret-uuid"
    async with a_client(host.time, allow_loopback=False, secrets=[url]) as http:
        await Heartbeat(http, url).beat()
    assert host.requests == []
    [line] = said(caplog)
    assert "secret-uuid" not in line


async def test_no_heartbeat_is_sent_while_the_bot_is_not_well_or_a_loop_fails(host: Host) -> None:
    well, loops = [False], Loops(host.time.clock)

    async def is_well() -> bool:
        return well[0]

    async def fail() -> None:
        raise OSError

    async with a_client(host.time) as http:
        vigil = Vigil(loops, http, host.url, is_well)
        await vigil.beat()
        assert host.requests == []
        well[0] = True
        await vigil.beat()
        assert len(host.requests) == 1
        loops.start(timedelta(seconds=1), fail, name="polling", within=timedelta(seconds=1))
        host.time.seconds += 60
        await vigil.beat()
        assert len(host.requests) == 1
        await loops.stop()


# ---------------------------------------------------------------- systemd


def test_systemd_is_told_by_a_datagram(tmp_path: Path) -> None:
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(address)
        Supervisor(address).tell("READY=1")
        assert listening.recv(100) == b"READY=1"


def test_systemd_is_told_at_an_address_without_a_file_too() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("")  # a free one
        name = listening.getsockname()
        Supervisor("@" + name[1:].decode()).tell("WATCHDOG=1")
        assert listening.recv(100) == b"WATCHDOG=1"


def test_without_systemd_nothing_is_told_and_nothing_fails(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    Supervisor("").tell("READY=1")
    assert said(caplog) == []
    Supervisor(str(tmp_path / "nobody")).tell("READY=1")
    assert len(said(caplog)) == 1
