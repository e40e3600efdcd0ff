"""Skin, eyeballs, teeth and tongue as parts over the base vertices."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.avatar.body_file import Material
from engine.avatar.human.hairline import COVERED, Hairline
from engine.avatar.human.mesh import Part, Points, catmull_clark, simplified, triangulate
from engine.avatar.human.sculpt import Figure
from engine.avatar.human.source import BASE_VERTICES, sample_mask

MOUTH_OFFSETS: dict[str, tuple[float, float, float]] = {
    "upper_teeth": (0.0, -0.0025, -0.0033),
    "lower_teeth": (0.0, -0.0010, -0.0020),
    "tongue": (0.0, 0.0040, -0.0035),
}
"""Metres; MakeHuman hides the upper teeth and lets the tongue fill the opening."""

HAND_DETAIL = 0.34
"""Share of the base mesh's triangles that hands are drawn with: its own are three pixels large in the picture."""

WRIST_SHARE = 0.78
"""Hands are drawn as far up the arm as hand and lower forearm bones have this share; sleeves reach over the rest."""


def head_parts(figure: Figure, hairline: Hairline = COVERED) -> dict[str, Part]:
    """``skin``, ``hands``, ``left_eye``, ``right_eye``, ``upper_teeth``, ``lower_teeth``, ``tongue``."""
    parts = {"skin": skin(figure, hairline), "hands": hands(figure)}
    for name, group in (
        ("left_eye", "helper-l-eye"),
        ("right_eye", "helper-r-eye"),
        ("upper_teeth", "helper-upper-teeth"),
        ("lower_teeth", "helper-lower-teeth"),
        ("tongue", "helper-tongue"),
    ):
        matrix, quads, used = catmull_clark(figure.base.faces[group], BASE_VERTICES)
        position = matrix @ figure.vertices + np.array(MOUTH_OFFSETS.get(name, (0.0, 0.0, 0.0)))
        parts[name] = Part(name, position, triangulate(quads), matrix, kind="mouth", moving=True)
        if name == "tongue":
            parts[name].drawn = triangulate(np.searchsorted(used, figure.base.faces[group]))
    for name, centre in (("left_eye", figure.left_eye), ("right_eye", figure.right_eye)):
        parts[name].extra["direction"] = parts[name].position - centre
        parts[name].kind, parts[name].moving, parts[name].source = "eye", False, None
    return parts


def skin(figure: Figure, hairline: Hairline = COVERED) -> Part:
    """Head, neck and chest: normals of the subdivided surface, drawn with its coarse faces.

    Extra: ``texture`` (MakeHuman's own coordinates), ``inner_mouth``, ``ear``, ``lip`` and ``scalp`` shares.
    """
    faces, texture_faces = figure.base.faces["body"], figure.base.texture_faces["body"]
    kept = upper_body(figure)
    matrix, quads, used = catmull_clark(faces[kept], BASE_VERTICES)
    split, texture_quads, _ = catmull_clark(texture_faces[kept], len(figure.base.texture), smooth=False)
    texture = np.zeros((matrix.shape[0], 2))
    texture[quads.ravel()] = (split @ figure.base.texture)[texture_quads.ravel()]
    part = Part("skin", matrix @ figure.vertices, triangulate(quads), matrix, kind="skin", moving=True)
    part.material = Material(culled=True)
    part.drawn = triangulate(np.searchsorted(used, faces[kept]))
    part.extra["texture"] = texture
    inner = np.asarray(cv2.GaussianBlur(figure.data.mask("inside-mouth"), (0, 0), 3), np.uint8)
    part.extra["inner_mouth"] = sample_mask(inner, texture)
    part.extra["ear"] = sample_mask(figure.data.mask("ears"), texture)
    part.extra["lip"] = sample_mask(figure.data.mask("lips"), texture)
    part.extra["scalp"] = _scalp(figure, part, hairline)
    return part


def hands(figure: Figure) -> Part:
    """Both hands with the lower ends of the forearms, drawn with fewer faces than the base mesh has, in plain skin."""
    faces = figure.base.faces["body"]
    kept = hand_share(figure)[faces].min(1) > WRIST_SHARE
    matrix, quads, used = catmull_clark(faces[kept], BASE_VERTICES)
    part = Part("hands", matrix @ figure.vertices, triangulate(quads), matrix, kind="skin", limbs=True)
    part.material = Material(culled=True)
    drawn = triangulate(np.searchsorted(used, faces[kept]))
    part.drawn = part.coarse = simplified(part.position, drawn, HAND_DETAIL)
    part.extra["paint"] = np.tile([0.5, 1.0], (len(part.position), 1))
    return part


def hand_share(figure: Figure) -> Points:
    """How much each base vertex belongs to hand and lower forearm, 0 to 1."""
    bones = [
        i
        for i, name in enumerate(figure.rig.names)
        if name.startswith(("wrist", "finger", "metacarpal")) or name.startswith("lowerarm02")
    ]
    return np.asarray(figure.rig.weights[:, bones].sum(1)).ravel()


def head_centre(figure: Figure) -> Points:
    """The point that hair is laid around."""
    return np.array([0, -0.035, figure.eye_height + 0.02])


def upper_body(figure: Figure) -> NDArray[np.bool_]:
    """Which of the body's faces are head, neck and chest."""
    faces = figure.base.faces["body"]
    centre = figure.vertices[faces].mean(1)
    bones = [i for i, n in enumerate(figure.rig.names) if n.startswith(("wrist", "finger", "metacarpal"))]
    hand = np.asarray(figure.rig.weights[:, bones].sum(1)).ravel()
    neck_height = figure.neck[2]
    chest = (centre[:, 2] > neck_height - 0.16) & (abs(centre[:, 0]) < 0.115) & (centre[:, 1] < 0.10)
    head = (centre[:, 2] > neck_height - 0.02) & (abs(centre[:, 0]) < 0.13)
    return np.asarray((chest | head) & (hand[faces].max(1) < 0.01))


def _scalp(figure: Figure, part: Part, hairline: Hairline) -> Points:
    away = part.position - head_centre(figure)
    azimuth = np.degrees(np.arctan2(abs(away[:, 0]), -away[:, 1]))
    level = (part.position[:, 2] - figure.eye_height) / figure.head_height
    ragged = 0.018 * np.sin(part.position[:, 0] * 900) * np.cos(part.position[:, 1] * 700)
    share = hairline.scalp(azimuth, level + ragged) * (level > -1.1) * (part.extra["inner_mouth"] < 0.3)
    return np.asarray(share if hairline.ears else share * (1 - part.extra["ear"]))
