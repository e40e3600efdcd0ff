"""What Mia does in the picture: she is there, acts, leaves the rest alone, and lets go of what she holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import moderngl
import numpy as np
import pytest

from engine.avatar import Body, BodyError, open_body
from engine.avatar.offscreen import open_context
from engine.flow import CURVE_INDEX, CURVES, Floats, rest_curves
from engine.settings.channel import Canvas

MIA = Path(__file__).parents[2] / "avatars" / "bodies" / "mia.ehb"
BACKDROP = (208, 216, 224)
MOUTH = (slice(580, 720), slice(290, 430))
EYES = (slice(470, 560), slice(250, 470))


@pytest.fixture(scope="module")
def body() -> Iterator[Body]:
    opened = open_body(MIA, Canvas())
    yield opened
    opened.close()


def curves(**values: float) -> Floats:
    row = rest_curves()
    for name, value in values.items():
        for curve in (name,) if name in CURVE_INDEX else (f"{name}Left", f"{name}Right"):
            row[CURVE_INDEX[curve]] = value
    return row


def picture(body: Body, **values: float) -> np.ndarray:
    canvas = np.empty((1280, 720, 3), np.uint8)
    canvas[:] = BACKDROP
    body.paint(curves(**values), canvas)
    return canvas


def covered(image: np.ndarray) -> np.ndarray:
    return np.asarray((image != np.array(BACKDROP, np.uint8)).any(2))


def dark_share(image: np.ndarray, where: tuple[slice, slice]) -> float:
    return float((image[where].max(2) < 90).mean())


def test_the_host_stands_in_the_frame(body: Body) -> None:
    host = covered(picture(body))
    rows = np.flatnonzero(host.any(1))
    assert 240 <= rows[0] <= 290  # the crown
    assert rows[-1] == 1279  # no cut-off torso floats
    assert host[1152].mean() > 0.9
    assert host[500:520, 260:460].all()
    assert not host[:220].any()


def test_a_painted_picture_is_the_same_every_time(body: Body) -> None:
    first = picture(body, jawOpen=0.3, headYaw=7)
    picture(body, mouthPucker=0.8, headYaw=-12, breath=1.0)
    again = picture(body, jawOpen=0.3, headYaw=7)
    assert (first == again).mean() > 0.999


def test_a_silent_mouth_is_shut_and_an_open_one_is_not(body: Body) -> None:
    assert dark_share(picture(body), MOUTH) < 0.02
    assert dark_share(picture(body, jawOpen=0.6), MOUTH) > 0.07


def test_lips_seal_over_a_dropped_jaw(body: Body) -> None:
    pressed = picture(body, jawOpen=0.08, mouthClose=0.08, mouthPress=0.45, mouthRollLower=0.35, mouthRollUpper=0.3)
    assert dark_share(pressed, MOUTH) < 0.02
    mouth = pressed[MOUTH].astype(np.int16)
    teeth = (mouth.min(2) > 130) & (np.ptp(mouth, axis=2) < 40)
    assert teeth.mean() < 0.005


def test_a_blink_hides_the_irises(body: Body) -> None:
    assert dark_share(picture(body), EYES) > 2.0 * dark_share(picture(body, eyeBlink=1.0), EYES)


def test_lids_follow_the_gaze(body: Body) -> None:
    level, down = picture(body), picture(body, gazePitch=-20)
    assert (level[EYES] != down[EYES]).any(2).mean() > 0.1


@pytest.mark.parametrize("yaw", [-20.0, 0.0, 20.0])
@pytest.mark.parametrize(("pitch", "roll"), [(-12.0, 10.0), (12.0, -10.0)])
def test_no_holes_when_the_head_turns(body: Body, yaw: float, pitch: float, roll: float) -> None:
    """Backdrop that the head encloses is a hole; loose hair ends are below the rows looked at."""
    for face in ({"eyeBlink": 1.0, "mouthFunnel": 0.5, "jawOpen": 0.2}, {"jawOpen": 0.7, "mouthUpperUp": 0.3}):
        host = covered(picture(body, headYaw=yaw, headPitch=pitch, headRoll=roll, **face))[:660]
        outside = np.zeros((host.shape[0] + 2, host.shape[1] + 2), np.uint8)
        outside[1:-1, 1:-1] = host
        filled = np.zeros_like(outside[1:-1, 1:-1])
        cv2.floodFill(filled, outside, (0, 0), 1)
        holes = (~host & (filled == 0)).sum()
        assert holes <= 4


def test_no_seam_shows_between_cached_body_and_live_head(body: Body) -> None:
    """Across the window's lower edge, cloth and skin change no more from row to row than elsewhere on the chest."""
    image = picture(body, breath=0.5, bodyRoll=1.0, headYaw=10).astype(np.int16)
    chest = image[820:960, 300:420].mean(1)
    steps = np.abs(np.diff(chest, axis=0)).max(1)
    assert steps.max() < 6.0


