"""When each phoneme is really heard: predicted lengths, shifted and snapped to the sound's own energy.

All times here are float samples at ``SAMPLE_RATE``; energy is in decibels at ``HOP`` samples.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfiltfilt

from engine.flow import SAMPLE_RATE, Floats

HOP = 240
"""Samples between energy values: 5 ms."""

SILENCE_DB = -42.0
"""Below the 95th percentile of the sound's level this counts as silence."""

MIN_DIP_DB = 5.0
MIN_PAUSE = int(0.05 * SAMPLE_RATE)
PAUSE_REACH = int(0.20 * SAMPLE_RATE)
CLOSURE_REACH = int(0.065 * SAMPLE_RATE)
MIN_PHONEME = int(0.012 * SAMPLE_RATE)
CLOSURES = frozenset("pbtdkɡʧʤʦʨꭧm")
"""Phonemes with a moment of closure that shows as a dip of energy."""

INITIAL = frozenset("pbtdkɡʧʤʦʨꭧ")
CLOSED_BEFORE = int(0.060 * SAMPLE_RATE)
RELEASE = int(0.020 * SAMPLE_RATE)
"""A plosive that opens a phrase is closed, unheard, before its burst: it lasts from ``CLOSED_BEFORE`` before the first
sound to ``RELEASE`` behind it."""

VOICE_BAND = (200, 4000)
"""Hertz in which a plosive's closure is silent."""

NASAL_BAND = (1500, 5000)
"""Hertz in which an m is quieter than the vowels around it."""

Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Segment:
    """A phoneme ("" is silence) from ``start`` to ``end``, of spoken word ``word`` (-1 for silence)."""

    symbol: str
    start: float
    end: float
    word: int
    tone: int = 0


@lru_cache(maxsize=8)
def _filter(band: tuple[int, int]) -> Doubles:
    return np.asarray(butter(4, band, "band", fs=SAMPLE_RATE, output="sos"))


def energy_db(pcm_48k: Floats, band: tuple[int, int] | None = None) -> Doubles:
    """Level in dB of every ``HOP`` samples; with a ``band`` in hertz, of that band smoothed over three hops."""
    sound = sosfiltfilt(_filter(band), pcm_48k) if band is not None else np.asarray(pcm_48k, np.float64)
    hops = len(sound) // HOP
    power = (sound[: hops * HOP].reshape(hops, HOP) ** 2).mean(axis=1)
    if band is not None and hops >= 3:
        power = np.convolve(power, np.full(3, 1 / 3), "same")
    return np.asarray(10 * np.log10(power + 1e-10))


class _Bands(NamedTuple):
    """Energy in dB every ``HOP`` samples, for plosives and for m."""

    voice: Doubles
    nasal: Doubles


def silences(level_db: Doubles) -> list[tuple[int, int]]:
    """Runs of silence of at least ``MIN_PAUSE``, and always those that touch either end, in samples."""
    quiet = level_db < np.percentile(level_db, 95) + SILENCE_DB
    edges = np.flatnonzero(np.diff(np.concatenate([[0], quiet.astype(np.int8), [0]])))
    runs = [(int(a) * HOP, int(b) * HOP) for a, b in edges.reshape(-1, 2)]
    total = len(level_db) * HOP
    return [(a, b) for a, b in runs if b - a >= MIN_PAUSE or a == 0 or b == total]


def snap(predicted: list[Segment], pcm_48k: Floats) -> list[Segment]:
    """The predicted segments moved to where the sound shows them; covers the sound without gaps or overlaps.

    Predicted silences take the edges of the nearest real silence and vanish where there is none. Phonemes of
    ``CLOSURES`` move so that their middle lies at the dip of energy nearby.
    """
    total = float(len(pcm_48k))
    pauses = _match_pauses(predicted, silences(energy_db(pcm_48k)), total)
    kept = [s for i, s in enumerate(predicted) if s.symbol or i in pauses]
    places = {id(predicted[i]): edge for i, edge in pauses.items()}
    bands = _Bands(energy_db(pcm_48k, VOICE_BAND), energy_db(pcm_48k, NASAL_BAND))
    out: list[Segment] = []
    i = 0
    while i < len(kept):
        if not kept[i].symbol:
            start, end = places[id(kept[i])]
            out.append(Segment("", start, end, -1))
            i += 1
            continue
        stop = next((j for j in range(i, len(kept)) if not kept[j].symbol), len(kept))
        left = out[-1].end if out else 0.0
        right = places[id(kept[stop])][0] if stop < len(kept) else total
        out += _place_phrase(kept[i:stop], left, right, bands)
        i = stop
    return _seal(_with_closures(out), total)


