"""The backdrops of the year: ``seasonal`` (a festive evening for any holiday), ``winter`` and ``spring``.

Each is painted from far to near; the light comes from the upper left, as the host's key light does, and the brand's
colour is in what hangs and stands there: lanterns and gifts, market huts, pennants.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from engine.flow import Floats
from engine.stage.colour import WHITE, Rgb, mix
from engine.stage.layout import Layout
from engine.stage.scenery import LAMP, Point, Scene, bokeh, lights, vignette

GOLD: Rgb = (0.985, 0.800, 0.480)
NIGHT: Rgb = (0.200, 0.085, 0.105)
FIR: Rgb = (0.130, 0.255, 0.205)
SNOW: Rgb = (0.965, 0.970, 0.985)
BARK: Rgb = (0.375, 0.275, 0.245)
BLOSSOM: tuple[Rgb, ...] = ((0.905, 0.640, 0.690), (0.960, 0.770, 0.800), (0.995, 0.910, 0.915))
MEADOW: Rgb = (0.580, 0.690, 0.480)

CLEAR = 236.0
"""Units to each side of the host's middle that stay free of things from the forehead down."""


def draw_seasonal(layout: Layout, brand: Rgb) -> Floats:
    """Festive: a glowing wall in the brand's deep colour, curtains of lights, lanterns, a garland, gifts."""
    scene = Scene(layout)
    rng = np.random.default_rng(12)
    deep = mix(mix(brand, NIGHT, 0.62), (0.34, 0.20, 0.17), 0.15)
    scene.rgb[:] = scene.fall(mix(deep, brand, 0.10), mix(deep, NIGHT, 0.45), 1.1)
    _drapes(scene, deep)
    scene.glow(scene.host - 50, 0.36 * scene.high, 300, mix(GOLD, (1.0, 0.90, 0.80), 0.45), 0.72, 1.30)
    scene.glow(-60, 0.10 * scene.high, 330, GOLD, 0.34, 1.2)
    _light_curtains(scene, rng)
    bokeh(scene, rng, 12, (1.0, 0.86, 0.60), (0.12, 0.30))
    _table(scene, brand, rng)
    _lanterns(scene, brand)
    _garland(scene, brand, rng)
    sparks = [(float(x), float(y), float(r)) for x, y, r in _scattered(scene, rng, 60, (1.5, 3.5))]
    _discs(scene, sparks, (1.0, 0.92, 0.74), 1.6, 0.55)
    vignette(scene, 0.46)
    return scene.finished(layout)


def draw_winter(layout: Layout, brand: Rgb) -> Floats:
    """A winter market at dusk: snow hills, firs, huts with roofs in the brand's colour, falling snow."""
    scene = Scene(layout)
    rng = np.random.default_rng(24)
    horizon = 0.60 * scene.high
    scene.rgb[:] = scene.fall((0.400, 0.500, 0.680), (1.0, 0.840, 0.740), 0.8)
    scene.glow(scene.host - 210, 0.30 * scene.high, 300, (1.0, 0.850, 0.70), 0.60, 1.1)
    scene.glow(scene.host, 0.42 * scene.high, 250, (1.0, 0.930, 0.89), 0.36, 1.3)
    for lift, colour, seed in ((96.0, (0.735, 0.775, 0.850), 3.1), (44.0, (0.840, 0.865, 0.915), 0.4)):
        _hills(scene, horizon - lift, colour, seed)
    for distance, fade in ((0.52, 0.52), (0.76, 0.30), (1.15, 0.05)):
        _wood(scene, rng, horizon, distance, fade)
    ground = scene.blank()
    scene.stamp(ground, -80, horizon + 60, scene.wide + 160, scene.high, 0)
    scene.lay(ground, scene.fall(SNOW, (0.800, 0.845, 0.920), 0.8), 30, 0.96)
    for side in (-1, 1):
        _hut(scene, scene.host + side * 372, horizon + 150, brand)
    _string(scene, rng, 0.145 * scene.high, 0.060 * scene.high, 4)
    bokeh(scene, rng, 6, (1.0, 0.93, 0.80), (0.08, 0.18))
    for sizes, count, opacity in (((2.0, 4.0), 130, 0.75), ((5.0, 9.0), 46, 0.55), ((11.0, 17.0), 14, 0.30)):
        flakes = _scattered(scene, rng, count, sizes)
        _discs(scene, flakes, WHITE, 0.5 * sizes[0] + 0.8, opacity)
    vignette(scene, 0.34)
    return scene.finished(layout)


