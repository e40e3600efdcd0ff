"""Humanoid bones: which node is the head, the left upper arm and so on, in the names of VRM 1.0.

VRM files say so themselves. A plain glTF is read by the names that its joints have with Ready Player Me, Mixamo,
MakeHuman, Unreal, VRoid and Blender's Rigify.
"""

from __future__ import annotations

import re

from engine.avatar.gltf.document import Document, Object

FINGERS: tuple[str, ...] = ("Thumb", "Index", "Middle", "Ring", "Little")
_JOINTS: dict[str, tuple[str, str, str]] = {
    finger: ("Metacarpal", "Proximal", "Distal") if finger == "Thumb" else ("Proximal", "Intermediate", "Distal")
    for finger in FINGERS
}

NEEDED: tuple[str, ...] = ("head",)
ARM: tuple[str, ...] = ("UpperArm", "LowerArm", "Hand")

_SIDED: dict[str, tuple[str, ...]] = {
    "Shoulder": ("shoulder", "clavicle", "collarbone"),
    "UpperArm": ("arm", "upperarm", "uparm", "upperarm01"),
    "LowerArm": ("forearm", "lowerarm", "lowerarm01"),
    "Hand": ("hand", "wrist"),
    "Eye": ("eye", "eyeball", "faceeye"),
    "UpperLeg": ("upleg", "thigh", "upperleg", "upperleg01"),
    "LowerLeg": ("leg", "calf", "shin", "lowerleg", "lowerleg01"),
    "Foot": ("foot",),
}
_MIDDLE: dict[str, tuple[str, ...]] = {
    "hips": ("hips", "pelvis", "root"),
    "spine": ("spine", "spine1", "spine01"),
    "chest": ("chest", "spine2", "spine02", "spine03"),
    "neck": ("neck", "neck1", "neck01"),
    "head": ("head",),
    "jaw": ("jaw",),
}
_FINGER_WORDS = {"Thumb": "thumb", "Index": "index", "Middle": "middle", "Ring": "ring", "Little": "pinky|little"}

_RIGIFY = {"spine006": "head", "spine004": "neck"}
"""Rigify numbers the spine on up to the head: these are bones where no joint is called a head."""

_NUMBER = re.compile(r"[_.]\d{1,3}$")
"""What Sketchfab and Blender put behind names that they have had before."""


def from_vrm1(document: Document, vrm: Object, ignored: list[str]) -> dict[str, int]:
    """Nodes by bone, of ``VRMC_vrm``. What leads nowhere is left out and added to ``ignored``."""
    bones = (vrm.get("humanoid") or {}).get("humanBones") or {}
    found = {str(name): entry.get("node") for name, entry in bones.items() if isinstance(entry, dict)}
    return _checked(document, found, ignored)


def from_vrm0(document: Document, vrm: Object, ignored: list[str]) -> dict[str, int]:
    """The same of ``VRM``; its thumbs begin with “Proximal” where VRM 1.0 begins with “Metacarpal”."""
    bones = (vrm.get("humanoid") or {}).get("humanBones") or []
    found: dict[str, object] = {}
    for entry in bones if isinstance(bones, list) else []:
        name = str(entry.get("bone", "")) if isinstance(entry, dict) else ""
        if "Thumb" in name:
            name = name.replace("Proximal", "Metacarpal").replace("Intermediate", "Proximal")
        if name:
            found[name] = entry.get("node")
    return _checked(document, found, ignored)


def from_names(document: Document) -> dict[str, int]:
    """Nodes by bone, of joints with names in use elsewhere."""
    joints = {number for skin in document.entries("skins") for number in skin.get("joints") or []}
    names = {
        node: document.name_of(node)
        for node in range(len(document.parents))
        if node in joints or document.entry("nodes", node).get("mesh") is None
    }
    found: dict[str, int] = {}
    # A name as it stands goes before one whose number is left out.
    for read in (_bone_of, bone_named):
        for node, name in names.items():
            if bone := read(name):
                found.setdefault(bone, node)
    if "head" not in found:
        for node, name in names.items():
            if bone := _RIGIFY.get(_plain(_without_rig(name)), ""):
                found.setdefault(bone, node)
    return found


