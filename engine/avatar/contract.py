"""What every body can do, whatever it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.avatar.framing import View
from engine.flow import Floats
from engine.settings.consent import Consent


@dataclass(frozen=True, slots=True)
class Heard:
    """The sound of the line on air, mono at 48 kHz, and the sample of it at which the picture begins."""

    pcm_48k: Floats
    sample: int


class Body(Protocol):
    """One host on one canvas. Not thread-safe: open, paint and close in one thread."""

    detail: float
    """Times the picture's resolution at which what moves is drawn, 0.5 to 1.5; less is cheaper."""

    hears: bool
    """Whether it wants the sound beside the curves."""

    @property
    def note(self) -> str:
        """What is to be said of it on this machine; "" where there is nothing."""

    @property
    def consent(self) -> Consent | None:
        """What the person agreed to who is shown; None where nobody is."""

    def paint(self, curves: Floats, canvas_bgr: NDArray[np.uint8], view: View = ..., heard: Heard | None = ...) -> None:
        """Draws the host over ``canvas_bgr`` (height, width, 3), in place, acting a row of ``flow.CURVES``.

        ``heard`` is for bodies that hear, and None where nothing is said.
        """

    def prepare(self) -> bool:
        """Makes one thing that later pictures need and that is not there yet (some 0.03 s); False where all are."""

    def close(self) -> None:
        """Releases the drawing context. May be called again."""
