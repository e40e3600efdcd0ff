"""What the Face Units pack lacks for speech and smiles: lips that roll and press, a tongue that rises, soft cheeks."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from engine.avatar.human.mesh import Indices, Points, adjacency, smoothstep, triangulate
from engine.avatar.human.source import BaseMesh, HumanData

HALF_MOUTH = 0.0195
"""Metres from the middle to where the lips still part."""

BINS = 7
SOFT_PASSES, LIP_PASSES = 10, 3
LIP_REACH, EYE_REACH = 0.011, 0.021
"""Metres around lips and eyeballs in which a smile stays as it was modelled."""

SOFTENED = (
    "mouthSmileLeft", "mouthSmileRight", "mouthDimpleLeft", "mouthDimpleRight", "cheekSquintLeft", "cheekSquintRight",
    "mouthStretchLeft", "mouthStretchRight", "mouthPressLeft", "mouthPressRight",
)  # fmt: skip
"""Shapes that pinch the cheek into a crease when several of them are added."""

ROLL_IN, ROLL_THIN = 0.0026, 0.38
"""Metres that a rolled lip goes in, and the share of its height that it loses."""

TUCK_RISE = 0.0018
"""Metres that the lower lip rises as it is rolled in under the upper teeth."""

PRESS_IN, PRESS_THIN = 0.0006, 0.16
TONGUE_RISE, TONGUE_REACH, TONGUE_NARROWING = 0.0115, 0.0065, 0.30
TONGUE_FOLLOWS = (1.0, 0.5, 0.93)
"""Shares of the jaw's way (across, back, down) that the tongue goes, so that it is seen in an open mouth."""

TONGUE_BLADE = (-0.030, 0.0)
"""Metres behind the tip between which the tongue rises."""


def articulated(data: HumanData, base: BaseMesh, vertices: Points, units: dict[str, Points]) -> dict[str, Points]:
    """The face units with better mouths, and ``tongueUp``. ``vertices`` are the neutral face's."""
    shapes = dict(units)
    average = adjacency(len(vertices), triangulate(base.faces["body"]))
    lips = lip_share(data, base, len(vertices))
    soft = _soft(base, vertices, lips > 0.3)
    for name in SOFTENED:
        shapes[name] = _smoothed(shapes[name], average, soft)
    lower = is_lower(vertices, units["jawOpen"])
    slit = _slit(vertices, lips > 0.3, lower)
    for name, side, rise in (("mouthRollLower", lower, TUCK_RISE), ("mouthRollUpper", ~lower, 0.0)):
        share = _spread(lips * side, average)
        shapes[name] = shapes[name] + _thinned(vertices, slit, share, ROLL_IN, ROLL_THIN)
        shapes[name][:, 2] += rise * share
    for name, sign in (("mouthPressLeft", 1), ("mouthPressRight", -1)):
        share = _spread(lips, average) * smoothstep(-0.008, 0.008, sign * vertices[:, 0])
        shapes[name] = shapes[name] + _thinned(vertices, slit, share, PRESS_IN, PRESS_THIN)
    tongue = np.unique(base.faces["helper-tongue"])
    shapes["jawOpen"] = shapes["jawOpen"].copy()
    shapes["jawOpen"][tongue] *= TONGUE_FOLLOWS
    shapes["tongueUp"] = _tongue_up(tongue, vertices)
    return shapes


def lip_share(data: HumanData, base: BaseMesh, count: int) -> Points:
    """The lip mask at every base vertex; 0 for helpers."""
    corners, texture = base.faces["body"], base.texture_faces["body"]
    where = np.zeros((count, 2))
    where[corners.ravel()] = base.texture[texture.ravel()]
    share = data.sampled("lips", where)
    body = np.zeros(count, bool)
    body[corners.ravel()] = True
    return np.where(body, share, 0)


def is_lower(position: Points, jaw_open: Points) -> NDArray[np.bool_]:
    """Which points near the mouth belong to the lower lip.

    The jaw carries the lower lip down by 33 mm at the middle and 13 mm at the corners, the upper one by 0 to 9.
    """
    threshold = np.interp(abs(position[:, 0]), [0, HALF_MOUTH], [-0.016, -0.0109])
    return np.asarray(jaw_open[:, 2] < threshold)


def _soft(base: BaseMesh, vertices: Points, lip: NDArray[np.bool_]) -> Points:
    """Where offsets may be smoothed: the face away from lips and eyes."""
    near = np.min([np.linalg.norm(vertices - p, axis=1) for p in vertices[lip][::4]], axis=0)
    soft = smoothstep(LIP_REACH * 0.6, LIP_REACH * 1.4, near)
    for side in "lr":
        eye = vertices[np.unique(base.faces[f"helper-{side}-eye"])]
        away = np.linalg.norm(vertices - (eye.min(0) + eye.max(0)) / 2, axis=1)
        soft = soft * smoothstep(EYE_REACH * 0.8, EYE_REACH * 1.3, away)
    return np.asarray(soft)


def _smoothed(offset: Points, average: Points, soft: Points) -> Points:
    for _ in range(SOFT_PASSES):
        offset = offset + (soft * 0.8)[:, None] * (average @ offset - offset) * (soft > 0)[:, None]
    return offset


def _spread(share: Points, average: Points) -> Points:
    """A lip's share, running out over the skin around it."""
    for _ in range(LIP_PASSES):
        share = np.maximum(share, 0.5 * share + 0.5 * (average @ share))
    return share


def _slit(vertices: Points, lip: NDArray[np.bool_], lower: NDArray[np.bool_]) -> Points:
    """Height of the line between the lips at every vertex."""
    edges = np.linspace(0, HALF_MOUTH, BINS + 1)
    middles, heights = [], []
    for a, b in itertools.pairwise(edges):
        inside = lip & (abs(vertices[:, 0]) >= a) & (abs(vertices[:, 0]) <= b)
        if (inside & lower).any() and (inside & ~lower).any():
            middles.append((a + b) / 2)
            heights.append((vertices[inside & lower, 2].max() + vertices[inside & ~lower, 2].min()) / 2)
    return np.asarray(np.interp(abs(vertices[:, 0]), middles, heights))


def _thinned(vertices: Points, slit: Points, share: Points, inward: float, thinner: float) -> Points:
    offset = np.zeros_like(vertices)
    offset[:, 1] = inward * share
    offset[:, 2] = (slit - vertices[:, 2]) * thinner * share
    return offset


def _tongue_up(tongue: Indices, vertices: Points) -> Points:
    """The tip behind the upper teeth, as for l and n."""
    place = vertices[tongue]
    behind = place[:, 1].min() - place[:, 1]
    blade = smoothstep(*TONGUE_BLADE, behind)
    offset = np.zeros_like(vertices)
    offset[tongue] = np.stack(
        [-TONGUE_NARROWING * blade * place[:, 0], -TONGUE_REACH * blade, TONGUE_RISE * blade**1.3], 1
    )
    return offset