def draw_spring(layout: Layout, brand: Rgb) -> Floats:
    """A garden in bloom: sun through blossom, pennants in the brand's colour, petals in the air."""
    scene = Scene(layout)
    rng = np.random.default_rng(36)
    horizon = 0.62 * scene.high
    scene.rgb[:] = scene.fall((0.560, 0.750, 0.900), (1.0, 0.940, 0.860), 0.9)
    scene.glow(scene.host - 250, 0.14 * scene.high, 330, (1.0, 0.940, 0.80), 0.72, 1.2)
    scene.glow(scene.host, 0.40 * scene.high, 250, (1.0, 0.970, 0.92), 0.38, 1.3)
    for lift, colour, seed in ((70.0, (0.730, 0.810, 0.740), 2.2), (20.0, (0.660, 0.755, 0.580), 5.0)):
        _hills(scene, horizon - lift, colour, seed)
    meadow = scene.blank()
    scene.stamp(meadow, -80, horizon + 40, scene.wide + 160, scene.high, 0)
    scene.lay(meadow, scene.fall(mix(MEADOW, WHITE, 0.25), (0.385, 0.520, 0.330), 1.2), 26, 0.95)
    for across, size, fade in (
        (-250, 0.6, 0.45),
        (262, 0.64, 0.42),
        (-392, 1.0, 0.12),
        (404, 0.95, 0.14),
        (650, 0.9, 0.2),
    ):
        _blossom_tree(scene, rng, scene.host + across, horizon + 70 * size, size, fade)
    _flowers(scene, rng, horizon + 90, brand)
    _pennants(scene, brand)
    _branches(scene, rng)
    bokeh(scene, rng, 6, (1.0, 0.97, 0.90), (0.10, 0.20))
    for sizes, count, opacity in (((3.0, 5.0), 46, 0.80), ((7.0, 11.0), 16, 0.55)):
        _discs(scene, _scattered(scene, rng, count, sizes), BLOSSOM[1], 0.4 * sizes[0] + 1, opacity, flat=0.62)
    vignette(scene, 0.30)
    return scene.finished(layout)


def _discs(
    scene: Scene, discs: Iterable[tuple[float, float, float]], colour: Rgb, blur: float, opacity: float,
    flat: float = 1.0,
) -> None:  # fmt: skip
    """Many soft discs ``(x, y, radius)`` of one colour; ``flat`` is their height over their width."""
    coverage = scene.blank()
    for x, y, radius in discs:
        scene.stamp(coverage, x - radius, y - radius * flat, 2 * radius, 2 * radius * flat, radius)
    scene.lay(coverage, colour, blur, opacity)


def _scattered(
    scene: Scene, rng: np.random.Generator, count: int, sizes: tuple[float, float]
) -> list[tuple[float, float, float]]:
    """Places all over the picture, with radii."""
    places = rng.uniform(0, 1, (count, 3))
    return [(x * scene.wide, y * scene.high, sizes[0] + r * (sizes[1] - sizes[0])) for x, y, r in places.tolist()]


def _swag(start: Point, end: Point, sag: float, count: int) -> list[Point]:
    """Points along a slack line."""
    shares = [i / (count - 1) for i in range(count)]
    return [
        (start[0] + (end[0] - start[0]) * s, start[1] + (end[1] - start[1]) * s + 4 * sag * s * (1 - s)) for s in shares
    ]


