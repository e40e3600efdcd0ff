"""The painted face: complexion, lips, eyes and age, in the frame of ``face_map``. Tones multiply, so that they
suit every skin.
"""

from __future__ import annotations

import cv2
import moderngl
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from engine.avatar.human.beard import paint_beard
from engine.avatar.human.brows import paint_brows
from engine.avatar.human.face_map import (
    BELOW_EYES,
    MOUTH,
    Canvas,
    Layout,
    Plane,
    Tint,
    empty,
    front_view,
    noise,
    pixel,
)
from engine.avatar.human.lashes import UPPER, VERTICES_A_LASH
from engine.avatar.human.mesh import Part, Points, smoothstep
from engine.avatar.human.sculpt import Figure
from engine.avatar.human.sliders import elder
from engine.avatar.human.spec import Looks, srgb

LINER_LENGTH, LINER_LIFT = 0.9, 9
"""Share of the lid, from the inner corner, that the liner follows; pixels that it lies above the lash roots."""

ROOT_LINE = 0.25
"""Strength of the line that the lashes' roots make on a bare lid."""

SHADOW_GAIN = 1.03
COVERED_LIPS = 0.74
"""From this cover on, lipstick hides the lips' own colour."""

OWN_LIPS: dict[str, Tint] = {"woman": (0.91, 0.72, 0.72), "man": (0.93, 0.80, 0.80)}
"""Lips are the skin times this."""

LIGHTEST = 0.95
"""The brightest channel of the lightest skin that still has shape in the light."""

AGE_LINES = 0.75
"""Strength of the lines that the oldest host has without ``skin.lines``."""

Line = tuple[float, int, list[tuple[float, float]]]

LINES: tuple[Line, ...] = (
    (0.55, 2, [(0.0500, -0.0010), (0.0545, 0.0016), (0.0590, 0.0050)]),
    (0.60, 2, [(0.0505, -0.0042), (0.0555, -0.0042), (0.0605, -0.0052)]),
    (0.50, 2, [(0.0500, -0.0072), (0.0540, -0.0100), (0.0575, -0.0138)]),
    (0.65, 3, [(0.0190, -0.0135), (0.0280, -0.0175), (0.0380, -0.0165), (0.0440, -0.0120)]),
    (0.95, 5, [(0.0145, -0.0370), (0.0190, -0.0440), (0.0245, -0.0530), (0.0280, -0.0620)]),
    (0.55, 4, [(0.0250, -0.0640), (0.0272, -0.0720), (0.0268, -0.0780)]),
    (0.50, 3, [(0.0055, 0.0140), (0.0045, 0.0240)]),
    (0.50, 4, [(0.0000, 0.0400), (0.0160, 0.0415), (0.0300, 0.0395), (0.0400, 0.0360)]),
    (0.55, 4, [(0.0000, 0.0495), (0.0170, 0.0512), (0.0310, 0.0492), (0.0390, 0.0465)]),
    (0.35, 3, [(0.0000, 0.0590), (0.0150, 0.0605), (0.0270, 0.0590)]),
)
"""Strength, width in pixels, and course (x, z) of each line, mirrored: crow's feet, under the eye, beside the nose and
the mouth, between the brows, forehead."""


def placed(layout: Layout, figure: Figure, skin: Part) -> Points:
    """Where the skin lies on the default host (n, 3). Adds ``paint``, its place in the map (n, 2), to its extras."""
    position = layout.of(skin, figure)
    skin.extra["paint"] = layout.share(position)
    return position


