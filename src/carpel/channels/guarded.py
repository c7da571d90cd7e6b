"""A request to a web address that somebody wrote down, which must not lead inside (SSRF).

The name is resolved once, every address it has is looked at, and the connection goes to one of
those: what the name means a moment later changes nothing. No redirect is followed, no proxy asked.
"""

import http.client
import socket
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from carpel.specs.webhook import Hook

READ = 65_536
"""Bytes of an answer that are looked at."""
NAT64 = ip_network("64:ff9b::/96")
Address = tuple[socket.AddressFamily, Any]


class Inner(OSError):  # noqa: N818 - says what is the case
    """An address that is not for the outside."""


class Silent(OSError):  # noqa: N818 - says what is the case
    """The request went out, and no answer came: it may have been taken."""


@dataclass(frozen=True)
class Answer:
    """What came back: the status, and for how long to wait where it says so."""

    status: int
    retry_after: float = 0


def is_outside(address: str) -> bool:
    """Whether an address is one of the public internet, whatever it is wrapped in."""
    ip: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        if ip in NAT64:
            ip = IPv4Address(int(ip) & 0xFFFFFFFF)
        else:
            ip = ip.ipv4_mapped or ip.sixtofour or (ip.teredo or (None, ip))[1]
    return ip.is_global and not ip.is_multicast


class Door:
    """The way to one web address, resolved once."""

    def __init__(self, hook: Hook) -> None:
        parts = urlsplit(hook.url)
        self._hook, self._host = hook, str(parts.hostname)
        self._tls = parts.scheme == "https"
        self._port = parts.port or (443 if self._tls else 80)
        self._target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._known: Sequence[Address] = ()

    def knock(self) -> None:
        """Connect and hang up; raises OSError where nobody answers, Inner where it leads inside."""
        self._connected().close()

    def post(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Hand a body over. Raises Silent once it may have been taken, OSError before."""
        connection = self._connected()
        try:
            try:
                connection.request("POST", self._target, body, dict(headers))
                answer = connection.getresponse()
                answer.read(READ)
            except (OSError, http.client.HTTPException) as error:
                raise Silent(str(error)) from error
            return Answer(answer.status, _seconds(answer.getheader("Retry-After")))
        finally:
            connection.close()

    def _connected(self) -> http.client.HTTPConnection:
        wait = self._hook.timeout_seconds
        connection = http.client.HTTPConnection(self._host, self._port, timeout=wait)
        connection.sock = self._socket()
        return connection

    def _socket(self) -> socket.socket:
        self._known = self._known or self._resolved()
        plain = _first(self._known, self._hook.timeout_seconds)
        if not self._tls:
            return plain
        try:
            return ssl.create_default_context().wrap_socket(plain, server_hostname=self._host)
        except BaseException:
            plain.close()
            raise

    def _resolved(self) -> Sequence[Address]:
        found = socket.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
        if not self._hook.allow_inner and not all(is_outside(str(each[4][0])) for each in found):
            raise Inner(f"{self._host} leads inside; to allow it, set allow_inner")
        return [(each[0], each[4]) for each in found]


def _first(known: Sequence[Address], timeout: float) -> socket.socket:
    """A connection to the first of these that answers."""
    last: OSError = OSError("it has no address")
    for family, place in known:
        made = socket.socket(family, socket.SOCK_STREAM)
        made.settimeout(timeout)
        try:
            made.connect(place)
        except OSError as error:
            made.close()
            last = error
        else:
            return made
    raise last


def _seconds(said: str | None) -> float:
    return float(said) if said and said.isdecimal() else 0.0
