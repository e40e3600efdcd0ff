"""Lips that seal: MakeHuman's mouth is a little open at rest, and several face shapes part the lips without meaning to.

The slit is measured along the mouth as the height of the upper lip's rim over the lower lip's. The rest face is closed
with a small overlap; shapes that should keep a shut mouth shut lose the opening they add; ``mouthClose`` becomes
exactly what closes ``jawOpen`` (as in ARKit, where equal weights of the two give closed lips over a dropped jaw).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.avatar.human.anatomy import upper_body
from engine.avatar.human.articulation import HALF_MOUTH, is_lower, lip_share
from engine.avatar.human.mesh import Points, catmull_clark, smoothstep
from engine.avatar.human.sculpt import Figure

OVERLAP = 0.0005
"""Metres that the resting lips press into each other."""

REACH = 0.008
"""Metres from the slit over which a correction fades out."""

LOWER_SHARE = 0.6
"""Share of a correction that the lower lip takes."""

STEPS = 41
RIM_WINDOW, RIM_DEPTH, PROFILE_WIDTH = 0.0028, 0.0007, 0.0016
"""Metres: a rim point is among the outermost within the window, no deeper than the depth. Lip vertices stand up to
4.8 mm apart."""

SEALED: tuple[str, ...] = (
    "mouthSmileLeft", "mouthSmileRight", "mouthDimpleLeft", "mouthDimpleRight", "mouthStretchLeft",
    "mouthStretchRight", "mouthPressLeft", "mouthPressRight", "mouthFrownLeft", "mouthFrownRight", "mouthLeft",
    "mouthRight", "mouthRollLower", "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper", "mouthPucker",
    "cheekPuff", "cheekSquintLeft", "cheekSquintRight", "jawLeft", "jawRight", "jawForward", "noseSneerLeft",
    "noseSneerRight",
)  # fmt: skip
"""Shapes that do not open the mouth."""


class Slit:
    """The line where the lips meet, measured on the drawn skin: ``seen`` takes base vertices to its own."""

    def __init__(self, figure: Figure) -> None:
        faces = figure.base.faces["body"][upper_body(figure)]
        matrix, _, used = catmull_clark(faces, len(figure.vertices))
        self.seen = matrix[: len(used)]
        self.base = figure.vertices
        self.rest = self.seen @ figure.vertices
        self.at = np.linspace(-HALF_MOUTH, HALF_MOUTH, STEPS)
        lip = lip_share(figure.data, figure.base, len(figure.vertices))[used] > 0.3
        lower = is_lower(self.rest, self.seen @ figure.shapes["jawOpen"])
        self.upper_rim = self._rim(lip & ~lower, lowest=True)
        self.lower_rim = self._rim(lip & lower, lowest=False)
        rims = [self._profile(rim, self.rest[:, 2]) for rim in (self.upper_rim, self.lower_rim)]
        self.height = (rims[0] + rims[1]) / 2
        self.share = np.where(is_lower(self.base, figure.shapes["jawOpen"]), LOWER_SHARE, LOWER_SHARE - 1)
        self.weight = self._weight()

    def gap(self) -> Points:
        """Resting height of the upper rim over the lower one along the mouth (STEPS,), metres."""
        return self._profile(self.upper_rim, self.rest[:, 2]) - self._profile(self.lower_rim, self.rest[:, 2])

    def opening(self, offset: Points) -> Points:
        """How much a shape's offsets of the base vertices part the rims, along the mouth."""
        offset = self.seen @ offset
        return self._profile(self.upper_rim, offset[:, 2]) - self._profile(self.lower_rim, offset[:, 2])

    def closing(self, gap: Points) -> Points:
        """Offsets of the base vertices that close such a gap."""
        offset = np.zeros_like(self.base)
        offset[:, 2] = np.interp(self.base[:, 0], self.at, gap) * self.share * self.weight
        return offset

    def _rim(self, lip: NDArray[np.bool_], *, lowest: bool) -> NDArray[np.bool_]:
        sign = 1.0 if lowest else -1.0
        height = sign * self.rest[:, 2]
        rim = np.zeros(len(self.rest), bool)
        for x in self.at:
            near = lip & (abs(self.rest[:, 0] - x) < RIM_WINDOW)
            if near.any():
                rim |= near & (height < height[near].min() + RIM_DEPTH)
        return rim

    def _profile(self, rim: NDArray[np.bool_], values: Points) -> Points:
        near = np.exp(-(((self.at[:, None] - self.rest[rim, 0]) / PROFILE_WIDTH) ** 2)) + 1e-12
        return np.asarray((near * values[rim]).sum(1) / near.sum(1))

    def _weight(self) -> Points:
        x, y, z = self.base.T
        away = z - np.interp(x, self.at, self.height)
        front = self.rest[self.upper_rim, 1].min()
        inside = smoothstep(front + 0.040, front + 0.025, y) * smoothstep(HALF_MOUTH + 0.006, HALF_MOUTH, abs(x))
        skin = np.zeros(len(self.base))
        skin[np.unique(self.seen.indices)] = 1
        return np.asarray(np.exp(-((away / REACH) ** 2)) * inside * skin)


def sealed(figure: Figure) -> Figure:
    """The figure with a closed resting mouth and shapes that keep it closed where they should."""
    slit = Slit(figure)
    shapes = dict(figure.shapes)
    for name in SEALED:
        shapes[name] = shapes[name] + _sealing(slit, slit.opening(shapes[name]))
    both = slit.opening(shapes["jawOpen"]) + slit.opening(shapes["mouthClose"])
    shapes["mouthClose"] = shapes["mouthClose"] + _sealing(slit, both)
    return replace(figure, vertices=figure.vertices + _sealing(slit, slit.gap() + OVERLAP), shapes=shapes)


def _sealing(slit: Slit, gap: Points) -> Points:
    """Offsets that close a gap as it is seen, found in a few steps because subdivision softens each of them."""
    total = np.zeros_like(slit.base)
    left = gap
    for _ in range(3):
        total = total + slit.closing(left)
        left = gap + slit.opening(total)
    return total
