"""When a decoding viewer says that it grew silent and that the picture stood still."""

from __future__ import annotations

import time

import numpy as np
import pytest
from av import AudioFrame, VideoFrame
from measure.control_viewer import ControlViewer


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def sound(viewer: ControlViewer, level: float) -> None:
    pcm = np.full((1, 2 * 960), int(32767 * level), np.int16)
    frame = AudioFrame.from_ndarray(pcm, format="s16", layout="stereo")
    viewer.take("audio", frame)


def picture(viewer: ControlViewer, value: int) -> None:
    viewer.take("video", VideoFrame.from_ndarray(np.full((96, 64), value, np.uint8), format="gray"))


def test_silence_begins_with_the_first_frame_after_the_last_loud_one(clock: list[float]) -> None:
    viewer = ControlViewer()
    for level in (0.3, 0.3, 0.0005, 0.3, 0.0005, 0.0005):
        sound(viewer, level)
        clock[0] += 0.02
    assert viewer.silent_since(100.0) == pytest.approx(100.08)
    sound(viewer, 0.3)
    assert viewer.silent_since(100.0) == float("inf")


def test_the_picture_stands_from_the_first_that_is_like_the_last(clock: list[float]) -> None:
    viewer = ControlViewer()
    for value in (10, 30, 10, 10, 11):
        picture(viewer, value)
        clock[0] += 0.04
    assert viewer.still_since(100.0) == pytest.approx(100.08)


def test_only_the_last_half_minute_is_kept(clock: list[float]) -> None:
    viewer = ControlViewer()
    sound(viewer, 0.3)
    clock[0] += 31.0
    sound(viewer, 0.0005)
    assert viewer.silent_since(0.0) == pytest.approx(131.0)
