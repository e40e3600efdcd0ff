"""What all garments share: the tights they grow from, the sleeves, the shell of cloth, its front, and seams."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from scipy.ndimage import gaussian_filter1d
from scipy.spatial import cKDTree

from engine.avatar.human.limbs import SIDES
from engine.avatar.human.mesh import (
    Indices,
    Part,
    Points,
    catmull_clark,
    relax,
    smoothstep,
    triangulate,
    unit,
    vertex_normals,
)
from engine.avatar.human.outfits.drape import Drape, Fold, folded
from engine.avatar.human.sculpt import Figure
from engine.avatar.human.source import BASE_VERTICES
from engine.avatar.pose import ARM_BONES

HEM = 0.62
"""How far below the neck joint clothes end, metres: below the edge of the widest framing."""

AXIS_POINTS = 80
CUT = 0.012
"""A triangle is left out where all of it is further than this outside the cloth's edge, metres."""

SCREEN_FROM = 0.074
"""Distance from the middle from which the flanks are drawn with the sleeves, metres."""

WAIST_SHARE = 0.80
"""A torso is never taken in at the waist by more than to this share of its width."""


@dataclass(frozen=True)
class Ease:
    """How a garment sits. Metres: ``clearance`` from the body; ``sleeve`` at the upper arm and at the wrist, from the
    body's mean radius; ``pad`` of the shoulders.
    """

    clearance: float = 0.009
    sleeve: tuple[float, float] = (0.007, 0.007)
    pad: float = 0.003
    folds: tuple[Fold, ...] = ()
    sleeve_folds: float = 0.0016


class Sleeve:
    """One arm's axis from shoulder to wrist, and where points lie along and around it."""

    def __init__(self, figure: Figure, end: str) -> None:
        joint = figure.rig.joint
        shoulder, elbow, wrist = (joint[figure.rig.index[f"{b}.{end}"]] for b in ("upperarm01", "lowerarm01", "wrist"))
        t = np.linspace(0, 1, AXIS_POINTS)[:, None]
        corners = np.concatenate([shoulder + (elbow - shoulder) * t, (elbow + (wrist - elbow) * t * 1.25)[1:]])
        axis = corners
        for _ in range(160):
            axis = np.concatenate([axis[:1], 0.5 * axis[1:-1] + 0.25 * (axis[:-2] + axis[2:]), axis[-1:]])
        step = np.linalg.norm(np.diff(axis, axis=0), axis=1)
        self.axis, self.along = axis, np.r_[0, np.cumsum(step)]
        self.tangent = unit(np.gradient(axis, axis=0))
        self.length = float(self.along[np.linalg.norm(axis - wrist, axis=1).argmin()])
        self.elbow = float(self.along[np.linalg.norm(axis - elbow, axis=1).argmin()])
        outwards = np.array([1.0 if end == "L" else -1.0, 0, 0])
        self.aside = unit(outwards - self.tangent * (self.tangent @ outwards)[:, None])
        self.ahead = np.cross(self.aside, self.tangent) * outwards[0]
        self._tree = cKDTree(axis)

    def at(self, along: Points | float) -> tuple[Points, Points, Points, Points]:
        """Axis point, its tangent, and the directions aside and ahead there, each (n, 3)."""
        spots = np.atleast_1d(along)
        return tuple(  # type: ignore[return-value]
            np.stack([np.interp(spots, self.along, values[:, k]) for k in range(3)], 1)
            for values in (self.axis, self.tangent, self.aside, self.ahead)
        )

    def measured(self, points: Points) -> tuple[Points, Points, Points]:
        """(metres along, angle around from aside towards ahead, radius) of points."""
        near = self._tree.query(points)[1]
        away = points - self.axis[near]
        along = self.along[near] + (away * self.tangent[near]).sum(1)
        ahead, aside = (away * self.ahead[near]).sum(1), (away * self.aside[near]).sum(1)
        return along, np.arctan2(ahead, aside), np.hypot(ahead, aside)

    def around(self, along: Points, angle: Points, radius: Points) -> Points:
        """Points by what ``measured`` says of them."""
        axis, _, aside, ahead = self.at(along)
        direction = aside * np.cos(angle)[:, None] + ahead * np.sin(angle)[:, None]
        return np.asarray(axis + direction * radius[:, None])


