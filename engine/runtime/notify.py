"""Tells systemd how we are (sd_notify(3)); does nothing where systemd did not start us."""

from __future__ import annotations

import os
import socket
from contextlib import suppress

READY, ALIVE, STOPPING = "READY=1", "WATCHDOG=1", "STOPPING=1"


def notify(state: str) -> None:
    """Send one word to the service manager; it is never waited for."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
        out.setblocking(False)
        # "@" stands for the abstract name space (unix(7)).
        out.sendto(state.encode(), f"\0{address[1:]}" if address.startswith("@") else address)
