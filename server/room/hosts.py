"""Which names a browser may call the room by: a page of another site that got its name pointed here is refused."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Collection
from urllib.parse import urlsplit


def is_own_name(host: str, listens_on: str, names: Collection[str] = ()) -> bool:
    """Whether ``host``, a Host header, is a name of the room.

    On loopback these are localhost and loopback addresses. On other addresses also every address written as numbers,
    which no foreign name can pretend to be (DNS rebinding needs a name), and this machine's own name. ``names`` are
    further names from the settings.
    """
    try:
        name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return False
    if name == "localhost" or name in {each.lower() for each in names}:
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return not _is_loopback(listens_on) and name in {listens_on.lower(), socket.gethostname().lower()}
    return address.is_loopback or not _is_loopback(listens_on)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
