"""Speech whose phonemes are known, made once and kept in ``var/lips``."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from engine.flow import SAMPLE_RATE, Floats, Phoneme
from engine.motion.visemes import PHONEME_VISEMES
from engine.speech.base import Spoken
from engine.speech.hibari import HibariVoice
from engine.speech.kokoro import LATE, KokoroVoice
from engine.speech.kokoro_voices import FOLDER as KOKORO
from engine.speech.loudness import normalised
from engine.speech.reader import read_text
from engine.speech.segments import PAUSES
from engine.speech.speaker import LEAD, TAIL
from engine.speech.trim import trimmed
from lips import flite, sounds, texts
from lips.voices import PARTS, TRAINED, Part

FOLDER = Path(__file__).resolve().parents[2] / "var" / "lips"
WRITTEN_SHARE = 0.5
"""Share of the sentences of a training voice that are written ones; the others are salads."""

MOST_WRITTEN = 60
"""From this sentence on a voice says salads only: it has said all that is written more than once."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One sentence as the product would play it, and what is heard when."""

    pcm_48k: Floats
    phonemes: tuple[Phoneme, ...]
    voice: str
    language: str


def samples(part: str) -> list[Sample]:
    """All sentences of one of ``PARTS``; those that are not there yet are made."""
    return [_kept(_kind(part), who, number, text) for who, number, text in _orders(part)]


def make(part: str, share: int, shares: int) -> None:
    """Make the sentences of one of ``shares`` equal shares of the voices, where they are not there yet."""
    turns = {who: i % shares for i, who in enumerate(PARTS[part])}
    for who, number, text in _orders(part):
        if turns[who] == share:
            _kept(_kind(part), who, number, text)


def _kind(part: str) -> str:
    """What sentences a part has: all that are trained on have the same."""
    return "train" if part in TRAINED else part


def _orders(part: str) -> Iterator[tuple[Part, int, str]]:
    """Who says what."""
    kind = _kind(part)
    for who in PARTS[part]:
        lines = texts.written(kind, who.language)
        chance = np.random.default_rng(list(f"{kind} {who.voice}".encode()))
        salads = kind == "train"
        for number in range(who.sentences):
            if salads and (number >= MOST_WRITTEN or not lines or chance.random() > WRITTEN_SHARE):
                yield who, number, texts.salad(who.language, chance)
            else:
                yield who, number, lines[(number + who.begin) % len(lines)]


def _kept(kind: str, who: Part, number: int, text: str) -> Sample:
    said = f"{who.backend} {who.voice} {who.language} {who.speed} {text}"
    name = hashlib.sha256(said.encode()).hexdigest()[:12]
    file = FOLDER / kind / f"{who.voice}-{number:02d}-{name}.npz"
    if not file.is_file():
        spoken = trimmed(_said(who, text), LEAD, TAIL)
        pcm = normalised(spoken.pcm_48k)
        file.parent.mkdir(parents=True, exist_ok=True)
        np.savez(
            file,
            pcm=(np.clip(pcm, -1, 1) * 32767).astype(np.int16),
            symbols=np.array([p.symbol for p in spoken.phonemes], "U4"),
            bounds=np.array([spoken.phonemes[0].start, *(p.end for p in spoken.phonemes)], np.int64),
        )
    with np.load(file) as kept:
        pcm = (kept["pcm"] / 32767).astype(np.float32)
        bounds = pairwise(kept["bounds"].tolist())
        phonemes = tuple(Phoneme(s, a, b) for s, (a, b) in zip(kept["symbols"].tolist(), bounds, strict=True))
    return Sample(pcm, phonemes, who.voice, who.language)


def _said(who: Part, text: str) -> Spoken:
    if who.backend == "flite":
        return flite.say(who.voice, text)
    if who.backend == "hibari":
        return _hibari().synthesize(read_text(text)[1], who.speed)
    if who.language in {"en", "zh"}:
        return _kokoro(who.voice).synthesize(read_text(text)[1], who.speed)
    symbols = sounds.symbols(text, who.language)
    owner = [-1 if s == " " or s in PAUSES else 0 for s in symbols]
    spoken = _kokoro(who.voice).pronounce(symbols, owner, who.speed, LATE["en"])
    if spoken is None:
        raise SystemExit(f"nothing can be said of {text!r}")
    unknown = {p.symbol for p in spoken.phonemes} - set(PHONEME_VISEMES)
    if unknown:
        raise SystemExit(f"no mouth is known for {sorted(unknown)} in {text!r}")
    return spoken


@cache
def _hibari() -> HibariVoice:
    return HibariVoice("heart")


@lru_cache(maxsize=2)
def _kokoro(voice: str) -> KokoroVoice:
    return KokoroVoice(voice, _folder(voice))


@cache
def _folder(voice: str) -> Path:
    """A folder with Kokoro's model, and with that voice."""
    if "+" not in voice:
        return KOKORO
    folder = FOLDER / "kokoro"
    (folder / "voices").mkdir(parents=True, exist_ok=True)
    for name in ("model.onnx", "vocab.json"):
        if not (folder / name).is_file():
            (folder / name).unlink(missing_ok=True)
            (folder / name).symlink_to((KOKORO / name).resolve())
    styles = [np.fromfile(KOKORO / "voices" / f"{name}.bin", np.float32) for name in voice.split("+")]
    (folder / "voices" / f"{voice}.bin").write_bytes(np.mean(styles, axis=0, dtype=np.float32).tobytes())
    return folder


def minutes(of: list[Sample]) -> float:
    """How long they are together."""
    return sum(len(s.pcm_48k) for s in of) / SAMPLE_RATE / 60
