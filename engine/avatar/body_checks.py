"""Whether the numbers of a body file fit together, before any of them reaches the GPU's memory."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.avatar.pose import ARM_BONES, NECK_BONES
from engine.avatar.springs import MOST_BONES

if TYPE_CHECKING:
    from engine.avatar.body_file import BodyData, Chain, PartData

FARTHEST_M = 1e6
"""No vertex of a host lies so far away, in metres."""

EYES = ("left_eye", "right_eye")


def check_body(body: BodyData) -> None:
    """Raises ValueError, naming the part, where arrays are of other shapes or lead to what is not there."""
    _shaped("the neck joints", body.neck_joints, (4, 3))
    bones = len(ARM_BONES) if body.arm_joints.size else 0
    _shaped("the arm joints", body.arm_joints, (2, bones, 3))
    _near("the joints", [body.neck_joints, body.arm_joints])
    numbers = [body.eye_height, *body.landmarks.values(), *(c for colour in body.colours.values() for c in colour)]
    _near("heights and colours", [np.array(numbers)])
    if len(body.densities) != len(body.textures):
        raise ValueError(f"{len(body.textures)} textures with {len(body.densities)} densities")
    if len(body.clamped) != len(body.textures):
        raise ValueError(f"{len(body.textures)} textures with the edges of {len(body.clamped)}")
    for chain in body.chains:
        _check_chain(chain)
    swinging = sum(len(chain.joints) - 1 for chain in body.chains)
    if swinging > MOST_BONES:
        raise ValueError(f"{swinging} spring bones; at most {MOST_BONES}")
    for part in body.parts:
        _check_part(part)
        _check_swing(part, swinging)


def _check_part(part: PartData) -> None:
    count, name = len(part.position), part.name
    _shaped(f"the triangles of {name}", part.triangles, (len(part.triangles), 3))
    if len(part.triangles) and not 0 <= part.triangles.min() <= part.triangles.max() < count:
        raise ValueError(f"{name} draws vertices that it does not have")
    _shaped(f"the positions of {name}", part.position, (count, 3))
    _shaped(f"the normals of {name}", part.normal, (count, 3))
    _shaped(f"the neck of {name}", part.neck, (count, 4))
    for key, values in part.attributes.items():
        if values.ndim != 2 or len(values) != count or not 1 <= values.shape[1] <= 4:
            raise ValueError(f"“{key}” of {name} has the shape {values.shape} for {count} vertices")
    _near(f"the numbers of {name}", [part.position, part.normal, part.neck, *part.attributes.values()])
    if part.shapes:
        _shaped(f"the offsets of {name}", part.deltas, (len(part.shapes), min(part.deltas.shape[1], count), 6))
        _near(f"the offsets of {name}", [part.deltas])
    if len(part.views):
        _shaped(f"the views of {name}", part.views, (len(part.triangles),))
    if len(part.bones):
        _shaped(f"the bones of {name}", part.bones, (count, 4))
        _shaped(f"the bone weights of {name}", part.bone_weights, (count, 4))
        if not 0 <= part.bones.min() <= part.bones.max() < len(ARM_BONES):
            raise ValueError(f"{name} follows arm bones that there are not")
    if part.kind == "eye" and name not in EYES:
        raise ValueError(f"an eye is called {name}, and not {' or '.join(EYES)}")


def _check_chain(chain: Chain) -> None:
    bones = len(chain.joints) - 1
    if bones < 1:
        raise ValueError("a spring chain without a bone")
    _shaped("the joints of a spring chain", chain.joints, (bones + 1, 3))
    _shaped("the gravity of a spring chain", chain.gravity, (bones, 3))
    for values in (chain.stiffness, chain.drag, chain.radius):
        _shaped("the numbers of a spring chain", values, (bones,))
    _near("the numbers of a spring chain", [chain.joints, chain.gravity, chain.stiffness, chain.drag, chain.radius])
    _near("the colliders of a spring chain", [chain.colliders])
    roots = [chain.root, *chain.colliders[:, 7].tolist()]
    if not all(-1 <= root < len(NECK_BONES) for root in roots):
        raise ValueError("a spring chain hangs on a bone that there is not")


def _check_swing(part: PartData, bones: int) -> None:
    """What hangs on spring bones must hang on one of ``bones``."""
    swing, weight = part.attributes.get("swing"), part.attributes.get("swing_weight")
    if swing is None and weight is None:
        return
    if swing is None or weight is None or swing.shape[1] != 4 or weight.shape[1] != 4:
        raise ValueError(f"{part.name} needs four spring bones and four weights of them a vertex")
    if len(swing) and not (swing.min() > -0.5 and swing.max() < max(bones, 1) - 0.5):
        raise ValueError(f"{part.name} follows spring bones that there are not")


def _shaped(what: str, values: NDArray[Any], shape: tuple[int, ...]) -> None:
    if values.shape != shape:
        raise ValueError(f"{what} have the shape {values.shape}, not {shape}")


def _near(what: str, arrays: Iterable[NDArray[Any]]) -> None:
    """Numbers that are none, or beyond all measure."""
    for values in arrays:
        if values.size and not np.abs(values).max() < FARTHEST_M:
            raise ValueError(f"{what} are no numbers, or far too large")
