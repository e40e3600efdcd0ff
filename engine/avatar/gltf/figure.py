"""A model's vertices in our axes and size: standing with arms hanging, its face shapes as offsets of each vertex."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.avatar.gltf.framing import FRAMED_BY
from engine.avatar.gltf.meshes import LEAST_SHARE, Floats32, Primitive, refuse_more_offsets
from engine.avatar.gltf.model import LOOKED_FROM, Bind, Model
from engine.avatar.gltf.paint import is_hair
from engine.avatar.gltf.posture import Posture
from engine.avatar.gltf.recipes import Recipes, Share
from engine.avatar.pose import Matrix, rotation

HEAD_HEIGHT = 0.205
"""Metres from chin to crown of our hosts: models are brought to that size, whatever their own."""

CROWN_ABOVE_EYES = 1.0, 1.7
"""Of the way from chin to eyes: the crown is at least and at most so far above them."""

LEAST_FOR_WIDTH = 0.82
"""Of a head's width: what its height counts for at the least, so that a wide head fits into the picture."""

HAIR_OVER_CROWN = 0.2
"""Of the way from chin to eyes: how far hair rises above the crown that it hides."""

JAW_DEGREES = 17.0
"""That a jaw bone opens at the most."""

CURVE_DEGREES = 32.0
"""Degrees of gaze at which a curve such as eyeLookOutLeft is 1; see ``engine.avatar.body``."""

SIDE_FADE = 0.004
"""Metres on either side of the middle within which left and right share a movement."""

LEAST_SAID, MOST_SAID = 0.05, 2.0
"""Metres of a head's height, and from its joint to chin or crown, that a file may state."""

STILL_OFFSET = 2e-5
"""Metres below which a vertex is not counted as moved."""


@dataclass
class Laid:
    """A primitive in our axes: ``linear`` (n, 3, 3) carries offsets over, in metres. ``hair`` is hair of the head,
    and what ``swings`` hangs on spring bones. Triangles of a mirrored primitive run the other way round than the
    file's, so that they are seen from outside.
    """

    primitive: Primitive
    position: Matrix
    normal: Matrix
    linear: Matrix
    hair: bool
    swings: bool


@dataclass
class Figure:
    """All primitives laid out, ``scale`` and ``shift`` (3,) from the model's turned axes to ours, and landmarks."""

    laid: list[Laid]
    scale: float
    shift: Matrix
    landmarks: dict[str, float]
    eye_height: float

    def place(self, posture: Posture, node: int) -> Matrix:
        """Where a node is at rest, metres."""
        return np.asarray(posture.place(node) * self.scale + self.shift)


def lay_out(model: Model, posture: Posture, primitives: list[Primitive], recipes: Recipes) -> Figure:
    """The model at rest. Raises BodyError where no face is found on it."""
    swinging = {joint.node for spring in model.springs for joint in spring.joints}
    laid = [_laid(model, posture, primitive, swinging) for primitive in primitives]
    eyes, chin, lips = _face(model, posture, laid, recipes)
    crown = _crown(laid, posture, eyes, chin)
    chin, crown = _said(model, posture) or (chin, crown)
    scale = HEAD_HEIGHT / (crown - chin)
    neck = posture.place(posture.neck_nodes[2])
    shift = -np.array([neck[0], neck[1], 0.0]) * scale
    for each in laid:
        each.position = each.position * scale + shift
        each.linear = each.linear * scale
    eye_height = float(eyes[2] * scale)
    landmarks = {
        "chin": float(chin * scale),
        "crown": float(crown * scale),
        "lip_front": float(lips[1] * scale + shift[1]),
        "mouth_height": float(lips[2] * scale),
        "neck_height": float(neck[2] * scale),
        "paint_width": 0.18,
    }
    return Figure(laid, scale, shift, landmarks, eye_height)


def _laid(model: Model, posture: Posture, primitive: Primitive, swinging: set[int]) -> Laid:
    skin = primitive.skinned(posture.world)
    linear = posture.turn @ skin[:, :, :3]
    position = np.einsum("nij,nj->ni", linear, primitive.position) + skin[:, :, 3] @ posture.turn.T
    inside_out = np.linalg.det(linear) < 0
    normal = _carried_normals(linear, primitive.normal, inside_out)
    if inside_out.any():
        turned = inside_out[primitive.triangles[:, :1]]
        triangles = np.where(turned, primitive.triangles[:, [0, 2, 1]], primitive.triangles)
        primitive = replace(primitive, triangles=triangles)
    material = model.document.entry("materials", primitive.material) if primitive.material >= 0 else {}
    hair = is_hair(f"{material.get('name', '')} {primitive.name}")
    swings = bool(np.isin(primitive.nodes[primitive.weights > 0], list(swinging)).any())
    return Laid(primitive, position, normal, linear, hair, swings)


