from __future__ import annotations

import json
from importlib.resources import files

import pytest

from engine.flow import FACE_CURVES
from engine.motion.visemes import (
    LIP_TO_TEETH,
    MOUTH_CURVES,
    PHONEME_VISEMES,
    SEALS,
    VISEME_CURVES,
    VISEMES,
    VOWELS,
    MotionError,
    visemes_of,
)

NOT_PHONEMES = set(';:,.!?—…"()“” ') | set("ˈˌːʰʲ̃ᵝ↓→↗↘")


def test_every_sound_of_the_voice_has_a_mouth():
    vocab = json.loads(files("hibari").joinpath("assets/vocab.json").read_text(encoding="utf-8"))
    assert not [s for s in vocab if s not in NOT_PHONEMES and s not in PHONEME_VISEMES]


def test_mouths_and_curves_exist():
    assert {v for vs in PHONEME_VISEMES.values() for v in vs} <= set(VISEMES)
    assert set(MOUTH_CURVES) <= set(FACE_CURVES)
    assert all(0 <= x <= 1 for curves in VISEME_CURVES.values() for x in curves.values())


def test_kinds_of_phonemes_have_fitting_mouths():
    assert all(visemes_of(p) == ("PP",) for p in SEALS)
    assert all(visemes_of(p) == ("FF",) for p in LIP_TO_TEETH)
    assert VISEME_CURVES["PP"].get("jawOpen", 0.0) == 0.0
    jaw = {v: VISEME_CURVES[v].get("jawOpen", 0.0) for v in VISEMES}
    assert jaw["aa"] == max(jaw.values())
    assert jaw["aa"] > jaw["E"] > jaw["ih"]
    assert min(jaw[visemes_of(p)[0]] for p in VOWELS) > 0.1
    assert VISEME_CURVES["ou"]["mouthPucker"] > 0.5


def test_glides_move_between_two_mouths():
    assert visemes_of("I") == ("aa", "ih")
    assert visemes_of("") == ("sil",)


def test_unknown_phonemes_are_refused():
    with pytest.raises(MotionError, match="unknown phoneme '§'"):
        visemes_of("§")
