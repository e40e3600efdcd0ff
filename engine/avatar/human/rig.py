"""The skeleton: joints, skin weights, forward kinematics of world-axis rotations."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp

from engine.avatar.errors import BodyError
from engine.avatar.human.mesh import Points
from engine.avatar.human.source import BASE_VERTICES, BaseMesh, HumanData
from engine.avatar.pose import rotation


class Rig:
    """MakeHuman's default rig, fitted to given vertices. ``weights`` is (BASE_VERTICES, bones), rows sum to 1."""

    def __init__(self, data: HumanData, base: BaseMesh, vertices: Points) -> None:
        bones, weights = data.rig_files()
        self.names = list(bones)
        self.index = {name: i for i, name in enumerate(self.names)}
        self.joint = np.array([_joint(bones[n]["head"], base, vertices) for n in self.names])
        self.parent = [self.index.get(bones[n]["parent"] or "", -1) for n in self.names]
        rows, columns, values = [], [], []
        for name, pairs in weights.items():
            if name in self.index:
                for vertex, weight in pairs:
                    rows.append(int(vertex))
                    columns.append(self.index[name])
                    values.append(float(weight))
        matrix = sp.csr_matrix((values, (rows, columns)), shape=(BASE_VERTICES, len(self.names)))
        total = np.asarray(matrix.sum(1)).ravel()
        self.weights = sp.csr_matrix(sp.diags(1 / np.where(total == 0, 1, total)) @ matrix)

    def transforms(self, rotations: dict[str, Points]) -> Points:
        """World transforms (bones, 4, 4) of bones turned by world-axis rotations about their joints."""
        result = np.zeros((len(self.names), 4, 4))
        done: set[int] = set()

        def visit(i: int) -> None:
            if i in done:
                return
            above = np.eye(4)
            if self.parent[i] >= 0:
                visit(self.parent[i])
                above = result[self.parent[i]]
            local = np.eye(4)
            if self.names[i] in rotations:
                turn = rotations[self.names[i]]
                local[:3, :3] = turn
                local[:3, 3] = self.joint[i] - turn @ self.joint[i]
            result[i] = above @ local
            done.add(i)

        for i in range(len(self.names)):
            visit(i)
        return result

    def posed(self, vertices: Points, transforms: Points) -> Points:
        """Vertices under linear blend skinning."""
        blend = (self.weights @ transforms.reshape(len(transforms), 16)).reshape(-1, 4, 4)
        blend[np.asarray(self.weights.sum(1)).ravel() < 0.5] = np.eye(4)
        return np.asarray(np.einsum("nij,nj->ni", blend[:, :3, :3], vertices) + blend[:, :3, 3])

    def move_joints(self, transforms: Points) -> None:
        """Makes a pose the new rest: every joint goes where its parent carries it."""
        carried = [transforms[p] if p >= 0 else np.eye(4) for p in self.parent]
        self.joint = np.array([m[:3, :3] @ j + m[:3, 3] for m, j in zip(carried, self.joint, strict=True)])


def arms_down() -> dict[str, Points]:
    """From MakeHuman's A-pose to arms along the body."""
    down: dict[str, Points] = {}
    for side, sign in (("L", 1), ("R", -1)):
        down[f"upperarm01.{side}"] = rotation("y", 35 * sign)
        down[f"clavicle.{side}"] = rotation("y", 4 * sign)
    return down


def _joint(end: dict[str, Any], base: BaseMesh, vertices: Points) -> Points:
    strategy = end["strategy"]
    if strategy == "CUBE":
        return np.asarray(vertices[np.unique(base.faces[str(end["cube_name"])])].mean(0))
    if strategy == "VERTEX":
        return np.asarray(vertices[end["vertex_index"]])
    if strategy == "MEAN":
        return np.asarray(vertices[end["vertex_indices"]].mean(0))
    raise BodyError(f"the rig has a joint of an unknown kind: {strategy!r}")
