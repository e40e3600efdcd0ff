"""Lips of a voice that tells no phonemes: how late they are is known, vowels and closures are not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from measure.lines import Spoken
from measure.lips_figures import add_lips
from measure.mouth_track import MouthTrack, TimedLine, acted_mouth, lips_report
from measure.place import Place
from measure.report import Report

from engine.flow import SAMPLE_RATE, Line, LineKind, Utterance
from engine.records import SaidLine
from engine.settings.voice import Voice
from engine.speech import make_speaker

FPS = 25
PICTURE_LATE_S = 0.08


@pytest.fixture(scope="module")
def utterance() -> Utterance:
    line = Line("l", LineKind.PITCH, "Please pop the lid open, pour a cup of coffee, and keep it beside your lamp.")
    return make_speaker(Voice()).utter(line)


def figures(utterance: Utterance) -> dict[str, float | None]:
    """What is reported of one line at second 1, whose mouth is seen ``PICTURE_LATE_S`` late."""
    said = SaidLine(1, "", "l", "p", SAMPLE_RATE, "pitch", utterance.line.text, (), None, None, 1, None)
    line = TimedLine(Spoken(said, utterance, Place(SAMPLE_RATE, 1.0)), 1.0)
    mouth = acted_mouth(line.spoken, FPS)
    times = np.arange(len(mouth) + 2 * FPS) / FPS
    opening = np.interp(times - 1.0 - PICTURE_LATE_S, np.arange(len(mouth)) / FPS, mouth, 0.0, 0.0)
    report = Report()
    found = lips_report([line], [line], MouthTrack(times.tolist(), opening.tolist()), FPS)
    add_lips(report, "recording", found)
    return {name: figure["value"] for name, figure in report.figures.items()}


def test_a_voice_with_times_is_judged_by_vowels_and_closures(utterance: Utterance) -> None:
    found = figures(utterance)
    assert found["recording_lips_lag"] == pytest.approx(1000 * PICTURE_LATE_S, abs=40)
    assert found["recording_closed_in_pbm"] is not None


def test_a_voice_without_times_is_judged_by_what_was_acted(utterance: Utterance) -> None:
    found = figures(replace(utterance, phonemes=()))
    assert found["recording_sound_late_p2_5"] == pytest.approx(-1000 * PICTURE_LATE_S, abs=3)
    assert not {"recording_lips_lag", "recording_lips_lag_median_line", "recording_closed_in_pbm"} & set(found)


@pytest.mark.parametrize(("unsure", "ok"), [(0.4, False), (2.5, None), (None, None)])
def test_a_slope_is_judged_where_it_is_surely_known(unsure: float | None, ok: bool | None) -> None:
    report = Report()
    acted = {"slope_over_run_ms": -6.6, "slope_confidence_ms": unsure}
    add_lips(report, "recording", {"vowel_lag": {}, "acted_lag": acted, "untimed": True})
    slope = report.figures["recording_sound_slope_over_run"]
    assert (slope["value"], slope["ok"]) == (6.6, ok)
