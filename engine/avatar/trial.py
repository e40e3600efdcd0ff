"""A new body is opened and drawn once, as on air, before anybody is told that it is good."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.avatar.errors import BodyError
from engine.avatar.offscreen import UNDRAWN
from engine.avatar.opening import open_body
from engine.flow import ARM_CURVES, CURVE_INDEX, Floats, rest_curves
from engine.settings.channel import Canvas

CANVAS = Canvas(width=360, height=640)
GROUND = 127
"""The grey behind the host."""

LOOKING = "only tried out, not shown to anybody"
"""The right to see a body whose licence does not allow selling with it."""

SPEAKING = {"jawOpen": 0.7, "mouthLowerDownLeft": 0.3, "mouthLowerDownRight": 0.3}
ACTING = {"headYaw": 15.0, "headPitch": 6.0, "gazeYaw": 12.0, "eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0}
RAISED = 0.5
"""Degrees and shares of all arm curves: little, but enough to have both arms drawn."""


def try_out(file: Path) -> None:
    """Draws the body at rest, speaking, turned and with its arms raised.

    Raises:
        BodyError: it cannot be opened or drawn, or nothing of it is seen.
    """
    body = open_body(file, CANVAS, LOOKING)
    try:
        for row in (rest_curves(), _row(SPEAKING), _row(ACTING | dict.fromkeys(ARM_CURVES, RAISED))):
            picture = np.full((CANVAS.height, CANVAS.width, 3), GROUND, np.uint8)
            body.paint(row, picture)
            if (picture == GROUND).all():
                raise BodyError(f"{file}: nothing of it is seen in the picture")
    except UNDRAWN as error:
        raise BodyError(f"{file}: it cannot be drawn ({error!r:.200})") from error
    finally:
        body.close()


def _row(values: dict[str, float]) -> Floats:
    row = rest_curves()
    for name, value in values.items():
        row[CURVE_INDEX[name]] = value
    return row
