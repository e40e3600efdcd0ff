"""Silence around speech cut to length, with the phonemes moved along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.flow import Floats, Phoneme
from engine.speech.base import Spoken, untimed
from engine.speech.pauses import stretches


def trimmed(spoken: Spoken, lead: int, tail: int) -> Spoken:
    """At most ``lead`` samples of silence before the first phoneme and ``tail`` behind the last are kept; of an untimed
    sound, before and behind what is heard of it.
    """
    if not spoken.timed:
        return _trimmed_by_ear(spoken, lead, tail)
    heard = [p for p in spoken.phonemes if p.symbol]
    if not heard:
        return spoken
    first = max(0, heard[0].start - lead)
    last = min(len(spoken.pcm_48k), heard[-1].end + tail)
    phonemes: list[Phoneme] = []
    word_of: list[int] = []
    for phoneme, word in zip(spoken.phonemes, spoken.word_of, strict=True):
        start, end = max(phoneme.start, first) - first, min(phoneme.end, last) - first
        if end > start:
            phonemes.append(replace(phoneme, start=start, end=end))
            word_of.append(word)
    return Spoken(spoken.pcm_48k[first:last], tuple(phonemes), tuple(word_of))


def _trimmed_by_ear(spoken: Spoken, lead: int, tail: int) -> Spoken:
    heard = stretches(spoken.pcm_48k)
    if not heard:
        return untimed(spoken.pcm_48k[:0])
    return untimed(spoken.pcm_48k[max(0, heard[0][0] - lead) : heard[-1][1] + tail])


def joined(parts: Sequence[Spoken]) -> Spoken:
    """The parts one after the other; silences that meet become one phoneme."""
    pcm: list[Floats] = []
    phonemes: list[Phoneme] = []
    word_of: list[int] = []
    at = 0
    for part in parts:
        for phoneme, word in zip(part.phonemes, part.word_of, strict=True):
            if phonemes and not phoneme.symbol and not phonemes[-1].symbol:
                phonemes[-1] = Phoneme("", phonemes[-1].start, phoneme.end + at)
            else:
                phonemes.append(replace(phoneme, start=phoneme.start + at, end=phoneme.end + at))
                word_of.append(word)
        pcm.append(part.pcm_48k)
        at += len(part.pcm_48k)
    return Spoken(np.concatenate(pcm), tuple(phonemes), tuple(word_of))
