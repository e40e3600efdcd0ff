"""Signs and frames: which way a head turns, where the camera puts a point."""

from __future__ import annotations

import numpy as np
import pytest

from engine.avatar.body_file import BodyData
from engine.avatar.framing import FRAMINGS, View, Window, between, clip_matrix, frame, sway
from engine.avatar.pose import gaze_direction, head_transforms, rotation
from engine.flow import CURVE_INDEX, Framing, rest_curves
from engine.settings.channel import Canvas
from tests.avatar.test_body_file import small_body

FACE = np.array([0.0, -1.0, 0.0])
UP = np.array([0.0, 0.0, 1.0])


def turned(yaw: float = 0.0, pitch: float = 0.0, roll: float = 0.0) -> np.ndarray:
    return np.asarray(head_transforms(np.zeros((4, 3)), yaw, pitch, roll)[3][:3, :3])


def test_rotation_is_a_rotation() -> None:
    turn = rotation("z", 30) @ rotation("x", -12) @ rotation("y", 8)
    assert np.allclose(turn @ turn.T, np.eye(3))
    assert np.linalg.det(turn) == pytest.approx(1.0)


def test_a_head_turn_is_shared_but_whole() -> None:
    face = turned(yaw=20) @ FACE
    assert np.degrees(np.arctan2(face[0], -face[1])) == pytest.approx(20.0)


def test_signs_are_those_of_the_flow() -> None:
    assert (turned(yaw=10) @ FACE)[0] > 0  # to the host's left, which is the viewer's right
    assert (turned(pitch=10) @ FACE)[2] > 0  # looks up
    assert (turned(roll=10) @ UP)[0] > 0  # the crown tips to the host's left
    assert gaze_direction(10, 0)[0] > 0
    assert gaze_direction(0, 10)[2] > 0


def body() -> BodyData:
    made = small_body()
    made.landmarks = {"crown": 0.89, "chin": 0.675}
    return made


def drawn(canvas: Canvas, point: tuple[float, float, float], moved: np.ndarray) -> tuple[float, float]:
    whole = Window(0, 0, canvas.width, canvas.height)
    clip = clip_matrix(frame(body(), canvas, View()), canvas, whole, moved) @ np.array([*point, 1.0])
    x, y = clip[:2] / clip[3]
    return (x + 1) / 2 * canvas.width, (y + 1) / 2 * canvas.height


@pytest.mark.parametrize(("width", "height"), [(720, 1280), (1280, 720), (1080, 1920)])
def test_eyes_are_at_two_fifths_of_every_canvas(width: int, height: int) -> None:
    canvas = Canvas(width=width, height=height)
    x, y = drawn(canvas, (0.0, -0.13, 0.77), np.eye(3))
    assert (x, y) == (pytest.approx(width / 2, abs=0.01), pytest.approx(height * 0.40, abs=0.01))


def test_the_portrait_head_is_large() -> None:
    canvas = Canvas()
    crown, chin = drawn(canvas, (0, -0.13, 0.89), np.eye(3))[1], drawn(canvas, (0, -0.13, 0.675), np.eye(3))[1]
    assert (chin - crown) / canvas.height == pytest.approx(0.335, abs=0.001)


def test_a_window_shows_the_same_points() -> None:
    canvas, window = Canvas(), Window(100, 200, 300, 400)
    clip = clip_matrix(frame(body(), canvas, View()), canvas, window, np.eye(3)) @ np.array([0.02, -0.1, 0.8, 1.0])
    x, y = clip[:2] / clip[3]
    whole = drawn(canvas, (0.02, -0.1, 0.8), np.eye(3))
    assert window.left + (x + 1) / 2 * window.width == pytest.approx(whole[0], abs=0.01)
    assert window.top + (y + 1) / 2 * window.height == pytest.approx(whole[1], abs=0.01)


def test_rest_does_not_move_and_breath_lifts_a_little() -> None:
    camera = frame(body(), Canvas(), View())
    assert np.allclose(sway(camera, rest_curves()), np.eye(3))
    curves = rest_curves()
    curves[CURVE_INDEX["breath"]] = 1.0
    shoulders = sway(camera, curves) @ np.array([360.0, 800.0, 1.0])
    assert -6.0 < shoulders[1] - 800.0 < -0.5


def test_the_body_turns_and_tips_the_way_the_flow_says() -> None:
    camera = frame(body(), Canvas(), View())
    for name in ("bodyYaw", "bodyRoll"):
        curves = rest_curves()
        curves[CURVE_INDEX[name]] = 3.0
        assert (sway(camera, curves) @ np.array([360.0, 512.0, 1.0]))[0] > 361.0
    curves = rest_curves()
    curves[CURVE_INDEX["bodyShift"]] = 1.0
    assert sway(camera, curves)[0, 2] == pytest.approx(camera.scale / 100)
    curves = rest_curves()
    curves[CURVE_INDEX["bodyLean"]] = 3.0
    assert sway(camera, curves)[0, 0] > 1.001


def test_a_framing_is_a_zoom_of_the_same_camera() -> None:
    bust, close = (frame(body(), Canvas(), FRAMINGS[Framing(f)]) for f in ("bust", "close"))
    assert close.scale / bust.scale == pytest.approx(FRAMINGS[Framing.CLOSE].zoom)
    seen = np.array([300.0, 700.0, 1.0])
    there = between(bust, close) @ seen
    assert there[0] - 360 == pytest.approx((300 - 360) * close.scale / bust.scale)
    assert there[1] - close.centre_y == pytest.approx((700 - bust.centre_y) * close.scale / bust.scale)
