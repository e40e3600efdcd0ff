"""The acting face: a row of curves moves the mesh's points; lips meet where they should, lids cover the eyes.

What a curve does is known from our own hosts (``topology.template``). Two things are not left to sums of shapes,
because a viewer sees a tenth of a millimetre there: the lips' edges are kept from crossing and cling when they are
near, and the lids move by shares of this person's own eye opening.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from engine.avatar.photo import topology
from engine.avatar.photo.topology import LANDMARKS, LOWER_LIP, UPPER_LIP, Doubles
from engine.flow import CURVE_INDEX, FACE_CURVES, Floats

SIDES = ("Right", "Left")

UPPER_SHARE = 0.42
"""How much of the way to closed lips is the upper lip's."""

CLING = 0.011
"""Lips nearer than this, in face heights, stay together."""

LIP_REACH = 0.085
"""How far around the lips the skin follows when they are brought together, in face heights."""

PARTED = 0.018
"""From this opening on, in face heights, the photo shows an open mouth."""

ROUND_TAKES, JAW_TAKES = 0.8, 0.45
"""Share of the photo's own smile that rounded or frowning lips and a dropped jaw take away."""

SMILE_JAW = 0.25
"""How much farther the jaw of a wide smile drops: its lips are drawn tight, and open less for the same jaw."""

FOLLOW_BAND, FOLLOW_FOLD, FOLLOW_TOP, FOLLOW_BAG = 0.96, 0.42, 0.13, 0.35
"""Share of the upper lash line's way down that the rows above it go, and of the lower one's way up that below it."""

LID_FOLLOW = 1 / 32
"""Share of eyeLookDown or eyeLookUp that a degree of gaze brings, as for the other hosts."""

_LIDS = ("eyeBlink", "eyeLookDown", "eyeLookUp", "eyeLookIn", "eyeLookOut", "eyeWide")
_AT = CURVE_INDEX


@dataclass(frozen=True)
class Acted:
    """``points`` (m, 3) of the mesh: photo pixels and depth. ``shut`` is how far each eye is, 0 to 1.

    ``jaw`` is the way of the lower teeth (2,) in pixels, ``opening`` that of the lips' widest gap in face heights.
    """

    points: Doubles
    shut: dict[str, float]
    jaw: Doubles
    opening: float


