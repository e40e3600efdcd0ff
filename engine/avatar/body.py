"""The live body: a row of curves in, the host drawn over a canvas."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.avatar.arms import SIDES, Arm, Stature, raised
from engine.avatar.body_file import BodyData, Shown, read_body
from engine.avatar.contract import Heard
from engine.avatar.errors import BodyError, UnlicensedError
from engine.avatar.framing import BREATH_RISE, FRAMINGS, Affine, View, Window, clip_matrix, frame, sway
from engine.avatar.held import Expression, Face, HeldHead, Pose, Skeleton, hold
from engine.avatar.layers import FADE, Image, halved, lay_inside, lay_over, softened, split
from engine.avatar.offscreen import UNDRAWN
from engine.avatar.passes import Pass, triangles_by_pass
from engine.avatar.pose import Camera, Matrix, head_transforms
from engine.avatar.scene import Scene
from engine.avatar.scratch import Scratch
from engine.avatar.springs import Springs
from engine.avatar.still import STILL_KINDS, StillPainter, Stills, moving
from engine.flow import CURVE_INDEX, CURVES, Floats
from engine.settings.channel import Canvas
from engine.settings.consent import Consent

MOST_DETAIL = 1.5
ARM_DETAIL = 0.85
"""Times the head's resolution at which raised arms are drawn: they move, and have no small features."""

FINE = 1.4
"""From this detail on, the smaller picture is smooth without softened edges."""

SMALLEST_TEXTURE = 8

MODEL_SUFFIXES = (".vrm", ".glb", ".gltf", ".zip")
"""Of models, which are imported before they go on air."""

MARGIN = 6
BEYOND = 24
"""Pixels outside the canvas that are drawn of a head that is kept: it may move in."""

OUTLINE_DIRECTIONS = 240
RIGID = 0.9, 0.5
"""A vertex that the head moves by more than this share belongs to the head's outline; by the second where none do."""

FLOOR_MARGIN, SKIN_MARGIN = 0.08, 0.06
"""Metres below the neck to which clothes, and the skin that hides what is inside a collar, are drawn live: further than
breath, lean and roll bring into the head's window.
"""

LID_FOLLOW = 1 / 32
"""Share of eyeLookDown or eyeLookUp that a degree of gaze brings: lids follow the eyes."""

NO_SWING = np.zeros((0, 3, 4), np.float32)

_AT = CURVE_INDEX
_REST_VIEW = View()


