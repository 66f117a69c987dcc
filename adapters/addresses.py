"""Addresses that tokens are sent to: encrypted, unless they are on this machine."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

_PLAIN = {"https": "http", "wss": "ws"}


def check_address(value: str, scheme: str = "https") -> str:
    """The address without a slash behind; ``scheme`` is https or wss. Raises ValueError for any that is not one, or
    that would carry tokens over a network in the open."""
    url, plain = urlsplit(value), _PLAIN[scheme]
    if url.scheme not in {scheme, plain} or not url.hostname:
        raise ValueError(f"should be an address that begins with {scheme}://")
    if url.scheme == plain and not _is_loopback(url.hostname):
        raise ValueError(f"should begin with {scheme}://, for it carries tokens; {plain}:// is for this machine only")
    return value.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
