"""What every style is made of: tapered locks, closed sheets of neighbouring strands, and the part they join into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.avatar.human.hair.head import HeadShape
from engine.avatar.human.mesh import Indices, Part, Points, grid_quads, smoothstep, triangulate, unit

STREAK_WIDTH = 0.02
"""Metres of hair that one unit of the strand coordinate ``across`` stands for."""

SHARPEST = 0.45
"""Cosine of the sharpest bend between two steps of a lock."""

RIDGE = 0.22
"""Height of a lock's middle over its edges, as a share of its width."""

SPLAY = 0.75 / RIDGE
"""How far the normals of a lock's edges turn outwards, for its ridge."""

Piece = tuple[Points, Points, Points, Points, Indices]
"""(position, normal, along, strand, triangles)."""


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
    ridge: float = RIDGE
    shares: tuple[float, float] = (0.0, 1.0)


@dataclass(frozen=True)
class Cut:
    """How a lock is cut: ``width`` in metres, ``root`` the width's share at the root, ``taper`` where along it (0 to 1)
    it begins to narrow to its ``tip``, drawn with ``points`` stations; it has its full width from ``swell`` on.
    ``shares`` are where its ends lie between the root (0) and the tip (1) of the hair, for its colour.
    """

    width: float
    layer: float
    taper: float = 0.85
    root: float = 0.15
    tip: float = 0.16
    points: int = 18
    swell: float = 0.40
    ridge: float = RIDGE
    shares: tuple[float, float] = (0.0, 1.0)


def lock(head: HeadShape, line: Points, cut: Cut, shade: float, normal: Points | None = None) -> list[Lock]:
    """A lock along a line as a list of one; empty where what the line met has bent it too sharply."""
    line = resampled(line, cut.points)
    steps = unit(np.diff(line, axis=0))
    if (steps[1:] * steps[:-1]).sum(1).min() < SHARPEST:
        return []
    s = np.linspace(0, 1, len(line))
    along = unit(np.gradient(line, axis=0))
    if normal is None:
        normal = head.outward(line, along)
    grown = cut.root + (1 - cut.root) * smoothstep(0, cut.swell, s)
    shape = grown * (1 - (1 - cut.tip) * smoothstep(cut.taper, 1.0, s) ** 1.5)
    return [
        Lock(line, normal, np.cross(along, normal), along, cut.width * shape, cut.layer, shade, cut.ridge, cut.shares)
    ]


def lock_mesh(lock: Lock) -> Piece:
    """A roof of three edges."""
    k = len(lock.line)
    position, normal, strand = [], [], []
    for edge in (-1, 0, 1):
        ridge = lock.width * lock.ridge if edge == 0 else 0 * lock.width
        position.append(lock.line + lock.across * (lock.width * 0.5 * edge)[:, None] + lock.normal * ridge[:, None])
        normal.append(unit(lock.normal + lock.across * edge * (SPLAY * lock.ridge)))
        across = np.full(k, (edge + 1) / 2)
        strand.append(
            np.stack([across, np.linspace(*lock.shares, k), np.full(k, lock.shade), np.full(k, lock.layer)], 1)
        )
    return (
        np.concatenate(position),
        np.concatenate(normal),
        np.concatenate([lock.along] * 3),
        np.concatenate(strand),
        triangulate(grid_quads(3, k)[:, ::-1]),
    )


def sheet(
    head: HeadShape,
    grid: Points,
    along_share: Points | None = None,
    normal: Points | None = None,
    shade: float = 0.5,
    streaks: float = 1.0,
) -> Piece:
    """A closed sheet of neighbouring strands ``grid`` (rows, columns, 3), each row one strand from root to tip.

    ``along_share`` (columns,) is root to tip, 0 to 1; the default is even. ``streaks`` is their number for a width.
    """
    rows, columns = grid.shape[:2]
    along = unit(np.gradient(grid, axis=1))
    if normal is None:
        normal = head.outward(grid, along)
    apart = np.linalg.norm(np.diff(grid, axis=0), axis=-1)
    across = np.r_[0, np.cumsum(np.quantile(apart, 0.7, axis=1))] * streaks / STREAK_WIDTH
    share = np.linspace(0, 1, columns) if along_share is None else along_share
    strand = np.stack(
        [
            across[:, None].repeat(columns, 1),
            share[None].repeat(rows, 0),
            np.full((rows, columns), shade),
            np.full((rows, columns), 0.4),
        ],
        -1,
    )
    triangles = triangulate(grid_quads(rows, columns))
    return grid.reshape(-1, 3), normal.reshape(-1, 3), along.reshape(-1, 3), strand.reshape(-1, 4), triangles


def grid_normals(grid: Points, head: HeadShape) -> Points:
    """Normals (rows, columns, 3) of a grid's own surface, turned away from the head's centre."""
    down, across = np.gradient(grid, axis=1), np.gradient(grid, axis=0)
    normal = unit(np.cross(down, across))
    away = unit(grid - head.centre)
    normal = normal * np.where((normal * away).sum(-1, keepdims=True) < 0, -1.0, 1.0)
    flat = np.linalg.norm(np.cross(down, across), axis=-1, keepdims=True) < 1e-10
    return unit(np.where(flat, away, normal))


def joined(pieces: Sequence[Piece], follow: Points | None = None) -> Part:
    """All pieces as the part "hair"."""
    start, triangles = 0, []
    for piece in pieces:
        triangles.append(piece[4] + start)
        start += len(piece[0])
    position, normal, along, strand = (np.concatenate([piece[k] for piece in pieces]) for k in range(4))
    part = Part("hair", position, np.concatenate(triangles), None, normal, kind="hair", follow=follow)
    part.extra |= {"along": along, "strand": strand}
    return part


def outer_first(locks: list[Lock]) -> list[Piece]:
    """Meshes of the locks, outer layers first, so that what they cover is not drawn."""
    return [lock_mesh(lock) for lock in sorted(locks, key=lambda lock: -lock.layer)]


def resampled(line: Points, count: int) -> Points:
    """A line with ``count`` evenly spaced points."""
    length = np.r_[0, np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))]
    at = np.linspace(0, length[-1], count)
    return np.stack([np.interp(at, length, line[:, axis]) for axis in range(3)], 1)


def smoothed(line: Points, rounds: int) -> Points:
    """A line whose inner points have been averaged with their neighbours."""
    line = line.copy()
    for _ in range(rounds):
        line[1:-1] = 0.25 * line[:-2] + 0.5 * line[1:-1] + 0.25 * line[2:]
    return line
