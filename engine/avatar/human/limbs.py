"""Cuts sleeves and hands off what they belong to, so that they can follow the arms."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from engine.avatar.body_file import PartData, Shown
from engine.avatar.human.mesh import Indices, Part, Points, smoothstep
from engine.avatar.human.sculpt import Figure
from engine.avatar.pose import ARM_BONES

SIDES: dict[str, str] = {"left": "L", "right": "R"}

MOVED, WHOLLY, OVERLAP = 0.06, 0.40, 0.04
"""An arm's share in a vertex begins to count at ``MOVED``, where a sleeve begins, and counts in full from ``WHOLLY``
on, so that the edge of a sleeve does not move. The torso keeps what is under ``OVERLAP``: there the two lie over each
other."""

RAISED = 0.12
"""Share of an arm from which a vertex loses all of the shade that the arm at rest has from the body."""

BONES_A_VERTEX = 4


def arm_joints(figure: Figure) -> Points:
    """Where each of ``ARM_BONES`` begins, (2, bones, 3): left, right."""
    rig = figure.rig
    return np.array([[rig.joint[rig.index[f"{bone}.{end}"]] for bone in ARM_BONES] for end in SIDES.values()])


def split(figure: Figure, part: Part, data: PartData) -> list[PartData]:
    """``data`` of a part with limbs as what stays with the torso, and each limb twice: at rest, and to be raised.

    At rest the pieces are the whole part again, to the triangle. A limb that is raised has the coarse triangles, and
    ``raised`` (n, 1), how far a vertex leaves the body's shade with it. Extra ``loose`` (n,), where a part has it,
    scales the arms' shares: cloth that is held by what lies on it, as under a lapel, stays where it is. Extra
    ``screen`` (n,) marks cloth beside the arms that hides what of a raised sleeve lies behind it: the torso is a still
    picture, so the limbs take it along.
    """
    assert part.source is not None
    shares = {side: _loose_shares(figure, part, end) for side, end in SIDES.items()}
    total = {side: share.sum(1) for side, share in shares.items()}
    fine = data.triangles
    torso = ((total["left"] < OVERLAP) & (total["right"] < OVERLAP))[fine].any(1)
    pieces = [replace(data, triangles=fine[torso])]
    # Where a coarse triangle crosses a cut, as at the neck, the torso's finer ones do.
    cloth = part.extra.get("keep", np.ones(len(part.position))) > 0
    coarse = fine if part.coarse is None else part.coarse
    screen = part.extra.get("screen", np.zeros(len(part.position))) > 0
    for side, share in shares.items():
        away = total[side]
        resting = fine[~torso & (away >= OVERLAP)[fine].any(1)]
        beside = screen & (part.position[:, 0] * (1 if side == "left" else -1) > 0)
        taken = (away > 0)[coarse].any(1) | beside[coarse].all(1)
        raised = coarse[taken & (cloth[coarse].all(1) | (away > OVERLAP)[coarse].any(1))]
        limb = replace(data, limb=side)
        pieces.append(replace(limb, name=f"{side}_resting_{data.name}", triangles=resting, shown=Shown.AT_REST))
        bones, weights = strongest(share)
        lit = data.attributes | {"raised": smoothstep(0.0, RAISED, away[:, None]).astype(np.float32)}
        limb = replace(limb, name=f"{side}_{data.name}", triangles=raised.astype(np.int32), attributes=lit)
        pieces.append(replace(limb, bones=bones, bone_weights=weights, shown=Shown.RAISED))
    return [piece for piece in pieces if len(piece.triangles)]


def without_limbs(figure: Figure, part: Part) -> Part:
    """The part with the triangles that stay with the torso."""
    if not part.limbs or part.source is None:
        return part
    away = sum(_loose_shares(figure, part, end).sum(1) for end in SIDES.values())
    return replace(part, triangles=part.triangles[(np.asarray(away) < OVERLAP)[part.triangles].any(1)])


def _loose_shares(figure: Figure, part: Part, end: str) -> Points:
    assert part.source is not None
    loose = part.extra.get("loose", np.ones(len(part.position)))[:, None]
    return np.asarray(arm_shares(figure, part.source, end) * loose)


def arm_shares(figure: Figure, source: sp.csr_matrix, end: str) -> Points:
    """Shares (n, bones) of one arm's bones ("L" or "R") in the vertices, 0 where they are under ``MOVED``."""
    columns = [figure.rig.index[f"{bone}.{end}"] for bone in ARM_BONES]
    share = np.asarray((source @ figure.rig.weights[:, columns]).toarray())
    return np.asarray(share * smoothstep(MOVED, WHOLLY, share.sum(1, keepdims=True)))


def strongest(share: Points) -> tuple[Indices, Points]:
    """The strongest bones of each vertex and their shares, whose sum stays what it was."""
    bones = np.argsort(-share, axis=1)[:, :BONES_A_VERTEX]
    weights = np.take_along_axis(share, bones, 1)
    total = share.sum(1, keepdims=True) / np.maximum(weights.sum(1, keepdims=True), 1e-9)
    return bones.astype(np.uint8), (weights * total).astype(np.float32)
