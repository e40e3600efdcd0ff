"""How often a password may be tried: a few times at once and then slowly, for each name and each address."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

from server.limits import TokenBucket, household

TRIES_AT_ONCE = 5
TRIES_A_MINUTE = 5.0

KEPT = 2000
"""Names and addresses that are remembered; the longest unused one is forgotten."""


class Tries:
    """Bounded memory of who tries passwords."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: OrderedDict[tuple[str, str], TokenBucket] = OrderedDict()

    def may_try(self, name: str, address: str) -> bool:
        """Whether one more password may be tried now; counts as a try for both."""
        # Both are asked, so that a blocked name still uses up its address's tries.
        return all([self._bucket("name", name.casefold()).take(), self._bucket("address", household(address)).take()])

    def forgive(self, name: str, address: str) -> None:
        """The right password: forget what came before."""
        for key in (("name", name.casefold()), ("address", household(address))):
            self._buckets.pop(key, None)

    def _bucket(self, kind: str, value: str) -> TokenBucket:
        key = (kind, value)
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = TokenBucket(TRIES_A_MINUTE, TRIES_AT_ONCE, self._clock)
            if len(self._buckets) > KEPT:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(key)
        return bucket
