"""Spring bones of a model as chains of our own, and which of its joints follow which bone of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.avatar.body_file import Chain
from engine.avatar.gltf.document import Matrix
from engine.avatar.gltf.figure import Figure
from engine.avatar.gltf.meshes import Primitive
from engine.avatar.gltf.model import Model
from engine.avatar.gltf.posture import Posture
from engine.avatar.gltf.springs_in_file import Collider, Spring
from engine.avatar.springs import MOST_BONES

BELOW_EYES = 0.55
"""Metres below the eyes from which on chains that hang on the torso are out of every picture, and left still."""

_BUST = re.compile(r"bust|breast|mune|胸", re.IGNORECASE)
"""Names of joints that are left still: a host that sells does not need them."""

LEAF = 0.07
"""Metres that VRM 0.x lets a chain's last bone reach beyond its joint."""


@dataclass
class SpringMap:
    """``bone`` (nodes,) is the number of the spring bone that a node follows, or -1; ``still`` chains are left out."""

    chains: tuple[Chain, ...]
    bone: NDArray[np.int64]
    still: int

    def weights(self, primitive: Primitive) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Spring bones of each vertex (n, 4) and their weights (n, 4)."""
        number = self.bone[primitive.nodes]
        weights = np.where(number >= 0, primitive.weights, 0)
        return np.maximum(number, 0).astype(np.float32), weights.astype(np.float32)


def spring_map(model: Model, posture: Posture, figure: Figure) -> SpringMap:
    """The chains that can be seen, those of the head first, up to what the shader holds."""
    order = sorted(model.springs, key=lambda spring: posture.neck[spring.joints[0].node] < 0)
    bone = np.full(len(model.document.parents), -1, np.int64)
    chains: list[Chain] = []
    total, still = 0, 0
    for spring in order:
        nodes = [joint.node for joint in spring.joints]
        root = int(posture.neck[nodes[0]])
        places = np.array([figure.place(posture, node) for node in nodes])
        if spring.leaf:
            above = nodes[-2] if len(nodes) > 1 else model.document.parents[nodes[0]]
            places = _with_leaf(places, figure.place(posture, above) if above >= 0 else places[-1])
        low = root < 0 and places[0, 2] < figure.eye_height - BELOW_EYES
        elsewhere = posture.arm[nodes[0]] >= 0 or any(_BUST.search(model.document.name_of(node)) for node in nodes)
        known = all(bone[node] >= 0 for node in nodes)
        if low or elsewhere or known or total + len(places) - 1 > MOST_BONES:
            still += 1
            continue
        chains.append(_chain(model, posture, figure, spring, places, root))
        # What strands share follows the first of them; in the others it swings alike, and carries what is below.
        for level, node in enumerate(nodes):
            if bone[node] < 0:
                bone[node] = total + min(level, len(places) - 2)
        total += len(places) - 1
    for node in model.document.parents_first():
        parent = model.document.parents[node]
        if bone[node] < 0 and parent >= 0:
            bone[node] = bone[parent]
    return SpringMap(tuple(chains), bone, still)


def _with_leaf(places: Matrix, above: Matrix) -> Matrix:
    away = places[-1] - above
    return np.concatenate([places, [places[-1] + away / max(float(np.linalg.norm(away)), 1e-9) * LEAF]])


def _chain(model: Model, posture: Posture, figure: Figure, spring: Spring, places: Matrix, root: int) -> Chain:
    bones = len(places) - 1
    joints = [spring.joints[min(i, len(spring.joints) - 1)] for i in range(bones)]
    gravity = np.array([posture.turn @ joint.gravity for joint in joints]) * figure.scale
    return Chain(
        root=root,
        joints=places.astype(np.float32),
        stiffness=np.array([max(j.stiffness, 0) * figure.scale for j in joints], np.float32),
        drag=np.clip([j.drag for j in joints], 0, 1).astype(np.float32),
        gravity=gravity.astype(np.float32),
        radius=np.array([max(j.radius, 0) * figure.scale for j in joints], np.float32),
        colliders=np.array([_ball(posture, figure, c) for c in spring.colliders], np.float32).reshape(-1, 8),
    )


def _ball(posture: Posture, figure: Figure, collider: Collider) -> list[float]:
    world = posture.world[collider.node]
    ends = [
        posture.turn @ (world[:3, :3] @ end + world[:3, 3]) * figure.scale + figure.shift
        for end in (collider.offset, collider.tail)
    ]
    return [*ends[0], *ends[1], collider.radius * figure.scale, float(posture.neck[collider.node])]
