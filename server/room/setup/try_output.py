"""Tries one destination: ``python -m server.room.setup.try_output``, a JSON line in, a JSON line out.

A process of its own, because FFmpeg never gives up on a peer that accepts and stays silent; the parent kills it. The
address and the key come by standard input, never by the command line. What is asked for is the right to publish:
connection, application and key are checked by the peer, and not one picture is sent, so no stream begins anywhere.
"""

from __future__ import annotations

import ipaddress
import json
import socket
import sys
import time
from urllib.parse import urlsplit

import av

from engine.runtime.child import die_with_parent
from engine.settings.fetch import is_public
from server.room.setup.tasks import Plain

CONNECT_S = 4.0
PUBLISH_S = 6.0

PORTS = {"rtmp": 1935, "rtmps": 443}

_BAD_KEY = ("badname", "denied", "unauthorized", "invalid stream", "input/output error")


def attempt(url: str, key: str) -> Plain:
    """``code`` names a text of the catalogues; ``private`` says that the peer is in this machine's own network."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in PORTS or not host:
        return {"code": "output_bad_address"}
    port = parts.port or PORTS[parts.scheme]
    try:
        found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError):
        return {"code": "output_no_host", "detail": host}
    addresses = [ipaddress.ip_address(each.split("%", 1)[0]) for each in dict.fromkeys(found)]
    if any(_never(each) for each in addresses):
        return {"code": "output_not_allowed", "detail": host}
    private = not all(is_public(each) for each in addresses)
    try:
        socket.create_connection((host, port), timeout=CONNECT_S).close()
    except TimeoutError:
        return {"code": "output_silent", "detail": f"{host}:{port}", "private": private}
    except OSError as error:
        return {"code": "output_refused", "detail": f"{host}:{port}: {error.strerror or error}", "private": private}
    return {**_publish(url, key), "private": private}


def _publish(url: str, key: str) -> Plain:
    began = time.monotonic()
    full = url.rstrip("/") + "/" + key if key else url
    try:
        av.open(full, "w", format="flv", timeout=PUBLISH_S).close()
    except (OSError, av.error.FFmpegError) as error:
        said = (error.strerror or "").lower()
        if time.monotonic() - began >= PUBLISH_S or isinstance(error, TimeoutError):
            return {"code": "output_silent"}
        return {"code": "output_rejected" if any(word in said for word in _BAD_KEY) else "output_broke"}
    return {"code": "output_good", "milliseconds": round((time.monotonic() - began) * 1000)}


def _never(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Addresses that no streaming server has: link-local ones, at which clouds tell machines secrets, and groups."""
    return address.is_link_local or address.is_multicast or address.is_unspecified or address.is_reserved


def main() -> None:
    """Try what standard input says."""
    die_with_parent()
    av.logging.set_level(None)
    given = json.loads(sys.stdin.readline())
    print(json.dumps(attempt(given["url"], given["key"])), flush=True)


if __name__ == "__main__":
    main()
