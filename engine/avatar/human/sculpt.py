"""Mia's proportions: MakeHuman sliders, local targets, and the warp that turns a mannequin into a character."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.avatar.human.mesh import Indices, Points, smoothstep
from engine.avatar.human.rig import Rig, arms_down
from engine.avatar.human.source import BaseMesh, HumanData
from engine.avatar.human.spec import Looks

PHENOTYPE: dict[str, float] = {
    "gender": 1.0,
    "age": 0.655,
    "muscle": 0.45,
    "weight": 0.28,
    "height": 0.5,
    "proportions": 1.0,
    "cupsize": 0.42,
    "firmness": 0.7,
}
ORIGIN: dict[str, float] = {"african": 0.0, "asian": 0.55, "caucasian": 0.45}

PAIRED: dict[str, float] = {
    "eye-scale-incr": 0.85,
    "eye-height1-incr": 0.3,
    "eye-height2-incr": 0.52,
    "eye-height3-incr": 0.4,
    "eye-corner2-up": 0.25,
    "cheek-volume-decr": 0.15,
    "cheek-bones-incr": 0.2,
    "upperarm-fat-decr": 0.8,
    "upperarm-shoulder-muscle-decr": 0.6,
    "ear-scale-decr": 0.3,
    "ear-wing-decr": 0.6,
}
"""Local targets applied to both sides (``l-`` and ``r-``)."""

SINGLE: dict[str, float] = {
    "forehead-scale-vert-decr": 0.55,
    "head-scale-horiz-decr": 0.12,
    "head-oval": 0.5,
    "head-fat-decr": 0.1,
    "head-age-decr": 0.3,
    "mouth-scale-horiz-decr": 0.10,
    "mouth-angles-up": 0.35,
    "mouth-upperlip-volume-incr": 0.35,
    "mouth-lowerlip-volume-incr": 0.25,
    "mouth-cupidsbow-incr": 0.3,
    "nose-scale-horiz-decr": 0.45,
    "nose-scale-vert-decr": 0.15,
    "nose-width2-decr": 0.35,
    "nose-point-width-decr": 0.35,
    "nose-point-up": 0.25,
    "nose-flaring-decr": 0.4,
    "nose-nostrils-width-decr": 0.4,
    "nose-volume-decr": 0.35,
    "chin-width-decr": 0.55,
    "chin-bones-decr": 0.3,
    "chin-height-decr": 0.1,
    "chin-triangle": 0.2,
    "chin-jaw-drop-decr": 0.2,
    "neck-scale-horiz-decr": 0.5,
    "neck-scale-depth-decr": 0.3,
    "measure-shoulder-dist-decr": 1.0,
    "eyebrows-trans-up": 0.2,
}

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

EYE_GROWTH, EYE_REACH = 1.17, 0.030
JAW_NARROWING, HEAD_NARROWING, LOWER_FACE_RAISE = 0.065, 0.035, 0.035


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

    def __init__(self, eye_centre: Points, above_eyes: float) -> None:
        self.eye_centre = eye_centre
        self.above_eyes = above_eyes

    def __call__(self, points: Points) -> Points:
        """The points (n, 3), displaced."""
        warped = points.copy()
        for centre in (self.eye_centre, self.eye_centre * [-1, 1, 1]):
            away = points - centre
            reach = np.exp(-((np.linalg.norm(away, axis=-1, keepdims=True) / EYE_REACH) ** 4))
            warped = warped + (EYE_GROWTH - 1) * away * reach
        level = (warped[..., 2] - self.eye_centre[2]) / self.above_eyes
        jaw = smoothstep(0.1, -0.8, level) * smoothstep(-1.35, -0.85, level)
        head = smoothstep(-1.3, -1.0, level)
        front = smoothstep(0.02, -0.05, warped[..., 1])
        warped[..., 0] *= 1 - JAW_NARROWING * jaw * (0.4 + 0.6 * front) - HEAD_NARROWING * head
        raised = smoothstep(-0.25, -0.8, level) * head * front * LOWER_FACE_RAISE
        warped[..., 2] += raised * self.above_eyes
        return warped


def sculpt(data: HumanData, looks: Looks) -> Figure:
    """The figure of a host at rest, arms down."""
    base = data.base_mesh()
    vertices = data.grown(base.vertices, PHENOTYPE, ORIGIN)
    for name, amount in PAIRED.items():
        vertices = vertices + amount * (data.detail(f"l-{name}") + data.detail(f"r-{name}"))
    for name, amount in SINGLE.items():
        vertices = vertices + amount * data.detail(name)
    body = np.unique(base.faces["body"])
    eye = _centre(vertices[np.unique(base.faces["helper-l-eye"])])
    warp = CharacterWarp(eye, vertices[body][:, 2].max() - eye[2])
    units = data.face_units()
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