class Body:
    """One host on one canvas. Not thread-safe: open, paint and close in one thread."""

    hears = False
    note = ""
    consent: Consent | None = None

    def __init__(self, data: BodyData, canvas: Canvas) -> None:
        self.detail = 1.0
        """Times the picture's resolution at which head and arms are drawn, 0.5 to ``MOST_DETAIL``; less is cheaper."""
        self._canvas = canvas
        views = sorted(FRAMINGS.values(), key=lambda view: view.zoom)
        cameras = tuple(frame(data, canvas, view) for view in views)
        data = replace(data, paint=_fitted_paint(data, cameras[-1].scale), textures=_fitted(data, cameras[-1].scale))
        self._data = data
        self._outline = _outline(data)
        self._neck_floor = _neck_floor(data, cameras[0])
        self._joints = data.neck_joints.astype(np.float64)
        stature = Stature(data.eye_height, data.landmarks["crown"] - data.landmarks["chin"])
        joints = data.arm_joints if data.arm_joints.size else ()
        # A model may have the bones of an arm that none of its vertices follow.
        limbs = {part.limb for part in data.parts if part.shown is Shown.RAISED}
        arms = (each for each in zip(SIDES, joints, strict=False) if each[0] in limbs)
        self._arms = {side: Arm(at, side, stature) for side, at in arms}
        self._springs = Springs(data.chains, canvas.fps)
        live = _live_body(data, float(self._neck_floor[:, 2].min()))
        self._skeleton, self._face, passes = Skeleton(live), Face(live), triangles_by_pass(live)
        self._stills = Stills(data, canvas, cameras)
        self._painter = StillPainter(canvas)
        self._scratch, self._kept = Scratch(), Scratch()
        self._held: HeldHead | None = None
        width, height = (round((edge + 2 * BEYOND) * MOST_DETAIL) for edge in (canvas.width, canvas.height))
        self._scene: Scene | None = Scene(live, (width, height), passes)
        self._scene.look_from(cameras[0].eye)

    def paint(self, curves: Floats, canvas_bgr: Image, view: View = _REST_VIEW, heard: Heard | None = None) -> None:
        """Draws the host over ``canvas_bgr`` (height, width, 3), in place, acting a row of ``flow.CURVES``.

        Shapes are 0 to 1; head angles are relative to the body and best within ±20° yaw, ±12° pitch, ±10° roll.
        ``heard`` makes no difference.
        """
        if self._scene is None:
            raise BodyError("the body is closed")
        expected = (self._canvas.height, self._canvas.width, 3)
        if canvas_bgr.shape != expected or curves.shape != (len(CURVES),):
            raise BodyError(
                f"paint needs {len(CURVES)} curves and a canvas {expected}, not {curves.shape} and {canvas_bgr.shape}"
            )
        camera = frame(self._data, self._canvas, view)
        moved = sway(camera, curves)
        arms = frozenset(raised(curves) & self._arms.keys())
        self._painter.paint(self._stills.seen(camera, arms), camera, moved, canvas_bgr)
        with self._scene.current():
            self._paint_live(self._scene, curves, camera, moved, canvas_bgr, arms)

    def prepare(self) -> bool:
        """Draws one torso that is not kept yet; False where all are."""
        return self._scene is not None and self._stills.prepare(self._arms)

    def close(self) -> None:
        """Releases the drawing context. May be called again."""
        if self._scene is not None:
            self._scene.close()
            self._stills.close()
            self._scene = None

    def _paint_live(
        self, scene: Scene, curves: Floats, camera: Camera, moved: Affine, canvas: Image, arms: frozenset[str]
    ) -> None:
        """Head and neck, and the arms while they are away from rest."""
        yaw, pitch, roll = (float(curves[_AT[n]]) for n in ("headYaw", "headPitch", "headRoll"))
        yaw += float(curves[_AT["bodyYaw"]])
        chain = head_transforms(self._joints, yaw, pitch, roll)
        acted = _with_gaze(curves) if self._data.imported else _with_lids(curves)
        gaze = float(curves[_AT["gazeYaw"]]), float(curves[_AT["gazePitch"]])
        expression = Expression(self._face.under(acted), gaze)
        swing = self._springs.moved(_roots(chain, curves)) if self._data.chains else NO_SWING
        scene.swing(swing)
        tails = self._springs.tails()
        pose = Pose(camera, moved, chain, (yaw, pitch, roll), expression, arms, self.detail, tails, swing)
        scene.shape(acted)
        scene.pose(chain, *gaze, _mouth_open(curves), yaw)
        points = np.concatenate([_turned(self._outline, chain), self._neck_floor])
        if self._held is not None and self._held.serves(pose, self._face):
            self._move_head(scene, self._held, pose, self._window(points, pose), canvas)
        else:
            self._draw_head(scene, pose, self._window(points, pose, BEYOND), canvas)
        if arms:
            bent = np.concatenate([scene.bend(side, self._arms[side].transforms(curves)) for side in sorted(arms)])
            window = self._window(bent, pose)
            lay_over(*split(self._drawn(scene, Pass.ARMS, pose, window), self._scratch), window.of(canvas))

    def _draw_head(self, scene: Scene, pose: Pose, window: Window, canvas: Image) -> None:
        """Draws the whole head, and keeps it."""
        layer = self._drawn(scene, Pass.WHOLE, pose, window)
        self._held = hold(pose, window, layer, self._skeleton, self._kept)
        inside = window.within(self._canvas)
        left, top = inside.left - window.left, inside.top - window.top
        seen = layer[top : top + inside.height, left : left + inside.width]
        lay_over(*split(seen, self._scratch), inside.of(canvas))

    def _move_head(self, scene: Scene, held: HeldHead, pose: Pose, window: Window, canvas: Image) -> None:
        """Moves the kept head, and draws the face on it."""
        changed = self._face.changed(held.pose.expression, pose.expression)
        if not len(changed):
            nothing = Window(window.left, window.top, 2, 2)
            layer, _ = held.moved_to(pose, self._skeleton, window, nothing, self._scratch)
            lay_over(*split(layer, self._scratch), window.of(canvas))
            return
        face = self._window(_turned(changed, pose.chain), pose, margin=FADE).within(window)
        layer, covered = held.moved_to(pose, self._skeleton, window, face, self._scratch)
        lay_over(*split(layer, self._scratch), window.of(canvas))
        lay_inside(self._drawn(scene, Pass.FACE, pose, face), covered, face.of(canvas), self._scratch)

    def _drawn(self, scene: Scene, which: Pass, pose: Pose, window: Window) -> Image:
        """One pass in a window, its edges soft: the whole head until it is drawn again, others until any is."""
        matrix = clip_matrix(pose.camera, self._canvas, window, pose.moved)
        scratch = self._kept if which is Pass.WHOLE else self._scratch
        width, height = max(2, round(window.width * self.detail)), max(2, round(window.height * self.detail))
        layer = scene.draw(matrix, scratch.take("drawn", height, width, 4), raised=pose.arms, which=which)
        if self.detail < FINE:
            layer = softened(layer, scratch)
        if self.detail != 1:
            room = scratch.take("sized", window.height, window.width, 4)
            size = window.width, window.height
            layer = np.asarray(cv2.resize(layer, size, dst=room, interpolation=cv2.INTER_LINEAR), np.uint8)
        return layer

    def _window(self, points: NDArray[np.float64], pose: Pose, beyond: int = 0, margin: int = MARGIN) -> Window:
        """Bounds of points in the moved picture with a margin, cut to the canvas and some pixels beyond."""
        camera = pose.camera
        depth = points[:, 1] - camera.eye[1]
        x = camera.centre_x + (points[:, 0] - camera.eye[0]) / depth * camera.scale * camera.focus
        y = camera.centre_y - (points[:, 2] - camera.eye[2]) / depth * camera.scale * camera.focus
        px = pose.moved @ np.stack([x, y, np.ones_like(x)])
        left, top = (max(int(px[i].min()) - margin, -beyond) for i in (0, 1))
        right = min(int(px[0].max()) + margin, self._canvas.width + beyond)
        bottom = min(int(px[1].max()) + margin, self._canvas.height + beyond)
        return Window(left, top, max(right - left, 2), max(bottom - top, 2))


