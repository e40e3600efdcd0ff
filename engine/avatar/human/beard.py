"""Facial hair: where it grows, painted, and the short strokes that stand out of it and move with the jaw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.ndimage import gaussian_filter

from engine.avatar.body_file import Material
from engine.avatar.human.face_map import MOUTH, Canvas, Layout, Plane, noise
from engine.avatar.human.mesh import Part, Points, smoothstep, unit
from engine.avatar.human.sculpt import Figure
from engine.avatar.human.spec import Looks, srgb

TOP_X = (0.0, 0.0150, 0.0200, 0.0300, 0.0440, 0.0540, 0.0610, 0.0660, 0.0690)
TOP_Z = (-0.0455, -0.0462, -0.0500, -0.0560, -0.0570, -0.0480, -0.0350, -0.0160, 0.0)
"""The beard's upper edge in the face map's frame (metres from the middle, above the eyes)."""

JAW_X = (0.0, 0.0200, 0.0300, 0.0400, 0.0500, 0.0580, 0.0650, 0.0720)
JAW_Z = (-0.1050, -0.1015, -0.0935, -0.0825, -0.0670, -0.0500, -0.0300, -0.0100)
"""The jaw's outline in the same frame."""

UNDER = 0.010
"""Metres under the jaw's outline over which the beard fades."""

GRAIN = (0.35, 0.70)
"""Cosines between the skin and the map's plane from which the grain appears and is whole: elsewhere the map is
stretched over the skin, and a grain would be streaks."""

CORNERS = 0.0290
"""Half the width of a moustache."""


MATTE = 0.11
"""How far along a strand the tip counts: the hair shader lets the first part of a strand shine least."""


@dataclass(frozen=True)
class Cut:
    """A style: painted strength, strokes, and their length and width in metres."""

    paint: float
    strokes: int = 0
    length: float = 0.0
    width: float = 0.0
    moustache_only: bool = False
    bare: float = 0.75
    """How bare the skin beside the lower lip's middle is."""


CUTS: dict[str, Cut] = {
    "stubble": Cut(0.34),
    "short": Cut(0.86, 900, 0.0040, 0.0007),
    "full": Cut(0.96, 1300, 0.0095, 0.0011, bare=0.3),
    "moustache": Cut(0.92, 260, 0.0058, 0.0008, moustache_only=True),
}
"""What each beard style is; "none" has no cut."""


def growth(x: Points, z: Points, cut: Cut) -> Points:
    """How densely hair grows at points of the face map's frame, 0 to 1; the lips are not left out."""
    aside = abs(x)
    edge = np.interp(aside, TOP_X, TOP_Z)
    below = smoothstep(0.002, -0.005, z - edge)
    moustache = below * smoothstep(CORNERS, CORNERS - 0.006, aside) * smoothstep(MOUTH - 0.006, MOUTH, z)
    if cut.moustache_only:
        return np.asarray(moustache)
    bare = np.exp(-(((aside - 0.013) / 0.006) ** 2) - ((z - MOUTH + 0.0145) / 0.005) ** 2)
    jaw = smoothstep(-UNDER, 0.0, z - np.interp(aside, JAW_X, JAW_Z)) * smoothstep(-0.004, -0.024, z)
    whole = below * jaw * (1 - cut.bare * bare) * smoothstep(0.075, 0.068, aside)
    return np.asarray(np.maximum(whole, moustache))


def paint_beard(canvas: Canvas, looks: Looks, lips: Plane, facing: Plane) -> None:
    """The beard's shadow on the skin, with a grain of fine hairs where the skin is ``facing`` the map (cosine)."""
    cut = CUTS.get(looks.beard.style)
    if cut is None:
        return
    where = growth(canvas.x, canvas.z, cut)
    off_lips = np.clip(1 - gaussian_filter(lips, 3) * 1.6, 0, 1)
    grain = (0.11 * noise(1.1, 12) + 0.05 * noise(5, 13)) * smoothstep(*GRAIN, facing)
    mask = gaussian_filter(np.asarray(where, np.float32), 5) * off_lips * cut.paint
    mask = np.clip(mask * (0.92 + grain), 0, 1)
    canvas.cover(np.asarray(mask, np.float32), np.array(srgb(looks.beard.colour), np.float32))


def beard(figure: Figure, skin: Part, looks: Looks) -> Part | None:
    """The strokes of a short or full beard or a moustache; None where the paint is all. Extra: as hair has."""
    cut = CUTS.get(looks.beard.style)
    if cut is None or not cut.strokes:
        return None
    rng = np.random.default_rng(looks.seed)
    layout = Layout(figure.data)
    place = layout.of(skin, figure) - [0, 0, layout.eye_height]
    inside = (skin.extra["inner_mouth"] < 0.3) & (skin.extra["lip"] < 0.35) & (skin.normal[:, 1] < 0.55)
    density = growth(place[:, 0], place[:, 2], cut) * inside
    roots, corners = _roots(skin, density, cut.strokes, rng)
    return _strokes(figure, skin, place, cut, roots, corners, rng)


