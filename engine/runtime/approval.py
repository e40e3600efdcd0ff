"""Approve mode: lines wait until an operator lets them go, and what the show does meanwhile.

Every line of the show and every answer waits, except the spoken AI notice, which the law asks for, and what an
operator typed. While none is approved the host lives on in silence. After ``PATIENCE_S`` of it the next sentence of the
templates, which are proven from the catalogue, goes on air by itself; a language model's line never does.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from engine.flow import Line, LineKind
from engine.runtime.messages import OnAir

PATIENCE_S = 20.0
"""Longer than ``alarms.no_speech_s`` usually is: an operator is called before the show helps itself."""

AHEAD_S = 30.0
"""Seconds of lines that wait in approve mode, and while paused, at least: an operator reads ahead and changes them."""

OPERATOR = "operator"
TEMPLATE = "template"


class Approval:
    """Whether lines wait for approval, and since when nothing is heard because of it."""

    def __init__(self, is_on: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self.is_on = is_on
        self._clock = clock
        self._quiet_since: float | None = None

    def wants(self, line: Line) -> bool:
        """Whether this line needs an operator's word."""
        return self.is_on and line.kind is not LineKind.NOTICE and line.writer != OPERATOR

    def hear(self, told: OnAir) -> None:
        """Take in whether something is said; silence that an operator ordered does not count."""
        if told.now is not None or told.stopped or told.paused:
            self._quiet_since = None
        elif self._quiet_since is None:
            self._quiet_since = self._clock()

    def must_go_on(self) -> bool:
        """Whether the silence has lasted too long; if so it is counted anew."""
        since = self._quiet_since
        if not self.is_on or since is None or self._clock() - since < PATIENCE_S:
            return False
        self._quiet_since = None
        return True

    def may_go_alone(self, line: Line) -> bool:
        """Whether a line may help out after a long silence."""
        return line.writer == TEMPLATE and line.allowed is not False
