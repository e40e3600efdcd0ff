"""The embedded English voice: hibari-tts, with the exact lengths of its phonemes.

The model computes a length for every phoneme id inside its graph (node output ``/Clip_output_0``, one unit is 600
samples at 24 kHz). That output is appended to the graph in memory.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import numpy as np
import onnx
import onnxruntime
import soxr
from hibari import dsp
from hibari.g2p import G2P
from hibari.g2p.token import Tok
from hibari.voices import ASSETS, VOICES, voice_path

from engine.flow import SAMPLE_RATE, Phoneme
from engine.speech.base import Spoken, VoiceError
from engine.speech.pronounce import HIBARI_LEXICON
from engine.speech.readings import SpokenWord
from engine.speech.timing import Segment, snap
from engine.speech.trim import joined, trimmed

MODEL_RATE = 24_000
DURATION_OUTPUT = "/Clip_output_0"
DURATION_UNIT = 600 * SAMPLE_RATE // MODEL_RATE
LATE = int(0.055 * SAMPLE_RATE)
"""Predicted times are late by this much: the lag that best aligns predicted vowels with the sound's energy."""

SENTENCE_LEAD = int(0.12 * SAMPLE_RATE)
SENTENCE_TAIL = int(0.30 * SAMPLE_RATE)
MAX_PHONEMES = 400
_STRESS = frozenset("ˈˌ")
_LENGTH = frozenset("ːʰʲ̃ᵝ↓→↗↘")
_PAUSES = frozenset(';:,.!?—…"()“”')


class HibariVoice:
    """One voice of the hibari-tts package, on one thread."""

    def __init__(self, voice: str) -> None:
        """Load ``voice``; raises VoiceError when its model cannot be had or has no duration output."""
        try:
            path = voice_path(voice, download_missing=False)
        except FileNotFoundError as missing:
            raise VoiceError(f"voice {voice!r} of backend 'hibari' is not installed; 'heart' always is") from missing
        self.version = f"hibari-{version('hibari-tts')}-{voice}-5"
        self._session = _session_with_durations(path)
        self._vocab: dict[str, int] = json.loads(Path(ASSETS, "vocab.json").read_text(encoding="utf-8"))
        self._g2p = G2P(british=VOICES[voice]["british"])

    def synthesize(self, words: Sequence[SpokenWord], speed: float) -> Spoken:
        """Say ``words`` (up to about 400 phonemes a sentence; longer text is cut at pauses)."""
        parts = [self._sentence(part, first, speed) for first, part in _sentences(words)]
        if not parts:
            raise VoiceError("there is nothing to say in the text")
        return joined([trimmed(part, SENTENCE_LEAD, SENTENCE_TAIL) for part in parts])

    def _sentence(self, words: Sequence[SpokenWord], first: int, speed: float) -> Spoken:
        symbols, owner = self._phonemes(words)
        if not symbols:
            raise VoiceError(f"the voice knows no sound for {' '.join(w.text for w in words)!r}")
        ids = [0, *(self._vocab[s] for s in symbols), 0]
        feed = {"ids": np.asarray([ids], np.int64), "speed": np.asarray([speed], np.float32)}
        *spectrum, lengths = self._session.run(None, feed)
        sound = dsp.synth(*(part[0] for part in spectrum), np.random.default_rng(_seed(ids, speed)))
        pcm_48k = np.asarray(soxr.resample(sound, MODEL_RATE, SAMPLE_RATE, quality="HQ"), np.float32)
        segments = _segments(["", *symbols, ""], [-1, *owner, -1], np.ravel(lengths) * DURATION_UNIT)
        placed = snap(segments, pcm_48k)
        bounds = [round(s.start) for s in placed] + [len(pcm_48k)]
        phonemes = tuple(Phoneme(s.symbol, a, b) for s, (a, b) in zip(placed, pairwise(bounds), strict=True))
        return Spoken(pcm_48k, phonemes, tuple(first + s.word if s.word >= 0 else -1 for s in placed))

    def _phonemes(self, words: Sequence[SpokenWord]) -> tuple[list[str], list[int]]:
        """Model symbols for ``words`` and, for each, the index of its word (-1 for spaces and marks)."""
        tokens: list[Any] = []
        for word in words:
            tokens += self._word_tokens(word)
        for token, tag in zip(tokens, self._g2p.tagger([t.text for t in tokens]), strict=True):
            token.tag = tag
        symbols: list[str] = []
        owner: list[int] = []
        index = 0
        for token in self._g2p.phonemize_tokens(tokens):
            for symbol in token.phonemes or "":
                if symbol in self._vocab:
                    symbols.append(symbol)
                    owner.append(-1 if symbol in _PAUSES or symbol == " " else index)
            if token.whitespace:
                index += 1
                symbols.append(" ")
                owner.append(-1)
        while symbols and symbols[-1] == " ":
            symbols.pop()
            owner.pop()
        return symbols, owner

    def _word_tokens(self, word: SpokenWord) -> list[Any]:
        """Hibari's tokens for one word and its mark; the last one carries the space after the word."""
        known = HIBARI_LEXICON.get(word.text.lower())
        if word.spelled:
            tokens = [Tok(word.text, phonemes=self._letter_names(word.text), rating=5)]
        elif known:
            tokens = [Tok(word.text, phonemes=known, rating=5)]
        else:
            tokens = [Tok(text) for text in self._g2p.tokenizer.split(word.text)]
        if word.pause:
            tokens.append(Tok(word.pause, phonemes=word.pause, rating=5))
        tokens[-1].whitespace = " "
        return tokens

    def _letter_names(self, text: str) -> str:
        lexicon = self._g2p.lexicon
        letters = text[:-1] if len(text) > 1 and text.endswith("s") else text
        names = lexicon.get_NNP(letters)[0]
        if names is None:
            raise VoiceError(f"the voice has no letter names for {text!r}")
        return cast(str, names if letters == text else lexicon._s(names))


