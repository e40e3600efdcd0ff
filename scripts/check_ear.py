"""Whether the ear for failing voices (``engine/speech/hearing.py``) lets good speech pass and finds out what is none.

``python scripts/check_ear.py`` prints one JSON: speech of Kokoro's voices that was refused (none should be), and what
is no speech but passes. Its bounds were set on hibari and six of Kokoro's voices, which are left out here.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from pathlib import Path

import numpy as np

sys.path.insert(1, str(Path(__file__).resolve().parent.parent))

from engine.flow import SAMPLE_RATE, Floats
from engine.records import Ledger
from engine.settings import load_channel
from engine.settings.voice import OneVoice
from engine.show import Director
from engine.speech import VOICES
from engine.speech.hearing import why_no_speech
from engine.speech.kokoro_voices import ENGLISH, MANDARIN
from engine.speech.reader import read_text

SEEN = frozenset({"am_adam", "bf_emma", "af_nicole", "zf_xiaoxiao", "zm_yunjian", "af_heart"})
"""Voices by which the bounds were chosen."""

LINES = 6
SHORT = {"en": ("Hey!", "Sure.", "Twelve."), "zh": ("行！", "是的。", "十二。")}
ROOT = Path(__file__).resolve().parent.parent


def show_lines(channel: str) -> list[str]:
    """Lines of a show that the bounds were not chosen by: they come later in it."""
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder) / "ledger.db")
        director = Director(load_channel(ROOT / "avatars" / channel, check_files=False), ledger)
        lines = [director.next_line().text for _ in range(60)][30:]
        ledger.close()
    return lines


def refused(voices: tuple[str, ...], lines: list[str], short: tuple[str, ...]) -> tuple[int, list[str]]:
    """How many sounds were judged, and those that the ear took for none."""
    chance, found, count = random.Random(1), [], 0
    for name in sorted(set(voices) - SEEN):
        voice = VOICES.open(OneVoice(backend="kokoro", name=name))
        for text in (*chance.sample(lines, LINES), *short):
            words = read_text(text)[1]
            count += 1
            if why := why_no_speech(words, voice.synthesize(words, chance.choice((0.7, 1.0, 1.4))).pcm_48k):
                found.append(f"{name} {text!r}: {why}")
    return count, found


def no_speech() -> dict[str, Floats]:
    """Three seconds each of what a broken voice may make."""
    at, chance = np.arange(3 * SAMPLE_RATE) / SAMPLE_RATE, np.random.default_rng(5)
    noise = chance.normal(0, 0.1, len(at))
    clicks = np.where(np.arange(len(at)) % 9600 < 40, 0.5, 0.0)
    return {
        name: sound.astype(np.float32)
        for name, sound in {
            "silence": 0 * at,
            "hum of 50 Hz": 0.3 * np.sin(2 * np.pi * 50 * at),
            "dial tone": 0.2 * (np.sin(2 * np.pi * 350 * at) + np.sin(2 * np.pi * 440 * at)),
            "beeps": 0.3 * np.sin(2 * np.pi * 1000 * at) * (at % 0.5 < 0.25),
            "siren": 0.3 * np.sin(2 * np.pi * (600 * at + 30 * np.cos(2 * np.pi * at))),
            "white noise": noise,
            "noise in bursts": noise * (at % 0.4 < 0.2),
            "brown noise": np.cumsum(noise) / 300,
            "clicks": clicks,
            "clipped": np.sign(np.sin(2 * np.pi * 120 * at)) * 0.9,
            "one buffer again and again": np.tile(noise[:480], 300),
        }.items()
    }


def main() -> int:
    """Print the report; 1 where good speech was refused."""
    english, missed_en = refused(ENGLISH, show_lines("mia.yaml"), SHORT["en"])
    mandarin, missed_zh = refused(MANDARIN, show_lines("xiaomei.yaml"), SHORT["zh"])
    words = read_text("It keeps your coffee warm for an hour.")[1]
    passed = [name for name, sound in no_speech().items() if not why_no_speech(words, sound)]
    report = {
        "speech_judged": english + mandarin,
        "speech_refused": missed_en + missed_zh,
        "no_speech_judged": len(no_speech()),
        "no_speech_passed": passed,
    }
    print(json.dumps(report, indent=1, ensure_ascii=False))
    return 1 if missed_en or missed_zh else 0


if __name__ == "__main__":
    sys.exit(main())
