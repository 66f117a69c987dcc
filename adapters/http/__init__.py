"""The one polite HTTP client: paced and single-file per host, patient when asked, bounded in size and time,
and never talked into calling a private address."""

from adapters.http.client import HttpClient
from adapters.http.exchange import Answer
from adapters.http.lane import Lane
from adapters.http.redact import redact

__all__ = ["Answer", "HttpClient", "Lane", "redact"]
