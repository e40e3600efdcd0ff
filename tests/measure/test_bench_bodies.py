"""Channels of ``bench_bodies.py air``: their names, the network that drops a jaw, and what counts as a miss."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bench_bodies
import numpy as np
import pytest
from bodies import air, jaw
from bodies.channels import CHANNELS, Made, SkippedError
from measure.processes import MeasureError

from engine.avatar.heads.networks import open_network
from engine.avatar.heads.wav2lip import Wav2Lip

SKIN = np.full((jaw.SIZE, jaw.SIZE, 3), 200, np.uint8)


def test_the_channels_that_can_be_named_are_those_that_can_be_made() -> None:
    assert tuple(CHANNELS) == bench_bodies.CHANNELS


def test_the_jaw_drops_with_the_sound_that_is_heard_now(tmp_path: Path) -> None:
    network = Wav2Lip(open_network(jaw.write(tmp_path / "jaw.onnx")))

    def opening(now: float, later: float) -> int:
        """Dark pixels below each other in the middle of the mouth."""
        levels = np.full((80, 16), later, np.float32)
        levels[:, : jaw.FRAMES] = now
        return int((network.generate(levels, SKIN, SKIN)[:, int(jaw.MIDDLE), 1] < 100).sum())

    assert opening(-4.0, 1.0) == 0
    assert 2 <= opening(jaw.QUIET + 0.8, -4.0) <= 4
    assert jaw.WIDEST - 2 <= opening(1.0, -4.0) <= jaw.WIDEST


@contextmanager
def untimed(folder: Path) -> Iterator[Made]:
    yield Made(folder / "a.yaml", "a photo", "an endpoint", {"lips_lag": "no times"})


@contextmanager
def not_installed(_: Path) -> Iterator[Made]:
    raise SkippedError("run `make coqui`")
    yield


@contextmanager
def broken(_: Path) -> Iterator[Made]:
    raise MeasureError("everhost check a.yaml refused")
    yield


def test_a_channel_that_fails_is_a_miss_and_what_cannot_be_judged_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def watched(*_: object) -> dict[str, Any]:
        return {
            "figures": {"cpu": 2.0, "lips_lag": None},
            "missed": ["cpu", "lips_lag"],
            "details": {"cpu": {"cores": 2.0}, "method": {}},
        }

    monkeypatch.setattr(air, "watch", watched)
    monkeypatch.setattr(air, "CHANNELS", {"a": untimed, "b": not_installed, "c": broken})
    found = air.measure(("c", "b", "a"), 20.0)
    assert found["missed"] == ["c: not measured", "b: not measured", "a: cpu"]
    assert found["channels"] == {
        "a": {
            "body": "a photo",
            "voice": "an endpoint",
            "missed": ["cpu"],
            "left_out": {"lips_lag": "no times"},
            "figures": {"cpu": 2.0},
            "details": {"cpu": {"cores": 2.0}},
        },
        "b": {"skipped": "run `make coqui`", "missed": ["not measured"]},
        "c": {"error": "everhost check a.yaml refused", "missed": ["not measured"]},
    }
