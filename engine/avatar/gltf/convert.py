"""A model made into a body file: parts, weights, shapes, textures and springs in the terms that our stage draws."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.avatar.arms import SIDES
from engine.avatar.body_file import BodyData, Material, PartData, Shown
from engine.avatar.compact import compacted
from engine.avatar.errors import BodyError
from engine.avatar.gltf.blending import MOSTLY, WHOLLY, Sheet, back_to_front, drawing_order, solid_share
from engine.avatar.gltf.chains import SpringMap, spring_map
from engine.avatar.gltf.figure import Figure, Laid, face_shapes, lay_out
from engine.avatar.gltf.finish import finished
from engine.avatar.gltf.meshes import read_primitives
from engine.avatar.gltf.model import Model, read_model
from engine.avatar.gltf.paint import Paint, Paints, density
from engine.avatar.gltf.posture import Posture, arm_joints, stand
from engine.avatar.gltf.recipes import Recipes, recipes_of
from engine.avatar.gltf.report import Report
from engine.avatar.gltf.speaking import refuse_mute
from engine.avatar.pose import ARM_BONES

LIMB_WEIGHT = 0.02
"""A vertex that arm bones move by less than this share belongs to the torso."""

SPLIT = 0.2, 0.8
"""Between these shares of a bone's length, what follows it passes from our first bone there to the second."""

Floats32 = NDArray[np.float32]
Progress = Callable[[float, str], None]


def import_model(file: Path, rights: str, progress: Progress, *, draft: bool = False) -> tuple[BodyData, Report]:
    """Makes a body of a VRM or glTF file; ``rights`` is what the merchant states to hold beyond the file's licence.

    ``draft`` works the light out coarsely.

    Raises:
        BodyError: the file is damaged, too large, or lacks what a host needs; or its licence forbids commercial use
            and no right is stated.
    """
    try:
        return _imported(file, rights, progress, draft=draft)
    except MemoryError as error:
        raise BodyError(f"{file}: it needs more memory than there is; reduce it before exporting") from error


def _imported(file: Path, rights: str, progress: Progress, *, draft: bool) -> tuple[BodyData, Report]:
    progress(0.02, "reading")
    with _told(file):
        model = read_model(file)
    refuse_unlicensed(model, rights)
    model.licence = replace(model.licence, rights=" ".join(rights.split()))
    recipes = recipes_of(model)
    wanted = frozenset(
        (b.mesh, b.target) for shares in recipes.shares.values() for share in shares for b in share.binds
    )
    with _told(file):
        primitives = read_primitives(model.document, wanted, wanted | model.acting(), model.unseen)
    progress(0.15, "skeleton and face")
    posture = stand(model)
    figure = lay_out(model, posture, primitives, recipes)
    springs = spring_map(model, posture, figure)
    progress(0.3, "materials")
    paints = Paints(model)
    parts = _parts(model, posture, figure, recipes, springs, paints)
    refuse_mute(model, parts)
    body = BodyData(
        name=model.licence.title or model.name,
        parts=parts,
        paint=np.zeros((8, 8, 4), np.uint8),
        streaks=np.zeros((8, 8), np.uint8),
        colours={},
        neck_joints=np.array([figure.place(posture, n) for n in posture.neck_nodes], np.float32),
        eye_height=figure.eye_height,
        landmarks=figure.landmarks,
        textures=paints.textures,
        densities=_densities(paints, parts),
        clamped=tuple(paints.clamped),
        chains=springs.chains,
        licence={"kind": model.kind, **asdict(model.licence)},
    )
    if posture.has_arms:
        joints = arm_joints(model, posture) * figure.scale + figure.shift
        body.arm_joints = joints.astype(np.float32)
    total = sum(len(each.triangles) for each in primitives)
    body = finished(body, lambda share, what: progress(0.4 + 0.6 * share, what), draft=draft)
    return body, Report(model, recipes, posture, paints, body, total, springs.still)


