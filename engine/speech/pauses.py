"""When words are heard in a sound whose phoneme times nobody knows: by the pauses that can be heard in it.

Words are laid along the heard stretches by their likely lengths; marks (commas, full stops) are matched with the pauses
nearest to them, and the words between two matches share what lies between. Good enough for captions and gestures; lips
do not use it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from engine.flow import SAMPLE_RATE, Floats
from engine.speech.readings import SpokenWord
from engine.speech.timing import HOP, Doubles, energy_db, silences

LEAST_PAUSE = int(0.10 * SAMPLE_RATE)
"""A shorter silence is the closure of a plosive."""

UNMATCHED = 0.35
"""Seconds by which a mark and a pause may be apart before both are better left alone."""

_VOWELS = re.compile(r"[aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýÿœ]+", re.IGNORECASE)
_IDEOGRAPH = re.compile(r"[぀-ヿ㐀-鿿가-힯]")


def stretches(pcm_48k: Floats) -> list[tuple[int, int]]:
    """Where something is heard, in samples: the rest are the silences at both ends and pauses of ``LEAST_PAUSE``."""
    if len(pcm_48k) < HOP or not np.any(pcm_48k):
        return []
    total = len(pcm_48k) // HOP * HOP
    out: list[tuple[int, int]] = []
    at = 0
    for begin, end in silences(energy_db(pcm_48k)):
        if end - begin < LEAST_PAUSE and begin > 0 and end < total:
            continue
        if begin > at:
            out.append((at, begin))
        at = end
    if at < total:
        out.append((at, len(pcm_48k)))
    return out


def likely_length(word: SpokenWord) -> float:
    """How long a word takes to say beside others: its syllables, and a little for each consonant."""
    if word.spelled:
        return 1.2 * len(word.text)
    drawn = len(_IDEOGRAPH.findall(word.text))
    rest = _IDEOGRAPH.sub("", word.text)
    syllables = len(_VOWELS.findall(rest))
    return max(0.5, 1.2 * drawn + 0.8 * syllables + 0.2 * len(_VOWELS.sub("", rest)))


def word_spans(words: Sequence[SpokenWord], pcm_48k: Floats) -> list[tuple[int, int] | None]:
    """First and last sample of each word, in order and without overlaps; None for all where nothing is heard."""
    heard = stretches(pcm_48k)
    if not heard or not words:
        return [None] * len(words)
    lengths = np.array([b - a for a, b in heard], np.float64)
    edges = np.concatenate([[0.0], np.cumsum(lengths)])
    share = np.concatenate([[0.0], np.cumsum([likely_length(w) for w in words])])
    share *= edges[-1] / share[-1]
    marks = [i + 1 for i, w in enumerate(words[:-1]) if w.pause]
    pairs = _matched(share[marks], edges[1:-1])
    known = [0.0, *(share[marks[m]] for m, _ in pairs), share[-1]]
    real = [0.0, *(edges[1 + p] for _, p in pairs), edges[-1]]
    bounds = np.interp(share, known, real)
    return [_in_sound(float(a), float(b), edges, heard) for a, b in pairwise(bounds)]


def _matched(marks: Doubles, pauses: Doubles) -> list[tuple[int, int]]:
    """Pairs (mark, pause) in order, with the least sum of distances; what is left alone costs ``UNMATCHED`` seconds.

    Both are samples along the heard time.
    """
    alone = UNMATCHED * SAMPLE_RATE
    cost = np.zeros((len(marks) + 1, len(pauses) + 1))
    cost[:, 0] = np.arange(len(marks) + 1) * alone / 2
    cost[0, :] = np.arange(len(pauses) + 1) * alone / 2
    for m in range(1, len(marks) + 1):
        for p in range(1, len(pauses) + 1):
            pair = cost[m - 1, p - 1] + abs(marks[m - 1] - pauses[p - 1])
            cost[m, p] = min(pair, cost[m - 1, p] + alone / 2, cost[m, p - 1] + alone / 2)
    out: list[tuple[int, int]] = []
    m, p = len(marks), len(pauses)
    while m and p:
        if cost[m, p] == cost[m - 1, p - 1] + abs(marks[m - 1] - pauses[p - 1]):
            m, p = m - 1, p - 1
            out.append((m, p))
        elif cost[m, p] == cost[m - 1, p] + alone / 2:
            m -= 1
        else:
            p -= 1
    return out[::-1]


def _in_sound(start: float, end: float, edges: Doubles, heard: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """A span of heard time in samples of the sound: it begins behind a pause and ends before one."""
    first = min(int(np.searchsorted(edges, start, side="right")) - 1, len(heard) - 1)
    last = max(int(np.searchsorted(edges, end, side="left")) - 1, 0)
    return heard[first][0] + round(start - edges[first]), heard[last][0] + round(end - edges[last])
