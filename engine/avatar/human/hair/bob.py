"""A bob: a closed sheet of hair over the head with tapered locks laid on it.

Every strand starts at a side part, sweeps around the head by a slerp of directions over the head's own radius, then
drops. The sheet is a grid of neighbouring strands whose front edge turns in to the skin, so nothing behind it can be
seen between hair, ear and collar; the locks give relief and a lively outline.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from engine.avatar.human.anatomy import head_centre
from engine.avatar.human.mesh import Indices, Part, Points, grid_quads, smoothstep, triangulate, unit
from engine.avatar.human.sculpt import Figure

PART_X = 0.022
PART_FRONT, PART_BACK = np.radians(26), np.radians(158)
FRONT_AZIMUTH = 51.0
DROP_ELEVATION = -10.0
BELOW_CHIN = 0.008
CHIN_BELOW_EYES = 0.105
STRAND_POINTS = 27
LOCK_POINTS = 18
SHEET_STRANDS = 32
SHEET_LAYER = 0.0
RIM_STEPS = 3

LOCK_LAYERS: tuple[tuple[int, float, float], ...] = ((22, 0.022, 0.6), (17, 0.014, 1.2), (8, 0.006, 2.0))
"""(locks a side, width in metres, layer) of each layer over the sheet."""

FRINGE: tuple[tuple[int, int], ...] = ((-1, 14), (1, 8))


class HeadShape:
    """The skin's distance from the head's centre by direction."""

    def __init__(self, figure: Figure, skin: Part) -> None:
        self.centre = head_centre(figure)
        self.skull = (
            (skin.position[:, 2] > figure.eye_height - 0.13)
            & (skin.extra["ear"] < 0.15)
            & (skin.extra["inner_mouth"] < 0.3)
        )
        away = skin.position[self.skull] - self.centre
        self._radius = np.linalg.norm(away, axis=1)
        self._tree = cKDTree(unit(away))

    def radius(self, directions: Points) -> Points:
        """Metres from the centre to the skin, smooth over direction."""
        distance, index = self._tree.query(unit(directions), k=8)
        weight = 1 / (distance + 0.03) ** 2
        return np.asarray((self._radius[index] * weight).sum(-1) / weight.sum(-1))


class Obstacles:
    """Surfaces that hair must stay outside of."""

    def __init__(self, position: Points, normal: Points) -> None:
        self._position, self._normal = position, normal
        self._tree = cKDTree(position)

    def push(self, points: Points, clearance: float) -> Points:
        """Points moved out along the nearest surface's normal until they clear it."""
        for _ in range(3):
            distance, index = self._tree.query(points)
            height = ((points - self._position[index]) * self._normal[index]).sum(-1)
            inside = (height < clearance) & (distance < 0.05)
            points = points + np.where(inside, clearance - height, 0)[..., None] * self._normal[index]
        return points


@dataclass(frozen=True)
class Lock:
    """One tapered lock: its centre line, frame and widths."""

    line: Points
    normal: Points
    across: Points
    along: Points
    width: Points
    layer: float
    shade: float


