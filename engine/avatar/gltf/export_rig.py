"""The skeleton of an exported host: in T-pose, as VRM asks, while its meshes are bound with hanging arms.

A skin's inverse bind matrices say where the joints were when the mesh was made; the nodes say where they are. So the
mesh keeps our hosts' shape, and every reader shows the T-pose.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.avatar.arms import PARENTS, SIDES
from engine.avatar.body_file import BodyData
from engine.avatar.gltf.bones import finger_bone
from engine.avatar.gltf.framing import FRAMED_BY
from engine.avatar.gltf.glb import GlbWriter
from engine.avatar.gltf.posture import FORWARD_TO_OURS, from_to
from engine.avatar.pose import ARM_BONES, NECK_BONES, Matrix

EYES_AT = 1.55
"""Metres above the ground at which an exported host's eyes are; a host has no legs to stand on."""

_TORSO: tuple[tuple[str, str, float], ...] = (
    ("hips", "", -0.62), ("spine", "hips", -0.50), ("chest", "spine", -0.36),
)  # fmt: skip
"""Bone, the one that it hangs on, and metres above the eyes."""

_LEGS: tuple[tuple[str, str, float, float], ...] = (
    ("UpperLeg", "hips", 0.09, -0.68), ("LowerLeg", "UpperLeg", 0.09, -1.08), ("Foot", "LowerLeg", 0.09, -1.47),
)  # fmt: skip


@dataclass
class Rig:
    """Joint numbers by bone of ours (``chest``, ``neck01`` …, ``left_wrist`` …, ``leftEye``) and by VRM bone."""

    joints: dict[str, int] = field(default_factory=dict)
    nodes: list[int] = field(default_factory=list)
    human: dict[str, int] = field(default_factory=dict)
    skin: int = -1


def to_file(points: Matrix, body: BodyData) -> Matrix:
    """Points (n, 3) in glTF's axes, standing on the ground."""
    return np.asarray(points @ FORWARD_TO_OURS + [0, EYES_AT - body.eye_height, 0])


def write_rig(glb: GlbWriter, body: BodyData) -> Rig:
    """Adds all nodes and the skin."""
    bound, parents = _bones(body)
    world = _t_pose(bound, body)
    rig = Rig()
    numbers: dict[str, int] = {}
    for name, parent in parents.items():
        local = np.linalg.inv(world[parent]) @ world[name] if parent else world[name]
        numbers[name] = glb.added("nodes", _node(name, local))
        if parent:
            glb.json["nodes"][numbers[parent]].setdefault("children", []).append(numbers[name])
    rig.joints = {name: i for i, name in enumerate(parents)}
    rig.nodes = [numbers[name] for name in parents]
    inverse = np.stack([np.eye(4)] * len(parents))
    inverse[:, :3, 3] = -np.stack([bound[name] for name in parents])
    packed = inverse.transpose(0, 2, 1).reshape(-1, 16).astype(np.float32)
    rig.skin = glb.added(
        "skins", {"joints": rig.nodes, "inverseBindMatrices": glb.array(packed, loose=True), "skeleton": rig.nodes[0]}
    )
    head = glb.json["nodes"][numbers["head"]]
    above = {name: body.landmarks[name] - float(body.neck_joints[3][2]) for name in ("chin", "crown")}
    head["extras"] = {FRAMED_BY: {name: round(metres, 5) for name, metres in above.items()}}
    rig.human = {vrm: numbers[name] for name in parents if (vrm := _human(name))}
    return rig


