"""What Whisper-base hears in pieces of a sound."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from faster_whisper import WhisperModel
from scipy.signal import resample_poly

from measure.lines import Spoken
from measure.place import Sound
from measure.processes import ROOT
from measure.syllables import missed_figures, to_syllables
from measure.words import to_words, word_errors

MODEL = ROOT / "var" / "models" / "whisper-base"
PIECE_S = 27.0
"""Longest piece: Whisper looks at 30 s at once."""

LIMIT_S = 300.0
"""Seconds of sound that are read at most, spread over the run."""

_RATE = 48_000
_MARGIN = _RATE // 5


@dataclass(frozen=True, slots=True)
class Piece:
    """Neighbouring lines and the samples from before the first to behind the last."""

    lines: tuple[Spoken, ...]
    start: int
    end: int


def pieces(lines: list[Spoken], limit_s: float = LIMIT_S) -> list[Piece]:
    """``lines`` in groups of neighbours of at most ``PIECE_S``, spread so that at most ``limit_s`` are read."""
    groups: list[list[Spoken]] = []
    for line in sorted(lines, key=lambda each: each.place.start):
        if groups and line.last_sound - groups[-1][0].place.start <= PIECE_S * _RATE:
            groups[-1].append(line)
        else:
            groups.append([line])
    made = [Piece(tuple(g), max(0, g[0].first_sound - _MARGIN), g[-1].last_sound + _MARGIN) for g in groups]
    most = max(1, int(min(limit_s / PIECE_S, len(made))))
    if len(made) <= most:
        return made
    return [made[round(i * (len(made) - 1) / max(1, most - 1))] for i in range(most)]


def read_words(lines: list[Spoken], sound: Sound) -> dict[str, Any]:
    """Word error rate over ``pieces``, and the pieces with the most errors."""
    model = WhisperModel(str(MODEL), device="cpu", compute_type="int8", cpu_threads=2, local_files_only=True)
    errors = words = 0
    rows = []
    for piece in pieces(lines):
        low: Sound = resample_poly(sound[piece.start : piece.end], 1, 3).astype(np.float32)
        segments, _ = model.transcribe(low, language="en", beam_size=5, condition_on_previous_text=False)
        heard = " ".join(segment.text.strip() for segment in segments)
        meant = " ".join(line.said.text for line in piece.lines)
        found = word_errors(to_words(meant), to_words(heard))
        errors, words = errors + found.errors, words + found.words
        rows.append({"rate": round(found.rate, 4), "errors": found.errors, "meant": meant, "heard": heard})
    rows.sort(key=lambda row: -float(str(row["rate"])))
    return {
        "wer": round(errors / words, 5) if words else None,
        "errors": errors,
        "words": words,
        "seconds": round(sum(p.end - p.start for p in pieces(lines)) / _RATE, 1),
        "worst": rows[:8],
    }


def read_syllables(lines: list[Spoken], sound: Sound) -> dict[str, Any]:
    """Of Chinese lines: the share of wrong syllables without tones, and of numbers and prices that were not heard."""
    model = WhisperModel(str(MODEL), device="cpu", compute_type="int8", cpu_threads=2, local_files_only=True)
    errors = said = figures = 0
    rows = []
    missed: list[dict[str, object]] = []
    for piece in pieces(lines, math.inf):
        low: Sound = resample_poly(sound[piece.start : piece.end], 1, 3).astype(np.float32)
        segments, _ = model.transcribe(
            low, language="zh", beam_size=5, condition_on_previous_text=False, initial_prompt="以下是普通话的句子。"
        )
        heard = "".join(segment.text.strip() for segment in segments)
        meant = "".join(line.said.text for line in piece.lines)
        found, (lost, numbers) = word_errors(to_syllables(meant), to_syllables(heard)), missed_figures(meant, heard)
        errors, said = errors + found.errors, said + found.words
        figures += numbers
        rows.append({"rate": round(found.rate, 4), "meant": meant, "heard": heard})
        missed += [{"number": number, "meant": meant, "heard": heard} for number in lost]
    rows.sort(key=lambda row: -float(str(row["rate"])))
    return {
        "cer": round(errors / said, 5) if said else None,
        "errors": errors,
        "syllables": said,
        "numbers_missed_share": round(len(missed) / figures, 5) if figures else None,
        "numbers_missed": missed,
        "numbers": figures,
        "worst": rows[:8],
    }
