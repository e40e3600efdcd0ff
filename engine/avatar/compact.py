"""Parts without the vertices that no triangle needs, those that act first."""

from __future__ import annotations

import numpy as np

from engine.avatar.body_file import PartData

STILL_OFFSET = 2e-5
"""Metres below which a shape is taken not to move a vertex."""


def compacted(part: PartData) -> PartData:
    """The part with only the vertices of its triangles, moving vertices first."""
    triangles = part.triangles
    used = np.unique(triangles)
    moving = np.zeros(len(part.position), bool)
    if part.shapes:
        moving[: part.deltas.shape[1]] = np.abs(part.deltas[..., :3]).max((0, 2)) > STILL_OFFSET
    order = np.r_[used[moving[used]], used[~moving[used]]]
    active = int(moving[used].sum())
    renumber = np.zeros(len(part.position), np.int64)
    renumber[order] = np.arange(len(order))
    normal = part.normal[order].astype(np.float64)
    return PartData(
        name=part.name,
        kind=part.kind,
        position=part.position[order],
        normal=(normal / np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)).astype(np.float32),
        neck=part.neck[order],
        triangles=renumber[triangles].astype(np.int32),
        attributes={key: values[order] for key, values in part.attributes.items()},
        shapes=part.shapes,
        deltas=np.ascontiguousarray(part.deltas[:, order[:active]]) if part.shapes else part.deltas,
        material=part.material,
        limb=part.limb,
        views=part.views,
        shown=part.shown,
        bones=part.bones[order] if len(part.bones) else part.bones,
        bone_weights=part.bone_weights[order] if len(part.bones) else part.bone_weights,
        surface=part.surface,
    )
