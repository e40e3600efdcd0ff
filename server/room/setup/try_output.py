"""Tries one destination: ``python -m server.room.setup.try_output``, a JSON line in, a JSON line out.

A process of its own, because a name server may block for long; the parent kills it. The address and the key come by
standard input, never by the command line. It speaks to the peer as an outlet on air does, up to the right to publish:
connection, application and key are checked, and not one picture is sent. By RTMP no stream begins anywhere; a WHIP
server has a session for a moment, which is deleted.
"""

from __future__ import annotations

import ipaddress
import json
import socket
import sys
import time
from urllib.parse import urlsplit

from pydantic import SecretStr

from engine.flow import MediaFormat
from engine.outlets.base import OutletError
from engine.outlets.flash.publisher import BusyError, Place, Publisher, Step
from engine.outlets.wire import Wire
from engine.settings.channel import Rtmp, Whip
from engine.settings.fetch import is_public
from engine.settings.precedence import end_with_parent
from server.room.setup.tasks import Plain

CONNECT_S = 4.0
PUBLISH_S = 6.0
LOOK_S = 0.01

WHIP_S = 9.0
"""A session by WHIP is given up by itself a second before."""

RTMP = frozenset({"rtmp", "rtmps"})


def attempt(url: str, key: str) -> Plain:
    """``code`` names a text of the catalogues; ``private`` says that the peer is in this machine's own network."""
    try:
        scheme = urlsplit(url).scheme
        place = _rtmp_place(url, key) if scheme in RTMP else _whip_place(url)
    except ValueError:
        return {"code": "output_bad_address"}
    try:
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    except OSError:
        return {"code": "output_no_host", "detail": place.host}
    addresses = [ipaddress.ip_address(str(each[4][0]).split("%", 1)[0]) for each in found]
    if any(_never(each) for each in addresses):
        return {"code": "output_not_allowed", "detail": place.host}
    told = _why_not_reached(place) or (_publish(place) if scheme in RTMP else _offer(url, key))
    return {**told, "private": not all(is_public(each) for each in addresses)}


def _why_not_reached(place: Place) -> Plain | None:
    """Why nobody takes a connection there; None where somebody does."""
    try:
        socket.create_connection((place.host, place.port), timeout=CONNECT_S).close()
    except OSError as error:
        why = f": {error.strerror}" if error.strerror else ""
        return {"code": "output_refused", "detail": f"{place.host}:{place.port}{why}"}
    return None


def _publish(place: Place) -> Plain:
    """Ask for the right to publish, and give it back."""
    began = time.monotonic()
    publisher = Publisher(place, MediaFormat(2, 2, 25))
    wire = Wire(place.host, place.port, place.scheme == "rtmps")
    try:
        while publisher.step is not Step.LIVE:
            if time.monotonic() - began > PUBLISH_S:
                return {"code": "output_silent", "detail": place.host}
            wire.push(publisher.take())
            publisher.hear(wire.work())
            time.sleep(LOOK_S)
        took = time.monotonic() - began
        # What a stream begins with is left out: only that it ends is said.
        publisher.take()
        publisher.finish()
        wire.push(publisher.take())
        wire.work()
    except BusyError:
        return {"code": "output_busy"}
    except OutletError as error:
        refused = publisher.step in (Step.CONNECT, Step.STREAM, Step.PUBLISH) and "refuses" in str(error)
        return {"code": "output_rejected"} if refused else {"code": "output_broke", "detail": str(error)}
    finally:
        wire.close()
    return {"code": "output_good", "milliseconds": round(took * 1000)}


def _rtmp_place(url: str, key: str) -> Place:
    """Where an RTMP server is.

    Raises:
        ValueError: the settings refuse the address.
    """
    return Place.of(Rtmp(kind="rtmp", url=url).url, key)


def _whip_place(url: str) -> Place:
    """Where a WHIP server is.

    Raises:
        ValueError: the settings refuse the address.
    """
    parts = urlsplit(Whip(kind="whip", url=url).url)
    return Place(parts.scheme, parts.hostname or "", parts.port or (80 if parts.scheme == "http" else 443), "", "")


def _offer(url: str, token: str) -> Plain:
    """Open a session, and delete it."""
    from engine.outlets.whip import WhipOutlet  # noqa: PLC0415 (aiortc takes a second, and RTMP does without)

    began = time.monotonic()
    outlet = WhipOutlet(url, SecretStr(token), lambda: None)
    try:
        while not outlet.live:
            if time.monotonic() - began > WHIP_S:
                return {"code": "output_silent", "detail": urlsplit(url).hostname}
            outlet.work()
            time.sleep(LOOK_S)
    except OutletError as error:
        return (
            {"code": "output_rejected"} if "refuses" in str(error) else {"code": "output_broke", "detail": str(error)}
        )
    finally:
        outlet.close()
    return {"code": "output_good", "milliseconds": round((time.monotonic() - began) * 1000)}


def _never(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Addresses that no streaming server has: link-local ones, at which clouds tell machines secrets, and groups."""
    return address.is_link_local or address.is_multicast or address.is_unspecified or address.is_reserved


def main() -> None:
    """Try what standard input says."""
    end_with_parent()
    given = json.loads(sys.stdin.readline())
    print(json.dumps(attempt(given["url"], given["key"])), flush=True)


if __name__ == "__main__":
    main()
