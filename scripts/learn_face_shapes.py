"""Learns how mediapipe's 468 face points move under each face curve, from our own hosts.

    python scripts/learn_face_shapes.py [--out engine/avatar/photo/face_template.npz]

Each host is drawn and read by the landmarker; every point found is laid onto the triangle of the host's skin that is
seen there, and so moves exactly as the skin does. The mean of the hosts, made symmetric, is what a photo is moved by.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import cv2
import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

sys.path.insert(1, str(Path(__file__).resolve().parent.parent))

from measure.face import MODEL

from engine.avatar import open_body
from engine.avatar.body_file import PartData, read_body
from engine.avatar.framing import View, frame
from engine.avatar.pose import Camera
from engine.commands.preview import curves
from engine.flow import CURVE_INDEX, FACE_CURVES, Floats
from engine.settings.channel import Canvas

ROOT = Path(__file__).resolve().parent.parent
HOSTS = ("mia", "hana", "sofia", "amara", "leo", "ravi")
POINTS = 468
CANVAS, VIEW = Canvas(width=900, height=900), View(1.35, 0.45)
LIP_ROWS = (
    (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291), (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291),
    (76, 184, 74, 73, 72, 11, 302, 303, 304, 408, 306), (76, 77, 90, 180, 85, 16, 315, 404, 320, 307, 306),
    (62, 183, 42, 41, 38, 12, 268, 271, 272, 407, 292), (62, 96, 89, 179, 86, 15, 316, 403, 319, 325, 292),
    (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308), (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308),
)  # fmt: skip
LIPS = sorted({point for row in LIP_ROWS for point in row})
"""Points of the lips: laid onto the skin with the mouth open, where each lip is seen by itself."""

OPEN = {"jawOpen": 0.4, "mouthLowerDown": 0.2, "mouthUpperUp": 0.2}
INNER = 0.35
"""Skin that is more than this of the mouth's inside carries no point: the lips' edges lie before it."""

EYE_CORNERS, CHIN, BROW = (33, 263), 152, 10


class Reader:
    """mediapipe's landmarker over BGR pictures."""

    def __init__(self) -> None:
        options = vision.FaceLandmarkerOptions(base_options=BaseOptions(model_asset_path=str(MODEL)))
        self._landmarker = vision.FaceLandmarker.create_from_options(options)

    def points(self, bgr: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Pixels (468, 2)."""
        rgb = np.ascontiguousarray(bgr[..., ::-1])
        found = self._landmarker.detect(mp.Image(image_format=mp.ImageFormat.SRGB, data=rgb)).face_landmarks[0]
        return np.array([(p.x * bgr.shape[1], p.y * bgr.shape[0]) for p in found[:POINTS]])

    def close(self) -> None:
        """Frees the model."""
        self._landmarker.close()


def shaped(skin: PartData, row: Floats) -> NDArray[np.float64]:
    """The skin's vertices (n, 3) under a row of curves, metres."""
    place = skin.position.astype(np.float64).copy()
    for name, delta in zip(skin.shapes, skin.deltas, strict=True):
        place[: len(delta)] += float(row[CURVE_INDEX[name]]) * delta[:, :3]
    return place


def seen(place: NDArray[np.float64], camera: Camera) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Pixels (n, 2) and depth (n,)."""
    depth = place[:, 1] - camera.eye[1]
    reach = camera.scale * camera.focus / depth
    x = camera.centre_x + (place[:, 0] - camera.eye[0]) * reach
    y = camera.centre_y - (place[:, 2] - camera.eye[2]) * reach
    return np.stack([x, y], 1), depth


def laid(points: NDArray[np.float64], pixels: NDArray[np.float64], depth: NDArray[np.float64],
         triangles: NDArray[np.int32]) -> NDArray[np.float64]:  # fmt: skip
    """Weights (points, vertices): the nearest triangle that is seen at each point, or the nearest vertex."""
    a, b, c = (pixels[triangles[:, i]] for i in range(3))
    area = (b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]
    weights = np.zeros((len(points), len(pixels)))
    for i, p in enumerate(points):
        v = ((b - p)[:, 0] * (c - p)[:, 1] - (b - p)[:, 1] * (c - p)[:, 0]) / area
        w = ((c - p)[:, 0] * (a - p)[:, 1] - (c - p)[:, 1] * (a - p)[:, 0]) / area
        parts = np.stack([v, w, 1 - v - w], 1)
        hit = np.flatnonzero((parts >= -1e-6).all(1) & (np.abs(area) > 1e-3))
        if len(hit):
            depths = (parts[hit] * depth[triangles[hit]]).sum(1)
            best = hit[depths.argmin()]
            weights[i, triangles[best]] = parts[best]
        else:
            used = np.unique(triangles)
            weights[i, used[np.linalg.norm(pixels[used] - p, axis=1).argmin()]] = 1
    return weights


def learn(name: str, reader: Reader) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """One host's points (468, 3) and moves (curves, 468, 3); x right, y down, z to the viewer, in face heights.

    The third is where the landmarker sees the points (468, 2) with the mouth open.
    """
    file = ROOT / "avatars" / "bodies" / f"{name}.ehb"
    data, body = read_body(file), open_body(file, CANVAS)
    body.detail = 1.5
    camera = frame(data, CANVAS, VIEW)
    skin = next(part for part in data.parts if part.name == "skin")
    outside = skin.triangles[(skin.attributes["inner_mouth"][skin.triangles, 0] < INNER).all(1)]
    laid_by, found = {}, {}
    for pose, row in (("rest", curves({})), ("open", curves(OPEN))):
        picture = np.full((CANVAS.height, CANVAS.width, 3), 200, np.uint8)
        body.paint(row, picture, VIEW)
        pixels, depth = seen(shaped(skin, row), camera)
        found[pose] = reader.points(picture)
        laid_by[pose] = laid(found[pose], pixels, depth, outside)
    body.close()
    weights = laid_by["rest"]
    weights[LIPS] = laid_by["open"][LIPS]
    to_face = np.array([[1.0, 0, 0], [0, 0, -1], [0, -1, 0]])
    rest = weights @ skin.position.astype(np.float64) @ to_face.T
    height = np.linalg.norm(rest[CHIN, :2] - rest[BROW, :2])
    moves = np.zeros((len(FACE_CURVES), POINTS, 3))
    for shape, delta in zip(skin.shapes, skin.deltas, strict=True):
        moves[FACE_CURVES.index(shape)] = weights[:, : len(delta)] @ delta[:, :3] @ to_face.T
    middle = rest[list(EYE_CORNERS)].mean(0)
    seen_open = found["open"] - found["open"][list(EYE_CORNERS)].mean(0)
    return (rest - middle) / height, moves / height, seen_open / np.linalg.norm(seen_open[CHIN] - seen_open[BROW])


def mirrored(points: NDArray[np.float64]) -> NDArray[np.int64]:
    """For each point, the one on the other side of the face; those of closed lips lie too near to be told apart."""
    other = points * [-1, 1, 1]
    mirror = np.arange(POINTS)
    rest = [i for i in range(POINTS) if i not in LIPS]
    distance = ((points[rest][:, None] - other[rest][None]) ** 2).sum(2)
    mirror[rest] = np.array(rest)[linear_sum_assignment(distance)[1]]
    for row in LIP_ROWS:
        mirror[list(row)] = row[::-1]
    return mirror


def symmetric(
    points: NDArray[np.float64], moves: NDArray[np.float64], mirror: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points and moves that are alike on both sides."""
    flip = np.array([-1.0, 1, 1])
    swap = {"Left": "Right", "Right": "Left"}
    other = [n[: -len(s)] + swap[s] if (s := _side(n)) else n for n in FACE_CURVES]
    order = [FACE_CURVES.index(n) if n in FACE_CURVES else i for i, n in enumerate(other)]
    for one, two in (("jawLeft", "jawRight"), ("mouthLeft", "mouthRight")):
        i, j = FACE_CURVES.index(one), FACE_CURVES.index(two)
        order[i], order[j] = j, i
    return (points + points[mirror] * flip) / 2, _eased((moves + moves[order][:, mirror] * flip) / 2)


TO_CORNER = (1.0, 0.55, 0.22)
"""How far the points of a lip's row, from its end on, go with the mouth's corner."""


def _eased(moves: NDArray[np.float64]) -> NDArray[np.float64]:
    """Moves without jumps along the lips: the landmarker's points lie a little to one or the other side of an edge.

    At the corners all rows come together within a few pixels, so there they move together.
    """
    eased = moves.copy()
    for row in LIP_ROWS:
        along = moves[:, list(row)]
        eased[:, list(row[1:-1])] = (along[:, :-2] + 2 * along[:, 1:-1] + along[:, 2:]) / 4
    for end in (1, -1):
        corner = moves[:, [row[::end][0] for row in LIP_ROWS[:6]]].mean(1)
        for row in LIP_ROWS:
            for point, share in zip(row[::end], TO_CORNER, strict=False):
                eased[:, point] += (corner - eased[:, point]) * share
    return eased


def _side(name: str) -> str:
    return next((side for side in ("Left", "Right") if name.endswith(side)), "")


def main() -> int:
    """Write the template."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "engine" / "avatar" / "photo" / "face_template.npz")
    out = parser.parse_args().out
    cv2.setNumThreads(1)
    reader = Reader()
    learnt = [learn(name, reader) for name in HOSTS]
    reader.close()
    points, moves, layout = (np.mean(each, 0) for each in zip(*learnt, strict=True))
    mirror = mirrored(points)
    points, moves = symmetric(points, moves, mirror)
    layout = (layout + layout[mirror] * [-1, 1]) / 2
    scale = np.maximum(np.abs(moves).max((1, 2)), 1e-9) / 32767
    packed = np.round(moves / scale[:, None, None]).astype(np.int16)
    stored = {
        "points": points.astype(np.float32),
        "scale": scale.astype(np.float32),
        "layout": layout.astype(np.float32),
    }
    np.savez_compressed(out, moves=packed, allow_pickle=False, **stored)
    print(f"{out}: {out.stat().st_size / 1e3:.0f} KB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
