"""Offline visibility: which triangles are ever seen, over a grid of head turns and faces wider than the runtime's."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import moderngl
import numpy as np
from numpy.typing import NDArray

from engine.avatar.body_file import PartData
from engine.avatar.pose import SEEN_YAWS, Camera, head_transforms

PITCHES = (-17.0, 0.0, 17.0)
ROLLS = (-13.0, 13.0)
BODY_SCALE = 0.6
"""The whole torso is looked at from the front in a picture of this scale."""

WINDOW = 1400
PIXELS_A_METRE = 2300.0
FEWEST_PIXELS: dict[str, int] = {"hair": 4, "upper_teeth": 0, "lower_teeth": 0}
"""Pixels that a triangle must show in one pose, by part name (else 1). Behind a hidden lock there is more hair.

The walls of the mouth are kept unseen, too: more mouths are spoken than ``FACES`` can hold.
"""

FACES: tuple[dict[str, float], ...] = (
    {
        "mouthSmileLeft": 0.95,
        "mouthSmileRight": 0.95,
        "mouthUpperUpLeft": 0.35,
        "mouthUpperUpRight": 0.35,
        "jawOpen": 0.15,
        "eyeWideLeft": 0.3,
        "eyeWideRight": 0.3,
    },
    {
        "jawOpen": 0.75,
        "mouthLowerDownLeft": 0.4,
        "mouthLowerDownRight": 0.4,
        "mouthUpperUpLeft": 0.4,
        "mouthUpperUpRight": 0.4,
        "eyeWideLeft": 0.5,
        "eyeWideRight": 0.5,
    },
    {"mouthFunnel": 0.6, "jawOpen": 0.25, "eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0, "tongueOut": 0.6},
)

_VERTEX = """#version 330
in vec3 position; in float keep; uniform mat4 view; out float cloth;
void main() { cloth = keep; gl_Position = view * vec4(position, 1); }"""
_FRAGMENT = """#version 330
uniform int first; in float cloth; out vec4 colour;
void main() {
  if (cloth < 0.0) discard;
  int id = gl_PrimitiveID + first;
  colour = vec4(float(id & 255), float((id >> 8) & 255), float((id >> 16) & 255), 255.0) / 255.0;
}"""


def visible_triangles(
    context: moderngl.Context,
    parts: list[PartData],
    joints: NDArray[np.float32],
    camera: Camera,
    progress: Callable[[float], None],
) -> list[PartData]:
    """The parts with the triangles that are worth keeping, in their old order: those seen, and their neighbours.

    ``views`` says between which of ``SEEN_YAWS`` a triangle is seen. Cloth is cut by its ``keep`` attribute as the
    shader cuts it.
    """
    counter = _Counter(context, parts, camera)
    poses = list(_poses())
    for done, (face, yaw, pitch, roll) in enumerate(poses):
        chain = head_transforms(joints.astype(np.float64), SEEN_YAWS[yaw], pitch, roll)
        counter.look(yaw, chain, FACES[face])
        progress((done + 1) / len(poses))
    far = replace(camera, scale=camera.scale * BODY_SCALE, centre_y=camera.centre_y * BODY_SCALE)
    counter.look_from(far)
    for yaw in range(len(SEEN_YAWS)):
        counter.look(yaw, head_transforms(joints.astype(np.float64), 0, 0, 0), FACES[0])
    return [_worth_keeping(part, seen) for part, seen in zip(parts, counter.seen_by_part(), strict=True)]


def _worth_keeping(part: PartData, seen: NDArray[np.bool_]) -> PartData:
    """``seen`` (yaws, triangles) are the triangles seen at each yaw; between two yaws, what is seen at either."""
    views = np.zeros(len(part.triangles), np.uint8)
    for span in range(len(SEEN_YAWS) - 1):
        visible = seen[span] | seen[span + 1]
        touched = np.zeros(len(part.position), bool)
        touched[part.triangles[visible].ravel()] = True
        views |= (visible | (touched[part.triangles].sum(1) >= 2)).astype(np.uint8) << np.uint8(span)
    return replace(part, views=views).picked(views > 0)


def shaped(part: PartData, face: dict[str, float]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Positions and normals of a part under face shapes."""
    position, normal = part.position.copy(), part.normal.copy()
    for name, amount in face.items():
        if name in part.shapes:
            delta = part.deltas[part.shapes.index(name)]
            position[: delta.shape[0]] += amount * delta[:, :3]
            normal[: delta.shape[0]] += amount * delta[:, 3:]
    return position, normal


