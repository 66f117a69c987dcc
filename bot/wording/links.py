"""Links that are safe to show (pure)."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit, urlunsplit

_MAX_URL = 2000


def safe_url(url: str | None) -> str | None:
    """Return an http(s) link with nothing left in it that markup could use; None if it is not such a link."""
    if not url or len(url) > _MAX_URL or any(unicodedata.category(char)[0] in "CZ" for char in url):
        return None
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return None
    if (
        parts.scheme not in ("http", "https")
        or "@" in parts.netloc
        or not re.fullmatch(r"[a-z0-9._-]+|[0-9a-f:]+", host)
    ):
        return None
    netloc = f"[{host}]{port}" if ":" in host else host + port
    path, query, fragment = (quote(part, safe="/%:=&?~+!$,;@()-._") for part in parts[2:])
    return urlunsplit((parts.scheme, netloc, path, query, fragment))
