"""Voices of flite (Debian package, CMU), made from human recordings, with the times of their phonemes."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import wave
from pathlib import Path

import numpy as np
import soxr

from engine.flow import SAMPLE_RATE, Phoneme
from engine.speech.base import Spoken

PHONES = {
    "aa": "ɑ", "ae": "æ", "ah": "ʌ", "ao": "ɔ", "aw": "W", "ax": "ə", "ay": "I", "b": "b", "ch": "ʧ", "d": "d",
    "dh": "ð", "eh": "ɛ", "er": "ɜ", "ey": "A", "f": "f", "g": "ɡ", "hh": "h", "ih": "ɪ", "iy": "i", "jh": "ʤ",
    "k": "k", "l": "l", "m": "m", "n": "n", "ng": "ŋ", "ow": "O", "oy": "Y", "p": "p", "r": "ɹ", "s": "s", "sh": "ʃ",
    "t": "t", "th": "θ", "uh": "ʊ", "uw": "u", "v": "v", "w": "w", "y": "j", "z": "z", "zh": "ʒ", "pau": "",
}  # fmt: skip
"""CMU's phones in Kokoro's alphabet."""


def say(voice: str, text: str) -> Spoken:
    """``text`` by a voice that is built into flite ("slt", "rms", "awb", "kal16")."""
    program = shutil.which("flite")
    if program is None:
        raise SystemExit("flite is not installed: apt-get install flite")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "said.wav")
        command = [program, "-voice", voice, "-psdur", "-t", text, "-o", str(file)]
        times = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        with wave.open(str(file)) as sound:
            rate = sound.getframerate()
            samples = np.frombuffer(sound.readframes(sound.getnframes()), np.int16) / 32768
    pcm = np.asarray(soxr.resample(samples, rate, SAMPLE_RATE, quality="HQ"), np.float32)
    phonemes: list[Phoneme] = []
    for entry in times.split():
        phone, _, second = entry.partition(":")
        start = phonemes[-1].end if phonemes else 0
        end = min(len(pcm), round(float(second) * SAMPLE_RATE))
        if end > start:
            phonemes.append(Phoneme(PHONES[phone], start, end))
    phonemes[-1] = Phoneme(phonemes[-1].symbol, phonemes[-1].start, len(pcm))
    return Spoken(pcm, tuple(phonemes), tuple(0 if p.symbol else -1 for p in phonemes))
