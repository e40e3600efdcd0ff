"""The backdrop behind the host, nearer and farther with the lens, but less than the host: it is far away."""

from __future__ import annotations

import cv2
import numpy as np

from engine.avatar.framing import EYES_AT, FRAMINGS, View
from engine.stage.layout import Layout
from engine.stage.overlay import Bytes

FAR = 0.30
"""Share of the host's zoom that the backdrop goes along with."""

FARTHEST = 1 + FAR * (min(view.zoom for view in FRAMINGS.values()) - 1)
"""The scale at the widest framing, which shows the whole backdrop; nearer ones show less."""

STEP = 0.4
"""Pixels: the backdrop is scaled again when a corner would move by more than this."""


class Room:
    """A backdrop (height, width, 3) BGR, scaled to the view and kept until the lens moves, always in the same place."""

    def __init__(self, backdrop: Bytes, layout: Layout) -> None:
        self._backdrop = backdrop
        self._centre = layout.width / 2, layout.height * EYES_AT
        self._reach = float(np.hypot(layout.width, layout.height))
        self._scaled = backdrop.copy()
        self._scale = 1.0

    def behind(self, view: View) -> Bytes:
        """The backdrop at a view."""
        scale = (1 + FAR * (view.zoom - 1)) / FARTHEST
        if abs(scale - self._scale) * self._reach > STEP:
            x, y = self._centre
            grow = np.array([[scale, 0, x - x * scale], [0, scale, y - y * scale]])
            size = self._backdrop.shape[1], self._backdrop.shape[0]
            cv2.warpAffine(
                self._backdrop, grow, size, dst=self._scaled, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
            )
            self._scale = scale
        return self._scaled
