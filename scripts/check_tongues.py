"""Measures Kokoro's voices of other languages: what a recogniser hears, speed, and timing of phonemes.

    python scripts/check_tongues.py [--whisper FOLDER] [--sentences fresh] [--show] [LANGUAGE …]

Prints JSON. ``FOLDER`` holds a faster-whisper model; without it character error rates are left out. Japanese is also
compared by its readings, and Hindi by its consonants.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import time
import unicodedata
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import soxr
from check_speech import timing
from ruamel.yaml import YAML

from engine.flow import SAMPLE_RATE, Line, LineKind, Utterance
from engine.motion.visemes import PHONEME_VISEMES
from engine.settings.voice import Voice
from engine.speech import make_speaker
from engine.speech.kokoro_voices import TONGUES
from engine.speech.tongues.guess import language_of

SENTENCES: dict[str, dict[str, list[str]]] = YAML(typ="safe").load(Path(__file__).with_name("tongues.yaml"))
_CHOICE = re.compile(r"\{([^}]*)\}")


def forms(sentence: str) -> list[str]:
    """The line itself, then all else that may be heard."""
    texts = _CHOICE.split(sentence)
    choices = [part.split("|") if i % 2 else [part] for i, part in enumerate(texts)]
    return ["".join(parts) for parts in itertools.product(*choices)]


def plain(text: str) -> str:
    """Letters and figures only, small, without spaces."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if unicodedata.category(c)[0] in "LNM")


def reading(text: str) -> str:
    """Japanese as it is read, in kana."""
    from engine.speech.tongues.japanese import read_japanese  # noqa: PLC0415 - only where Japanese is measured

    return "".join(word.text for word in read_japanese(text, {})[1])


def consonants(text: str) -> str:
    """Hindi by its consonants in Latin letters: Whisper-base writes it in the letters of Urdu, which has few vowels."""
    from anyascii import anyascii  # noqa: PLC0415 - an extra that only this measurement needs

    latin = anyascii(text).lower().translate(str.maketrans("wqfzm", "vkpjn"))
    return re.sub(r"[^a-z0-9]|[aeiouyh]", "", latin)


THROUGH: dict[str, tuple[str, Callable[[str], str]]] = {
    "ja": ("by_reading", reading),
    "hi": ("by_consonants", consonants),
}
"""How texts of a language are also compared, because the same word may be written in several ways."""


def distance(meant: str, heard: str) -> int:
    """Levenshtein distance in characters."""
    row = list(range(len(heard) + 1))
    for i, a in enumerate(meant, 1):
        before, row = row, [i] + [0] * len(heard)
        for j, b in enumerate(heard, 1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
    return row[-1]


def error(sentence: str, heard: str, through: Callable[[str], str]) -> tuple[int, int]:
    """Wrong characters and all of the form that is nearest to what was heard."""
    meant = [plain(through(form)) for form in forms(sentence)]
    return min(((distance(m, plain(through(heard))), len(m)) for m in meant), key=lambda pair: pair[0] / pair[1])


def sane(utterances: list[Utterance]) -> dict[str, Any]:
    """Whether phonemes cover the sound, have mouths, and words follow each other."""
    unknown = {p.symbol for u in utterances for p in u.phonemes} - set(PHONEME_VISEMES)
    gaps = sum(a.end != b.start for u in utterances for a, b in pairwise(u.phonemes))
    unheard = [w.text for u in utterances for w in u.words if w.end == w.start and plain(w.text)]
    disorder = sum(a.end > b.start for u in utterances for a, b in pairwise(u.words))
    return {"no_mouth": sorted(unknown), "gaps": gaps, "words_unheard": unheard, "words_out_of_order": disorder}


def heard_by(model: Any, utterance: Utterance, language: str) -> str:
    sound = np.pad(soxr.resample(utterance.pcm_48k, SAMPLE_RATE, 16_000), (1600, 4800))
    parts, _ = model.transcribe(sound, language=language, beam_size=5, condition_on_previous_text=False)
    return " ".join(part.text.strip() for part in parts)


def measure(sentences: list[str], language: str, voice: str, whisper: Any, show: bool) -> dict[str, Any]:
    speaker = make_speaker(Voice.model_validate({"others": {language: voice}}))
    lines = [Line(f"l{i}", LineKind.SAY, forms(s)[0]) for i, s in enumerate(sentences)]
    speaker.utter(lines[0])
    began = time.process_time()
    spoken = [speaker.utter(line) for line in lines[1:]]
    cpu = time.process_time() - began
    seconds = sum(len(u.pcm_48k) for u in spoken) / SAMPLE_RATE
    spoken.insert(0, speaker.utter(lines[0]))
    result: dict[str, Any] = {
        "voice": voice,
        "guessed": sum(language_of(line.text, "en", {*TONGUES}) == language for line in lines),
        "sentences": len(lines),
        "seconds": round(seconds, 1),
        "cpu_s_per_s": round(cpu / seconds, 3),
        **sane(spoken),
        **timing(spoken),
    }
    if whisper is not None:
        texts = [heard_by(whisper, u, language) for u in spoken]
        for name, through in (("character_error_rate", str), *([THROUGH[language]] if language in THROUGH else ())):
            wrong, count = zip(*(error(s, t, through) for s, t in zip(sentences, texts, strict=True)), strict=True)
            result[name] = round(sum(wrong) / sum(count), 4)
        if show:
            result["heard"] = dict(zip((line.text for line in lines), texts, strict=True))
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("languages", nargs="*", default=list(TONGUES), metavar="LANGUAGE")
    parser.add_argument("--sentences", choices=sorted(SENTENCES), default="first")
    parser.add_argument("--whisper", type=Path)
    parser.add_argument("--show", action="store_true", help="also print what was heard")
    parser.add_argument("--all", action="store_true", help="every voice, not only the first of each language")
    args = parser.parse_args()
    whisper = None
    if args.whisper:
        from faster_whisper import WhisperModel  # noqa: PLC0415 - an extra that only this measurement needs

        whisper = WhisperModel(str(args.whisper), device="cpu", compute_type="int8", cpu_threads=1)
    result = {
        language: [
            measure(SENTENCES[args.sentences][language], language, voice, whisper, args.show)
            for voice in (TONGUES[language] if args.all else TONGUES[language][:1])
        ]
        for language in args.languages
    }
    print(json.dumps(result, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
