"""What is drawn of a face, from back to front, as one list of triangles over one texture.

Behind the mesh lie the inside of the mouth and the eyeballs: the mesh has holes there, whose edges it covers by itself.
Thin strips along the holes' edges fade out, so that no edge is ragged.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.avatar.photo import topology
from engine.avatar.photo.atlas import Atlas, eye_window, lash_colour, lid_skin
from engine.avatar.photo.face import SIDES, Acted, Face, lid_weights
from engine.avatar.photo.package import Image
from engine.avatar.photo.topology import Doubles
from engine.flow import CURVE_INDEX, Floats

Reals = NDArray[np.float32]

COLUMNS = 10
"""Numbers a vertex has: place (2), texture (2), tint (3) and its share, light, opacity."""

EYE_GRID = (13, 9)
GAZE_SHARE = 0.8
"""Share of a gaze that a flat eye can follow."""

EYE_RADIUS = 0.42
"""Radius of an eyeball, in eye widths."""

INNER = 0.16
"""Face heights inside the outline within which the depth becomes that of the photo around the face."""

LASHES, RIM = 0.016, 0.007
"""Width of the strips along the upper lash line and along the other edges, in face heights."""

SOFT_LASHES = 0.35
"""How much of the strip along the lash line is seen through when the eye is shut."""

SHADOW, SHADOW_DEPTH = 0.42, 0.05
"""How dark the upper lip's shadow in the mouth is, and how far down it reaches, in face heights."""

DARK, DEEP = (0.035, 0.03, 0.10), (0.05, 0.045, 0.16)
"""Behind the teeth, above and below, BGR."""

PARTED_SHADE = 0.80
"""Light at the lips' edges of a photo with an open mouth, where closed lips would shade each other."""

TOOTH_BACK = 0.05
"""How far the teeth are behind the lips, in face heights."""

BENT, BEND = 9, 0.6
"""Columns of what is inside the mouth, and how much of the closed lips' curve the rows of teeth follow."""

_AT = CURVE_INDEX


@dataclass(frozen=True)
class Placed:
    """Vertices ``rows`` (v, COLUMNS), whose first two columns are photo pixels, and their ``depth`` (v,)."""

    rows: Reals
    depth: Doubles


@dataclass(frozen=True)
class _Eye:
    """``places`` (n, 2) of the grid on which an eyeball is painted; the iris's middle and radius, the eye's width."""

    places: Doubles
    iris: Doubles
    radius: float
    wide: float