@contextmanager
def _told(file: Path) -> Iterator[None]:
    """A stranger's JSON may hold anything anywhere: what no check by name has caught while it is read is told here."""
    try:
        yield
    except (AttributeError, KeyError, IndexError, TypeError, ValueError, OverflowError) as error:
        raise BodyError(f"{file}: damaged: a part of it has another shape than glTF and VRM have ({error})") from error


def refuse_unlicensed(model: Model, rights: str) -> None:
    """Raises BodyError where the licence in the file forbids what a channel does and no right is stated."""
    if model.licence.forbids and not rights.strip():
        raise model.document.error(
            f"its licence does not allow selling with it: {model.licence.forbids}. If you hold the right, say which: "
            "--rights “what you were granted, by whom, when”"
        )


def _parts(
    model: Model, posture: Posture, figure: Figure, recipes: Recipes, springs: SpringMap, paints: Paints
) -> list[PartData]:
    """All parts, in the order in which they are drawn."""
    made: list[list[PartData]] = []
    sheets: list[Sheet] = []
    shapes = face_shapes(model, posture, figure, recipes)
    for number, (each, own) in enumerate(zip(figure.laid, shapes, strict=True)):
        with _told(model.document.file):
            paint = paints.of(each.primitive.material, each.primitive.name)
            drawn, paint = _settled(each, paint, paints)
        made.append(_split(posture, figure, springs, drawn, own, paint, f"{number}"))
        sheets.append(Sheet(paint.surface, paint.blending.queue, drawn.position, drawn.primitive.triangles))
    return [part for number in drawing_order(sheets) for part in made[number]]


def _settled(each: Laid, paint: Paint, paints: Paints) -> tuple[Laid, Paint]:
    """What is blended, and whose file does not say whether it hides what is behind: it is opaque where it is clear
    nowhere, and hides where it hardly is; else its own triangles are drawn from back to front.
    """
    if not paint.surface.blended or paint.blending.hides is not None:
        return each, paint
    primitive = each.primitive
    alpha = paints.alpha(paint, primitive.uv, primitive.colour, primitive.triangles)
    share = solid_share(alpha, each.position, primitive.triangles)
    if share >= WHOLLY:
        return each, replace(paint, surface=replace(paint.surface, blended=False, hides=True, opacity=1.0, cutoff=0.0))
    if share >= MOSTLY:
        return each, replace(paint, surface=replace(paint.surface, hides=True))
    ordered = replace(primitive, triangles=back_to_front(each.position, primitive.triangles))
    return replace(each, primitive=ordered), paint


def _split(
    posture: Posture,
    figure: Figure,
    springs: SpringMap,
    each: Laid,
    shapes: dict[str, Floats32],
    paint: Paint,
    name: str,
) -> list[PartData]:
    """One primitive as the part that is always drawn, and each arm at rest and raised."""
    arms = _arm_weights(posture, figure, each)
    whole = _whole(posture, springs, each, shapes, paint, name)
    held = np.stack([weights.sum(1) > LIMB_WEIGHT for weights in arms])
    of_arm = np.stack([side[whole.triangles].any(1) for side in held])
    if not posture.has_arms:
        of_arm[:] = False
    parts = [whole.picked(np.asarray(~of_arm.any(0)))]
    for which, side in enumerate(SIDES):
        mine = of_arm[which] & ~(of_arm[0] & (which == 1))
        bones, weights = _largest(arms[which])
        resting = replace(whole.picked(mine), limb=side, shapes=(), deltas=whole.deltas[:0])
        parts.append(replace(resting, name=f"{side}_resting_{name}", shown=Shown.AT_REST))
        raised = replace(resting, name=f"{side}_{name}", shown=Shown.RAISED, bones=bones, bone_weights=weights)
        raised.attributes = {**raised.attributes, "raised": np.ones((len(raised.position), 1), np.float32)}
        parts.append(raised)
    return [compacted(part) for part in parts if len(part.triangles)]


