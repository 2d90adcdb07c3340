"""What may be asked, and of whom: the only way from this package to the network.

A guard lets an address pass if it is https, on a host of the source, and if every address that the host's name resolves to
is public. The connection then goes to the very address that was checked, so that a second answer of the name server
cannot lead elsewhere. Redirects are followed by hand, each through the same guard.

Proxies named in the environment are not used: through a proxy nobody could check where the connection ends. Where only a
proxy leads out, a file has to be downloaded by hand and named with ``--from``.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

from multipolar import __version__
from multipolar.errors import DataError

#: Redirects that are followed for one file.
MOST_REDIRECTS: Final = 5
#: Seconds without a byte after which a connection counts as lost.
TIMEOUT: Final = 30.0
HTTPS: Final = 443
_MOVED: Final = (301, 302, 303, 307, 308)
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_BY_HAND: Final = "Download the file by hand from the publisher's page and name it with --from FILE."

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def resolved(host: str, port: int) -> tuple[str, ...]:
    """Every address of a host, as the system's name service gives them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return tuple(dict.fromkeys(str(item[4][0]) for item in found))


@dataclass(frozen=True)
class Way:
    """An address that passed the guard: where to connect, and what to ask there.

    Parameters
    ----------
    url : str
        The whole address.
    host : str
        Name that the certificate must be for.
    port : int
    addresses : tuple of str
        Numeric addresses of the host, all checked.
    target : str
        Path and query.
    """

    url: str
    host: str
    port: int
    addresses: tuple[str, ...]
    target: str


@dataclass(frozen=True)
class Answer:
    """What a server answered after all redirects; the body is still to be read.

    Parameters
    ----------
    url : str
        The address that answered.
    response : HTTPResponse
    """

    url: str
    response: http.client.HTTPResponse

    @property
    def status(self) -> int:
        """HTTP status."""
        return self.response.status

    def header(self, name: str) -> str:
        """A header's value; empty if it was not sent."""
        return (self.response.getheader(name) or "").strip()


@dataclass(frozen=True)
class Guard:
    """Rules for one source.

    Parameters
    ----------
    hosts : frozenset of str
        Hosts that may be asked, in lower case; ``host:port`` where the port is not 443.
    allow_private : bool, default False
        Let addresses pass that are not public. For tests against a server on the same machine: no option and no
        environment variable sets it.
    context : ssl.SSLContext, optional
        How certificates are checked; by default as the system does, host name included.
    resolve : callable
        ``resolve(host, port)`` gives every numeric address of a host.
    timeout : float
        Seconds without a byte.
    """

    hosts: frozenset[str]
    allow_private: bool = False
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    resolve: Callable[[str, int], tuple[str, ...]] = resolved
    timeout: float = TIMEOUT

    def check(self, url: str) -> Way:
        """The way to an address, or an error that says which rule forbids it.

        Raises
        ------
        DataError
            If it is not https, not on a host of the source, or the host is (also) at an address that is not public.
        OSError
            If the name service does not answer.
        """
        host, port, target = _taken_apart(url)
        name = host if port == HTTPS else f"{host}:{port}"
        if name not in self.hosts:
            expected = f"an address on {' or '.join(sorted(self.hosts)) or 'no host at all'}"
            raise DataError(f"expected {expected}, got the host {name}", where=url, hint=_BY_HAND)
        addresses = self.resolve(host, port)
        for address in addresses:
            if not self.allow_private and not is_public(address):
                got = f"{host} at {address}"
                hint = "Something on this network answers in the publisher's place. " + _BY_HAND
                raise DataError(f"expected a host on the public internet, got {got}", where=url, hint=hint)
        if not addresses:
            raise OSError(f"no address of {host} is known")
        return Way(url, host, port, addresses, target)

    @contextmanager
    def ask(self, url: str, headers: Mapping[str, str] | None = None, *, method: str = "GET") -> Iterator[Answer]:
        """The answer at an address, after redirects; the connection is closed when the block ends.

        Raises
        ------
        DataError
            If the address, or one that it redirects to, is forbidden, or there are too many redirects.
        OSError, HTTPException
            If the connection fails.
        """
        start = url
        for _ in range(MOST_REDIRECTS + 1):
            with self._asked(url, method, headers or {}) as answer:
                moved = answer.header("Location") if answer.status in _MOVED else ""
                if not moved:
                    yield answer
                    return
            try:
                url = urljoin(url, moved)
            except ValueError:
                raise DataError("expected a redirect to an https address", where=moved, hint=_BY_HAND) from None
        raise DataError(f"expected at most {MOST_REDIRECTS} redirects, got more", where=start, hint=_BY_HAND)

    @contextmanager
    def _asked(self, url: str, method: str, headers: Mapping[str, str]) -> Iterator[Answer]:
        """The answer at one address, whatever it is."""
        with closing(_Pinned(self.check(url), self.context, self.timeout)) as connection:
            response = connection.answer(method, headers)
            with closing(response):  # it has its own hold on the connection
                yield Answer(url, response)


