"""The painted face: one front-projected map made in the eyes-closed shape, so that make-up survives a blink."""

from __future__ import annotations

import cv2
import moderngl
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from engine.avatar.human.lashes import UPPER, VERTICES_A_LASH
from engine.avatar.human.mesh import Part, Points, smoothstep
from engine.avatar.human.sculpt import Figure
from engine.avatar.human.spec import Looks, srgb

Plane = NDArray[np.float32]

WIDTH, HEIGHT = 1024, 1536
HALF_WIDTH, BELOW_EYES, ABOVE_EYES = 0.09, 0.15, 0.12
"""Metres that the map covers around the point between the eyes."""

LINER_LENGTH, LINER_LIFT = 0.9, 9
"""Share of the lid, from the inner corner, that the liner follows; pixels that it lies above the lash roots."""

BROW_X = (0.0125, 0.023, 0.035, 0.047, 0.0565)
BROW_Z = (0.0188, 0.0208, 0.0232, 0.0226, 0.0180)
BROW_THICKNESS = (0.0024, 0.0033, 0.0029, 0.0019, 0.0007)
BROW_STROKES = 420

_VERTEX = """#version 330
in vec3 position; in float facing; in vec2 texture_at; out vec2 uv; out float front;
void main() { uv = texture_at; front = facing; gl_Position = vec4(position.xy * 2.0 - 1.0, position.z, 1); }"""
_FRAGMENT = """#version 330
in vec2 uv; in float front; out vec4 colour;
void main() { if (front < 0.0) discard; colour = vec4(uv, front, 1); }"""


