"""A model's skeleton standing as our hosts stand: arms hanging, and each joint given to the bones that our bodies have.

Our bodies turn their head by three neck bones and the head, bend arms and fingers by MakeHuman's bones, and keep the
torso still. A model has fewer bones, or others; here each of its joints is counted for one of ours.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.avatar.arms import SIDES
from engine.avatar.gltf.bones import ARM, finger_bone
from engine.avatar.gltf.document import Document, Matrix
from engine.avatar.gltf.model import Model
from engine.avatar.pose import ARM_BONES

HANGING: dict[str, tuple[float, float, float]] = {"UpperArm": (0.055, -0.04, -1.0), "LowerArm": (0.06, -0.64, -0.77)}
"""Which way a left arm at rest points, from shoulder and from elbow, in our axes: as our hosts' arms do."""

FORWARD_TO_OURS = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])
BACKWARD_TO_OURS = np.array([[-1.0, 0, 0], [0, 0, 1], [0, 1, 0]])
"""glTF's axes to ours (x to the host's left, -y forward, z up), of a model that looks along +z or -z."""

HAND_SHARE = 0.38
"""A hand's palm in lengths of the forearm, where a model has no fingers."""

_FAN = (0.35, 0.14, 0.03, -0.08, -0.18)
"""Of a hand without fingers: where each finger begins across the palm, in lengths of the palm, the thumb first."""

_ARM_INDEX = {bone: i for i, bone in enumerate(ARM_BONES)}

TORSO = -1

LEAST_ARM = 1e-4
"""Of the skeleton's extent: an arm whose joints lie nearer together is a dummy, which VRM demands of armless models."""


@dataclass
class Posture:
    """``world`` (nodes, 4, 4) are the nodes at rest with arms hanging, in the file's space; ``turn`` (3, 3) goes to our
    axes. By node: ``neck`` 0 to 3 of our neck chain, ``arm`` the number in ``ARM_BONES``, ``side`` 0 or 1 of that arm;
    -1 where it is none. A joint with an ``end`` passes part of its arm on to the next of our bones, from ``begin`` to
    ``end`` (nodes).
    """

    world: Matrix
    turn: Matrix
    neck: NDArray[np.int64]
    arm: NDArray[np.int64]
    side: NDArray[np.int64]
    begin: NDArray[np.int64]
    end: NDArray[np.int64]
    neck_nodes: list[int]
    has_arms: bool

    def place(self, node: int) -> Matrix:
        """Where a node is at rest, in our axes and the file's unit."""
        return np.asarray(self.turn @ self.world[node, :3, 3])


def stand(model: Model) -> Posture:
    """The skeleton with its arms hanging, and its joints given to our bones."""
    turn = BACKWARD_TO_OURS if model.faces_back else FORWARD_TO_OURS
    document, bones = model.document, model.bones
    has_arms = all(f"{side}{bone}" in bones for side in SIDES for bone in ARM)
    has_arms = has_arms and _arms_hang(document, bones) and _arms_apart(document, bones)
    world = _arms_down(document, bones, turn) if has_arms else document.world_matrices()
    count = len(document.parents)
    neck, arm, side, begin, end = given = np.full((5, count), -1, np.int64)
    chain = _neck_chain(document, bones)
    for node, number in chain.items():
        neck[node] = number
    by_number = [next((n for n, i in chain.items() if i >= number), bones["head"]) for number in range(4)]
    if has_arms:
        for which, name in enumerate(SIDES):
            for node, bone in _arm_nodes(document, bones, name).items():
                arm[node], side[node] = _ARM_INDEX[bone], which
            for joint, below in (("UpperArm", "LowerArm"), ("LowerArm", "Hand")):
                if document.parents[bones[name + below]] == bones[name + joint]:
                    begin[bones[name + joint]], end[bones[name + joint]] = bones[name + joint], bones[name + below]
    own = (neck >= 0) | (arm >= 0)
    for node in document.parents_first():
        parent = document.parents[node]
        if not own[node] and parent >= 0:
            given[:, node] = given[:, parent]
    return Posture(world, turn, neck, arm, side, begin, end, by_number, has_arms)


def _arms_hang(document: Document, bones: dict[str, int]) -> bool:
    """Whether each forearm hangs on its upper arm and each hand on its forearm: one that does not stays behind when the
    arm turns.
    """
    pairs = [(bones[side + a], bones[side + b]) for side in SIDES for a, b in itertools.pairwise(ARM)]
    return all(upper in _above(document, lower) for upper, lower in pairs)


def _above(document: Document, node: int) -> list[int]:
    """The nodes that a node hangs on, the nearest first."""
    found: list[int] = []
    while document.parents[node] >= 0:
        node = document.parents[node]
        found.append(node)
    return found


def _arms_apart(document: Document, bones: dict[str, int]) -> bool:
    """Whether shoulder, elbow and wrist lie in different places on both sides."""
    place = document.world_matrices()[:, :3, 3]
    least = LEAST_ARM * float(np.ptp(place[list(bones.values())], axis=0).max())
    pairs = [(bones[side + a], bones[side + b]) for side in SIDES for a, b in itertools.pairwise(ARM)]
    return all(float(np.linalg.norm(place[a] - place[b])) > least for a, b in pairs)


