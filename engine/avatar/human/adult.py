"""Hosts are adults and look it: the sculpted figure is measured, and one that would look under 18 is refused.

Each measure is a proportion that growing up changes. Where a figure lies between MakeHuman's young adult (0) and its
child of about ten (1) is how young that measure looks; the weighted mean is the figure's youth. Both were sculpted
with the presenter's own tables and warp, once for each ancestry, and stand in ``ADULT`` and ``TO_CHILD``.
"""

from __future__ import annotations

import numpy as np

from engine.avatar.errors import BodyError
from engine.avatar.human.sculpt import Figure
from engine.avatar.human.sliders import elder
from engine.avatar.human.spec import Looks

CHIN, NOSE_TIP = 747, 5054
"""Base vertices: the chin's lowest point and the nose's tip, on the midline."""

FACE_WIDTH_AT, FACE_WIDTH_BAND, FACE_DEPTH = -0.020, 0.012, 0.055
"""The face's width is taken this far above the eyes, within the band, no further behind the eyes than the depth."""


MEASURES = ("head_share", "eye_level", "face_length", "nose_length", "eye_width")
"""Head over stature; height of the eyes on the head; over the face's width: eyes to chin, eyes to the nose's tip,
and the lids' length."""

Values = tuple[float, float, float, float, float]

ADULT: dict[tuple[str, str], Values] = {
    ("woman", "african"): (0.118, 0.497, 0.724, 0.208, 0.273),
    ("woman", "asian"): (0.125, 0.509, 0.726, 0.260, 0.252),
    ("woman", "european"): (0.122, 0.491, 0.718, 0.189, 0.275),
    ("man", "african"): (0.118, 0.535, 0.862, 0.304, 0.264),
    ("man", "asian"): (0.127, 0.534, 0.824, 0.289, 0.233),
    ("man", "european"): (0.120, 0.535, 0.847, 0.291, 0.264),
}
"""The measures of a young adult (age slider 0.655)."""

TO_CHILD: dict[str, Values] = {
    "woman": (0.0127, -0.0201, -0.0781, -0.0243, 0.030),
    "man": (0.0127, -0.0267, -0.1117, -0.0483, 0.030),
}
"""How a child (age slider 1/3) differs, mean of the ancestries; MakeHuman's children have their parents' lids, so the
last value is set by eye."""

WEIGHTS: Values = (0.10, 0.20, 0.35, 0.20, 0.15)
LEAST, MOST = -0.5, 1.5
"""One measure counts no further, so that it cannot outweigh the others."""

TEENAGER = 0.38
"""Youth of MakeHuman's figure of about 18 years (age slider 0.5); 0.58, about 21, has 0.19."""

LIMIT, MATURITY = 0.33, 0.35
"""Youth that is refused, and what lined skin and the shapes of full age add to it."""

SHORTEST = 1.40
"""Metres."""

ADVICE: dict[str, tuple[tuple[str, int], ...]] = {
    "head_share": (("face_length", 1), ("neck", 1)),
    "eye_level": (("forehead", 1), ("eye_height", -1), ("chin_length", -1)),
    "face_length": (("face_length", -1), ("chin_length", -1), ("face_width", 1), ("cheeks", 1)),
    "nose_length": (("nose_length", -1), ("nose_tip", 1)),
    "eye_width": (("eye_size", 1), ("eye_opening", 1)),
}
"""Sliders that make each measure younger, with the direction in which they do."""


def check_adult(figure: Figure, looks: Looks) -> None:
    """Raises BodyError, with what to change, when the figure would look under 18."""
    stature = measured(figure)["stature"]
    if stature < SHORTEST:
        raise BodyError(f"hosts are adults: this one would be {stature:.2f} m tall; raise person.height")
    by_measure = youth(figure, looks)
    total = sum(weight * by_measure[name] for name, weight in zip(MEASURES, WEIGHTS, strict=True))
    limit = LIMIT + MATURITY * elder(looks.person.age)
    if total > limit:
        raise BodyError(
            f"hosts are adults: this face would look under 18 (youth {total:.2f}, at most {limit:.2f}); "
            + _advice(by_measure, looks)
        )


def youth(figure: Figure, looks: Looks) -> dict[str, float]:
    """How young each measure looks: 0 as a young adult of that gender and ancestry, 1 as a child."""
    values = measured(figure)
    person = looks.person
    shares = person.origin.model_dump()
    whole = sum(shares.values())
    result = {}
    for i, name in enumerate(MEASURES):
        grown = sum(share / whole * ADULT[person.gender, origin][i] for origin, share in shares.items())
        result[name] = float(np.clip((values[name] - grown) / TO_CHILD[person.gender][i], LEAST, MOST))
    return result


def _advice(by_measure: dict[str, float], looks: Looks) -> str:
    """What to change, from the sliders that did most."""
    changes = []
    for name in sorted(MEASURES, key=lambda m: -by_measure[m] * WEIGHTS[MEASURES.index(m)]):
        for slider, sign in ADVICE[name]:
            value = getattr(looks.face, slider)
            word = f"{'lower' if sign > 0 else 'raise'} face.{slider} (it is {value:g})"
            if value * sign > 0 and word not in changes:
                changes.append(word)
    return ", ".join(changes[:4]) or "set the face sliders nearer to 0, or raise person.age"


def measured(figure: Figure) -> dict[str, float]:
    """The proportions of a figure; stature in metres."""
    vertices, eye = figure.vertices, figure.left_eye
    body = vertices[figure.group("body")]
    crown, chin, nose = body[:, 2].max(), vertices[CHIN, 2], vertices[NOSE_TIP, 2]
    stature = crown - body[:, 2].min()
    level = abs(body[:, 2] - eye[2] - FACE_WIDTH_AT) < FACE_WIDTH_BAND
    width = 2 * abs(body[level & (body[:, 1] < eye[1] + FACE_DEPTH), 0]).max()
    lid = vertices[figure.group("helper-l-eyelashes-2")]
    return {
        "stature": float(stature),
        "head_share": float((crown - chin) / stature),
        "eye_level": float((eye[2] - chin) / (crown - chin)),
        "eye_width": float((lid[:, 0].max() - lid[:, 0].min()) / width),
        "face_length": float((eye[2] - chin) / width),
        "nose_length": float((eye[2] - nose) / width),
    }
