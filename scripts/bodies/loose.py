"""A host as a plain glTF in a package: no VRM in it, Mixamo's joint names, ARKit's morph targets, files beside it."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

from engine.avatar.gltf.container import open_container

FINGERS = {"Thumb": "Thumb", "Index": "Index", "Middle": "Middle", "Ring": "Ring", "Little": "Pinky"}
JOINTS = {"Metacarpal": 1, "Proximal": 1, "Intermediate": 2, "Distal": 3}
NAMES = {
    "hips": "Hips", "spine": "Spine", "chest": "Spine1", "neck": "Neck", "head": "Head",
    **{f"{side.lower()}{ours}": f"{side}{theirs}" for side in ("Left", "Right") for ours, theirs in (
        ("UpperArm", "Arm"), ("LowerArm", "ForeArm"), ("Hand", "Hand"), ("Eye", "Eye"), ("UpperLeg", "UpLeg"),
        ("LowerLeg", "Leg"), ("Foot", "Foot"))},
}  # fmt: skip
"""VRM's bones in Mixamo's names."""


def write_loose(vrm: Path, file: Path) -> None:
    """Writes a VRM 1.0 export as ``model.gltf`` with ``model.bin`` in a zip, without what only VRM knows."""
    container = open_container(vrm)
    document: dict[str, Any] = json.loads(json.dumps(container.json))
    bones = document["extensions"]["VRMC_vrm"]["humanoid"]["humanBones"]
    for bone, entry in bones.items():
        document["nodes"][entry["node"]]["name"] = f"mixamorig:{_mixamo(bone)}"
    del document["extensions"], document["extensionsUsed"]
    document["asset"] |= {"copyright": "CC0 1.0, made by Everhost", "extras": {"license": "CC0-1.0"}}
    document["buffers"][0]["uri"] = "model.bin"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("model.gltf", json.dumps(document))
        archive.writestr("model.bin", container.binary)


def _mixamo(bone: str) -> str:
    if bone in NAMES:
        return NAMES[bone]
    side = "Left" if bone.startswith("left") else "Right"
    rest = bone.removeprefix(side.lower())
    for ours, theirs in FINGERS.items():
        if rest.startswith(ours):
            joint = rest.removeprefix(ours)
            number = 2 if (ours, joint) == ("Thumb", "Proximal") else JOINTS[joint]
            return f"{side}Hand{theirs}{number}"
    return bone
