"""Keeps requests away from private addresses: looks at the very address a socket will connect to, so that
no spelling of it, redirect or changing DNS answer gets round it."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from aiohttp import AddrInfoType, SocketFactoryType
from yarl import URL

_NAT64 = IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_PUBLIC_PORTS = frozenset({80, 443})


class RefusedAddress(OSError):
    """The address must not be connected to. An OSError, so that a name's other addresses are still tried."""


def guarded_sockets(*, allow_loopback: bool) -> SocketFactoryType:
    """Return a socket factory for aiohttp's TCPConnector that refuses addresses off the public internet."""

    def open_socket(info: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, address = info
        if not is_allowed(address[0], allow_loopback=allow_loopback):
            raise RefusedAddress("not an address on the public internet")
        return socket.socket(family, kind, protocol)

    return open_socket


def is_allowed(address: str, *, allow_loopback: bool) -> bool:
    """Tell whether an IP address may be connected to; an IPv4 address inside an IPv6 one counts as itself."""
    ip = _unwrap(ip_address(address))
    if ip.is_loopback:
        return allow_loopback
    # is_global alone also says yes to multicast and to the old site-local addresses.
    return ip.is_global and not ip.is_multicast and (isinstance(ip, IPv4Address) or ip in _GLOBAL_UNICAST)


def _unwrap(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(ip, IPv4Address):
        return ip
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip


def problem_with(url: URL, *, allow_loopback: bool) -> str | None:
    """Say why a URL must not be asked for, or None."""
    if url.scheme not in {"http", "https"} or not url.host:
        return "not a web address (http or https)"
    if not allow_loopback and url.port not in _PUBLIC_PORTS:
        return "only the ports 80 and 443 are asked"
    return None
