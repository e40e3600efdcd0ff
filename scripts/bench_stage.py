"""CPU time of a picture, from curves to composed I420, for every preset; prints one JSON.

    python scripts/bench_stage.py [--bodies FILE ...] [--tiers 1.0 0.85] [--lines N]

Real lines are spoken and acted; the real stage draws each picture with backdrop, card, captions and label. Pictures are
counted apart by framing and by whether an arm is raised. CPU seconds are those of the whole process, llvmpipe's threads
included; so other processes hardly disturb them, though a neighbour on the same core's other thread does.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("LP_NUM_THREADS", "0")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import cv2
import numpy as np

from engine.avatar import open_body
from engine.avatar.arms import raised
from engine.avatar.body import Body
from engine.flow import Framing, Line, LineKind, Performance
from engine.motion import Actor
from engine.settings import Channel, load_channel
from engine.settings.voice import Voice
from engine.show.cards import make_cards
from engine.speech import make_speaker
from engine.stage import Stage

ROOT = Path(__file__).resolve().parent.parent
TARGET_BUST_MS, TARGET_GESTURE_MS = 20.0, 26.0
WARM_UP = 10

LINES = (
    (LineKind.GREETING, "Hello and welcome everyone, it is lovely to have you here with me today!"),
    (LineKind.OPENER, "Let me show you the TrailMate bottle, it holds 750 ml and fits most car cup holders."),
    (LineKind.PITCH, "First, it keeps drinks cold for 24 hours, and second, it never leaks in your bag."),
    (LineKind.PRICE, "The TrailMate bottle is $19.99 right now, down from $29.99."),
    (LineKind.ASK, "Would you love to take it on your next long walk?"),
)


def perform(channel: Channel, lines: int) -> list[Performance]:
    """The lines, spoken and acted once."""
    speaker, actor = make_speaker(Voice()), Actor(channel.canvas.fps, 1)
    product = channel.items.products[0].id
    made = []
    for number, (kind, text) in enumerate(LINES[:lines]):
        line = Line(f"line-{number}", kind, text, product_id=product)
        made.append(actor.perform(speaker.utter(line), f"p{number}"))
    return made


def measure(
    channel: Channel, body: Body, acts: list[Performance], framing: Framing, detail: float
) -> dict[str, list[float]]:
    """CPU milliseconds of each picture, by "still arms" and "gesture"."""
    stage = Stage(channel, body)
    stage.set_cards(make_cards(channel.items))
    body.detail = detail
    out = np.zeros((channel.canvas.height * 3 // 2, channel.canvas.width), np.uint8)
    spent: dict[str, list[float]] = defaultdict(list)
    picture = 0
    for act in acts:
        line = replace(act.line, framing=framing, push_in=False)
        stage.add(replace(act, line=line, performance_id=f"{act.performance_id}-{picture}"))
        stage.schedule(f"{act.performance_id}-{picture}", picture)
        for row in act.curves:
            began = time.process_time()
            stage.draw(picture, out)
            cpu_ms = 1000 * (time.process_time() - began)
            picture += 1
            if picture > WARM_UP + 20:
                spent["gesture" if raised(row) else "still arms"].append(cpu_ms)
    return spent


def summary(values: list[float]) -> dict[str, float]:
    """Mean and spread, milliseconds."""
    return {
        "pictures": len(values),
        "mean_ms": round(float(np.mean(values)), 2),
        "p50_ms": round(float(np.median(values)), 2),
        "p95_ms": round(float(np.percentile(values, 95)), 2),
    }


def main() -> int:
    """Exit status 0 when every preset meets the targets at the first tier, else 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bodies", type=Path, nargs="+", default=sorted((ROOT / "avatars" / "bodies").glob("*.ehb")))
    parser.add_argument("--tiers", type=float, nargs="+", default=[1.0, 0.85])
    parser.add_argument("--lines", type=int, default=len(LINES))
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    channel = load_channel(ROOT / "avatars" / "mia.yaml")
    acts = perform(channel, arguments.lines)
    presets: dict[str, dict[str, dict[str, float]]] = {}
    missed = []
    for file in arguments.bodies:
        body = open_body(file, channel.canvas)
        figures = {}
        for detail in arguments.tiers:
            framings = list(Framing) if detail == arguments.tiers[0] else [Framing.BUST]
            for framing in framings:
                for kind, values in measure(channel, body, acts, framing, detail).items():
                    figures[f"{framing} {kind} detail {detail}"] = summary(values)
        body.close()
        presets[file.stem] = figures
        for kind, target in (("still arms", TARGET_BUST_MS), ("gesture", TARGET_GESTURE_MS)):
            found = figures.get(f"bust {kind} detail {arguments.tiers[0]}")
            if found is not None and found["mean_ms"] > target:
                missed.append(f"{file.stem}: bust, {kind}: {found['mean_ms']} ms, target {target}")
    machine = {"cores": os.cpu_count(), "processor": platform.processor() or platform.machine()}
    print(json.dumps({"machine": machine, "presets": presets, "missed": missed}, indent=1))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