def _carried_normals(linear: Matrix, normal: Matrix, inside_out: NDArray[np.bool_]) -> Matrix:
    """Normals (n, 3) of surfaces that ``linear`` (n, 3, 3) carries over: they follow its cofactors, squashed or not."""
    unit = linear / np.maximum(np.abs(linear).max((1, 2), keepdims=True), 1e-12)
    a, b, c = (unit[:, :, column] for column in range(3))
    cofactors = np.stack([np.cross(b, c), np.cross(c, a), np.cross(a, b)], 2)
    carried = np.einsum("nij,nj->ni", cofactors, normal)
    carried[inside_out] *= -1
    return np.asarray(carried / np.maximum(np.linalg.norm(carried, axis=1, keepdims=True), 1e-12))


def _face(model: Model, posture: Posture, laid: list[Laid], recipes: Recipes) -> tuple[Matrix, float, Matrix]:
    """The middle of the eyes, the chin's height, and the lips' front, in the model's turned axes."""
    mouth = [_moved_points(each, recipes.shares.get("jawOpen", ())) for each in laid]
    lips = np.concatenate(mouth) if mouth else np.zeros((0, 3))
    eyes = None
    if "leftEye" in model.bones and "rightEye" in model.bones:
        eyes = (posture.place(model.bones["leftEye"]) + posture.place(model.bones["rightEye"])) / 2
    lids = np.concatenate([_moved_points(each, recipes.shares.get("eyeBlinkLeft", ())) for each in laid])
    if len(lids) and (eyes is None or not lids[:, 2].min() < eyes[2] < lids[:, 2].max()):
        eyes = lids.mean(0)
    head = posture.place(model.bones["head"])
    on_head = [each.position[_head_share(posture, each) > 0.5] for each in laid]
    points = np.concatenate(on_head)
    if not len(points):
        raise model.document.error("nothing in it follows the head bone, so there is no face to show")
    height = float(points[:, 2].max() - head[2])
    if eyes is None:
        eyes = np.array([head[0], points[:, 1].min(), head[2] + 0.45 * height])
    if not len(lips):
        lips = np.array([[head[0], points[:, 1].min(), head[2] + 0.15 * height]])
    middle = np.array([eyes[0], float(np.percentile(lips[:, 1], 5)), float(np.median(lips[:, 2]))])
    chin = _chin(laid, posture, eyes, middle)
    if not chin < eyes[2]:
        raise model.document.error("its eyes are found below its chin: the skeleton or the expressions are odd")
    return eyes, chin, middle


def _chin(laid: list[Laid], posture: Posture, eyes: Matrix, lips: Matrix) -> float:
    """The lowest point in the middle of the face, below the lips and near their front."""
    reach = max(float(eyes[2] - lips[2]), 1e-6)
    found = []
    for each in laid:
        if each.hair or each.swings:
            continue
        x, y, z = each.position.T
        near = (np.abs(x - eyes[0]) < 0.2 * reach) & (z < lips[2]) & (z > lips[2] - 1.1 * reach)
        near &= (y < lips[1] + 0.2 * reach) & (_head_share(posture, each) > 0.5)
        found.append(z[near])
    heights = np.concatenate(found) if found else np.zeros(0)
    return float(heights.min()) if len(heights) else float(lips[2] - 0.75 * reach)


def _said(model: Model, posture: Posture) -> tuple[float, float] | None:
    """Heights of chin and crown where the file says them, as our own exports do."""
    head = model.bones["head"]
    extras = model.document.entry("nodes", head).get("extras")
    said = extras.get(FRAMED_BY) if isinstance(extras, dict) else None
    heights = [said.get(name) for name in ("chin", "crown")] if isinstance(said, dict) else []
    numbers = [float(h) for h in heights if isinstance(h, int | float) and abs(h) < MOST_SAID]
    if len(numbers) < 2 or numbers[1] - numbers[0] < LEAST_SAID:
        return None
    unit = float(np.linalg.norm(posture.world[head, :3, 1]))
    chin, crown = (float(posture.place(head)[2]) + unit * number for number in numbers)
    return chin, crown


