"""How often a password may be tried: a few times at once and then slowly, for each name and each address."""

from __future__ import annotations

import time
from collections.abc import Callable

from server.limits import household

TRIES_AT_ONCE = 5
TRIES_A_MINUTE = 5.0

KEPT = 2000
"""Names that are remembered, and as many addresses."""

ROUNDING_S = 0.001


class Tries:
    """Bounded memory of who tries passwords."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._names, self._addresses = _Counted(clock), _Counted(clock)

    def may_try(self, name: str, address: str) -> bool:
        """Whether one more password may be tried now; counts as a try for both.

        A blocked name still uses up its address's tries. A blocked address uses up nobody's name, so that it can
        neither keep somebody out nor fill the memory with names.
        """
        return self._addresses.take(household(address)) and self._names.take(name.casefold())

    def forgive(self, name: str, address: str) -> None:
        """The right password: forget what came before."""
        self._names.forgive(name.casefold())
        self._addresses.forgive(household(address))


class _Counted:
    """The tries of up to ``KEPT`` names, or of addresses.

    Of each only the time is kept at which it has all its tries again: each try takes it one step further. Where there
    are too many, the one that is nearest to that time is forgotten, and from then on everybody who is not remembered
    counts as that far (as in the space-saving algorithm of Metwally, Agrawal and El Abbadi, 2005). So nobody gets
    tries back because others tried; those who are not remembered have fewer, until a minute after a flood.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._whole_at: dict[str, float] = {}
        self._forgotten_at = clock()

    def take(self, who: str) -> bool:
        """Whether there is one more try now; it is used up."""
        now, step = self._clock(), 60 / TRIES_A_MINUTE
        whole_at = max(now, self._whole_at.get(who, self._forgotten_at)) + step
        if whole_at > now + TRIES_AT_ONCE * step + ROUNDING_S:
            return False
        self._whole_at[who] = whole_at
        if len(self._whole_at) > KEPT:
            nearest = min(self._whole_at, key=self._whole_at.__getitem__)
            self._forgotten_at = max(self._forgotten_at, self._whole_at.pop(nearest))
        return True

    def forgive(self, who: str) -> None:
        self._whole_at.pop(who, None)