def _string(scene: Scene, rng: np.random.Generator, y: float, sag: float, swags: int) -> None:
    """A string of lamps across the picture, in even swags."""
    width = (scene.wide + 80) / swags
    for index in range(swags):
        x = -40 + index * width
        points = _swag((x, y), (x + width, y), sag * float(rng.uniform(0.6, 1)), 9)
        wire = scene.blank()
        scene.stroke(wire, points, 2)
        scene.lay(wire, (0.30, 0.25, 0.24), 2, 0.5)
        lights(scene, points[:-1], rng.uniform(6, 9, 8), (1.0, 0.94, 0.78), 0.62)


def _drapes(scene: Scene, deep: Rgb) -> None:
    """Folds of a curtain."""
    dark, light = scene.blank(), scene.blank()
    for index, x in enumerate(np.arange(scene.host % 86 - 86, scene.wide + 86, 86)):
        bend = 8 * math.sin(1.7 * index)
        scene.stamp(dark, float(x) + bend, -40, 26, scene.high + 80, 12)
        scene.stamp(light, float(x) + bend + 40, -40, 16, scene.high + 80, 8)
    scene.lay(dark, mix(deep, NIGHT, 0.75), 12, 0.50)
    scene.lay(light, mix(deep, GOLD, 0.30), 12, 0.30)


def _light_curtains(scene: Scene, rng: np.random.Generator) -> None:
    """Strings of small lamps that hang to both sides, nearer and farther."""
    for radius, step, opacity in ((3.6, 43.0, 0.55), (6.2, 64.0, 0.80)):
        wires, lamps = scene.blank(), []
        for x in np.arange(scene.host % step - step, scene.wide + step, step):
            away = abs(float(x) - scene.host)
            length = scene.high * (0.20 if away < CLEAR else 0.44 + 0.30 * float(rng.random()))
            scene.stamp(wires, float(x) - 1, -10, 2, length, 1)
            lamps += [(float(x), y, radius) for y in np.arange(float(rng.uniform(10, 50)), length, 46.0).tolist()]
        scene.lay(wires, GOLD, 2, 0.16)
        _discs(scene, lamps, (1.0, 0.90, 0.66), 2.2, opacity)
        halo = scene.blank()
        for x, y, r in lamps:
            scene.stamp(halo, x - 3 * r, y - 3 * r, 6 * r, 6 * r, 3 * r)
        scene.shine(halo, GOLD, 9, 0.30)


def _lanterns(scene: Scene, brand: Rgb) -> None:
    """Round paper lanterns at three depths."""
    paper = mix(mix(brand, (1.0, 0.36, 0.20), 0.18), WHITE, 0.10)
    gold = (0.960, 0.740, 0.400)
    places = ((-318, 0.250, 46, paper), (308, 0.205, 54, paper), (-262, 0.135, 30, gold), (252, 0.355, 30, gold),
              (-330, 0.480, 34, paper), (336, 0.520, 44, gold), (520, 0.300, 58, paper), (690, 0.180, 44, gold),
              (-452, 0.180, 50, gold), (760, 0.420, 40, paper))  # fmt: skip
    for across, down, size, colour in places:
        x, y = scene.host + across, down * scene.high
        if not -size < x < scene.wide + size:
            continue
        cord, body, ends, ribs = scene.blank(), scene.blank(), scene.blank(), scene.blank()
        scene.stamp(cord, x - 1, -10, 2, y + 10, 0)
        scene.lay(cord, (0.25, 0.13, 0.10), 2, 0.6)
        scene.glow(x, y, 2.1 * size, mix(colour, LAMP, 0.5), 0.36)
        scene.stamp(body, x - size, y - 0.86 * size, 2 * size, 1.72 * size, 0.86 * size)
        scene.lay(body, colour, 3.6, 0.97)
        for share in (-0.62, -0.22, 0.22, 0.62):
            scene.stamp(ribs, x + share * size - 1.5, y - 0.8 * size, 3, 1.6 * size, 1)
        scene.lay(ribs, mix(colour, NIGHT, 0.5), 3, 0.30)
        scene.glow(x - 0.18 * size, y + 0.05 * size, 0.46 * size, (1.0, 0.90, 0.66), 0.75)
        for edge in (-0.92, 0.80):
            scene.stamp(ends, x - 0.36 * size, y + edge * size, 0.72 * size, 0.14 * size, 3)
        scene.stamp(ends, x - 2.5, y + 0.9 * size, 5, 0.72 * size, 2)
        scene.lay(ends, (0.840, 0.610, 0.280), 3, 0.95)


