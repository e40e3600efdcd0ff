"""Colours: hex strings, WCAG contrast, and the numbers of BT.601.

The stage's pictures are **BT.601 limited range** (``smpte170m`` matrix): ``cv2.COLOR_BGR2YUV_I420`` converts a whole
picture with that matrix in 0.6 ms, and a BT.709 conversion costs several times as much. The overlays are baked with the
same matrix, so both agree to the last code value, and the encoder tags the stream accordingly.
"""

from __future__ import annotations

import numpy as np

from engine.flow import Floats

Rgb = tuple[float, float, float]
"""Red, green, blue, each 0 to 1, sRGB-encoded."""

WHITE: Rgb = (1.0, 1.0, 1.0)
BLACK: Rgb = (0.0, 0.0, 0.0)

YUV_FROM_RGB: Floats = np.array(
    [[65.481, 128.553, 24.966], [-37.797, -74.203, 112.0], [112.0, -93.786, -18.214]], np.float32
)
"""Rows Y, U, V over R, G, B of 0 to 1 (ITU-R BT.601-7, section 2.5.1; 8 bits, limited range)."""

YUV_OFFSET: Floats = np.array([16.0, 128.0, 128.0], np.float32)


def from_hex(text: str) -> Rgb:
    """``#rrggbb`` as numbers."""
    red, green, blue = (int(text[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def mix(a: Rgb, b: Rgb, share: float) -> Rgb:
    """``a`` with ``share`` (0 to 1) of ``b``."""
    red, green, blue = (x + (y - x) * share for x, y in zip(a, b, strict=True))
    return red, green, blue


def luminance(colour: Rgb) -> float:
    """Relative luminance (WCAG 2.2)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: Rgb, b: Rgb) -> float:
    """Contrast ratio, 1 to 21 (WCAG 2.2); 4.5 is AA for text, 3 for large text."""
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def readable(colour: Rgb, ground: Rgb, ratio: float = 4.5) -> Rgb:
    """``colour``, moved towards black or white only as far as ``ratio`` against ``ground`` needs."""
    goal = BLACK if luminance(ground) > 0.18 else WHITE
    for step in range(21):
        moved = mix(colour, goal, step / 20)
        if contrast(moved, ground) >= ratio:
            return moved
    return goal


def ink_on(ground: Rgb) -> Rgb:
    """White, or near-black where white would be hard to read."""
    return WHITE if contrast(WHITE, ground) >= 3.0 else (0.12, 0.10, 0.11)
