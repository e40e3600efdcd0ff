"""What the network hears and what it should say, at every moment (10 ms)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.flow import SAMPLE_RATE, Floats, Phoneme
from engine.motion.lip_network import AHEAD
from engine.motion.lipsync import SEAL_HOLD, SEAL_RAMP, TEETH_HOLD, TEETH_RAMP, held_weight, mouth_curves
from engine.motion.mel import HOP, LogMel
from engine.motion.visemes import GLIDE_SHARE, LIP_TO_TEETH, SEALS, VISEME_INDEX, visemes_of
from lips.speech import Sample


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence: frame ``i + AHEAD`` of ``mel`` is the last that is heard before ``i`` of the others is said.

    ``viseme`` are indices of ``VISEMES``; ``mouth`` rows of ``MOUTH_CURVES``; ``held`` lips together, lip to teeth.
    """

    mel: Floats
    viseme: NDArray[np.int64]
    mouth: Floats
    held: Floats


def example(sample: Sample) -> Example:
    """The frames and answers of one sentence."""
    mel = LogMel().push(sample.pcm_48k)
    moments = len(mel) - AHEAD
    seconds = np.arange(moments) * HOP / SAMPLE_RATE
    held = np.stack(
        [
            held_weight(seconds, sample.phonemes, SEALS, SEAL_RAMP, SEAL_HOLD),
            held_weight(seconds, sample.phonemes, LIP_TO_TEETH, TEETH_RAMP, TEETH_HOLD),
        ],
        axis=1,
    )
    mouth = mouth_curves(sample.phonemes, sample.pcm_48k, seconds)
    return Example(mel, true_visemes(sample.phonemes, seconds), mouth, held.astype(np.float32))


def true_visemes(phonemes: tuple[Phoneme, ...], seconds: NDArray[np.float64]) -> NDArray[np.int64]:
    """Index of the viseme at each moment; "sil" where there is no phoneme."""
    starts: list[float] = [-1.0]
    shapes = [VISEME_INDEX["sil"]]
    for phoneme in phonemes:
        names = visemes_of(phoneme.symbol)
        starts.append(phoneme.start / SAMPLE_RATE)
        shapes.append(VISEME_INDEX[names[0]])
        if len(names) == 2:
            starts.append((phoneme.start + GLIDE_SHARE * (phoneme.end - phoneme.start)) / SAMPLE_RATE)
            shapes.append(VISEME_INDEX[names[1]])
    starts.append(phonemes[-1].end / SAMPLE_RATE if phonemes else 0.0)
    shapes.append(VISEME_INDEX["sil"])
    return np.array(shapes, np.int64)[np.searchsorted(starts, seconds, side="right") - 1]