def _roots(skin: Part, density: Points, count: int, rng: np.random.Generator) -> tuple[Points, Points]:
    """Barycentric weights (count, 3) and vertex ids (count, 3) of places drawn by density."""
    triangles = skin.triangles
    a, b, c = (skin.position[triangles[:, k]] for k in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1) * density[triangles].min(1)
    chosen = rng.choice(len(triangles), count, p=area / area.sum())
    u, v = rng.random(count), rng.random(count)
    folded = u + v > 1
    u, v = np.where(folded, 1 - u, u), np.where(folded, 1 - v, v)
    return np.stack([1 - u - v, u, v], 1), triangles[chosen]


def _strokes(
    figure: Figure, skin: Part, place: Points, cut: Cut, roots: Points, corners: Points, rng: np.random.Generator
) -> Part:
    """Each stroke is a tapered blade of five vertices and three triangles that lies over the skin."""
    assert skin.source is not None
    count = len(roots)
    rows = np.repeat(np.arange(count), 3)
    mix = sp.csr_matrix((roots.ravel(), (rows, corners.ravel())), shape=(count, len(skin.position)))
    normal, at = unit(mix @ skin.normal), mix @ place
    lip = _on_lip(at)
    along = _direction(at, normal, lip, rng)
    across = unit(np.cross(along, normal))
    chin = smoothstep(-0.080, -0.098, at[:, 2]) * smoothstep(0.045, 0.02, abs(at[:, 0]))
    length = cut.length * (0.75 + 0.5 * rng.random(count)) * (0.75 + 0.5 * chin)
    length = np.where(cut.moustache_only, length, length * (1 - 0.45 * lip))
    width = cut.width * (0.8 + 0.4 * rng.random(count)) * 0.5
    stations = ((0.0, 1.0, -0.0003), (0.55, 0.8, 0.10), (1.0, 0.0, 0.16))
    points, follow = [], []
    for reach, share, lift in stations:
        middle = along * (length * reach)[:, None] + normal * (lift * length + 0.0004)[:, None]
        sides = (-1, 1) if share else (0,)
        points += [middle + across * (side * share * width)[:, None] for side in sides]
        follow += [(reach, 0.5 + 0.5 * side) for side in sides]
    offset = np.stack(points, 1).reshape(-1, 3)
    blades = np.array([[0, 1, 3], [0, 3, 2], [2, 3, 4]])
    triangles = (np.arange(count)[:, None, None] * 5 + blades).reshape(-1, 3)
    spread = sp.csr_matrix((np.ones(5 * count), (np.arange(5 * count), np.repeat(np.arange(count), 5))))
    source = sp.csr_matrix(spread @ mix @ skin.source)
    splay = np.stack([0.45 * (2 * side - 1) for _, side in follow])
    normals = unit(np.repeat(normal, 5, 0) + np.repeat(across, 5, 0) * np.tile(splay, count)[:, None])
    part = Part("beard", source @ figure.vertices + offset, triangles, source, normals, kind="hair", moving=True)
    part.material = Material(dye="beard")
    part.extra["along"] = np.repeat(along, 5, 0)
    shade = np.repeat(rng.random(count), 5)
    along_it, side_of_it = (np.tile([f[i] for f in follow], count) for i in (0, 1))
    part.extra["strand"] = np.stack([side_of_it, MATTE * along_it, shade, np.full(5 * count, 1.5)], 1)
    return part


def _on_lip(at: Points) -> Points:
    """How much a place is on the upper lip."""
    return np.asarray(
        smoothstep(MOUTH - 0.004, MOUTH + 0.004, at[:, 2]) * smoothstep(0.034, 0.022, abs(at[:, 0])), np.float64
    )


def _direction(at: Points, normal: Points, lip: Points, rng: np.random.Generator) -> Points:
    """Hair on the jaw grows down and a little to the side, on the lip to the corners, on the chin forwards."""
    side = np.sign(at[:, 0]) * np.clip(abs(at[:, 0]) / 0.006, 0, 1)
    down = np.stack([0.10 * side, np.full(len(at), -0.10), np.full(len(at), -1.0)], 1)
    outward = np.stack([0.80 * side, np.full(len(at), -0.05), np.full(len(at), -0.65)], 1)
    wanted = down * (1 - lip[:, None]) + outward * lip[:, None] + rng.normal(size=at.shape) * 0.16
    return unit(wanted - normal * (wanted * normal).sum(1, keepdims=True))
