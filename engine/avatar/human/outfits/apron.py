"""A work apron with bib, neck strap and pocket, over a shirt in the second colour."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from engine.avatar.body_file import Material
from engine.avatar.human.mesh import Indices, Part, Points, grid_quads, triangulate
from engine.avatar.human.outfits.shirt import shirt_parts
from engine.avatar.human.outfits.tailoring import CUT, HEM, Tailor, seams
from engine.avatar.human.outfits.trimmings import faced
from engine.avatar.human.sculpt import Figure

CANVAS = Material("outfit", sheen=0.12, culled=True, over=True)
SKIRT_CANVAS = Material("outfit", sheen=0.12, culled=True)
STRAP = Material("outfit", sheen=0.12, stitched=True, over=True)

BIB_TOP, BIB_HALF, WAIST, WIDEST = -0.118, 0.074, -0.30, 0.16
"""Metres from the neck joint: the bib's upper edge and half its width there; the waist and half the width there,
more than the body has."""

SIDES_BACK = 0.015
"""How far behind the neck joint the skirt of the apron reaches, metres."""

SKIRT = -0.36
"""Below this no sleeve's cloth lies under the apron; what is lower is never drawn over one."""

LIFT, HEMLINE = 0.0045, 0.007
STRAP_WIDTH, STRAP_POINTS = 0.017, 22
STRAP_AT_CREST = 0.072
"""Distance of the strap from the neck's middle where it crosses the shoulder, metres."""


def apron(figure: Figure) -> list[Part]:
    """``straps``, ``apron``, ``skirt``, and the shirt's parts."""
    tailor = Tailor(figure)
    under = shirt_parts(tailor, "second")
    shell, normals = under[-1].position, under[-1].normal
    cloth = shell + normals * LIFT
    x, y, z = (cloth - tailor.neck).T
    sides = BIB_HALF + (WIDEST - BIB_HALF) * np.clip((BIB_TOP - z) / (BIB_TOP - WAIST), 0, 1.6) ** 2.2 - abs(x)
    keep = np.minimum.reduce([sides, BIB_TOP - z, z + HEM, SIDES_BACK - y])
    keep = np.where(tailor.arms > 0.35, -0.05, keep)
    triangles = tailor.coarse[(keep[tailor.coarse] > -2 * CUT).any(1)]
    triangles = triangles[(keep[triangles] > 0).any(1) & (normals[triangles, 1] < 0.3).any(1)]
    pocket = np.minimum.reduce([0.082 - abs(x), -0.335 - z, z + 0.52])
    high = (z[triangles] > SKIRT).any(1)
    pieces = []
    for name, own, material in (("apron", triangles[high], CANVAS), ("skirt", triangles[~high], SKIRT_CANVAS)):
        part = Part(name, cloth, own, tailor.source, normals, kind="cloth", material=material)
        part.extra["keep"], part.extra["seam"] = keep, seams(keep - HEMLINE, pocket)
        pieces.append(part)
    for covered in under:
        if covered.name in ("buttons", "placket"):
            _above_bib(covered, tailor)
    return [straps(tailor, shell, normals), *pieces, *under]


def _above_bib(part: Part, tailor: Tailor) -> None:
    """Leaves out what the bib covers."""
    height = part.position[:, 2] - tailor.neck[2]
    part.triangles = part.triangles[(height[part.triangles] > BIB_TOP - 0.012).all(1)]


def straps(tailor: Tailor, shell: Points, normals: Points) -> Part:
    """The strap around the neck, from either corner of the bib over the shoulder."""
    torso = (tailor.arms < 0.4) & (abs(shell[:, 0] - STRAP_AT_CREST) < 0.008)
    crest = shell[np.where(torso)[0][shell[torso, 2].argmax()]] - tailor.neck
    corner = np.array([BIB_HALF - STRAP_WIDTH / 2 - 0.004, -0.13, BIB_TOP - 0.012])
    behind = np.array([0.030, 0.075, crest[2] + 0.020])
    stations = np.array([corner, [0.066, -0.11, -0.07], crest, behind])
    t = np.linspace(0, len(stations) - 1, STRAP_POINTS)
    line = np.stack([np.interp(t, range(len(stations)), stations[:, k]) for k in range(3)], 1)
    positions: list[Points] = []
    triangles: list[Indices] = []
    quads = grid_quads(STRAP_POINTS, 3)
    for side in (1, -1):
        across = np.array([STRAP_WIDTH / 2, 0, 0])
        strip = np.stack([line - across, line, line + across], 1).reshape(-1, 3) * [side, 1, 1] + tailor.neck
        triangles.append(triangulate(quads if side > 0 else quads[:, ::-1]) + sum(len(p) for p in positions))
        positions.append(snapped(strip, shell, normals, 0.0030))
    position = np.concatenate(positions)
    part = Part("straps", position, np.concatenate(triangles), tailor.borrowed(position, shell), kind="cloth")
    part.material, part.limbs = STRAP, True
    part.extra["loose"] = tailor.loose(position)
    part.extra["edge"] = np.tile([0.0, 0.5, 1.0], 2 * STRAP_POINTS)
    return faced(part)


def snapped(points: Points, shell: Points, normals: Points, lift: float) -> Points:
    """Points brought onto a surface, ``lift`` metres above it."""
    tree = cKDTree(shell)
    for _ in range(4):
        _, near = tree.query(points, k=4)
        base, normal = shell[near].mean(1), normals[near].mean(1)
        height = ((points - base) * normal).sum(1) - lift
        points = points - height[:, None] * normal
    return points