def _garland(scene: Scene, brand: Rgb, rng: np.random.Generator) -> None:
    """Fir branches in swags along the top, with baubles and lamps."""
    y, width = 0.045 * scene.high, 250.0
    first = scene.host - width * math.ceil(scene.host / width + 0.5) + width / 2
    for x in np.arange(first, scene.wide + 10, width):
        points = _swag((float(x), y), (float(x) + width, y), 0.052 * scene.high, 13)
        for shade in (0.0, 0.35):
            needles = scene.blank()
            for px, py in points:
                for _ in range(7):
                    angle = float(rng.uniform(0, 2 * math.pi))
                    end = px + 30 * math.cos(angle), py + 24 * math.sin(angle)
                    scene.stroke(needles, [(px, py), end], 6)
            scene.lay(needles, mix(FIR, (0.45, 0.58, 0.40), shade), 3, 0.92)
        lights(scene, points[1::2], [5.0] * 6, (1.0, 0.93, 0.74), 0.95)
        for index, colour in ((3, mix(brand, WHITE, 0.15)), (6, GOLD), (9, mix(brand, WHITE, 0.15))):
            px, py = points[index]
            scene.disc(px, py + 20, 15, colour, 3, 0.97)
            scene.disc(px - 5, py + 14, 4.5, WHITE, 2.5, 0.7)


def _table(scene: Scene, brand: Rgb, rng: np.random.Generator) -> None:
    """A table with gifts at both ends."""
    y = 0.81 * scene.high
    cloth, edge = scene.blank(), scene.blank()
    scene.stamp(cloth, -60, y, scene.wide + 120, scene.high, 0)
    scene.lay(cloth, scene.fall(mix(NIGHT, brand, 0.25), NIGHT), 10, 0.93)
    scene.stamp(edge, -60, y - 6, scene.wide + 120, 16, 4)
    scene.lay(edge, (0.70, 0.46, 0.30), 6, 0.85)
    papers = (mix(brand, WHITE, 0.10), (0.93, 0.87, 0.78), (0.23, 0.36, 0.31), GOLD)
    for side in (-1, 1):
        away = CLEAR + 14
        while away < scene.wide:
            width, height = float(rng.uniform(70, 110)), float(rng.uniform(56, 120))
            _gift(scene, scene.host + side * (away + width / 2), y, (width, height), papers[int(rng.integers(4))])
            away += width + float(rng.uniform(6, 26))


def _gift(scene: Scene, x: float, y: float, size: tuple[float, float], paper: Rgb) -> None:
    width, height = size
    ribbon_colour = GOLD if paper is not GOLD else (0.97, 0.93, 0.88)
    box, dark, ribbon = scene.blank(), scene.blank(), scene.blank()
    scene.stamp(box, x - width / 2, y - height, width, height, 4)
    scene.lay(box, paper, 4, 0.97)
    scene.stamp(dark, x + width * 0.18, y - height, width * 0.32, height, 4)
    scene.lay(dark, NIGHT, 8, 0.30)
    scene.stamp(ribbon, x - 6, y - height, 12, height, 1)
    for side in (-1, 1):
        scene.stamp(ribbon, x + side * 13 - 13, y - height - 18, 26, 20, 9)
    scene.lay(ribbon, ribbon_colour, 3.5, 0.95)