class BobBuilder:
    """Lays strands for one figure."""

    def __init__(self, figure: Figure, head: HeadShape, obstacles: Obstacles, seed: int) -> None:
        self.figure, self.head, self.obstacles = figure, head, obstacles
        self.rng = np.random.default_rng(seed)
        self.end_height = figure.eye_height - CHIN_BELOW_EYES - BELOW_CHIN

    def strand(self, side: int, s: float, layer: float, jitter: float = 0.0, lift: float = 0.0) -> Points:
        """Centre line (STRAND_POINTS, 3) of the strand at ``s``: 0 at the face, 1 at the back of the head."""
        root_angle = PART_FRONT + (PART_BACK - PART_FRONT) * s
        root = np.array([PART_X * (1 - s * 0.8) / 0.11 - side * 0.006, -np.cos(root_angle), np.sin(root_angle)])
        azimuth = np.radians(FRONT_AZIMUTH + (180 - FRONT_AZIMUTH) * s**1.15 + jitter * 4)
        elevation = np.radians(DROP_ELEVATION + jitter * 2)
        low = np.array(
            [side * np.sin(azimuth) * np.cos(elevation), -np.cos(azimuth) * np.cos(elevation), np.sin(elevation)]
        )
        sweep = int(STRAND_POINTS * 0.55)
        t = np.linspace(0, 1, sweep)
        direction = _slerp(root, low, t)
        direction = unit(direction + np.array([0, 0, 0.16]) * np.sin(np.pi * t)[:, None])
        over = self.head.radius(direction) + self._volume(t, s, layer) + jitter * 0.0012 * smoothstep(0, 0.2, t)
        top = self.head.centre + direction * over[:, None]
        line = _smoothed(np.r_[top, self._drop(top[-1], s, lift)], 5)
        line[3:] = self.obstacles.push(line[3:], 0.004 + 0.003 * layer)
        return _smoothed(line, 3)

    def _volume(self, t: Points, s: float, layer: float) -> Points:
        face = smoothstep(0, 0.30, np.array(s))
        body = 0.0125 + 0.0035 * face
        rise = 0.82 + 0.18 * np.sin(np.pi * np.clip(t * 0.8 + 0.15, 0, 1))
        hug = 1 - (1 - face) * (0.45 - 0.35 * smoothstep(0.0, 0.35, t) + 0.35 * smoothstep(0.45, 0.9, t))
        flare = (0.001 + 0.006 * smoothstep(0.12, 0.5, np.array(s))) * smoothstep(0.55, 1, t)
        crown = 0.0020 * np.exp(-((t / 0.80) ** 2)) * np.sin(np.pi * min(s * 1.2, 1.0)) ** 0.5
        return np.asarray(
            (0.004 + body * rise) * hug + crown + flare + 0.0030 * layer * (1.2 * smoothstep(0, 0.75, t) - 0.2)
        )

    def _drop(self, start: Points, s: float, lift: float) -> Points:
        u = np.linspace(0, 1, STRAND_POINTS - int(STRAND_POINTS * 0.55) + 1)[1:]
        uneven = 0.003 * np.sin(9.0 * s + 1.0) + 0.002 * np.sin(23.0 * s)
        end = self.end_height + lift + uneven + 0.016 * float(smoothstep(0.5, 1, np.array(s)))
        outward = unit(np.array([start[0], start[1] - self.figure.neck[1], 0]))
        belly = (0.003 + 0.006 * float(smoothstep(0.1, 0.4, np.array(s)))) * np.sin(np.pi * np.minimum(u * 1.25, 1))
        radial = belly - 0.034 * smoothstep(0.42, 1.05, u)
        forward = -0.010 * u if s < 0.3 else 0 * u
        return np.stack(
            [start[0] + outward[0] * radial, start[1] + outward[1] * radial + forward, start[2] - (start[2] - end) * u],
            1,
        )

    def fringe(self, side: int, q: float) -> Points:
        """A side-swept fringe strand, lying on the forehead and ending at the cheekbone; ``q`` 0 to 1."""
        jitter = self.rng.normal()
        angle = PART_FRONT + 0.04 + 0.35 * q
        root = unit(np.array([PART_X / 0.11 + side * 0.03, -np.cos(angle), np.sin(angle)]))
        if side < 0:
            middle, end = _sphere(side, 30 + 12 * q, 35 + 9 * q), _sphere(side, 61 + 8 * q, 2 + 4 * q)
        else:
            middle, end = _sphere(side, 36 + 8 * q, 35 + 8 * q), _sphere(side, 63 + 6 * q, 2 + 3 * q)
        t = np.linspace(0, 1, 16)[:, None]
        direction = unit((1 - t) ** 2 * root + 2 * t * (1 - t) * middle * 1.05 + t**2 * end)
        tt = t[:, 0]
        height = 0.012 + 0.012 * np.sin(np.pi * tt * 0.7 + 0.25) + 0.004 * q + 0.0008 * jitter
        over = self.head.radius(direction) - 0.001 + height * (0.75 + 0.25 * smoothstep(0, 0.30, tt))
        top = self.head.centre + direction * over[:, None]
        u = np.linspace(0, 1, 10)[1:]
        start, length = top[-1], 0.052 + 0.028 * q + 0.008 * self.rng.random()
        swing = side * (0.006 * np.sin(np.pi * u) - 0.004 * u)
        fall = np.stack([start[0] + swing, start[1] + 0.014 * u, start[2] - length * u], 1)
        line = self.obstacles.push(_smoothed(np.r_[top, fall], 5), 0.007)
        return _smoothed(line, 3)

    def lock(self, line: Points, width: float, layer: float, taper: float, root: float) -> Lock | None:
        """A lock along a line, or None where the line has been bent too sharply by what it met."""
        line = _resampled(line, LOCK_POINTS)
        steps = unit(np.diff(line, axis=0))
        if (steps[1:] * steps[:-1]).sum(1).min() < 0.45:
            return None
        s = np.linspace(0, 1, len(line))
        along = unit(np.gradient(line, axis=0))
        normal = self.outward(line, along)
        shape = (root + (1 - root) * smoothstep(0, 0.40, s)) * (1 - 0.84 * smoothstep(taper, 1.0, s) ** 1.5)
        return Lock(line, normal, np.cross(along, normal), along, width * shape, layer, self.rng.random())

    def outward(self, line: Points, along: Points) -> Points:
        """Normals across a strand: away from the head, and level below the ears."""
        below = smoothstep(self.figure.eye_height - 0.02, self.figure.eye_height - 0.09, line[..., 2])[..., None]
        level = line - self.figure.neck
        level = np.stack([level[..., 0], level[..., 1], np.zeros(level.shape[:-1])], -1)
        normal = unit(unit(line - self.head.centre) * (1 - below) + unit(level) * below)
        return unit(normal - (normal * along).sum(-1, keepdims=True) * along)


