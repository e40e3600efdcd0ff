"""Pictures at half their size: the same whatever is done at a time, and in little memory."""

from __future__ import annotations

import tracemalloc

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from engine.avatar.layers import BAND, halved


def halved_whole(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Colours weighed by alpha, all rows at once."""
    size = max(picture.shape[1] // 2, 1), max(picture.shape[0] // 2, 1)
    alpha = picture[..., 3:].astype(np.float32)
    weighed = np.concatenate([picture[..., :3] * (alpha + 0.5), alpha], 2)
    small = cv2.resize(weighed, size, interpolation=cv2.INTER_AREA)
    colours = small[..., :3] / (small[..., 3:] + 0.5)
    return np.asarray(np.clip(np.rint(np.dstack([colours, small[..., 3]])), 0, 255), np.uint8)


@pytest.mark.parametrize(
    ("height", "width"),
    [(BAND, 64), (2 * BAND + 2, 70), (3 * BAND - 6, 33), (2 * BAND + 1, 64), (BAND + 37, 35), (1, 8), (8, 1), (1, 1)],
)
def test_in_bands_it_is_the_same_bit_for_bit(height: int, width: int) -> None:
    picture = np.random.default_rng(height).integers(0, 256, (height, width, 4), np.uint8)
    picture[..., 3] *= picture[..., 3] > 60
    picture[0, 0, 3] = 0
    before = picture.copy()
    assert np.array_equal(halved(picture), halved_whole(picture))
    assert np.array_equal(picture, before)


def test_opaque_pictures_keep_their_alpha() -> None:
    picture = np.full((6, 4, 4), 255, np.uint8)
    picture[::2, :, 0] = 1
    assert (halved(picture) == (128, 255, 255, 255)).all()


def test_a_large_picture_takes_few_bytes_a_pixel() -> None:
    picture = np.zeros((1024, 1024, 4), np.uint8)
    tracemalloc.start()
    halved(picture)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak / 1024**2 < 6
