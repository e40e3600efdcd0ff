import cv2
import numpy as np
import pytest

from engine.flow import Floats
from engine.stage import StageError
from engine.stage.colour import YUV_FROM_RGB, YUV_OFFSET, contrast, from_hex, readable
from engine.stage.overlay import Planes, bake


def soft_sheet(width: int, height: int) -> Floats:
    """A smooth patch of changing colour and opacity, premultiplied."""
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    alpha = 0.5 + 0.5 * np.sin(3 * x + 2 * y)
    colour = np.stack([x, y, 1 - x], axis=-1)
    return np.concatenate([colour * alpha[..., None], alpha[..., None]], axis=-1).astype(np.float32)


def reference(base_bgr: Floats, sheet: Floats, x: int, y: int) -> tuple[Floats, Floats, Floats]:
    """The whole composition in floating point: blend in RGB, convert, average the chroma."""
    rgb = base_bgr[..., ::-1] / 255
    view = rgb[y : y + sheet.shape[0], x : x + sheet.shape[1]]
    view *= 1 - sheet[..., 3:]
    view += sheet[..., :3]
    yuv = rgb @ YUV_FROM_RGB.T + YUV_OFFSET
    halves = yuv.reshape(yuv.shape[0] // 2, 2, yuv.shape[1] // 2, 2, 3).mean(axis=(1, 3))
    return yuv[..., 0], halves[..., 1], halves[..., 2]


@pytest.mark.parametrize(("x", "y"), [(0, 0), (14, 22), (40, 8)])
def test_the_planes_equal_a_composition_of_the_whole_frame(x: int, y: int) -> None:
    base = np.full((96, 128, 3), (200, 120, 40), np.uint8)
    base[:, 64:] = (30, 60, 220)
    sheet = soft_sheet(64, 48)
    i420 = cv2.cvtColor(base, cv2.COLOR_BGR2YUV_I420)
    planes = Planes(i420, 128, 96)
    bake(sheet).draw(planes, x, y)
    expected = reference(base.astype(np.float32), sheet, x, y)
    for plane, wanted in zip(planes.planes, expected, strict=True):
        assert np.abs(plane - wanted).max() <= 2.5
        assert np.abs(plane - wanted).mean() <= 0.7


def test_half_opacity_is_half_way() -> None:
    i420 = np.full((96, 64), 60, np.uint8)
    whole, half = i420.copy(), i420.copy()
    overlay = bake(soft_sheet(32, 32))
    overlay.draw(Planes(whole, 64, 64), 8, 8)
    overlay.draw(Planes(half, 64, 64), 8, 8, 0.5)
    assert np.abs(half - (i420 + (whole.astype(float) - i420) / 2)).max() <= 1
    before = half.copy()
    overlay.draw(Planes(half, 64, 64), 8, 8, 0.0)
    assert np.array_equal(before, half)


def test_an_overlay_beyond_the_edge_is_cut() -> None:
    i420 = np.full((96, 64), 90, np.uint8)
    overlay = bake(np.ones((20, 20, 4), np.float32))
    overlay.draw(Planes(i420, 64, 64), 56, -8)
    planes = Planes(i420, 64, 64).planes
    assert (planes[0][:12, 56:] == 235).all()
    assert (planes[0] == 235).sum() == 12 * 8
    overlay.draw(Planes(i420, 64, 64), 80, 80)


@pytest.mark.parametrize("colour", ["#000000", "#ffffff", "#ff0000", "#00ff00", "#0000ff", "#e63348"])
def test_baked_colours_equal_cv2s(colour: str) -> None:
    red, green, blue = from_hex(colour)
    patch = np.full((4, 4, 3), [round(blue * 255), round(green * 255), round(red * 255)], np.uint8)
    expected = cv2.cvtColor(patch, cv2.COLOR_BGR2YUV_I420).reshape(-1)
    i420 = np.zeros((6, 4), np.uint8)
    bake(np.full((4, 4, 4), [red, green, blue, 1], np.float32)).draw(Planes(i420, 4, 4), 0, 0)
    assert np.abs(i420.reshape(-1).astype(int) - expected).max() <= 1


def test_wrong_arrays_are_refused() -> None:
    with pytest.raises(StageError, match=r"\(96, 64\)"):
        Planes(np.zeros((64, 64), np.uint8), 64, 64)
    with pytest.raises(StageError, match="even"):
        bake(np.zeros((3, 4, 4), np.float32))


def test_readable_reaches_the_contrast_and_moves_no_further_than_needed() -> None:
    white = from_hex("#ffffff")
    assert readable(from_hex("#101010"), white) == from_hex("#101010")
    for brand in ("#e63348", "#ffd400", "#00c2a8"):
        assert contrast(readable(from_hex(brand), white), white) >= 4.5
