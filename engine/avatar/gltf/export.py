"""One of our hosts as a VRM 1.0 file: skeleton, skinned meshes, ARKit's face shapes, expressions, gaze and licence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.avatar.arms import SIDES
from engine.avatar.body_file import BodyData, PartData, Shown
from engine.avatar.errors import BodyError
from engine.avatar.gltf.export_paint import Painter
from engine.avatar.gltf.export_rig import Rig, to_file, write_rig
from engine.avatar.gltf.glb import GlbWriter
from engine.avatar.gltf.posture import FORWARD_TO_OURS
from engine.avatar.pose import ARM_BONES, NECK_BONES
from engine.flow import FACE_CURVES
from engine.motion.visemes import VISEME_CURVES

GENERATOR = "Everhost"
LICENCE_URL = "https://vrm.dev/licenses/1.0/"
LEAST_WEIGHT = 1e-4

MOUTHS: dict[str, str] = {"aa": "aa", "ih": "ih", "ou": "ou", "ee": "E", "oh": "oh"}
"""VRM's mouths, and the visemes of ours that they are."""

MOODS: dict[str, dict[str, float]] = {
    "happy": {"mouthSmile": 0.7, "cheekSquint": 0.5, "eyeSquint": 0.2},
    "relaxed": {"mouthSmile": 0.4, "eyeSquint": 0.1},
    "sad": {"browInnerUp": 0.8, "mouthFrown": 0.6},
    "angry": {"browDown": 0.85, "noseSneer": 0.3, "mouthPress": 0.4},
    "surprised": {"browInnerUp": 0.7, "browOuterUp": 0.7, "eyeWide": 0.6, "jawOpen": 0.3},
    "blink": {"eyeBlink": 1.0},
    "blinkLeft": {"eyeBlinkLeft": 1.0},
    "blinkRight": {"eyeBlinkRight": 1.0},
}

LOOK_DEGREES = 30.0


def export_vrm(body: BodyData, out: Path) -> None:
    """Writes a host that was baked here.

    Raises:
        BodyError: the body was made of somebody else's model.
        OSError: the file cannot be written.
    """
    if body.imported:
        raise BodyError(
            f"{body.name} was made of a {body.licence.get('kind', 'model')} file: give that file on instead"
        )
    glb = GlbWriter(GENERATOR)
    for kind in ("nodes", "meshes", "materials", "skins"):
        glb.json[kind] = []
    rig = write_rig(glb, body)
    painter = Painter(glb, body)
    drawn: list[tuple[int, PartData]] = []
    for part in body.parts:
        if part.shown is not Shown.AT_REST:
            drawn.append((_mesh_node(glb, rig, painter, part, body), part))
    roots = [rig.nodes[0], *(node for node, _ in drawn)]
    glb.json["scenes"], glb.json["scene"] = [{"nodes": roots}], 0
    glb.json["extensionsUsed"] = ["VRMC_vrm"]
    glb.json["extensions"] = {"VRMC_vrm": _vrm(body, rig, drawn)}
    glb.write(out)


def _mesh_node(glb: GlbWriter, rig: Rig, painter: Painter, part: PartData, body: BodyData) -> int:
    paint = painter.of(part)
    joints, weights = _weights(part, rig)
    attributes = {
        "POSITION": glb.array(to_file(part.position.astype(np.float64), body).astype(np.float32)),
        "NORMAL": glb.array(_unit(part.normal @ FORWARD_TO_OURS).astype(np.float32)),
        "TEXCOORD_0": glb.array(paint.uv.astype(np.float32)),
        "COLOR_0": glb.array(paint.colour),
        "JOINTS_0": glb.array(joints),
        "WEIGHTS_0": glb.array(weights),
    }
    primitive: dict[str, Any] = {
        "attributes": attributes,
        "indices": glb.array(part.triangles.reshape(-1, 1).astype(np.uint32), indices=True),
        "material": paint.material,
    }
    mesh: dict[str, Any] = {"name": part.name, "primitives": [primitive]}
    if part.shapes:
        primitive["targets"] = [_target(glb, part, i) for i in range(len(part.shapes))]
        mesh["extras"] = {"targetNames": list(part.shapes)}
    number = glb.added("meshes", mesh)
    return glb.added("nodes", {"name": part.name, "mesh": number, "skin": rig.skin})


