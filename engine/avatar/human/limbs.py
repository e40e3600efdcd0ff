"""Cuts sleeves and hands off what they belong to, so that they can follow the arms."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from engine.avatar.body_file import PartData
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
    """``data`` of a part with limbs as what stays with the torso (left out when empty), then its limbs.

    Extra ``loose`` (n,), where a part has it, scales the arms' shares: cloth that is held by what lies on it, as under
    a lapel, stays where it is. Extra ``screen`` (n,) marks cloth beside the arms that hides what of a raised sleeve
    lies behind it: the torso is a still picture, so the limbs take it along.
    """
    assert part.source is not None
    pieces = []
    loose = part.extra.get("loose", np.ones(len(part.position)))[:, None]
    shares = {side: arm_shares(figure, part.source, end) * loose for side, end in SIDES.items()}
    whole = sum(share.sum(1) for share in shares.values())
    torso = data.triangles[(np.asarray(whole)[data.triangles] < OVERLAP).any(1)]
    if len(torso):
        pieces.append(replace(data, triangles=torso))
    # Where a coarse triangle crosses a cut, as at the neck, the torso's finer ones do.
    cloth = part.extra.get("keep", np.ones(len(part.position))) > 0
    triangles = part.coarse if part.coarse is not None else data.triangles
    screen = part.extra.get("screen", np.zeros(len(part.position))) > 0
    for side, share in shares.items():
        total = share.sum(1)[triangles]
        beside = screen & (part.position[:, 0] * (1 if side == "left" else -1) > 0)
        moved = (total > 0).any(1) | beside[triangles].all(1)
        own = triangles[moved & (cloth[triangles].all(1) | (total > OVERLAP).any(1))]
        if len(own):
            bones, weights = strongest(share)
            limb = replace(data, name=f"{side}_{data.name}", triangles=own.astype(np.int32), limb=side)
            limb.bones, limb.bone_weights = bones, weights
            limb.attributes = data.attributes | {"raised": smoothstep(0.0, RAISED, share.sum(1, keepdims=True))}
            pieces.append(limb)
    return pieces


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
