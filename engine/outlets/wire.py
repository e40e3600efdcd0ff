"""A TCP connection, with or without TLS, that never blocks and knows how much the peer has taken."""

from __future__ import annotations

import errno
import fcntl
import os
import select
import socket
import ssl
import struct
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from itertools import zip_longest
from typing import Any

from engine.outlets.base import OutletError

SEND_BUFFER = 256 * 1024
"""Bytes the kernel may hold for us, about a second of a stream: what waits longer waits where it can be dropped."""

ADDRESS_S = 2.0
"""An address that neither takes nor refuses a connection within this time gives way to the name's next one."""

_SIOCOUTQ = 0x5411
"""Asks Linux for the bytes of a TCP socket that the peer has not acknowledged (tcp(7))."""

_READ_BYTES = 65536

Address = tuple[Any, ...]
"""One answer of getaddrinfo(3)."""


class Wire:
    """One connection; ``work`` is called again and again and carries it as far as it goes now."""

    def __init__(self, host: str, port: int, secure: bool) -> None:
        self._host = host
        self._secure = secure
        self._socket: socket.socket | None = None
        self._out = bytearray()
        self._sent = 0
        self._addresses: list[Address] | None = None
        self._tried_at = 0.0
        self._trouble = ""
        self._step = self._resolve_step
        # The system's resolver blocks, for many seconds where no name server answers.
        threading.Thread(target=self._resolve, args=(host, port), name="resolve", daemon=True).start()

    @property
    def sent(self) -> int:
        """Bytes given to the kernel so far."""
        return self._sent

    @property
    def taken(self) -> int:
        """Bytes that the peer's machine has acknowledged so far."""
        return self._sent - self._in_kernel()

    @property
    def waiting(self) -> int:
        """Bytes that the peer's machine has not acknowledged, those that are still here among them."""
        return len(self._out) + self._in_kernel()

    @property
    def clogged(self) -> bool:
        """Whether the kernel takes no more now."""
        return bool(self._out)

    def push(self, data: bytes) -> None:
        """Send ``data`` as soon as it goes. Only for as much as the caller bounds."""
        self._out += data

    def work(self) -> bytes:
        """Go on as far as it goes without waiting; returns what came.

        Raises:
            OutletError: no connection, or it has ended.
        """
        try:
            return self._step()
        except ssl.SSLCertVerificationError as error:
            raise OutletError(f"{self._host}: the certificate is not good: {error.verify_message}") from None
        except OSError as error:
            raise OutletError(f"{self._host}: {error.strerror or type(error).__name__}") from None

    def close(self) -> None:
        """Close; may be called twice."""
        self._step = self._closed_step
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _in_kernel(self) -> int:
        if self._socket is None:
            return 0
        try:
            return int(struct.unpack("i", fcntl.ioctl(self._socket.fileno(), _SIOCOUTQ, bytes(4)))[0])
        except OSError:
            return 0

    def _resolve(self, host: str, port: int) -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            self._trouble = error.strerror or "the name is not known"
            found = []
        self._addresses = in_turn(found)

    def _resolve_step(self) -> bytes:
        if self._addresses is not None:
            self._next_address()
        return b""

    def _next_address(self) -> None:
        if not self._addresses:
            raise OutletError(f"{self._host}: {self._trouble or 'no address'}")
        family, kind, protocol, _, address = self._addresses.pop(0)
        if self._socket is not None:
            self._socket.close()
        try:
            self._socket = socket.socket(family, kind, protocol)
        except OSError as error:  # a system without that family
            self._socket = None
            self._failed(error.errno or errno.EAFNOSUPPORT)
            return
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._tried_at = time.monotonic()
        code = self._socket.connect_ex(address)
        if code not in {0, errno.EINPROGRESS}:
            self._failed(code)
            return
        self._step = self._connect_step

    def _failed(self, code: int) -> None:
        """Try the next address of the name; this one does not do."""
        self._trouble = os.strerror(code)
        self._next_address()

    def _connect_step(self) -> bytes:
        assert self._socket is not None
        if not select.select((), (self._socket,), (), 0)[1]:
            if self._addresses and time.monotonic() - self._tried_at > ADDRESS_S:
                self._failed(errno.ETIMEDOUT)
            return b""
        code = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            self._failed(code)
            return b""
        if not self._secure:
            self._step = self._open_step
            return self._open_step()
        context = ssl.create_default_context()
        self._socket = context.wrap_socket(
            self._socket, server_hostname=self._host, do_handshake_on_connect=False, suppress_ragged_eofs=True
        )
        self._step = self._tls_step
        return self._tls_step()

    def _tls_step(self) -> bytes:
        assert isinstance(self._socket, ssl.SSLSocket)
        try:
            self._socket.do_handshake()
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return b""
        self._step = self._open_step
        return self._open_step()

    def _open_step(self) -> bytes:
        assert self._socket is not None
        came, trouble = self._received()
        if trouble:
            self._trouble, self._step = trouble, self._ended_step
            # What the peer said before it closed is why: it is read first.
            return came or self._ended_step()
        with suppress(BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            while self._out:
                count = self._socket.send(self._out)
                self._sent += count
                del self._out[:count]
        return came

    def _received(self) -> tuple[bytes, str]:
        """What has come, and how the connection has ended meanwhile; "" while it has not."""
        assert self._socket is not None
        came = bytearray()
        try:
            while data := self._socket.recv(_READ_BYTES):
                came += data
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return bytes(came), ""
        except OSError as error:
            if not came:
                raise
            return bytes(came), error.strerror or type(error).__name__
        return bytes(came), "the peer has closed the connection"

    def _ended_step(self) -> bytes:
        raise OutletError(f"{self._host}: {self._trouble}")

    def _closed_step(self) -> bytes:
        raise OutletError(f"{self._host}: the connection is closed")


def in_turn(found: Iterable[Address]) -> list[Address]:
    """Addresses in the resolver's order, but one family after the other: one of them may lead nowhere (RFC 8305, 4)."""
    families: dict[int, list[Address]] = {}
    for each in found:
        families.setdefault(each[0], []).append(each)
    return [each for turn in zip_longest(*families.values()) for each in turn if each is not None]