def faces_back(document: Document, found: dict[str, int]) -> bool:
    """Whether a skeleton looks towards -z: then its left side is at -x.

    Plain glTF should look towards +z (Khronos glTF 2.0 specification, section 3.4), but models that Unity's exporters
    write of VRM 0.x look the other way.
    """
    x = document.world_matrices()[:, 0, 3]
    for bone in ("UpperArm", "Shoulder", "Eye", "UpperLeg"):
        left, right = (found.get(f"{side}{bone}") for side in ("left", "right"))
        if left is not None and right is not None and x[left] != x[right]:
            return bool(x[left] < x[right])
    return False


def bone_named(name: str) -> str:
    """The bone that a joint's name stands for, whatever number is behind it, or ""."""
    return _bone_of(name) or _bone_of(_NUMBER.sub("", name.strip()))


def _without_rig(name: str) -> str:
    """A joint's name without the rig's before it, and without VRoid's C for the middle."""
    rigs = r"^(mixamorig\d*|bip\d*|j_(?:bip|adj)(?:_c(?=_))?|armature|character|def|org)[:_.\-\s]*"
    return re.sub(rigs, "", name.strip(), flags=re.IGNORECASE)


def _plain(word: str) -> str:
    return re.sub(r"[^a-z0-9]", "", word.lower())


def _bone_of(name: str) -> str:
    side, word = _side_of(_without_rig(name))
    plain = _plain(word)
    if not side:
        return next((bone for bone, words in _MIDDLE.items() if plain in words), "")
    finger = _finger_numbered(word) or _finger_named(plain)
    if finger:
        return side + finger
    return next((side + bone for bone, words in _SIDED.items() if plain in words), "")


def finger_bone(side: str, finger: int, joint: int) -> str:
    """Joint 1 to 3 of finger 1 (thumb) to 5, as VRM 1.0 names it; ``side`` is "left" or "right"."""
    name = FINGERS[finger - 1]
    return f"{side}{name}{_JOINTS[name][joint - 1]}"


def _finger_numbered(word: str) -> str:
    """MakeHuman numbers fingers from the thumb on: finger1-1."""
    match = re.fullmatch(r"finger([1-5])-([123])", word, re.IGNORECASE)
    if match is None:
        return ""
    finger = FINGERS[int(match[1]) - 1]
    return f"{finger}{_JOINTS[finger][int(match[2]) - 1]}"


def _finger_named(plain: str) -> str:
    match = re.fullmatch(r"(?:hand|f)?(thumb|index|middle|ring|pinky|little)(?:finger)?0?([123])(?:proximal)?", plain)
    if match is None:
        return ""
    finger = next(f for f, words in _FINGER_WORDS.items() if re.fullmatch(words, match[1]))
    return f"{finger}{_JOINTS[finger][int(match[2]) - 1]}"


def _side_of(word: str) -> tuple[str, str]:
    """Side ("left", "right" or "") and the rest of a name."""
    for side, letter in (("left", "l"), ("right", "r")):
        for pattern in (rf"^{side}[_.\-\s]*", rf"[_.\-\s]*{side}$", rf"^{letter}[_.\-\s]+", rf"[_.\-]+{letter}$"):
            rest, count = re.subn(pattern, "", word, flags=re.IGNORECASE)
            if count and rest:
                return side, rest
        # MakeHuman and Rigify put the side before a number: finger1-1.L, thumb.01.L.
    return "", word


def _checked(document: Document, found: dict[str, object], ignored: list[str]) -> dict[str, int]:
    """Unity's exporters write -1 for a bone that is not there; other programs open such files."""
    bones: dict[str, int] = {}
    for name, said in found.items():
        node = document.number("nodes", said)
        if node is not None:
            bones[name] = node
        else:
            ignored.append(f"the bone {name[:40]}, whose joint is not there")
    return bones
