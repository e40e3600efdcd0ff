"""The rooms behind the host: calm behind the face, lit from the upper left, in the brand's colour, and quick."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from engine.settings.channel import Canvas
from engine.stage import Layout, StageError, layout_for
from engine.stage.backdrop import BACKDROPS, backdrop, why_no_backdrop
from engine.stage.colour import from_hex
from engine.stage.scenery import Scene
from tests.settings.test_pictures import png_that_claims

ORIENTATION, TURN_RIGHT = 0x0112, 6
"""EXIF: the picture must be turned a quarter to the right to stand upright."""

CANVASES = [(720, 1280), (1280, 720), (1080, 1920)]
NAMES = ("studio", "shop", "seasonal", "spring", "winter")


def drawn(name: str, width: int = 720, height: int = 1280, brand: str = "#e63348") -> tuple[NDArray[np.uint8], Layout]:
    layout = layout_for(Canvas(width=width, height=height))
    return backdrop(name, layout, from_hex(brand), Path()), layout


def test_all_names_are_known() -> None:
    assert tuple(BACKDROPS) == NAMES


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("width", "height"), CANVASES)
def test_it_fills_the_canvas_and_is_always_the_same(name: str, width: int, height: int) -> None:
    picture, _ = drawn(name, width, height)
    assert picture.shape == (height, width, 3)
    assert np.array_equal(picture, drawn(name, width, height)[0])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("width", "height"), CANVASES)
def test_nothing_distracts_behind_the_face(name: str, width: int, height: int) -> None:
    """Behind the face there is less detail than beside it, and neither black nor white."""
    picture, layout = drawn(name, width, height)
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).astype(np.float32)
    face = grey[layout.face.y : layout.face.bottom, layout.face.x : layout.face.right]
    detail = np.hypot(np.gradient(face, axis=0), np.gradient(face, axis=1)) * layout.unit
    assert detail.mean() < 1.6
    assert 95 < face.mean() < 240


@pytest.mark.parametrize("name", NAMES)
def test_the_light_comes_from_the_upper_left(name: str) -> None:
    picture, layout = drawn(name)
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).astype(np.float32)
    top, middle = grey[int(0.2 * 1280) : int(0.45 * 1280)], layout.host_x
    assert top[:, middle - 220 : middle].mean() > top[:, middle : middle + 220].mean()


@pytest.mark.parametrize("name", NAMES)
def test_it_wears_the_brands_colour(name: str) -> None:
    red, blue = (drawn(name, brand=brand)[0].astype(int) for brand in ("#e63348", "#1f5fd0"))
    assert (np.abs(red - blue).max(2) > 24).mean() > 0.01
    assert (red[..., 2] - red[..., 0]).mean() > (blue[..., 2] - blue[..., 0]).mean()


def test_what_touches_the_edge_goes_on_beyond_it() -> None:
    """No pale rim where a blurred shape meets the edge of the picture."""
    scene = Scene(layout_for(Canvas()))
    floor = scene.blank()
    scene.stamp(floor, -50, 1000, 820, 400, 0)
    scene.lay(floor, (1.0, 0.5, 0.25), 20)
    assert np.ptp(scene.rgb[:, :, 0], axis=1).max() < 1e-6
    assert scene.rgb[-1].min(0) == pytest.approx([1.0, 0.5, 0.25])
    assert scene.rgb[400].max() == 0.0


def test_light_is_added_and_never_more_than_white() -> None:
    scene = Scene(layout_for(Canvas()))
    scene.rgb[:] = 0.5
    scene.glow(360, 640, 100, (1.0, 1.0, 1.0), 1.0)
    assert scene.rgb[320, 180] == pytest.approx([1.0, 1.0, 1.0], abs=1e-3)
    assert scene.rgb[320, 230] == pytest.approx([0.5 + 0.5 * np.exp(-0.5)] * 3, abs=2e-3)
    assert scene.rgb[0, 0] == pytest.approx([0.5] * 3)


def test_a_larger_canvas_is_the_same_scene() -> None:
    small, large = Scene(layout_for(Canvas())), Scene(layout_for(Canvas(width=1080, height=1920)))
    assert small.rgb.shape == large.rgb.shape == (640, 360, 3)
    assert large.finished(layout_for(Canvas(width=1080, height=1920))).shape == (1920, 1080, 3)


def test_a_picture_covers_the_canvas(tmp_path: Path) -> None:
    Image.new("RGB", (300, 200), (0, 0, 255)).save(tmp_path / "room.png")
    layout = layout_for(Canvas())
    picture = backdrop("room.png", layout, from_hex("#e63348"), tmp_path)
    assert picture.shape == (1280, 720, 3)
    assert np.abs(picture.reshape(-1, 3).mean(0) - (255, 0, 0)).max() < 2


def test_a_photo_stands_as_the_camera_was_held(tmp_path: Path) -> None:
    room = Image.new("RGB", (400, 300), (0, 0, 255))
    room.paste((255, 0, 0), (0, 0, 200, 300))
    exif = Image.Exif()
    exif[ORIENTATION] = TURN_RIGHT
    room.save(tmp_path / "room.png", exif=exif)
    picture = backdrop("room.png", layout_for(Canvas()), from_hex("#e63348"), tmp_path)
    assert picture[:600].reshape(-1, 3).mean(0) == pytest.approx((0, 0, 255), abs=2), "what lay left is above"
    assert picture[680:].reshape(-1, 3).mean(0) == pytest.approx((255, 0, 0), abs=2)


def test_a_picture_of_too_many_pixels_is_told_without_being_decoded(tmp_path: Path) -> None:
    (tmp_path / "wall.png").write_bytes(png_that_claims(8000, 8000))
    message, hint = why_no_backdrop("wall.png", tmp_path) or ("", "")
    assert message.endswith("wall.png is too large: it has 8000 × 8000 pixels, more than 40 million")
    assert "make it smaller" in hint


def test_what_cannot_be_drawn_is_told_with_what_would_be_right(tmp_path: Path) -> None:
    assert why_no_backdrop("winter", tmp_path) is None
    assert why_no_backdrop("wintre", tmp_path) == (
        f"there is no backdrop “wintre”; looked at {tmp_path / 'wintre'}", "did you mean “winter”?",
    )  # fmt: skip
    (tmp_path / "text.png").write_text("no picture")
    message, hint = why_no_backdrop("text.png", tmp_path) or ("", "")
    assert "text.png cannot be read" in message
    assert hint == "use a PNG, JPEG or WebP picture"
    with pytest.raises(StageError, match=r"no backdrop “wintre”.*did you mean “winter”"):
        backdrop("wintre", layout_for(Canvas()), from_hex("#e63348"), tmp_path)
