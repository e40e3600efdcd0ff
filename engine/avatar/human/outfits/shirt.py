"""A shirt or blouse: an open collar on a stand, a buttoned placket, cuffs."""

from __future__ import annotations

import numpy as np

from engine.avatar.body_file import Material
from engine.avatar.human.mesh import Part, Points, vertex_normals
from engine.avatar.human.outfits.collar import shirt_collar
from engine.avatar.human.outfits.drape import Fold, Front
from engine.avatar.human.outfits.tailoring import HEM, Ease, Tailor, seams
from engine.avatar.human.outfits.trimmings import Neckline, buttons, cuffs, sheet
from engine.avatar.human.sculpt import Figure

COTTON = Material("outfit", sheen=0.20, culled=True)
STITCHED = Material("outfit", sheen=0.20, stitched=True, over=True)
CUFF = Material("outfit", sheen=0.20)

NECK_HEIGHT, NECK_TILT = 0.008, 0.42
OPENING = 0.088
"""How far below the neck joint the shirt is open, metres."""

PLACKET = 0.017
"""Half the width of the button placket, metres."""

EASE = Ease(
    clearance=0.008,
    sleeve=(0.010, 0.010),
    folds=(
        Fold((0.112, -0.135), (0.06, -0.205), 0.0026, 0.012),
        Fold((0.10, -0.21), (0.045, -0.235), 0.0020, 0.012),
        Fold((0.105, -0.285), (0.030, -0.33), 0.0026, 0.014),
        Fold((0.03, -0.30), (0.085, -0.37), 0.0018, 0.012),
        Fold((0.115, -0.36), (0.04, -0.40), 0.0024, 0.014),
    ),
    sleeve_folds=0.0026,
)


def shirt(figure: Figure) -> list[Part]:
    """An open-necked shirt, its parts dyed "outfit"."""
    return shirt_parts(Tailor(figure), "outfit")


def shirt_parts(tailor: Tailor, dye: str) -> list[Part]:
    """``collar``, ``buttons``, ``placket``, ``cuffs``, ``shirt`` in one dye."""
    shell = tailor.shell(EASE)
    normals = vertex_normals(shell, tailor.tights.triangles)
    line = Neckline(tailor, shell, normals, NECK_HEIGHT, NECK_TILT)
    ahead = shell[:, 1] < tailor.neck[1]
    z = shell[:, 2] - tailor.neck[2]
    opening = np.where(ahead & (z > -OPENING - 0.03), abs(shell[:, 0]) - opening_at(z) - 0.004, 0.05)
    body = tailor.garment("shirt", shell, np.minimum(-line.above(shell), opening), sleeve_end=-0.004)
    body.normal, body.material = normals, COTTON
    yoke = np.where((tailor.arms < 0.55) & ahead, z + 0.055, np.where(z < -0.055, -0.1, 0.1))
    body.extra["seam"] = seams(tailor.armhole(), yoke)
    front = Front(shell[(normals[:, 1] < 0.1) & (tailor.arms < 0.6)], tailor.neck)
    studs = [(0.0, float(level)) for level in np.arange(-OPENING - 0.022, -0.5, -0.078)]
    parts = [
        shirt_collar(tailor, shell, line, opening_at),
        buttons(tailor, front, shell, studs, 0.0054, 0.0032, "second" if dye == "outfit" else "outfit"),
        placket(tailor, front, shell),
        cuffs(tailor, shell, -0.012, 0.058, 0.0030, CUFF),
        tailor.lining(body),
        body,
    ]
    return [dyed(part, dye) if part.name != "buttons" else part for part in parts]


def opening_at(z: Points) -> Points:
    """Half width of the open neck at heights from the neck joint."""
    knots = [-OPENING, -OPENING + 0.03, -0.03, 0.01, 0.05]
    return np.asarray(np.interp(z, knots, [-0.012, 0.011, 0.034, 0.042, 0.044]))


def placket(tailor: Tailor, front: Front, shell: Points) -> Part:
    """The strip that the buttons sit on; above the opening it follows both of its edges."""
    middle = [(-PLACKET, -OPENING + 0.012), (-PLACKET, -HEM + 0.01)]
    other = [(PLACKET, -OPENING + 0.012), (PLACKET, -HEM + 0.01)]
    part = sheet(tailor, "placket", front, shell, (middle, other), (5, 34), mirrored=False, lift=0.0022, roll=0.0006)
    part.material = STITCHED
    return part


def dyed(part: Part, dye: str) -> Part:
    """The part in another dye."""
    old = part.material
    part.material = Material(dye, sheen=old.sheen, stitched=old.stitched, culled=old.culled, over=old.over)
    return part