def _session_with_durations(path: str) -> onnxruntime.InferenceSession:
    model = onnx.load(path)
    if not any(DURATION_OUTPUT in node.output for node in model.graph.node):
        raise VoiceError(f"the voice model {path} has no output {DURATION_OUTPUT}; hibari-tts 0.2 is needed")
    model.graph.output.append(onnx.helper.make_tensor_value_info(DURATION_OUTPUT, onnx.TensorProto.FLOAT, None))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def _seed(ids: list[int], speed: float) -> int:
    return int.from_bytes(hashlib.sha256(f"{ids} {speed}".encode()).digest()[:8], "big")


def _sentences(words: Sequence[SpokenWord]) -> list[tuple[int, Sequence[SpokenWord]]]:
    """Words cut behind sentence ends, and behind other marks where a sentence is very long: (first index, words)."""
    out: list[tuple[int, Sequence[SpokenWord]]] = []
    first, letters = 0, 0
    for i, word in enumerate(words):
        letters += len(word.text) + 1
        long = letters > MAX_PHONEMES * 3 // 5
        if word.pause in {".", "!", "?", "…"} or (long and (word.pause or letters > MAX_PHONEMES * 4 // 5)):
            out.append((first, words[first : i + 1]))
            first, letters = i + 1, 0
    if first < len(words):
        out.append((first, words[first:]))
    return out


def _segments(symbols: list[str], owner: list[int], lengths: np.ndarray[Any, Any]) -> list[Segment]:
    """Predicted phonemes: stress joins the sound after it, length marks the one before, a plain space both sides,
    and neighbouring marks and pads become one silence. Times are shifted by ``LATE``.
    """
    ends = np.cumsum(lengths) - LATE
    starts = ends - lengths
    out: list[Segment] = []
    begin: float | None = None
    for i, symbol in enumerate(symbols):
        start = float(starts[i]) if begin is None else begin
        begin = None
        if symbol in _STRESS:
            begin = start
        elif symbol in _LENGTH and out:
            out[-1] = Segment(out[-1].symbol, out[-1].start, float(ends[i]), out[-1].word)
        elif symbol == " " and out and out[-1].symbol:
            middle = (float(starts[i]) + float(ends[i])) / 2
            out[-1] = Segment(out[-1].symbol, out[-1].start, middle, out[-1].word)
            begin = middle
        elif symbol in _PAUSES or symbol in {"", " "}:
            if out and not out[-1].symbol:
                out[-1] = Segment("", out[-1].start, float(ends[i]), -1)
            else:
                out.append(Segment("", start, float(ends[i]), -1))
        else:
            out.append(Segment(symbol, start, float(ends[i]), owner[i]))
    return out