def open_body(file: Path, canvas: Canvas, rights: str = "") -> Body:
    """The body in ``file`` (``.ehb``), ready to draw on that canvas, with a drawing context of its own.

    ``rights`` is what the merchant states to hold where the licence of an imported model does not allow selling.

    Raises BodyError when the file is missing, no body, damaged, or of another version; when its licence forbids
    commercial use and no right is stated (UnlicensedError); and when EGL is missing.
    """
    if file.suffix.lower() in MODEL_SUFFIXES:
        raise BodyError(
            f"{file}: a model is imported once, and the body file made of it goes here: "
            f"everhost avatar import {file.name}"
        )
    data = read_body(Path(file))
    forbids = data.licence.get("forbids", "")
    if forbids and not rights.strip():
        raise UnlicensedError(
            f"{file}: the model's licence does not allow selling with it: {forbids}. If you hold the right, say which "
            "in the channel: body_rights: “what you were granted, by whom, when”",
            forbids,
        )
    try:
        return Body(branded(data, canvas.brand_colour), canvas)
    except UNDRAWN as error:
        raise BodyError(f"{file}: the body cannot be drawn ({error!r:.200}); bake or import it again") from error


def branded(data: BodyData, brand_colour: str) -> BodyData:
    """The body with what is the brand's in that colour ("#rrggbb")."""
    return replace(data, colours=data.colours | dict.fromkeys(data.branded, _rgb(brand_colour)))


def _turned(points: NDArray[np.float64], chain: Matrix) -> NDArray[np.float64]:
    """Points of the resting head, with the head turned."""
    return np.asarray(points @ chain[3][:3, :3].T + chain[3][:3, 3])


def _rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def _with_lids(curves: Floats) -> Floats:
    """The curves with lids that follow the gaze up and down."""
    pitch = float(curves[_AT["gazePitch"]])
    acted = curves.copy()
    for side in ("Left", "Right"):
        for name, degrees in ((f"eyeLookDown{side}", -pitch), (f"eyeLookUp{side}", pitch)):
            acted[_AT[name]] = max(float(curves[_AT[name]]), min(max(degrees * LID_FOLLOW, 0.0), 1.0))
    return acted


