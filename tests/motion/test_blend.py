from __future__ import annotations

import numpy as np
import pytest

from engine.flow import CURVE_INDEX, CURVES, FACE_CURVES, rest_curves
from engine.motion import LIMITS, IdleLife, blend


def row(**values: float) -> np.ndarray:
    out = rest_curves()
    for name, value in values.items():
        out[CURVE_INDEX[name]] = value
    return out


def test_a_row_at_rest_leaves_idle_life_alone():
    life = IdleLife(25, 1)
    for n in range(0, 500, 7):
        idle = life.at(n)
        out = blend(idle, rest_curves())
        kept = [i for i, c in enumerate(CURVES) if not c.startswith("eyeLook")]
        assert np.allclose(out[kept], idle[kept])


def test_nothing_leaves_its_limits():
    chance = np.random.default_rng(5)
    for _ in range(200):
        idle = (chance.random(len(CURVES)) * 60 - 30).astype(np.float32)
        out = blend(idle, (chance.random(len(CURVES)) * 60 - 30).astype(np.float32))
        assert out[: len(FACE_CURVES)].min() >= 0
        assert out[: len(FACE_CURVES)].max() <= 1
        assert 0 <= out[CURVE_INDEX["breath"]] <= 1
        for name, limit in LIMITS.items():
            assert abs(out[CURVE_INDEX[name]]) <= limit


def test_inputs_are_not_changed():
    idle, speech = row(mouthSmileLeft=0.3), row(jawOpen=0.5)
    blend(idle, speech)
    assert idle[CURVE_INDEX["mouthSmileLeft"]] == np.float32(0.3)
    assert speech[CURVE_INDEX["mouthSmileLeft"]] == 0.0


def test_the_smile_gives_way_to_speech_and_more_to_rounding():
    idle = row(mouthSmileLeft=0.32, mouthSmileRight=0.32)
    open_mouth = blend(idle, row(jawOpen=0.5))
    round_mouth = blend(idle, row(jawOpen=0.2, mouthPucker=0.7))
    assert open_mouth[CURVE_INDEX["mouthSmileLeft"]] == pytest.approx(0.24, abs=1e-3)
    assert round_mouth[CURVE_INDEX["mouthSmileLeft"]] < 0.15


def test_blinks_stay_while_speaking():
    out = blend(row(eyeBlinkLeft=1.0, eyeBlinkRight=1.0), row(jawOpen=0.5, browInnerUp=0.3))
    assert out[CURVE_INDEX["eyeBlinkLeft"]] == 1.0


def test_lids_follow_the_gaze():
    out = blend(row(gazeYaw=5.0), row(gazeYaw=5.0, gazePitch=-11.0))
    assert out[CURVE_INDEX["eyeLookOutLeft"]] == pytest.approx(0.4)
    assert out[CURVE_INDEX["eyeLookInRight"]] == pytest.approx(0.4)
    assert out[CURVE_INDEX["eyeLookInLeft"]] == 0.0
    assert out[CURVE_INDEX["eyeLookDownLeft"]] == pytest.approx(0.5)
    assert out[CURVE_INDEX["eyeLookUpLeft"]] == 0.0
