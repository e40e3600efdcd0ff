"""A mascot drawn by rule, as a VRM 0.x file: a rabbit with toon shading, swinging ears and few expressions.

It is no host of ours: other proportions, MToon, spring bones, two of the five mouths, no eye bones. It stands for the
models that merchants bring.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.avatar.gltf.glb import GlbWriter

Points = NDArray[np.float64]

HEAD, HEAD_RADII = np.array([0.0, 0.98, 0.0]), np.array([0.185, 0.165, 0.16])
BODY, BODY_RADII = np.array([0.0, 0.56, 0.0]), np.array([0.165, 0.29, 0.13])
SHOULDER, ELBOW, WRIST, TIP = 0.13, 0.25, 0.37, 0.43
ARM_HEIGHT, ARM_RADIUS = 0.715, 0.048
EAR_JOINTS = 5
EAR_LENGTH = 0.30

JOINTS: tuple[tuple[str, str, tuple[float, float, float]], ...] = (
    ("hips", "", (0, 0.40, 0)), ("spine", "hips", (0, 0.50, 0)), ("chest", "spine", (0, 0.62, 0)),
    ("neck", "chest", (0, 0.80, 0)), ("head", "neck", (0, 0.86, 0)),
    *((f"{side}{bone}", parent if bone in {"UpperLeg", "UpperArm"} else f"{side}{parent}", (sign * x, y, 0))
      for side, sign in (("left", 1), ("right", -1))
      for bone, parent, x, y in (
          ("UpperArm", "chest", SHOULDER, ARM_HEIGHT), ("LowerArm", "UpperArm", ELBOW, ARM_HEIGHT),
          ("Hand", "LowerArm", WRIST, ARM_HEIGHT), ("UpperLeg", "hips", 0.08, 0.36),
          ("LowerLeg", "UpperLeg", 0.08, 0.2), ("Foot", "LowerLeg", 0.08, 0.05))),
)  # fmt: skip


@dataclass
class Piece:
    """A mesh in the model's space (+y up, looking along +z): ``weights`` by joint, ``targets`` by morph name."""

    name: str
    material: str
    position: Points
    triangles: NDArray[np.int64]
    weights: dict[str, Points]
    targets: dict[str, Points] = field(default_factory=dict)


def grid(rows: int, columns: int) -> NDArray[np.int64]:
    """Triangles of a grid of vertices stored row by row, its columns closed to a ring."""
    row, column = (each.ravel() for each in np.mgrid[0 : rows - 1, 0:columns])
    after = (column + 1) % columns
    a, b, c, d = (
        row * columns + column,
        row * columns + after,
        (row + 1) * columns + after,
        (row + 1) * columns + column,
    )
    return np.concatenate([np.stack([a, d, c], 1), np.stack([a, c, b], 1)])


def ball(centre: Points, radii: Points, rows: int, columns: int) -> tuple[Points, NDArray[np.int64]]:
    """An ellipsoid, its poles up and down."""
    polar = np.linspace(0, np.pi, rows)[:, None]
    turn = np.linspace(0, 2 * np.pi, columns, endpoint=False)[None, :]
    points = np.stack(
        [np.sin(polar) * np.sin(turn), np.cos(polar) * np.ones_like(turn), np.sin(polar) * np.cos(turn)], -1
    )
    return points.reshape(-1, 3) * radii + centre, grid(rows, columns)


