"""A learned manner: its file, and how idle life and the actor take it up."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.flow import CURVE_INDEX
from engine.motion import Actor, IdleLife, Manner, MotionError, manner_of, read_manner, write_manner
from engine.motion.manner import MANNER_COLUMNS, MANNER_CURVES, PIECE_S, RATE

YAW, PITCH, BROW = (MANNER_CURVES.index(name) for name in ("headYaw", "headPitch", "browInnerUp"))


def a_manner(blink_gap_s: float = 3.0) -> Manner:
    """Idle turns slowly, speaking nods quickly."""
    seconds = np.arange(20 * RATE) / RATE
    idle, speaking = np.zeros((2, len(seconds), len(MANNER_CURVES)))
    idle[:, YAW] = 6 * np.sin(0.9 * seconds)
    speaking[:, PITCH] = 5 * np.sin(7 * seconds)
    speaking[:, BROW] = 0.3 * (np.sin(3 * seconds) > 0.5)
    return Manner((idle,), (speaking,), blink_gap_s)


def test_a_file_reads_back(tmp_path: Path) -> None:
    file = tmp_path / "ann.ehm"
    write_manner(file, a_manner())
    again = read_manner(file)
    np.testing.assert_allclose(again.idle[0], a_manner().idle[0], atol=6e-4)
    np.testing.assert_allclose(again.speaking[0], a_manner().speaking[0], atol=6e-4)
    assert set(json.loads(file.read_text())) == {"format", "version", "curves", "idle", "speaking", "blink_gap_s"}
    assert manner_of(None) is None


def _set(**changes: Any) -> Callable[[dict[str, Any]], None]:
    return lambda told: told.update(changes)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_set(format="other"), "not a manner file of this version"),
        (_set(picture="x"), "picture"),
        (_set(**{"a\x1b[31m\nb": "x"}), r"\(a\[31m b: "),
        (_set(curves=["headYaw"]), "its curves are not those that a manner has"),
        (_set(idle=[]), "idle"),
        (_set(idle=[[[0.0]]]), "idle"),
        (_set(blink_gap_s=0.0), "blink_gap_s"),
    ],
)
def test_files_that_are_none(tmp_path: Path, change: Callable[[dict[str, Any]], None], words: str) -> None:
    file = tmp_path / "ann.ehm"
    write_manner(file, a_manner())
    told = json.loads(file.read_text())
    change(told)
    file.write_text(json.dumps(told))
    with pytest.raises(MotionError, match=words):
        read_manner(file)


def test_files_that_are_missing_or_huge(tmp_path: Path) -> None:
    with pytest.raises(MotionError, match="there is no such manner file; make one: everhost avatar manner"):
        read_manner(tmp_path / "none.ehm")
    (tmp_path / "huge.ehm").write_bytes(b" " * 4_000_001)
    with pytest.raises(MotionError, match="larger than any manner file"):
        read_manner(tmp_path / "huge.ehm")


def test_angles_are_kept_within_what_a_neck_does(tmp_path: Path) -> None:
    wild = a_manner()
    wild.idle[0][:, YAW] *= 100
    write_manner(tmp_path / "wild.ehm", wild)
    assert np.abs(read_manner(tmp_path / "wild.ehm").idle[0]).max() == 20


def test_idle_life_moves_the_head_as_learned_and_keeps_the_rest() -> None:
    own, learned = IdleLife(25, 4), IdleLife(25, 4, a_manner())
    rows, plain = (np.array([life.at(i) for i in range(1500)]) for life in (learned, own))
    assert rows[:, CURVE_INDEX["headYaw"]].std() == pytest.approx(6 / np.sqrt(2), rel=0.15)
    assert not rows[:, CURVE_INDEX["headPitch"]].any()
    for name in ("breath", "gazeYaw", "mouthSmileLeft", "bodyShift"):
        np.testing.assert_array_equal(rows[:, CURVE_INDEX[name]], plain[:, CURVE_INDEX[name]])
    assert np.abs(np.diff(rows[:, MANNER_COLUMNS], axis=0)).max() < 0.6


def test_idle_life_with_a_manner_is_a_pure_function_and_does_not_repeat() -> None:
    one, two = IdleLife(25, 4, a_manner()), IdleLife(25, 4, a_manner())
    two.at(9000)
    np.testing.assert_array_equal(one.at(400), two.at(400))
    yaw = np.array([one.at(i)[CURVE_INDEX["headYaw"]] for i in range(3000)])
    piece = round(PIECE_S * RATE)
    alike = [np.abs(yaw[:piece] - yaw[i : i + piece]).mean() for i in range(piece, 3000 - piece)]
    assert min(alike) > 0.01


@pytest.mark.parametrize(("gap", "least", "most"), [(2.0, 20, 45), (8.0, 6, 11)])
def test_eyes_blink_as_often_as_learned(gap: float, least: int, most: int) -> None:
    life = IdleLife(25, 4, a_manner(gap))
    lids = np.array([life.at(i)[CURVE_INDEX["eyeBlinkLeft"]] for i in range(60 * 25)])
    assert least <= int((np.diff((lids > 0.5).astype(int)) > 0).sum()) <= most


def test_the_actor_speaks_as_learned_and_comes_to_rest(utterances: list[Any]) -> None:
    plain = Actor(25, 1).perform(utterances[1], "p").curves
    learned = Actor(25, 1, a_manner()).perform(utterances[1], "p").curves
    pitch = CURVE_INDEX["headPitch"]
    assert learned[:, pitch].std() > 1.5 * plain[:, pitch].std()
    assert not learned[-1].any()
    mouth = CURVE_INDEX["jawOpen"]
    np.testing.assert_array_equal(plain[:, mouth], learned[:, mouth])
