"""Fetches addresses that others wrote, safely.

HTTPS only. At every hop the name is resolved, every address it has must be public, and the connection goes to one of
the addresses that were checked: a name that resolves differently a moment later (DNS rebinding) gains nothing. The
answer is limited in size and time, redirects in number.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import queue
import socket
import ssl
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], list[str]]

MOST_REDIRECTS = 4
_CHUNK = 65_536
_AGENT = "Everhost/0.1"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_METADATA = frozenset(
    map(ipaddress.ip_address, ("168.63.129.16", "169.254.169.254", "100.100.100.200", "192.0.0.192", "fd00:ec2::254"))
)
"""Addresses at which clouds tell their machines secrets; one of them lies in public space."""

_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
_NEVER = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "100::/64", "fec0::/10", "2001::/23")))


class FetchError(Exception):
    """An address could not be fetched. ``retryable`` is False where trying again cannot help.

    ``retry_after_s`` is what the server asked for, or 0.
    """

    def __init__(self, message: str, *, retryable: bool, retry_after_s: float = 0.0) -> None:
        super().__init__(message)
        self.retryable = retryable
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class Limits:
    """How much and how long. ``seconds`` is for everything, redirects and name look-ups included."""

    max_bytes: int
    seconds: float
    redirects: int = MOST_REDIRECTS


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is allowed beyond the rules; given in code by tests with a server of their own, never by a setting."""

    addresses: frozenset[str] = frozenset()
    resolve: Resolve | None = None
    tls: ssl.SSLContext | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: ``status`` 200, or 304 when nothing has changed (then ``content`` is empty)."""

    status: int
    content: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    url: str = ""


NOTHING_ALLOWED = Allowance()


def fetch(
    url: str, limits: Limits, *, headers: Mapping[str, str] | None = None, allowance: Allowance = NOTHING_ALLOWED
) -> Fetched:
    """The answer of ``url``.

    Raises:
        FetchError: with the reason, in words for the merchant.
    """
    until = time.monotonic() + limits.seconds
    for _ in range(limits.redirects + 1):
        answer = _once(url, limits, headers or {}, allowance, until)
        if isinstance(answer, Fetched):
            return answer
        url = urllib.parse.urljoin(url, answer)
    raise FetchError(f"more than {limits.redirects} redirects", retryable=False)


def post(
    url: str,
    body: bytes,
    limits: Limits,
    *,
    headers: Mapping[str, str] | None = None,
    allowance: Allowance = NOTHING_ALLOWED,
) -> int:
    """Send ``body`` to ``url``; the status of the answer, which is 200 to 299. Redirects are not followed.

    Raises:
        FetchError: with the reason, in words for the merchant.
    """
    answer = _once(url, limits, headers or {}, allowance, time.monotonic() + limits.seconds, body)
    if isinstance(answer, str):
        raise FetchError("it redirects, which is not followed", retryable=False)
    return answer.status


def is_public(address: IPAddress) -> bool:
    """Whether an address is one of the public internet, and none that stands for another that is not."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is None and any(address in net for net in _NAT64):
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    if address in _METADATA or any(address in net for net in _NEVER if net.version == address.version):
        return False
    bad = address.is_private or address.is_loopback or address.is_link_local or address.is_multicast
    return address.is_global and not (bad or address.is_reserved or address.is_unspecified)


def checked_addresses(host: str, found: Iterable[str], allowance: Allowance) -> list[str]:
    """The addresses of ``host``, all of which must be public.

    Raises:
        FetchError: one of them is not.
    """
    addresses = list(dict.fromkeys(found))
    for text in addresses:
        try:
            address = ipaddress.ip_address(text.split("%", 1)[0])
        except ValueError as error:
            raise FetchError(f"{host} has no usable address", retryable=True) from error
        if text not in allowance.addresses and not is_public(address):
            raise FetchError(f"{host} is at {text}, which is not an address of the public internet", retryable=False)
    if not addresses:
        raise FetchError(f"{host} has no address", retryable=True)
    return addresses


def _once(
    url: str,
    limits: Limits,
    headers: Mapping[str, str],
    allowance: Allowance,
    until: float,
    body: bytes | None = None,
) -> Fetched | str:
    """One request, a POST if it has a body: the answer, or where it redirects to."""
    host, port, path = _parts(url)
    resolve = allowance.resolve or _resolve
    addresses = checked_addresses(host, _in_time(lambda: resolve(host, port), host, until), allowance)
    connection = _connect(host, port, addresses, allowance, until)
    # A server that sends a byte now and then would outlive any timeout of single reads: the socket is shut instead.
    guard = threading.Timer(max(0.01, until - time.monotonic()), _shut, [connection.sock])
    guard.daemon = True
    guard.start()
    try:
        asked = {"User-Agent": _AGENT, "Accept-Encoding": "identity", "Connection": "close", **headers}
        connection.request("GET" if body is None else "POST", path, body, asked)
        # The answer takes the socket over from the connection, so both must be closed.
        with connection.getresponse() as response:
            if body is not None and 200 <= response.status < 300:
                return Fetched(response.status, b"")
            return _answer(response, url, limits, until)
    except FetchError:
        raise
    except TimeoutError as error:
        raise FetchError(f"{host} did not answer within {limits.seconds:g} s", retryable=True) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        if time.monotonic() >= until - 0.05:
            raise FetchError(f"{host} did not answer within {limits.seconds:g} s", retryable=True) from error
        raise FetchError(f"{host} broke off: {error or type(error).__name__}", retryable=True) from error
    finally:
        guard.cancel()
        connection.close()
        guard.join(1.0)