def _with_closures(segments: list[Segment]) -> list[Segment]:
    """Plosives that follow a silence take its last part, in which the mouth is already shut."""
    out = list(segments)
    for i in range(1, len(out)):
        before, here = out[i - 1], out[i]
        if before.symbol or here.symbol not in INITIAL:
            continue
        burst = here.start
        start = max(burst - CLOSED_BEFORE, (before.start + before.end) / 2)
        end = min(here.end, burst + RELEASE) if i + 1 < len(out) and out[i + 1].symbol else here.end
        out[i - 1], out[i] = replace(before, end=start), replace(here, start=start, end=end)
        if i + 1 < len(out):
            out[i + 1] = replace(out[i + 1], start=end)
    return out


def _match_pauses(
    predicted: list[Segment], real: list[tuple[int, int]], total: float
) -> dict[int, tuple[float, float]]:
    """Index of each predicted silence that is heard, to its real start and end."""
    places: dict[int, tuple[float, float]] = {}
    used_until = -1.0
    last = len(predicted) - 1
    for i, segment in enumerate(predicted):
        if segment.symbol:
            continue
        best, best_gap = None, float(PAUSE_REACH)
        for a, b in real:
            if a < used_until or (i > 0 and a == 0) or (i < last and b >= total - HOP):
                continue
            gap = max(0.0, a - segment.end, segment.start - b)
            if gap < best_gap or (gap == best_gap and best is not None and b - a > best[1] - best[0]):
                best, best_gap = (float(a), float(b)), gap
        if i == 0 and best is not None and best[0] > 0:
            best = None
        if best is not None:
            places[i] = (best[0], total if i == last else best[1])
            used_until = best[1]
    return places


def _place_phrase(phrase: list[Segment], left: float, right: float, bands: _Bands) -> list[Segment]:
    """Times of a run of phonemes that is heard from ``left`` to ``right``."""
    starts = np.array([s.start for s in phrase] + [phrase[-1].end])
    bounds = _fit(np.clip(starts, left, right), left, right)
    anchors_from, anchors_to = [left], [left]
    for k, segment in enumerate(phrase):
        if segment.symbol not in CLOSURES or k == 0:
            continue
        middle = (bounds[k] + bounds[k + 1]) / 2
        dip = _dip(bands, middle, segment.symbol)
        if dip is not None and dip > anchors_to[-1] + MIN_PHONEME and middle > anchors_from[-1] + MIN_PHONEME:
            anchors_from.append(middle)
            anchors_to.append(dip)
    while len(anchors_to) > 1 and (anchors_to[-1] > right - MIN_PHONEME or anchors_from[-1] > right - MIN_PHONEME):
        anchors_from.pop()
        anchors_to.pop()
    moved = np.interp(bounds, [*anchors_from, right], [*anchors_to, right])
    moved = _fit(moved, left, right)
    return [replace(s, start=float(moved[k]), end=float(moved[k + 1])) for k, s in enumerate(phrase)]


def _fit(bounds: Doubles, left: float, right: float) -> Doubles:
    """``bounds`` from ``left`` to ``right`` exactly, each ``MIN_PHONEME`` or an equal share behind the last."""
    room = min(float(MIN_PHONEME), (right - left) / max(1, len(bounds) - 1))
    steps = np.arange(len(bounds)) * room
    out = np.maximum.accumulate(np.concatenate([[left], bounds[1:]]) - steps) + steps
    out[-1] = right
    return np.asarray(np.minimum(out, right - steps[::-1]))


def _dip(bands: _Bands, middle: float, symbol: str) -> float | None:
    """Centre of the dip of energy that shows the closure expected at ``middle``, or None where there is none."""
    band_db = bands.nasal if symbol == "m" else bands.voice
    hop = int(middle // HOP)
    reach = CLOSURE_REACH // HOP
    low, high = max(0, hop - reach), min(len(band_db), hop + reach + 1)
    if high - low < 5:
        return None
    window = band_db[low:high]
    away = (np.arange(low, high) - hop) / (reach / 2)
    best = int(np.argmin(window + 4.0 * away**2))
    before, after = window[: best + 1].max(), window[best:].max()
    if min(before, after) - window[best] < MIN_DIP_DB:
        return None
    floor = window[best] + 4.0
    first = last = best
    while first > 0 and window[first - 1] <= floor:
        first -= 1
    while last + 1 < len(window) and window[last + 1] <= floor:
        last += 1
    return float((low + (first + last + 1) / 2) * HOP)


def _seal(segments: list[Segment], total: float) -> list[Segment]:
    """Joined without gaps: neighbours share a bound, the first starts at 0 and the last ends at ``total``."""
    out: list[Segment] = []
    for segment in segments:
        start = out[-1].end if out else 0.0
        if segment.end > start:
            out.append(replace(segment, start=start))
    if out:
        out[-1] = replace(out[-1], end=total)
    return out
