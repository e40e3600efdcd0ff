"""What a stranger's eye sees of every preset: face found, shapes read back, lips on time. Prints one JSON.

    python scripts/bench_presenter.py [--bodies FILE ...] [--lines N]

Real lines are spoken, acted and drawn by the real stage, then each face shape swings by itself as an actor would warm
up. All pictures are encoded and decoded as on air; mediapipe's face landmarker reads the decoded ones, each by itself.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

sys.path.insert(1, str(Path(__file__).resolve().parent.parent))

from measure.face import MouthReader
from measure.lips import closed_threshold, closures, is_vowel, lag_curve, peak, vowel_envelope

from engine.avatar import open_body
from engine.broadcast.encoder import VideoEncoder
from engine.flow import CURVE_INDEX, CURVES, SAMPLE_RATE, Floats, Line, LineKind, Performance, Utterance
from engine.motion import Actor, IdleLife, blend
from engine.motion.lipsync import picture_seconds
from engine.settings import Channel, load_channel
from engine.settings.voice import Voice
from engine.show.cards import make_cards
from engine.speech import make_speaker
from engine.stage import Stage

ROOT = Path(__file__).resolve().parent.parent
GAP_PICTURES = 20
"""Silence between lines."""

SWINGS, SWING_PICTURES = 3, 24

LINES = (
    "Hello everyone, and welcome back! Shall we open the next box?",
    "Please pop the lid open, pour a cup of coffee, and keep it beside your lamp.",
    "My mum bought the big blue backpack, and it became a family member.",
    "The TrailMate bottle is $24.90 right now, down from $29.90.",
    "A warm wool blanket belongs on every sofa before November.",
    "Both buttons make the camping lamp simple to operate in the dark.",
)

READ_BACK: dict[str, tuple[tuple[str, ...], tuple[str, ...], float]] = {
    "jawOpen": (("jawOpen",), ("jawOpen",), 0.9),
    "blink": (("eyeBlinkLeft", "eyeBlinkRight"), ("eyeBlinkLeft", "eyeBlinkRight"), 0.8),
    "smile": (("mouthSmileLeft", "mouthSmileRight"), ("mouthSmileLeft", "mouthSmileRight"), 0.7),
    "pucker": (("mouthPucker",), ("mouthPucker",), 0.7),
}
"""What is driven, what mediapipe reads, and the least correlation."""

SHARES = {"face_found": 0.99, "closed_in_pbm": 0.97, "open_in_open_vowels": 0.95, "closed_in_silence": 0.98}
LAG_MS = 20.0
OPEN_VOWELS = frozenset("aɑæɒʌɐIW")
"""Vowels with a dropped jaw, and the diphthongs that begin with one."""

SHORTEST_OPEN_S = 0.05
"""An open vowel shorter than a picture and a bit is a reduced one."""


@dataclass
class Seen:
    """Everything of one preset, picture by picture."""

    driven: list[Floats] = field(default_factory=list)
    read: list[dict[str, float]] = field(default_factory=list)
    opening: list[float] = field(default_factory=list)

    def driven_values(self, names: tuple[str, ...]) -> NDArray[np.float64]:
        """Mean of some driven curves."""
        rows = np.array(self.driven)
        return np.asarray(rows[:, [CURVE_INDEX[name] for name in names]].mean(1), np.float64)

    def read_values(self, names: tuple[str, ...]) -> NDArray[np.float64]:
        """Mean of some shapes read back; NaN without a face."""
        return np.array([np.mean([shapes.get(name, np.nan) for name in names]) for shapes in self.read])


def swing(name: str) -> Floats:
    """Rows in which one shape goes up and down."""
    size = 0.8 if name == "jawOpen" else 1.0
    rows = np.zeros((SWINGS * SWING_PICTURES, len(CURVES)), np.float32)
    share = size * (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(len(rows)) / SWING_PICTURES))
    for curve in READ_BACK[name][0]:
        rows[:, CURVE_INDEX[curve]] = share
    return rows


def acts(channel: Channel, count: int) -> list[tuple[Utterance | None, Performance]]:
    """Spoken lines, then a swing of each shape."""
    speaker, actor = make_speaker(Voice()), Actor(channel.canvas.fps, 1)
    product = channel.items.products[0].id
    made: list[tuple[Utterance | None, Performance]] = []
    for number, text in enumerate(LINES[:count]):
        utterance = speaker.utter(Line(f"line-{number}", LineKind.PITCH, text, product_id=product))
        made.append((utterance, actor.perform(utterance, f"p{number}")))
    for name in READ_BACK:
        curves = swing(name)
        sound = np.zeros(len(curves) * SAMPLE_RATE // channel.canvas.fps, np.float32)
        made.append((None, Performance(name, Line(name, LineKind.SAY, ""), sound, curves, ())))
    return made


def decoded(stage: Stage, channel: Channel, last: int) -> Iterator[NDArray[np.uint8]]:
    """Each picture, encoded and decoded as on air, RGB."""
    canvas = channel.canvas
    encoder = VideoEncoder(canvas.width, canvas.height, canvas.fps)
    decoder = av.CodecContext.create("h264", "r")
    out = np.zeros((canvas.height * 3 // 2, canvas.width), np.uint8)
    for picture in range(last):
        stage.draw(picture, out)
        packet = av.Packet(encoder.encode(out, picture).data)
        for frame in decoder.decode(packet):
            yield np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
    for frame in decoder.decode(None):
        yield np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)


def watch(file: Path, channel: Channel, script: list[tuple[Utterance | None, Performance]]) -> tuple[Seen, list[int]]:
    """Plays the script with one body; returns what was seen, and where each act began."""
    body = open_body(file, channel.canvas)
    stage = Stage(channel, body)
    stage.set_cards(make_cards(channel.items))
    starts, picture = [], GAP_PICTURES
    rows: dict[int, Floats] = {}
    for _, act in script:
        stage.add(act)
        stage.schedule(act.performance_id, picture)
        starts.append(picture)
        rows |= {picture + k: row for k, row in enumerate(act.curves)}
        picture += act.pictures + GAP_PICTURES
    idle, seen, reader = IdleLife(channel.canvas.fps, channel.show.seed), Seen(), MouthReader(shapes=True)
    rest = np.zeros(len(CURVES), np.float32)
    for number, rgb in enumerate(decoded(stage, channel, picture)):
        seen.driven.append(blend(idle.at(number), rows.get(number, rest)))
        seen.opening.append(reader.opening(rgb))
        seen.read.append(reader.shapes)
    reader.close()
    body.close()
    return seen, starts


def judge(seen: Seen, starts: list[int], script: list[tuple[Utterance | None, Performance]]) -> dict[str, float]:
    """The figures of one preset."""
    opening = np.array(seen.opening)
    figures: dict[str, float] = {"pictures": len(opening), "face_found": float(np.isfinite(opening).mean())}
    for name, (driven, read, _) in READ_BACK.items():
        a, b = seen.driven_values(driven), seen.read_values(read)
        known = np.isfinite(b)
        figures[f"correlation_{name}"] = float(np.corrcoef(a[known], b[known])[0, 1])
    return figures | lips(opening, starts, script)


def lips(
    opening: NDArray[np.float64], starts: list[int], script: list[tuple[Utterance | None, Performance]]
) -> dict[str, float]:
    """Lips against the phonemes of the spoken lines."""
    spoken = [(u, p, start) for (u, p), start in zip(script, starts, strict=True) if u is not None]
    silent = np.concatenate([opening[start - GAP_PICTURES + 6 : start - 3] for _, _, start in spoken[1:]])
    speaking = np.concatenate([opening[start : start + p.pictures] for _, p, start in spoken])
    threshold = closed_threshold(silent, speaking[np.isfinite(speaking)])
    looked_at = closed = vowels = opened = 0
    curves = []
    for utterance, act, start in spoken:
        span = slice(start - 8, start + act.pictures + 8)
        times, gap = (np.arange(span.start, span.stop) - start + 0.5) / act.fps, opening[span]
        found = closures(utterance.phonemes, times - 0.5 / act.fps, gap, threshold)
        looked_at, closed = looked_at + found.looked_at, closed + found.closed
        curves.append(lag_curve(gap, times, vowel_envelope(utterance.pcm_48k, utterance.phonemes)))
        seconds = picture_seconds(act.pictures, act.fps)
        for phoneme in utterance.phonemes:
            begin, end = phoneme.start / SAMPLE_RATE, phoneme.end / SAMPLE_RATE
            if is_vowel(phoneme.symbol) and phoneme.symbol in OPEN_VOWELS and end - begin >= SHORTEST_OPEN_S:
                within = (seconds >= begin - 0.02) & (seconds <= end + 0.02)
                vowels += 1
                opened += bool((opening[start : start + act.pictures][within] > threshold).any())
    pooled = peak(np.mean([c for c in curves if c is not None], axis=0))
    return {
        "p_b_m": looked_at,
        "closed_in_pbm": closed / max(looked_at, 1),
        "open_vowels": vowels,
        "open_in_open_vowels": opened / max(vowels, 1),
        "silent_pictures": int(np.isfinite(silent).sum()),
        "closed_in_silence": float((silent[np.isfinite(silent)] <= threshold).mean()),
        "lag_ms": float("nan") if pooled is None else pooled.seconds * 1000,
    }


def missed(name: str, figures: dict[str, float]) -> list[str]:
    """The targets that a preset misses, in words."""
    least = SHARES | {f"correlation_{shape}": target for shape, (_, _, target) in READ_BACK.items()}
    short = [
        f"{name}: {key} {figures[key]:.3f}, at least {target}" for key, target in least.items() if figures[key] < target
    ]
    if not abs(figures["lag_ms"]) <= LAG_MS:
        short.append(f"{name}: lag {figures['lag_ms']:.1f} ms, within {LAG_MS}")
    return short


def main() -> int:
    """Exit status 0 when every preset meets every target, else 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bodies", type=Path, nargs="+", default=sorted((ROOT / "avatars" / "bodies").glob("*.ehb")))
    parser.add_argument("--lines", type=int, default=len(LINES))
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    channel = load_channel(ROOT / "avatars" / "mia.yaml", check_files=False)
    script = acts(channel, arguments.lines)
    presets, short = {}, []
    for file in arguments.bodies:
        fresh = [(u, replace(p, line=replace(p.line, framing=None, push_in=False))) for u, p in script]
        seen, starts = watch(file, channel, fresh)
        presets[file.stem] = {k: round(v, 4) for k, v in judge(seen, starts, fresh).items()}
        print(file.stem, presets[file.stem], file=sys.stderr)
        short += missed(file.stem, presets[file.stem])
    print(json.dumps({"presets": presets, "missed": short}, indent=1))
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
