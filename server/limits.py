"""How often somebody may do something."""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache

MOST_ADDRESSES = 1000
"""Addresses that are remembered; the one that was seen longest ago is forgotten."""


class TokenBucket:
    """Lets ``burst`` through at once and ``per_minute`` in the long run."""

    def __init__(self, per_minute: float, burst: float, clock: Callable[[], float]) -> None:
        self._rate = per_minute / 60
        self._burst = burst
        self._clock = clock
        self._tokens = burst
        self._at = clock()

    def take(self) -> bool:
        """Whether one more may pass now."""
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


@lru_cache(MOST_ADDRESSES)
def household(address: str) -> str:
    """Who is behind an address: of IPv6 the /64, because each connection has so many to choose from (RFC 6177)."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(found), 64), strict=False))


def is_loopback(address: str) -> bool:
    """Whether an address is this machine's own, which others do not come from."""
    return address == "::1" or household(address).startswith("127.")


class AddressBuckets:
    """A bucket for everybody behind one address, so that opening more pages does not help much."""

    def __init__(self, per_minute: float, burst: float, clock: Callable[[], float]) -> None:
        self._per_minute = per_minute
        self._burst = burst
        self._clock = clock
        self._buckets: OrderedDict[str, TokenBucket] = OrderedDict()

    def take(self, address: str) -> bool:
        """Whether one more may pass from ``address`` now."""
        key = household(address)
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = TokenBucket(self._per_minute, self._burst, self._clock)
            if len(self._buckets) > MOST_ADDRESSES:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(key)
        return bucket.take()
