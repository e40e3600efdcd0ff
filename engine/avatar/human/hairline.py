"""Where hair begins on the head."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.avatar.human.mesh import Points, smoothstep


@dataclass(frozen=True)
class Hairline:
    """The lower edge of the scalp by azimuth: degrees from the face (0) to the back of the head (180), either side.

    ``level`` is the edge's height over the eyes as a share of the head's height above them (the crown is 1). The
    scalp's tint fades in over the levels of ``soft`` around the edge. ``ears`` says whether ears are tinted too, for
    hair that hides them.
    """

    azimuth: tuple[float, ...]
    level: tuple[float, ...]
    soft: tuple[float, float] = (-0.03, 0.07)
    ears: bool = False

    def at(self, azimuth: Points) -> Points:
        """Level of the edge at azimuths in degrees."""
        return np.asarray(np.interp(azimuth, self.azimuth, self.level))

    def scalp(self, azimuth: Points, level: Points) -> Points:
        """How much of a point is scalp, 0 to 1."""
        return smoothstep(*self.soft, level - self.at(azimuth))


COVERED = Hairline(
    (0, 22, 42, 56, 66, 74, 80, 90, 140, 180),
    (0.62, 0.62, 0.57, 0.47, 0.20, -0.25, -0.7, -0.85, -0.85, -0.7),
    ears=True,
)
"""For hair that falls over ears and nape."""

WOMAN = Hairline(
    (0, 22, 40, 52, 60, 66, 71, 76, 92, 97, 103, 115, 140, 180),
    (0.62, 0.62, 0.57, 0.47, 0.26, 0.02, -0.16, 0.02, 0.04, -0.05, -0.36, -0.62, -0.80, -0.84),
    soft=(-0.085, 0.03),
)
"""For hair that leaves ears and nape free."""

MAN = Hairline(
    (0, 18, 32, 42, 49, 54, 58, 62, 69, 74, 90, 95, 102, 115, 140, 180),
    (0.60, 0.61, 0.645, 0.63, 0.50, 0.26, 0.02, -0.28, -0.34, 0.0, 0.04, -0.06, -0.40, -0.66, -0.80, -0.84),
    soft=(-0.045, 0.06),
)
"""With temples and sideburns."""

RECEDED = Hairline(
    (0, 14, 28, 37, 45, 51, 55, 58, 62, 69, 74, 90, 95, 102, 115, 140, 180),
    (0.62, 0.64, 0.735, 0.74, 0.66, 0.50, 0.26, 0.02, -0.26, -0.32, 0.0, 0.04, -0.06, -0.40, -0.66, -0.80, -0.84),
    soft=(-0.02, 0.09),
)
"""An older man's, higher at the corners of the forehead."""
