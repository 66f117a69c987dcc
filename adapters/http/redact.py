"""Makes URLs fit to be shown (pure)."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import quote

from yarl import URL

_SECRET_NAMES = frozenset({
    "accesstoken", "apikey", "auth", "authtoken", "clientsecret", "email", "key", "mailto", "passwd", "password",
    "secret", "sig", "signature", "token",
})  # fmt: skip
_LONGEST = 300


def redact(url: str, secrets: Collection[str] = ()) -> str:
    """Return the URL without user, fragment and the query parameters that hold keys, tokens or addresses, and
    with ``…`` in place of each of the ``secrets`` and beyond 300 characters. Text that is no URL becomes
    ``(not a URL)``."""
    try:
        parsed = URL(url)
        kept = [(name, value) for name, value in parsed.query.items() if not _is_secret(name)]
        shown = str(parsed.with_user(None).with_fragment(None).with_query(kept))
    except ValueError:
        return "(not a URL)"
    for secret in filter(None, secrets):
        shown = shown.replace(secret, "…").replace(quote(secret, safe=""), "…")
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"


def _is_secret(name: str) -> bool:
    return name.lower().replace("-", "").replace("_", "") in _SECRET_NAMES
