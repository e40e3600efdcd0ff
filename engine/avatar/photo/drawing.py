"""Draws a face's triangles into a window, by OpenGL: one texture, one buffer, one call."""

from __future__ import annotations

import moderngl
import numpy as np
from numpy.typing import NDArray

from engine.avatar.offscreen import open_context
from engine.avatar.photo.layers import COLUMNS
from engine.avatar.photo.package import Image
from engine.avatar.scratch import Scratch

_VERTEX = """
#version 330
in vec2 place; in vec2 at; in vec4 tint; in vec2 light;
uniform vec2 shrink; uniform vec2 corner;
out vec2 uv; out vec4 tinted; out vec2 lit;
void main() { uv = at; tinted = tint; lit = light; gl_Position = vec4((place - corner) * shrink - 1., 0., 1.); }
"""
_FRAGMENT = """
#version 330
in vec2 uv; in vec4 tinted; in vec2 lit; out vec4 colour;
uniform sampler2D atlas;
void main() {
  vec4 t = texture(atlas, uv); float a = mix(t.a, 1., step(.999, tinted.a)) * lit.y;
  colour = vec4(mix(t.rgb, tinted.rgb, tinted.a) * lit.x * a, a); }
"""


class FacePainter:
    """Owns the context and everything made in it. Not thread-safe."""

    def __init__(self, atlas: Image, vertices: int, triangles: NDArray[np.int32], size: tuple[int, int]) -> None:
        """``atlas`` is BGRA; ``size`` the largest width and height that is drawn."""
        self._context = open_context()
        self._context.gc_mode = "context_gc"
        self._program = self._context.program(vertex_shader=_VERTEX, fragment_shader=_FRAGMENT)
        self._texture = self._context.texture(atlas.shape[1::-1], 4, np.ascontiguousarray(atlas).tobytes())
        self._texture.repeat_x = self._texture.repeat_y = False
        self._texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
        self._buffer = self._context.buffer(reserve=vertices * COLUMNS * 4, dynamic=True)
        order = self._context.buffer(triangles.astype(np.int32).tobytes())
        layout = [(self._buffer, "2f 2f 4f 2f", "place", "at", "tint", "light")]
        self._mesh = self._context.vertex_array(self._program, layout, order)
        self._size = size
        self._scratch = Scratch()
        self._frame = self._context.framebuffer([self._context.renderbuffer(size)])

    def draw(
        self, rows: NDArray[np.float32], corner: tuple[float, float], size: tuple[int, int], detail: float
    ) -> Image:
        """Vertices (v, COLUMNS) in canvas pixels, seen in the window at ``corner`` of ``size`` pixels.

        Returns premultiplied BGRA (height, width, 4), ``detail`` times as large as the window, until the next drawing.
        """
        width = min(self._size[0], max(2, round(size[0] * detail)))
        height = min(self._size[1], max(2, round(size[1] * detail)))
        with self._context:
            self._frame.use()
            self._frame.viewport = (0, 0, width, height)
            self._context.enable_only(moderngl.BLEND)
            self._context.blend_func = moderngl.ONE, moderngl.ONE_MINUS_SRC_ALPHA
            self._frame.clear(0, 0, 0, 0, viewport=(0, 0, width, height))
            self._buffer.write(np.ascontiguousarray(rows, np.float32).tobytes())
            self._program["corner"] = corner
            self._program["shrink"] = 2 / size[0], 2 / size[1]
            self._texture.use(0)
            self._mesh.render()
            drawn = self._scratch.take("drawn", height, width, 4)
            self._frame.read_into(drawn, viewport=(0, 0, width, height), components=4)
        return drawn

    def close(self) -> None:
        """Releases the context and all in it."""
        with self._context:
            self._context.gc()
        self._context.release()