def _hills(scene: Scene, y: float, colour: Rgb, seed: float) -> None:
    hill = scene.blank()
    xs = np.linspace(-40, scene.wide + 40, 40)
    ridge = [(float(x), y - 34 * math.sin(x / 190 + seed) - 16 * math.sin(x / 71 + 2 * seed)) for x in xs]
    scene.fill(hill, [*ridge, (scene.wide + 40, scene.high), (-40, scene.high)])
    scene.lay(hill, colour, 9, 0.92)


def _wood(scene: Scene, rng: np.random.Generator, horizon: float, distance: float, fade: float) -> None:
    """Firs to both sides; ``fade`` is how far the haze takes their colour."""
    for side in (-1, 1):
        away = CLEAR * (0.62 + 0.42 * distance)
        while away < scene.wide + 90:
            height = 400 * distance * float(rng.uniform(0.8, 1.15))
            _fir(scene, scene.host + side * away, horizon + 96 * distance, height, fade)
            away += height * float(rng.uniform(0.30, 0.52))


def _fir(scene: Scene, x: float, foot: float, height: float, fade: float) -> None:
    """A tree of five tiers with snow on its left, where the light comes from."""
    green = mix(FIR, (0.800, 0.845, 0.910), fade)
    tree, snow = scene.blank(), scene.blank()
    for tier in range(5):
        low, top = foot - height * 0.17 * tier, foot - height * (0.17 * tier + 0.36)
        half = height * 0.25 * (1 - 0.17 * tier)
        scene.fill(
            tree, [(x, top), (x + half, low), (x + 0.3 * half, low - 7), (x - 0.3 * half, low - 7), (x - half, low)]
        )
        scene.fill(
            snow, [(x, top), (x - half * 0.15, low - height * 0.10), (x - half, low), (x - half * 0.80, low - 13)]
        )
    scene.lay(tree, green, 4.5, 0.95)
    scene.lay(snow, mix(SNOW, green, 0.10), 5, 0.80)


def _hut(scene: Scene, x: float, foot: float, brand: Rgb) -> None:
    """A market hut with a warm counter and a striped roof."""
    wall, warm, roof_snow = scene.blank(), scene.blank(), scene.blank()
    scene.stamp(wall, x - 120, foot - 250, 240, 280, 2)
    scene.lay(wall, (0.430, 0.290, 0.215), 5, 0.97)
    scene.stamp(warm, x - 100, foot - 232, 200, 124, 6)
    scene.lay(warm, (1.0, 0.815, 0.520), 6, 0.97)
    scene.glow(x, foot - 170, 130, GOLD, 0.62, 0.9)
    goods = scene.blank()
    for index in range(6):
        scene.stamp(goods, x - 92 + index * 31, foot - 146 - 9 * (index % 3), 23, 44, 7)
    scene.lay(goods, (0.63, 0.36, 0.24), 5, 0.75)
    for index in range(8):
        stripe = scene.blank()
        left = x - 148 + index * 37
        scene.fill(stripe, [(x + (left - x) * 0.62, foot - 338), (x + (left + 37 - x) * 0.62, foot - 338),
                            (left + 37, foot - 244), (left, foot - 244)])  # fmt: skip
        scene.stamp(stripe, left, foot - 262, 37, 36, 17)
        scene.lay(stripe, mix(brand, WHITE, 0.12) if index % 2 else (0.965, 0.935, 0.905), 4, 0.96)
    scene.stamp(roof_snow, x - 104, foot - 358, 208, 34, 17)
    scene.lay(roof_snow, SNOW, 6, 0.96)
    drift = scene.blank()
    scene.stamp(drift, x - 190, foot - 6, 380, 90, 45)
    scene.lay(drift, mix(SNOW, (0.800, 0.845, 0.920), 0.5), 14, 0.98)