def tube(path: Points, radii: Points, columns: int, flat: float = 1.0) -> tuple[Points, NDArray[np.int64]]:
    """A tube along a path (n, 3) in the plane of x and y; ``flat`` scales its depth."""
    along = np.gradient(path, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    across = np.stack([along[:, 1], -along[:, 0], np.zeros(len(path))], 1)
    turn = np.linspace(0, 2 * np.pi, columns, endpoint=False)
    ring = across[:, None] * np.cos(turn)[None, :, None] + np.array([0, 0, flat]) * np.sin(turn)[None, :, None]
    points = path[:, None] + ring * radii[:, None, None]
    return points.reshape(-1, 3), grid(len(path), columns)


def disc(rows: int, columns: int) -> tuple[Points, NDArray[np.int64]]:
    """A flat disc of radius 1 (x, y), from the middle outwards."""
    turn = np.linspace(0, 2 * np.pi, columns, endpoint=False)
    radius = np.linspace(0.001, 1, rows)
    points = np.stack([radius[:, None] * np.cos(turn), radius[:, None] * np.sin(turn)], -1)
    return points.reshape(-1, 2), grid(rows, columns)


def on_face(flat: Points, lift: float) -> Points:
    """Points (n, 2) of x and y about the head's middle, laid on its front."""
    share = np.clip(1 - (flat[:, 0] / HEAD_RADII[0]) ** 2 - (flat[:, 1] / HEAD_RADII[1]) ** 2, 0.02, 1)
    return np.stack([flat[:, 0], flat[:, 1], np.sqrt(share) * HEAD_RADII[2] + lift], 1) + HEAD


def pieces(fineness: float) -> list[Piece]:
    """All of the rabbit; ``fineness`` 1 has about 25,000 triangles, and their number grows with its square."""
    n = round(28 * fineness)
    made = [_head(n), *_ears(n), *_face(n), *_torso(n), *_arms(n)]
    for piece in made:
        piece.triangles = piece.triangles[_area(piece) > 1e-14]
    return made


def _area(piece: Piece) -> Points:
    a, b, c = (piece.position[piece.triangles[:, k]] for k in range(3))
    return np.asarray(np.linalg.norm(np.cross(b - a, c - a), axis=1))


def _head(n: int) -> Piece:
    points, triangles = ball(HEAD, HEAD_RADII, n, 2 * n)
    return Piece("head", "fur", points, triangles, {"head": np.ones(len(points))})


def _ears(n: int) -> list[Piece]:
    made = []
    for side, sign in (("left", 1.0), ("right", -1.0)):
        share = np.linspace(0, 1, n)
        lean = 0.05 + 0.10 * share**2
        path = np.stack([sign * (0.075 + lean * EAR_LENGTH), 1.10 + share * EAR_LENGTH, np.zeros(n)], 1)
        width = 0.052 * np.sqrt(np.clip(np.sin(np.pi * (0.10 + 0.88 * share)), 0.0, 1)) * (1 - 0.25 * share)
        for name, material, scale, forward in (("ear", "fur", 1.0, 0.0), ("ear inside", "pink", 0.62, 0.010)):
            points, triangles = tube(path, width * scale, n, 0.38)
            points[:, 2] += forward
            at = np.repeat(share, n) * (EAR_JOINTS - 1)
            weights = {f"{side}Ear{i}": np.clip(1 - np.abs(at - i), 0, 1) for i in range(EAR_JOINTS)}
            made.append(Piece(f"{side} {name}", material, points, triangles, weights))
    return made


def _face(n: int) -> list[Piece]:
    made = []
    flat, triangles = disc(max(n // 3, 5), n)
    on_head = {"head": np.ones(len(flat))}
    for sign in (1.0, -1.0):
        eye = flat * [0.024, 0.034] + [sign * 0.068, 0.012]
        shut = np.stack([eye[:, 0], 0.004 - 8 * (eye[:, 0] - sign * 0.068) ** 2 + flat[:, 1] * 0.0025], 1)
        happy = np.stack([eye[:, 0], 0.018 - 14 * (eye[:, 0] - sign * 0.068) ** 2 + flat[:, 1] * 0.003], 1)
        wide = (eye - [sign * 0.068, 0.012]) * 1.2 + [sign * 0.068, 0.014]
        place = on_face(eye, 0.003)
        targets = {name: on_face(to, 0.003) - place for name, to in (("blink", shut), ("joy", happy), ("wow", wide))}
        made.append(Piece(f"eye {sign:+.0f}", "ink", place, triangles, on_head, targets))
        for size, aside, up in ((0.0085, -0.008, 0.013), (0.0042, 0.007, -0.010)):
            light = flat * size + [sign * 0.068 + aside, 0.012 + up]
            place = on_face(light, 0.0055)
            gone = on_face(light * [1, 0] + [0, 0.004], 0.0) - place
            made.append(Piece(f"glint {sign:+.0f}", "white", place, triangles, on_head, {"blink": gone, "joy": gone}))
        cheek = on_face(flat * [0.026, 0.015] + [sign * 0.105, -0.030], 0.002)
        made.append(Piece(f"cheek {sign:+.0f}", "pink", cheek, triangles, on_head))
        brow = flat * [0.020, 0.0035] + [sign * 0.070, 0.064]
        place = on_face(brow, 0.004)
        up = on_face(brow + np.array([0, 0.016]), 0.004) - place
        tilt = sign * (brow[:, :1] - sign * 0.07) * [0, 0.5] + [0, -0.012]
        cross = on_face(brow + tilt, 0.004) - place
        made.append(Piece(f"brow {sign:+.0f}", "ink", place, triangles, on_head, {"wow": up, "angry": cross}))
    nose = on_face(flat * [0.014, 0.009] + [0, -0.022], 0.010)
    made.append(Piece("nose", "pink", nose, triangles, on_head))
    made.append(_mouth(flat, triangles))
    return made


def _mouth(flat: Points, triangles: NDArray[np.int64]) -> Piece:
    """A smiling line that opens to shapes."""
    middle = np.array([0.0, -0.058])

    def shaped(width: float, height: float, curve: float) -> Points:
        x = flat[:, 0] * width
        return on_face(np.stack([x, flat[:, 1] * height + curve * (flat[:, 0] ** 2 - 0.5)], 1) + middle, 0.004)

    closed = shaped(0.036, 0.0022, 0.010)
    shapes = {"A": (0.032, 0.026, 0.006), "O": (0.019, 0.024, 0.0), "joy": (0.044, 0.012, 0.016)}
    targets = {name: shaped(*shape) - closed for name, shape in shapes.items()}
    return Piece("mouth", "mouth", closed, triangles, {"head": np.ones(len(flat))}, targets)


def _torso(n: int) -> list[Piece]:
    points, triangles = ball(BODY, BODY_RADII, n, 2 * n)
    low = np.clip((0.55 - points[:, 1]) / 0.12, 0, 1)
    body = Piece("body", "fur", points, triangles, {"spine": low, "chest": 1 - low})
    front = points[:, 1] < 0.745
    kept = triangles[front[triangles].all(1)]
    apron_points = (points - BODY) * 1.03 + BODY
    apron = Piece("apron", "apron", apron_points, kept, dict(body.weights))
    knot, knot_triangles = ball(np.array([0, 0.825, 0.105]), np.array([0.030, 0.026, 0.022]), n // 2, n)
    made = [body, apron, Piece("knot", "scarf", knot, knot_triangles, {"chest": np.ones(len(knot))})]
    turn = np.linspace(0, 2 * np.pi, 2 * n, endpoint=False)
    section = np.linspace(0, 2 * np.pi, n, endpoint=False)
    ring = 0.105 + 0.028 * np.cos(section)[None, :]
    scarf = np.stack(
        [ring * np.sin(turn)[:, None], 0.825 + 0.024 * np.sin(section)[None, :] + 0 * turn[:, None],
         ring * 0.92 * np.cos(turn)[:, None]], -1
    ).reshape(-1, 3)  # fmt: skip
    closed = np.concatenate([grid(2 * n, n), (grid(2, n) % n) + np.where(grid(2, n) < n, (2 * n - 1) * n, 0)])
    made.append(Piece("scarf", "scarf", scarf, closed, {"chest": np.ones(len(scarf))}))
    return made


def _arms(n: int) -> list[Piece]:
    made = []
    for side, sign in (("left", 1.0), ("right", -1.0)):
        x = np.linspace(0.08, TIP, n)
        path = np.stack([sign * x, np.full(n, ARM_HEIGHT), np.zeros(n)], 1)
        radii = ARM_RADIUS * np.sqrt(np.clip(1 - ((x - WRIST) / (TIP - WRIST)).clip(0) ** 2, 0.001, 1))
        points, triangles = tube(path, radii * (1 + 0.12 * np.clip((x - ELBOW) / 0.12, 0, 1)), n)
        at = np.abs(points[:, 0])
        chest = np.clip((0.15 - at) / 0.05, 0, 1)
        lower, hand = np.clip((at - ELBOW + 0.03) / 0.06, 0, 1), np.clip((at - WRIST + 0.02) / 0.04, 0, 1)
        weights = {"chest": chest, f"{side}UpperArm": (1 - chest) * (1 - lower)}
        weights |= {f"{side}LowerArm": (1 - chest) * lower * (1 - hand), f"{side}Hand": (1 - chest) * lower * hand}
        made.append(Piece(f"{side} arm", "fur", points, triangles, weights))
    return made


COLOURS: dict[str, tuple[tuple[float, float, float], tuple[float, float, float]]] = {
    "fur": ((0.97, 0.94, 0.90), (0.80, 0.72, 0.74)), "pink": ((0.97, 0.70, 0.72), (0.88, 0.54, 0.60)),
    "ink": ((0.17, 0.12, 0.14), (0.12, 0.08, 0.10)), "white": ((1.0, 1.0, 1.0), (0.95, 0.95, 1.0)),
    "mouth": ((0.55, 0.16, 0.22), (0.45, 0.10, 0.18)), "apron": ((0.20, 0.45, 0.62), (0.12, 0.30, 0.47)),
    "scarf": ((0.93, 0.65, 0.22), (0.78, 0.45, 0.14)),
}  # fmt: skip
"""Lit and shaded colour of each material, sRGB."""

EXPRESSIONS: dict[str, tuple[str, dict[str, float]]] = {
    "A": ("a", {"A": 1}), "O": ("o", {"O": 1}), "Blink": ("blink", {"blink": 1}), "Joy": ("joy", {"joy": 1}),
    "Angry": ("angry", {"angry": 1}), "Surprised": ("unknown", {"wow": 1, "O": 0.6}),
}  # fmt: skip


def write_mascot(file: Path, fineness: float = 1.0, commercial: bool = True) -> int:
    """Writes the rabbit; returns how many triangles it has. ``commercial`` is what its metadata allows."""
    glb = GlbWriter("Everhost's bench")
    for kind in ("nodes", "meshes", "materials", "skins"):
        glb.json[kind] = []
    made = pieces(fineness)
    joints = [*JOINTS, *_ear_joints()]
    numbers = {name: i for i, (name, _, _) in enumerate(joints)}
    places = {name: np.array(place) * [-1, 1, -1] for name, _, place in joints}
    for name, parent, _ in joints:
        away = places[name] - (places[parent] if parent else 0)
        glb.json["nodes"].append({"name": name, "translation": away.tolist()})
        if parent:
            glb.json["nodes"][numbers[parent]].setdefault("children", []).append(numbers[name])
    inverse = np.tile(np.eye(4, dtype=np.float32), (len(joints), 1, 1))
    inverse[:, 3, :3] = [-places[name] for name, _, _ in joints]
    skin = {"joints": list(range(len(joints))), "inverseBindMatrices": glb.array(inverse.reshape(-1, 16), loose=True)}
    glb.json["skins"].append(skin)
    materials = {name: i for i, name in enumerate(COLOURS)}
    for name, (lit, _) in COLOURS.items():
        factor = [c**2.2 for c in lit] + [1.0]
        pbr = {"baseColorFactor": factor, "metallicFactor": 0.0, "roughnessFactor": 0.9}
        double = name in ("ink", "white", "mouth", "pink", "apron")
        glb.json["materials"].append({"name": name, "pbrMetallicRoughness": pbr, "doubleSided": double})
    drawn = [_write_piece(glb, piece, materials, numbers) for piece in made]
    glb.json["scenes"] = [{"nodes": [0, *(node for node, _ in drawn)]}]
    glb.json["scene"] = 0
    glb.json["extensionsUsed"] = ["VRM"]
    glb.json["extensions"] = {"VRM": _vrm(numbers, made, [mesh for _, mesh in drawn], commercial)}
    glb.write(file)
    return sum(len(piece.triangles) for piece in made)


def _ear_joints() -> list[tuple[str, str, tuple[float, float, float]]]:
    found = []
    for side, sign in (("left", 1.0), ("right", -1.0)):
        for i in range(EAR_JOINTS):
            share = i / (EAR_JOINTS - 1)
            place = (sign * (0.075 + (0.05 + 0.10 * share**2) * EAR_LENGTH), 1.10 + share * EAR_LENGTH, 0.0)
            found.append((f"{side}Ear{i}", f"{side}Ear{i - 1}" if i else "head", place))
    return found


def _write_piece(glb: GlbWriter, piece: Piece, materials: dict[str, int], joints: dict[str, int]) -> tuple[int, int]:
    back = np.array([-1.0, 1.0, -1.0])
    position = piece.position * back
    normal = _normals(position, piece.triangles)
    dense = np.zeros((len(position), len(joints)))
    for name, weight in piece.weights.items():
        dense[:, joints[name]] += weight
    best = np.argsort(-dense, 1)[:, :4]
    weights = np.take_along_axis(dense, best, 1)
    weights /= weights.sum(1, keepdims=True)
    primitive: dict[str, Any] = {
        "attributes": {
            "POSITION": glb.array(position.astype(np.float32)),
            "NORMAL": glb.array(normal.astype(np.float32)),
            "JOINTS_0": glb.array(best.astype(np.uint16)),
            "WEIGHTS_0": glb.array(weights.astype(np.float32)),
        },
        "indices": glb.array(piece.triangles.reshape(-1, 1).astype(np.uint32), indices=True),
        "material": materials[piece.material],
    }
    if piece.targets:
        primitive["targets"] = [{"POSITION": glb.array((t * back).astype(np.float32))} for t in piece.targets.values()]
    mesh = glb.added("meshes", {"name": piece.name, "primitives": [primitive]})
    return glb.added("nodes", {"name": piece.name, "mesh": mesh, "skin": 0}), mesh


def _normals(position: Points, triangles: NDArray[np.int64]) -> Points:
    a, b, c = (position[triangles[:, k]] for k in range(3))
    face = np.cross(b - a, c - a)
    normal = np.zeros_like(position)
    for corner in range(3):
        np.add.at(normal, triangles[:, corner], face)
    return np.asarray(normal / np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12))


def _vrm(numbers: dict[str, int], made: list[Piece], meshes: list[int], commercial: bool) -> dict[str, Any]:
    groups = [
        {
            "name": name, "presetName": preset, "isBinary": False, "materialValues": [],
            "binds": [
                {"mesh": mesh, "index": list(piece.targets).index(target), "weight": 100 * share}
                for piece, mesh in zip(made, meshes, strict=True)
                for target, share in mix.items() if target in piece.targets
            ],
        }
        for name, (preset, mix) in EXPRESSIONS.items()
    ]  # fmt: skip
    spring = {
        "stiffiness": 0.9, "gravityPower": 0.05, "gravityDir": {"x": 0, "y": -1, "z": 0}, "dragForce": 0.35,
        "center": -1, "hitRadius": 0.02, "bones": [numbers["leftEar0"], numbers["rightEar0"]], "colliderGroups": [0],
    }  # fmt: skip
    collider = {"offset": {"x": 0, "y": 0.12, "z": 0}, "radius": 0.15}
    return {
        "exporterVersion": "Everhost bench", "specVersion": "0.0",
        "meta": {
            "title": "Momo the rabbit", "version": "1", "author": "Everhost", "allowedUserName": "Everyone",
            "violentUssageName": "Disallow", "sexualUssageName": "Disallow",
            "commercialUssageName": "Allow" if commercial else "Disallow", "licenseName": "CC0",
        },
        "humanoid": {"humanBones": [{"bone": name, "node": numbers[name]} for name, _, _ in JOINTS]},
        "firstPerson": {"lookAtTypeName": "Bone"},
        "blendShapeMaster": {"blendShapeGroups": groups},
        "secondaryAnimation": {
            "boneGroups": [spring],
            "colliderGroups": [{"node": numbers["head"], "colliders": [collider]}],
        },
        "materialProperties": [
            {
                "name": name, "shader": "VRM/MToon", "renderQueue": 2000,
                "floatProperties": {"_ShadeShift": 0.0, "_ShadeToony": 0.85, "_RimFresnelPower": 4.0, "_RimLift": 0.0},
                "vectorProperties": {"_Color": [*lit, 1], "_ShadeColor": [*shade, 1], "_RimColor": [0.18, 0.16, 0.16]},
                "textureProperties": {}, "keywordMap": {}, "tagMap": {},
            }
            for name, (lit, shade) in COLOURS.items()
        ],
    }  # fmt: skip