def posed(part: PartData, points: NDArray[np.float32], chain: NDArray[np.float64]) -> NDArray[np.float32]:
    """Points of a part under the neck chain's transforms."""
    still = 1 - part.neck.sum(1)
    result = points * still[:, None]
    for i in range(4):
        result = result + part.neck[:, i : i + 1] * (points @ chain[i, :3, :3].T + chain[i, :3, 3])
    return np.asarray(result, np.float32)


def _poses() -> Iterable[tuple[int, int, float, float]]:
    """Number of the face, number of the yaw, pitch and roll."""
    for face in range(len(FACES)):
        for yaw in range(len(SEEN_YAWS)):
            for pitch in PITCHES:
                for roll in (0.0,) if face else ROLLS:
                    yield face, yaw, pitch, roll


def _fewest(part: PartData) -> NDArray[np.int64]:
    """Pixels that each triangle (t,) of a part must show."""
    fewest = np.full(len(part.triangles), FEWEST_PIXELS.get(part.name, 1))
    if "inner_mouth" in part.attributes:
        fewest[(part.attributes["inner_mouth"][part.triangles] > 0).any((1, 2))] = 0
    return fewest


class _Counter:
    """Draws triangle numbers and remembers which came out on top."""

    def __init__(self, context: moderngl.Context, parts: list[PartData], camera: Camera) -> None:
        self.context, self.parts = context, parts
        self.frame = context.simple_framebuffer((WINDOW, WINDOW))
        self.program = context.program(vertex_shader=_VERTEX, fragment_shader=_FRAGMENT)
        self.look_from(camera)
        self.firsts = np.cumsum([0] + [len(p.triangles) for p in parts])
        self.seen = np.zeros((len(SEEN_YAWS), int(self.firsts[-1]) + 1), bool)
        self.fewest = np.concatenate([*map(_fewest, parts), [1]])
        self.buffers = [context.buffer(reserve=part.position.nbytes, dynamic=True) for part in parts]
        self.meshes = []
        for part, buffer in zip(parts, self.buffers, strict=True):
            keep = part.attributes.get("keep", np.ones((len(part.position), 1), np.float32))
            layout = [(buffer, "3f", "position"), (context.buffer(keep.tobytes()), "1f", "keep")]
            indices = context.buffer(part.triangles.astype(np.int32).tobytes())
            self.meshes.append(context.vertex_array(self.program, layout, indices))

    def look_from(self, camera: Camera) -> None:
        """Where the next poses are seen from."""
        self.program["view"] = tuple(camera.projection(0, 0, WINDOW, WINDOW).T.ravel())

    def look(self, yaw: int, chain: NDArray[np.float64], face: dict[str, float]) -> None:
        """Draws one pose, and notes what is seen of it for that number of ``SEEN_YAWS``."""
        self.frame.use()
        self.frame.clear(1, 1, 1, 1)
        self.context.enable_only(moderngl.DEPTH_TEST)
        for part, buffer, mesh, first in zip(self.parts, self.buffers, self.meshes, self.firsts[:-1], strict=True):
            buffer.write(np.ascontiguousarray(posed(part, shaped(part, face)[0], chain)).tobytes())
            self.program["first"] = int(first)
            mesh.render()
        pixels = np.frombuffer(self.frame.read(components=3), np.uint8).reshape(-1, 3).astype(np.int64)
        nothing = self.seen.shape[1] - 1
        ids = np.minimum(pixels[:, 0] + pixels[:, 1] * 256 + pixels[:, 2] * 65536, nothing)
        self.seen[yaw] |= np.bincount(ids, minlength=nothing + 1) >= self.fewest

    def seen_by_part(self) -> list[NDArray[np.bool_]]:
        """Flags (yaws, triangles), part by part."""
        return [self.seen[:, a:b] for a, b in zip(self.firsts[:-1], self.firsts[1:], strict=True)]
