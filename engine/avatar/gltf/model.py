"""A model as its file tells it: bones, expressions, gaze, springs, materials and licence, of VRM 0.x, 1.0 or glTF."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from engine.avatar.gltf import bones, licence, springs_in_file
from engine.avatar.gltf.container import open_container
from engine.avatar.gltf.document import Document, Object
from engine.avatar.gltf.licence import Licence
from engine.avatar.gltf.meshes import Targets, follows
from engine.avatar.gltf.springs_in_file import Spring

PRESETS_0: dict[str, str] = {
    "a": "aa", "i": "ih", "u": "ou", "e": "ee", "o": "oh", "blink": "blink", "blink_l": "blinkLeft",
    "blink_r": "blinkRight", "joy": "happy", "angry": "angry", "sorrow": "sad", "fun": "relaxed",
    "lookup": "lookUp", "lookdown": "lookDown", "lookleft": "lookLeft", "lookright": "lookRight",
}  # fmt: skip
"""VRM 0.x presets in the names of VRM 1.0."""

LOOKS: tuple[str, ...] = ("lookLeft", "lookRight", "lookUp", "lookDown")

LOOKED_FROM = 30.0
"""Degrees of gaze at which eyes turn as far as the file lets them; our gaze stays within."""

WIDEST_EYE = 30.0
"""Degrees that eye bones turn at the most, where the file says nothing or more."""


@dataclass(frozen=True)
class Bind:
    """One morph target's part in an expression; ``mesh`` and ``target`` are numbers, ``weight`` 0 to 1."""

    mesh: int
    target: int
    weight: float


@dataclass
class Model:
    """``expressions`` are in VRM 1.0's names or the file's own; ``morphs`` are single targets by name.

    ``faces_back`` says that the model looks towards -z (all of VRM 0.x do) and not +z. ``looks_by_expressions`` is what
    the file says of its gaze, ``eyes_turn`` whether eye bones turn the eyes all the same; ``eye_reach`` are the degrees
    that they turn inwards, outwards, down and up. ``unseen`` are nodes whose meshes only the wearer sees, as a VRM has
    them for virtual reality: arms without a head, eyes from within.
    """

    document: Document
    kind: str
    name: str
    bones: dict[str, int]
    licence: Licence
    faces_back: bool = False
    expressions: dict[str, list[Bind]] = field(default_factory=dict)
    morphs: dict[str, list[Bind]] = field(default_factory=dict)
    springs: list[Spring] = field(default_factory=list)
    eye_reach: tuple[float, float, float, float] = (WIDEST_EYE,) * 4
    looks_by_expressions: bool = False
    eyes_turn: bool = False
    unseen: frozenset[int] = frozenset()
    materials_0: list[Object] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    def acting(self) -> Targets:
        """The morph targets that expressions of the file move."""
        return frozenset((bind.mesh, bind.target) for binds in self.expressions.values() for bind in binds)


def read_model(file: Path) -> Model:
    """Reads what a model says of itself; its meshes and pictures are read later.

    Raises:
        BodyError: the file is no model, damaged, or too large.
    """
    document = Document(open_container(file))
    vrm1, vrm0 = document.extension("VRMC_vrm"), document.extension("VRM")
    says = document.json.get("extensions") or {}
    # One that is empty is a VRM all the same: what it does not allow is forbidden.
    if vrm1 or ("VRMC_vrm" in says and not vrm0):
        model = _vrm1(document, vrm1)
    elif "VRM" in says:
        model = _vrm0(document, vrm0)
    else:
        terms = licence.of_gltf(document.json.get("asset") or {})
        found = bones.from_names(document)
        model = Model(document, "glTF", file.stem, found, terms, faces_back=bones.faces_back(document, found))
    model.morphs = _morphs(document)
    if "head" not in model.bones:
        raise document.error(
            "no head bone is found in it: a host needs a skeleton; use a VRM, or name the joints as Mixamo or "
            "Ready Player Me do (“Head”, “Neck”, “LeftArm” …)"
        )
    model.eyes_turn = _eyes_turn(model)
    if document.entries("animations"):
        model.ignored.append("animations")
    return model


def _eyes_turn(model: Model) -> bool:
    """Whether there are eye bones that move something, and the file does not look by expressions that it has."""
    eyes = {model.bones[bone] for bone in ("leftEye", "rightEye") if bone in model.bones}
    if len(eyes) < 2 or (model.looks_by_expressions and any(model.expressions.get(look) for look in LOOKS)):
        return False
    for node in model.document.parents_first():
        if model.document.parents[node] in eyes:
            eyes.add(node)
    return follows(model.document, eyes, model.unseen)


