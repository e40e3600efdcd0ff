"""Spring bones: they hang still, lag behind, keep their length and stay out of colliders."""

from __future__ import annotations

import numpy as np

from engine.avatar.body_file import Chain
from engine.avatar.pose import Matrix, rotation
from engine.avatar.springs import Springs

FPS = 25


def chain(stiffness: float = 1.0, drag: float = 0.4, gravity: float = 0.0, colliders: object = ()) -> Chain:
    """Three bones of 10 cm hanging from the head."""
    return Chain(
        root=3,
        joints=np.array([[0, 0, 1.0], [0, 0, 0.9], [0, 0, 0.8], [0, 0, 0.7]], np.float32),
        stiffness=np.full(3, stiffness, np.float32),
        drag=np.full(3, drag, np.float32),
        gravity=np.tile(np.array([0, 0, -gravity], np.float32), (3, 1)),
        radius=np.full(3, 0.01, np.float32),
        colliders=np.array(colliders, np.float32).reshape(-1, 8),
    )


def still() -> Matrix:
    return np.stack([np.eye(4)] * 5)


def shifted(x: float) -> Matrix:
    roots = still()
    roots[:, 0, 3] = x
    return roots


def test_at_rest_a_chain_adds_nothing() -> None:
    springs = Springs([chain(gravity=0.5)], FPS)
    for _ in range(20):
        assert np.abs(springs.moved(still())).max() < 1e-6


def test_a_chain_lags_behind_and_comes_back() -> None:
    springs = Springs([chain()], FPS)
    springs.moved(still())
    springs.moved(shifted(0.03))
    lag = 0.03 - springs.tails()[-1, 0]
    assert 0.004 < lag < 0.06
    for _ in range(60):
        added = springs.moved(shifted(0.03))
    np.testing.assert_allclose(springs.tails()[:, 0], 0.03, atol=5e-4)
    assert np.abs(added).max() < 0.01


def test_bones_keep_their_length() -> None:
    springs = Springs([chain(stiffness=0.2, drag=0.1, gravity=0.3)], FPS)
    rng = np.random.default_rng(1)
    place = 0.0
    for _ in range(50):
        place += float(rng.uniform(-0.03, 0.03))
        springs.moved(shifted(place))
        joints = np.concatenate([[[place, 0, 1.0]], springs.tails()])
        np.testing.assert_allclose(np.linalg.norm(np.diff(joints, axis=0), axis=1), 0.1, atol=1e-6)


def test_what_is_added_carries_a_vertex_with_its_bone() -> None:
    springs = Springs([chain(stiffness=0.1)], FPS)
    springs.moved(still())
    roots = still()
    roots[3, :3, :3] = rotation("y", 8)
    added = springs.moved(roots)
    end = np.array([0, 0, 0.7, 1.0])
    carried = roots[3, :3] @ end + added[2] @ end
    np.testing.assert_allclose(carried, springs.tails()[2], atol=1e-5)


def test_strands_that_fork_part_in_one_place() -> None:
    """Each is a chain from the root on: what they share swings alike, so nothing tears."""
    strands = chain(0.2, 0.1, 0.3), chain(0.2, 0.1, 0.3)
    strands[1].joints[3] = [0.08, 0, 0.75]
    springs = Springs(strands, FPS)
    for place in np.random.default_rng(2).uniform(-0.03, 0.03, 30):
        added = springs.moved(shifted(float(place)))
        np.testing.assert_array_equal(added[:2], added[3:5])
    assert np.abs(added[0]).max() > 0.01
    assert not np.allclose(added[2], added[5])


def test_a_collider_is_not_entered() -> None:
    ball = [0.10, 0, 0.70, 0.10, 0, 0.70, 0.05, -1]
    springs = Springs([chain(stiffness=0.0, gravity=0.2, colliders=[ball])], FPS)
    roots = still()
    for picture in range(80):
        roots[3, 0, 3] = min(picture * 0.002, 0.05)
        springs.moved(roots)
    away = np.linalg.norm(springs.tails() - [0.10, 0, 0.70], axis=1)
    assert away.min() > 0.05 + 0.01 - 4e-3
    assert springs.tails()[:, 0].min() < 0.045


def test_a_cut_puts_chains_at_rest() -> None:
    springs = Springs([chain()], FPS)
    springs.moved(still())
    springs.moved(shifted(2.0))
    np.testing.assert_allclose(springs.tails()[:, 0], 2.0, atol=1e-6)


def test_chains_of_different_length_and_none_at_all() -> None:
    short = Chain(-1, *(values[:n] for values, n in zip(
        (chain().joints, chain().stiffness, chain().drag, chain().gravity, chain().radius), (2, 1, 1, 1, 1), strict=True
    )), chain().colliders)  # fmt: skip
    springs = Springs([short, chain()], FPS)
    assert springs.moved(still()).shape == (4, 3, 4)
    assert springs.tails().shape == (4, 3)
    assert Springs([], FPS).moved(still()).shape == (0, 3, 4)
