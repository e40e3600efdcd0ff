"""The last steps of an import: light worked out at each vertex, and triangles that are never seen left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import moderngl
import numpy as np
from numpy.typing import NDArray

from engine.avatar.body_file import BodyData, PartData, Shown
from engine.avatar.compact import compacted
from engine.avatar.human.cull import PIXELS_A_METRE, WINDOW, visible_triangles
from engine.avatar.human.light import bake_light
from engine.avatar.human.mesh import Part, adjacency
from engine.avatar.offscreen import offscreen_context
from engine.avatar.passes import swing_of
from engine.avatar.pose import Camera

SEED = 1
MOUTH = 0.032, 0.035, 0.07
"""Metres from the lips' middle to the side, up and down, and back, within which teeth and tongue are."""

HIDDEN, MOUTH_LIGHT = 0.15, 0.75
"""Open sky below which something in the mouth is hidden at rest; and the light that it has in front when it is not."""

WELD = 5
"""Decimals of a metre to which vertices are the same place."""

SMOOTHINGS = 5

FEW = 600
"""Triangles: parts smaller than this are kept whole, since little is gained and teeth hide behind lips."""


def finished(body: BodyData, progress: Callable[[float, str], None], *, draft: bool) -> BodyData:
    """The body with light on its soft parts and without what is hidden from every side; a draft keeps that."""
    with offscreen_context() as context:
        progress(0.05, "light")
        receivers = [part for part in body.parts if part.kind == "soft"]
        if receivers:
            light = smoothed(_shaded(context, body, receivers, draft=draft), receivers)
            light = _mouth_lit(light, receivers, body.landmarks)
            ends = np.cumsum([len(part.position) for part in receivers])
            for part, own in zip(receivers, np.split(light, ends[:-1]), strict=True):
                part.attributes = {**part.attributes, "light": own.astype(np.float32)}
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


def _shaded(
    context: moderngl.Context, body: BodyData, receivers: list[PartData], *, draft: bool
) -> NDArray[np.float64]:
    """Open sky and key light (n, 2) at all the receivers' vertices; what is clear throws no shade."""
    casters = [_as_part(p) for p in body.parts if p.shown is not Shown.RAISED and not _clear(p)]
    if not casters:
        return np.ones((sum(len(part.position) for part in receivers), 2))
    made = [_as_part(p) for p in receivers]
    head = body.neck_joints[3].astype(np.float64)
    centre = np.array([head[0], head[1], body.eye_height - 0.25])
    bake_light(context, casters, made, centre, SEED, draft=draft)
    return np.concatenate([np.stack([p.extra["cover"], p.extra["key"]], 1) for p in made])


def smoothed(light: NDArray[np.float64], parts: list[PartData]) -> NDArray[np.float64]:
    """Light (n, 2) of all the parts' vertices, averaged with that of neighbours: models have few vertices for it.

    Vertices in one place have one light, over the seams of textures and between a torso and its arms.
    """
    position = np.concatenate([part.position for part in parts]).round(WELD)
    starts = np.cumsum([0] + [len(part.position) for part in parts[:-1]])
    triangles = np.concatenate([part.triangles + start for part, start in zip(parts, starts, strict=True)])
    places, place = np.unique(position, axis=0, return_inverse=True)
    place = place.ravel()
    count = np.bincount(place, minlength=len(places))[:, None]
    values = np.stack([np.bincount(place, light[:, k], minlength=len(places)) for k in range(2)], 1) / count
    average = adjacency(len(places), place[triangles])
    alone = np.asarray(average.sum(1)).ravel() == 0
    for _ in range(SMOOTHINGS):
        values = np.where(alone[:, None], values, (values + average @ values) / 2)
    return np.asarray(values[place])


def _mouth_lit(light: NDArray[np.float64], parts: list[PartData], landmarks: dict[str, float]) -> NDArray[np.float64]:
    """Light with that of teeth, tongue and gums as it is when the mouth is open: at rest, lips keep it from them."""
    position = np.concatenate([part.position for part in parts])
    wide, high, deep = MOUTH
    inside = (np.abs(position[:, 0]) < wide) & (np.abs(position[:, 2] - landmarks["mouth_height"]) < high)
    inside &= (position[:, 1] < landmarks["lip_front"] + deep) & (light[:, 0] < HIDDEN)
    depth = np.clip((position[:, 1:2] - landmarks["lip_front"]) / deep, 0, 1)
    return np.where(inside[:, None], np.maximum(light, MOUTH_LIGHT * (1 - depth)), light)


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
