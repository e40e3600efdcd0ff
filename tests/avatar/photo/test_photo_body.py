"""The live photo: what moves, what stays, lips that meet and lids that cover."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from engine.avatar import Body, BodyError, open_body
from engine.avatar.framing import FRAMINGS
from engine.avatar.photo import read_photo
from engine.avatar.photo.body import PhotoBody
from engine.avatar.photo.face import CLING, Face
from engine.avatar.photo.placing import anatomy_of, place
from engine.commands.preview import curves
from engine.flow import Framing, rest_curves
from engine.motion import IdleLife, blend
from engine.motion.visemes import VISEME_CURVES
from engine.settings.channel import Canvas

LEO = Path(__file__).with_name("leo.ehp")
CANVAS = Canvas(width=360, height=640)


@pytest.fixture(scope="module")
def body() -> Iterator[Body]:
    opened = open_body(LEO, CANVAS)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def face() -> Face:
    leo = read_photo(LEO)
    return Face(leo.points.astype(np.float64), leo.shapes)


def painted(body: Body, **values: float) -> NDArray[np.uint8]:
    picture = np.zeros((CANVAS.height, CANVAS.width, 3), np.uint8)
    body.paint(curves(values), picture)
    return picture


def gap(face: Face, **values: float) -> NDArray[np.float64]:
    """How far the lips stand open along the mouth, in face heights."""
    points = face.act(curves(values)).points
    between = points[face.mesh.lower_lip] - points[face.mesh.upper_lip]
    return np.asarray(between[:, :2] @ face.down / face.height)


def test_at_rest_it_looks_like_the_photo(body: Body) -> None:
    leo = read_photo(LEO)
    at = place(anatomy_of(leo.points, leo.matte), CANVAS, FRAMINGS[Framing.BUST])
    shown = np.array([[at.scale, 0, at.left], [0, at.scale, at.top]])
    inside = cv2.warpAffine(leo.matte, shown, (CANVAS.width, CANVAS.height), flags=cv2.INTER_AREA) > 250
    soft = cv2.GaussianBlur(leo.picture, (0, 0), 0.5 / at.scale)
    photo = cv2.warpAffine(soft, shown, (CANVAS.width, CANVAS.height)).astype(int)
    away = np.abs(painted(body) - photo).max(2)[cv2.erode(inside.astype(np.uint8), np.ones((5, 5))) > 0]
    assert away.mean() < 3
    assert (away > 40).mean() < 0.01


def test_lips_are_sealed_at_rest_and_in_p_b_m(face: Face) -> None:
    for values in ({}, VISEME_CURVES["PP"], {"mouthSmile": 0.35, "mouthClose": 0.08, "mouthDimple": 0.1}):
        assert np.abs(gap(face, **values)).max() < 1e-6
    for i in range(0, 500, 20):
        row = blend(IdleLife(25, 1).at(i), rest_curves())
        points = face.act(row).points
        assert np.allclose(points[face.mesh.upper_lip][:, :2], points[face.mesh.lower_lip][:, :2], atol=0.6)


def test_lips_never_cross_and_open_with_the_jaw(face: Face) -> None:
    for name, values in VISEME_CURVES.items():
        assert gap(face, **values).min() > -0.002, name
    opening = [gap(face, jawOpen=jaw).max() for jaw in (0.0, 0.2, 0.4, 0.6, 0.8)]
    assert np.all(np.diff(opening) > 0.02 - CLING)


def test_lids_meet_in_a_blink(face: Face) -> None:
    for side in ("Left", "Right"):
        open_, shut = (face.act(curves({f"eyeBlink{side}": value})).points for value in (0.0, 1.0))
        upper, lower = face.mesh.upper_lid[side], face.mesh.lower_lid[side]
        assert (open_[lower] - open_[upper])[:, 1].max() > 0.04 * face.height
        assert np.abs(shut[lower] - shut[upper])[:, :2].max() < 1e-6
        other = face.mesh.upper_lid["Left" if side == "Right" else "Right"]
        np.testing.assert_allclose(open_[other], shut[other])


def test_no_triangle_turns_over_at_any_viseme(face: Face) -> None:
    def areas(values: dict[str, float]) -> NDArray[np.float64]:
        a, b, c = (face.act(curves(values)).points[face.mesh.triangles[:, i], :2] for i in range(3))
        return np.asarray((b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0])

    rest = areas({})
    sound = np.abs(rest) > 4
    for name, values in VISEME_CURVES.items():
        turned = (areas(values) * np.sign(rest) < -4) & sound
        assert turned.mean() < 0.006, name


def test_the_background_stands_still(body: Body) -> None:
    pictures = np.array([painted(body, **values) for values in (
        {}, {"headYaw": 20}, {"headYaw": -20, "headRoll": 9}, {"bodyShift": 3, "breath": 1}, {"headPitch": 12},
    )])  # fmt: skip
    changed = (pictures != pictures[0]).any((0, 3))
    leo = read_photo(LEO)
    alone = PhotoBody(replace(leo, background="replace"), CANVAS)
    person = painted(alone).any(2)
    alone.close()
    assert changed[person].mean() > 0.3
    above = np.flatnonzero(person.any(1))[0]
    assert not changed[: above - 24].any()
    assert not changed[:, :12][: CANVAS.height // 2].any()


def test_without_its_background_only_the_person_is_painted() -> None:
    alone = PhotoBody(replace(read_photo(LEO), background="replace"), CANVAS)
    canvas = np.full((CANVAS.height, CANVAS.width, 3), 77, np.uint8)
    alone.paint(rest_curves(), canvas)
    alone.close()
    assert (canvas[:40] == 77).all()
    assert (canvas[-40:, CANVAS.width // 2] != 77).any()


def test_nothing_is_painted_beside_the_face(body: Body) -> None:
    """The mesh's border reaches over the outline of cheeks and jaw, where the photo shows the background."""
    leo = read_photo(LEO)
    alone = PhotoBody(replace(leo, background="replace"), CANVAS)
    at = place(anatomy_of(leo.points, leo.matte), CANVAS, FRAMINGS[Framing.BUST])
    shown = np.array([[at.scale, 0, at.left], [0, at.scale, at.top]])
    matte = cv2.warpAffine(leo.matte, shown, (CANVAS.width, CANVAS.height), flags=cv2.INTER_AREA)
    beside = cv2.dilate(matte, np.ones((5, 5), np.uint8)) == 0
    canvas = np.full((CANVAS.height, CANVAS.width, 3), 255, np.uint8)
    alone.paint(rest_curves(), canvas)
    alone.close()
    assert (canvas[beside] == 255).all()


