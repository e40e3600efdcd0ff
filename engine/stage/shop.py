"""The ``shop`` backdrop: a warm corner shop in one-point perspective, seen past the host.

Daylight falls through tall windows on the left, as the host's key light does; goods stand on the right wall's shelves
and on a counter at the back; a striped awning in the brand's colour hangs above.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from engine.flow import Floats
from engine.stage.colour import WHITE, Rgb, mix
from engine.stage.layout import Layout
from engine.stage.scenery import LAMP, Point, Scene, bokeh, vignette

PLASTER: Rgb = (0.880, 0.805, 0.710)
PLASTER_LOW: Rgb = (0.720, 0.610, 0.510)
CEILING: Rgb = (0.610, 0.500, 0.410)
WOOD: Rgb = (0.660, 0.475, 0.335)
WOOD_LIGHT: Rgb = (0.850, 0.685, 0.520)
SHADE: Rgb = (0.300, 0.205, 0.160)
DAY: Rgb = (1.0, 0.965, 0.900)
SKY: Rgb = (0.930, 0.965, 0.985)
LEAF: tuple[Rgb, ...] = ((0.27, 0.40, 0.26), (0.40, 0.54, 0.33), (0.55, 0.66, 0.42))
GOODS: tuple[Rgb, ...] = (
    (0.87, 0.76, 0.60), (0.55, 0.64, 0.52), (0.95, 0.91, 0.84), (0.79, 0.53, 0.37), (0.47, 0.53, 0.58),
    (0.92, 0.73, 0.43), (0.70, 0.40, 0.30), (0.73, 0.76, 0.66),
)  # fmt: skip

NEAREST = 0.30
"""Depth at which walls leave the picture; the back wall is at 1."""


@dataclass(frozen=True)
class Interior:
    """A room in one-point perspective: its back wall is ``half`` units wide to each side of the vanishing point and
    reaches from ``top`` above it to ``floor`` below.
    """

    x: float
    y: float
    half: float
    top: float
    floor: float

    def at(self, across: float, down: float, depth: float) -> Point:
        """The place on the picture of a point: units from the vanishing point as at the back wall, and a depth."""
        return self.x + across / depth, self.y + down / depth

    def side(self, right: bool, down: tuple[float, float], depth: tuple[float, float]) -> list[Point]:
        """A rectangle on a side wall."""
        across = self.half if right else -self.half
        corners = ((down[0], depth[0]), (down[0], depth[1]), (down[1], depth[1]), (down[1], depth[0]))
        return [self.at(across, y, z) for y, z in corners]


def draw_shop(layout: Layout, brand: Rgb) -> Floats:
    """The picture, float32 RGB ``(height, width, 3)`` of 0 to 1."""
    scene = Scene(layout)
    rng = np.random.default_rng(31)
    half = 224.0 if layout.portrait else 262.0
    room = Interior(scene.host, 0.42 * scene.high, half, 0.285 * scene.high, 0.33 * scene.high)
    _walls(scene, room, brand)
    _awning(scene, room, brand)
    _back_shelves(scene, room, brand, rng)
    _windows(scene, room)
    _side_shelves(scene, room, brand, rng)
    _counter(scene, room, brand, rng)
    _pendants(scene, room)
    _daylight(scene, room)
    _greens(scene, rng)
    bokeh(scene, rng, 7, (1.0, 0.95, 0.84), (0.06, 0.13))
    vignette(scene, 0.40)
    return scene.finished(layout)


def _walls(scene: Scene, room: Interior, brand: Rgb) -> None:
    """Plaster, a ceiling with beams, and a back wall in a soft tone of the brand's colour."""
    scene.rgb[:] = scene.fall(PLASTER, PLASTER_LOW, 1.2)
    ceiling = scene.blank()
    edge = [room.at(s * room.half, -room.top, z) for s, z in ((-1, 1), (1, 1), (1, NEAREST), (-1, NEAREST))]
    scene.fill(ceiling, edge)
    scene.lay(ceiling, CEILING, 6, 0.9)
    beams = scene.blank()
    for depth in (0.86, 0.70, 0.57, 0.47):
        scene.fill(beams, _beam(room, depth, 0.045))
    scene.lay(beams, mix(WOOD, SHADE, 0.35), 6, 0.65)
    left = scene.blank()
    scene.fill(left, room.side(False, (-room.top, room.floor * 1.6), (1, NEAREST)))
    scene.lay(left, mix(PLASTER_LOW, SHADE, 0.16), 6, 0.8)
    right = scene.blank()
    scene.fill(right, room.side(True, (-room.top, room.floor * 1.6), (1, NEAREST)))
    scene.lay(right, mix(PLASTER_LOW, SHADE, 0.10), 6, 0.7)
    back = scene.blank()
    scene.fill(back, [room.at(s * room.half, y, 1) for s, y in
                      ((-1, -room.top), (1, -room.top), (1, room.floor * 1.4), (-1, room.floor * 1.4))])  # fmt: skip
    scene.lay(back, mix(mix(brand, PLASTER, 0.52), WHITE, 0.10), 7, 0.9)
    scene.glow(room.x - 70, room.y - 60, 240, (1.0, 0.945, 0.87), 0.52, 1.25)
    corners = scene.blank()
    for side in (-1, 1):
        x = room.x + side * room.half
        scene.stamp(corners, x - 5, room.y - room.top, 10, room.top + room.floor * 1.4, 0)
    scene.lay(corners, SHADE, 13, 0.22)


