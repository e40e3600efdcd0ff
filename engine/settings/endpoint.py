"""One request to an endpoint that the merchant named, within a deadline.

The key goes into one header and nowhere else, no message either; a redirect is not followed, so that it never reaches
another host. The answer is limited in size, the whole request in time: looking up the name and connecting are part of
it.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import json
import socket
import ssl
import threading
import time
import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.settings.connecting import connected
from engine.settings.url import with_host

REFUSED_FOR_NOW = frozenset({408, 409, 425, 429})

_CHUNK = 65_536
_LEAST_S = 0.01


class EndpointError(Exception):
    """An endpoint gave no answer."""


class EndpointLateError(EndpointError):
    """The deadline passed."""


class EndpointBrokeError(EndpointError):
    """The connection broke off, or could not be made."""


class EndpointAnswerError(EndpointError):
    """The answer is larger than allowed."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. ``retry_after_s`` is what the server asked for, or 0."""

    status: int
    content_type: str
    retry_after_s: float
    body: bytes

    @property
    def retryable(self) -> bool:
        """Whether a refusal may be none a little later."""
        return self.status >= 500 or self.status in REFUSED_FOR_NOW


class Endpoint:
    """``address`` is that of the API, such as ``https://api.example.com/v1``; ``path`` what is asked below it.

    White space around ``key`` is no part of it: files of variables end their lines in many ways.
    """

    def __init__(self, address: str, path: str, key: str) -> None:
        parts = urllib.parse.urlsplit(address)
        self.host = parts.hostname or ""
        self._tls = parts.scheme == "https"
        self._port = parts.port or (443 if self._tls else 80)
        self._path = f"{parts.path.rstrip('/')}/{path}"
        self._key = key.strip()
        self._closed = False
        self._socket: socket.socket | None = None

    def post(
        self,
        request: Mapping[str, Any],
        accept: str,
        deadline_s: float,
        most_bytes: int,
        stall_s: float | None = None,
    ) -> Reply:
        """Send ``request`` as JSON. With ``stall_s`` an answer that pauses for longer behind its head is given up
        before the deadline; its head has until then, as many servers answer only when all is done.

        Raises:
            EndpointError: there is no answer, or a larger one than ``most_bytes``.
        """
        if self._closed:
            raise EndpointBrokeError(f"{self.host} is closed")
        if not (self._key.isascii() and self._key.isprintable()):
            raise EndpointError(f"the key for {self.host} has a character that no key may hold, such as a line break")
        until = time.monotonic() + deadline_s
        late = threading.Event()
        connection: http.client.HTTPConnection | None = None
        # A server that sends a byte now and then would outlive any timeout of single reads: the socket is shut instead.
        alarm = threading.Timer(deadline_s, self._shut, [late.set])
        alarm.daemon = True
        alarm.start()
        try:
            connection = self._connected(until, deadline_s)
            held = connection.sock
            headers = {"Content-Type": "application/json", "Accept": accept, "Connection": "close"}
            if self._key:
                headers["Authorization"] = f"Bearer {self._key}"
            connection.request("POST", self._path, json.dumps(request).encode(), headers)
            with connection.getresponse() as response:
                held.settimeout(max(_LEAST_S, min(stall_s or deadline_s, until - time.monotonic())))
                body = self._read(response, most_bytes)
        except (OSError, http.client.HTTPException, ValueError) as error:
            if late.is_set() or time.monotonic() >= until:
                raise EndpointLateError(f"{self.host} did not answer within {deadline_s:g} s") from error
            if isinstance(error, TimeoutError):
                raise EndpointLateError(f"{self.host} sent nothing for {stall_s or deadline_s:g} s") from error
            if isinstance(error, ValueError) and not isinstance(error, OSError):
                # Such an error shows what it was given, the key too; that of a certificate is an OSError as well.
                raise EndpointBrokeError(f"{self.host} could not be asked: {type(error).__name__}") from None
            raise EndpointBrokeError(f"{self.host} broke off: {error or type(error).__name__}") from error
        else:
            if late.is_set():
                raise EndpointLateError(f"{self.host} did not answer within {deadline_s:g} s")
            after = response.headers.get("retry-after", "")
            wait_s = float(after) if after.isascii() and after.isdigit() else 0.0
            return Reply(response.status, response.headers.get_content_type(), wait_s, body)
        finally:
            alarm.cancel()
            if connection is not None:
                connection.close()
            alarm.join(1.0)
            self._let_go()

    def close(self) -> None:
        """End a request that is under way, and ask no more; may be called twice and from another thread."""
        self._closed = True
        self._shut()

    def _connected(self, until: float, longest_s: float) -> http.client.HTTPConnection:
        """A connection that is made before ``until``; the certificate of an https address must be that of its host."""
        plain = connected(self.host, self._port, until, longest_s, self._hold)
        plain.settimeout(max(_LEAST_S, until - time.monotonic()))
        if not self._tls:
            connection = http.client.HTTPConnection(self.host, self._port)
            connection.sock = plain
            return connection
        context = ssl.create_default_context()
        context.set_alpn_protocols(["http/1.1"])
        connection = http.client.HTTPSConnection(self.host, self._port, context=context)
        try:
            connection.sock = context.wrap_socket(plain, server_hostname=self.host)
        except (OSError, ValueError):
            plain.close()
            raise
        return connection

    def _hold(self, connecting: socket.socket) -> None:
        """Keep another handle of a socket, by which it can be shut from another thread, also when it is wrapped."""
        self._let_go()
        self._socket = connecting.dup()
        if self._closed:
            raise ConnectionAbortedError(f"{self.host} is closed")

    def _let_go(self) -> None:
        held, self._socket = self._socket, None
        if held is not None:
            held.close()

    def _read(self, response: http.client.HTTPResponse, most_bytes: int) -> bytes:
        parts: list[bytes] = []
        size = 0
        while part := response.read1(_CHUNK):
            size += len(part)
            if size > most_bytes:
                raise EndpointAnswerError(f"{self.host} sent more than {most_bytes} bytes")
            parts.append(part)
        if response.length:
            raise http.client.IncompleteRead(b"", response.length)
        return b"".join(parts)

    def _shut(self, before: Callable[[], None] = lambda: None) -> None:
        before()
        shut = self._socket
        if shut is not None:
            with contextlib.suppress(OSError):
                shut.shutdown(socket.SHUT_RDWR)


def safe_endpoint(address: str) -> str:
    """``address`` as it is kept, where keys and lines travel encrypted or do not leave this machine.

    Raises:
        ValueError: with what would be right.
    """
    if not address:
        return address
    if address.startswith(("https://", "http://")):
        with_host(address)
    parts = urllib.parse.urlsplit(address)
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise ValueError("write the address without user, key or query; the key is read from key_env")
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname))):
        raise ValueError("this is neither an https:// address nor one of this machine (http://127.0.0.1:…)")
    return address.rstrip("/")


def _is_loopback(host: str) -> bool:
    """Whether a host is this machine, whatever a name server says."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
