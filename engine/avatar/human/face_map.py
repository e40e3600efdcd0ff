"""The map that the face is painted on: a front view of the default host's face with closed eyes, in metres.

Every host's skin takes its place in the map from the same base vertices of that one face, so whatever is painted at
its brows, lips or lids lies at everyone's brows, lips and lids, however the sliders have moved them.
"""

from __future__ import annotations

import cv2
import moderngl
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from engine.avatar.human.lips import sealed
from engine.avatar.human.mesh import Part, Points, vertex_normals
from engine.avatar.human.sculpt import Figure, sculpt
from engine.avatar.human.source import HumanData
from engine.avatar.human.spec import Looks

Plane = NDArray[np.float32]
Tint = tuple[float, float, float]

WIDTH, HEIGHT = 1024, 1536
HALF_WIDTH, BELOW_EYES, ABOVE_EYES = 0.09, 0.15, 0.12
"""Metres that the map covers around the point between the eyes."""

MOUTH = -0.0620
"""Where the lips of the default host meet, metres above the eyes."""

_VERTEX = """#version 330
in vec3 position; in float facing; in vec2 texture_at; out vec2 uv; out float front;
void main() { uv = texture_at; front = facing; gl_Position = vec4(position.xy * 2.0 - 1.0, position.z, 1); }"""
_FRAGMENT = """#version 330
in vec2 uv; in float front; out vec4 colour;
void main() { if (front < 0.0) discard; colour = vec4(uv, front, 1); }"""


class Layout:
    """The default host's base vertices (n, 3) with closed eyes."""

    def __init__(self, data: HumanData) -> None:
        figure = sealed(sculpt(data, Looks()))
        self.vertices = figure.vertices + figure.shapes["eyeBlinkLeft"] + figure.shapes["eyeBlinkRight"]
        self.eye_height = figure.eye_height

    def of(self, part: Part, figure: Figure) -> Points:
        """Where a part with a source lies on the default host, (n, 3)."""
        assert part.source is not None
        return np.asarray(part.source @ self.vertices + (part.position - part.source @ figure.vertices))

    def share(self, position: Points) -> Points:
        """Places in the map, (n, 2) from the top left corner, 0 to 1."""
        return np.stack(
            [
                (position[:, 0] + HALF_WIDTH) / (2 * HALF_WIDTH),
                (self.eye_height + ABOVE_EYES - position[:, 2]) / (BELOW_EYES + ABOVE_EYES),
            ],
            1,
        )


class Canvas:
    """Albedo (HEIGHT, WIDTH, 3) while it is painted. x is metres from the middle, z metres above the eyes."""

    def __init__(self, skin: Tint) -> None:
        self.skin = np.array(skin, np.float32)
        x, z = np.meshgrid(np.linspace(-HALF_WIDTH, HALF_WIDTH, WIDTH), np.linspace(ABOVE_EYES, -BELOW_EYES, HEIGHT))
        self.x, self.z = x.astype(np.float32), z.astype(np.float32)
        self.image: Plane = np.ones((HEIGHT, WIDTH, 3), np.float32) * self.skin

    def blob(self, x: float, z: float, wide: float, high: float) -> Plane:
        """A soft mirrored spot."""
        return np.asarray(np.exp(-(((abs(self.x) - x) / wide) ** 2) - ((self.z - z) / high) ** 2), np.float32)

    def tint(self, mask: Plane, factor: Tint) -> None:
        """Multiplies by a colour where the mask is."""
        share = mask[..., None]
        self.image = self.image * (1 - share) + self.image * np.array(factor, np.float32) * share

    def cover(self, mask: Plane, colour: Plane) -> None:
        """Lays a colour over where the mask is."""
        share = mask[..., None]
        self.image = self.image * (1 - share) + colour * share

    def stroke(self, plane: Plane, points: list[tuple[float, float]], strength: float, width: int = 2) -> None:
        """Draws a line through points (x, z) into a plane."""
        line = [[int(16 * q) for q in pixel(x, z)] for x, z in points]
        cv2.polylines(plane, [np.array(line, np.int32)], False, strength, width, cv2.LINE_AA, 4)


def empty() -> Plane:
    """A plane of zeros."""
    return np.zeros((HEIGHT, WIDTH), np.float32)


def pixel(x: float, z: float) -> tuple[float, float]:
    """Column and row of a point."""
    row = (ABOVE_EYES - z) / (ABOVE_EYES + BELOW_EYES) * HEIGHT
    return (x + HALF_WIDTH) / (2 * HALF_WIDTH) * WIDTH, row


def noise(sigma: float, seed: int) -> Plane:
    """Smooth noise with mean 0 and deviation 1."""
    field = np.random.default_rng(seed).normal(size=(HEIGHT, WIDTH)).astype(np.float32)
    field = gaussian_filter(field, sigma)
    return np.asarray(field / field.std(), np.float32)


def front_view(
    context: moderngl.Context, data: HumanData, skin: Part, position: Points, share: Points
) -> tuple[Plane, Plane]:
    """Where the lips are in the map, and how squarely the skin faces it (cosine; 0 outside the head).

    The skin's texture coordinates are drawn into the map and the lip mask is looked up there. ``position`` and
    ``share`` are those of the skin's vertices on the default host and in the map.
    """
    program = context.program(vertex_shader=_VERTEX, fragment_shader=_FRAGMENT)
    target = context.texture((WIDTH, HEIGHT), 4, dtype="f4")
    frame = context.framebuffer([target], context.depth_renderbuffer((WIDTH, HEIGHT)))
    normal = vertex_normals(position, skin.triangles)
    flat = np.c_[share, (position[:, 1] + 0.2) * 2 - 1, -normal[:, 1], skin.extra["texture"]]
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
    mask = data.mask("lips").astype(np.float32) / 255
    size = mask.shape[0]
    found = cv2.remap(mask, uv[..., 0] * size, (1 - uv[..., 1]) * size, cv2.INTER_LINEAR)
    lips = gaussian_filter(np.where(uv[..., 3] > 0, found, 0).astype(np.float32), 2.2)
    return np.asarray(lips, np.float32), np.asarray(uv[..., 2] * uv[..., 3], np.float32)
