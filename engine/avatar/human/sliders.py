"""What the sliders of a host file do, as amounts of MakeHuman's local targets.

An amount of 1 is a whole target; a name without ``l-`` or ``r-`` that exists only with them means both sides. The base
tables are the proportions that all sliders at 0 show; ``SLIDERS`` has what -1 and what 1 adds to them.
"""

from __future__ import annotations

import numpy as np

from engine.avatar.human.spec import Face, Looks, Person

Amounts = dict[str, float]

ADULT_AGE = 0.655
"""MakeHuman's age slider at which a figure still looks adult (1/3 is the child, 2/3 the young adult, 1 is old)."""

FULLY_YOUNG, FULLY_OLD = 26, 90
"""Years at which the age slider is at ``ADULT_AGE`` and at 1."""

LINED, OLDEST_LOOK = 26, 75
"""Years between which ``AGEING`` grows from nothing to its full amounts."""

HEIGHTS = (0.34, 0.5, 0.66)
"""MakeHuman's height slider for a short, a middling and a tall adult: 1.53, 1.70 and 1.87 m for a woman."""

EYE_GROWTH = 0.07
"""What ``eye_size`` adds to the factor by which the eyes are enlarged."""

WOMAN: Amounts = {
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

MAN: Amounts = {
    "eye-scale-incr": 0.6,
    "eye-height1-incr": 0.3,
    "eye-height2-incr": 0.35,
    "eye-height3-incr": 0.3,
    "eye-corner2-up": 0.1,
    "cheek-volume-decr": 0.25,
    "cheek-bones-incr": 0.25,
    "upperarm-shoulder-muscle-decr": 0.6,
    "upperarm-fat-decr": 0.3,
    "ear-scale-decr": 0.3,
    "ear-wing-decr": 0.5,
    "forehead-scale-vert-decr": 0.6,
    "head-scale-horiz-decr": 0.25,
    "head-oval": 0.2,
    "head-age-decr": 0.2,
    "head-fat-decr": 0.2,
    "mouth-scale-horiz-decr": 0.15,
    "mouth-angles-up": 0.3,
    "mouth-lowerlip-volume-incr": 0.15,
    "nose-scale-horiz-decr": 0.3,
    "nose-scale-vert-decr": 0.2,
    "nose-volume-decr": 0.25,
    "nose-flaring-decr": 0.25,
    "nose-point-width-decr": 0.2,
    "chin-height-decr": 0.2,
    "chin-prominent-incr": 0.1,
    "neck-scale-horiz-decr": 0.2,
    "measure-shoulder-dist-decr": 0.5,
    "measure-neck-height-incr": 0.2,
}

AGEING: Amounts = {
    "eye-bag-incr": 0.5,
    "eye-eyefold-down": 0.3,
    "eye-height2-decr": 0.2,
    "mouth-laugh-lines-in": 0.4,
    "mouth-upperlip-volume-decr": 0.3,
    "mouth-lowerlip-volume-decr": 0.2,
    "cheek-volume-decr": 0.2,
    "ear-lobe-incr": 0.3,
    "neck-double-incr": 0.12,
}
"""What age adds to MakeHuman's own old shape, at ``OLDEST_LOOK``."""

SLIDERS: dict[str, tuple[Amounts, Amounts]] = {
    "eye_size": ({"eye-scale-decr": 0.75}, {"eye-scale-incr": 0.65}),
    "eye_opening": (
        {"eye-height1-decr": 0.5, "eye-height2-decr": 0.8, "eye-height3-decr": 0.6},
        {"eye-height1-incr": 0.3, "eye-height2-incr": 0.5, "eye-height3-incr": 0.4},
    ),
    "eye_spacing": ({"eye-trans-in": 0.7}, {"eye-trans-out": 0.6}),
    "eye_height": (
        {"eye-trans-down": 0.9, "eyebrows-trans-down": 0.3},
        {"eye-trans-up": 0.9, "eyebrows-trans-up": 0.5},
    ),
    "eye_tilt": (
        {"eye-corner2-down": 0.9, "eye-corner1-up": 0.4},
        {"eye-corner2-up": 0.9, "eye-corner1-down": 0.4},
    ),
    "eye_fold": (
        {"eye-epicanthus-out": 0.5, "eye-eyefold-down": 0.7, "eye-eyefold-convex": 0.8},
        {"eye-epicanthus-in": 0.8, "eye-eyefold-concave": 0.6, "eye-eyefold-up": 0.5},
    ),
    "brow_height": ({"eyebrows-trans-down": 0.6}, {"eyebrows-trans-up": 0.9}),
    "brow_tilt": ({"eyebrows-angle-up": 0.6}, {"eyebrows-angle-down": 0.5}),
    "nose_width": (
        {"nose-scale-horiz-decr": 0.45, "nose-width2-decr": 0.4, "nose-width3-decr": 0.4},
        {"nose-scale-horiz-incr": 0.8, "nose-width2-incr": 0.5, "nose-width3-incr": 0.5},
    ),
    "nose_length": ({"nose-scale-vert-decr": 0.7}, {"nose-scale-vert-incr": 0.8}),
    "nose_bridge": (
        {"nose-hump-decr": 1.0, "nose-greek-decr": 1.0, "nose-width1-incr": 0.7, "nose-scale-depth-decr": 0.15},
        {"nose-hump-incr": 1.0, "nose-greek-incr": 1.2, "nose-width1-decr": 0.5},
    ),
    "nose_tip": ({"nose-point-down": 0.4, "nose-septumangle-decr": 0.3}, {"nose-point-up": 1.2, "nose-base-up": 0.3}),
    "nostrils": (
        {"nose-nostrils-width-decr": 0.8, "nose-flaring-decr": 0.6},
        {"nose-nostrils-width-incr": 0.8, "nose-flaring-incr": 0.9},
    ),
    "mouth_width": ({"mouth-scale-horiz-decr": 0.7}, {"mouth-scale-horiz-incr": 0.7}),
    "mouth_height": ({"mouth-trans-down": 0.45}, {"mouth-trans-up": 0.5}),
    "upper_lip": (
        {"mouth-upperlip-volume-decr": 0.8, "mouth-upperlip-height-decr": 0.4},
        {"mouth-upperlip-volume-incr": 0.8, "mouth-upperlip-height-incr": 0.4},
    ),
    "lower_lip": (
        {"mouth-lowerlip-volume-decr": 0.8, "mouth-lowerlip-height-decr": 0.3},
        {"mouth-lowerlip-volume-incr": 0.7, "mouth-lowerlip-height-incr": 0.3},
    ),
    "mouth_corners": ({"mouth-angles-down": 0.7}, {"mouth-angles-up": 0.6}),
    "cheekbones": ({"cheek-bones-decr": 1.0}, {"cheek-bones-incr": 0.8, "cheek-inner-incr": 0.2}),
    "cheeks": (
        {"cheek-volume-decr": 0.8, "head-fat-decr": 0.4},
        {"cheek-volume-incr": 0.5, "head-fat-incr": 0.35},
    ),
    "jaw_width": ({"head-invertedtriangular": 0.7}, {"head-triangular": 0.55}),
    "jaw_angle": ({"head-oval": 0.6, "chin-bones-decr": 0.3}, {"head-square": 0.8}),
    "chin_width": ({"chin-width-decr": 1.0, "chin-triangle": 0.4}, {"chin-width-incr": 0.8}),
    "chin_length": ({"chin-height-decr": 0.6}, {"chin-height-incr": 0.35}),
    "chin_forward": (
        {"chin-prominent-decr": 0.6, "chin-prognathism-decr": 0.3},
        {"chin-prominent-incr": 0.4, "chin-prognathism-incr": 0.3},
    ),
    "face_length": ({"head-scale-vert-decr": 0.35}, {"head-scale-vert-incr": 0.3}),
    "face_width": ({"head-scale-horiz-decr": 0.5}, {"head-scale-horiz-incr": 0.3}),
    "forehead": ({"forehead-scale-vert-decr": 0.45}, {"forehead-scale-vert-incr": 0.25}),
    "ears": (
        {"ear-scale-decr": 0.6, "ear-wing-decr": 0.2},
        {"ear-scale-incr": 0.7, "ear-wing-incr": 0.35},
    ),
    "neck": (
        {"neck-scale-horiz-decr": 0.45, "neck-scale-depth-decr": 0.3, "measure-neck-height-incr": 0.15},
        {"neck-scale-horiz-incr": 0.6, "neck-scale-depth-incr": 0.4, "measure-neck-height-decr": 0.15},
    ),
}
"""For each slider of ``spec.Face``: what -1 adds, what 1 adds. In between it is proportional."""


def elder(years: int) -> float:
    """How far ageing has come, 0 to 1."""
    return float(np.interp(years, [LINED, OLDEST_LOOK], [0, 1]))


def phenotype(person: Person) -> dict[str, float]:
    """MakeHuman's macro sliders of a person."""
    return {
        "gender": 1.0 if person.gender == "woman" else 0.0,
        "age": float(np.interp(person.age, [FULLY_YOUNG, FULLY_OLD], [ADULT_AGE, 1.0])),
        "muscle": person.muscle,
        "weight": person.weight,
        "height": float(np.interp(person.height, [0, 0.5, 1], HEIGHTS)),
        "proportions": 1.0,
        "cupsize": 0.42,
        "firmness": 0.7,
    }


def details(looks: Looks) -> Amounts:
    """Amounts of local targets for a host's gender, age and face, in a fixed order."""
    total = dict(WOMAN if looks.person.gender == "woman" else MAN)
    old = elder(looks.person.age)
    for name, amount in AGEING.items():
        total[name] = total.get(name, 0.0) + amount * old
    for slider in Face.model_fields:
        value = float(getattr(looks.face, slider))
        for name, amount in SLIDERS[slider][value > 0].items():
            total[name] = total.get(name, 0.0) + amount * abs(value)
    return {name: amount for name, amount in total.items() if amount}