def _parts(url: str) -> tuple[str, int, str]:
    """Host, port and path of an address that may be asked."""
    try:
        parts = urllib.parse.urlsplit(url)
        host, port = parts.hostname, parts.port or 443
    except ValueError as error:
        raise FetchError(f"“{url[:80]}” is not an address", retryable=False) from error
    if parts.scheme != "https":
        raise FetchError(f"“{url[:80]}” does not begin with https://", retryable=False)
    if not host or parts.username is not None or parts.password is not None:
        raise FetchError(f"“{parts.netloc[:40]}” is not a host that may be asked", retryable=False)
    try:
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise FetchError(f"“{host}” is not a host name", retryable=False) from error
    path = urllib.parse.quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = urllib.parse.quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    return host, port, f"{path}?{query}" if query else path


def _resolve(host: str, port: int) -> list[str]:
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _in_time(job: Callable[[], list[str]], host: str, until: float) -> list[str]:
    """A look-up cannot be stopped, so it runs in a thread of its own that is left behind when time is up."""
    results: queue.Queue[list[str] | OSError] = queue.Queue()

    def work() -> None:
        try:
            results.put(job())
        except OSError as error:
            results.put(error)
        except UnicodeError as error:
            results.put(OSError(str(error)))

    threading.Thread(target=work, name="resolve", daemon=True).start()
    try:
        found = results.get(timeout=max(0.01, until - time.monotonic()))
    except queue.Empty as error:
        raise FetchError(f"the address of {host} was not found in time", retryable=True) from error
    if isinstance(found, OSError):
        raise FetchError(f"{host} cannot be found", retryable=True) from found
    return found


def _connect(
    host: str, port: int, addresses: list[str], allowance: Allowance, until: float
) -> http.client.HTTPConnection:
    """A connection to the first of ``addresses`` that answers; the certificate must be that of ``host``."""
    context = allowance.tls or ssl.create_default_context()
    reason: OSError | None = None
    for address in addresses:
        left = until - time.monotonic()
        if left <= 0:
            break
        plain = None
        try:
            plain = socket.create_connection((address, port), timeout=left)
            connection = http.client.HTTPConnection(host, port, timeout=left)
            connection.sock = context.wrap_socket(plain, server_hostname=host)
        except OSError as error:
            reason = error
            if plain is not None:
                plain.close()
            continue
        return connection
    if isinstance(reason, ssl.SSLError):
        raise FetchError(f"{host} has no certificate that holds: {reason.reason}", retryable=False) from reason
    raise FetchError(f"{host} cannot be reached: {reason or 'no time left'}", retryable=True) from reason


def _shut(connected: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)


def _answer(response: http.client.HTTPResponse, url: str, limits: Limits, until: float) -> Fetched | str:
    headers = {name.lower(): value for name, value in response.getheaders()}
    status = response.status
    if status in _REDIRECTS:
        if "location" not in headers:
            raise FetchError("it redirects to nowhere", retryable=False)
        return headers["location"]
    if status == 304:
        return Fetched(304, b"", headers, url)
    if status != 200:
        is_busy = status in {408, 425, 429} or status >= 500
        after = headers.get("retry-after", "")
        raise FetchError(
            f"it answers {status} {response.reason}".strip(),
            retryable=is_busy,
            retry_after_s=float(after) if after.isascii() and after.isdigit() else 0.0,
        )
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise FetchError("it sends a packed answer that was not asked for", retryable=False)
    if headers.get("content-length", "").isdigit() and int(headers["content-length"]) > limits.max_bytes:
        raise FetchError(f"it is larger than {limits.max_bytes / 1e6:g} MB", retryable=False)
    return Fetched(200, _body(response, limits, until), headers, url)


def _body(response: http.client.HTTPResponse, limits: Limits, until: float) -> bytes:
    parts: list[bytes] = []
    size = 0
    while part := response.read1(_CHUNK):
        size += len(part)
        if size > limits.max_bytes:
            raise FetchError(f"it is larger than {limits.max_bytes / 1e6:g} MB", retryable=False)
        if time.monotonic() >= until:
            raise TimeoutError
        parts.append(part)
    if response.length:
        raise FetchError("the answer ended too early", retryable=True)
    if time.monotonic() >= until:
        raise TimeoutError
    return b"".join(parts)