class Face:
    """One person's face. ``right`` and ``down`` (2,) are its axes on the photo, ``height`` is from brow top to chin."""

    def __init__(self, points: Doubles, shapes: Mapping[str, float]) -> None:
        """``points`` (478, 3) in photo pixels; ``shapes`` what mediapipe reads from the photo, by curve."""
        self.mesh, template = topology.mesh(), topology.template()
        down = points[topology.CHIN, :2] - points[topology.BROW_TOP, :2]
        self.height = float(np.linalg.norm(down))
        self.down = down / self.height
        self.right = np.array([self.down[1], -self.down[0]])
        self._own = dict(shapes)
        self._rest = self.mesh.coarse @ points[:LANDMARKS]
        self._moves = self._placed_moves(template.moves).reshape(len(FACE_CURVES), -1).astype(np.float32)
        self._fine = csr_array(self.mesh.fine)
        self._upper_pull, self._lower_pull = self._lip_pulls()
        gap = self._rest[list(LOWER_LIP)] - self._rest[list(UPPER_LIP)]
        self.parted = float((gap[:, :2] @ self.down).max()) / self.height > PARTED
        """Whether the photo itself shows an open mouth."""

        self._rest = self._with_lips(self._rest, gap)
        self.seam = self._rest[list(UPPER_LIP)].copy()
        """Where the closed lips meet (11, 3)."""

    def act(self, curves: Floats) -> Acted:
        """The face under a row of ``flow.CURVES``."""
        values = self._effective(curves)
        coarse = self._rest.copy()
        for i in np.flatnonzero(np.abs(values) > 1e-3):
            coarse += (self._moves[i] * np.float32(values[i])).reshape(-1, 3)
        jaw = (coarse[topology.CHIN] - self._rest[topology.CHIN])[:2]
        coarse, opening = self._met(coarse)
        shut = {side: self._move_lids(coarse, side, curves) for side in SIDES}
        return Acted(np.asarray(self._fine @ coarse), shut, jaw, opening / self.height)

    def _placed_moves(self, moves: Doubles) -> Doubles:
        """The template's moves in this photo's pixels (curves, coarse, 3), without what lids do by their own rule."""
        axes = np.zeros((3, 3))
        axes[0, :2], axes[1, :2], axes[2, 2] = self.right, self.down, 1.0
        placed = self.mesh.coarse @ (moves @ axes * self.height)
        for stem in _LIDS:
            for side in SIDES:
                placed[FACE_CURVES.index(stem + side)] = 0
        lids = [point for rows in (topology.UPPER_LID, topology.LOWER_LID) for row in rows.values() for point in row]
        squint = [FACE_CURVES.index(f"eyeSquint{side}") for side in SIDES]
        placed[np.ix_(squint, lids)] = 0
        return placed.astype(np.float64)

    def _effective(self, curves: Floats) -> Doubles:
        """The face curves, less what the photo shows anyway."""
        values = curves[: len(FACE_CURVES)].astype(np.float64)
        rounded = min(1.0, max(float(curves[_AT["mouthPucker"]]) / 0.6, float(curves[_AT["mouthFunnel"]]) / 0.4))
        dropped = min(1.0, float(curves[_AT["jawOpen"]]) / 0.6)
        values[_AT["jawOpen"]] *= 1 + SMILE_JAW * min(self._own.get(f"mouthSmile{side}", 0.0) for side in SIDES)
        for side in SIDES:
            smile = self._own.get(f"mouthSmile{side}", 0.0)
            at = _AT[f"mouthSmile{side}"]
            frown = min(1.0, float(curves[_AT[f"mouthFrown{side}"]]) / 0.6)
            taken = smile * min(1.0, ROUND_TAKES * max(rounded, frown) + JAW_TAKES * dropped)
            values[at] = max(0.0, values[at] - smile) - taken
            for name, shown in ((f"cheekSquint{side}", 0.4 * smile), (f"mouthDimple{side}", 0.4 * smile)):
                values[_AT[name]] = max(0.0, values[_AT[name]] - shown)
        return values

    def _lip_pulls(self) -> tuple[Doubles, Doubles]:
        """How much each coarse point (n, 11) follows the places of the upper and of the lower lip's edge."""
        across, along = self._rest[:, :2] @ self.right, self._rest[:, :2] @ self.down
        upper, lower = list(UPPER_LIP), list(LOWER_LIP)
        seam_across = (across[upper] + across[lower]) / 2
        seam = np.interp(across, seam_across, (along[upper] + along[lower]) / 2)
        belongs_up, belongs_down = ({p for row in topology.LIP_ROWS[i::2] for p in row[1:-1]} for i in (0, 1))
        number = np.arange(len(across))
        is_upper = (np.isin(number, list(belongs_up)) | (along < seam)) & ~np.isin(number, list(belongs_down))
        pulls = []
        for edge, mine, sign in ((upper, is_upper, 1.0), (lower, ~is_upper, -1.0)):
            hats = np.stack([np.interp(across, across[edge], row, 0, 0) for row in np.eye(len(edge))], 1)
            away = np.maximum(sign * (np.interp(across, across[edge], along[edge]) - along), 0)
            near = np.exp(-((away / (LIP_REACH * self.height)) ** 2)) * mine
            pull = hats * near[:, None]
            pull[edge] = np.eye(len(edge))
            pulls.append(pull)
        pulls[0][[p for p in lower if p not in upper]] = 0
        pulls[1][[p for p in upper if p not in lower]] = 0
        return pulls[0], pulls[1]

    def _with_lips(self, coarse: Doubles, shut: Doubles) -> Doubles:
        """The points with the gap between the lips' edges made smaller by ``shut`` (11, 3)."""
        ends = shut.copy()
        ends[[0, -1]] = 0
        return coarse + self._upper_pull @ (UPPER_SHARE * ends) - self._lower_pull @ ((1 - UPPER_SHARE) * ends)

    def _met(self, coarse: Doubles) -> tuple[Doubles, float]:
        """Lips that neither cross nor stand open by a hair; and the widest gap in pixels."""
        gap = coarse[list(LOWER_LIP)] - coarse[list(UPPER_LIP)]
        open_ = gap[:, :2] @ self.down
        cling = CLING * self.height
        wanted = np.maximum(open_ - cling, 0)
        together = np.clip(1 - wanted / (2 * cling), 0, 1)[:, None]
        aside = gap.copy()
        aside[:, :2] -= open_[:, None] * self.down
        shut = aside * together
        shut[:, :2] += (open_ - wanted)[:, None] * self.down
        return self._with_lips(coarse, shut), float(wanted.max())

    def _move_lids(self, coarse: Doubles, side: str, curves: Floats) -> float:
        """Moves the rows of one eye's lids, in place; returns how far the eye is shut."""
        value = {stem: float(curves[_AT[stem + side]]) for stem in ("eyeBlink", "eyeWide")}
        squint = max(0.0, float(curves[_AT[f"eyeSquint{side}"]]) - self._own.get(f"eyeSquint{side}", 0.0))
        gaze = float(curves[_AT["gazePitch"]]) * LID_FOLLOW
        down, up = min(max(-gaze, 0.0), 1.0), min(max(gaze, 0.0), 1.0)
        blink = min(value["eyeBlink"], 1.0)
        lower = min(0.12 * blink + 0.20 * squint * (1 - blink), 0.4)
        upper = 0.88 * blink + (1 - blink) * (0.10 * squint + 0.42 * down - 0.14 * value["eyeWide"] - 0.10 * up)
        upper = float(np.clip(upper, -0.25, 1 - lower))
        over, under = list(topology.UPPER_LID[side][1:-1]), list(topology.LOWER_LID[side][1:-1])
        gap = coarse[under] - coarse[over]
        coarse[over] += upper * gap
        coarse[under] -= lower * gap
        open_, fold = max(upper, 0.0), np.array(topology.LID_FOLDS[side][1:-1])
        coarse[self.mesh.bands[side]] += (FOLLOW_BAND if upper > 0 else 0.9) * upper * gap
        coarse[fold] += (FOLLOW_FOLD * open_ + 0.7 * min(upper, 0.0)) * gap
        coarse[list(topology.LID_TOPS[side][1:-1])] += FOLLOW_TOP * open_ * gap
        coarse[list(topology.LID_BAGS[side][1:-1])] -= FOLLOW_BAG * lower * gap
        return float(np.clip(upper + lower, 0, 1))


def lid_weights(side: str) -> Doubles:
    """How much of each coarse point (n,) shows plain skin when that eye is shut: lashes and white may lie there."""
    mesh = topology.mesh()
    weights = np.zeros(len(mesh.coarse))
    weights[list(topology.LID_TOPS[side][1:-1])] = 0.12
    weights[list(topology.LID_FOLDS[side])] = 0.60
    weights[list(topology.LOWER_LID[side][1:-1])] = 0.85
    weights[list(topology.LID_FOLDS[side][1:-1])] = 0.60
    weights[list(topology.UPPER_LID[side][1:-1])] = 0.25
    weights[mesh.bands[side]] = 0.92
    return weights
