from __future__ import annotations

import traceback

import pytest
from yarl import URL

from adapters.http import redact
from adapters.http.exchange import Failure, Request
from adapters.http.guard import is_allowed
from adapters.http.lane import redirected
from bot.errors import SourceError
from tests.adapters.http.hosts import FakeTime, Host, a_lane, raw_server, serving, status


async def test_five_redirects_are_followed_and_no_sixth(time: FakeTime, host: Host) -> None:
    host.replies = [status(code, Location=f"/{code}?x=1") for code in (301, 302, 303, 307, 308)]
    async with a_lane(time, host.url) as lane:
        answer = await lane.get(host.url)
        assert (answer.body, answer.url) == (b"ok", host.url + "308?x=1")
        host.replies = [status(302, Location="/again") for _ in range(10)]
        with pytest.raises(SourceError, match="redirected more than 5 times"):
            await lane.get(host.url)
    assert len(host.requests) == 6 + 6


async def test_not_modified_and_a_redirect_without_target_are_answers(time: FakeTime, host: Host) -> None:
    host.replies = [status(304), status(302)]
    async with a_lane(time, host.url) as lane:
        assert [(await lane.get(host.url)).status for _ in range(2)] == [304, 302]


async def test_another_host_gets_neither_headers_nor_form(time: FakeTime, host: Host) -> None:
    async with serving(time) as other, a_lane(time, host.url) as lane:
        host.replies = [status(302, Location="/same"), status(302, Location=other.url)]
        await lane.get(host.url, headers={"X-Key": "hidden"})
        assert ["X-Key" in request.headers for request in host.requests + other.requests] == [True, True, False]
        host.replies = [status(308, Location="/same"), status(307, Location=other.url)]
        with pytest.raises(SourceError, match="a form was redirected to another host"):
            await lane.post(host.url, {"api_key": "hidden"})
        assert host.forms[2:] == [{"api_key": "hidden"}] * 2
        assert len(other.requests) == 1


async def test_see_other_turns_a_form_into_a_question(time: FakeTime, host: Host) -> None:
    host.replies = [status(303, Location="/result")]
    async with a_lane(time, host.url) as lane:
        await lane.post(host.url, {"term": "mri"})
    assert [(request.method, form) for request, form in zip(host.requests, host.forms, strict=True)] == [
        ("POST", {"term": "mri"}),
        ("GET", {}),
    ]


@pytest.mark.parametrize("location", ["http://a.example/", "ftp://a.example/", "javascript:alert(1)", "http://["])
def test_https_is_never_left(location: str) -> None:
    with pytest.raises(Failure, match="redirected"):
        redirected(Request("GET", URL("https://a.example/")), 302, location)


@pytest.mark.parametrize(
    "location",
    ["http://169.254.169.254/latest", "http://10.0.0.1/", "file:///etc/passwd", "http://a..b/", "http://é..x/"],
)
async def test_every_hop_is_guarded(time: FakeTime, host: Host, location: str) -> None:
    host.replies = [status(302, Location=location)]
    async with a_lane(time, host.url) as lane:
        with pytest.raises(SourceError, match=r"not an address on the public internet|not a web address|no URL"):
            await lane.get(host.url)


# ---------------------------------------------------------------- guard


@pytest.mark.parametrize(
    "host_name",
    [
        "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]",
        "[2002:7f00:1::]", "[64:ff9b::7f00:1]", "[::127.0.0.1]", "0.0.0.0", "[::]", "10.1.2.3", "192.168.1.1",
        "172.16.0.1", "100.64.0.1", "169.254.169.254", "224.0.0.1", "[ff02::1]", "[fe80::1]", "[fec0::1]", "[fd00::1]",
    ],
)  # fmt: skip
async def test_private_addresses_are_refused_however_written(time: FakeTime, host_name: str) -> None:
    url = f"http://{host_name}/"
    async with a_lane(time, url, allow_loopback=False) as lane:
        with pytest.raises(SourceError, match=r"not an address on the public internet|not a web address"):
            await lane.get(url)


@pytest.mark.parametrize("url", ["http://example.org:8080/", "https://example.org:22/", "gopher://example.org/", "/x"])
async def test_odd_ports_and_schemes_are_refused(time: FakeTime, url: str) -> None:
    async with a_lane(time, "https://example.org", allow_loopback=False) as lane:
        with pytest.raises(SourceError, match=r"only the ports 80 and 443 are asked|not a web address"):
            await lane.get(url)


def test_public_addresses_are_allowed_and_loopback_only_on_request() -> None:
    for public in ("8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "2002:808:808::1", "::ffff:8.8.8.8"):
        assert is_allowed(public, allow_loopback=False)
    assert is_allowed("127.0.0.1", allow_loopback=True)
    assert is_allowed("::1", allow_loopback=True)
    assert not is_allowed("10.0.0.1", allow_loopback=True)


# ---------------------------------------------------------------- secrets


ECHO = b'{"error":"API rate limit exceeded","api-key":"S3CRET","count":"4","limit":"3"}'


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 429 S3CRET\r\nContent-Length: %d\r\n\r\n%s" % (len(ECHO), ECHO),
        b"HTTP/1.1 403 S3CRET\r\nContent-Length: 6\r\n\r\nS3CRET",
        b"HTTP/1.1 500 S3CRET\r\n\r\nS3CRET",
        b"HTTP/1.1 200 OK\r\nBad Header S3CRET\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: ftp://x:S3CRET@h/?token=S3CRET&next=S3CRET\r\n\r\n",
        b"S3CRET",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf",
        b"",
    ],
)
async def test_the_key_is_in_no_error(time: FakeTime, reply: bytes) -> None:
    key, mail = "S3CRET", "me@example.org"
    async with raw_server(reply) as url, a_lane(time, url, secrets=[key]) as lane:
        for _ in range(6):
            with pytest.raises(SourceError) as caught:
                await lane.get(f"{url}path/{key}", {"api_key": key, "email": mail, "db": "pubmed"})
            told = "".join(traceback.format_exception(caught.value))
            assert key not in told
            assert mail not in told


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://u:p@h.org/x?api_key=1&db=2&Email=a@b&access-token=3&author=4#f", "https://h.org/x?db=2&author=4"),
        ("https://h.org/x?resumptionToken=a&query_key=1", "https://h.org/x?resumptionToken=a&query_key=1"),
        ("https://h.org/a%2Fb/c?x=%F0%9F%98%80", "https://h.org/…/c?x=%F0%9F%98%80"),
        ("http://[", "(not a URL)"),
        ("words", "(not a URL)"),
    ],
)
def test_urls_are_shown_without_what_is_private(url: str, shown: str) -> None:
    assert redact(url, secrets=["a/b", ""]) == shown


def test_a_long_url_is_shown_in_part() -> None:
    assert len(redact("https://h.org/" + "x" * 10_000)) == 300
