"""What is drawn in each of the passes that a live picture may be made of."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.avatar.body_file import BodyData, PartData, Shown
from engine.avatar.shaders import HEM, SEAMS_A_METRE
from engine.avatar.surfaces import surface_program

Which = NDArray[np.bool_]

ACTED_M = 0.0005
"""A vertex that some face shape moves farther than this, in metres, belongs to the face."""

FACE_MARGIN = 0.008
"""Metres by which the acted face is drawn wider than what moves."""

OVER_SHOULDER = 0.15
"""Hair that hangs lower than this above the shoulder joint, in metres, may lie in front of a raised arm."""

COLLAR = 0.08, 0.5
"""Metres above the shoulder joint, and share of its distance from the middle, where clothes lie about the neck, which
hides some of them: they are not drawn with the arms.
"""


class Pass(enum.Enum):
    """``WHOLE``: head, neck and what is worn there. ``FACE``: what the face shapes move, and what lies on it, without
    the hair. ``SCREEN``: what may hide raised arms, and is not seen itself. ``ARMS``: raised arms, and the clothes that
    they come out of.
    """

    WHOLE = "whole"
    FACE = "face"
    SCREEN = "screen"
    ARMS = "arms"


@dataclass(frozen=True)
class Box:
    """What acts, at rest: corners in metres, least and greatest (3,)."""

    low: NDArray[np.float64]
    high: NDArray[np.float64]

    def corners(self) -> NDArray[np.float64]:
        """The eight corners (8, 3)."""
        return np.array([[x, y, z] for x in self._side(0) for y in self._side(1) for z in self._side(2)])

    def _side(self, axis: int) -> tuple[float, float]:
        return float(self.low[axis]), float(self.high[axis])


def acted_box(body: BodyData) -> Box:
    """Bounds of all that face shapes move, with ``FACE_MARGIN`` around; a box that nothing is in where none do."""
    points = [part.position[: part.deltas.shape[1]][acted(part)] for part in body.parts if part.shapes]
    moved = np.concatenate([*points, np.zeros((0, 3))]).astype(np.float64)
    if not len(moved):
        return Box(np.full(3, np.inf), np.full(3, -np.inf))
    return Box(moved.min(0) - FACE_MARGIN, moved.max(0) + FACE_MARGIN)


def acted(part: PartData) -> Which:
    """Which of the first ``active`` vertices some face shape moves by more than ``ACTED_M``."""
    return np.asarray((np.linalg.norm(part.deltas[:, :, :3], axis=2) > ACTED_M).any(0))


def triangles_by_pass(body: BodyData) -> dict[Pass, Mapping[str, Which]]:
    """For each pass, the triangles (t,) of each part that it draws; a part that is missing is not drawn."""
    box = acted_box(body)
    shoulder = float(body.arm_joints[:, 0, 2].max()) if body.arm_joints.size else -np.inf
    breadth = float(np.abs(body.arm_joints[:, 0, 0]).max()) if body.arm_joints.size else 0.0
    chosen: dict[Pass, dict[str, Which]] = {each: {} for each in Pass}
    for part in body.parts:
        all_of_it = np.ones(len(part.triangles), bool)
        if part.shown is not Shown.RAISED:
            chosen[Pass.WHOLE][part.name] = all_of_it
        if part.shown is Shown.ALWAYS and not covers(part):
            chosen[Pass.FACE][part.name] = _within(part, box)
        height = part.position[part.triangles, 2]
        if covers(part):
            chosen[Pass.SCREEN][part.name] = height.min(1) < shoulder + OVER_SHOULDER
        elif part.shown is not Shown.ALWAYS:
            chosen[Pass.ARMS][part.name] = all_of_it
        elif (part.kind in ("cloth", "decal") or part.surface is not None) and not _rides_head(part):
            aside = np.abs(part.position[part.triangles, 0]).max(1)
            about_neck = (height.max(1) > shoulder + COLLAR[0]) & (aside < COLLAR[1] * breadth)
            chosen[Pass.SCREEN][part.name], chosen[Pass.ARMS][part.name] = about_neck, ~about_neck
    return {each: {name: which for name, which in parts.items() if which.any()} for each, parts in chosen.items()}


def covers(part: PartData) -> bool:
    """Hair of the head: it lies over the face, and no face shape moves it."""
    return not part.shapes and (part.kind == "hair" or (part.surface is not None and part.surface.covers))


def swing_of(part: PartData) -> NDArray[np.float32]:
    """Share (n,) of the spring bones in moving each vertex."""
    weights = part.attributes.get("swing_weight")
    return np.zeros(len(part.position), np.float32) if weights is None else weights.sum(1)


def _rides_head(part: PartData) -> bool:
    return bool((part.neck[:, 3] > 0.5).any())


def _within(part: PartData, box: Box) -> Which:
    inside = ((part.position[:, [0, 2]] > box.low[[0, 2]]) & (part.position[:, [0, 2]] < box.high[[0, 2]])).all(1)
    inside &= part.position[:, 1] < box.high[1] + FACE_MARGIN * 2
    return np.asarray(inside[part.triangles].any(1))


def programs_by_triangle(part: PartData) -> dict[str, Which]:
    """The programs that draw a part, each with its triangles (t,): cloth is plain, ribbed, or has hems and seams; of an
    imported part, what hangs on spring bones swings.
    """
    if part.surface is not None:
        swung = (swing_of(part) > 0)[part.triangles].any(1)
        return {surface_program(part.kind, part.surface, swung=flag): swung == flag for flag in (False, True)}
    if part.kind != "cloth":
        return {part.kind: np.ones(len(part.triangles), bool)}
    keep, edge, seam, rib = (part.attributes[name][part.triangles] for name in ("keep", "edge", "seam", "rib"))
    smooth = (keep > 0).all((1, 2)) & (np.abs(seam.sum(1)) >= np.abs(seam).sum(1) - 1e-6).all(1)
    smooth &= (np.abs(seam) * SEAMS_A_METRE >= 1).all((1, 2))
    if part.material.stitched:
        smooth &= ((edge > HEM[0]) & (edge < HEM[1])).all((1, 2))
    flat = (rib[..., 1] == 0).all(1)
    return {"plain": smooth & flat, "ribbed": smooth & ~flat, "cloth": ~smooth}
