"""Symbols that a model spoke, and the lengths that it gave them, to phonemes with their places in the sound."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

from engine.flow import Floats, Phoneme
from engine.speech.base import Spoken, VoiceError
from engine.speech.convolutions import as_products, loses_bits, with_exact_weights
from engine.speech.readings import SpokenWord
from engine.speech.timing import Segment, snap

PAUSES = frozenset(';:,.!?—…"()“”')
TONE_MARKS = {"→": 1, "↗": 2, "↓": 3, "↘": 4}
"""Marks behind a Mandarin vowel; the light tone has none."""

_STRESS = frozenset("ˈˌ")
_PLOSIVES = frozenset("ptk")
"""Their breath is a phoneme of its own: lips and tongue have opened by then."""

_LENGTH = frozenset("ːʰʲ̃ᵝ") | frozenset(TONE_MARKS)


def sentences(words: Sequence[SpokenWord], longest: int) -> list[tuple[int, Sequence[SpokenWord]]]:
    """Words cut behind sentence ends, and where a sentence has over ``longest`` letters behind other marks, or after a
    third more anywhere: (first index, words).
    """
    out: list[tuple[int, Sequence[SpokenWord]]] = []
    first, letters = 0, 0
    for i, word in enumerate(words):
        letters += len(word.text) + 1
        long = letters > longest
        if word.pause in {".", "!", "?", "…"} or (long and (word.pause or letters > longest * 4 // 3)):
            out.append((first, words[first : i + 1]))
            first, letters = i + 1, 0
    if first < len(words):
        out.append((first, words[first:]))
    return out


def clauses(words: Sequence[SpokenWord]) -> Iterator[tuple[int, Sequence[SpokenWord]]]:
    """Words cut behind every mark: (first index, words)."""
    begin = 0
    for stop in range(1, len(words) + 1):
        if stop == len(words) or words[stop - 1].pause:
            yield begin, words[begin:stop]
            begin = stop


def session_with_durations(path: str, output: str, arena: bool) -> onnxruntime.InferenceSession:
    """The model on one thread, with the node output that holds a length for each of its symbols as its last output.

    Raises VoiceError where the graph has no such output. With ``arena`` freed memory is kept for the next node and
    should be given back after each run (``RUN_AND_SHRINK``).
    """
    model = onnx.load(path)
    if not any(output in node.output for node in model.graph.node):
        raise VoiceError(f"the voice model {path} has no output {output}, which tells how long each phoneme lasts")
    as_products(model)
    if loses_bits():
        with_exact_weights(model)
    model.graph.output.append(onnx.helper.make_tensor_value_info(output, onnx.TensorProto.FLOAT, None))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = arena
    options.enable_mem_pattern = False
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def placed(
    pcm_48k: Floats,
    symbols: Sequence[str],
    owner: Sequence[int],
    lengths: NDArray[Any],
    late: float,
    first_word: int,
) -> Spoken:
    """The sound with its phonemes snapped to it. ``lengths`` are samples of each of ``symbols`` (pads at both ends are
    ""); predicted times are shifted by ``late`` samples. ``owner`` are words, counted from ``first_word``.
    """
    segments = snap(predicted(symbols, owner, lengths, late), pcm_48k)
    bounds = [round(s.start) for s in segments] + [len(pcm_48k)]
    phonemes = tuple(Phoneme(s.symbol, a, b, s.tone) for s, (a, b) in zip(segments, pairwise(bounds), strict=True))
    return Spoken(pcm_48k, phonemes, tuple(first_word + s.word if s.word >= 0 else -1 for s in segments))


def predicted(symbols: Sequence[str], owner: Sequence[int], lengths: NDArray[Any], late: float) -> list[Segment]:
    """Phonemes as the model timed them: stress joins the sound after it, length and tone the one before, so does breath
    but behind p, t and k, a plain space both sides, and neighbouring marks and pads become one silence.
    """
    ends = np.cumsum(lengths) - late
    starts = ends - lengths
    out: list[Segment] = []
    begin: float | None = None
    for i, symbol in enumerate(symbols):
        start = float(starts[i]) if begin is None else begin
        begin = None
        if symbol in _STRESS:
            begin = start
        elif symbol == "ʰ" and out and out[-1].symbol in _PLOSIVES:
            out.append(Segment("h", start, float(ends[i]), owner[i]))
        elif symbol in _LENGTH and out:
            out[-1] = replace(out[-1], end=float(ends[i]), tone=TONE_MARKS.get(symbol, out[-1].tone))
        elif symbol == " " and out and out[-1].symbol:
            middle = (float(starts[i]) + float(ends[i])) / 2
            out[-1] = replace(out[-1], end=middle)
            begin = middle
        elif symbol in PAUSES or symbol in {"", " "}:
            if out and not out[-1].symbol:
                out[-1] = replace(out[-1], end=float(ends[i]))
            else:
                out.append(Segment("", start, float(ends[i]), -1))
        else:
            out.append(Segment(symbol, start, float(ends[i]), owner[i]))
    return out
