"""A line that is cut in the middle of a gesture: the host comes to rest without a jump."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.flow import ARM_CURVES, CURVE_INDEX, FACE_CURVES, Floats, Performance, rest_curves
from engine.motion import IdleLife, blend
from engine.motion.visemes import MOUTH_CURVES
from engine.stage import Stage
from engine.stage.timeline import Timeline

from .scene import BoxBody, channel, drawn, performance

ARMS = [CURVE_INDEX[name] for name in ARM_CURVES]
HEAD = [CURVE_INDEX[name] for name in ("headYaw", "headPitch", "gazeYaw", "bodyLean")]
MOUTH = [CURVE_INDEX[name] for name in MOUTH_CURVES if not name.startswith("mouthSmile")]
IDLE = IdleLife(25, 1)
CUT = 120
"""The last picture that is drawn before the line is cut; it began at 100."""


def raised(performance_id: str = "p1", pictures: int = 50) -> Performance:
    """Arms up, head turned, mouth open."""
    made = performance(performance_id, pictures=pictures)
    curves = np.zeros_like(made.curves)
    curves[:, ARMS], curves[:, HEAD], curves[:, MOUTH] = 80.0, 10.0, 0.5
    return replace(made, curves=curves)


@pytest.fixture
def stage() -> Stage:
    made = Stage(channel(), BoxBody())
    made.add(raised())
    made.schedule("p1", CUT - 20)
    drawn(made, CUT)
    return made


def row(stage: Stage, picture: int) -> Floats:
    """What the body is given for a picture."""
    drawn(stage, picture)
    body = stage._body
    assert isinstance(body, BoxBody)
    return body.curves[-1]


def idle(picture: int) -> Floats:
    return blend(IDLE.at(picture), rest_curves())


def test_arms_and_head_come_to_rest_within_half_a_second_without_a_jump(stage: Stage) -> None:
    before = row(stage, CUT)
    stage.withdraw(["p1"])
    rows = np.stack([before, *(row(stage, CUT + n) for n in range(1, 16))])
    calm = np.stack([idle(CUT + n) for n in range(16)])
    arms = (rows - calm)[:, ARMS].mean(1)
    assert arms[0] == pytest.approx(80.0)
    assert np.abs(np.diff(rows[:, ARMS], axis=0)).max() < 15
    assert (np.diff(arms) <= 1e-4).all()
    assert arms[6] < 45
    assert np.array_equal(rows[12:], calm[12:])
    assert np.abs(np.diff((rows - calm)[:, HEAD], axis=0)).max() < 2


def test_the_mouth_shuts_at_once(stage: Stage) -> None:
    stage.withdraw(["p1"])
    first, second = ((row(stage, CUT + n) - idle(CUT + n))[MOUTH].max() for n in (1, 2))
    assert first < 0.3
    assert second < 0.02


def test_a_picture_drawn_twice_is_the_same_and_the_speech_is_gone(stage: Stage) -> None:
    stage.withdraw(["p1"])
    later = row(stage, CUT + 5)
    assert np.array_equal(row(stage, CUT + 3), row(stage, CUT + 3))
    assert np.array_equal(row(stage, CUT + 5), later)
    body = stage._body
    assert isinstance(body, BoxBody)
    assert body.heard[-1] is None


def test_the_next_line_begins_while_the_host_still_comes_to_rest(stage: Stage) -> None:
    stage.withdraw(["p1"])
    following = performance("p2", pictures=50)
    stage.add(following)
    stage.schedule("p2", CUT + 4)
    alone = blend(IDLE.at(CUT + 5), following.curves[1])
    assert 40 < (row(stage, CUT + 5) - alone)[ARMS].mean() < 78
    assert np.array_equal(row(stage, CUT + 14), blend(IDLE.at(CUT + 14), following.curves[10]))


def test_only_what_was_on_is_eased_and_not_for_long() -> None:
    timeline = Timeline(25)
    for name, start in (("over", 0), ("on", 60), ("later", 200)):
        timeline.add(performance(name, pictures=40))
        timeline.schedule(name, start)
    timeline.add(performance("waits"))
    timeline.forget(61)
    timeline.withdraw(["over", "on", "later", "waits"])
    assert [(each.placed.act.performance_id, each.cut) for each in timeline.leaving] == [("on", 62)]
    timeline.forget(86)
    assert len(timeline.leaving) == 1
    timeline.forget(87)
    assert timeline.leaving == ()


def test_a_line_that_is_cut_near_its_end_stays_in_its_last_row_until_it_is_at_rest(stage: Stage) -> None:
    drawn(stage, CUT + 28)
    stage.withdraw(["p1"])
    assert 0 < (row(stage, CUT + 34) - idle(CUT + 34))[ARMS].mean() < 60


def test_faces_stay_within_their_bounds(stage: Stage) -> None:
    stage.withdraw(["p1"])
    face = [CURVE_INDEX[name] for name in FACE_CURVES]
    for n in range(1, 14):
        assert 0 <= row(stage, CUT + n)[face].min() <= row(stage, CUT + n)[face].max() <= 1