def _with_gaze(curves: Floats) -> Floats:
    """The curves with eyes that turn by shapes, as an imported model's do, and lids that follow them."""
    yaw = float(curves[_AT["gazeYaw"]])
    acted = _with_lids(curves)
    for name, degrees in (
        ("eyeLookOutLeft", yaw), ("eyeLookInRight", yaw), ("eyeLookInLeft", -yaw), ("eyeLookOutRight", -yaw)
    ):  # fmt: skip
        acted[_AT[name]] = max(float(curves[_AT[name]]), min(max(degrees * LID_FOLLOW, 0.0), 1.0))
    return acted


def _roots(chain: Matrix, curves: Floats) -> Matrix:
    """What spring bones hang on (5, 4, 4): the neck chain and the torso, shifted as the body shifts."""
    roots = np.concatenate([chain, np.eye(4)[None]])
    roots[:, 0, 3] += float(curves[_AT["bodyShift"]]) / 100
    roots[:, 2, 3] += float(curves[_AT["breath"]]) * BREATH_RISE
    return roots


def _mouth_open(curves: Floats) -> float:
    return min(1.0, 0.25 + 1.6 * max(float(curves[_AT["jawOpen"]]), 0.0))


def _fitted_paint(data: BodyData, pixels_a_metre: float) -> Image:
    """The face paint, halved until its texels are not much finer than the picture, so that it needs no mipmaps."""
    paint = data.paint
    while paint.shape[1] / data.landmarks["paint_width"] > pixels_a_metre * 2:
        half = cv2.resize(paint, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        paint = np.asarray(half, np.uint8)
    return paint


def _fitted(data: BodyData, pixels_a_metre: float) -> list[Image]:
    """An imported model's textures, halved in the same way."""
    fitted = []
    for texture, density in zip(data.textures, data.densities, strict=True):
        small, dense = texture, density
        while dense > pixels_a_metre * 2 and min(small.shape[:2]) > SMALLEST_TEXTURE:
            small, dense = halved(small), dense / 2
        fitted.append(small)
    return fitted


def _live_body(data: BodyData, floor: float) -> BodyData:
    """What can show in the head's window, whose lower edge is at the height ``floor``; limbs, and what lies on them."""
    parts = []
    for part in data.parts:
        lowest = part.position[part.triangles, 2].max(1)
        high = lowest > floor - FLOOR_MARGIN
        if part.shown is Shown.AT_REST:
            parts.append(part.picked(high & (part.kind == "cloth" or part.surface is not None)))
        elif part.shown is Shown.RAISED:
            parts.append(part)
        elif part.kind == "skin":
            parts.append(part.picked(lowest > floor - SKIN_MARGIN))
        elif part.kind in STILL_KINDS and part.kind != "hair":
            parts.append(part.picked(high))
            if part.material.over:
                parts.append(replace(part.picked(~high), name=f"low_{part.name}", shown=Shown.RAISED))
        else:
            parts.append(part.picked(moving(part) | high | (part.kind not in STILL_KINDS)))
    return replace(data, parts=[part for part in parts if len(part.triangles)])


def _outline(data: BodyData) -> NDArray[np.float64]:
    """The head's outermost points (n, 3) in many directions."""
    on_head = (np.concatenate([p.position[p.neck[:, 3] > share] for p in data.parts]) for share in RIGID)
    points = next((found for found in on_head if len(found)), np.zeros((0, 3))).astype(np.float64)
    i = np.arange(OUTLINE_DIRECTIONS) + 0.5
    polar, turn = np.arccos(1 - 2 * i / OUTLINE_DIRECTIONS), np.pi * (1 + 5**0.5) * i
    directions = np.stack([np.cos(turn) * np.sin(polar), np.sin(turn) * np.sin(polar), np.cos(polar)])
    return np.asarray(points[np.unique((points @ directions).argmax(0))])


def _neck_floor(data: BodyData, camera: Camera) -> NDArray[np.float64]:
    """The points of what the neck bones move that are seen lowest and farthest out."""
    moved = [p.position[p.triangles[moving(p)].ravel()] for p in data.parts]
    points = np.concatenate(moved).astype(np.float64)
    seen = (points - camera.eye) / (points[:, 1:2] - camera.eye[1])
    return np.asarray(points[[seen[:, 0].argmin(), seen[:, 0].argmax(), seen[:, 2].argmin(), points[:, 2].argmin()]])