def _bones(body: BodyData) -> tuple[dict[str, Matrix], dict[str, str]]:
    """Where each bone begins in the bound pose, in glTF's axes, and which bone it hangs on; parents first."""
    eyes = EYES_AT
    bound: dict[str, Matrix] = {}
    parents: dict[str, str] = {}

    def put(name: str, parent: str, place: Matrix) -> None:
        bound[name], parents[name] = np.asarray(place, np.float64), parent

    for name, parent, above in _TORSO:
        put(name, parent, np.array([0, eyes + above, 0]))
    for side, mirror in zip(SIDES, (1.0, -1.0), strict=True):
        for name, parent, aside, above in _LEGS:
            put(side + name, parent if parent == "hips" else side + parent, np.array([mirror * aside, eyes + above, 0]))
    joints = to_file(body.neck_joints.astype(np.float64), body)
    for i, name in enumerate(NECK_BONES):
        put(name, NECK_BONES[i - 1] if i else "chest", joints[i])
    for part in body.parts:
        if part.kind == "eye":
            middle = _ball_centre(part.position.astype(np.float64), part.attributes["direction"].astype(np.float64))
            put("leftEye" if part.name == "left_eye" else "rightEye", "head", to_file(middle[None], body)[0])
    for which, side in enumerate(SIDES):
        places = to_file(body.arm_joints[which].astype(np.float64), body)
        for i, bone in enumerate(ARM_BONES):
            carrier = f"{side}_{ARM_BONES[PARENTS[i]]}" if PARENTS[i] >= 0 else "chest"
            put(f"{side}_{bone}", carrier, places[i])
    return bound, parents


def _ball_centre(position: Matrix, direction: Matrix) -> Matrix:
    """The middle of an eyeball: points lie at centre + radius * direction."""
    system = np.concatenate([np.tile(np.eye(3), (len(position), 1)), direction.reshape(-1, 1)], 1)
    return np.asarray(np.linalg.lstsq(system, position.reshape(-1), rcond=None)[0][:3])


def _t_pose(bound: dict[str, Matrix], body: BodyData) -> dict[str, Matrix]:
    """World matrices with both arms straight out to the sides."""
    world = {name: _shifted(place) for name, place in bound.items()}
    for side, mirror in zip(SIDES, (1.0, -1.0), strict=True) if body.arm_joints.size else ():
        for first, then in (("upperarm01", "lowerarm01"), ("lowerarm01", "wrist")):
            pivot, end = (world[f"{side}_{bone}"][:3, 3] for bone in (first, then))
            turn = np.eye(4)
            turn[:3, :3] = from_to(end - pivot, np.array([mirror, 0, 0]))
            turn[:3, 3] = pivot - turn[:3, :3] @ pivot
            for bone in ARM_BONES[ARM_BONES.index(first) :]:
                world[f"{side}_{bone}"] = turn @ world[f"{side}_{bone}"]
    return world


def _shifted(place: Matrix) -> Matrix:
    matrix = np.eye(4)
    matrix[:3, 3] = place
    return matrix


def _human(name: str) -> str:
    """The VRM 1.0 bone that one of ours is, or ""."""
    if "_" not in name:
        return {"neck01": "neck", "neck02": "", "neck03": ""}.get(name, name)
    side, bone = name.split("_", 1)
    if bone.startswith("finger"):
        return finger_bone(side, int(bone[6]), int(bone[8]))
    known = {"upperarm01": "UpperArm", "lowerarm01": "LowerArm", "wrist": "Hand"}
    return side + known[bone] if bone in known else ""


def _node(name: str, local: Matrix) -> dict[str, Any]:
    node: dict[str, Any] = {"name": name, "translation": local[:3, 3].round(7).tolist()}
    turn = _quaternion(local[:3, :3])
    if abs(turn[3]) < 1 - 1e-9:
        node["rotation"] = turn.round(7).tolist()
    return node


def _quaternion(matrix: Matrix) -> Matrix:
    """Unit quaternion x, y, z, w of a rotation."""
    symmetric = np.array(
        [
            [matrix[0, 0] - matrix[1, 1] - matrix[2, 2], 0, 0, 0],
            [matrix[1, 0] + matrix[0, 1], matrix[1, 1] - matrix[0, 0] - matrix[2, 2], 0, 0],
            [matrix[2, 0] + matrix[0, 2], matrix[2, 1] + matrix[1, 2], matrix[2, 2] - matrix[0, 0] - matrix[1, 1], 0],
            [matrix[2, 1] - matrix[1, 2], matrix[0, 2] - matrix[2, 0], matrix[1, 0] - matrix[0, 1], np.trace(matrix)],
        ]
    )
    vector = np.linalg.eigh(symmetric / 3)[1][:, -1]
    return np.asarray(vector * np.sign(vector[3] or 1.0))