def _vrm1(document: Document, vrm: Object) -> Model:
    meta = vrm.get("meta") or {}
    ignored: list[str] = []
    found = bones.from_vrm1(document, vrm, ignored)
    model = Model(document, "VRM 1.0", document.file.stem, found, licence.of_vrm1(meta), ignored=ignored)
    said = vrm.get("expressions") or {}
    for group in ("preset", "custom"):
        for name, entry in (said.get(group) or {}).items():
            if not isinstance(entry, dict):
                continue
            binds = [_bind_1(document, bind) for bind in entry.get("morphTargetBinds") or []]
            _express(model, str(name)[:80], binds)
            for key, what in (("textureTransformBinds", "moving textures"), ("materialColorBinds", "colour changes")):
                if entry.get(key):
                    model.ignored.append(f"{what} in the expression {name}")
    marked = _for_the_wearer((vrm.get("firstPerson") or {}).get("meshAnnotations"), "node", "type")
    _hide(model, {node for node, entry in enumerate(document.entries("nodes")) if "mesh" in entry and node in marked})
    look = vrm.get("lookAt") or {}
    model.looks_by_expressions = look.get("type") == "expression"
    if not model.looks_by_expressions:
        names = ("HorizontalInner", "HorizontalOuter", "VerticalDown", "VerticalUp")
        model.eye_reach = _reach([(look.get(f"rangeMap{name}") or {}).get("outputScale") for name in names])
    model.springs = springs_in_file.of_vrm1(document, ignored)
    if any(document.extension("VRMC_node_constraint", node) for node in document.entries("nodes")):
        model.ignored.append("node constraints")
    return model


def _vrm0(document: Document, vrm: Object) -> Model:
    terms = licence.of_vrm0(vrm.get("meta") or {})
    ignored: list[str] = []
    found = bones.from_vrm0(document, vrm, ignored)
    model = Model(document, "VRM 0.x", document.file.stem, found, terms, faces_back=True, ignored=ignored)
    for group in (vrm.get("blendShapeMaster") or {}).get("blendShapeGroups") or []:
        preset = str(group.get("presetName", "")).lower()
        name = PRESETS_0.get(preset) or str(group.get("name") or preset)[:80]
        binds = [
            _bind(document, b.get("mesh"), b.get("index"), float(b.get("weight", 0)) / 100)
            for b in group.get("binds") or []
        ]
        _express(model, name, binds)
        if group.get("materialValues"):
            model.ignored.append(f"material changes in the expression {name}")
    look = vrm.get("firstPerson") or {}
    marked = _for_the_wearer(look.get("meshAnnotations"), "mesh", "firstPersonFlag")
    _hide(model, {node for node, entry in enumerate(document.entries("nodes")) if entry.get("mesh") in marked})
    model.looks_by_expressions = look.get("lookAtTypeName") == "BlendShape"
    if not model.looks_by_expressions:
        names = ("HorizontalInner", "HorizontalOuter", "VerticalDown", "VerticalUp")
        model.eye_reach = _reach([(look.get(f"lookAt{name}") or {}).get("yRange") for name in names])
    model.springs = springs_in_file.of_vrm0(document, vrm, ignored)
    model.materials_0 = [m for m in vrm.get("materialProperties") or [] if isinstance(m, dict)]
    return model


def _for_the_wearer(annotations: object, key: str, flag: str) -> set[int]:
    """Numbers under ``key`` of what is marked for the wearer's own eyes alone: meshes in VRM 0.x, nodes in 1.0."""
    entries = [each for each in annotations if isinstance(each, dict)] if isinstance(annotations, list) else []
    marked = [each.get(key) for each in entries if str(each.get(flag)).lower() == "firstpersononly"]
    return {number for number in marked if isinstance(number, int)}


def _hide(model: Model, nodes: set[int]) -> None:
    """Leaves out the meshes of nodes that only the wearer sees: a viewer never does."""
    if nodes:
        model.unseen = frozenset(nodes)
        model.ignored.append("meshes that only the wearer sees")


def _express(model: Model, name: str, binds: list[Bind | None]) -> None:
    """Keeps an expression; what of it leads nowhere is left out, as programs do that open such files."""
    model.expressions[name] = [bind for bind in binds if bind is not None]
    if None in binds:
        model.ignored.append(f"morph targets that are not there in the expression {name}")


def _bind_1(document: Document, bind: Object) -> Bind | None:
    node = document.number("nodes", bind.get("node"))
    mesh = None if node is None else document.entry("nodes", node).get("mesh")
    return _bind(document, mesh, bind.get("index"), float(bind.get("weight", 1)))


def _bind(document: Document, mesh: object, target: object, weight: float) -> Bind | None:
    """None where there is no such mesh, or no such target of it."""
    if not np.isfinite(weight):
        raise document.error("damaged: an expression moves a morph target by what is no number")
    number = document.number("meshes", mesh)
    if number is None:
        return None
    primitives = document.entry("meshes", number).get("primitives") or []
    targets = max((len(p.get("targets") or []) for p in primitives), default=0)
    if not isinstance(target, int) or isinstance(target, bool) or not 0 <= target < targets:
        return None
    return Bind(number, target, weight)


def _reach(degrees: list[object]) -> tuple[float, float, float, float]:
    inner, outer, down, up = (
        min(float(d), WIDEST_EYE) if isinstance(d, int | float) and 0 < d < 360 else WIDEST_EYE for d in degrees
    )
    return inner, outer, down, up


def _morphs(document: Document) -> dict[str, list[Bind]]:
    """Morph targets by the names that exporters write beside meshes or primitives."""
    found: dict[str, list[Bind]] = {}
    for number, mesh in enumerate(document.entries("meshes")):
        first = (mesh.get("primitives") or [{}])[0]
        for holder in (mesh, first):
            extras = holder.get("extras")
            names = extras.get("targetNames") if isinstance(extras, dict) else None
            if isinstance(names, list):
                count = len(first.get("targets") or [])
                for target, name in enumerate(names[:count]):
                    found.setdefault(str(name)[:80], []).append(Bind(number, target, 1.0))
                break
    return found