def test_left_is_the_hosts_own_left(body: Body) -> None:
    rest, turned = covered(picture(body))[:500], covered(picture(body, headRoll=10))[:500]
    assert np.nonzero(turned)[1].mean() > np.nonzero(rest)[1].mean() + 10
    left_wink = picture(body, eyeBlinkLeft=1.0)
    viewer_left, viewer_right = (slice(470, 560), slice(250, 350)), (slice(470, 560), slice(370, 470))
    assert dark_share(left_wink, viewer_right) < 0.6 * dark_share(left_wink, viewer_left)


def test_a_landscape_canvas_is_framed_too() -> None:
    opened = open_body(MIA, Canvas(width=1280, height=720))
    try:
        canvas = np.full((720, 1280, 3), 140, np.uint8)
        opened.paint(rest_curves(), canvas)
        host = (canvas != 140).any(2)
        assert host[-1, 500:780].all()
        assert 60 <= np.flatnonzero(host.any(1))[0] <= 130
    finally:
        opened.close()


def test_wrong_shapes_are_refused(body: Body) -> None:
    with pytest.raises(BodyError, match=r"paint needs 91 curves and a canvas \(1280, 720, 3\)"):
        body.paint(rest_curves(), np.zeros((720, 1280, 3), np.uint8))
    with pytest.raises(BodyError, match="91 curves"):
        body.paint(np.zeros(3, np.float32), np.zeros((1280, 720, 3), np.uint8))
    assert len(CURVES) == 91


def test_close_is_idempotent_and_final() -> None:
    opened = open_body(MIA, Canvas())
    opened.close()
    opened.close()
    with pytest.raises(BodyError, match="closed"):
        opened.paint(rest_curves(), np.zeros((1280, 720, 3), np.uint8))


def test_two_bodies_do_not_disturb_each_other(body: Body) -> None:
    before = picture(body, jawOpen=0.4)
    other = open_body(MIA, Canvas(width=540, height=960))
    small = np.zeros((960, 540, 3), np.uint8)
    other.paint(rest_curves(), small)
    during = picture(body, jawOpen=0.4)
    other.close()
    after = picture(body, jawOpen=0.4)
    assert small.any()
    assert (before == during).all()
    assert (before == after).all()


def test_missing_egl_names_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise Exception("libEGL.so not loaded")  # noqa: TRY002 - what glcontext raises

    monkeypatch.setattr(moderngl, "create_context", refuse)
    with pytest.raises(BodyError, match="apt-get install libegl1 libgl1 libgl1-mesa-dri"):
        open_context()


def test_sway_brings_in_sleeves_not_empty_edges(body: Body) -> None:
    for values in ({"bodyYaw": 5.0}, {"bodyYaw": -5.0}, {"bodyRoll": 3.0}, {"bodyRoll": -3.0}, {"breath": 1.0}):
        host = covered(picture(body, **values))
        # A few pixels of the white top have the backdrop's own grey.
        assert host[1150:, 20:700].mean() > 0.999, values