def painted(context: moderngl.Context, figure: Figure, skin: Part, lashes: Part, looks: Looks) -> NDArray[np.uint8]:
    """The map, RGBA uint8 (HEIGHT, WIDTH): sRGB albedo, alpha is gloss. Adds ``paint`` (n, 2) to the skin's extras."""
    closed = figure.shapes["eyeBlinkLeft"] + figure.shapes["eyeBlinkRight"]
    assert skin.source is not None
    assert lashes.source is not None
    position = skin.position + skin.source @ closed
    skin.extra["paint"] = np.stack(
        [
            (position[:, 0] + HALF_WIDTH) / (2 * HALF_WIDTH),
            (figure.eye_height + ABOVE_EYES - position[:, 2]) / (BELOW_EYES + ABOVE_EYES),
        ],
        1,
    )
    lash_lines = lashes.position + lashes.source @ closed
    lips, lids = _projected_masks(context, figure, skin, position)
    face = _Face(looks, figure.eye_height, lips)
    face.complexion()
    face.freckles()
    for first in (0, len(lash_lines) // 2):
        upper = lash_lines[first : first + UPPER * VERTICES_A_LASH]
        face.eye(upper.reshape(UPPER, -1, 2, 3)[:, 0].mean(1), lids)
    for side in (1, -1):
        face.brow(side)
    return face.finished()


def _projected_masks(context: moderngl.Context, figure: Figure, skin: Part, position: Points) -> tuple[Plane, Plane]:
    """Lip and lid masks in the map's frame, by drawing the skin's texture coordinates into it."""
    program = context.program(vertex_shader=_VERTEX, fragment_shader=_FRAGMENT)
    target = context.texture((WIDTH, HEIGHT), 4, dtype="f4")
    frame = context.framebuffer([target], context.depth_renderbuffer((WIDTH, HEIGHT)))
    flat = np.c_[skin.extra["paint"], (position[:, 1] + 0.2) * 2 - 1, -skin.normal[:, 1], skin.extra["texture"]]
    outside = skin.extra["inner_mouth"] < 0.5
    triangles = skin.triangles[outside[skin.triangles].all(1)]
    mesh = context.vertex_array(
        program,
        [(context.buffer(flat.astype(np.float32).tobytes()), "3f 1f 2f", "position", "facing", "texture_at")],
        context.buffer(triangles.astype(np.int32).tobytes()),
    )
    frame.use()
    frame.clear(0, 0, 0, 0)
    context.enable_only(moderngl.DEPTH_TEST)
    mesh.render()
    uv = np.frombuffer(target.read(), np.float32).reshape(HEIGHT, WIDTH, 4)

    def looked_up(name: str) -> Plane:
        mask = figure.data.mask(name).astype(np.float32) / 255
        size = mask.shape[0]
        found = cv2.remap(mask, uv[..., 0] * size, (1 - uv[..., 1]) * size, cv2.INTER_LINEAR)
        return np.where(uv[..., 3] > 0, found, 0).astype(np.float32)

    return gaussian_filter(looked_up("lips"), 2.2), gaussian_filter(looked_up("eyelids"), 3)


class _Face:
    """The map while it is painted. x is metres from the middle, z metres above the eyes."""

    def __init__(self, looks: Looks, eye_height: float, lips: Plane) -> None:
        self.looks, self.eye_height, self.lips = looks, eye_height, lips
        self.skin = np.array(srgb(looks.skin.tone), np.float32)
        x, z = np.meshgrid(np.linspace(-HALF_WIDTH, HALF_WIDTH, WIDTH), np.linspace(ABOVE_EYES, -BELOW_EYES, HEIGHT))
        self.x, self.z = x.astype(np.float32), z.astype(np.float32)
        self.image = np.ones((HEIGHT, WIDTH, 3), np.float32) * self.skin
        self.mouth = float(self.z[lips > 0.5].mean()) if (lips > 0.5).any() else -0.07

    def blob(self, x: float, z: float, wide: float, high: float) -> Plane:
        """A soft mirrored spot."""
        return np.asarray(np.exp(-(((abs(self.x) - x) / wide) ** 2) - ((self.z - z) / high) ** 2), np.float32)

    def tint(self, mask: Plane, factor: tuple[float, float, float]) -> None:
        """Multiplies by a colour where the mask is."""
        share = mask[..., None]
        self.image = self.image * (1 - share) + self.image * np.array(factor, np.float32) * share

    def cover(self, mask: Plane, colour: Plane) -> None:
        """Lays a colour over where the mask is."""
        share = mask[..., None]
        self.image = self.image * (1 - share) + colour * share

    def pixel(self, x: float, z: float) -> tuple[float, float]:
        """Column and row of a point."""
        row = (ABOVE_EYES - z) / (ABOVE_EYES + BELOW_EYES) * HEIGHT
        return (x + HALF_WIDTH) / (2 * HALF_WIDTH) * WIDTH, row

    def complexion(self) -> None:
        """Pores, redness, blush, and a little shade under the eyes."""
        grain = 0.010 * _noise(14, 1) + 0.007 * _noise(5, 2) + 0.006 * _noise(1.6, 3)
        self.image *= (1 + grain)[..., None]
        self.tint(np.clip(0.5 + 0.5 * _noise(22, 9), 0, 1) * 0.30, (1.03, 0.96, 0.955))
        self.tint(self.blob(0.0, -0.034, 0.012, 0.012) * 0.40, (1.03, 0.91, 0.91))
        self.tint(self.blob(0.039, -0.034, 0.021, 0.016) * self.looks.skin.blush, (1.06, 0.78, 0.79))
        self.tint(self.blob(0.055, -0.024, 0.018, 0.016) * self.looks.skin.blush * 0.6, (1.05, 0.82, 0.82))
        self.tint(self.blob(0.0, self.mouth - 0.03, 0.02, 0.012) * 0.25, (1.03, 0.93, 0.92))
        self.tint(self.blob(0.030, -0.017, 0.016, 0.006) * 0.14, (0.95, 0.89, 0.90))

    def freckles(self) -> None:
        """Faint freckles over nose and cheeks."""
        rng = np.random.default_rng(5)
        dots = np.zeros((HEIGHT, WIDTH), np.float32)
        for _ in range(150):
            x, y = self.pixel(rng.normal() * 0.026, -0.03 + rng.normal() * 0.011)
            centre, size = (int(x * 8), int(y * 8)), int(8 * (1.2 + rng.random() * 1.8))
            cv2.circle(dots, centre, size, 0.25 + 0.5 * rng.random(), -1, cv2.LINE_AA, 3)
        self.tint(gaussian_filter(dots, 1.2) * self.looks.skin.freckles, (0.82, 0.66, 0.58))

    def eye(self, roots: Points, lids: Plane) -> None:
        """Liner along the lash roots (n, 3), and shadow on the lid above them."""
        roots = roots[np.argsort(abs(roots[:, 0]))]
        line = np.array([self.pixel(r[0], r[2] - self.eye_height) for r in roots], np.float32)
        for axis in (0, 1):
            line[2:-2, axis] = np.convolve(line[:, axis], np.ones(5) / 5, "valid")
        drawn = np.zeros((HEIGHT, WIDTH), np.float32)
        within = line[: int(len(line) * LINER_LENGTH)]
        cv2.polylines(drawn, [(within * 16).astype(np.int32)], False, 1.0, 5, cv2.LINE_AA, 4)
        drawn = np.roll(drawn, -LINER_LIFT, 0)
        self.tint(np.clip(gaussian_filter(drawn, 1.5) * 1.3, 0, 1) * 0.85, (0.16, 0.11, 0.10))
        crease = line.copy()
        crease[:, 1] -= np.interp(np.linspace(0, 1, len(line)), [0, 0.5, 1], [14, 34, 26])
        shadow = np.zeros((HEIGHT, WIDTH), np.float32)
        cv2.fillPoly(shadow, [np.r_[line, crease[::-1]].astype(np.int32)], 1.0)
        self.tint(gaussian_filter(shadow, 9) * 0.5, (0.82, 0.64, 0.59))

    def brow(self, side: int) -> None:
        """A brow of short strokes, thin at the inner end, over their own blur."""
        rng = np.random.default_rng(11 + side)
        knots = np.linspace(0, 1, len(BROW_X))
        fine = np.linspace(0, 1, 40)
        curve = gaussian_filter(np.interp(fine, knots, BROW_Z), 3, mode="nearest")
        strokes = np.zeros((HEIGHT, WIDTH), np.float32)
        for _ in range(BROW_STROKES):
            s = rng.random() ** 0.9
            x = float(np.interp(s, knots, BROW_X))
            thick = float(np.interp(s, knots, BROW_THICKNESS))
            off = (rng.random() - 0.5) * 2 * thick
            z = float(np.interp(s, fine, curve)) + off
            rise = float(np.interp(min(s + 0.05, 1), fine, curve) - np.interp(max(s - 0.05, 0), fine, curve))
            lean = float(np.interp(s, [0, 0.15, 0.5, 1], [0.95, 0.6, 0.28, 0.0])) * (1 if off < thick * 0.3 else 0.2)
            angle = np.arctan(rise / ((BROW_X[-1] - BROW_X[0]) * 0.1)) + lean
            length = 0.0050 * (0.75 + 0.4 * rng.random())
            start = self.pixel(side * x, z)
            stop = self.pixel(side * (x + np.cos(angle) * length), z + np.sin(angle) * length)
            dark = (0.40 + 0.35 * rng.random()) * float(np.interp(s, [0, 0.25, 1], [0.4, 1, 1]))
            ends = [tuple(int(q * 16) for q in p) for p in (start, stop)]
            cv2.line(strokes, ends[0], ends[1], dark, 2, cv2.LINE_AA, 4)
        share = np.clip(gaussian_filter(strokes, 0.9) * 0.6 + gaussian_filter(strokes, 5) * 0.75, 0, 1)
        self.cover(share, np.array(srgb(self.looks.brows.colour), np.float32))

    def finished(self) -> NDArray[np.uint8]:
        """Lips, gloss, and the fade to plain skin at the map's lower edge."""
        mask = np.clip(self.lips * 1.15, 0, 1)
        shade = np.clip(0.5 + (self.z - self.mouth) / 0.012, 0, 1)
        lip = np.array(srgb(self.looks.makeup.lips), np.float32) * (1.02 - 0.10 * shade[..., None])
        lip = lip * (1 + 0.025 * _noise(1.5, 4))[..., None]
        self.cover(mask * self.looks.makeup.lip_cover, lip)
        gloss = 0.35 + 0.35 * self.blob(0, -0.02, 0.012, 0.05) + 0.2 * self.blob(0.035, -0.02, 0.02, 0.015)
        gloss = np.clip(gloss + 0.25 * self.blob(0, 0.045, 0.03, 0.02), 0, 1) * 0.55
        gloss = gloss * (1 - mask) + mask * 0.8
        fade = smoothstep(0, 0.02, self.z + BELOW_EYES)[..., None]
        image = self.image * fade + self.skin * (1 - fade)
        return np.asarray(np.clip(np.dstack([image, gloss]), 0, 1) * 255, np.uint8)


def _noise(sigma: float, seed: int) -> Plane:
    field = np.random.default_rng(seed).normal(size=(HEIGHT, WIDTH)).astype(np.float32)
    field = gaussian_filter(field, sigma)
    return np.asarray(field / field.std(), np.float32)


def streaks(seed: int = 0, width: int = 512, height: int = 256) -> NDArray[np.uint8]:
    """Tileable hair streaks, grey uint8 (height, width), long in v."""
    rng = np.random.default_rng(seed)
    field = np.zeros((height, width), np.float32)
    for across, along, weight in ((0.7, 60, 0.5), (1.5, 90, 0.8), (4, 120, 0.9), (12, 150, 0.6)):
        layer = gaussian_filter(rng.normal(size=(height, width)).astype(np.float32), (along, across), mode="wrap")
        field += weight * layer / layer.std()
    return np.asarray(np.clip(0.5 + field / field.std() * 0.2, 0, 1) * 255, np.uint8)
