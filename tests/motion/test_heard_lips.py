from __future__ import annotations

import numpy as np
import pytest

from engine.flow import SAMPLE_RATE
from engine.motion.heard_lips import LOOK_AHEAD, HeardLips, heard_mouth
from engine.motion.lip_network import FILE, LipNetwork
from engine.motion.lipsync import mouth_curves, picture_seconds
from engine.motion.visemes import MOUTH_CURVES, SEALS, MotionError

COLUMN = {name: i for i, name in enumerate(MOUTH_CURVES)}
JAW = COLUMN["jawOpen"]
STEP = SAMPLE_RATE // 25


def rows_of(utterance) -> tuple[np.ndarray, np.ndarray]:
    pictures = len(utterance.pcm_48k) // STEP
    return heard_mouth(utterance.pcm_48k, pictures, 25), picture_seconds(pictures, 25)


def test_the_network_is_small_and_hears_80_ms_ahead_at_most():
    assert FILE.stat().st_size < 2_000_000
    assert LOOK_AHEAD <= 0.080 * SAMPLE_RATE


def test_lips_close_in_p_b_and_m_by_sound_alone(utterances):
    closed = []
    for u in utterances:
        rows, seconds = rows_of(u)
        for p in u.phonemes:
            near = (seconds > p.start / SAMPLE_RATE - 0.02) & (seconds < p.end / SAMPLE_RATE + 0.02)
            if p.symbol in SEALS:
                closed.append(bool(((rows[near, JAW] < 0.04) & (rows[near, COLUMN["mouthPressLeft"]] > 0.15)).any()))
    assert len(closed) >= 15
    assert np.mean(closed) >= 0.85


def test_the_mouth_goes_with_the_one_by_phonemes(utterances):
    heard, known = [], []
    for u in utterances:
        rows, seconds = rows_of(u)
        heard.append(rows)
        known.append(mouth_curves(u.phonemes, u.pcm_48k, seconds))
    by_sound, by_phonemes = np.concatenate(heard), np.concatenate(known)
    for curve, least in (("jawOpen", 0.8), ("mouthPucker", 0.7), ("mouthRollLower", 0.6)):
        column = COLUMN[curve]
        assert np.corrcoef(by_sound[:, column], by_phonemes[:, column])[0, 1] > least, curve


@pytest.mark.parametrize("loud", [0.0, 0.0005])
def test_silence_gives_rest(loud):
    hiss = loud * np.random.default_rng(1).standard_normal(2 * SAMPLE_RATE)
    rows = heard_mouth(hiss.astype(np.float32), 50, 25)
    assert rows.shape == (50, len(MOUTH_CURVES))
    assert rows.max() < 0.06


def test_the_mouth_closes_behind_speech(utterances):
    speech = utterances[0].pcm_48k
    pictures = len(speech) // STEP + 25
    assert heard_mouth(speech, pictures, 25)[-18:].max() < 0.06


def test_what_comes_later_changes_nothing(utterances):
    sound = utterances[0].pcm_48k[: 2 * SAMPLE_RATE]
    cut = SAMPLE_RATE
    other = sound.copy()
    other[cut:] = 0.3 * np.random.default_rng(1).standard_normal(len(sound) - cut)
    rows, changed = HeardLips(25).push(sound), HeardLips(25).push(other)
    decided = int((cut - LOOK_AHEAD) / STEP - 0.5) + 1
    assert np.allclose(rows[:decided], changed[:decided], atol=1e-6)
    assert not np.allclose(rows[decided + 2 :], changed[decided + 2 :], atol=0.02)


@pytest.mark.parametrize(("fps", "step"), [(25, 1920), (25, 700), (30, 1600), (50, 10_000)])
def test_sound_in_pieces_gives_the_same_mouths_as_soon_as_it_can(utterances, fps, step):
    sound = utterances[0].pcm_48k[: 2 * SAMPLE_RATE]
    whole, lips, parts = HeardLips(fps).push(sound), HeardLips(fps), []
    for at in range(0, len(sound), step):
        parts.append(lips.push(sound[at : at + step]))
        heard = min(at + step, len(sound))
        due = int((heard - LOOK_AHEAD) * fps / SAMPLE_RATE + 0.5) if heard >= LOOK_AHEAD else 0
        assert sum(len(p) for p in parts) >= due
    assert np.allclose(np.concatenate(parts), whole, atol=1e-5)


def test_streams_do_not_hear_each_other(utterances):
    sound = utterances[0].pcm_48k[:SAMPLE_RATE]
    alone = HeardLips(25).push(sound)
    first, second = HeardLips(25), HeardLips(25)
    second.push(sound[::-1].copy())
    assert np.allclose(first.push(sound), alone, atol=1e-6)


def test_a_damaged_network_is_named(tmp_path):
    file = tmp_path / "lips.onnx"
    file.write_bytes(b"no network")
    with pytest.raises(MotionError, match=r"lips\.onnx cannot be loaded"):
        LipNetwork(file)
    with pytest.raises(MotionError, match="cannot be loaded"):
        LipNetwork(tmp_path / "nowhere.onnx")


def test_a_network_of_another_shape_is_refused(tmp_path):
    import onnx  # noqa: PLC0415

    model = onnx.load(FILE)
    model.graph.input[0].type.tensor_type.shape.dim[1].dim_value = 80
    for node in model.graph.node:
        if node.input and node.input[0] == "mel":
            node.input[0] = "mel40"
    starts, ends = (onnx.numpy_helper.from_array(np.array([n], np.int64), name) for n, name in ((0, "a"), (40, "b")))
    axis = onnx.numpy_helper.from_array(np.array([1], np.int64), "c")
    model.graph.initializer.extend([starts, ends, axis])
    model.graph.node.insert(0, onnx.helper.make_node("Slice", ["mel", "a", "b", "c"], ["mel40"]))
    onnx.save(model, tmp_path / "wide.onnx")
    with pytest.raises(MotionError, match="is of another shape"):
        LipNetwork(tmp_path / "wide.onnx")