class Layers:
    """Makes the vertices of one face for a row of curves; the triangles never change."""

    def __init__(self, picture: Image, points: Doubles, face: Face, atlas: Atlas) -> None:
        self._face, self._mesh, self._points = face, face.mesh, points
        self._atlas, self._scale = atlas, 1 / np.array([atlas.image.shape[1], atlas.image.shape[0]])
        self._count = 0
        self._spans: dict[str, slice] = {}
        self._triangles: list[NDArray[np.int32]] = []
        self._inside()
        for side in SIDES:
            self._span(f"eye{side}", EYE_GRID[0] * EYE_GRID[1], _grid(*EYE_GRID))
        lips = len(self._mesh.upper_lip)
        for name in ("shadow", "rimUpper", "rimLower"):
            self._span(name, 2 * lips, _grid(lips, 2))
        lids = len(self._mesh.upper_lid["Left"])
        for side in SIDES:
            self._span(f"rim{side}", 2 * lids, _grid(lids, 2))
        self._span("mesh", len(self._mesh.fine), self._mesh.triangles)
        for side in SIDES:
            self._span(f"lashes{side}", 2 * lids, _grid(lids, 2))
        self.triangles = np.concatenate(self._triangles)
        self._rows = np.zeros((self._count, COLUMNS), np.float32)
        self._depth = np.zeros(self._count)
        self._rows[:, 8:] = 1
        self._inside_rest, self._strip_rest = self._rest_inside(), self._strip_places()
        self._eyes = {side: self._eye(side) for side in SIDES}
        self._dress(picture)

    def place(self, acted: Acted, curves: Floats) -> Placed:
        """The vertices under a row of ``flow.CURVES``; valid until the next call."""
        points = acted.points
        mesh = self._spans["mesh"]
        self._rows[mesh, :2], self._depth[mesh] = points[:, :2], points[:, 2]
        self._rows[mesh, 7] = self._lid_share @ [acted.shut[side] for side in SIDES]
        self._place_inside(acted, curves)
        self._place_strips(points)
        for side in SIDES:
            self._place_eye(side, curves)
            # Open, the strip is what the photo shows below the lash line; shut, it is the lashes.
            lashes, shut = self._spans[f"lashes{side}"], min(1.0, 1.3 * acted.shut[side])
            self._rows[lashes, 7] = shut
            self._rows[lashes.start : lashes.start + len(self._mesh.upper_lid[side]), 9] = 1 - SOFT_LASHES * shut
        return Placed(self._rows, self._depth)

    def outwards(self, places: Doubles) -> Doubles:
        """How far vertices at rest (v, 2) are towards the mesh's border: 0 within the face, 1 at its outline."""
        outline = self._points[list(topology.OVAL), :2].astype(np.float32).reshape(-1, 1, 2)
        inside = np.array([cv2.pointPolygonTest(outline, (float(x), float(y)), True) for x, y in places])
        return np.clip(1 - (inside / self._face.height - 0.01) / INNER, 0, 1)

    def _span(self, name: str, count: int, triangles: NDArray[np.int32]) -> None:
        self._spans[name] = slice(self._count, self._count + count)
        self._triangles.append(triangles + self._count)
        self._count += count

    def _inside(self) -> None:
        for name in ("cavity", "tongue", "lower", "tongueOut", "upper"):
            self._span(name, 2 * BENT, _grid(BENT, 2))

    def _dress(self, picture: Image) -> None:
        """All that never changes: texture places, tints, light."""
        rest = self._mesh.fine @ (self._mesh.coarse @ self._points[: topology.LANDMARKS])
        uv = self._atlas.parts["face"].at(rest[:, :2] + self._into_lips(rest)) * self._scale
        mesh = self._spans["mesh"]
        self._rows[mesh, 2:4] = uv
        self._rows[mesh, 8] = self._shade()
        self._rows[mesh, 9] = self._mesh.fine @ _outside(self._mesh)
        self._lid_share, self._rows[mesh, 4:7] = self._lid_colours(picture)
        lip_uv = {"rimUpper": self._mesh.upper_lip, "rimLower": self._mesh.lower_lip, "shadow": self._mesh.upper_lip}
        for name, row in lip_uv.items():
            span = self._spans[name]
            self._rows[span, 2:4] = np.tile(uv[row], (2, 1))
            self._rows[span, 8] = np.tile(self._rows[mesh, 8][row], 2)
            self._rows[span, 9] = np.repeat([1.0, 0.0], len(row))
        self._rows[self._spans["shadow"], 7] = 1
        self._rows[self._spans["shadow"], 9] *= SHADOW
        for side in SIDES:
            across = self._face.down * self._face.height
            for name, row, wide in (
                (f"lashes{side}", self._mesh.upper_lid[side], LASHES),
                (f"rim{side}", self._mesh.lower_lid[side], -RIM),
            ):
                span, edge = self._spans[name], rest[row, :2]
                ends = np.sin(np.linspace(0, np.pi, len(row)))[:, None]
                places = np.concatenate([edge, edge + across * wide * ends])
                self._rows[span, 2:4] = self._atlas.parts["face"].at(places) * self._scale
                self._rows[span, 9] = np.repeat([1.0, 0.0], len(row))
            self._rows[self._spans[f"lashes{side}"], 4:7] = lash_colour(picture, self._points, side)
        for name, part in (("tongue", "tongue"), ("tongueOut", "tongue"), ("lower", "lower"), ("upper", "upper")):
            self._rows[self._spans[name], 2:4] = self._atlas.parts[part].spread(BENT) * self._scale
        for name, places in self._inside_rest.items():
            self._rows[self._spans[name], :2] = places
            self._depth[self._spans[name]] = self._face.seam[5, 2] - TOOTH_BACK * self._face.height
        for side, eye in self._eyes.items():
            self._rows[self._spans[f"eye{side}"], :2] = eye.places
            self._depth[self._spans[f"eye{side}"]] = self._points[[*topology.UPPER_LID[side]], 2].mean()
        cavity = self._spans["cavity"]
        self._rows[cavity, 2:4] = self._rows[mesh, 2:4][0]
        self._rows[cavity, 4:7] = np.repeat([DARK, DEEP], BENT, 0)
        self._rows[cavity, 7] = 1

    def _into_lips(self, rest: Doubles) -> Doubles:
        """How far the lips' inner edges take their colour from within the lips: the teeth's edge is not a lip's."""
        inward = np.zeros((len(self._mesh.coarse), 2))
        if self._face.parted:
            coarse = self._mesh.coarse @ self._points[: topology.LANDMARKS]
            for i, shares in ((0, (0.0, 0.0, 0.14, 0.30)), (1, (0.0, 0.0, 0.14, 0.30))):
                outer = topology.LIP_ROWS[i][1:-1]
                for row, share in zip(topology.LIP_ROWS[i::2], shares, strict=True):
                    here = list(row[1:-1])
                    inward[here] = (coarse[list(outer)] - coarse[here])[:, :2] * share
        return np.asarray(self._mesh.fine @ inward)

    def _shade(self) -> Doubles:
        shade = np.ones(len(self._mesh.coarse))
        if self._face.parted:
            shade[[*topology.UPPER_LIP, *topology.LOWER_LIP]] = PARTED_SHADE
            shade[[*topology.LIP_ROWS[4], *topology.LIP_ROWS[5]]] = (1 + PARTED_SHADE) / 2
        return np.asarray(self._mesh.fine @ shade)

    def _lid_colours(self, picture: Image) -> tuple[Doubles, Doubles]:
        """How much each drawn point (m, 2) shows lid skin, by side, and of which colour (m, 3)."""
        shares, colours = [], np.zeros((len(self._mesh.coarse), 3))
        coarse = (self._mesh.coarse @ self._points[: topology.LANDMARKS])[:, :2]
        middle = coarse @ self._face.right > float(self._points[topology.NOSE, :2] @ self._face.right)
        for side, here in zip(SIDES, (~middle, middle), strict=True):
            lid = lid_skin(picture, self._points, side, upper=True)
            colours[here] = lid.mean(0)
            colours[list(topology.LOWER_LID[side][1:-1])] = lid_skin(picture, self._points, side, upper=False)
            for row in (self._mesh.bands[side].tolist(), list(topology.LID_FOLDS[side][1:-1])):
                colours[row] = lid
            shares.append(self._mesh.fine @ lid_weights(side))
        return np.stack(shares, 1), self._mesh.fine @ colours

    def _place_inside(self, acted: Acted, curves: Floats) -> None:
        """Teeth stay with the head, lower teeth and tongue with the jaw."""
        down, h = self._face.down, self._face.height
        up, out = float(curves[_AT["tongueUp"]]), float(curves[_AT["tongueOut"]])
        lift = -0.02 * h * out * down
        shifts = {
            "lower": acted.jaw,
            "tongue": acted.jaw * (1 - 0.62 * up) + lift,
            "tongueOut": acted.jaw * (1 - 0.35 * up) + lift,
        }
        for name, shift in shifts.items():
            self._rows[self._spans[name], :2] = self._inside_rest[name] + shift
        cavity = self._spans["cavity"]
        self._rows[cavity.start + BENT : cavity.stop, :2] = (
            self._inside_rest["cavity"][BENT:] + acted.opening * h * down
        )
        self._rows[self._spans["tongueOut"], 9] = min(1.0, 2 * out)
        self._rows[self._spans["lower"], 8] = 0.80 + 0.2 * min(1.0, acted.opening / 0.12)
        self._rows[self._spans["upper"], 8] = 0.86 + 0.14 * min(1.0, acted.opening / 0.10)

    def _rest_inside(self) -> dict[str, Doubles]:
        """Where what is inside the mouth lies while it is closed: for each piece two rows of points."""
        face, h = self._face, self._face.height
        wide = float(np.linalg.norm(face.seam[-1, :2] - face.seam[0, :2]))
        wide = min(max(wide, 0.30 * h), 0.44 * h)
        boxes = {
            "cavity": (0.80 * wide, -0.10 * h, 0.03 * h),
            "upper": (0.48 * wide, -0.085 * h, 0.052 * h),
            "lower": (0.42 * wide, 0.010 * h, 0.110 * h),
            "tongue": (0.34 * wide, -0.042 * h, 0.17 * h),
            "tongueOut": (0.25 * wide, -0.005 * h, 0.15 * h),
        }
        middle = face.seam[5, :2]
        seam = (face.seam[:, :2] - middle) @ np.stack([face.right, face.down], 1)
        rest = {}
        for name, (half, top, bottom) in boxes.items():
            across = np.linspace(-half, half, BENT)
            bend = BEND * np.interp(across, seam[:, 0], seam[:, 1])
            rows = [middle + np.outer(across, face.right) + np.outer(edge + bend, face.down) for edge in (top, bottom)]
            rest[name] = np.concatenate(rows)
        return rest

    def _strips(self) -> dict[str, tuple[NDArray[np.int64], float]]:
        """The strips along edges: whose edge, and how wide in face heights (upwards where below 0)."""
        mesh = self._mesh
        strips = {"shadow": (mesh.upper_lip, SHADOW_DEPTH), "rimUpper": (mesh.upper_lip, RIM)}
        strips["rimLower"] = mesh.lower_lip, -RIM
        for side in SIDES:
            strips[f"lashes{side}"] = mesh.upper_lid[side], LASHES
            strips[f"rim{side}"] = mesh.lower_lid[side], -RIM
        return strips

    def _strip_places(self) -> tuple[NDArray[np.int64], NDArray[np.int64], Doubles]:
        """Of all strips together: their vertices, the mesh's points that these follow, and how far away they lie."""
        vertices, points, away = [], [], []
        for name, (row, wide) in self._strips().items():
            span = self._spans[name]
            ends = np.sin(np.linspace(0, np.pi, len(row)))[:, None]
            vertices.append(np.arange(span.start, span.stop))
            points.append(np.tile(row, 2))
            away += [np.zeros((len(row), 2)), self._face.down * self._face.height * wide * ends]
        return np.concatenate(vertices), np.concatenate(points), np.concatenate(away)

    def _place_strips(self, points: Doubles) -> None:
        vertices, followed, away = self._strip_rest
        self._rows[vertices, :2] = points[followed, :2] + away
        self._depth[vertices] = points[followed, 2]

    def _eye(self, side: str) -> _Eye:
        low, high = eye_window(self._points, side)
        x, y = (np.linspace(low[i], high[i], EYE_GRID[i]) for i in (0, 1))
        places = np.stack([grid.ravel() for grid in np.meshgrid(x, y)], 1)
        iris = self._points[topology.IRISES[side] :][:5, :2]
        corners = self._points[[topology.UPPER_LID[side][0], topology.UPPER_LID[side][-1]], :2]
        radius = float(np.linalg.norm(iris[1:] - iris[0], axis=1).mean())
        return _Eye(places, iris[0], radius, float(np.linalg.norm(corners[1] - corners[0])))

    def _place_eye(self, side: str, curves: Floats) -> None:
        """An eyeball whose iris is moved as a whole, and whose white is stretched beside it."""
        eye = self._eyes[side]
        yaw, pitch = (math.radians(GAZE_SHARE * float(curves[_AT[n]])) for n in ("gazeYaw", "gazePitch"))
        shift = EYE_RADIUS * eye.wide * (self._face.right * math.sin(yaw) - self._face.down * math.sin(pitch))
        away = np.hypot(*(eye.places - eye.iris - shift).T)
        share = np.clip((0.85 * eye.wide - away) / (0.85 * eye.wide - 1.25 * eye.radius), 0, 1)
        source = eye.places - shift * (share * share * (3 - 2 * share))[:, None]
        self._rows[self._spans[f"eye{side}"], 2:4] = self._atlas.parts[f"eye{side}"].at(source) * self._scale


def _outside(mesh: topology.Mesh) -> Doubles:
    """Opacity of the coarse points: none at the border, which lies over the photo itself."""
    opacity = np.ones(len(mesh.coarse))
    opacity[mesh.border] = 0
    return opacity


def _grid(columns: int, rows: int) -> NDArray[np.int32]:
    """Triangles of a grid of points, row by row."""
    corner = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)[None]).ravel()
    a, b, c, d = corner, corner + 1, corner + columns, corner + columns + 1
    return np.concatenate([np.stack([a, b, c], 1), np.stack([b, d, c], 1)]).astype(np.int32)