def bob(figure: Figure, skin: Part, obstacles: Obstacles, seed: int) -> Part:
    """The whole hair as one part, outer layers first.

    Extra: ``along`` (strand direction), ``strand`` (n, 4): across 0..1, root to tip 0..1, shade, layer.
    """
    builder = BobBuilder(figure, HeadShape(figure, skin), obstacles, seed)
    locks: list[Lock] = []
    for count, width, layer in LOCK_LAYERS:
        for side in (1, -1):
            for k in range(count):
                s = float(np.clip((k + 0.5 + builder.rng.normal() * 0.25) / count, 0, 1))
                jitter = builder.rng.normal() * (0.2 + 0.2 * layer)
                line = builder.strand(side, s, layer, jitter, builder.rng.normal() * 0.003)
                wide = width * (1 + 0.2 * builder.rng.random())
                made = builder.lock(line, wide, layer, 0.85, 0.15)
                locks += [made] if made else []
    for side, count in FRINGE:
        for k in range(count):
            line = builder.fringe(side, k / (count - 1))
            made = builder.lock(line, 0.012 * (1 + 0.25 * builder.rng.random()), 2.5, 0.6, 0.45)
            locks += [made] if made else []
    locks.sort(key=lambda lock: -lock.layer)
    return _joined([_lock_mesh(lock) for lock in locks] + [_sheet(builder, side) for side in (1, -1)])


Piece = tuple[Points, Points, Points, Points, Indices]


