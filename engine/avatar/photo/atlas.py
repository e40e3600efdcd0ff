"""The one texture of a speaking face: the photo's face, clean eyeballs, teeth and tongue, and where each lies in it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.avatar.photo import mouth, topology
from engine.avatar.photo.face import SIDES, Face
from engine.avatar.photo.package import Image
from engine.avatar.photo.topology import Doubles

AROUND_FACE = 0.22
"""How far around the points the photo is taken, in face heights."""

AROUND_EYE = (0.34, 0.55)
"""How far around an eye the eyeball is painted on, in eye widths across and eye openings down."""

LID_MARGIN = 0.035
"""Eye widths inside the lash line that still show the lid."""


@dataclass(frozen=True)
class Part:
    """A rectangle of the texture. A photo pixel p lies at ``p - origin + corner``, where it shows the photo."""

    corner: tuple[int, int]
    size: tuple[int, int]
    origin: tuple[float, float] = (0.0, 0.0)

    def at(self, points: Doubles) -> Doubles:
        """Texture pixels (n, 2) of photo pixels (n, 2)."""
        return points - self.origin + self.corner

    def spread(self, columns: int) -> Doubles:
        """Points (2 * columns, 2) along its upper and then its lower edge, in texture pixels."""
        (x, y), (w, h) = self.corner, self.size
        across = np.linspace(x, x + w, columns)
        return np.concatenate([np.stack([across, np.full(columns, float(edge))], 1) for edge in (y, y + h)])


@dataclass(frozen=True)
class Atlas:
    """``image`` is BGRA, not premultiplied; ``parts`` are named face, eyeRight, eyeLeft, upper, lower, tongue."""

    image: Image
    parts: dict[str, Part]


def make_atlas(picture: Image, matte: Image, points: Doubles, face: Face) -> Atlas:
    """The texture of a photo (height, width, 3) with its points (478, 3); beside the person it is clear."""
    light = _light(picture, points)
    pieces = {"face": _around(np.dstack([picture, matte]), points[: topology.LANDMARKS], AROUND_FACE * face.height)}
    for side in SIDES:
        pieces[f"eye{side}"] = _eyeball(picture, points, side)
    pieces["upper"] = mouth.upper_teeth(light), (0.0, 0.0)
    pieces["lower"] = mouth.lower_teeth(light), (0.0, 0.0)
    pieces["tongue"] = mouth.tongue(light), (0.0, 0.0)
    width = max(image.shape[1] for image, _ in pieces.values()) + 2
    rows, parts, top = [], {}, 0
    for name, (image, origin) in pieces.items():
        row = np.zeros((image.shape[0] + 2, width, 4), np.uint8)
        row[1:-1, 1 : image.shape[1] + 1, : image.shape[2]] = image
        if image.shape[2] == 3:
            row[1:-1, 1 : image.shape[1] + 1, 3] = 255
        parts[name] = Part((1, top + 1), (image.shape[1], image.shape[0]), origin)
        rows.append(row)
        top += len(row)
    return Atlas(np.concatenate(rows), parts)


def _around(picture: Image, points: Doubles, margin: float) -> tuple[Image, tuple[float, float]]:
    low = np.maximum(points[:, :2].min(0) - margin, 0).astype(int)
    high = np.minimum(points[:, :2].max(0) + margin, picture.shape[1::-1]).astype(int)
    return picture[low[1] : high[1], low[0] : high[0]], (float(low[0]), float(low[1]))


def eye_window(points: Doubles, side: str) -> tuple[Doubles, Doubles]:
    """The corners (2,) and (2,) of the rectangle in which an eyeball is painted, photo pixels."""
    lids = points[[*topology.UPPER_LID[side], *topology.LOWER_LID[side]], :2]
    low, high = lids.min(0), lids.max(0)
    margin = (high - low) * AROUND_EYE + 2
    return low - margin, high + margin


def _eyeball(picture: Image, points: Doubles, side: str) -> tuple[Image, tuple[float, float]]:
    """The eye with its white and iris carried on beneath the lids."""
    low, high = (edge.astype(int) for edge in eye_window(points, side))
    low, high = np.maximum(low, 0), np.minimum(high, picture.shape[1::-1])
    part = np.ascontiguousarray(picture[low[1] : high[1], low[0] : high[0]])
    ring = points[[*topology.UPPER_LID[side], *topology.LOWER_LID[side][-2:0:-1]], :2] - low
    wide = float(np.ptp(ring[:, 0]))
    seen = np.zeros(part.shape[:2], np.uint8)
    cv2.fillPoly(seen, [np.round(ring).astype(np.int32)], 255)
    inner = max(1, round(LID_MARGIN * wide)) * 2 + 1
    deep = cv2.erode(seen, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (inner, inner)))
    filled = cv2.inpaint(part, cv2.bitwise_not(deep), 3, cv2.INPAINT_TELEA)
    return np.asarray(filled, np.uint8), (float(low[0]), float(low[1]))


def _light(picture: Image, points: Doubles) -> float:
    """How bright this person's teeth may be, 0.55 to 1, by the cheeks."""
    cheeks = [picture[int(y), int(x)] for x, y in points[[50, 280, 205, 425, 118, 347], :2]]
    level = float(np.mean([(0.114 * b + 0.587 * g + 0.299 * r) / 255 for b, g, r in cheeks]))
    return float(np.clip(0.62 + 0.5 * level, 0.55, 1.0))


def lid_skin(picture: Image, points: Doubles, side: str, *, upper: bool) -> NDArray[np.float64]:
    """The colour of a lid's skin (7, 3), BGR 0 to 1, beyond each inner point of its lash line."""
    near, far = (topology.LID_FOLDS, topology.LID_TOPS) if upper else (topology.LOWER_LID, topology.LID_BAGS)
    begin, end = (points[list(rows[side][1:-1]), :2] for rows in (near, far))
    at = begin + (end - begin) * (0.35 if upper else 0.85)
    reach = max(1, round(float(np.linalg.norm(end - begin, axis=1).mean()) * 0.25))
    colour = np.array([np.median(_patch(picture, place, reach), axis=(0, 1)) for place in at]) / 255
    return np.asarray((colour + colour.mean(0)) / 2)


def _patch(picture: Image, place: Doubles, reach: int) -> Image:
    """The pixels around a place, cut to the picture, one at least."""
    x, y = (int(np.clip(place[i].round(), reach, picture.shape[1 - i] - 1 - reach)) for i in (0, 1))
    return picture[y - reach : y + reach + 1, x - reach : x + reach + 1]


def lash_colour(picture: Image, points: Doubles, side: str) -> NDArray[np.float64]:
    """The colour of an eye's lashes (3,), BGR 0 to 1: the darkest that the photo has along the lash line."""
    line = points[list(topology.UPPER_LID[side]), :2]
    dense = np.stack(
        [np.interp(np.linspace(0, len(line) - 1, 60), np.arange(len(line)), line[:, i]) for i in (0, 1)], 1
    )
    x, y = (np.clip(dense[:, i].round().astype(int), 0, picture.shape[1 - i] - 1) for i in (0, 1))
    colour = picture[y, x].astype(np.float64) / 255
    return np.asarray(np.percentile(colour, 15, axis=0))
