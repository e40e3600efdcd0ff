from __future__ import annotations

from itertools import pairwise

import numpy as np

from engine.flow import SAMPLE_RATE
from engine.speech.timing import HOP, Segment, energy_db, silences, snap

MS = SAMPLE_RATE // 1000


def buzz(*spans: tuple[int, int], total: int) -> np.ndarray:
    """A 120 Hz pulse train that sounds in ``spans`` (ms)."""
    out = np.zeros(total * MS, np.float32)
    pulses = np.zeros_like(out)
    pulses[:: SAMPLE_RATE // 120] = 1.0
    wave = np.convolve(pulses, np.sin(np.arange(200) / 3) * np.exp(-np.arange(200) / 50), "same").astype(np.float32)
    for a, b in spans:
        out[a * MS : b * MS] = wave[a * MS : b * MS]
    return out


def test_silences_are_found_where_they_are():
    runs = silences(energy_db(buzz((100, 400), (600, 900), total=1000)))
    assert [(round(a / HOP) * 5, round(b / HOP) * 5) for a, b in runs] == [(0, 100), (400, 600), (900, 1000)]


def test_edges_and_closures_snap_to_the_sound():
    pcm = buzz((100, 300), (360, 600), total=800)
    predicted = [
        Segment("", 0, 140 * MS, -1),
        Segment("æ", 140 * MS, 320 * MS, 0),
        Segment("p", 320 * MS, 390 * MS, 0),
        Segment("ɪ", 390 * MS, 700 * MS, 0),
        Segment("", 700 * MS, 800 * MS, -1),
    ]
    placed = snap(predicted, pcm)
    assert [s.symbol for s in placed] == ["", "æ", "p", "ɪ", ""]
    assert placed[0].start == 0
    assert placed[-1].end == len(pcm)
    assert all(a.end == b.start for a, b in pairwise(placed))
    assert abs(placed[1].start / MS - 100) <= 6
    assert abs((placed[2].start + placed[2].end) / 2 / MS - 330) <= 10
    assert abs(placed[3].end / MS - 600) <= 6


def test_a_pause_that_is_not_heard_vanishes():
    pcm = buzz((100, 700), total=800)
    predicted = [
        Segment("", 0, 100 * MS, -1),
        Segment("a", 100 * MS, 380 * MS, 0),
        Segment("", 380 * MS, 400 * MS, -1),
        Segment("o", 400 * MS, 700 * MS, 1),
        Segment("", 700 * MS, 800 * MS, -1),
    ]
    assert [s.symbol for s in snap(predicted, pcm)] == ["", "a", "o", ""]


def test_a_plosive_after_silence_is_closed_before_its_burst():
    pcm = buzz((200, 600), total=700)
    predicted = [
        Segment("", 0, 210 * MS, -1),
        Segment("p", 210 * MS, 270 * MS, 0),
        Segment("a", 270 * MS, 610 * MS, 0),
        Segment("", 610 * MS, 700 * MS, -1),
    ]
    p = snap(predicted, pcm)[1]
    assert 130 <= p.start / MS <= 150
    assert 210 <= p.end / MS <= 226


def test_degenerate_sound_keeps_all_phonemes_in_order():
    predicted = [Segment("", 0, 10, -1), *(Segment("t", 10 + i, 11 + i, 0) for i in range(20)), Segment("", 30, 40, -1)]
    placed = snap(predicted, np.zeros(40 * MS, np.float32))
    assert all(a.end == b.start for a, b in pairwise(placed))
    assert placed[-1].end == 40 * MS
