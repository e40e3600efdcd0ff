"""Phonemes for training and judging, of text without figures: by espeak-ng, and Japanese by its romaji."""

from __future__ import annotations

import re
import shutil
import subprocess

from engine.speech.tongues.espeak import PROGRAM, VOICES, in_kokoro

ROMAJI = (
    ("sh", "ɕ"), ("ch", "ʨ"), ("ts", "ʦ"), ("j", "ʥ"), ("f", "ɸ"), ("r", "ɾ"), ("y", "j"), ("g", "ɡ"), ("u", "ɨ"),
)  # fmt: skip
_MARKS = re.compile(r"([,.;:!?¿¡।]+)")


def symbols(text: str, language: str) -> list[str]:
    """Symbols of ``text`` in Kokoro's alphabet, with spaces and marks; some may be unknown to the voice."""
    return list(_japanese(text) if language == "ja" else _by_espeak(text, VOICES[language]))


def _by_espeak(text: str, voice: str) -> str:
    program = shutil.which(PROGRAM)
    if program is None:
        raise SystemExit("espeak-ng is not installed: apt-get install espeak-ng")
    out = []
    for part in _MARKS.split(text):
        if _MARKS.fullmatch(part):
            out.append("." if part[0] in ".।" else "" if part[0] in "¿¡" else part[0])
        elif part.strip():
            command = [program, "-v", voice, "-q", "--ipa", "--tie=^", part.strip()]
            said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            out.append(" " + in_kokoro(said))
    return "".join(out).strip()


def _japanese(text: str) -> str:
    ipa = text.lower()
    ipa = re.sub(r"([aiueo])\1", r"\1ː", ipa)
    ipa = re.sub(r"([kstpbdgzmc])(?=\1|sh|ts)(?!sh|ts)", "ʔ", re.sub(r"t(?=ch)", "ʔ", ipa))
    ipa = re.sub(r"n(?=[pbm])", "m", ipa)
    ipa = re.sub(r"n(?=[kg])", "ŋ", ipa)
    for roman, symbol in ROMAJI:
        ipa = ipa.replace(roman, symbol)
    return re.sub(r"h(?=i)", "ç", ipa)
