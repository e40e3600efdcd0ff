"""What the network is held against: loudness alone, and pylipsync's MFCC templates, each tuned as well as can be."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pylipsync import CompareMethod, PhonemeAnalyzer
from pylipsync.utils import compute_mfcc, downsample

from engine.flow import SAMPLE_RATE, Floats
from engine.motion.visemes import MOUTH_CURVES, VISEMES, viseme_matrix
from lips.examples import true_visemes
from lips.groups import GROUP_NAMES, GROUP_OF
from lips.speech import FOLDER, Sample
from lips.track import FPS, Doubles, Track, by_phonemes, gap_of, moments_of, pictures_of

BINS = np.arange(-60.0, 3.0, 1.5)
"""Decibels against the sentence's loud parts (95th percentile)."""

MFCC_RATE = 16_000
WINDOW_S = 0.064
DEFAULT_GROUPS = {"aa": "open", "ee": "spread", "ih": "spread", "oh": "round", "ou": "round", "silence": "rest"}
DEFAULT_VISEMES = {"aa": "aa", "ee": "E", "ih": "ih", "oh": "oh", "ou": "ou", "silence": "sil"}


class Loudness:
    """The jaw follows the level; the group is the one that this level has most often. Both learnt from ``speech``."""

    def __init__(self, speech: Sequence[Sample]) -> None:
        levels = np.concatenate([_levels(s) for s in speech])
        truth = [by_phonemes(s) for s in speech]
        groups, gaps = np.concatenate([t.group for t in truth]), np.concatenate([t.gap for t in truth])
        at = np.digitize(levels, BINS)
        counts = np.zeros((len(BINS) + 1, len(GROUP_NAMES)))
        np.add.at(counts, (at, groups), 1)
        self._group = counts.argmax(axis=1)
        bins = np.arange(len(BINS) + 1)
        seen = [b for b in bins if counts[b].sum()]
        self._gap = np.interp(bins, seen, [float(gaps[at == b].mean()) for b in seen])

    def __call__(self, sample: Sample) -> Track:
        """What the levels say."""
        at = np.digitize(_levels(sample), BINS)
        return Track(self._group[at], self._gap[at])


class Mfcc:
    """pylipsync as it comes (five vowels and silence), or with templates of all our visemes."""

    def __init__(self, templates: Path | None = None, compare: CompareMethod = CompareMethod.COSINE_SIMILARITY) -> None:
        if templates is None:
            self._analyzer = PhonemeAnalyzer(compare_method=compare)
            groups, self._visemes = DEFAULT_GROUPS, DEFAULT_VISEMES
        else:
            self._analyzer = PhonemeAnalyzer(str(templates), compare_method=compare, silence_phoneme="sil")
            groups = {v: GROUP_NAMES[g] for v, g in zip(VISEMES, GROUP_OF, strict=True)}
            self._visemes = {v: v for v in VISEMES}
        self._groups = {name: GROUP_NAMES.index(group) for name, group in groups.items()}

    def __call__(self, sample: Sample) -> Track:
        """What the templates say: mouths mixed by pylipsync's targets, which are softer where the sound is."""
        pictures = pictures_of(sample)
        found = self._analyzer.extract_phoneme_segments(
            sample.pcm_48k, SAMPLE_RATE, fps=FPS, window_size_ms=WINDOW_S * 1000
        )[:pictures]
        rows = np.zeros((pictures, len(MOUTH_CURVES)), np.float32)
        groups = np.zeros(pictures, np.int64)
        for k, segment in enumerate(found):
            likely = np.zeros(len(GROUP_NAMES))
            for phoneme in segment.phonemes:
                likely[self._groups[phoneme.name]] += phoneme.target
                rows[k] += phoneme.target * viseme_matrix()[VISEMES.index(self._visemes[phoneme.name])]
            groups[k] = likely.argmax() if likely.any() else GROUP_NAMES.index("rest")
        return Track(groups, gap_of(rows))


def write_templates(speech: Sequence[Sample]) -> Path:
    """A template file for pylipsync: the mean of each of our visemes, by the sound around the middle of pictures."""
    features: dict[str, list[NDArray[Any]]] = {v: [] for v in VISEMES}
    for sample in speech:
        seconds = moments_of(sample)[::2]
        truth = true_visemes(sample.phonemes, seconds)
        sound = np.pad(downsample(sample.pcm_48k, SAMPLE_RATE, MFCC_RATE), int(WINDOW_S / 2 * MFCC_RATE))
        for second, viseme in zip(seconds, truth, strict=True):
            first = int(second * MFCC_RATE)
            window = sound[first : first + int(WINDOW_S * MFCC_RATE)]
            features[VISEMES[viseme]].append(np.array(compute_mfcc(window, MFCC_RATE)))
    means = {name: np.mean(rows, axis=0) for name, rows in features.items() if rows}
    every = np.concatenate([rows for rows in features.values() if rows])
    file = FOLDER / "pylipsync_templates.json"
    file.write_text(
        json.dumps(
            {
                "phonemes": {name: [mean.tolist()] for name, mean in means.items()},
                "normalization": {"means": every.mean(axis=0).tolist(), "std_devs": every.std(axis=0).tolist()},
            }
        ),
        encoding="utf-8",
    )
    return file


def _levels(sample: Sample) -> Doubles:
    """Decibels of each picture's sound against the sentence's loud parts."""
    sound: Floats = sample.pcm_48k[: pictures_of(sample) * SAMPLE_RATE // FPS]
    power = (sound.reshape(-1, SAMPLE_RATE // FPS).astype(np.float64) ** 2).mean(axis=1)
    level = 10 * np.log10(power + 1e-10)
    return np.asarray(level - np.percentile(level, 95))
