"""A model's triangles: every primitive with its vertices' bones, in the file's own space and bind pose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.avatar.gltf.document import Document, Matrix, Object
from engine.avatar.gltf.texture_info import base_picture, lie_of

Floats32 = NDArray[np.float32]

MOST_TRIANGLES = 400_000
MOST_OFFSETS = 20_000_000
"""Morph targets, and face curves made of them, times the vertices that they move. One takes about 140 bytes at the
height of an import; a file of the largest size that writes them all out has about as many.
"""

MOST_BONES_A_VERTEX = 4

LEAST_WEIGHT, MOST_WEIGHT = 1e-4, 100.0
"""Of a morph target at rest: less counts as none, and so does more."""

LEAST_SHARE = 0.01
"""Of a joint in moving a vertex that is said to follow it."""

Targets = frozenset[tuple[int, int]]
"""Morph targets as pairs of mesh and target."""

_TRIANGLES, _STRIP, _FAN = 4, 5, 6


@dataclass
class Primitive:
    """Vertices (n) of one material. ``nodes`` (n, 4) are joints by node number, ``weights`` (n, 4) sum to 1.

    ``binds`` maps a joint's node to its inverse bind matrix: a vertex is where the sum of weight * world * bind takes
    it. ``targets`` are morph targets by number: position and normal offsets (n, 6). ``uv`` (n, 2) are the coordinates
    that the material's base picture lies on.
    """

    mesh: int
    node: int
    name: str
    material: int
    position: Matrix
    normal: Matrix
    uv: Floats32
    colour: Floats32
    triangles: NDArray[np.int64]
    nodes: NDArray[np.int64]
    weights: Matrix
    binds: dict[int, Matrix]
    targets: dict[int, Floats32] = field(default_factory=dict)

    def skinned(self, world: Matrix) -> Matrix:
        """Each vertex's transform (n, 3, 4) under the nodes' world matrices (nodes, 4, 4)."""
        used = np.unique(self.nodes)
        place = np.zeros(int(used.max()) + 1, np.int64)
        place[used] = np.arange(len(used))
        moves = np.stack([(world[n] @ self.binds.get(int(n), np.eye(4)))[:3] for n in used])
        result = np.zeros((len(self.position), 3, 4))
        for column in range(MOST_BONES_A_VERTEX):
            result += self.weights[:, column, None, None] * moves[place[self.nodes[:, column]]]
        return result


@dataclass
class _Tally:
    """What has been read of a model so far, held against what one may have before more of it is read."""

    document: Document
    triangles: int = 0
    offsets: int = 0

    def add_triangles(self, count: int) -> None:
        """Raises BodyError where there are too many."""
        self.triangles += count
        if self.triangles > MOST_TRIANGLES:
            raise self.document.error(f"it has more than {MOST_TRIANGLES:,} triangles; reduce it before exporting")

    def add_offsets(self, count: int) -> None:
        """Raises BodyError where there are too many."""
        self.offsets += count
        refuse_more_offsets(self.document, self.offsets)


def refuse_more_offsets(document: Document, count: int) -> None:
    """Raises BodyError where there are more than ``MOST_OFFSETS``."""
    if count > MOST_OFFSETS:
        raise document.error(
            f"its morph targets move more than {MOST_OFFSETS:,} vertices together; give it fewer vertices or targets"
        )


def read_primitives(
    document: Document, wanted: Targets, acting: Targets = frozenset(), unseen: frozenset[int] = frozenset()
) -> list[Primitive]:
    """All triangles of the document's scene, with the morph targets wanted, but not those of nodes ``unseen``.

    They have the shape that the file's own weights of morph targets give them; those ``acting`` rest at 0, whatever
    the file says, since expressions set them. Raises BodyError where there are no triangles, too many, or broken ones.
    """
    tally = _Tally(document)
    found: list[Primitive] = []
    for node, mesh, name, said in _drawn(document, unseen):
        made = _primitive(document, node, mesh, name, said, wanted, acting, tally)
        if made is not None:
            found.append(made)
    if not found:
        raise document.error("it has no triangles to draw")
    return found


def _drawn(document: Document, unseen: frozenset[int]) -> Iterator[tuple[int, int, str, Object]]:
    """Node, mesh, name and JSON of each primitive in the scene."""
    for node in _drawn_nodes(document):
        mesh_number = document.entry("nodes", node).get("mesh")
        if mesh_number is None or node in unseen:
            continue
        mesh = document.entry("meshes", mesh_number)
        name = str(mesh.get("name") or document.name_of(node) or f"mesh {mesh_number}")[:60]
        for number, said in enumerate(mesh.get("primitives") or []):
            yield node, int(mesh_number), f"{name}#{number}", said


def _drawn_nodes(document: Document) -> list[int]:
    """The nodes of the scene that is shown, or all where no scene is named."""
    scenes = document.entries("scenes")
    if not scenes:
        return list(range(len(document.parents)))
    order = list(document.entry("scenes", document.json.get("scene", 0)).get("nodes") or [])
    seen: set[int] = set()
    for node in order:
        children = document.entry("nodes", node).get("children") or []
        order += [c for c in children if c not in seen]
        seen.update(children)
    return order


def follows(document: Document, nodes: set[int], unseen: frozenset[int] = frozenset()) -> bool:
    """Whether a vertex that is drawn is moved by one of these nodes; the meshes of nodes ``unseen`` are not."""
    tally = _Tally(document)
    for node, _, name, said in _drawn(document, unseen):
        count, triangles = _triangles(document, said, name)
        tally.add_triangles(len(triangles))
        if not len(triangles):
            continue
        used = np.unique(triangles)
        bones, weights, _ = _bones(document, node, said.get("attributes") or {}, used, count, name)
        if (np.isin(bones, list(nodes)) & (weights > LEAST_SHARE)).any():
            return True
    return False


def _primitive(
    document: Document,
    node: int,
    mesh: int,
    name: str,
    said: Object,
    wanted: Targets,
    acting: Targets,
    tally: _Tally,
) -> Primitive | None:
    attributes = said.get("attributes") or {}
    count, triangles = _triangles(document, said, name)
    tally.add_triangles(len(triangles))
    if not len(triangles):
        return None
    used, corners = np.unique(triangles, return_inverse=True)
    triangles = corners.reshape(-1, 3).astype(np.int64)
    place = _floats(document, attributes.get("POSITION"), 3, f"the positions of {name}")[used].astype(np.float64)

    def column(key: str, width: int, default: tuple[float, ...], *, finite: bool = True) -> Floats32:
        if key not in attributes:
            return np.tile(np.asarray(default, np.float32), (len(used), 1))
        values = _floats(document, attributes[key], 0, f"{key} of {name}", finite=finite)
        if len(values) != count:
            raise document.error(f"damaged: {key} of {name} has {len(values)} values for {count} vertices")
        return _widened(values[used], width)

    normal = column("NORMAL", 3, (np.nan,) * 3, finite=False).astype(np.float64)
    nodes, weights, binds = _bones(document, node, attributes, used, count, name)
    material = said.get("material", -1)
    entry = document.entry("materials", material) if material != -1 else {}
    coordinates = lie_of(document, base_picture(document, entry)).number
    made = Primitive(
        mesh, node, name, int(material), place, normal, column(f"TEXCOORD_{coordinates}", 2, (0, 0)),
        column("COLOR_0", 4, (1, 1, 1, 1)), triangles, nodes, weights, binds,
    )  # fmt: skip
    resting = _resting(document, node, mesh, acting)
    for number, offsets in _targets(document, said, used, count, name, frozenset(resting)):
        tally.add_offsets(len(used))
        made.position += resting[number] * offsets[:, :3]
        made.normal += resting[number] * offsets[:, 3:]
    _mend_normals(made)
    numbers = frozenset(target for of, target in wanted if of == mesh)
    for number, offsets in _targets(document, said, used, count, name, numbers):
        tally.add_offsets(len(used))
        made.targets[number] = offsets
    return made


def _resting(document: Document, node: int, mesh: int, acting: Targets) -> dict[int, float]:
    """Weights of morph targets at rest: the node's, or else the mesh's."""
    said = document.entry("nodes", node).get("weights", document.entry("meshes", mesh).get("weights"))
    weights = enumerate(float(weight) for weight in said or [])
    return {n: w for n, w in weights if LEAST_WEIGHT < abs(w) < MOST_WEIGHT and (mesh, n) not in acting}


def _mend_normals(made: Primitive) -> None:
    """Works out normals where the file has none, or what is no direction."""
    length = np.linalg.norm(made.normal, axis=1)
    bad = ~((length > 1e-6) & (length < np.inf))
    if bad.any():
        made.normal[bad] = _normals(made.position, made.triangles)[bad]


def _bones(
    document: Document, node: int, attributes: Object, used: NDArray[np.int64], count: int, name: str
) -> tuple[NDArray[np.int64], Matrix, dict[int, Matrix]]:
    skin_number = document.entry("nodes", node).get("skin")
    if skin_number is None or "JOINTS_0" not in attributes:
        nodes = np.full((len(used), MOST_BONES_A_VERTEX), node, np.int64)
        weights = np.zeros((len(used), MOST_BONES_A_VERTEX))
        weights[:, 0] = 1
        return nodes, weights, {}
    skin = document.entry("skins", skin_number)
    joints = np.array([int(j) for j in skin.get("joints") or []], np.int64)
    for joint in joints:
        document.entry("nodes", int(joint))
    inverse = np.tile(np.eye(4), (len(joints), 1, 1))
    if "inverseBindMatrices" in skin:
        read = _floats(document, skin["inverseBindMatrices"], 16, f"the bind matrices of skin {skin_number}")
        if len(read) < len(joints):
            raise document.error(f"damaged: skin {skin_number} has {len(read)} bind matrices for {len(joints)} joints")
        inverse = read[: len(joints)].reshape(-1, 4, 4).transpose(0, 2, 1).astype(np.float64)
    sets = [(f"JOINTS_{i}", f"WEIGHTS_{i}") for i in range(4) if f"JOINTS_{i}" in attributes]
    numbers = np.concatenate([_of_used(document, attributes[j], used, count, name) for j, _ in sets], 1)
    numbers = numbers.astype(np.int64)
    shares = np.concatenate([_of_used(document, attributes.get(w), used, count, name) for _, w in sets], 1)
    shares = np.maximum(shares, 0).astype(np.float64)
    if numbers.shape != shares.shape:
        raise document.error(f"damaged: {name} has {numbers.shape[1]} bones a vertex and {shares.shape[1]} weights")
    if numbers.size and int(numbers[shares > 0].max(initial=0)) >= len(joints):
        raise document.error(f"damaged: {name} follows joint {int(numbers.max())} of {len(joints)}")
    best = np.argsort(-shares, 1, kind="stable")[:, :MOST_BONES_A_VERTEX]
    weights = np.take_along_axis(shares, best, 1)
    total = weights.sum(1, keepdims=True)
    weights = np.where(total > 1e-6, weights / np.maximum(total, 1e-6), [1.0, 0, 0, 0])
    chosen = np.minimum(np.take_along_axis(numbers, best, 1), len(joints) - 1)
    return joints[chosen], weights, {int(j): inverse[i] for i, j in enumerate(joints)}


def _of_used(document: Document, number: Any, used: NDArray[np.int64], count: int, name: str) -> NDArray[Any]:
    """Bones or weights of the vertices used, up to four each."""
    values = document.accessor(number)
    if len(values) != count:
        raise document.error(f"damaged: {name} has bones for {len(values)} of its {count} vertices")
    return values[used, :4]


def _targets(
    document: Document, said: Object, used: NDArray[np.int64], count: int, name: str, numbers: frozenset[int]
) -> Iterator[tuple[int, Floats32]]:
    """Morph targets with their offsets of the vertices used (n, 6), one after the other: all at once are too many."""
    for number, target in enumerate(said.get("targets") or []):
        if number not in numbers:
            continue
        offsets = np.zeros((len(used), 6), np.float32)
        for key, columns in (("POSITION", slice(0, 3)), ("NORMAL", slice(3, 6))):
            if key in target:
                values = _floats(document, target[key], 3, f"morph target {number} of {name}")
                if len(values) != count:
                    raise document.error(
                        f"damaged: morph target {number} of {name} has {len(values)} of {count} values"
                    )
                offsets[:, columns] = values[used]
        yield number, offsets


def _triangles(document: Document, said: Object, name: str) -> tuple[int, NDArray[np.int64]]:
    """How many vertices a primitive has, and the triangles (n, 3) that it draws of them; none of points and lines."""
    mode = said.get("mode", _TRIANGLES)
    if mode not in (_TRIANGLES, _STRIP, _FAN):
        return 0, np.zeros((0, 3), np.int64)
    position = document.entry("accessors", (said.get("attributes") or {}).get("POSITION"))
    count = document.count(position.get("count"), f"the positions of {name}")
    if "indices" in said:
        values = document.accessor(said["indices"])
        if values.dtype.kind not in "u" or values.shape[1] != 1:
            raise document.error(f"damaged: the indices of {name} are no whole numbers")
        order = values[:, 0].astype(np.int64)
    else:
        order = np.arange(count)
    if len(order) and int(order.max()) >= count:
        raise document.error(f"damaged: {name} draws vertex {int(order.max())} of {count}")
    if mode == _TRIANGLES:
        found = order[: len(order) // 3 * 3].reshape(-1, 3)
    elif len(order) < 3:
        found = np.zeros((0, 3), np.int64)
    elif mode == _FAN:
        found = np.stack([np.full(len(order) - 2, order[0]), order[1:-1], order[2:]], 1)
    else:
        found = np.stack([order[:-2], order[1:-1], order[2:]], 1)
        found[1::2] = found[1::2, [1, 0, 2]]
    a, b, c = found.T
    return count, found[(a != b) & (b != c) & (a != c)]


def _floats(document: Document, number: Any, width: int, where: str, *, finite: bool = True) -> Floats32:
    values = document.accessor(number, finite=finite)
    if width and values.shape[1] != width:
        raise document.error(f"damaged: {where} have {values.shape[1]} numbers each, not {width}")
    return values.astype(np.float32, copy=False)


def _widened(values: Floats32, width: int) -> Floats32:
    """Colours may come without alpha."""
    if values.shape[1] >= width:
        return values[:, :width]
    return np.concatenate([values, np.ones((len(values), width - values.shape[1]), np.float32)], 1)


def _normals(position: Matrix, triangles: NDArray[np.int64]) -> Matrix:
    a, b, c = (position[triangles[:, k]] for k in range(3))
    face = np.cross(b - a, c - a)
    normal = np.zeros_like(position)
    for corner in range(3):
        np.add.at(normal, triangles[:, corner], face)
    return np.asarray(normal / np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12))