def painted(
    context: moderngl.Context, layout: Layout, figure: Figure, skin: Part, lashes: Part, looks: Looks
) -> NDArray[np.uint8]:
    """The map, RGBA uint8 (HEIGHT, WIDTH): sRGB albedo, alpha is gloss. Adds ``paint`` (n, 2) to the skin's extras."""
    position = placed(layout, figure, skin)
    lips, facing = front_view(context, figure.data, skin, position, skin.extra["paint"])
    lash_lines = layout.of(lashes, figure) - [0, 0, layout.eye_height]
    red, green, blue = srgb(looks.skin.tone)
    dim = min(1.0, LIGHTEST / max(red, green, blue, 1e-6))
    canvas = Canvas((red * dim, green * dim, blue * dim))
    complexion(canvas, looks)
    freckles(canvas, looks.skin.freckles)
    lines(canvas, lines_strength(looks))
    for first in (0, len(lash_lines) // 2):
        upper = lash_lines[first : first + UPPER * VERTICES_A_LASH]
        eye(canvas, looks, upper.reshape(UPPER, -1, 2, 3)[:, 0].mean(1))
    paint_beard(canvas, looks, lips, facing)
    paint_brows(canvas, looks)
    mouth(canvas, looks, lips)
    return finished(canvas, looks, lips)


def lines_strength(looks: Looks) -> float:
    """How deep the lines are, 0 to 1: what age brings and what the host file adds."""
    return min(looks.skin.lines + AGE_LINES * elder(looks.person.age), 1.0)


def complexion(canvas: Canvas, looks: Looks) -> None:
    """Pores, redness, blush, and a little shade under the eyes."""
    old, blush = elder(looks.person.age), looks.skin.blush
    grain = 0.010 * noise(14, 1) + 0.007 * noise(5, 2) + 0.006 * noise(1.6, 3)
    canvas.image *= (1 + grain * (1 + 0.6 * old))[..., None]
    canvas.tint(np.clip(0.5 + 0.5 * noise(22, 9), 0, 1) * (0.30 + 0.3 * old), (1.03, 0.96, 0.955))
    canvas.tint(canvas.blob(0.0, -0.034, 0.012, 0.012) * 0.40, (1.03, 0.91, 0.91))
    canvas.tint(canvas.blob(0.039, -0.034, 0.021, 0.016) * blush, (1.06, 0.78, 0.79))
    canvas.tint(canvas.blob(0.055, -0.024, 0.018, 0.016) * blush * 0.6, (1.05, 0.82, 0.82))
    canvas.tint(canvas.blob(0.0, MOUTH - 0.03, 0.02, 0.012) * 0.25, (1.03, 0.93, 0.92))
    canvas.tint(canvas.blob(0.030, -0.017, 0.016, 0.006) * (0.14 + 0.25 * old), (0.95, 0.89, 0.90))


def freckles(canvas: Canvas, strength: float) -> None:
    """Faint freckles over nose and cheeks."""
    rng = np.random.default_rng(5)
    dots = empty()
    for _ in range(150):
        x, y = pixel(rng.normal() * 0.026, -0.03 + rng.normal() * 0.011)
        centre, size = (int(x * 8), int(y * 8)), int(8 * (1.2 + rng.random() * 1.8))
        cv2.circle(dots, centre, size, 0.25 + 0.5 * rng.random(), -1, cv2.LINE_AA, 3)
    canvas.tint(gaussian_filter(dots, 1.2) * strength, (0.82, 0.66, 0.58))


def lines(canvas: Canvas, strength: float) -> None:
    """Lines of age: a soft dark valley with a lighter rim below it."""
    if strength <= 0:
        return
    valleys = empty()
    for depth, width, course in LINES:
        t, fine = np.linspace(0, 1, len(course)), np.linspace(0, 1, 24)
        points = np.array(course)
        x, z = (gaussian_filter(np.interp(fine, t, points[:, i]), 2, mode="nearest") for i in (0, 1))
        taper = np.sin(np.pi * np.clip(fine * 0.85 + (0.5 if points[0, 0] == 0 else 0.1), 0, 1)) ** 0.7
        for side in (1, -1):
            one = empty()
            for i in range(len(fine) - 1):
                ends = [(side * float(x[i]), float(z[i])), (side * float(x[i + 1]), float(z[i + 1]))]
                canvas.stroke(one, ends, depth * float(taper[i]), width)
            valleys = np.maximum(valleys, one)
    soft = gaussian_filter(valleys, 1.6) * 0.7 + gaussian_filter(valleys, 6) * 0.9
    canvas.tint(np.clip(soft * strength, 0, 1), (0.74, 0.62, 0.58))
    rim = np.roll(gaussian_filter(valleys, 3), 6, 0)
    canvas.tint(np.clip(rim * strength * 0.5, 0, 1), (1.10, 1.08, 1.07))


def eye(canvas: Canvas, looks: Looks, roots: Points) -> None:
    """Liner along the lash roots (n, 3), and shadow on the lid above them."""
    roots = roots[np.argsort(abs(roots[:, 0]))]
    line = np.array([pixel(r[0], r[2]) for r in roots], np.float32)
    for axis in (0, 1):
        line[2:-2, axis] = np.convolve(line[:, axis], np.ones(5) / 5, "valid")
    drawn = empty()
    within = line[: int(len(line) * LINER_LENGTH)]
    cv2.polylines(drawn, [(within * 16).astype(np.int32)], False, 1.0, 5, cv2.LINE_AA, 4)
    drawn = np.roll(drawn, -LINER_LIFT, 0)
    strength = max(looks.makeup.liner, ROOT_LINE)
    canvas.tint(np.clip(gaussian_filter(drawn, 1.5) * 1.3, 0, 1) * strength, (0.16, 0.11, 0.10))
    crease = line.copy()
    crease[:, 1] -= np.interp(np.linspace(0, 1, len(line)), [0, 0.5, 1], [14, 34, 26])
    shadow = empty()
    cv2.fillPoly(shadow, [np.r_[line, crease[::-1]].astype(np.int32)], 1.0)
    red, green, blue = (SHADOW_GAIN * c for c in srgb(looks.makeup.shadow_colour))
    canvas.tint(gaussian_filter(shadow, 9) * looks.makeup.shadow, (red, green, blue))


def mouth(canvas: Canvas, looks: Looks, lips: Plane) -> None:
    """The lips' own colour, and lipstick over it."""
    mask = np.clip(lips * 1.15, 0, 1)
    own = max(0.0, 1 - looks.makeup.lip_cover / COVERED_LIPS)
    canvas.tint(mask * own, OWN_LIPS[looks.person.gender])
    shade = np.clip(0.5 + (canvas.z - MOUTH) / 0.012, 0, 1)
    lip = np.array(srgb(looks.makeup.lips), np.float32) * (1.02 - 0.10 * shade[..., None])
    canvas.cover(mask * looks.makeup.lip_cover, lip * (1 + 0.025 * noise(1.5, 4))[..., None])


def finished(canvas: Canvas, looks: Looks, lips: Plane) -> NDArray[np.uint8]:
    """Gloss, and the fade to plain skin at the map's lower edge."""
    mask = np.clip(lips * 1.15, 0, 1)
    gloss = 0.35 + 0.35 * canvas.blob(0, -0.02, 0.012, 0.05) + 0.2 * canvas.blob(0.035, -0.02, 0.02, 0.015)
    gloss = np.clip(gloss + 0.25 * canvas.blob(0, 0.045, 0.03, 0.02), 0, 1) * 0.55
    gloss = gloss * (1 - mask) + mask * (0.35 + 0.45 * min(looks.makeup.lip_cover / COVERED_LIPS, 1.0))
    fade = smoothstep(0, 0.02, canvas.z + BELOW_EYES)[..., None]
    image = canvas.image * fade + canvas.skin * (1 - fade)
    return np.asarray(np.clip(np.dstack([image, gloss]), 0, 1) * 255, np.uint8)


def streaks(seed: int = 0, width: int = 512, height: int = 256) -> NDArray[np.uint8]:
    """Tileable hair streaks, grey uint8 (height, width), long in v."""
    rng = np.random.default_rng(seed)
    field = np.zeros((height, width), np.float32)
    for across, along, weight in ((0.7, 60, 0.5), (1.5, 90, 0.8), (4, 120, 0.9), (12, 150, 0.6)):
        layer = gaussian_filter(rng.normal(size=(height, width)).astype(np.float32), (along, across), mode="wrap")
        field += weight * layer / layer.std()
    return np.asarray(np.clip(0.5 + field / field.std() * 0.2, 0, 1) * 255, np.uint8)
