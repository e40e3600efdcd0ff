"""A blazer with lapels, collar and buttons over a scoop-neck top."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.avatar.body_file import Material
from engine.avatar.human.mesh import Part, Points, vertex_normals
from engine.avatar.human.outfits.collar import lapel_collar
from engine.avatar.human.outfits.drape import Fold, Front
from engine.avatar.human.outfits.tailoring import Ease, Tailor, seams
from engine.avatar.human.outfits.trimmings import Neckline, Polyline, buttons, cuffs, sheet
from engine.avatar.human.sculpt import Figure

OPENING_DEPTH = 0.250
"""How far below the neck joint the blazer closes, metres."""

NOTCH = -0.056
"""Height of the notch, where collar and lapel meet, from the neck joint."""

NECK_HEIGHT, NECK_TILT = 0.012, 0.36
LAPEL_TIP = (0.116, -0.082)

CLOTH = Material("outfit", sheen=0.16, culled=True)
FACING = Material("outfit", sheen=0.16, stitched=True, over=True)
TOP = Material("second", sheen=0.25, culled=True)

EASE = Ease(
    clearance=0.011,
    sleeve=(0.008, 0.010),
    pad=0.005,
    folds=(
        Fold((0.118, -0.150), (0.085, -0.215), 0.0022, 0.012),
        Fold((0.115, -0.275), (0.020, -0.262), 0.0022, 0.013),
        Fold((0.115, -0.33), (0.020, -0.300), 0.0020, 0.014),
    ),
    sleeve_folds=0.0020,
)


def blazer(figure: Figure) -> list[Part]:
    """``collar``, ``lapels``, ``pocket``, ``buttons``, ``cuffs``, ``blazer``, ``top``."""
    tailor = Tailor(figure)
    shell = tailor.shell(EASE)
    normals = vertex_normals(shell, tailor.tights.triangles)
    line = Neckline(tailor, shell, normals, NECK_HEIGHT, NECK_TILT)
    body = tailor.garment("blazer", shell, _keep(tailor, shell, line), sleeve_end=-0.004)
    body.normal, body.material = normals, CLOTH
    z = shell[:, 2] - tailor.neck[2]
    ahead = (z < -OPENING_DEPTH + 0.02) & (shell[:, 1] < tailor.neck[1]) & (tailor.arms < 0.5)
    closing = shell[:, 0] + 0.016
    closing = np.where(ahead, closing, np.where(closing < 0, -0.1, 0.1))
    body.extra["seam"] = seams(tailor.armhole(), closing)
    front = Front(shell[(normals[:, 1] < 0.1) & (tailor.arms < 0.6)], tailor.neck)
    inner = _on(tailor, front, opening_at(NOTCH - 0.018), NOTCH - 0.018)
    corner = _on(tailor, front, 0.100, NOTCH - 0.006)
    collar = lapel_collar(tailor, shell, line, inner, corner)
    collar.material = FACING
    studs: Polyline = [(0.0, -OPENING_DEPTH - 0.022), (0.0, -OPENING_DEPTH - 0.110)]
    cuff = cuffs(tailor, shell, -0.012, 0.030, 0.0016, Material("outfit", sheen=0.16))
    return [
        buttons(tailor, front, shell, studs, 0.0085, 0.0012),
        _lapels(tailor, front, shell),
        _pocket(tailor, front, shell),
        collar,
        cuff,
        body,
        tailor.lining(body),
        _top(tailor),
    ]


def opening_at(z: Points | float) -> Any:
    """Half width of the V opening at a height above the neck joint, or at each of many."""
    knots = [-OPENING_DEPTH, -OPENING_DEPTH + 0.06, NOTCH, -0.02, 0.03]
    return np.interp(z, knots, [0.0, 0.025, 0.066, 0.078, 0.086])


def _keep(tailor: Tailor, shell: Points, line: Neckline) -> Points:
    """Signed field, positive where there is cloth."""
    z = shell[:, 2] - tailor.neck[2]
    cut = (shell[:, 1] < tailor.neck[1]) & (z > -OPENING_DEPTH)
    opening = np.where(cut, abs(shell[:, 0]) - opening_at(z), 0.05)
    return np.minimum(opening, -line.above(shell))


def _lapels(tailor: Tailor, front: Front, shell: Points) -> Part:
    low = -OPENING_DEPTH
    levels = np.linspace(low + 0.002, NOTCH, 12)
    inner: Polyline = [(float(opening_at(z)) - 0.001, float(z)) for z in levels]
    outer: Polyline = [
        (0.004, low - 0.004),
        (0.038, low + 0.045),
        (0.070, low + 0.095),
        (0.096, low + 0.140),
        LAPEL_TIP,
    ]
    part = sheet(tailor, "lapels", front, shell, (inner, outer), (7, 18), lift=0.0045, roll=0.0045)
    part.material = FACING
    return part


def _pocket(tailor: Tailor, front: Front, shell: Points) -> Part:
    """The welt of a breast pocket, on the host's left."""
    upper: Polyline = [(0.058, -0.158), (0.108, -0.148)]
    lower: Polyline = [(0.060, -0.174), (0.110, -0.164)]
    part = sheet(tailor, "pocket", front, shell, (upper, lower), (4, 9), mirrored=False, lift=0.0030, roll=0.0010)
    part.material = FACING
    return part


def _top(tailor: Tailor) -> Part:
    position = tailor.tights.position + tailor.tights.normal * 0.004
    x, y, z = (position - tailor.neck).T
    scoop = np.where(y < 0.035, 1 - np.hypot(x / 0.088, (z - 0.03) / 0.135), 0)
    keep = np.minimum(-scoop, -z - 0.032) * 0.1
    around = 0.09 - np.hypot(x, y)
    keep = np.minimum(keep, np.where(y < 0, opening_at(z) + 0.045 - abs(x), around))
    part = Part("top", position, tailor.tights.triangles[(keep[tailor.tights.triangles] > 0).any(1)], tailor.source)
    part.kind, part.material = "cloth", TOP
    part.normal = tailor.tights.normal
    part.extra["keep"] = keep
    return part


def _on(tailor: Tailor, front: Front, x: float, z: float) -> Points:
    """The point of a garment's front at (x, z) from the neck joint, a little proud of the cloth."""
    point, normal = front.lookup(np.array([[x, z]]) + tailor.neck[[0, 2]])
    return np.asarray(point[0] + normal[0] * 0.0035)
