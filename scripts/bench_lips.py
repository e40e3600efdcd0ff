"""Measures the lips from sound alone on voices and languages that the network has never heard; prints one JSON.

Beside it stand loudness alone, pylipsync as it comes, and pylipsync with templates of our visemes, all on the same
sentences. What the baselines must be told (levels, templates, the gap under which their lips count as shut) is learnt
from the training's voices, for the best of each. The speech is made by ``train_lips.py speak``. Exit status 1 when a
target is missed.

    python scripts/bench_lips.py [--out FILE]
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(1, str(Path(__file__).resolve().parent.parent))

import numpy as np
from lips.augment import augmented
from lips.baselines import Loudness, Mfcc, write_templates
from lips.judge import best_threshold, figures
from lips.speech import Sample, minutes, samples
from lips.track import FPS, SHUT, Track, by_network, by_phonemes
from measure.report import Report
from pylipsync import CompareMethod

from engine.flow import SAMPLE_RATE
from engine.motion.heard_lips import LOOK_AHEAD, HeardLips
from engine.motion.lip_network import FILE

LEARNT_FROM = 120
"""Sentences of the training's voices from which baselines learn."""

PARTS: dict[str, Callable[[Sample], bool]] = {
    "voices": lambda s: s.language in {"en", "zh"} and "_" in s.voice,
    "languages": lambda s: s.language in {"es", "ja"},
    "make": lambda s: "_" not in s.voice,
}
"""Unheard voices of languages that were heard; Spanish and Japanese, never heard; and two voices of another make."""

Method = Callable[[Sample], Track]


def methods() -> dict[str, tuple[Method, float]]:
    """Each method, with the gap under which its lips count as shut."""
    speech = samples("train")
    some = [speech[i] for i in np.random.default_rng(1).permutation(len(speech))[:LEARNT_FROM]]
    templates, few = write_templates(some), some[:40]

    def tuned(method: Method) -> tuple[Method, float]:
        return method, best_threshold([(s, method(s)) for s in few])

    def accuracy(method: Method) -> float:
        return float(figures([(s, method(s)) for s in few])["group_accuracy"])

    own = max((Mfcc(templates, compare) for compare in CompareMethod), key=accuracy)
    return {
        "network": (by_network, SHUT),
        "loudness": tuned(Loudness(some)),
        "pylipsync": tuned(Mfcc()),
        "pylipsync_our_templates": tuned(own),
        "known_phonemes": (by_phonemes, SHUT),
    }


def accuracy(report: Report, judged: list[Sample]) -> None:
    known = methods()
    for part, belongs in PARTS.items():
        speech = [s for s in judged if belongs(s)]
        found: dict[str, Any] = {
            name: figures([(s, method(s)) for s in speech], shut) for name, (method, shut) in known.items()
        }
        for language in sorted({s.language for s in speech}):
            found[f"network_{language}"] = figures([(s, by_network(s)) for s in speech if s.language == language])
        report.details[part] = found
        network = found["network"]
        report.add(f"{part}_group_accuracy", network["group_accuracy"], "share", least=0.75)
        report.add(f"{part}_closed_in_p_b_m", network["closed_recall"], "share", least=0.85)
        report.add(f"{part}_lag", network["lag_ms"], "ms", least=-20, most=20)
        for rival in ("loudness", "pylipsync", "pylipsync_our_templates"):
            for figure in ("group_accuracy", "closed_recall", "open_shown_shut", "lag_ms"):
                report.add(f"{part}_{rival}_{figure}", found[rival][figure], "ms" if figure == "lag_ms" else "share")
    chance = np.random.default_rng(2)
    worse = [augmented(s, judged, chance) for s in judged if PARTS["voices"](s)]
    report.details["voices_with_noise_and_rooms"] = figures([(s, by_network(s)) for s in worse])


def cost(report: Report, judged: list[Sample]) -> None:
    """CPU of one picture, heard picture by picture as it would be live."""
    step = SAMPLE_RATE // FPS
    sound = np.concatenate([s.pcm_48k for s in judged])[: 60 * SAMPLE_RATE]
    lips = HeardLips(FPS)
    lips.push(sound[: 25 * step])
    began = time.process_time()
    pictures = sum(len(lips.push(sound[at : at + step])) for at in range(25 * step, len(sound), step))
    report.add("cpu_a_picture", (time.process_time() - began) / pictures * 1000, "ms", most=1.0)
    report.add("look_ahead", LOOK_AHEAD / SAMPLE_RATE * 1000, "ms", most=80)
    report.add("network_size", FILE.stat().st_size / 1e6, "MB", most=2.0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    report, judged = Report(), samples("judged")
    report.details["minutes_judged"] = round(minutes(judged), 1)
    cost(report, judged)
    accuracy(report, judged)
    text = json.dumps(report.plain(), indent=1, ensure_ascii=False)
    print(text)
    if args.out:
        args.out.write_text(text + "\n", encoding="utf-8")
    return 1 if report.plain()["missed"] else 0


if __name__ == "__main__":
    sys.exit(main())
