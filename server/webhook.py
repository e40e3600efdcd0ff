"""Tells an address of a merchant's own of each alarm, signed, and does not try for ever."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import secrets
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from pydantic import SecretStr

from engine.settings.fetch import NOTHING_ALLOWED, Allowance, FetchError, Limits, post
from server.alarms import Alarm

logger = logging.getLogger(__name__)

MOST_WAITING = 50
"""Messages that wait; the oldest beyond is lost, and counted."""

LIMITS = Limits(max_bytes=16_384, seconds=10.0)

PAUSES_S = (2.0, 10.0, 60.0)
"""Before the second, third and last try."""


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """What ``Everhost-Signature`` holds: HMAC-SHA256 (RFC 2104) of timestamp, full stop and body, in hex."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


class Webhook:
    """Sends what ``tell`` is given, in order, while ``run`` runs.

    The headers are ``Everhost-Timestamp`` (seconds since the epoch, of this try) and ``Everhost-Signature``; a message
    that comes twice has the same ``id`` in its body.
    """

    def __init__(
        self,
        channel: str,
        address: SecretStr,
        secret: SecretStr,
        pauses_s: Sequence[float] = PAUSES_S,
        allowance: Allowance = NOTHING_ALLOWED,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._channel = channel
        self._address = address
        self._secret = secret
        self._pauses_s = pauses_s
        self._allowance = allowance
        self._wall = wall
        self._waiting: deque[bytes] = deque()
        self._has_some = asyncio.Event()
        self.sent = 0
        self.lost = 0

    def reload(self, address: SecretStr, secret: SecretStr) -> None:
        """What is sent from now on goes to another address, or is signed with another secret."""
        self._address = address
        self._secret = secret

    @property
    def is_set(self) -> bool:
        """Whether there is an address to tell."""
        return bool(self._address.get_secret_value())

    @property
    def waiting(self) -> int:
        """Messages that wait for their first try."""
        return len(self._waiting)

    def tell(self, alarm: Alarm) -> None:
        """Have a message sent; does nothing where no address is set."""
        if not self.is_set:
            return
        self._waiting.append(self._body(alarm))
        if len(self._waiting) > MOST_WAITING:
            self._waiting.popleft()
            self.lost += 1
        self._has_some.set()

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            await self._has_some.wait()
            while self._waiting:
                await self._deliver(self._waiting.popleft())
            self._has_some.clear()

    async def _deliver(self, body: bytes) -> None:
        for pause_s in (*self._pauses_s, None):
            try:
                await asyncio.to_thread(self._send, body)
            except FetchError as error:
                if pause_s is None or not error.retryable:
                    self.lost += 1
                    logger.warning("the alarm webhook was not told: %s", error)
                    return
                await asyncio.sleep(pause_s)
            else:
                self.sent += 1
                return

    def _send(self, body: bytes) -> None:
        timestamp = f"{self._wall():.0f}"
        headers = {
            "Content-Type": "application/json",
            "Everhost-Timestamp": timestamp,
            "Everhost-Signature": signature(self._secret.get_secret_value(), timestamp, body),
        }
        post(self._address.get_secret_value(), body, LIMITS, headers=headers, allowance=self._allowance)

    def _body(self, alarm: Alarm) -> bytes:
        over = alarm.cleared_at
        message = {
            "id": secrets.token_hex(8),
            "event": "raised" if over is None else "cleared",
            "channel": self._channel,
            "kind": alarm.kind.value,
            "process": alarm.process,
            "detail": alarm.detail,
            "raised_at": _text(alarm.at),
            "cleared_at": None if over is None else _text(over),
        }
        return json.dumps(message, ensure_ascii=False).encode()


def _text(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