def arm_joints(model: Model, posture: Posture) -> Matrix:
    """Where our arms' bones begin (2, bones, 3), in our axes and the file's unit; fingers are made up where missing."""
    joints = np.zeros((2, len(ARM_BONES), 3))
    for which, side in enumerate(SIDES):
        at = {bone: posture.place(model.bones[side + bone]) for bone in ARM}
        inner = {
            ARM_BONES[posture.arm[n]]: posture.place(n)
            for n in range(len(posture.arm))
            if posture.side[n] == which and ARM_BONES[posture.arm[n]] in ("upperarm02", "lowerarm02")
        }
        own = {
            "upperarm01": at["UpperArm"],
            "upperarm02": inner.get("upperarm02", at["UpperArm"] + 0.35 * (at["LowerArm"] - at["UpperArm"])),
            "lowerarm01": at["LowerArm"],
            "lowerarm02": inner.get("lowerarm02", at["LowerArm"] + 0.5 * (at["Hand"] - at["LowerArm"])),
            "wrist": at["Hand"],
        }
        own |= _fingers(model, posture, side, at)
        for finger in range(2, 6):
            own[f"metacarpal{finger - 1}"] = 0.7 * own["wrist"] + 0.3 * own[f"finger{finger}-1"]
        for bone, place in own.items():
            joints[which, _ARM_INDEX[bone]] = place
    return joints


def _fingers(model: Model, posture: Posture, side: str, at: dict[str, Matrix]) -> dict[str, Matrix]:
    along = at["Hand"] - at["LowerArm"]
    length = float(np.linalg.norm(along)) * HAND_SHARE
    along = along / max(float(np.linalg.norm(along)), 1e-9)
    # Hanging palms look at the thighs, so the thumb's side is the front.
    front = np.array([0.0, -1.0, 0.0])
    across = front - along * (front @ along)
    across /= max(float(np.linalg.norm(across)), 1e-9)
    found: dict[str, Matrix] = {}
    for finger in range(1, 6):
        nodes = [model.bones.get(finger_bone(side, finger, joint)) for joint in (1, 2, 3)]
        begin = at["Hand"] + length * ((0.35 if finger == 1 else 1.0) * along + _FAN[finger - 1] * across)
        step = length * 0.38 * (along + (0.6 * across if finger == 1 else 0))
        for joint, node in enumerate(nodes, 1):
            place = posture.place(node) if node is not None else begin
            found[f"finger{finger}-{joint}"] = place
            begin = place + step
    return found


def _arms_down(document: Document, bones: dict[str, int], turn: Matrix) -> Matrix:
    """World matrices with both arms turned, by the smallest rotation, to hang."""
    world = document.world_matrices()
    local: dict[int, Matrix] = {}
    for side, mirror in zip(SIDES, (1.0, -1.0), strict=True):
        for bone, below in (("UpperArm", "LowerArm"), ("LowerArm", "Hand")):
            node = bones[side + bone]
            now = world[bones[side + below], :3, 3] - world[node, :3, 3]
            wanted = turn.T @ (np.array(HANGING[bone]) * [mirror, 1, 1])
            rotation = from_to(now, wanted)
            moved = world[node].copy()
            moved[:3, :3] = rotation @ moved[:3, :3]
            parent = document.parents[node]
            above = world[parent] if parent >= 0 else np.eye(4)
            local[node] = np.linalg.pinv(above) @ moved
            world = document.world_matrices(local)
    return world


def from_to(before: Matrix, after: Matrix) -> Matrix:
    """Smallest rotation (3, 3) that takes one direction to another."""
    a = before / max(float(np.linalg.norm(before)), 1e-12)
    b = after / max(float(np.linalg.norm(after)), 1e-12)
    x, y, z = np.cross(a, b)
    skew = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.asarray(np.eye(3) + skew + skew @ skew / max(1 + float(a @ b), 1e-6))


def _neck_chain(document: Document, bones: dict[str, int]) -> dict[int, int]:
    """Numbers in our neck chain of the model's neck, what is between, and the head; the order is from below."""
    head = bones["head"]
    path: list[int] = []
    at = document.parents[head]
    if "neck" in bones and bones["neck"] != head:
        while at >= 0:
            path.insert(0, at)
            if at == bones["neck"]:
                break
            at = document.parents[at]
        else:
            path = []
    shares: dict[int, list[int]] = {0: [], 1: [2], 2: [1, 2]}
    numbers = shares.get(len(path), [0, 1, *[2] * (len(path) - 2)])
    return {**dict(zip(path, numbers, strict=True)), head: 3}


def _arm_nodes(document: Document, bones: dict[str, int], side: str) -> dict[int, str]:
    """Our bone for each of the model's arm joints: its own, and the first that lies between two of them."""
    found = {bones[f"{side}UpperArm"]: "upperarm01", bones[f"{side}LowerArm"]: "lowerarm01"}
    found[bones[f"{side}Hand"]] = "wrist"
    for upper, lower, name in (("UpperArm", "LowerArm", "upperarm02"), ("LowerArm", "Hand", "lowerarm02")):
        above = _above(document, bones[side + lower])
        if bones[side + upper] in above:
            found |= dict.fromkeys(above[: above.index(bones[side + upper])], name)
    for finger in range(1, 6):
        for joint in (1, 2, 3):
            node = bones.get(finger_bone(side, finger, joint))
            if node is not None:
                found[node] = f"finger{finger}-{joint}"
    return found