def _crown(laid: list[Laid], posture: Posture, eyes: Matrix, chin: float) -> float:
    """The highest point that follows the head, within bounds, hair counted lower; what swings is left out.

    A wide head counts as higher than it is.
    """
    unit = float(eyes[2] - chin)
    tops = [
        each.position[_head_share(posture, each) > 0.5, 2].max(initial=-np.inf) - HAIR_OVER_CROWN * unit
        if each.hair
        else each.position[_head_share(posture, each) > 0.5, 2].max(initial=-np.inf)
        for each in laid
        if not each.swings
    ]
    low, high = (float(eyes[2]) + share * unit for share in CROWN_ABOVE_EYES)
    aside = [np.abs(each.position[_head_share(posture, each) > 0.5, 0] - eyes[0]).max(initial=0) for each in laid]
    width = 2 * max((a for a, each in zip(aside, laid, strict=True) if not each.swings), default=0.0)
    return max(float(np.clip(max(tops, default=low), low, high)), chin + LEAST_FOR_WIDTH * width)


def _head_share(posture: Posture, each: Laid) -> Matrix:
    on_head = posture.neck[each.primitive.nodes] == 3
    return np.asarray((each.primitive.weights * on_head).sum(1))


def _moved_points(each: Laid, shares: tuple[Share, ...] | list[Share]) -> Matrix:
    offset = _of_binds(each.primitive, [bind for share in shares for bind in share.binds])
    size = np.linalg.norm(np.einsum("nij,nj->ni", each.linear, offset[:, :3]), axis=1)
    return np.asarray(each.position[size > 0.3 * size.max(initial=0.0)]) if size.any() else np.zeros((0, 3))


def _of_binds(primitive: Primitive, binds: list[Bind]) -> Floats32:
    """The sum of morph targets (n, 6), in the file's space."""
    total = np.zeros((len(primitive.position), 6), np.float32)
    for bind in binds:
        if bind.mesh == primitive.mesh and bind.target in primitive.targets:
            total += np.float32(bind.weight) * primitive.targets[bind.target]
    return total


def face_shapes(model: Model, posture: Posture, figure: Figure, recipes: Recipes) -> list[dict[str, Floats32]]:
    """For each primitive, its offsets of position and normal (n, 6) by face curve, metres; only what moves.

    Raises BodyError where these are too many.
    """
    regions = _regions(figure, recipes)
    eyes_drawn = any(
        _of_binds(each.primitive, [b for s in recipes.shares.get("eyeLookOutLeft", ()) for b in s.binds])[
            _weight_of(each, posture, model, "leftEye") > 0.5
        ].any()
        for each in figure.laid
    )
    found, offsets = [], 0
    for each, region in zip(figure.laid, regions, strict=True):
        shapes: dict[str, Floats32] = {}
        for curve, shares in recipes.shares.items():
            moved = sum((_carried(each, share) * _mask(region, share.region) for share in shares), np.zeros((1, 6)))
            _keep(shapes, curve, moved)
            refuse_more_offsets(model.document, offsets + len(shapes) * len(each.position))
        if not eyes_drawn:
            for curve, moved in _eye_turns(model, posture, figure, each).items():
                _keep(shapes, curve, moved + shapes.get(curve, 0))
        if recipes.by_jaw:
            share = _weight_of(each, posture, model, "jaw")
            _keep(shapes, "jawOpen", _turned(each, share, figure.place(posture, model.bones["jaw"]), "x", JAW_DEGREES))
        offsets += len(shapes) * len(each.position)
        found.append(shapes)
    return found


def _keep(shapes: dict[str, Floats32], curve: str, moved: Matrix) -> None:
    moved = np.where(np.abs(moved[:, :3]).max(1, keepdims=True) > STILL_OFFSET, moved, 0)
    if moved.any():
        shapes[curve] = moved.astype(np.float32)


def _carried(each: Laid, share: Share) -> Matrix:
    offset = _of_binds(each.primitive, list(share.binds)) * share.weight
    if not offset.any():
        return np.zeros((1, 6))
    size = np.cbrt(np.abs(np.linalg.det(each.linear)))[:, None]
    moved = np.einsum("nij,nj->ni", each.linear, offset[:, :3])
    turned = np.einsum("nij,nj->ni", each.linear, offset[:, 3:]) / np.maximum(size, 1e-12)
    return np.concatenate([moved, turned], 1)


