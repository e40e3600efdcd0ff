"""The ``studio`` backdrop: a bright shop out of focus, with shelves, lamps, a plant and the brand's colour.

Drawn in layers from far to near, each with the blur of its distance.
"""

from __future__ import annotations

import math

import numpy as np

from engine.flow import Floats
from engine.stage.colour import WHITE, Rgb, mix
from engine.stage.layout import Layout
from engine.stage.scenery import LAMP, Scene, bokeh, lights, vignette

WALL_TOP: Rgb = (0.880, 0.840, 0.800)
WALL_LOW: Rgb = (0.760, 0.690, 0.640)
WOOD: Rgb = (0.735, 0.575, 0.440)
SHADE: Rgb = (0.36, 0.27, 0.24)
GOODS: tuple[Rgb, ...] = (
    (0.84, 0.75, 0.63), (0.49, 0.60, 0.54), (0.93, 0.89, 0.83), (0.76, 0.52, 0.38), (0.42, 0.50, 0.58),
    (0.90, 0.71, 0.44), (0.64, 0.70, 0.60),
)  # fmt: skip


def draw_studio(layout: Layout, brand: Rgb) -> Floats:
    """The picture, float32 RGB ``(height, width, 3)`` of 0 to 1."""
    scene = Scene(layout)
    host = scene.host
    rng = np.random.default_rng(20)
    _wall(scene, host)
    _halo(scene, host, brand)
    _shelves(scene, host, brand, rng)
    _lamps(scene, host)
    _counter(scene, brand)
    _plant(scene, host, rng)
    _bokeh(scene, rng)
    vignette(scene)
    return scene.finished(layout)


def _wall(scene: Scene, host: float) -> None:
    scene.rgb[:] = scene.fall(WALL_TOP, WALL_LOW, 1.3)
    panels = scene.blank()
    for x in np.arange(host % 120 - 120, scene.wide + 120, 120):
        scene.stamp(panels, float(x) - 2, 0, 4, scene.high, 0)
    scene.lay(panels, SHADE, 5, 0.10)
    scene.glow(host - 0.16 * scene.wide, 0.30 * scene.high, 330, (1.0, 0.95, 0.88), 0.34, 1.15)


def _halo(scene: Scene, host: float, brand: Rgb) -> None:
    """A large arch in the brand's colour behind the host."""
    top, half = 0.128 * scene.high, min(292.0, 0.31 * scene.high)
    arch = scene.blank()
    scene.stamp(arch, host - half, top, 2 * half, scene.high, half)
    scene.lay(arch, mix(brand, WHITE, 0.34), 6, 0.50)
    inner = scene.blank()
    scene.stamp(inner, host - half + 30, top + 30, 2 * half - 60, scene.high, half - 30)
    scene.lay(inner, mix(brand, (0.99, 0.95, 0.92), 0.80), 9, 0.85)
    rim = np.clip(arch - inner, 0, 1)
    scene.lay(rim, (1.0, 0.95, 0.90), 16, 0.22)
    scene.glow(host - 44, top + 1.15 * half, 0.70 * half, (1.0, 0.96, 0.92), 0.50)


def _shelves(scene: Scene, host: float, brand: Rgb, rng: np.random.Generator) -> None:
    half = min(292.0, 0.31 * scene.high) + 26
    for left, right in ((-40.0, host - half), (host + half, scene.wide + 40)):
        if right - left < 30:
            continue
        for y in np.arange(0.245, 0.80, 168 / scene.high) * scene.high:
            _shelf(scene, left, right, float(y), brand, rng)


