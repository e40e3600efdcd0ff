"""Spring bones as VRM 0.x and VRM 1.0 write them: chains of joints that swing, and what they may not enter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.avatar.gltf.document import Document, Matrix, Object

MOST_JOINTS = 512
"""Of all chains together; what is beyond is left still."""

_NO_JOINT = "springs of joints that are not there"
_NO_HOLDER = "colliders of joints that are not there"


@dataclass(frozen=True)
class Collider:
    """A ball, or a capsule from ``offset`` to ``tail`` (both in the node's space, metres)."""

    node: int
    offset: Matrix
    tail: Matrix
    radius: float


@dataclass(frozen=True)
class SpringJoint:
    """One joint of a chain, in the terms of VRMC_springBone 1.0; ``gravity`` is a direction times its power."""

    node: int
    stiffness: float
    drag: float
    gravity: Matrix
    radius: float


@dataclass(frozen=True)
class Spring:
    """A chain of joints, root first; the last one only says where the one before ends, but where it has a ``leaf``:
    then it swings too, and reaches on in the direction from the joint above it.

    Where strands fork, each is a chain of its own from the root on: what they share is in all of them.
    """

    joints: tuple[SpringJoint, ...]
    colliders: tuple[Collider, ...]
    leaf: bool = False


def of_vrm1(document: Document, ignored: list[str]) -> list[Spring]:
    """The chains of ``VRMC_springBone``; joints and colliders that lead nowhere are left out, told in ``ignored``."""
    said = document.extension("VRMC_springBone")
    colliders = [_collider_1(document, c, ignored) for c in said.get("colliders") or []]
    groups = said.get("colliderGroups") or []
    found, total = [], 0
    for spring in said.get("springs") or []:
        joints = tuple(joint for each in spring.get("joints") or [] if (joint := _joint_1(document, each, ignored)))
        total += len(joints)
        if len(joints) < 2 or total > MOST_JOINTS:
            continue
        chosen: list[Collider] = []
        for group in spring.get("colliderGroups") or []:
            members = groups[group].get("colliders") or [] if _inside(group, groups) else []
            chosen += [c for i in members if _inside(i, colliders) and (c := colliders[i]) is not None]
        found.append(Spring(joints, tuple(chosen)))
    return found


def of_vrm0(document: Document, vrm: Object, ignored: list[str]) -> list[Spring]:
    """The chains of ``VRM.secondaryAnimation``: every path from a root bone down to a leaf.

    Unity's exporters write -1 for bones and colliders that are not there: they are left out and told in ``ignored``.
    """
    said = vrm.get("secondaryAnimation") or {}
    groups = said.get("colliderGroups") or []
    found: list[Spring] = []
    total = 0
    for group in said.get("boneGroups") or []:
        colliders: list[Collider] = []
        for number in group.get("colliderGroups") or []:
            colliders += _colliders_0(document, groups[number], ignored) if _inside(number, groups) else []
        gravity = _vector(group.get("gravityDir"), (0, -1, 0)) * _number(group.get("gravityPower"), 0)
        for root in group.get("bones") or []:
            top = document.number("nodes", root)
            if top is None:
                ignored.append(_NO_JOINT)
                continue
            for path in _paths(document, top):
                total += len(path)
                if total <= MOST_JOINTS:
                    joints = [
                        SpringJoint(
                            node,
                            _number(group.get("stiffiness"), 1),
                            _number(group.get("dragForce"), 0.4),
                            gravity,
                            _number(group.get("hitRadius"), 0.02),
                        )
                        for node in path
                    ]
                    found.append(Spring(tuple(joints), tuple(colliders), leaf=True))
    return found


def _joint_1(document: Document, joint: Object, ignored: list[str]) -> SpringJoint | None:
    node = document.number("nodes", joint.get("node"))
    if node is None:
        ignored.append(_NO_JOINT)
        return None
    gravity = np.asarray(joint.get("gravityDir") or (0, -1, 0), np.float64) * _number(joint.get("gravityPower"), 0)
    return SpringJoint(
        node,
        _number(joint.get("stiffness"), 1),
        _number(joint.get("dragForce"), 0.5),
        gravity if gravity.shape == (3,) else np.zeros(3),
        _number(joint.get("hitRadius"), 0),
    )


def _collider_1(document: Document, collider: Object, ignored: list[str]) -> Collider | None:
    node = document.number("nodes", collider.get("node"))
    if node is None:
        ignored.append(_NO_HOLDER)
        return None
    shape = collider.get("shape") or {}
    round_one = shape.get("sphere") or shape.get("capsule")
    if not isinstance(round_one, dict):
        return None
    offset = np.asarray(round_one.get("offset") or (0, 0, 0), np.float64)
    tail = np.asarray(round_one.get("tail") or offset, np.float64)
    if offset.shape != (3,) or tail.shape != (3,):
        raise document.error("damaged: a spring's collider needs three numbers for its place")
    return Collider(node, offset, tail, _number(round_one.get("radius"), 0))


def _colliders_0(document: Document, group: Object, ignored: list[str]) -> list[Collider]:
    """VRM 0.x writes offsets in Unity's space, whose z is opposite."""
    node = document.number("nodes", group.get("node"))
    if node is None:
        ignored.append(_NO_HOLDER)
        return []
    found = []
    for collider in group.get("colliders") or []:
        offset = _vector(collider.get("offset"), (0, 0, 0)) * [1, 1, -1]
        found.append(Collider(node, offset, offset, _number(collider.get("radius"), 0)))
    return found


def _paths(document: Document, root: int) -> list[list[int]]:
    """Every way from a node down to a node without children, those of first children first."""
    paths: list[list[int]] = []
    open_ends = [[root]]
    while open_ends and len(paths) < MOST_JOINTS:
        path = open_ends.pop()
        below = document.entry("nodes", path[-1]).get("children") or []
        open_ends += [[*path, child] for child in reversed(below)]
        if not below:
            paths.append(path)
    return paths


def _inside(number: object, entries: list[object] | list[Object] | list[Collider | None]) -> bool:
    return isinstance(number, int) and 0 <= number < len(entries)


def _vector(value: object, default: tuple[float, float, float]) -> Matrix:
    if not isinstance(value, dict):
        return np.asarray(default, np.float64)
    return np.array([_number(value.get(axis), 0) for axis in "xyz"])


def _number(value: object, default: float) -> float:
    return float(value) if isinstance(value, int | float) and abs(value) < 1e6 else default
