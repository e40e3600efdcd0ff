"""Measures the voice: speed, loudness, timing of phonemes against the sound, and what a recogniser hears.

    python scripts/check_speech.py [--whisper FOLDER] [--lines N] [--show]

Prints JSON. ``FOLDER`` holds a faster-whisper model; without it the word error rate is left out.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from engine.flow import SAMPLE_RATE, Floats, Line, LineKind, Utterance
from engine.motion.lipsync import mouth_curves
from engine.motion.visemes import MOUTH_CURVES, VOWELS
from engine.settings import load_catalogue
from engine.settings.voice import Voice
from engine.speech import make_speaker
from engine.speech.loudness import loudness_lufs, true_peak
from engine.speech.normalise import spoken_words
from engine.speech.timing import HOP, VOICE_BAND, energy_db

ROOT = Path(__file__).resolve().parent.parent
GAP = np.zeros(int(0.32 * SAMPLE_RATE), np.float32)
PLOSIVES = frozenset("pbtdkɡ")


def lines(count: int) -> list[str]:
    """Pitch lines over the demo catalogue: facts, prices, policies, and sentences full of traps."""
    catalogue = load_catalogue(ROOT / "assets/catalogue/demo.yaml")
    out = [
        "Hello everyone, and welcome to the show!",
        "The TM-750 and the X100 both charge over USB-C in 2 h.",
        "Is it dishwasher safe? The short answer is no.",
        "Orders placed by 10:30 on Mon-Fri ship within 3-5 days.",
        "Take 15% off, so it is €24.50 or £19.99 today.",
        "Please pop by before Sunday, because the blue ones are nearly gone!",
    ]
    for fact in range(8):
        for product in catalogue.products:
            if fact == 0:
                was = f", down from ${product.was_price}" if product.was_price else ""
                out.append(f"The {product.name} is ${product.price} right now{was}.")
            elif fact - 1 < len(product.facts):
                out.append(f"The {product.short or product.name} {product.facts[fact - 1].text}.")
    out += [p.text for p in catalogue.policies]
    step = max(1, len(out) // count)
    return out[::step][:count]


def timing(utterances: list[Utterance]) -> dict[str, object]:
    """Distances in ms between phonemes and the sound: phrase edges, closures of plosives, vowels, mouth."""
    starts, ends, closures, vowel_lags, mouth_lags = [], [], [], [], []
    for u in utterances:
        wide, band = energy_db(u.pcm_48k), energy_db(u.pcm_48k, VOICE_BAND)
        loud = np.flatnonzero(wide > np.percentile(wide, 95) - 38)
        heard = [p for p in u.phonemes if p.symbol]
        if heard[0].symbol not in PLOSIVES:
            starts.append((heard[0].start - loud[0] * HOP) / 48)
        ends.append((heard[-1].end - (loud[-1] + 1) * HOP) / 48)
        for before, p in pairwise(u.phonemes):
            if p.symbol in PLOSIVES and before.symbol:
                middle = (p.start + p.end) / 2
                low = max(0, int(middle - 0.08 * SAMPLE_RATE) // HOP)
                window = band[low : low + int(0.16 * SAMPLE_RATE) // HOP]
                closures.append(((low + np.argmin(window) + 0.5) * HOP - middle) / 48)
        vowel_lags.append(_vowel_lag(u, band))
        mouth_lags.append(_mouth_lag(u, band))
    return {
        "phrase_start_ms": _spread(starts),
        "phrase_end_ms": _spread(ends),
        "plosive_quietest_point_ms": _spread(closures),
        "vowel_against_energy_ms": _spread(vowel_lags),
        "mouth_against_energy_ms": _spread(mouth_lags),
        "plosives": len(closures),
    }


def _spread(values: list[float]) -> dict[str, float]:
    low, middle, high = np.percentile(values, [10, 50, 90])
    return {"p10": round(low, 1), "median": round(middle, 1), "p90": round(high, 1)}


def _best_lag(curve: NDArray[np.float64], energy: NDArray[np.float64]) -> float:
    """Lag in ms at which ``curve`` follows ``energy`` best (positive is late); both every 5 ms."""
    lags = range(-40, 41)
    scores = [np.corrcoef(curve[40 + k : len(curve) - 40 + k], energy[40 : len(energy) - 40])[0, 1] for k in lags]
    return 5.0 * lags[int(np.argmax(scores))]


def _linear(band: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.sqrt(10 ** (band / 10))


def _vowel_lag(u: Utterance, band: NDArray[np.float64]) -> float:
    flag = np.zeros(len(band))
    for p in u.phonemes:
        if p.symbol in VOWELS:
            flag[p.start // HOP : p.end // HOP] = 1.0
    return _best_lag(flag, _linear(band))


def _mouth_lag(u: Utterance, band: NDArray[np.float64]) -> float:
    seconds = (np.arange(len(band)) + 0.5) * HOP / SAMPLE_RATE
    rows = mouth_curves(u.phonemes, u.pcm_48k, seconds)
    opening = rows[:, MOUTH_CURVES.index("jawOpen")].astype(np.float64)
    smooth = np.convolve(_linear(band), np.hanning(17) / np.hanning(17).sum(), "same")
    return _best_lag(opening, smooth)


def loudness(utterances: list[Utterance]) -> dict[str, object]:
    show: list[Floats] = [part for u in utterances for part in (u.pcm_48k, GAP)]
    each = [loudness_lufs(u.pcm_48k) for u in utterances]
    return {
        "show_lufs": round(loudness_lufs(np.concatenate(show)), 2),
        "line_lufs_min": round(min(each), 2),
        "line_lufs_max": round(max(each), 2),
        "true_peak_dbfs": round(20 * np.log10(max(true_peak(u.pcm_48k) for u in utterances)), 2),
    }


def plain(text: str) -> list[str]:
    """Words as spoken, in lower case, American spelling, letters of acronyms apart."""
    out: list[str] = []
    for word in spoken_words(text):
        said = " ".join(word.text) if word.spelled else re.sub(r"[^a-z' ]", " ", word.text.lower())
        for british, american in (("litre", "liter"), ("metre", "meter"), ("colour", "color"), ("harbour", "harbor")):
            said = said.lower().replace(british, american)
        out += said.replace("'", "").split()
    return out


def distance(meant: list[str], heard: list[str]) -> int:
    """Levenshtein distance in words; compounds written apart or together count as equal."""
    row = list(range(len(heard) + 1))
    rows = [row]
    for i, a in enumerate(meant, 1):
        rows.append([i] + [0] * len(heard))
        for j, b in enumerate(heard, 1):
            best = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (a != b))
            if i > 1 and meant[i - 2] + a == b:
                best = min(best, rows[i - 2][j - 1])
            if j > 1 and heard[j - 2] + b == a:
                best = min(best, rows[i - 1][j - 2])
            rows[i][j] = best
    return rows[-1][-1]


def word_errors(utterances: list[Utterance], folder: Path, show: bool) -> dict[str, object]:
    from faster_whisper import WhisperModel  # noqa: PLC0415 - an extra that only this measurement needs

    model = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=1)
    wrong = words = 0
    seconds = 0.0
    for u in utterances:
        sound = np.pad(soxr.resample(u.pcm_48k, SAMPLE_RATE, 16_000), (1600, 4800))
        parts, _ = model.transcribe(sound, language="en", beam_size=5, condition_on_previous_text=False)
        heard_text = " ".join(p.text.strip() for p in parts)
        meant, heard = plain(u.line.text), plain(heard_text)
        errors = distance(meant, heard)
        wrong, words, seconds = wrong + errors, words + len(meant), seconds + len(u.pcm_48k) / SAMPLE_RATE
        if show and errors:
            print(f"{errors}: {u.line.text}\n   {heard_text}")
    return {"word_error_rate": round(wrong / words, 4), "words": words, "wrong": wrong, "seconds": round(seconds, 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--whisper", type=Path)
    parser.add_argument("--lines", type=int, default=60)
    parser.add_argument("--show", action="store_true", help="print the lines that were heard wrong")
    args = parser.parse_args()
    speaker = make_speaker(Voice())
    began = time.process_time()
    spoken = [speaker.utter(Line(f"l{i}", LineKind.PITCH, t)) for i, t in enumerate(lines(args.lines))]
    cpu = time.process_time() - began
    seconds = sum(len(u.pcm_48k) for u in spoken) / SAMPLE_RATE
    result: dict[str, object] = {
        "lines": len(spoken),
        "seconds": round(seconds, 1),
        "cpu_s_per_s": round(cpu / seconds, 4),
        **loudness(spoken),
        **timing(spoken),
    }
    if args.whisper:
        result["heard"] = word_errors(spoken, args.whisper, args.show)
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
