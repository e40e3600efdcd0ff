"""Where things are, in fractions of the canvas.

All sizes are fractions of the canvas's shorter side; one *unit* is 1/720 of it, so that the numbers below read as
pixels of the default 720x1280 canvas. Rectangles start and end on even pixels: one chroma sample covers 2x2 pixels.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.settings.channel import Canvas

LABEL_HEIGHT = 0.05
"""Height of the label's capitals as a fraction of the shorter side (GB 45438-2025 asks for at least 5 %)."""


@dataclass(frozen=True, slots=True)
class Rect:
    """Pixels; all four numbers are even."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """First column to the right of it."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """First row below it."""
        return self.y + self.height

    def inside(self, other: Rect) -> bool:
        """Whether no pixel of it is outside ``other``."""
        return self.x >= other.x and self.y >= other.y and self.right <= other.right and self.bottom <= other.bottom

    def overlaps(self, other: Rect) -> bool:
        """Whether the two share a pixel."""
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom


@dataclass(frozen=True, slots=True)
class Layout:
    """The places of one canvas. ``host_x`` is where the host's middle stands; ``face`` is kept free of everything.

    ``portrait`` layouts have the card along the bottom; others, squares among them, at the side.
    """

    width: int
    height: int
    unit: float
    shop: Rect
    label: Rect
    question: Rect
    captions: Rect
    card: Rect
    scrim: Rect
    face: Rect
    host_x: int
    portrait: bool

    @property
    def canvas(self) -> Rect:
        """All of it."""
        return Rect(0, 0, self.width, self.height)

    def px(self, units: float) -> float:
        """Units as pixels."""
        return units * self.unit


def even(value: float) -> int:
    """The nearest even whole number."""
    return 2 * round(value / 2)


def layout_for(canvas: Canvas) -> Layout:
    """The layout of a canvas: the card along the bottom of a portrait, at the right side of anything wider."""
    unit = min(canvas.width, canvas.height) / 720
    wide, high = canvas.width / unit, canvas.height / unit
    portrait = canvas.portrait

    def rect(x: float, y: float, width: float, height: float) -> Rect:
        return Rect(even(x * unit), even(y * unit), even(width * unit), even(height * unit))

    label = rect(wide - 24 - 332, 26, 332, 128)
    pill = min(wide - 24 - 332 - 16 - 24, 420)
    shop = rect(24, 26, pill, 72)
    if canvas.label == "left":
        label, shop = rect(24, 26, 332, 128), rect(wide - 24 - pill, 26, pill, 72)
    if portrait:
        host = wide / 2
        card = rect(24, high - 34 - 204, wide - 48, 204)
        captions = rect(24, high - 34 - 204 - 24 - 108, wide - 48, 108)
        question = rect(24, high - 34 - 204 - 24 - 108 - 14 - 84, min(wide - 48, 560), 84)
        scrim = rect(0, high * 0.70, wide, high * 0.30)
        face = rect(host - 190, high * 0.24, 380, high * 0.32)
    else:
        side = 312
        host = (wide - side - 24) / 2
        card = rect(wide - 24 - side, high - 24 - 516, side, 516)
        captions = rect(32, high - 24 - 108, wide - side - 24 - 64, 108)
        question = rect(24, high - 24 - 108 - 10 - 84, min(500, wide - side - 24 - 48), 84)
        scrim = rect(0, high * 0.66, wide, high * 0.34)
        face = rect(host - 120, high * 0.16, 240, high * 0.46)
    return Layout(
        width=canvas.width, height=canvas.height, unit=unit, shop=shop, label=label, question=question,
        captions=captions, card=card, scrim=scrim, face=face, host_x=even(host * unit), portrait=portrait,
    )  # fmt: skip