def _shelf(scene: Scene, left: float, right: float, y: float, brand: Rgb, rng: np.random.Generator) -> None:
    colours = [*GOODS, mix(brand, WHITE, 0.15), mix(brand, WHITE, 0.5)]
    pen = left + float(rng.uniform(4, 18))
    while pen < right - 20:
        width, height = float(rng.uniform(26, 62)), float(rng.uniform(44, 112))
        width = min(width, right - 6 - pen)
        if width < 18:
            break
        thing = scene.blank()
        scene.stamp(thing, pen, y - height, width, height, float(rng.choice([4, 8, width / 2])))
        if rng.random() < 0.4:
            scene.stamp(thing, pen + width * 0.32, y - height - 22, width * 0.36, 30, 5)
        colour = colours[int(rng.integers(len(colours)))]
        scene.lay(thing, colour, 5.0, 0.95)
        light = scene.blank()
        scene.stamp(light, pen + width * 0.16, y - height + 8, width * 0.2, height - 16, 6)
        scene.lay(light, WHITE, 6, 0.28)
        pen += width + float(rng.uniform(5, 22))
    under = scene.blank()
    scene.stamp(under, left, y + 12, right - left, 26, 4)
    scene.lay(under, SHADE, 11, 0.26)
    board = scene.blank()
    scene.stamp(board, left, y - 1, right - left, 15, 3)
    scene.lay(board, WOOD, 4.5, 0.95)
    edge = scene.blank()
    scene.stamp(edge, left, y - 1, right - left, 4, 2)
    scene.lay(edge, (0.95, 0.84, 0.70), 3, 0.6)


def _lamps(scene: Scene, host: float) -> None:
    for x, y in ((host - 292, 0.150 * scene.high), (host + 296, 0.172 * scene.high)):
        cord = scene.blank()
        scene.stamp(cord, x - 2, -10, 4, y, 1)
        scene.lay(cord, SHADE, 3, 0.6)
        scene.glow(x, y + 70, 150, LAMP, 0.50, 1.25)
        shade = scene.blank()
        scene.stamp(shade, x - 42, y - 34, 84, 84, 42)
        shade[round((y + 8) * scene.scale) :] = 0
        scene.lay(shade, (0.46, 0.33, 0.24), 4, 0.95)
        light = scene.blank()
        scene.stamp(light, x - 26, y - 26, 16, 26, 8)
        scene.lay(light, (0.93, 0.74, 0.54), 5, 0.6)
        bulb = scene.blank()
        scene.stamp(bulb, x - 36, y + 3, 72, 12, 6)
        scene.lay(bulb, (1.0, 0.96, 0.86), 4, 1.0)
        scene.glow(x, y + 14, 34, LAMP, 0.9, 0.7)


def _counter(scene: Scene, brand: Rgb) -> None:
    y = 0.80 * scene.high
    front = scene.blank()
    scene.stamp(front, -60, y, scene.wide + 120, scene.high, 0)
    scene.lay(front, mix(SHADE, brand, 0.18), 16, 0.62)
    top = scene.blank()
    scene.stamp(top, -60, y - 10, scene.wide + 120, 26, 4)
    scene.lay(top, (0.84, 0.70, 0.57), 9, 0.85)


def _plant(scene: Scene, host: float, rng: np.random.Generator) -> None:
    x, y = min(scene.wide - 26, host + 336), 0.80 * scene.high
    for shade, count in (((0.30, 0.43, 0.33), 9), ((0.43, 0.57, 0.42), 8)):
        leaves = scene.blank()
        for _ in range(count):
            angle, length = float(rng.uniform(-1.1, 1.1)), float(rng.uniform(90, 190))
            for step in np.linspace(0.3, 1, 9):
                bend = angle * (0.5 + 0.6 * step)
                size = 22 * np.sin(np.pi * min(0.96, step)) + 5
                px, py = x + np.sin(bend) * length * step, y - 40 - np.cos(bend) * length * step
                scene.stamp(
                    leaves, float(px - size / 2), float(py - size / 2), float(size), float(size), float(size / 2)
                )
        scene.lay(leaves, shade, 6, 0.78)
    pot = scene.blank()
    scene.stamp(pot, x - 46, y - 56, 92, 92, 18)
    scene.lay(pot, (0.93, 0.89, 0.85), 6, 0.95)


def _bokeh(scene: Scene, rng: np.random.Generator) -> None:
    """Small warm lights along two slack strings, and a few large ones near the lens."""
    shares = np.linspace(0, 1, 26)
    points = [
        (float(share) * (scene.wide + 80) - 40, (0.115 + 0.055 * math.sin(math.pi * (share * 2 % 1))) * scene.high)
        for share in shares
    ]
    lights(scene, points, rng.uniform(6, 9, len(points)), (1.0, 0.95, 0.80), 0.75)
    bokeh(scene, rng, 8, (1.0, 0.95, 0.86), (0.08, 0.16))