def _regions(figure: Figure, recipes: Recipes) -> list[Mapping[str, Matrix]]:
    """For each primitive, how much each vertex (n, 1) belongs to mouth, eyes and brows, and to either side."""
    mouths = [s for c in ("jawOpen", "mouthFunnel", "mouthPucker") for s in recipes.shares.get(c, ())]
    lids = [s for c in ("eyeBlinkLeft", "eyeBlinkRight") for s in recipes.shares.get(c, ())]
    sizes = {}
    for name, shares in (("mouth", mouths), ("eyes", lids)):
        sizes[name] = [
            np.linalg.norm(sum((_carried(e, s)[:, :3] for s in shares), np.zeros((1, 3))), axis=1) for e in figure.laid
        ]
    most = {name: max((float(s.max()) for s in each), default=0.0) for name, each in sizes.items()}
    found: list[Mapping[str, Matrix]] = []
    for i, each in enumerate(figure.laid):
        count = len(each.position)
        part = {}
        for name in ("mouth", "eyes"):
            share = np.broadcast_to(sizes[name][i], (count,)) / max(0.25 * most[name], 1e-9)
            part[name] = np.clip(share, 0, 1)[:, None]
        above = (each.position[:, 2:] > figure.eye_height).astype(np.float64)
        part["brows"] = (1 - part["eyes"]) * (1 - part["mouth"]) * above
        part["mouth"] = np.maximum(part["mouth"], each.position[:, 2:] < figure.landmarks["mouth_height"] + 0.02)
        part["left"] = np.clip(0.5 + each.position[:, :1] / (2 * SIDE_FADE), 0, 1)
        part["right"] = 1 - part["left"]
        found.append(part)
    return found


def _mask(region: Mapping[str, Matrix], words: str) -> Matrix:
    mask = np.ones((1, 1))
    for word in words.split():
        mask = mask * region[word]
    return mask


def _weight_of(each: Laid, posture: Posture, model: Model, bone: str) -> Matrix:
    """Share (n,) of a bone, and of what hangs on it, in moving each vertex."""
    if bone not in model.bones:
        return np.zeros(len(each.position))
    below = _below(model, model.bones[bone])
    return np.asarray((each.primitive.weights * below[each.primitive.nodes]).sum(1))


def _below(model: Model, node: int) -> NDArray[np.bool_]:
    flags = np.zeros(len(model.document.parents), bool)
    flags[node] = True
    for each in model.document.parents_first():
        parent = model.document.parents[each]
        flags[each] |= parent >= 0 and flags[parent]
    return flags


def _eye_turns(model: Model, posture: Posture, figure: Figure, each: Laid) -> dict[str, Matrix]:
    """Eye bones as shapes: a gaze of ``LOOKED_FROM`` degrees turns an eye as far as the file lets it."""
    if not model.eyes_turn:
        return {}
    inner, outer, down, up = (reach * CURVE_DEGREES / LOOKED_FROM for reach in model.eye_reach)
    found: dict[str, Matrix] = {}
    for side, bone, out in (("Left", "leftEye", 1.0), ("Right", "rightEye", -1.0)):
        share = _weight_of(each, posture, model, bone)
        if not (share > LEAST_SHARE).any():
            continue
        pivot = figure.place(posture, model.bones[bone])
        for name, axis, degrees in (
            (f"eyeLookOut{side}", "z", out * outer),
            (f"eyeLookIn{side}", "z", -out * inner),
            (f"eyeLookUp{side}", "x", -up),
            (f"eyeLookDown{side}", "x", down),
        ):
            found[name] = _turned(each, share, pivot, axis, degrees)
    return found


def _turned(each: Laid, share: Matrix, pivot: Matrix, axis: str, degrees: float) -> Matrix:
    """Offsets (n, 6) of vertices that turn about a point; exact at half the angle, where most movement is."""
    turn = rotation(axis, degrees / 2)
    away = each.position - pivot
    moved = (away @ turn.T - away) * 2
    turned = (each.normal @ turn.T - each.normal) * 2
    return np.concatenate([moved, turned], 1) * share[:, None]