class Tailor:
    """Measures one figure and cuts cloth for it."""

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.neck = figure.neck
        self.tights, self.source, self.coarse = self._tights()
        self.sleeves = {side: Sleeve(figure, end) for side, end in SIDES.items()}
        self._bones = {side: [figure.rig.index[f"{bone}.{end}"] for bone in ARM_BONES] for side, end in SIDES.items()}
        self.arm = {
            side: np.asarray((self.source @ figure.rig.weights[:, bones]).sum(1)).ravel()
            for side, bones in self._bones.items()
        }
        self.arms = self.arm["left"] + self.arm["right"]
        self.shoulder = float(figure.rig.joint[figure.rig.index["upperarm01.L"]][0])
        self.measures = {side: sleeve.measured(self.tights.position) for side, sleeve in self.sleeves.items()}

    def _tights(self) -> tuple[Part, sp.csr_matrix, Indices]:
        """MakeHuman's tights from the neck to the hips with both arms: (subdivided twice, its source, the triangles of
        one subdivision less over the same vertices).
        """
        faces = self.figure.base.faces["helper-tights"]
        centre = self.figure.vertices[faces].mean(1)
        height = self.neck[2]
        arms = [i for i, n in enumerate(self.figure.rig.names) if n.split(".")[0] in ARM_BONES]
        sleeve = np.asarray(self.figure.rig.weights[:, arms].sum(1)).ravel()[faces].mean(1) > 0.5
        kept = ((centre[:, 2] > height - HEM - 0.04) | sleeve) & (centre[:, 2] < height + 0.10)
        once, once_quads, _ = catmull_clark(faces[kept], BASE_VERTICES)
        twice, quads, used = catmull_clark(once_quads, once.shape[0])
        source = sp.csr_matrix(twice @ once)
        coarse = triangulate(np.searchsorted(used, once_quads))
        return Part("tights", source @ self.figure.vertices, triangulate(quads), source), source, coarse

    def shell(self, ease: Ease) -> Points:
        """The garment's cloth over the whole of the tights: bridged, hanging, taken in, with sleeves and folds."""
        rest, triangles = self.tights.position, self.tights.triangles
        torso = relax(rest, triangles, 30)
        for rounds in (12, 6, 6):
            out = ((torso - rest) * self.tights.normal).sum(1)
            lift = np.where(out < ease.clearance, ease.clearance - out, 0)
            torso = relax(torso + self.tights.normal * lift[:, None], triangles, rounds)
        height = self.neck[2]
        body = 1 - smoothstep(0.05, 0.35, self.arms)
        drape = Drape(torso, self.arms < 0.5, self.neck)
        torso = drape.hung(torso, body)
        share = smoothstep(0.45, 0.95, self.arms)[:, None]
        shell = torso * (1 - share) + self._sleeved(ease) * share
        shell = self._blended(shell, share[:, 0])
        shell = self._taken_in(shell)
        pad = np.exp(-(((abs(shell[:, 0]) - self.shoulder) / 0.04) ** 2 + ((shell[:, 2] - height + 0.045) / 0.04) ** 2))
        shell[:, 2] += ease.pad * pad
        shell[:, 0] += np.sign(shell[:, 0]) * ease.pad * 0.5 * pad
        return folded(self, shell, ease.folds, ease.sleeve_folds)

    def _blended(self, shell: Points, share: Points) -> Points:
        """Smooth where the sleeves are set in."""
        where = np.exp(-(((share - 0.55) / 0.40) ** 2))[:, None] * ((self.arms > 0.02) & (self.arms < 0.98))[:, None]
        return np.asarray(shell * (1 - where) + relax(shell, self.tights.triangles, 14) * where)

    def _sleeved(self, ease: Ease) -> Points:
        """The tights' vertices with their arms made into even tubes."""
        fitted = self.tights.position.copy()
        for side, sleeve in self.sleeves.items():
            along, angle, radius = self.measures[side]
            on = self.arm[side] > 0.45
            grid, mean, middle = self._profile(side)
            even = np.interp(along, grid, mean)
            shift = np.stack([np.interp(along, grid, middle[:, k]) for k in (0, 1)], 1)
            ahead, aside = radius * np.sin(angle) - shift[:, 0], radius * np.cos(angle) - shift[:, 1]
            own = np.hypot(ahead, aside)
            reach = np.clip((along - 0.05) / (sleeve.length - 0.05), 0, 1)
            ease_here = ease.sleeve[0] + (ease.sleeve[1] - ease.sleeve[0]) * smoothstep(0.1, 1.0, reach)
            wanted = 0.9 * even + 0.1 * np.minimum(own, even * 1.2) + ease_here
            scale = (wanted / np.maximum(own, 1e-6))[:, None]
            axis, _, out, fore = sleeve.at(along)
            moved = (
                axis + out * (aside[:, None] * scale + shift[:, 1:]) + fore * (ahead[:, None] * scale + shift[:, :1])
            )
            fitted[on] = moved[on]
        return fitted

    def _profile(self, side: str) -> tuple[Points, Points, Points]:
        """Along the arm every 5 mm: (metres along, mean radius of the body, its middle (n, 2) ahead and aside)."""
        vertices = self.figure.group("body")
        share = np.asarray(self.figure.rig.weights[:, self._bones[side]].sum(1)).ravel()[vertices]
        along, angle, radius = self.sleeves[side].measured(self.figure.vertices[vertices[share > 0.9]])
        grid = np.arange(0.05, self.sleeves[side].length + 0.04, 0.005)
        mean, middle = [], []
        for spot in grid:
            near = abs(along - spot) < 0.016
            sectors = ((angle[near] + np.pi) / (2 * np.pi) * 8).astype(int).clip(0, 7)
            count = np.bincount(sectors, minlength=8)
            full = count > 0
            ahead = (np.bincount(sectors, radius[near] * np.sin(angle[near]), minlength=8)[full] / count[full]).mean()
            aside = (np.bincount(sectors, radius[near] * np.cos(angle[near]), minlength=8)[full] / count[full]).mean()
            own = np.hypot(radius[near] * np.sin(angle[near]) - ahead, radius[near] * np.cos(angle[near]) - aside)
            mean.append((np.bincount(sectors, own, minlength=8)[full] / count[full]).mean())
            middle.append([ahead, aside])
        hand = grid > self.sleeves[side].length - 0.005
        radii, middles = np.array(mean), np.array(middle)
        radii[hand], middles[hand] = radii[~hand][-1], middles[~hand][-1]
        return grid, gaussian_filter1d(radii, 4), gaussian_filter1d(middles, 4, axis=0)

    def _taken_in(self, shell: Points) -> Points:
        """The torso made narrow enough to pass between the arms."""
        z = shell[:, 2] - self.neck[2]
        levels = np.arange(-HEM, -0.10, 0.01)
        half, inner = np.zeros(len(levels)), np.zeros(len(levels))
        for i, level in enumerate(levels):
            near = abs(z - level) < 0.012
            torso, arm = near & (self.arms < 0.2), near & (self.arms > 0.9)
            half[i] = abs(shell[torso, 0]).max() if torso.any() else np.nan
            inner[i] = abs(shell[arm, 0]).min() if arm.any() else np.nan
        half = np.interp(levels, levels[~np.isnan(half)], half[~np.isnan(half)])
        inner = np.interp(levels, levels[~np.isnan(inner)], inner[~np.isnan(inner)])
        scale = np.clip((inner - 0.004) / half, WAIST_SHARE, 1.0)
        scale = 1 - (1 - scale) * smoothstep(-0.14, -0.24, levels) * smoothstep(-0.60, -0.40, levels)
        scale = gaussian_filter1d(scale, 3)
        narrowed = shell.copy()
        body = 1 - smoothstep(0.02, 0.30, self.arms)
        narrowed[:, 0] *= 1 - (1 - np.interp(z, levels, scale)) * body
        return narrowed

    def garment(self, name: str, shell: Points, keep: Points, sleeve_end: float | None = None) -> Part:
        """A part with sleeves of what lies inside ``keep`` (n,), above the hem, and short of ``sleeve_end`` metres from
        the wrist.
        """
        keep = np.minimum(keep, shell[:, 2] - self.neck[2] + HEM)
        for side in self.sleeves if sleeve_end is not None else ():
            along = self.sleeves[side].measured(shell)[0]
            limit = self.sleeves[side].length - float(sleeve_end or 0)
            keep = np.where(self.arm[side] > 0.6, np.minimum(keep, limit - along), keep)
        part = Part(name, shell, self.tights.triangles, self.source)
        part.kind, part.limbs = "cloth", True
        part.triangles = part.triangles[(keep[part.triangles] > -CUT).any(1)]
        behind = (vertex_normals(shell, part.triangles)[:, 1] > 0.2) & (self.arms < 0.6)
        part.coarse = self.coarse[(keep[self.coarse] > 0).any(1) & ~behind[self.coarse].all(1)]
        part.extra["keep"] = keep
        part.extra["loose"] = self.loose(shell)
        x, _, z = abs(shell - self.neck).T
        part.extra["screen"] = (x > SCREEN_FROM) & (z > 0.125) & (z < 0.33) & (shell[:, 1] < self.neck[1] + 0.02)
        part.extra["seam"] = np.full(len(shell), 0.1)
        return part

    def lining(self, body: Part) -> Part:
        """The inside of a garment's shoulders and back below the collar, seen where it stands off the neck."""
        x, y, z = (body.position - self.neck).T
        inside = (abs(x) < 0.12) & (y > -0.04) & (z > -0.10) & (self.arms < 0.5)
        triangles = self.coarse[inside[self.coarse].all(1) & (body.extra["keep"][self.coarse] > 0).any(1)]
        position = body.position - body.normal * 0.002
        part = Part("lining", position, triangles[:, ::-1].copy(), body.source, -body.normal, kind="cloth")
        part.material = replace(body.material, culled=True)
        part.extra["keep"] = body.extra["keep"]
        return part

    def loose(self, points: Points) -> Points:
        """How far cloth follows the arms: not at all under lapels and collar."""
        across = smoothstep(0.70, 1.15, abs(points[:, 0]) / self.shoulder)
        return np.asarray(np.maximum(across, smoothstep(-0.13, -0.18, points[:, 2] - self.neck[2])))

    def borrowed(self, points: Points, shell: Points, near: int = 4, among: Points | None = None) -> sp.csr_matrix:
        """Source rows for points that lie on a shell: those of the nearest vertices ``among`` some, blended."""
        allowed = np.arange(len(shell)) if among is None else np.where(among)[0]
        distance, index = cKDTree(shell[allowed]).query(points, k=near)
        index = allowed[index]
        weight = 1 / (distance + 0.001) ** 2
        weight /= weight.sum(1, keepdims=True)
        rows = np.repeat(np.arange(len(points)), near)
        blend = sp.csr_matrix((weight.ravel(), (rows, index.ravel())), shape=(len(points), len(shell)))
        return sp.csr_matrix(blend @ self.source)

    def armhole(self) -> Points:
        """Signed distance (n,) from the line where sleeves are set in, metres, positive on the sleeve."""
        return np.asarray((self.arms - 0.55) * 0.09)


def seams(*distances: Points) -> Points:
    """Several seams as one field that is zero on each: cloth on either side of a line differs in sign."""
    joined = np.stack(distances)
    return np.asarray(np.prod(np.where(joined < 0, -1.0, 1.0), 0) * abs(joined).min(0))


def finished(part: Part) -> Part:
    """The part with normals of its own shape."""
    part.normal = vertex_normals(part.position, part.triangles)
    return part
