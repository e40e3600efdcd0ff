"""Ambient occlusion and the key light's soft shadow, baked per vertex from depth maps drawn on many sides."""

from __future__ import annotations

import moderngl
import numpy as np

from engine.avatar.human.mesh import Part, Points, adjacency, unit

KEY_LIGHT = unit(np.array([-0.55, -1.0, 0.62]))
"""Direction towards the key light: in front, above, from the viewer's left. The shaders use the same."""

SKY_DIRECTIONS, KEY_RAYS = 160, 24
DRAFT_DIRECTIONS, DRAFT_RAYS = 32, 6
MAP_SIZE, DRAFT_MAP_SIZE = 1400, 700
HALF_EXTENT = 0.50
NORMAL_OFFSET, DEPTH_BIAS = 0.0018, 0.0022

_VERTEX = """#version 330
in vec3 position; uniform mat4 view;
void main() { gl_Position = view * vec4(position, 1); }"""
_FRAGMENT = "#version 330\nvoid main() {}"


class Occlusion:
    """Depth maps of the casting parts, tested at the receiving parts' vertices."""

    def __init__(self, context: moderngl.Context, casters: list[Part], centre: Points, map_size: int) -> None:
        self.context, self.centre, self._size = context, centre, map_size
        positions, triangles, start = [], [], 0
        for part in casters:
            kept = part.triangles
            if "keep" in part.extra:
                kept = kept[(part.extra["keep"][kept] > 0).all(1)]
            positions.append(part.position)
            triangles.append(kept + start)
            start += len(part.position)
        self._program = context.program(vertex_shader=_VERTEX, fragment_shader=_FRAGMENT)
        vertices = context.buffer(np.concatenate(positions).astype(np.float32).tobytes())
        indices = context.buffer(np.concatenate(triangles).astype(np.int32).tobytes())
        self._mesh = context.vertex_array(self._program, [(vertices, "3f", "position")], indices)
        self._depth = context.depth_texture((map_size, map_size))
        self._frame = context.framebuffer(depth_attachment=self._depth)

    def seen_from(self, towards: Points, position: Points, normal: Points) -> Points:
        """1 where a vertex sees the light in that direction, else 0."""
        view = self._view(unit(towards))
        self._frame.use()
        self._frame.clear(depth=1.0)
        self.context.enable_only(moderngl.DEPTH_TEST)
        self._program["view"] = tuple(view.T.ravel())
        self._mesh.render()
        depth = np.frombuffer(self._depth.read(), np.float32).reshape(self._size, self._size)
        clip = (position + normal * NORMAL_OFFSET) @ view[:3, :3].T + view[:3, 3]
        pixel = np.clip(((clip[:, :2] + 1) * 0.5 * self._size).astype(int), 0, self._size - 1)
        limit = depth[pixel[:, 1], pixel[:, 0]] + DEPTH_BIAS / HALF_EXTENT / 1.5 * 0.5
        return np.asarray(clip[:, 2] * 0.5 + 0.5 <= limit, np.float64)

    def _view(self, towards: Points) -> Points:
        up = np.array([0, 0, 1.0]) if abs(towards[2]) < 0.9 else np.array([0, 1.0, 0])
        right = unit(np.cross(up, towards))
        view = np.eye(4)
        view[0, :3] = right / HALF_EXTENT
        view[1, :3] = np.cross(towards, right) / HALF_EXTENT
        view[2, :3] = -towards / HALF_EXTENT / 1.5
        view[:3, 3] = -view[:3, :3] @ self.centre
        return view


def bake_light(
    context: moderngl.Context, casters: list[Part], receivers: list[Part], centre: Points, seed: int, *, draft: bool
) -> None:
    """Adds ``cover`` (open sky, 0..1) and ``key`` (key light seen, 0..1) to every receiver's extras."""
    directions, rays = (DRAFT_DIRECTIONS, DRAFT_RAYS) if draft else (SKY_DIRECTIONS, KEY_RAYS)
    rng = np.random.default_rng(seed)
    occlusion = Occlusion(context, casters, centre, DRAFT_MAP_SIZE if draft else MAP_SIZE)
    position = np.concatenate([p.position for p in receivers])
    normal = np.concatenate([p.normal for p in receivers])
    lit, total = np.zeros(len(position)), np.full(len(position), 1e-6)
    for towards in _sphere_directions(directions):
        weight = np.maximum(normal @ towards, 0) * (0.55 + 0.45 * max(towards[2], -0.3))
        lit += weight * occlusion.seen_from(towards, position, normal)
        total += weight
    key = np.zeros(len(position))
    for _ in range(rays):
        key += occlusion.seen_from(KEY_LIGHT + rng.normal(size=3) * 0.13, position, normal) / rays
    start = 0
    for part in receivers:
        span = slice(start, start + len(part.position))
        part.extra["cover"], part.extra["key"] = _softened(part, (lit / total)[span], key[span])
        start = span.stop


def _softened(part: Part, cover: Points, key: Points) -> tuple[Points, Points]:
    average = adjacency(len(part.position), part.triangles)
    alone = np.asarray(average.sum(1)).ravel() == 0
    for _ in range(2 if part.name == "skin" else 3):
        cover = np.where(alone, cover, 0.25 * cover + 0.75 * (average @ cover))
        key = np.where(alone, key, 0.25 * key + 0.75 * (average @ key))
    return cover, key


def _sphere_directions(count: int) -> Points:
    """Evenly spread directions (Fibonacci sphere)."""
    i = np.arange(count) + 0.5
    polar, turn = np.arccos(1 - 2 * i / count), np.pi * (1 + 5**0.5) * i
    return np.stack([np.cos(turn) * np.sin(polar), np.sin(turn) * np.sin(polar), np.cos(polar)], 1)