def _lock_mesh(lock: Lock) -> Piece:
    """A roof of three edges: (position, normal, along, strand, triangles)."""
    k = len(lock.line)
    position, normal, strand = [], [], []
    for edge in (-1, 0, 1):
        ridge = lock.width * 0.22 if edge == 0 else 0 * lock.width
        position.append(lock.line + lock.across * (lock.width * 0.5 * edge)[:, None] + lock.normal * ridge[:, None])
        normal.append(unit(lock.normal + lock.across * edge * 0.75))
        across = np.full(k, (edge + 1) / 2)
        strand.append(np.stack([across, np.linspace(0, 1, k), np.full(k, lock.shade), np.full(k, lock.layer)], 1))
    return (
        np.concatenate(position),
        np.concatenate(normal),
        np.concatenate([lock.along] * 3),
        np.concatenate(strand),
        triangulate(grid_quads(3, k)[:, ::-1]),
    )


def _sheet(builder: BobBuilder, side: int) -> Piece:
    """One side's closed sheet, with its front rim turned in to the skin."""
    at = np.linspace(0, 1, SHEET_STRANDS)
    lines = np.stack([builder.strand(side, float(s), SHEET_LAYER) for s in at])
    lines[-1, :, 0] = np.where(abs(lines[-1, :, 0]) < 0.02, 0.0, lines[-1, :, 0])
    rim = []
    for step in range(RIM_STEPS, 0, -1):
        inward = step / RIM_STEPS
        skin_way = unit(lines[0] - builder.head.centre)
        turned = unit(skin_way + np.array([-side * 0.02, 0.42 * inward, 0]))
        depth = builder.head.radius(turned) - 0.008 * inward
        at_skin = builder.head.centre + turned * depth[:, None]
        behind = builder.figure.neck + (lines[0] - builder.figure.neck) * [0.62, 0.5, 1] + np.array([0, 0.02, 0])
        low = smoothstep(builder.figure.eye_height - 0.06, builder.figure.eye_height - 0.10, lines[0][:, 2])[:, None]
        rim.append(lines[0] + (at_skin * (1 - low) + behind * low - lines[0]) * inward)
    grid = np.concatenate([np.stack(rim), lines])
    rows, columns = grid.shape[:2]
    along = unit(np.gradient(grid, axis=1))
    normal = builder.outward(grid, along)
    across = np.r_[np.full(RIM_STEPS, -0.03), at][:, None].repeat(columns, 1)
    root_to_tip = np.linspace(0, 1, columns)[None].repeat(rows, 0)
    strand = np.stack([across * 9.0, root_to_tip, np.full_like(across, 0.5), np.full_like(across, 0.4)], -1)
    triangles = triangulate(grid_quads(rows, columns))
    return grid.reshape(-1, 3), normal.reshape(-1, 3), along.reshape(-1, 3), strand.reshape(-1, 4), triangles


def _joined(pieces: list[Piece]) -> Part:
    start, triangles = 0, []
    for piece in pieces:
        triangles.append(piece[4] + start)
        start += len(piece[0])
    position, normal, along, strand = (np.concatenate([piece[k] for piece in pieces]) for k in range(4))
    part = Part("hair", position, np.concatenate(triangles), None, normal, kind="hair")
    part.extra |= {"along": along, "strand": strand}
    return part


def _slerp(a: Points, b: Points, t: Points) -> Points:
    a, b = unit(a), unit(b)
    angle = np.arccos(np.clip((a * b).sum(), -1, 1))
    return np.asarray((np.sin((1 - t) * angle)[:, None] * a + np.sin(t * angle)[:, None] * b) / np.sin(angle))


def _sphere(side: int, azimuth: float, elevation: float) -> Points:
    a, e = np.radians(azimuth), np.radians(elevation)
    return np.array([side * np.sin(a) * np.cos(e), -np.cos(a) * np.cos(e), np.sin(e)])


def _resampled(line: Points, count: int) -> Points:
    length = np.r_[0, np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))]
    at = np.linspace(0, length[-1], count)
    return np.stack([np.interp(at, length, line[:, axis]) for axis in range(3)], 1)


def _smoothed(line: Points, rounds: int) -> Points:
    line = line.copy()
    for _ in range(rounds):
        line[1:-1] = 0.25 * line[:-2] + 0.5 * line[1:-1] + 0.25 * line[2:]
    return line
