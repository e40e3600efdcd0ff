"""How well tracks agree with the phonemes: groups, closures, lag. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from measure.lips import closures, lag_curve, peak, vowel_envelope

from lips.groups import GROUP_NAMES
from lips.speech import Sample
from lips.track import SHUT, Doubles, Track, by_phonemes, moments_of

OPEN_GAP = 0.2
"""Gap of the phonemes' own mouth from which a picture must not be shown shut."""

Judged = list[tuple[Sample, Track]]


def figures(judged: Judged, shut: float = SHUT) -> dict[str, Any]:
    """All figures of one method on some sentences; ``shut`` is the gap under which its lips count as shut."""
    truth = [by_phonemes(sample) for sample, _ in judged]
    said = np.concatenate([track.group for _, track in judged])
    real = np.concatenate([t.group for t in truth])
    sounding = real != GROUP_NAMES.index("rest")
    return {
        "pictures": len(said),
        "group_accuracy": _share(said == real),
        "group_accuracy_in_sounds": _share((said == real)[sounding]),
        "by_group": {name: _share((said == real)[real == i]) for i, name in enumerate(GROUP_NAMES)},
        **closing(judged, [t.gap for t in truth], shut),
        "closed_picture_recall": _share(_gaps(judged)[real == GROUP_NAMES.index("closed")] <= shut),
        "lag_ms": lag_ms(judged),
    }


def lag_ms(judged: Judged) -> float | None:
    """The lag of the lips' gap behind the energy of the vowels; None where they do not go together."""
    curves = [lag_curve(t.gap, moments_of(s), vowel_envelope(s.pcm_48k, s.phonemes)) for s, t in judged]
    found = [c for c in curves if c is not None]
    best = peak(np.mean(found, axis=0)) if found else None
    return None if best is None else round(best.seconds * 1000, 1)


def closing(judged: Judged, true_gaps: Sequence[Doubles], shut: float) -> dict[str, Any]:
    """How many p, b and m there are, the share that has a picture of shut lips, and the share of open pictures that
    have too.
    """
    looked = [closures(s.phonemes, moments_of(s), t.gap, shut) for s, t in judged]
    pbm = sum(c.looked_at for c in looked)
    return {
        "p_b_m": pbm,
        "closed_recall": round(sum(c.closed for c in looked) / pbm, 4) if pbm else None,
        "open_shown_shut": _share(_gaps(judged)[np.concatenate(true_gaps) >= OPEN_GAP] <= shut),
    }


def best_threshold(judged: Judged) -> float:
    """The gap that best parts p, b and m from open mouths: the highest sum of recall and of open pictures not shut."""
    true_gaps = [by_phonemes(s).gap for s, _ in judged]

    def worth(shut: float) -> float:
        found = closing(judged, true_gaps, shut)
        return float((found["closed_recall"] or 0.0) - (found["open_shown_shut"] or 0.0))

    return max(np.linspace(0.02, 0.5, 25).tolist(), key=worth)


def _gaps(judged: Judged) -> Doubles:
    return np.concatenate([t.gap for _, t in judged])


def _share(hits: Sequence[bool] | np.ndarray[Any, Any]) -> float | None:
    return round(float(np.mean(hits)), 4) if len(hits) else None
