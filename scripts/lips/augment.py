"""Speech as other throats, rooms, microphones and streets would give it."""

from __future__ import annotations

import numpy as np
import soxr
from scipy.signal import butter, fftconvolve, sosfilt

from engine.flow import SAMPLE_RATE, Floats, Phoneme
from lips.speech import Sample

PITCH = (0.84, 1.22)
"""Factors on pitch, formants and pace together: the sound is played slower or faster."""

GAIN_DB = (-18.0, 8.0)
NOISE_DB = (10.0, 45.0)
"""Noise below speech."""

DECAY_S = (0.08, 0.5)
DIRECT_DB = (0.0, 14.0)
"""Direct sound over the room's."""

SILENCE_S = 0.6


def augmented(sample: Sample, others: list[Sample], chance: np.random.Generator) -> Sample:
    """A copy of ``sample``: always with another pitch and gain; often with noise, a room, or a thin line."""
    sample = padded(_pitched(sample, float(np.exp(chance.uniform(*np.log(PITCH))))), chance)
    pcm = sample.pcm_48k
    if chance.random() < 0.3:
        pcm = _in_room(pcm, chance)
    if chance.random() < 0.3:
        pcm = _coloured(pcm, chance)
    if chance.random() < 0.5:
        pcm = pcm + _noise(pcm, others, chance)
    gain = 10 ** (chance.uniform(*GAIN_DB) / 20)
    pcm = np.clip(pcm * gain, -1, 1).astype(np.float32)
    return Sample(pcm, sample.phonemes, sample.voice, sample.language)


def _pitched(sample: Sample, factor: float) -> Sample:
    pcm = np.asarray(soxr.resample(sample.pcm_48k, SAMPLE_RATE * factor, SAMPLE_RATE, quality="MQ"), np.float32)
    phonemes = tuple(Phoneme(p.symbol, round(p.start / factor), round(p.end / factor)) for p in sample.phonemes)
    return Sample(pcm, phonemes, sample.voice, sample.language)


def padded(sample: Sample, chance: np.random.Generator) -> Sample:
    """With silence before and behind."""
    before, behind = (int(chance.uniform(0, SILENCE_S) * SAMPLE_RATE) for _ in range(2))
    moved = [Phoneme(p.symbol, p.start + before, p.end + before) for p in sample.phonemes]
    total = before + len(sample.pcm_48k) + behind
    phonemes = (Phoneme("", 0, moved[0].start), *moved, Phoneme("", moved[-1].end, total))
    return Sample(np.pad(sample.pcm_48k, (before, behind)), phonemes, sample.voice, sample.language)


def _in_room(pcm: Floats, chance: np.random.Generator) -> Floats:
    """With the tail of a room: noise that decays, after a few milliseconds."""
    decay = chance.uniform(*DECAY_S)
    tail = chance.standard_normal(int(decay * SAMPLE_RATE)) * 10 ** (-3 * np.linspace(0, 1, int(decay * SAMPLE_RATE)))
    tail[: int(chance.uniform(0.002, 0.012) * SAMPLE_RATE)] = 0.0
    tail *= 10 ** (-chance.uniform(*DIRECT_DB) / 20) / (np.sqrt((tail**2).sum()) + 1e-9)
    tail[0] = 1.0
    return np.asarray(fftconvolve(pcm, tail)[: len(pcm)], np.float32)


def _coloured(pcm: Floats, chance: np.random.Generator) -> Floats:
    """As a small microphone or a thin line gives it."""
    high = chance.uniform(3400, 8000)
    low = chance.uniform(40, 220)
    return np.asarray(sosfilt(butter(2, (low, high), "band", fs=SAMPLE_RATE, output="sos"), pcm), np.float32)


def _noise(pcm: Floats, others: list[Sample], chance: np.random.Generator) -> Floats:
    """Hiss, hum of a street (pink), or people who talk backwards; softer than the speech by ``NOISE_DB``."""
    kind = chance.integers(3)
    if kind == 2:
        noise = np.zeros(len(pcm))
        for other in chance.choice(len(others), 4):
            noise += np.resize(others[int(other)].pcm_48k[::-1], len(pcm))
    else:
        noise = chance.standard_normal(len(pcm))
        if kind == 1:
            bins = np.fft.rfft(noise)
            noise = np.fft.irfft(bins / np.sqrt(np.maximum(1, np.arange(len(bins)))), len(pcm))
    speech = float(np.sqrt(np.mean(pcm**2))) + 1e-9
    loud = speech * 10 ** (-chance.uniform(*NOISE_DB) / 20) / (float(np.sqrt(np.mean(noise**2))) + 1e-9)
    return np.asarray(noise * loud, np.float32)