def _whole(
    posture: Posture, springs: SpringMap, each: Laid, shapes: dict[str, Floats32], paint: Paint, name: str
) -> PartData:
    primitive = each.primitive
    neck = np.zeros((len(each.position), 4), np.float32)
    swing, swing_weight = springs.weights(primitive)
    for column in range(primitive.nodes.shape[1]):
        number = posture.neck[primitive.nodes[:, column]]
        there = number >= 0
        np.add.at(neck, (np.flatnonzero(there), number[there]), primitive.weights[there, column].astype(np.float32))
    colour = primitive.colour if paint.dyed else np.ones_like(primitive.colour)
    attributes = {
        "uv": paint.lie.laid(primitive.uv),
        "dyed": np.concatenate([np.sqrt(np.clip(colour[:, :3], 0, 4)), colour[:, 3:]], 1),
    }
    if swing_weight.any():
        attributes |= {"swing": swing, "swing_weight": swing_weight}
    acts = bool(shapes)
    # What shines through cannot tell by its alpha that it covers the face: it is drawn again with the face.
    covers = not acts and not paint.surface.blended and (paint.hair or bool(swing_weight.any()))
    surface = replace(paint.surface, covers=covers)
    active = list(shapes)
    deltas = np.stack([shapes[curve] for curve in active]) if active else np.zeros((0, 0, 6), np.float32)
    return PartData(
        name=name,
        kind=paint.kind,
        position=each.position.astype(np.float32),
        normal=each.normal.astype(np.float32),
        neck=neck,
        triangles=primitive.triangles.astype(np.int32),
        attributes=attributes,
        shapes=tuple(active),
        deltas=deltas,
        material=Material(culled=paint.culled),
        surface=surface,
    )


def _arm_weights(posture: Posture, figure: Figure, each: Laid) -> list[NDArray[np.float64]]:
    """For each side, every vertex's weight on each of our arm bones (n, bones)."""
    primitive = each.primitive
    found = [np.zeros((len(each.position), len(ARM_BONES))) for _ in SIDES]
    for column in range(primitive.nodes.shape[1]):
        nodes = primitive.nodes[:, column]
        for which, dense in enumerate(found):
            mine = np.flatnonzero((posture.side[nodes] == which) & (primitive.weights[:, column] > 0))
            number, weight = posture.arm[nodes[mine]], primitive.weights[mine, column]
            share = _second_share(posture, figure, each.position[mine], nodes[mine])
            np.add.at(dense, (mine, number), weight * (1 - share))
            passed = share > 0
            np.add.at(dense, (mine[passed], number[passed] + 1), (weight * share)[passed])
    return found


def _second_share(
    posture: Posture, figure: Figure, position: NDArray[np.float64], nodes: NDArray[np.int64]
) -> NDArray[np.float64]:
    """How much of a joint's weight the second of our two bones there takes: more towards the joint's end."""
    share = np.zeros(len(nodes))
    low, high = SPLIT
    for node in np.unique(nodes[posture.end[nodes] >= 0]):
        own = nodes == node
        begin, end = (figure.place(posture, int(at)) for at in (posture.begin[node], posture.end[node]))
        along = end - begin
        place = (position[own] - begin) @ along / max(float(along @ along), 1e-12)
        t = np.clip((place - low) / (high - low), 0, 1)
        share[own] = t * t * (3 - 2 * t)
    return share


def _largest(dense: NDArray[np.float64]) -> tuple[NDArray[np.uint8], Floats32]:
    """The four largest weights of each row, their sum as before."""
    best = np.argsort(-dense, 1)[:, :4]
    weights = np.take_along_axis(dense, best, 1)
    kept = weights.sum(1, keepdims=True)
    weights *= np.where(kept > 1e-9, dense.sum(1, keepdims=True) / np.maximum(kept, 1e-9), 0)
    return best.astype(np.uint8), weights.astype(np.float32)


def _densities(paints: Paints, parts: list[PartData]) -> tuple[float, ...]:
    """Texels a metre of each texture, on the part where it is coarsest."""
    found = [0.0] * len(paints.textures)
    for part in parts:
        if part.surface is None:
            continue
        for number in {part.surface.texture, part.surface.shade_texture} - {-1}:
            own = density(paints.textures[number], part.attributes["uv"], part.position, part.triangles)
            found[number] = min(found[number] or own, own)
    return tuple(found)
