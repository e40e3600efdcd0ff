from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.flow import CURVE_INDEX, CURVES, SAMPLE_RATE, Framing, LineKind, Question
from engine.motion import LIMITS, Actor, MotionError
from engine.motion.gestures import ARM_COLUMNS
from engine.motion.prosody import pitch_semitones, stresses


@pytest.mark.parametrize("fps", [25, 30])
def test_a_performance_is_whole_pictures(utterances, fps):
    for u in utterances:
        p = Actor(fps, 1).perform(u, "p1")
        assert len(p.pcm_48k) == p.pictures * SAMPLE_RATE // fps
        assert np.array_equal(p.pcm_48k[: len(u.pcm_48k)], u.pcm_48k)
        assert not p.pcm_48k[len(u.pcm_48k) :].any()
        assert p.curves.shape == (p.pictures, len(CURVES))
        assert p.curves.dtype == np.float32
        assert p.words == u.words
        assert p.performance_id == "p1"
        assert p.fps == fps


def test_it_ends_at_rest_without_a_jump(utterances):
    for u in utterances:
        p = Actor(25, 1).perform(u, "p")
        assert not p.curves[-1].any()
        assert np.abs(p.curves[-2]).max() < 0.4
        assert np.abs(p.curves[0]).max() < 0.7


def test_deterministic(utterances):
    a = Actor(25, 1).perform(utterances[1], "p")
    b = Actor(25, 1).perform(utterances[1], "p")
    assert np.array_equal(a.curves, b.curves)
    assert a.cues == b.cues
    assert not np.array_equal(a.curves, Actor(25, 2).perform(utterances[1], "p").curves)


def test_angles_stay_small_and_move_softly(utterances):
    for u in utterances:
        p = Actor(25, 1).perform(u, "p")
        for name in ("headYaw", "headPitch", "headRoll"):
            angles = p.curves[:, CURVE_INDEX[name]]
            assert np.abs(angles).max() < 0.7 * LIMITS[name]
            assert np.abs(np.diff(angles)).max() < 1.8


def test_the_head_nods_and_brows_rise_on_stressed_words(utterances):
    u = utterances[1]
    found = stresses(u.pcm_48k, u.words)
    assert 1 <= len(found) <= 5
    p = Actor(25, 1).perform(u, "p")
    assert p.curves[:, CURVE_INDEX["headPitch"]].min() < -0.8
    assert p.curves[:, CURVE_INDEX["browOuterUpLeft"]].max() > 0.08


def test_pitch_of_a_known_sound():
    t = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    tone = sum(np.sin(2 * np.pi * 200 * k * t) / k for k in range(1, 8)).astype(np.float32) * 0.2
    pitch = pitch_semitones(tone)
    assert np.nanmedian(pitch) == pytest.approx(12.0, abs=0.4)
    assert np.isnan(pitch_semitones(np.zeros(SAMPLE_RATE, np.float32))).all()


def test_it_glances_at_a_new_product_only(utterances):
    u = replace(utterances[0], line=replace(utterances[0].line, product_id="bottle"))
    actor = Actor(25, 1)
    first, second = actor.perform(u, "p1"), actor.perform(u, "p2")
    assert [c.kind for c in first.cues] == ["show_card", "look_at_card"]
    assert [c.kind for c in second.cues] == ["show_card"]
    look = next(c for c in first.cues if c.kind == "look_at_card")
    assert look.value == "bottle"
    assert first.curves[look.picture + 5, CURVE_INDEX["gazePitch"]] < -8
    assert second.curves[:, CURVE_INDEX["gazePitch"]].min() == 0.0


def test_it_looks_at_the_chat_before_an_answer(utterances):
    line = replace(utterances[0].line, kind=LineKind.ANSWER, question=Question("q7", "Ann", "How big?"))
    p = Actor(25, 1).perform(replace(utterances[0], line=line), "p")
    assert (p.cues[0].kind, p.cues[0].picture, p.cues[0].value) == ("look_at_chat", 0, "q7")
    assert p.curves[8, CURVE_INDEX["gazeYaw"]] < -8
    assert p.curves[8, CURVE_INDEX["gazePitch"]] < -4
    assert abs(p.curves[35, CURVE_INDEX["gazeYaw"]]) < 1


def test_mood_and_questions_show_in_the_face(utterances):
    calm = Actor(25, 1).perform(replace(utterances[3], line=replace(utterances[3].line, mood="calm")), "p")
    lively = Actor(25, 1).perform(replace(utterances[3], line=replace(utterances[3].line, mood="lively")), "p")
    cheek = CURVE_INDEX["cheekSquintLeft"]
    assert lively.curves[20, cheek] > calm.curves[20, cheek] + 0.05
    asked = Actor(25, 1).perform(utterances[2], "p")
    assert asked.curves[-16:, CURVE_INDEX["browInnerUp"]].max() > 0.15


def test_arms_are_at_rest_at_both_ends_of_every_line(utterances):
    actor, moved = Actor(25, 3), 0
    for kind in (LineKind.GREETING, LineKind.OPENER, LineKind.PITCH, LineKind.PRICE):
        for u in utterances:
            line = replace(u.line, kind=kind, mood="lively", framing=Framing.HALF)
            arms = actor.perform(replace(u, line=line), "p").curves[:, ARM_COLUMNS]
            assert not arms[-1].any()
            assert np.abs(arms[0]).max() < 0.5
            assert np.abs(arms[-2]).max() < 0.5
            moved += bool(arms.any())
    assert moved >= 6


def test_a_stroke_falls_where_the_voice_stresses(utterances):
    u = utterances[3]
    line = replace(u.line, kind=LineKind.GREETING, mood="lively", framing=Framing.HALF)
    curves = Actor(25, 1).perform(replace(u, line=line), "p").curves
    turned = curves[:, CURVE_INDEX["forearmTwistLeft"]]
    assert turned.max() > 60
    reached = (np.argmax(turned > 0.95 * turned.max()) + 0.5) / 25
    word = next(w for w in u.words if w.text.startswith("welcome"))
    assert word.start / SAMPLE_RATE - 0.1 < reached < word.end / SAMPLE_RATE + 0.25


def test_no_gesture_in_a_close_shot(utterances):
    for u in utterances:
        line = replace(u.line, kind=LineKind.OPENER, framing=Framing.CLOSE)
        assert not Actor(25, 1).perform(replace(u, line=line), "p").curves[:, ARM_COLUMNS].any()


def test_some_phrases_end_with_a_blink_that_is_over_in_time(utterances):
    blinked = 0
    for seed in range(6):
        for u in utterances:
            lid = Actor(25, seed).perform(u, "p").curves[:, CURVE_INDEX["eyeBlinkLeft"]]
            assert lid[-1] == 0
            assert lid[-2] < 0.4
            blinked += bool(lid.max() > 0.8)
    assert 6 <= blinked <= 22


def test_a_rate_that_does_not_divide_the_sound():
    with pytest.raises(MotionError, match="picture rate of 29 does not divide 48000"):
        Actor(29, 1)


def test_without_phonemes_the_mouth_moves_by_the_sound(utterances):
    u = replace(utterances[0], phonemes=())
    acted = Actor(25, 1).perform(u, "p")
    jaw = acted.curves[:, CURVE_INDEX["jawOpen"]]
    assert acted.pictures == Actor(25, 1).perform(utterances[0], "p").pictures
    assert jaw.max() > 0.2
    assert jaw[-1] == 0.0
