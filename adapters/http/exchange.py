"""One HTTP request and its answer, bounded in size and time; whatever goes wrong is a Failure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from types import SimpleNamespace

import aiohttp
from yarl import URL

from adapters.http.guard import RefusedAddress, guarded_sockets, problem_with

_TRANSIENT = frozenset({429, 500, 502, 503, 504})
_CHUNK = 2**16
_CONNECT_TIMEOUT = 10.0

_REASONS: tuple[tuple[type[Exception], str], ...] = (  # the first that fits counts
    (aiohttp.ClientConnectorDNSError, "the host's name was not found"),
    (aiohttp.ClientSSLError, "the connection is not secure: its certificate was not accepted"),
    (aiohttp.ClientConnectorError, "no connection"),
    (aiohttp.ClientPayloadError, "the answer broke off or cannot be decompressed"),
    (aiohttp.ClientConnectionError, "the connection was cut"),
    (OSError, "the connection was cut"),
    (ValueError, "not a web address"),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host answered. ``content_type`` is the lower-case media type without parameters ('' if none),
    ``headers`` are found in any case, ``body`` is decompressed, ``url`` is redacted and fit to be shown."""

    status: int
    content_type: str
    headers: Mapping[str, str]
    body: bytes
    url: str


@dataclass(frozen=True, slots=True)
class Request:
    """A request to be made; ``data`` is a form to be posted."""

    method: str
    url: URL
    data: Mapping[str, str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Failure(Exception):
    """A request brought no usable answer. ``retry`` says whether to try again, ``retry_after`` (seconds) when the
    host wants us back, ``throttled`` that it wants less of us."""

    def __init__(
        self, url: URL, reason: str, *, retry: bool = False, retry_after: float | None = None, throttled: bool = False
    ) -> None:
        super().__init__(reason)
        self.url = url
        self.reason = reason
        self.retry = retry
        self.retry_after = retry_after
        self.throttled = throttled


class Exchange:
    """Makes single requests with one aiohttp session. Redirects are returned as answers.

    A request takes at most ``timeout`` seconds, an answer at most ``max_body`` bytes after decompression; ``shown``
    redacts URLs; ``heard`` is told each moment that a server says it is.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        allow_loopback: bool,
        timeout: float,
        max_body: int,
        shown: Callable[[str], str],
        now: Callable[[], datetime],
        heard: Callable[[datetime], None] = lambda _: None,
    ) -> None:
        self._heard = heard
        self._user_agent = user_agent
        self._allow_loopback = allow_loopback
        self._timeout = timeout
        self._max_body = max_body
        self._shown = shown
        self._now = now
        self._session: aiohttp.ClientSession | None = None

    def open(self) -> None:
        """Open the session; needs a running loop."""
        trace = aiohttp.TraceConfig()
        trace.on_request_headers_sent.append(_notify_started)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(socket_factory=guarded_sockets(allow_loopback=self._allow_loopback)),
            timeout=aiohttp.ClientTimeout(total=self._timeout, sock_connect=_CONNECT_TIMEOUT),
            # Only what aiohttp decompresses piece by piece without another library, so that the cap holds.
            headers={"User-Agent": self._user_agent, "Accept-Encoding": "gzip, deflate"},
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            trace_configs=[trace],
        )

    async def close(self) -> None:
        """Close the session and its connections."""
        if self._session is not None:
            await self._session.close()

    async def ask(self, request: Request, started: Callable[[], None]) -> Answer:
        """Make the request; ``started`` is called when it goes out on the wire. Raises Failure."""
        assert self._session is not None, "use HttpClient as an async context manager"
        if problem := problem_with(request.url, allow_loopback=self._allow_loopback):
            raise Failure(request.url, problem)
        try:
            async with self._session.request(
                request.method,
                request.url,
                data=None if request.data is None else dict(request.data),
                headers=request.headers,
                allow_redirects=False,
                trace_request_ctx=started,
            ) as response:
                return await self._read(request.url, response)
        except (aiohttp.ClientError, OSError, UnicodeError) as error:
            raise self._explain(request.url, error) from None

    async def _read(self, url: URL, response: aiohttp.ClientResponse) -> Answer:
        self._note_clock(response)
        self._raise_for_status(url, response)
        promised, body = response.content_length or 0, bytearray()
        async for chunk in response.content.iter_chunked(_CHUNK):
            body += chunk
            if max(promised, len(body)) > self._max_body:
                response.close()
                raise Failure(url, f"the answer is larger than {self._max_body / 2**20:g} MB")
        return Answer(
            status=response.status,
            content_type=response.headers.get("Content-Type", "").partition(";")[0].strip().lower(),
            headers=response.headers,
            body=bytes(body),
            url=self._shown(str(url)),
        )

    def _note_clock(self, response: aiohttp.ClientResponse) -> None:
        """What a cache kept for a while (it has an Age) is dated when it was made."""
        if "Age" not in response.headers and (told := _http_date(response.headers.get("Date", ""))):
            self._heard(told)

    def _raise_for_status(self, url: URL, response: aiohttp.ClientResponse) -> None:
        """Only the number is told: the reason phrase and the body are the host's, and NCBI's 429 echoes the key."""
        if response.status in _TRANSIENT:
            raise Failure(
                url,
                _named(response.status),
                retry=True,
                retry_after=retry_after(response.headers, self._now()),
                throttled=response.status == HTTPStatus.TOO_MANY_REQUESTS,
            )
        if response.status == HTTPStatus.FORBIDDEN:
            raise Failure(url, _named(response.status))

    def _explain(self, url: URL, error: Exception) -> Failure:
        """Turn aiohttp's error into ours. Its text is left out: it can hold the URL, and so the key."""
        if isinstance(error, aiohttp.ClientConnectorError) and isinstance(error.os_error, RefusedAddress):
            return Failure(url, str(error.os_error))
        if isinstance(error, TimeoutError):
            return Failure(url, f"no complete answer within {self._timeout:g} s", retry=True)
        reason = next((text for kind, text in _REASONS if isinstance(error, kind)), "the answer is not proper HTTP")
        return Failure(url, reason, retry=not isinstance(error, ValueError))


def _named(status: int) -> str:
    return f"{status} {HTTPStatus(status).phrase}"


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return how many seconds from now the host wants us back (RFC 9110, 10.2.3: seconds or a date), or None if it
    does not say. A date is read against the host's own clock where it tells it."""
    value = headers.get("Retry-After", "").strip()
    if value.isdecimal():
        seconds = float(value)
    else:
        moment = _http_date(value)
        seconds = (moment - (_http_date(headers.get("Date", "")) or now)).total_seconds() if moment else 0.0
    return seconds if seconds > 0 else None


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


async def _notify_started(_session: aiohttp.ClientSession, context: SimpleNamespace, _params: object) -> None:
    """Call back at the moment a request goes out: connecting may take longer than the gap between two."""
    context.trace_request_ctx()
