"""Fine-ribbed knitwear with a short standing neck, ribbed cuffs and hem."""

from __future__ import annotations

import numpy as np

from engine.avatar.body_file import Material
from engine.avatar.human.mesh import Part, Points, smoothstep, vertex_normals
from engine.avatar.human.outfits.drape import Fold
from engine.avatar.human.outfits.tailoring import Ease, Tailor, seams
from engine.avatar.human.outfits.trimmings import NECK_POINTS, RIB_WIDTH, Neckline, band, cuffs
from engine.avatar.human.sculpt import Figure

WOOL = Material("outfit", sheen=0.45, culled=True)
BAND = Material("outfit", sheen=0.45)

NECK_HEIGHT, NECK_TILT = 0.012, 0.42
STAND = 0.034
HEM_RIB = 0.50
"""Metres below the neck joint where the hem's ribbing begins."""

EASE = Ease(
    clearance=0.008,
    sleeve=(0.004, 0.007),
    folds=(
        Fold((0.105, -0.16), (0.045, -0.215), 0.0018, 0.016),
        Fold((0.10, -0.30), (0.02, -0.345), 0.0016, 0.018),
        Fold((0.11, -0.38), (0.035, -0.41), 0.0018, 0.018),
    ),
    sleeve_folds=0.0016,
)


def knit(figure: Figure) -> list[Part]:
    """Knitwear with a short standing neck."""
    tailor = Tailor(figure)
    shell = tailor.shell(EASE)
    normals = vertex_normals(shell, tailor.tights.triangles)
    line = Neckline(tailor, shell, normals, NECK_HEIGHT, NECK_TILT)
    body = tailor.garment("knit", shell, -line.above(shell), sleeve_end=-0.004)
    body.normal, body.material = normals, WOOL
    ribs(tailor, body, shell)
    hem = shell[:, 2] - figure.neck[2] + HEM_RIB
    body.extra["seam"] = seams(tailor.armhole(), np.where(tailor.arms < 0.5, hem, 0.1))
    cuff = cuffs(tailor, shell, -0.012, 0.05, 0.0022, BAND, ribbed=True)
    return [standing_neck(tailor, shell, line), cuff, body]


def standing_neck(tailor: Tailor, shell: Points, line: Neckline) -> Part:
    """A ribbed band that stands around the neck and turns in at the top."""
    angle = np.linspace(-np.pi, np.pi, NECK_POINTS + 1)
    skin = Neckline(tailor, tailor.tights.position, tailor.tights.normal, line.height, line.tilt)
    base = line.ring(angle, -0.003, 0.0015)
    rim = skin.ring(angle, STAND, 0.0065)
    middle = skin.ring(angle, STAND * 0.55, 0.0075)
    low = 0.5 * (line.ring(angle, 0.004, 0.002) + skin.ring(angle, 0.006, 0.008))
    inside, deep = skin.ring(angle, STAND - 0.0015, 0.0035), skin.ring(angle, STAND - 0.032, 0.0005)
    part = band(tailor, "neckband", shell, [base, low, middle, rim, inside, deep], BAND, ribbed=True)
    part.extra["seam"] = np.repeat([0.0, 0.1, 0.1, 0.1, 0.1, 0.0], len(angle))
    return part


def ribs(tailor: Tailor, body: Part, shell: Points) -> None:
    """Fine upright ribs over body and sleeves, stronger at the hem, none where the two meet."""
    local = shell - tailor.neck
    across = np.arctan2(local[:, 0], -local[:, 1] + 0.02) * 0.125
    where = across / RIB_WIDTH
    for side in tailor.sleeves:
        around = tailor.sleeves[side].measured(shell)[1]
        where = np.where(tailor.arm[side] > 0.55, np.mod(around, 2 * np.pi) * 0.036 / RIB_WIDTH, where)
    strength = 0.16 * np.minimum(smoothstep(0.03, 0.10, abs(tailor.arms - 0.55)), 1)
    hem = smoothstep(-HEM_RIB + 0.004, -HEM_RIB - 0.004, local[:, 2]) * (tailor.arms < 0.5)
    body.extra["rib"] = np.stack([where, strength + 0.2 * hem], 1)