def _beam(room: Interior, depth: float, thickness: float) -> list[Point]:
    near = depth * (1 - thickness)
    return [room.at(s * room.half, -room.top, z) for s, z in ((-1, depth), (1, depth), (1, near), (-1, near))]


def _awning(scene: Scene, room: Interior, brand: Rgb) -> None:
    """Stripes with a scalloped hem along the top of the back wall."""
    y, drop = room.y - room.top - 8, 74.0
    stripes = max(7, round(2 * room.half / 58) | 1)
    width = (2 * room.half + 44) / stripes
    shadow = scene.blank()
    scene.stamp(shadow, room.x - room.half, y + drop, 2 * room.half, 36, 10)
    scene.lay(shadow, SHADE, 15, 0.24)
    for index in range(stripes):
        x = room.x - room.half - 22 + index * width
        stripe = scene.blank()
        inner = 0.86
        scene.fill(stripe, [(room.x + (x - room.x) * inner, y), (room.x + (x + width - room.x) * inner, y),
                            (x + width, y + drop - 14), (x, y + drop - 14)])  # fmt: skip
        scene.stamp(stripe, x, y + drop - 40, width, 48, width / 2.2)
        colour = mix(brand, WHITE, 0.14) if index % 2 == 0 else (0.975, 0.945, 0.895)
        scene.lay(stripe, mix(colour, SHADE, 0.06 + 0.10 * index / stripes), 4.5, 0.92)
    lit = scene.blank()
    scene.stamp(lit, room.x - room.half, y + 8, 1.1 * room.half, drop * 0.5, 20)
    scene.lay(lit, DAY, 22, 0.22)


def _back_shelves(scene: Scene, room: Interior, brand: Rgb, rng: np.random.Generator) -> None:
    """Shelves at both ends of the back wall; its middle, behind the host's head, stays calm."""
    free = 176.0
    for low, high in ((-room.half + 6, -free), (free, room.half - 6)):
        if high - low < 30:
            continue
        for down in np.arange(-room.top + 150, room.floor - 40, 122):
            y = room.y + float(down)
            _goods_row(scene, (room.x + low, room.x + high), y, brand, rng)
            _board(scene, room.x + low - 4, room.x + high + 4, y)


def _goods_row(scene: Scene, span: tuple[float, float], y: float, brand: Rgb, rng: np.random.Generator) -> None:
    pen = span[0] + float(rng.uniform(2, 10))
    while pen < span[1] - 18:
        width = min(float(rng.uniform(24, 48)), span[1] - pen)
        _good(scene, (pen, y), width, float(rng.uniform(36, 84)), _colour(brand, rng), rng)
        pen += width + float(rng.uniform(4, 12))


def _board(scene: Scene, left: float, right: float, y: float) -> None:
    under, board, edge = scene.blank(), scene.blank(), scene.blank()
    scene.stamp(under, left, y + 10, right - left, 22, 4)
    scene.lay(under, SHADE, 9, 0.26)
    scene.stamp(board, left, y - 1, right - left, 12, 3)
    scene.lay(board, WOOD, 4, 0.95)
    scene.stamp(edge, left, y - 1, right - left, 3, 1)
    scene.lay(edge, WOOD_LIGHT, 2.5, 0.7)


def _colour(brand: Rgb, rng: np.random.Generator) -> Rgb:
    colours = (*GOODS, mix(brand, WHITE, 0.12), mix(brand, PLASTER, 0.45))
    return colours[int(rng.integers(len(colours)))]