def _blossom_tree(scene: Scene, rng: np.random.Generator, x: float, foot: float, size: float, fade: float) -> None:
    haze: Rgb = (0.93, 0.93, 0.91)
    trunk = scene.blank()
    for angle in (-0.42, 0.05, 0.40):
        top = x + 200 * size * math.sin(angle), foot - 250 * size
        scene.stroke(trunk, [(x, foot), (x + 12 * size * angle, foot - 130 * size), top], 20 * size)
    scene.lay(trunk, mix(BARK, haze, fade), 4, 0.9)
    scene.disc(x - 6 * size, foot - 335 * size, 165 * size, mix(BLOSSOM[0], haze, fade), 22 * size, 0.80)
    for index, colour in enumerate(BLOSSOM):
        clouds = []
        for _ in range(26):
            angle, away = float(rng.uniform(0, 2 * math.pi)), math.sqrt(float(rng.random()))
            lift = 330 + 26 * index
            clouds.append(
                (
                    x + 170 * size * away * math.cos(angle) - 10 * index,
                    foot - lift * size + 130 * size * away * math.sin(angle),
                    float(rng.uniform(20, 40)) * size,
                )
            )
        _discs(scene, clouds, mix(colour, haze, fade), 6, 0.62)


def _branches(scene: Scene, rng: np.random.Generator) -> None:
    """Twigs in bloom that reach in from the upper corners, near the lens."""
    for corner, way in ((-30.0, 1), (scene.wide + 30, -1)):
        twigs, flowers = scene.blank(), []
        for bend, length in ((0.10, 300.0), (0.42, 250.0), (0.85, 330.0)):
            points = [
                (
                    corner + way * length * s * math.cos(bend),
                    0.03 * scene.high + length * s * math.sin(bend) * (0.6 + 0.5 * s),
                )
                for s in np.linspace(0, 1, 8).tolist()
            ]
            scene.stroke(twigs, points, 7)
            flowers += [
                (px + float(rng.uniform(-26, 26)), py + float(rng.uniform(-24, 24)))
                for px, py in points[2:]
                for _ in range(5)
            ]
        scene.lay(twigs, BARK, 4, 0.85)
        for index, colour in enumerate(BLOSSOM):
            _discs(scene, [(px, py, 15.0 - 3 * index) for px, py in flowers[index::3]], colour, 3.5, 0.92)
        _discs(scene, [(px, py, 3.5) for px, py in flowers[::2]], (0.93, 0.72, 0.36), 2, 0.8)


def _flowers(scene: Scene, rng: np.random.Generator, y: float, brand: Rgb) -> None:
    """Beds of flowers to both sides, in the brand's colour and others."""
    for colour in (mix(brand, BLOSSOM[1], 0.30), (0.99, 0.95, 0.88), (0.96, 0.80, 0.42), mix(brand, WHITE, 0.45)):
        places = rng.uniform(0, 1, (60, 3)).tolist()
        _discs(scene, [(u * scene.wide, y + v * 170, 5 + 11 * v * r) for u, v, r in places], colour, 4, 0.85)


def _pennants(scene: Scene, brand: Rgb) -> None:
    """Flags along two slack lines."""
    colours = (mix(brand, WHITE, 0.10), (0.985, 0.965, 0.930), mix(brand, WHITE, 0.48), (0.965, 0.800, 0.450))
    for start, end, sag in (((-40.0, 0.070), (0.62, 0.125), 70.0), ((0.38, 0.115), (1.06, 0.060), 64.0)):
        x0 = start[0] if start[0] < 0 else start[0] * scene.wide
        points = _swag((x0, start[1] * scene.high), (end[0] * scene.wide, end[1] * scene.high), sag, 11)
        line = scene.blank()
        scene.stroke(line, points, 2.5)
        scene.lay(line, WHITE, 2, 0.8)
        for index, (px, py) in enumerate(points[:-1]):
            flag = scene.blank()
            scene.fill(flag, [(px + 4, py), (px + 44, py + 3), (px + 24, py + 58)])
            scene.lay(flag, colours[index % 4], 3.5, 0.92)
