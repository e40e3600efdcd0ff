"""A host's figure: MakeHuman's sliders, local targets, and the warp that turns a mannequin into a character."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.avatar.errors import BodyError
from engine.avatar.human.articulation import articulated
from engine.avatar.human.mesh import Indices, Points, smoothstep
from engine.avatar.human.rig import Rig, arms_down
from engine.avatar.human.sliders import EYE_GROWTH, details, phenotype
from engine.avatar.human.source import BaseMesh, HumanData
from engine.avatar.human.spec import Looks, Person

RESTING_FACE: dict[str, float] = {
    "mouthSmileLeft": 0.40,
    "mouthSmileRight": 0.40,
    "mouthDimpleLeft": 0.08,
    "mouthDimpleRight": 0.08,
    "cheekSquintLeft": 0.16,
    "cheekSquintRight": 0.16,
    "browInnerUp": 0.06,
}
"""The friendly face that all curves at zero show."""

ROUNDING = ("mouthPucker", "mouthFunnel")
"""Shapes that take the resting smile away as they round the lips."""

EYE_REACH = 0.030
"""Metres around an eye that grow with it."""


@dataclass(frozen=True)
class Style:
    """How far the warp goes: a factor on the eyes, and shares of width and height."""

    eye_growth: float
    jaw_narrowing: float
    head_narrowing: float
    lower_face_raise: float


STYLES: dict[str, Style] = {
    "woman": Style(1.17, 0.065, 0.035, 0.035),
    "man": Style(1.12, 0.02, 0.0, 0.01),
}


@dataclass
class Figure:
    """The sculpted, posed base vertices, the face shapes as offsets of them, and the landmarks that the rest needs."""

    data: HumanData
    base: BaseMesh
    vertices: Points
    shapes: dict[str, Points]
    rig: Rig
    left_eye: Points
    eye_radius: float
    eye_height: float
    head_height: float
    neck: Points

    @property
    def right_eye(self) -> Points:
        """Centre of the right eyeball."""
        return np.asarray(self.left_eye * [-1, 1, 1])

    def group(self, name: str) -> Indices:
        """Ids of the base vertices in a group."""
        return np.unique(self.base.faces[name])


class CharacterWarp:
    """Larger eyes, narrower jaw and head, shorter lower face: a smooth displacement of space around the head."""

    def __init__(self, style: Style, eye_centre: Points, above_eyes: float) -> None:
        self.style = style
        self.eye_centre = eye_centre
        self.above_eyes = above_eyes

    def __call__(self, points: Points) -> Points:
        """The points (n, 3), displaced."""
        warped = points.copy()
        for centre in (self.eye_centre, self.eye_centre * [-1, 1, 1]):
            away = points - centre
            reach = np.exp(-((np.linalg.norm(away, axis=-1, keepdims=True) / EYE_REACH) ** 4))
            warped = warped + (self.style.eye_growth - 1) * away * reach
        level = (warped[..., 2] - self.eye_centre[2]) / self.above_eyes
        jaw = smoothstep(0.1, -0.8, level) * smoothstep(-1.35, -0.85, level)
        head = smoothstep(-1.3, -1.0, level)
        front = smoothstep(0.02, -0.05, warped[..., 1])
        narrowing = self.style.jaw_narrowing * jaw * (0.4 + 0.6 * front) + self.style.head_narrowing * head
        warped[..., 0] *= 1 - narrowing
        raised = smoothstep(-0.25, -0.8, level) * head * front * self.style.lower_face_raise
        warped[..., 2] += raised * self.above_eyes
        return warped


def sculpt(data: HumanData, looks: Looks) -> Figure:
    """The figure of a host at rest, arms down."""
    base = data.base_mesh()
    vertices = data.grown(base.vertices, phenotype(looks.person), _ancestry(looks.person))
    for name, amount in details(looks).items():
        vertices = vertices + amount * data.detail(name)
    body = np.unique(base.faces["body"])
    eye = _centre(vertices[np.unique(base.faces["helper-l-eye"])])
    style = STYLES[looks.person.gender]
    style = replace(style, eye_growth=style.eye_growth + EYE_GROWTH * looks.face.eye_size)
    warp = CharacterWarp(style, eye, vertices[body][:, 2].max() - eye[2])
    units = articulated(data, base, vertices, data.face_units())
    vertices = vertices + sum(amount * units[name] for name, amount in RESTING_FACE.items())
    smile = sum(amount * units[name] for name, amount in RESTING_FACE.items() if name.startswith("mouth"))
    for name in ROUNDING:
        units[name] = units[name] - smile
    rest = warp(vertices)
    shapes = {name: warp(vertices + offset) - rest for name, offset in units.items()}
    rig = Rig(data, base, rest)
    down = rig.transforms(arms_down())
    posed = rig.posed(rest, down)
    rig.move_joints(down)
    eye_points = posed[np.unique(base.faces["helper-l-eye"])]
    left_eye = _centre(eye_points)
    return Figure(
        data=data,
        base=base,
        vertices=posed,
        shapes=shapes,
        rig=rig,
        left_eye=left_eye,
        eye_radius=float((eye_points.max(0) - eye_points.min(0)).mean() / 2),
        eye_height=float(left_eye[2]),
        head_height=float(posed[body][:, 2].max() - left_eye[2]),
        neck=rig.joint[rig.index["neck01"]] * [0, 1, 1],
    )


def _centre(points: Points) -> Points:
    return np.asarray((points.min(0) + points.max(0)) / 2)


def _ancestry(person: Person) -> dict[str, float]:
    """Shares of MakeHuman's three races."""
    origin = person.origin
    shares = {"african": origin.african, "asian": origin.asian, "caucasian": origin.european}
    if sum(shares.values()) <= 0:
        raise BodyError("person.origin: african, asian and european are all 0: give at least one of them a share")
    return shares