def test_a_head_turn_moves_the_nose_farther_than_the_ears_and_the_shoulders_not(body: Body) -> None:
    left, right = painted(body, headYaw=15), painted(body, headYaw=-15)
    moved = np.abs(left.astype(int) - right).max(2)
    assert moved[200:330, 120:240].mean() > 6
    assert moved[-30:].mean() < 1


def test_gaze_moves_the_irises_only(body: Body) -> None:
    moved = np.abs(painted(body, gazeYaw=15).astype(int) - painted(body, gazeYaw=-15)).max(2) > 8
    rows, columns = np.nonzero(moved)
    assert 0 < moved.sum() < 0.02 * moved.size
    assert np.ptp(rows) < 40
    assert np.ptp(columns) < 130


def test_the_same_row_gives_the_same_picture_in_any_order(body: Body) -> None:
    first = painted(body, jawOpen=0.5, eyeBlink=0.4)
    painted(body, headYaw=20, tongueOut=1)
    np.testing.assert_array_equal(first, painted(body, jawOpen=0.5, eyeBlink=0.4))


@pytest.mark.parametrize("size", [(720, 1280), (1280, 720)])
def test_the_photo_covers_the_canvas_at_every_framing(size: tuple[int, int]) -> None:
    canvas = Canvas(width=size[0], height=size[1])
    opened = open_body(LEO, canvas)
    for view in FRAMINGS.values():
        picture = np.zeros((canvas.height, canvas.width, 3), np.uint8)
        opened.paint(curves({"bodyShift": -3, "breath": 1, "bodyRoll": 4}), picture, view)
        assert picture[-3:].max(2).min() > 0
        assert picture.max(2).min() > 0
    opened.close()


def test_what_paint_refuses(body: Body) -> None:
    with pytest.raises(BodyError, match=r"paint needs \d+ curves and a canvas \(640, 360, 3\)"):
        body.paint(rest_curves(), np.zeros((640, 361, 3), np.uint8))
    closed = open_body(LEO, CANVAS)
    closed.close()
    closed.close()
    with pytest.raises(BodyError, match="the body is closed"):
        closed.paint(rest_curves(), np.zeros((640, 360, 3), np.uint8))
