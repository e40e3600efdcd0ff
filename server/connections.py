"""Connections that nobody can hold for nothing: uvicorn's HTTP, in which a request must come in time."""

from __future__ import annotations

import asyncio
import socket

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from server.limits import household, is_loopback

HEAD_S = 10.0
"""A connection has so long to send the whole head of a request. Bytes that come singly do not make it longer."""

BODY_S = 300.0
"""And so long for the body: the largest upload of the control room on a line of half a megabit."""

UNREAD_S = 60.0
"""The other side has so long to take what was sent to it; then the kernel ends the connection, WebSockets too."""

SHARE = 3
"""The part of all connections that one household may have open. It is enough for every viewer's chat and another one
each, because an office, a mobile carrier or a proxy on another machine is one household."""

ALWAYS_ANSWERED = frozenset({b"/healthz", b"/metrics"})
"""Whoever watches over the channel must hear of it above all when it is full."""


class TimelyProtocol(HttpToolsProtocol):
    """Closes a connection whose request does not come in time, or whose household has too many of them.

    A connection that has become a WebSocket still counts. On loopback nobody is counted: behind a proxy there all come
    from one address. ``limit_concurrency`` of the settings is the number of all connections.
    """

    _due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Begin to wait for a request."""
        super().connection_made(transport)
        connection = transport.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, round(UNREAD_S * 1000))
        if self._is_one_too_many():
            transport.abort()
        else:
            self._expect(HEAD_S)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._arrived()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take in what came. Between two requests it is uvicorn's own timer that waits, until the first byte."""
        if self._due is None and (self.cycle is None or self.cycle.response_complete):
            self._expect(HEAD_S)
        super().data_received(data)

    def on_headers_complete(self) -> None:
        """The head is here; some paths are answered however many connections there are."""
        self._expect(BODY_S)
        is_limited = self.url.partition(b"?")[0] not in ALWAYS_ANSWERED
        self.limit_concurrency = self.config.limit_concurrency if is_limited else None
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The whole request is here."""
        self._arrived()
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """From now on the connection is a WebSocket's, with rules of its own."""
        self._arrived()
        super().handle_websocket_upgrade()

    def _is_one_too_many(self) -> bool:
        limit = self.config.limit_concurrency
        if limit is None or self.client is None or is_loopback(self.client[0]):
            return False
        # Of uvicorn's protocols one has no client: the one that does not know yet which it is. It is not used here.
        clients = [getattr(each, "client", None) for each in self.connections]
        mine = household(self.client[0])
        return sum(1 for each in clients if each and household(each[0]) == mine) > limit // SHARE

    def _expect(self, seconds: float) -> None:
        self._arrived()
        self._due = self.loop.call_later(seconds, self.transport.abort)

    def _arrived(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None
