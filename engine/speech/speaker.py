"""A Line to an Utterance: words, sound at the show's loudness, phonemes and caption words with their times."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from engine.flow import SAMPLE_RATE, Line, Utterance, Word
from engine.speech.base import Spoken, TextError, VoiceBackend, VoiceError
from engine.speech.cache import SoundCache
from engine.speech.hearing import why_no_speech
from engine.speech.loudness import TARGET_LUFS, faded, normalised
from engine.speech.pauses import word_spans
from engine.speech.reader import read_text
from engine.speech.readings import SpokenWord
from engine.speech.trim import trimmed

LEAD = int(0.10 * SAMPLE_RATE)
"""Silence kept before the first sound: the mouth opens in it."""

TAIL = int(0.08 * SAMPLE_RATE)
"""Silence kept behind the last sound: the mouth closes in it."""

MAX_TEXT = 1200


class Speaker:
    """Speaks lines with one voice. The same text always gives the same samples."""

    def __init__(
        self,
        voice: VoiceBackend,
        speed: float,
        cache: SoundCache,
        respell: Mapping[str, str] | None = None,
        language: str = "",
    ) -> None:
        """``respell`` maps caption words (lower case) to what is said instead; ``language`` is as in ``read_text``."""
        self._voice = voice
        self._speed = speed
        self._cache = cache
        self._respell = dict(respell or {})
        self._language = language

    def utter(self, line: Line) -> Utterance:
        """``line`` as sound.

        Raises:
            TextError: it is empty, too long or has nothing to say.
            VoiceError: the voice failed, or what it made is no speech.
        """
        if len(line.text) > MAX_TEXT:
            raise TextError(f"line {line.line_id!r} has {len(line.text)} characters; at most {MAX_TEXT} are spoken")
        captions, words = read_text(line.text, self._respell, self._language)
        if not words:
            raise TextError(f"line {line.line_id!r} has nothing to say: {line.text!r}")
        key = self._key(words)
        spoken = self._cache.get(key)
        if spoken is None:
            made = self._voice.synthesize(words, self._speed)
            if why := why_no_speech(words, made.pcm_48k):
                raise VoiceError(f"the voice did not say it: {why}")
            spoken = _finished(made)
            self._cache.put(key, spoken)
        spans = _heard(words, spoken) if spoken.timed else word_spans(words, spoken.pcm_48k)
        return Utterance(line, spoken.pcm_48k, spoken.phonemes, _caption_words(captions, words, spans))

    def is_kept(self, line: Line) -> bool:
        """Whether the sound of ``line`` needs not be made."""
        _, words = read_text(line.text, self._respell, self._language)
        return self._cache.get(self._key(words)) is not None

    def close(self) -> None:
        """End the voice; may be called twice."""
        self._voice.close()

    def _key(self, words: Sequence[SpokenWord]) -> str:
        said = "|".join(f"{w.text}{'^' if w.spelled else ''}{w.pause}" for w in words)
        return hashlib.sha256(
            f"{self._voice.version}\n{self._speed:.4f}\n{TARGET_LUFS:.2f}\n{said}".encode()
        ).hexdigest()


def _finished(spoken: Spoken) -> Spoken:
    """Trimmed to ``LEAD`` and ``TAIL`` around the sound, at the show's loudness, with soft edges."""
    cut = trimmed(spoken, LEAD, TAIL)
    if not (any(p.symbol for p in cut.phonemes) if cut.timed else len(cut.pcm_48k)):
        raise VoiceError("the voice made no sound")
    pcm = faded(normalised(cut.pcm_48k))
    pcm.setflags(write=False)
    return Spoken(pcm, cut.phonemes, cut.word_of)


def _heard(words: Sequence[SpokenWord], spoken: Spoken) -> list[tuple[int, int] | None]:
    """First and last sample of each spoken word by its phonemes; None where it has none."""
    spans: list[tuple[int, int] | None] = [None] * len(words)
    for phoneme, word in zip(spoken.phonemes, spoken.word_of, strict=True):
        if word >= 0:
            seen = spans[word]
            spans[word] = (phoneme.start if seen is None else seen[0], phoneme.end)
    return spans


def _caption_words(
    captions: Sequence[str], words: Sequence[SpokenWord], heard: Sequence[tuple[int, int] | None]
) -> tuple[Word, ...]:
    """The caption's own words with the samples in which they are heard; an unheard one lasts no time."""
    spans: list[tuple[int, int] | None] = [None] * len(captions)
    for word, span in zip(words, heard, strict=True):
        if span is not None:
            seen = spans[word.caption]
            spans[word.caption] = (span[0] if seen is None else seen[0], span[1])
    out: list[Word] = []
    at = next((s[0] for s in spans if s is not None), 0)
    for text_shown, span in zip(captions, spans, strict=True):
        start, end = span if span is not None else (at, at)
        out.append(Word(text_shown, start, end))
        at = end
    return tuple(out)