def _good(scene: Scene, foot: Point, width: float, height: float, colour: Rgb, rng: np.random.Generator) -> None:
    """A jar, bottle, box or pile of cloth that stands on ``foot`` (its left lower corner), lit from the left."""
    x, y = foot
    kind = int(rng.integers(4))
    thing = scene.blank()
    if kind == 3:
        for layer in range(3):
            scene.stamp(thing, x - 2, y - (layer + 1) * height * 0.2, width + 4, height * 0.17, 5)
        height *= 0.6
    else:
        scene.stamp(thing, x, y - height, width, height, (3.0, 9.0, width / 2)[kind])
    if kind == 1:
        scene.stamp(thing, x + width * 0.33, y - height * 1.26, width * 0.34, height * 0.4, 4)
    blur = 4.4
    scene.lay(thing, colour, blur, 0.96)
    dark, light = scene.blank(), scene.blank()
    scene.stamp(dark, x + width * 0.66, y - height + 4, width * 0.34, height - 6, 5)
    scene.lay(dark, mix(colour, SHADE, 0.55), 5, 0.42)
    scene.stamp(light, x + width * 0.12, y - height + 6, width * 0.22, height - 14, 6)
    scene.lay(light, WHITE, 5, 0.36)
    if kind == 0 and width > 26:
        label = scene.blank()
        scene.stamp(label, x + width * 0.14, y - height * 0.68, width * 0.72, height * 0.36, 3)
        scene.lay(label, (0.975, 0.955, 0.915), 4, 0.7)


def _windows(scene: Scene, room: Interior) -> None:
    """Two tall windows in the left wall; the daylight in them is nearly white."""
    for far, near in ((0.90, 0.66), (0.585, 0.40)):
        frame, sky, bars = scene.blank(), scene.blank(), scene.blank()
        top, low = -room.top + 42, room.floor * 0.66
        scene.fill(frame, room.side(False, (top - 16, low + 16), (far + 0.025, near - 0.015)))
        scene.lay(frame, mix(WOOD, WHITE, 0.22), 5, 0.95)
        scene.fill(sky, room.side(False, (top, low), (far, near)))
        scene.lay(sky, scene.fall(SKY, DAY, 0.8), 5, 1.0)
        green = scene.blank()
        scene.fill(green, room.side(False, (top + 0.62 * (low - top), low), (far, near)))
        scene.lay(green, (0.72, 0.80, 0.64), 16, 0.55)
        middle = 2 * far * near / (far + near)
        scene.stroke(bars, [room.at(-room.half, top, middle), room.at(-room.half, low, middle)], 8)
        for share in (0.33, 0.66):
            down = top + share * (low - top)
            scene.stroke(bars, [room.at(-room.half, down, far), room.at(-room.half, down, near)], 7)
        scene.lay(bars, mix(WOOD, WHITE, 0.30), 3.5, 0.9)
        scene.shine(sky, DAY, 30, 0.42)
        sill = scene.blank()
        scene.fill(sill, room.side(False, (low + 12, low + 30), (far + 0.03, near - 0.02)))
        scene.lay(sill, WOOD_LIGHT, 4, 0.9)


def _side_shelves(scene: Scene, room: Interior, brand: Rgb, rng: np.random.Generator) -> None:
    """Shelves along the right wall, running to the vanishing point; what is nearer is larger."""
    far, near = 0.95, 0.33
    back = scene.blank()
    scene.fill(back, room.side(True, (-room.top + 64, room.floor * 1.3), (far, near)))
    scene.lay(back, mix(WOOD, SHADE, 0.30), 7, 0.55)
    for down in np.linspace(-room.top + 140, room.floor * 0.82, 4):
        under = scene.blank()
        scene.fill(under, room.side(True, (float(down) + 8, float(down) + 26), (far, near)))
        scene.lay(under, SHADE, 8, 0.40)
        depth = far - 0.02
        while depth > near:
            width = float(rng.uniform(0.045, 0.085)) * depth
            x, y = room.at(room.half - 3, float(down), depth)
            end = room.at(room.half - 3, float(down), depth - width)[0]
            height = float(rng.uniform(38, 66)) / depth
            _good(scene, (x, y + 2), max(end - x, 8.0), height, _colour(brand, rng), rng)
            depth -= width + 0.018
        board, edge = scene.blank(), scene.blank()
        scene.fill(board, room.side(True, (float(down), float(down) + 9), (far, near)))
        scene.lay(board, WOOD, 4, 0.96)
        scene.fill(edge, room.side(True, (float(down), float(down) + 3), (far, near)))
        scene.lay(edge, WOOD_LIGHT, 2.5, 0.75)


def _counter(scene: Scene, room: Interior, brand: Rgb, rng: np.random.Generator) -> None:
    """A counter before the back wall, with crates of fruit at both ends."""
    y = room.y + room.floor + 26
    front, top = scene.blank(), scene.blank()
    scene.stamp(front, -60, y, scene.wide + 120, scene.high, 0)
    scene.lay(front, scene.fall(mix(WOOD, brand, 0.12), SHADE), 10, 0.92)
    planks = scene.blank()
    for x in np.arange(scene.host % 74 - 74, scene.wide + 74, 74):
        scene.stamp(planks, float(x) - 2, y + 20, 4, scene.high, 0)
    scene.lay(planks, SHADE, 4, 0.30)
    for side in (-1, 1):
        for place in (262.0, 372.0, 482.0):
            x = scene.host + side * place
            if -60 < x < scene.wide + 60:
                _crate(scene, x, y, rng)
    scene.stamp(top, -60, y - 8, scene.wide + 120, 24, 4)
    scene.lay(top, WOOD_LIGHT, 6, 0.95)


