"""A connection that is made within a deadline: the look-up of a name and each of its addresses are part of it."""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

Address = tuple[Any, Any, int, str, Any]
"""One answer of getaddrinfo(3)."""


def connected(
    host: str,
    port: int,
    until: float,
    longest_s: float,
    made: Callable[[socket.socket], None] = lambda _: None,
    clock: Callable[[], float] = time.monotonic,
) -> socket.socket:
    """A connection to the first address of ``host`` that takes one before ``until`` on ``clock``.

    No address is waited for longer than ``longest_s``, nor so long that no time is left for the ones behind it.
    ``made`` gets each socket before it is connected, so that another thread may shut it.

    Raises:
        OSError: none took it, or the name is not known; TimeoutError where the time was up.
    """
    addresses = _found(host, port, until - clock())
    trouble: OSError = TimeoutError(f"{host} cannot be reached")
    for i, (family, kind, protocol, _, address) in enumerate(addresses):
        left = until - clock()
        if left <= 0:
            break
        one: socket.socket | None = None
        try:
            one = socket.socket(family, kind, protocol)
            one.settimeout(min(longest_s, left / (len(addresses) - i)))
            made(one)
            one.connect(address)
        except OSError as error:
            if one is not None:
                one.close()
            trouble = error
            continue
        with contextlib.suppress(OSError):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return one
    raise trouble


def _found(host: str, port: int, wait_s: float) -> list[Address]:
    """The addresses of a name. A look-up cannot be stopped: one that takes too long is left behind in its thread."""
    results: queue.Queue[list[Address] | OSError] = queue.Queue()

    def look_up() -> None:
        try:
            results.put(list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
        except OSError as error:
            results.put(error)
        except UnicodeError as error:
            results.put(OSError(f"{host} is not a host name: {error}"))

    threading.Thread(target=look_up, name="look-up", daemon=True).start()
    try:
        found = results.get(timeout=max(0.01, wait_s))
    except queue.Empty:
        raise TimeoutError(f"the address of {host} was not found in time") from None
    if isinstance(found, OSError):
        raise found
    return found
