"""Golden pictures: each preset at each framing, drawn by Mesa's llvmpipe.

python -m tests.avatar.golden [NAME ...]      draws them anew; look at them before they are committed
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.avatar import open_body
from engine.avatar.body import Body
from engine.avatar.framing import FRAMINGS
from engine.flow import CURVE_INDEX, Floats, Framing, rest_curves
from engine.settings.channel import Canvas

ROOT = Path(__file__).resolve().parents[2]
BODIES = ROOT / "avatars" / "bodies"
GOLDEN = Path(__file__).parent / "golden"
WIDTH, HEIGHT = 270, 480
BACKDROP = (222, 214, 205)

ACTING: dict[str, float] = {
    "mouthSmile": 0.35, "cheekSquint": 0.2, "browInnerUp": 0.15, "jawOpen": 0.12, "headYaw": 7.0, "headRoll": 2.0,
    "elbowLeft": 118.0, "armForwardLeft": 14.0, "armTwistLeft": 24.0,
}  # fmt: skip
"""A smile, a turn of the head and a raised hand: one picture shows face, hair, clothes and an arm."""


def presets() -> list[str]:
    """Names of the committed bodies."""
    return sorted(file.stem for file in BODIES.glob("*.ehb"))


def acted() -> Floats:
    """``ACTING`` as a row of curves."""
    row = rest_curves()
    for name, value in ACTING.items():
        for curve in (name,) if name in CURVE_INDEX else (f"{name}Left", f"{name}Right"):
            row[CURVE_INDEX[curve]] = value
    return row


def drawn(body: Body, framing: Framing) -> NDArray[np.uint8]:
    """The golden picture of a body as it is drawn now, BGR (HEIGHT, WIDTH, 3)."""
    canvas = np.empty((1280, 720, 3), np.uint8)
    canvas[:] = BACKDROP
    body.paint(acted(), canvas, FRAMINGS[framing])
    return np.asarray(cv2.resize(canvas, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)


def file_of(name: str, framing: Framing) -> Path:
    """Where a golden picture is kept."""
    return GOLDEN / f"{name}-{framing}.png"


def main() -> None:
    """Draws the goldens of the named presets, or of all."""
    GOLDEN.mkdir(exist_ok=True)
    for name in sys.argv[1:] or presets():
        body = open_body(BODIES / f"{name}.ehb", Canvas())
        for framing in Framing:
            cv2.imwrite(str(file_of(name, framing)), drawn(body, framing), [cv2.IMWRITE_PNG_COMPRESSION, 9])
        body.close()


if __name__ == "__main__":
    main()
