"""The body on the GPU (or llvmpipe): parts, programs, textures, and drawing into a window."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import cv2
import moderngl
import numpy as np
from numpy.typing import NDArray

from engine.avatar.arms import LimbSkin
from engine.avatar.body_file import BodyData, PartData, Shown, Surface
from engine.avatar.morphs import Morpher
from engine.avatar.offscreen import open_context
from engine.avatar.passes import Pass, Which, covers, programs_by_triangle
from engine.avatar.pose import ARM_BONES, SEEN_YAWS, Matrix, gaze_direction
from engine.avatar.shaders import COVERING, PROGRAMS
from engine.avatar.springs import MOST_BONES
from engine.avatar.surfaces import SURFACES
from engine.flow import Floats

TEETH, TONGUE = (1.0, 0.985, 0.96), (0.80, 0.42, 0.42)
VERGENCE = 0.9
"""Degrees that each eye turns in, to meet at the camera."""

STREAKS_SHRUNK = 4
LIFTED, FREE = 0.75, 70.0
"""How far the shade that an arm at rest has from the body goes, and the degrees that the forearm has turned by then."""

ELBOW = ARM_BONES.index("lowerarm01")

ROOT_GAIN, TIP_GAIN, BEARD_GAIN = 2.2, 2.0, 1.7

PALE, PALE_GAIN = (0.50, 0.75), 1.1
"""Brightest channel of a hair colour between which its gain falls to the pale one."""

_VertexLayout = list[tuple[Any, ...]]
_Dress = list[tuple[moderngl.Uniform, bytes]]
_Meshes = list[moderngl.VertexArray | None]

_STATIC_FORMATS = {1: "1f", 2: "2f", 3: "3f", 4: "4f"}


class Scene:
    """Owns the context and everything made in it."""

    def __init__(
        self, body: BodyData, size: tuple[int, int], passes: Mapping[Pass, Mapping[str, Which]] | None = None
    ) -> None:
        """``size`` is the largest width and height that is drawn.

        ``passes`` names the triangles that each pass draws; without it, ``Pass.WHOLE`` draws all.
        """
        self._passes = passes or {Pass.WHOLE: {part.name: np.ones(len(part.triangles), bool) for part in body.parts}}
        self._context = open_context()
        self._context.gc_mode = "context_gc"
        self._body = body
        needed = {name for part in body.parts for name, which in programs_by_triangle(part).items() if which.any()}
        self._programs = {
            kind: self._context.program(vertex_shader=vertex, fragment_shader=fragment)
            for kind, (vertex, fragment) in (PROGRAMS | SURFACES).items()
            if kind in needed
        }
        edges = zip(body.textures, body.clamped, strict=True)
        self._textures = [self._texture(pixels, repeat=(not across, not down)) for pixels, (across, down) in edges]
        self._white = self._texture(np.full((1, 1, 4), 255, np.uint8))
        self._paint = self._texture(body.paint, repeat=(False, False))
        self._streaks = self._texture(_fitted_streaks(body.streaks))
        self._logo = self._texture(body.logo, repeat=(False, False))
        self._shared: dict[str, list[moderngl.Uniform]] = {}
        self._morphers: dict[str, tuple[Morpher, moderngl.Buffer]] = {}
        self._span = 0
        self._lifted: dict[str, float] = {}
        self._limbs: dict[str, list[tuple[LimbSkin, moderngl.Buffer]]] = {}
        self._meshes: dict[tuple[Pass, str], dict[str, _Meshes]] = {}
        self._dress: dict[tuple[str, str], _Dress] = {}
        for part in body.parts:
            self._make_meshes(part)
        self._frame = self._new_frame(size)
        self._constants(body)

    def close(self) -> None:
        """Releases the context and all in it."""
        with self.current():
            self._context.gc()
        self._context.release()

    @contextmanager
    def current(self) -> Iterator[None]:
        """Makes this the thread's context for the length of a block."""
        with self._context:
            yield

    def shape(self, curves: Floats) -> None:
        """Moves the face to a row of ``flow.CURVES``."""
        for morpher, buffer in self._morphers.values():
            buffer.write(morpher.moved(curves))

    def pose(self, chain: Matrix, gaze_yaw: float, gaze_pitch: float, mouth_open: float, yaw: float = 0.0) -> None:
        """Turns neck and head (four transforms) and the eyes. What cannot be seen at a head turn is left out."""
        self._span = int(np.clip(np.searchsorted(SEEN_YAWS, yaw) - 1, 0, len(SEEN_YAWS) - 2))
        for i in range(4):
            self._set_all(f"bone{i}", chain[i].T)
        self._set_all("mouth_open", mouth_open)
        head = chain[3, :3, :3]
        self._gaze = {
            "left_eye": head @ gaze_direction(gaze_yaw - VERGENCE, gaze_pitch),
            "right_eye": head @ gaze_direction(gaze_yaw + VERGENCE, gaze_pitch),
        }

    def swing(self, bones: NDArray[np.float32]) -> None:
        """Moves the spring bones: what each adds to its root's transform (bones, 3, 4)."""
        if not len(bones):
            return
        content = np.zeros((MOST_BONES * 3, 4), np.float32)
        content[: 3 * len(bones)] = bones.reshape(-1, 4)
        self._set_all("swung", content)

    def bend(self, side: str, transforms: Matrix) -> NDArray[np.float64]:
        """Moves the sleeve and hand of one side to arm transforms; returns their points (n, 3).

        A raised arm leaves the shade that the body throws on it at rest.
        """
        bent = np.degrees(np.arccos(np.clip((np.trace(transforms[ELBOW, :3, :3]) - 1) / 2, -1, 1)))
        self._lifted[side] = min(1.0, float(bent) / FREE) * LIFTED
        points = [np.zeros((0, 3))]
        for skin, buffer in self._limbs.get(side, []):
            moved = skin.moved(transforms)
            buffer.write(moved)
            points.append(moved[:, :3].astype(np.float64))
        return np.concatenate(points)

    def draw(
        self,
        camera: NDArray[np.float32],
        room: NDArray[np.uint8],
        raised: frozenset[str] = frozenset(),
        which: Pass = Pass.WHOLE,
    ) -> NDArray[np.uint8]:
        """A pass over what shows while these sides' arms are raised, put into ``room`` (height, width, 4), which is
        returned: premultiplied BGRA, top first.

        Hair of the head has the alpha ``COVERING``.
        """
        height, width = room.shape[:2]
        self._frame.use()
        self._frame.viewport = (0, 0, width, height)
        self._frame.depth_mask = True
        self._context.enable_only(moderngl.DEPTH_TEST)
        self._context.front_face = "cw"
        self._frame.clear(0, 0, 0, 0, viewport=(0, 0, width, height))
        self._set_all("camera", camera.T)
        self._paint.use(0)
        self._streaks.use(1)
        self._logo.use(2)
        if which is Pass.ARMS:
            self._colours(shown=False)
            self._draw_parts(Pass.SCREEN, raised)
            self._colours(shown=True)
        self._draw_parts(which, raised)
        self._frame.read_into(room, viewport=(0, 0, width, height), components=4)
        return room

    def _draw_parts(self, which: Pass, raised: frozenset[str]) -> None:
        for part in self._body.parts:
            if part.name in self._passes[which] and _shows(part, raised):
                self._draw_part(part, which)

    def _colours(self, *, shown: bool) -> None:
        """Whether what is drawn is seen, or only hides what is drawn later behind it."""
        self._frame.color_mask = shown, shown, shown, shown
        self._frame.use()

    def _draw_part(self, part: PartData, which: Pass) -> None:
        if part.material.culled:
            self._context.enable(moderngl.CULL_FACE)
        else:
            self._context.disable(moderngl.CULL_FACE)
        self._paint_surface(part)
        for name, meshes in self._meshes[which, part.name].items():
            mesh = meshes[self._span]
            if mesh is not None:
                for uniform, content in self._dress[name, part.name]:
                    uniform.write(content)
                if part.kind == "eye":
                    _set(self._programs[name], "gaze", self._gaze[part.name])
                elif part.limb:
                    _set(self._programs[name], "lifted", self._lifted.get(part.limb, 0.0))
                mesh.render()

    def _paint_surface(self, part: PartData) -> None:
        """Binds an imported part's textures, lets a blended one shine through, and one that hides nothing leave no
        depth.
        """
        surface = part.surface
        self._leave_depth(surface is None or surface.hides)
        if surface is None:
            return
        for unit, number in ((3, surface.texture), (4, surface.shade_texture)):
            (self._textures[number] if 0 <= number < len(self._textures) else self._white).use(unit)
        if surface.blended:
            self._context.enable(moderngl.BLEND)
            self._context.blend_func = moderngl.ONE, moderngl.ONE_MINUS_SRC_ALPHA
        else:
            self._context.disable(moderngl.BLEND)

    def _leave_depth(self, wanted: bool) -> None:
        if self._frame.depth_mask != wanted:
            self._frame.depth_mask = wanted

    def _dressed(self, program: moderngl.Program, part: PartData) -> _Dress:
        """The uniforms that make a part what it is."""
        values: dict[str, Sequence[float] | float] = {"lifted": 0.0}
        if part.kind == "mouth":
            values["dye"] = TONGUE if part.name == "tongue" else TEETH
        elif part.kind == "cloth":
            values["dye"], values["sheen"] = self._body.colours[part.material.dye], part.material.sheen
            values["stitched"] = 1.0 if part.material.stitched else 0.0
        elif part.kind == "hair":
            values["hair_root"], values["hair_tip"] = self._hair_colours(part.material.dye)
            values["opaque"] = COVERING / 255 if covers(part) else 1.0
        if part.surface is not None:
            values |= self._surface_values(part, part.surface)
        found = {name: program.get(name, None) for name in values}
        return [(u, _floats(values[name])) for name, u in found.items() if isinstance(u, moderngl.Uniform)]

    def _surface_values(self, part: PartData, surface: Surface) -> dict[str, Sequence[float] | float]:
        """A toon's tints are square roots, as its textures are; its ramp is MToon's from shade to light."""
        toon = part.kind == "toon"
        number = surface.texture
        mean = mean_colour(self._body.textures[number]) if 0 <= number < len(self._body.textures) else (1.0, 1.0, 1.0)
        steepness = 0.5 / max(1.0 - min(surface.toony, 0.98), 0.01)
        return {
            "tint": _roots(surface.tint) if toon else surface.tint,
            "shade_tint": _roots(surface.shade_tint),
            "ramp": (surface.shift, steepness),
            "mean": mean,
            "rim": surface.rim, "rim_power": surface.rim_power, "rim_lift": surface.rim_lift,
            "glow": surface.glow, "wrap": surface.wrap, "gloss": surface.gloss,
            "cutoff": surface.cutoff, "opacity": surface.opacity,
            "opaque": COVERING / 255 if covers(part) else 1.0,
        }  # fmt: skip

    def _hair_colours(self, dye: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """The head's hair has a root and a tip; hair with a dye of its own (a beard) has one colour."""
        colours = self._body.colours
        if dye:
            return hair_light(colours[dye], BEARD_GAIN * 0.8), hair_light(colours[dye], BEARD_GAIN * 1.3)
        return hair_light(colours["hair_root"], ROOT_GAIN), hair_light(colours["hair_tip"], TIP_GAIN)

    def _make_meshes(self, part: PartData) -> None:
        """For each pass that draws the part, its vertex arrays by the program that draws them."""
        place = np.concatenate([part.position, part.normal], 1).astype(np.float32)
        static = {"neck": part.neck, **part.attributes}
        rest = np.concatenate(list(static.values()), 1).astype(np.float32)
        moving, still = self._context.buffer(place.tobytes()), self._context.buffer(rest.tobytes())
        if part.shapes:
            self._morphers[part.name] = (Morpher(part), moving)
        if part.limb and part.shown is Shown.RAISED:
            self._limbs.setdefault(part.limb, []).append((LimbSkin(part), moving))
        for which, chosen in self._passes.items():
            if part.name not in chosen:
                continue
            self._meshes[which, part.name] = meshes = {}
            for name, drawn in programs_by_triangle(part).items():
                if not drawn.any():
                    continue
                program = self._programs[name]
                self._dress[name, part.name] = self._dressed(program, part)
                layout: _VertexLayout = [
                    (moving, *_layout({"position": part.position, "normal": part.normal}, program))
                ]
                if any(column in program for column in static):
                    layout.append((still, *_layout(static, program)))
                meshes[name] = self._by_turn(part.picked(chosen[part.name] & drawn), program, layout)

    def _by_turn(self, part: PartData, program: moderngl.Program, layout: _VertexLayout) -> _Meshes:
        """What is drawn of a part between each two of ``SEEN_YAWS``; None where nothing is seen."""
        spans = range(len(SEEN_YAWS) - 1)
        if not len(part.triangles):
            return [None] * len(spans)
        if not len(part.views):
            whole = self._context.buffer(part.triangles.astype(np.int32).tobytes())
            return [self._context.vertex_array(program, layout, whole)] * len(spans)
        meshes: _Meshes = []
        for span in spans:
            seen = part.triangles[(part.views >> span) & 1 > 0]
            indices = self._context.buffer(seen.astype(np.int32).tobytes()) if len(seen) else None
            meshes.append(self._context.vertex_array(program, layout, indices) if indices is not None else None)
        return meshes

    def _texture(self, pixels: NDArray[np.uint8], repeat: tuple[bool, bool] = (True, True)) -> moderngl.Texture:
        """A texture without mipmaps, whose choice costs more than the read: it must fit the picture's scale.

        ``repeat``: across and down; else its edge goes on.
        """
        height, width, channels = pixels.shape
        texture = self._context.texture((width, height), channels, np.ascontiguousarray(pixels).tobytes())
        texture.repeat_x, texture.repeat_y = repeat
        texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
        return texture

    def _new_frame(self, size: tuple[int, int]) -> moderngl.Framebuffer:
        return self._context.framebuffer([self._context.renderbuffer(size)], self._context.depth_renderbuffer(size))

    def _constants(self, body: BodyData) -> None:
        for program in self._programs.values():
            for name, unit in (("paint_map", 0), ("streaks", 1), ("logo", 2), ("base", 3), ("shade", 4)):
                if name in program:
                    program[name] = unit
        if body.imported:
            return
        values: dict[str, Sequence[float] | float] = {
            "iris": body.colours["iris"],
            "hair_root": hair_light(body.colours["hair_root"], ROOT_GAIN),
            "skin_tone": skin_tone(body.paint),
            "lip_front": body.landmarks["lip_front"],
        }
        for program in self._programs.values():
            for name, value in values.items():
                _set(program, name, value)

    def look_from(self, eye: tuple[float, float, float]) -> None:
        """Where highlights are seen from, metres."""
        self._set_all("eye", eye)

    def _set_all(self, name: str, value: Matrix | NDArray[np.float32] | Sequence[float] | float) -> None:
        """Sets a uniform of every program that has it."""
        content = _floats(value)
        for uniform in self._shared.setdefault(
            name, [u for p in self._programs.values() if isinstance(u := p.get(name, None), moderngl.Uniform)]
        ):
            uniform.write(content)


def mean_colour(texture: NDArray[np.uint8]) -> tuple[float, ...]:
    """Albedo (linear, gamma 2) of a texture where it is not clear."""
    pixels = texture.reshape(-1, 4)
    solid = pixels[pixels[:, 3] > 128, :3]
    colour = (solid if len(solid) else pixels[:, :3]).mean(0) / 255
    return tuple(float(c) ** 2 for c in colour)


def _roots(colour: Sequence[float]) -> tuple[float, ...]:
    return tuple(max(c, 0.0) ** 0.5 for c in colour)


def _shows(part: PartData, raised: frozenset[str]) -> bool:
    up = part.limb in raised if part.limb else bool(raised)
    return part.shown is Shown.ALWAYS or up == (part.shown is Shown.RAISED)


def _set(program: moderngl.Program, name: str, value: Matrix | Sequence[float] | float) -> None:
    """Sets a uniform, unless the compiler has removed it because nothing uses it."""
    uniform = program.get(name, None)
    if isinstance(uniform, moderngl.Uniform):
        uniform.write(_floats(value))


def _floats(value: Matrix | NDArray[np.float32] | Sequence[float] | float) -> bytes:
    return np.asarray(value, np.float32).tobytes()


def _layout(columns: dict[str, Floats], program: moderngl.Program) -> tuple[str, ...]:
    """The string of moderngl, and the names; what the compiler has removed is skipped over."""
    words, names = [], []
    for name, values in columns.items():
        width = values.shape[1]
        if name in program:
            words.append(_STATIC_FORMATS[width])
            names.append(name)
        else:
            words.append(f"{4 * width}x")
    return (" ".join(words), *names)


def _fitted_streaks(streaks: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The hair's streaks at about one texel a pixel of the usual framings, (height, width, 1)."""
    size = streaks.shape[1] // STREAKS_SHRUNK, streaks.shape[0] // STREAKS_SHRUNK
    return np.asarray(cv2.resize(streaks, size, interpolation=cv2.INTER_AREA), np.uint8)[..., None]


def skin_tone(paint: NDArray[np.uint8]) -> tuple[float, ...]:
    """Albedo (linear, gamma 2) of plain skin: the middle of the paint's lower edge, which has nothing else."""
    plain = paint[-4:, paint.shape[1] // 4 : -paint.shape[1] // 4, :3].reshape(-1, 3).mean(0) / 255
    return tuple(float(c) ** 2 for c in plain)


def hair_light(colour: tuple[float, float, float], gain: float) -> tuple[float, ...]:
    """Light (linear) that hair of a colour throws back; grey and fair hair without the gain, or it would be white."""
    gain = float(np.interp(max(colour), PALE, (gain, min(gain, PALE_GAIN))))
    return tuple(c**2.2 * gain for c in colour)