def _target(glb: GlbWriter, part: PartData, number: int) -> dict[str, int]:
    moved = np.zeros((len(part.position), 6), np.float32)
    moved[: part.deltas.shape[1]] = part.deltas[number]
    axes = FORWARD_TO_OURS.astype(np.float32)
    return {"POSITION": glb.array(moved[:, :3] @ axes), "NORMAL": glb.array(moved[:, 3:] @ axes)}


def _weights(part: PartData, rig: Rig) -> tuple[NDArray[np.uint16], NDArray[np.float32]]:
    """The four joints that move each vertex most, and their weights; what we leave to the torso is the chest's."""
    dense = np.zeros((len(part.position), len(rig.joints)))
    if part.kind == "eye":
        dense[:, rig.joints["leftEye" if part.name == "left_eye" else "rightEye"]] = 1
    elif part.kind in ("lash", "mouth"):
        dense[:, rig.joints["head"]] = 1
    else:
        for i, bone in enumerate(NECK_BONES):
            dense[:, rig.joints[bone]] += part.neck[:, i]
        if part.limb in SIDES and len(part.bones):
            columns = np.array([rig.joints[f"{part.limb}_{bone}"] for bone in ARM_BONES])
            np.add.at(dense, (np.arange(len(dense))[:, None], columns[part.bones]), part.bone_weights)
        dense[:, rig.joints["chest"]] += np.clip(1 - dense.sum(1), 0, 1)
    best = np.argsort(-dense, 1)[:, :4]
    weights = np.take_along_axis(dense, best, 1)
    weights[weights < LEAST_WEIGHT] = 0
    weights /= np.maximum(weights.sum(1, keepdims=True), 1e-9)
    return np.where(weights > 0, best, 0).astype(np.uint16), weights.astype(np.float32)


def _vrm(body: BodyData, rig: Rig, drawn: list[tuple[int, PartData]]) -> dict[str, Any]:
    presets = {name: VISEME_CURVES[viseme] for name, viseme in MOUTHS.items()} | MOODS
    reach = {"inputMaxValue": LOOK_DEGREES, "outputScale": LOOK_DEGREES}
    return {
        "specVersion": "1.0",
        "meta": {
            "name": body.name,
            "version": "1",
            "authors": ["Everhost, from MakeHuman's CC0 data"],
            "licenseUrl": LICENCE_URL,
            "avatarPermission": "everyone",
            "commercialUsage": "corporation",
            "creditNotation": "unnecessary",
            "allowRedistribution": True,
            "modification": "allowModificationRedistribution",
        },
        "humanoid": {"humanBones": {bone: {"node": node} for bone, node in rig.human.items()}},
        "expressions": {
            "preset": {name: {"morphTargetBinds": _binds(_sided(curves), drawn)} for name, curves in presets.items()},
            "custom": {
                curve: {"morphTargetBinds": binds} for curve in FACE_CURVES if (binds := _binds({curve: 1.0}, drawn))
            },
        },
        "lookAt": {
            "type": "bone",
            "offsetFromHeadBone": [0, 0.06, 0],
            **{f"rangeMap{way}": reach for way in ("HorizontalInner", "HorizontalOuter", "VerticalDown", "VerticalUp")},
        },
    }


def _sided(curves: dict[str, float]) -> dict[str, float]:
    """Curves, a name without a side set on both."""
    found = {}
    for name, value in curves.items():
        for curve in (name,) if name in FACE_CURVES else (f"{name}Left", f"{name}Right"):
            found[curve] = value
    return found


def _binds(curves: dict[str, float], drawn: list[tuple[int, PartData]]) -> list[dict[str, Any]]:
    return [
        {"node": node, "index": part.shapes.index(curve), "weight": round(value, 4)}
        for node, part in drawn
        for curve, value in curves.items()
        if curve in part.shapes
    ]


def _unit(vectors: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12))
