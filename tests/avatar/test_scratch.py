"""Rooms for a picture's layers."""

import numpy as np

from engine.avatar.layers import lay_inside, softened, split
from engine.avatar.scratch import Scratch


def test_a_use_has_one_room_until_it_needs_a_larger_one() -> None:
    scratch = Scratch()
    large = scratch.take("head", 100, 80, 4)
    small = scratch.take("head", 40, 90, 4)
    assert small.shape == (40, 90, 4)
    assert np.shares_memory(large, small)
    assert np.shares_memory(large, scratch.take("head", 110, 85, 4)), "with headroom"
    assert not np.shares_memory(large, scratch.take("head", 300, 300, 4))
    assert not np.shares_memory(small, scratch.take("face", 40, 90, 4))


def test_a_room_holds_any_kind_of_number() -> None:
    taken = Scratch().take("field", 7, 5, 2, dtype=np.float32)
    assert (taken.shape, taken.dtype) == ((7, 5, 2), np.float32)
    assert taken.flags.c_contiguous


def test_layers_of_ever_other_sizes_take_no_other_memory() -> None:
    rng = np.random.default_rng(1)
    scratch = Scratch()
    for width, height in ((60, 50), (31, 43), (48, 22)):
        layer = rng.integers(0, 255, (height, width, 4), np.uint8)
        covered = rng.integers(0, 255, (height, width), np.uint8)
        area = rng.integers(0, 255, (height, width, 3), np.uint8)
        soft = softened(layer, scratch)
        assert np.shares_memory(soft, scratch.take("soft", height, width, 4))
        colour, behind = split(soft, scratch)
        assert np.shares_memory(colour, scratch.take("colour", height, width, 3))
        assert np.shares_memory(behind, scratch.take("behind", height, width, 3))
        lay_inside(layer, covered, area, scratch)
