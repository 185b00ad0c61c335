"""How an address is opened: only over http(s), only to the public web, never more than was allowed for.

The host's addresses are looked up once and checked, and the connection is made to what was checked: a name that leads
elsewhere a moment later gains nothing. Where the environment names a proxy (``HTTPS_PROXY``), the proxy looks names up
and connects; then only addresses written as numbers can be checked here, and the proxy answers for the rest.

References:
    IANA, special-purpose address registries for IPv4 and IPv6. RFC 6052 for addresses that hold another.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection

from evidencekb.errors import EvidenceError

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# What is handed out of IPv6 for the public web. Outside of it lie old ways to write an IPv4 address, and private ranges.
_UNICAST = ipaddress.ip_network("2000::/3")
_ISATAP = (0x5EFE, 0x2005EFE)


class NotPublic(EvidenceError, OSError):
    """An address that is not of the public web; the message says which."""


def is_public(address: str, *, loopback: bool = False) -> bool:
    """True for a numeric address of the public internet; with ``loopback`` also for this machine's own.

    Examples:
        >>> is_public("93.184.215.14"), is_public("10.0.0.7"), is_public("::ffff:169.254.169.254")
        (True, False, False)
        >>> is_public("2606:4700::1"), is_public("::127.0.0.1"), is_public("64:ff9b:1::7f00:1")
        (True, False, False)
        >>> is_public("127.0.0.1"), is_public("127.0.0.1", loopback=True)
        (False, True)
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if loopback and found.is_loopback:
        return True
    if isinstance(found, ipaddress.IPv6Address) and (inner := _held_by(found)):
        return all(is_public(str(one), loopback=loopback) for one in inner)
    if isinstance(found, ipaddress.IPv6Address) and (found not in _UNICAST or int(found) >> 32 & 0xFFFFFFFF in _ISATAP):
        return False
    return found.is_global and not found.is_multicast


def check_address(url: str, *, loopback: bool = False) -> None:
    """Refuse what is no address of the public web, as far as the text alone tells.

    Raises:
        NotPublic: If it is not http(s), names no host, carries a user name, or its host is a number that is not public.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as wrong:
        raise NotPublic(f"{url!r} is not an address: {wrong}") from wrong
    if parts.scheme not in ("http", "https"):
        raise NotPublic(f"{url!r} is not an address of the web, which starts with http:// or https://")
    if "@" in parts.netloc:
        raise NotPublic(f"{url!r} carries a user name or password; write the address without it")
    if not host:
        raise NotPublic(f"{url!r} names no host")
    if (number := _number(host)) and not is_public(number, loopback=loopback):
        raise NotPublic(f"{host} is not on the public web")
    if host.rstrip(".").endswith("localhost") and not loopback:
        raise NotPublic(f"{host} is this machine")


class Adapter(HTTPAdapter):
    """Opens addresses; ``checked`` is True where they are only opened on the public web."""

    def __init__(self, *, checked: bool = True, loopback: bool = False) -> None:
        self._pools = _pools(loopback=loopback) if checked else None
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make connections of our own kind."""
        super().init_poolmanager(*args, **kwargs)
        if self._pools:
            self.poolmanager.pool_classes_by_scheme = self._pools


def open_once(
    adapter: Adapter,
    url: str,
    *,
    headers: Mapping[str, str],
    cookies: requests.cookies.RequestsCookieJar,
    timeout: tuple[float, float],
) -> requests.Response:
    """One request and the head of its answer; redirects are not followed, the body is not yet read.

    Raises:
        requests.RequestException: If there is no answer.
    """
    # No Session sends it: that would read the body of a redirect to its end, and add passwords from ~/.netrc.
    request = requests.Request("GET", url, headers=dict(headers), cookies=cookies).prepare()
    with requests.Session() as session:
        settings = session.merge_environment_settings(request.url or url, {}, True, True, None)
    return adapter.send(
        request,
        stream=True,
        timeout=timeout,
        verify=True if settings["verify"] is None else settings["verify"],
        proxies=cast("Any", settings["proxies"]),
    )


def _held_by(found: ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    """The IPv4 addresses that an IPv6 address stands for."""
    if found.ipv4_mapped:
        return [found.ipv4_mapped]
    if found.sixtofour:
        return [found.sixtofour]
    if found.teredo:
        return list(found.teredo)
    if found in _NAT64:
        return [ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)]
    return []


def _number(host: str) -> str:
    """The address that a host is written as, in its usual form; '' for a name."""
    text = host.partition("%")[0].rstrip(".")
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        pass
    try:
        # "2130706433", "0x7f.1" and "127.1" are this machine, too: whoever connects reads them so.
        return socket.inet_ntoa(socket.inet_aton(text)) if re.fullmatch(r"[0-9a-fA-FxX.]+", text) else ""
    except OSError:
        return ""


def _pools(*, loopback: bool) -> dict[str, Any]:
    """Pools whose connections go to checked addresses only."""

    def connect(self: HTTPConnection) -> socket.socket:
        try:
            found = socket.getaddrinfo(self.host.strip("[]"), self.port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as problem:
            raise NameResolutionError(self.host, self, socket.gaierror(str(problem))) from problem
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        for address in addresses:
            if not is_public(address, loopback=loopback):
                raise NotPublic(f"{self.host} leads to {address}, which is not on the public web")
        last: OSError = OSError(f"{self.host} has no address")
        for address in addresses[:3]:
            try:
                return create_connection(
                    (address, self.port or 0),
                    self.timeout,
                    source_address=self.source_address,
                    socket_options=self.socket_options,
                )
            except OSError as problem:
                last = problem
        if isinstance(last, TimeoutError):
            raise ConnectTimeoutError(self, f"no connection to {self.host} in time") from last
        raise NewConnectionError(self, f"no connection to {self.host}: {last}") from last

    # The name stays the connection's host, so certificates are checked for it.
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return connect(self)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return connect(self)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}