def _crate(scene: Scene, x: float, y: float, rng: np.random.Generator) -> None:
    fruits = ((0.88, 0.45, 0.26), (0.93, 0.69, 0.30), (0.72, 0.74, 0.36), (0.80, 0.27, 0.24))
    colour = fruits[int(rng.integers(len(fruits)))]
    for row, (count, lift) in enumerate(((5, 52), (4, 66))):
        for index in range(count):
            px = x + (index - (count - 1) / 2) * 19 + float(rng.uniform(-2, 2))
            scene.disc(px, y - lift, 13, mix(colour, SHADE, 0.12 * (1 - row)), 3.5, 0.95)
            scene.disc(px - 4, y - lift - 5, 5, mix(colour, WHITE, 0.5), 3, 0.6)
    box, slat = scene.blank(), scene.blank()
    scene.stamp(box, x - 54, y - 50, 108, 52, 4)
    scene.lay(box, mix(WOOD_LIGHT, WOOD, 0.35), 4, 0.96)
    scene.stamp(slat, x - 54, y - 28, 108, 6, 1)
    scene.lay(slat, SHADE, 3.5, 0.5)


def _pendants(scene: Scene, room: Interior) -> None:
    """Two rows of lamps that recede along the ceiling."""
    for across, depths in ((-150.0, (0.84, 0.60)), (156.0, (0.84, 0.62, 0.46))):
        for depth in depths:
            x, y = room.at(across, -room.top + 74, depth)
            size = 34 / depth
            cord, shade, bulb = scene.blank(), scene.blank(), scene.blank()
            scene.stamp(cord, x - 1.5, y - 400, 3, 400, 1)
            scene.lay(cord, SHADE, 2.5, 0.55)
            scene.glow(x, y + size, 2.6 * size, LAMP, 0.26, 1.2)
            scene.stamp(shade, x - size / 2, y - size * 0.45, size, size, size / 2)
            shade[max(0, round((y + size * 0.12) * scene.scale)) :] = 0
            scene.lay(shade, mix((0.34, 0.27, 0.22), LAMP, 0.10), 3.5, 0.95)
            scene.stamp(bulb, x - size * 0.34, y + size * 0.06, size * 0.68, size * 0.2, size * 0.1)
            scene.lay(bulb, (1.0, 0.96, 0.86), 3.5, 1.0)
            scene.glow(x, y + size * 0.2, 0.8 * size, LAMP, 0.8, 0.8)


def _daylight(scene: Scene, room: Interior) -> None:
    """Beams that fall from the windows to the lower right."""
    beams = scene.blank()
    for far, near in ((0.90, 0.66), (0.585, 0.40)):
        (x0, y0), (x1, y1) = room.at(-room.half, -room.top + 50, near), room.at(-room.half, room.floor * 0.5, far)
        slope, reach = math.tan(math.radians(34)), 560.0
        scene.fill(beams, [(x0, y0), (x0 + reach, y0 + reach * slope), (x1 + reach, y1 + reach * slope), (x1, y1)])
    fade = np.clip(1 - np.arange(scene.width, dtype=np.float32) / scene.scale / (0.95 * scene.wide), 0, 1)
    scene.shine(np.asarray(beams * fade, np.float32), DAY, 26, 0.17)
    scene.glow(-40, 0.30 * scene.high, 300, DAY, 0.20, 1.3)


def _greens(scene: Scene, rng: np.random.Generator) -> None:
    """Leaves that hang from the ceiling on the right, and a bunch of herbs on the window sill."""
    for x, y, count, length in ((scene.wide - 26, 0.10 * scene.high, 22, 96.0), (22.0, 0.725 * scene.high, 16, 82.0)):
        for shade in LEAF:
            leaves = scene.blank()
            for _ in range(count // 2):
                angle = float(rng.uniform(0, 2 * math.pi))
                away = length * math.sqrt(float(rng.uniform(0.05, 1)))
                size = float(rng.uniform(11, 19))
                px, py = x + math.cos(angle) * away * 0.75, y + math.sin(angle) * away * 0.7
                scene.stamp(leaves, px - size / 2, py - size, size, 2 * size, size / 2)
            scene.lay(leaves, shade, 5, 0.82)