class _Pinned(http.client.HTTPSConnection):
    """A connection to an address that was checked, whatever the name resolves to by now."""

    def __init__(self, way: Way, context: ssl.SSLContext, timeout: float) -> None:
        super().__init__(way.host, way.port, timeout=timeout, context=context)
        self._way, self._tls = way, context

    def connect(self) -> None:
        """Connect to the first checked address that answers; the certificate must be for the host's name."""
        failed: OSError | None = None
        for address in self._way.addresses:
            try:
                plain = socket.create_connection((address, self._way.port), self.timeout)
            except OSError as error:
                failed = error
                continue
            try:
                self.sock = self._tls.wrap_socket(plain, server_hostname=self._way.host, suppress_ragged_eofs=False)
            except BaseException:
                plain.close()
                raise
            return
        raise failed or OSError(f"no address of {self._way.host}")

    def answer(self, method: str, headers: Mapping[str, str]) -> http.client.HTTPResponse:
        """Ask, and read the head of the answer."""
        own = {"User-Agent": f"multipolar/{__version__}", "Accept": "*/*", "Accept-Encoding": "identity"}
        self.request(method, self._way.target, headers={**own, "Connection": "close", **headers})
        return self.getresponse()


def is_public(address: str) -> bool:
    """Whether a numeric address is one of the public internet: of a single machine, and for everybody the same.

    An IPv4 address inside an IPv6 one (mapped, 6to4, Teredo, NAT64) is looked at as what it is.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    inner = _inside(found)
    if inner:
        return all(map(_global, inner))
    return _global(found)


def _inside(address: Address) -> tuple[ipaddress.IPv4Address, ...]:
    if isinstance(address, ipaddress.IPv4Address):
        return ()
    if address in _NAT64:
        return (ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF),)
    mapped = address.ipv4_mapped or address.sixtofour
    return (mapped,) if mapped else address.teredo or ()


def _global(address: Address) -> bool:
    special = address.is_private or address.is_loopback or address.is_link_local or address.is_multicast
    special |= address.is_reserved or address.is_unspecified or getattr(address, "is_site_local", False)
    return address.is_global and not special


def _taken_apart(url: str) -> tuple[str, int, str]:
    """Host, port and path with query of an https address without anything unusual in it."""
    bad = any(mark.isspace() or not mark.isprintable() or mark == "\\" for mark in url)
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip(".").encode("idna").decode().lower(), parts.port or HTTPS
    except ValueError:  # UnicodeError is one
        bad, parts, host, port = True, urlsplit(""), "", HTTPS
    if bad or parts.scheme != "https" or not host or parts.username is not None or parts.password is not None:
        raise DataError("expected an https address", where=url, hint=_BY_HAND)
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    return host, port, f"{path}?{query}" if query else path
