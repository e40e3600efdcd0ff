"""Spring bones: hair and cloth that swing behind the head's and the body's movement.

The method is VRMC_springBone 1.0's: each bone's end keeps its speed but for drag, is drawn back by stiffness and down
by gravity, stays at its distance, and is pushed out of colliders. All chains are moved together, level by level.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.avatar.pose import Matrix

if TYPE_CHECKING:
    from engine.avatar.body_file import Chain

STEPS = 2
"""Of a picture: at 25 a second one step is too long for the method."""

MOST_BONES = 192
"""That a shader holds; chains beyond are left still."""

SETTLE_PICTURES = 50

LARGEST_JUMP = 0.08
"""Metres that a chain's root may move between two pictures; more is a cut, and the chain is put there at rest."""


class Springs:
    """Bone numbers run chain by chain, root first: chain 0 has the bones 0 to ``len(joints) - 2``, and so on."""

    def __init__(self, chains: Sequence[Chain], fps: int) -> None:
        """``fps`` is how often ``moved`` is called a second."""
        self._step_s = 1 / (fps * STEPS)
        self._chains = list(chains)
        lengths = [len(chain.joints) - 1 for chain in self._chains]
        self.bones = sum(lengths)
        depth, count = max(lengths, default=0), len(self._chains)
        first = np.cumsum([0, *lengths[:-1]]) if lengths else np.zeros(0, np.int64)
        self._alive = np.array([[level < n for n in lengths] for level in range(depth)], bool).reshape(depth, count)
        self._number = np.array(
            [[start + min(level, n - 1) for start, n in zip(first, lengths, strict=True)] for level in range(depth)],
            np.int64,
        ).reshape(depth, count)
        self._rest = np.zeros((depth + 1, count, 3))
        self._stiffness, self._drag = np.zeros((depth, count, 1)), np.ones((depth, count, 1))
        self._radius, self._gravity = np.zeros((depth, count, 1)), np.zeros((depth, count, 3))
        for i, chain in enumerate(self._chains):
            n = lengths[i]
            self._rest[: n + 1, i] = chain.joints
            self._rest[n + 1 :, i] = chain.joints[-1]
            self._stiffness[:n, i, 0], self._drag[:n, i, 0] = chain.stiffness, chain.drag
            self._radius[:n, i, 0], self._gravity[:n, i] = chain.radius, chain.gravity
        self._axis = self._rest[1:] - self._rest[:-1]
        self._length = np.linalg.norm(self._axis, axis=2, keepdims=True)
        self._root = np.array([chain.root for chain in self._chains], np.int64)
        self._make_colliders()
        self._tails = self._before = self._rest[1:].copy()
        self._placed = False

    def moved(self, roots: Matrix) -> NDArray[np.float32]:
        """One picture later: what each bone adds to the transform of its root (bones, 3, 4).

        ``roots`` (5, 4, 4) are the transforms of the four neck bones and of the torso, from rest.
        """
        if not self._chains:
            return np.zeros((0, 3, 4), np.float32)
        if not self._placed:
            self._place(roots)
            for _ in range(SETTLE_PICTURES):
                self._advance(roots)
        elif self._jumped(roots):
            self._place(roots)
        return self._advance(roots)

    def tails(self) -> NDArray[np.float64]:
        """Where the bones end now (n, 3), metres."""
        return np.asarray(self._tails[self._alive])

    def _advance(self, roots: Matrix) -> NDArray[np.float32]:
        turns = np.zeros((0, 0, 3, 3))
        for _ in range(STEPS):
            turns = self._step(roots)
        return self._added(roots, turns)

    def _place(self, roots: Matrix) -> None:
        self._tails = np.stack([self._carried(roots, level) for level in self._rest[1:]])
        self._before = self._tails.copy()
        self._placed = True

    def _jumped(self, roots: Matrix) -> bool:
        there = self._carried(roots, self._rest[0])
        reach = np.linalg.norm(self._tails[0] - there, axis=1) - self._length[0, :, 0]
        return bool(np.abs(reach).max(initial=0.0) > LARGEST_JUMP)

    def _carried(self, roots: Matrix, points: Matrix) -> Matrix:
        """Points (chains, 3), each moved with its chain's root."""
        root = roots[self._root]
        return np.asarray(np.einsum("cij,cj->ci", root[:, :3, :3], points) + root[:, :3, 3])

    def _step(self, roots: Matrix) -> Matrix:
        """Moves every bone's end; returns the bones' rotations (depth, chains, 3, 3)."""
        balls = self._balls(roots)
        head = self._carried(roots, self._rest[0])
        turn = roots[self._root][:, :3, :3]
        turns = np.zeros((*self._tails.shape[:2], 3, 3))
        for level, tail in enumerate(self._tails):
            axis = np.einsum("cij,cj->ci", turn, self._axis[level])
            length = self._length[level]
            rest = axis / np.maximum(length, 1e-9)
            new = tail + (tail - self._before[level]) * (1 - self._drag[level])
            new += self._step_s * (self._stiffness[level] * rest + self._gravity[level])
            new = _at_distance(head, new, length, rest)
            new = self._pushed_out(new, head, length, rest, balls, self._radius[level])
            self._before[level], self._tails[level] = tail.copy(), new
            turn = _from_to(rest, (new - head) / np.maximum(length, 1e-9)) @ turn
            turns[level] = turn
            head = new
        return turns

    def _added(self, roots: Matrix, turns: Matrix) -> NDArray[np.float32]:
        """Bone transforms less their roots', so that a vertex at rest weight adds nothing."""
        result = np.zeros((self.bones, 3, 4), np.float32)
        head = self._carried(roots, self._rest[0])
        for level in range(len(turns)):
            shift = head - np.einsum("cij,cj->ci", turns[level], self._rest[level])
            own = np.concatenate([turns[level], shift[:, :, None]], 2) - roots[self._root][:, :3]
            alive = self._alive[level]
            result[self._number[level][alive]] = own[alive]
            head = self._tails[level]
        return result

    def _make_colliders(self) -> None:
        """All chains' colliders in one table; a chain is pushed by its own only."""
        rows = [(i, row) for i, chain in enumerate(self._chains) for row in chain.colliders]
        most = max((len(chain.colliders) for chain in self._chains), default=0)
        self._balls_rest = np.zeros((most, len(self._chains), 8))
        self._balls_rest[..., 6] = -1.0
        filled = [0] * len(self._chains)
        for i, row in rows:
            self._balls_rest[filled[i], i] = row
            filled[i] += 1

    def _balls(self, roots: Matrix) -> Matrix:
        """Both ends of each collider now, and its radius (colliders, chains, 7)."""
        if not len(self._balls_rest):
            return np.zeros((0, len(self._chains), 7))
        root = roots[self._balls_rest[..., 7].astype(np.int64)]
        ends = [
            np.einsum("kcij,kcj->kci", root[..., :3, :3], self._balls_rest[..., part]) + root[..., :3, 3]
            for part in (slice(0, 3), slice(3, 6))
        ]
        return np.concatenate([*ends, self._balls_rest[..., 6:7]], 2)

    @staticmethod
    def _pushed_out(tail: Matrix, head: Matrix, length: Matrix, rest: Matrix, balls: Matrix, radius: Matrix) -> Matrix:
        for ball in balls:
            along = ball[:, 3:6] - ball[:, :3]
            size = np.maximum((along * along).sum(1, keepdims=True), 1e-12)
            share = np.clip(((tail - ball[:, :3]) * along).sum(1, keepdims=True) / size, 0, 1)
            away = tail - ball[:, :3] - share * along
            distance = np.linalg.norm(away, axis=1, keepdims=True)
            inside = (distance < ball[:, 6:7] + radius) & (ball[:, 6:7] > 0)
            if inside.any():
                out = tail + away / np.maximum(distance, 1e-9) * (ball[:, 6:7] + radius - distance)
                tail = np.where(inside, _at_distance(head, out, length, rest), tail)
        return tail


def _at_distance(head: Matrix, tail: Matrix, length: Matrix, rest: Matrix) -> Matrix:
    """``tail`` brought to ``length`` from ``head``; where both coincide, in the direction of rest."""
    away = tail - head
    distance = np.linalg.norm(away, axis=1, keepdims=True)
    direction = np.where(distance > 1e-9, away / np.maximum(distance, 1e-9), rest)
    return np.asarray(head + direction * length)


def _from_to(before: Matrix, after: Matrix) -> Matrix:
    """Smallest rotations (n, 3, 3) that take unit vectors to others (Moller and Hughes 1999)."""
    cross = np.cross(before, after)
    cosine = np.maximum((before * after).sum(1), -0.999)
    skew = np.zeros((len(before), 3, 3))
    x, y, z = cross.T
    skew[:, 0, 1], skew[:, 0, 2], skew[:, 1, 2] = -z, y, -x
    skew[:, 1, 0], skew[:, 2, 0], skew[:, 2, 1] = z, -y, x
    return np.asarray(np.eye(3) + skew + skew @ skew / (1 + cosine)[:, None, None])
