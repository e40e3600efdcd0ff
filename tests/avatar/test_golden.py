"""Every preset at every framing looks as it did when it was last looked at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from engine.avatar import Body, open_body
from engine.flow import Framing
from engine.settings.channel import Canvas

from .golden import BODIES, drawn, file_of, presets

MEAN_STEP, FAR_STEP, FAR_SHARE = 1.5, 24, 0.004
"""Grey steps that a picture may differ by on average, and the share of its pixels that may by more than 24: other
processors round otherwise, and a line may fall beside its pixel."""


@pytest.fixture(scope="module", params=presets())
def preset(request: pytest.FixtureRequest) -> Iterator[tuple[str, Body]]:
    name = str(request.param)
    body = open_body(BODIES / f"{name}.ehb", Canvas())
    yield name, body
    body.close()


@pytest.mark.parametrize("framing", list(Framing))
def test_a_preset_looks_as_it_did(preset: tuple[str, Body], framing: Framing, tmp_path: Path) -> None:
    name, body = preset
    golden = cv2.imread(str(file_of(name, framing)))
    assert golden is not None, f"draw it: python -m tests.avatar.golden {name}"
    now = drawn(body, framing)
    step = cv2.absdiff(golden, now).max(2)
    if step.mean() > MEAN_STEP or (step > FAR_STEP).mean() > FAR_SHARE:
        difference = tmp_path / f"{name}-{framing}.png"
        cv2.imwrite(str(difference), np.hstack([golden, now, cv2.cvtColor(step, cv2.COLOR_GRAY2BGR) * 4]))
        pytest.fail(f"mean step {step.mean():.2f}, far off {(step > FAR_STEP).mean():.4f}; see {difference}")


def test_all_presets_are_here() -> None:
    assert len(presets()) >= 6
    assert {"mia", "leo"} <= set(presets())
