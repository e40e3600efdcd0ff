"""The last steps of an import: light worked out at each vertex, and triangles that are never seen left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from engine.avatar.body_file import BodyData, PartData, Shown
from engine.avatar.compact import compacted
from engine.avatar.human.cull import PIXELS_A_METRE, WINDOW, visible_triangles
from engine.avatar.human.light import bake_light
from engine.avatar.human.mesh import Part
from engine.avatar.offscreen import offscreen_context
from engine.avatar.passes import swing_of
from engine.avatar.pose import Camera

SEED = 1
FEW = 600
"""Triangles: parts smaller than this are kept whole, since little is gained and teeth hide behind lips."""


def finished(body: BodyData, progress: Callable[[float, str], None], *, draft: bool) -> BodyData:
    """The body with light on its soft parts and without what is hidden from every side; a draft keeps that."""
    with offscreen_context() as context:
        progress(0.05, "light")
        receivers = [part for part in body.parts if part.kind == "soft"]
        if receivers:
            casters = [_as_part(p) for p in body.parts if p.shown is not Shown.RAISED and not _clear(p)]
            made = [_as_part(p) for p in receivers]
            head = body.neck_joints[3].astype(np.float64)
            centre = np.array([head[0], head[1], body.eye_height - 0.25])
            bake_light(context, casters, made, centre, SEED, draft=draft)
            for part, lit in zip(receivers, made, strict=True):
                light = np.stack([lit.extra["cover"], lit.extra["key"]], 1).astype(np.float32)
                part.attributes = {**part.attributes, "light": light}
        if draft:
            return body
        progress(0.5, "what can be seen")
        shown = [p for p in body.parts if not p.limb and _may_hide(p)]
        camera = Camera((0.0, -1.75, body.eye_height), 1.62, PIXELS_A_METRE, WINDOW / 2, WINDOW * 0.42)
        solid = visible_triangles(
            context, shown, body.neck_joints, camera, lambda share: progress(0.5 + 0.5 * share, "what can be seen")
        )
    seen = {part.name: part for part in solid}
    parts = [seen[part.name] if part.name in seen and _may_lose(part) else part for part in body.parts]
    return replace(body, parts=[compacted(part) for part in parts if len(part.triangles)])


def _may_hide(part: PartData) -> bool:
    """Whether what lies behind this part is always hidden by it; an arm may be raised."""
    return not _clear(part) and not swing_of(part).any()


def _may_lose(part: PartData) -> bool:
    """Whether triangles that no pose shows may go: what acts shows more than can be tried."""
    return not part.shapes and len(part.triangles) > FEW


def _clear(part: PartData) -> bool:
    return part.surface is not None and (part.surface.blended or part.surface.cutoff > 0)


def _as_part(part: PartData) -> Part:
    return Part(part.name, part.position.astype(np.float64), part.triangles, normal=part.normal.astype(np.float64))
