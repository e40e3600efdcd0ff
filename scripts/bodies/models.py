"""Bodies of others: three models are imported, speak, blink, turn and lift an arm.

``python -m scripts.bodies.models FOLDER`` also leaves their pictures in a folder.

No VRM or glTF figure with a face and a clear licence was found in the packages that can be had, so the three are our
own, made in different ways: a VRM 1.0 export of a host, a plain glTF package (Mixamo's joints, ARKit's morph targets,
loose files), and a rabbit drawn by rule as VRM 0.x (MToon, spring bones, two of the five mouths). The export is also
held against the host it was made of, picture by picture. CPU milliseconds are those of the whole process for one
picture of idle life with speech at bust framing, 720 x 1280, at three tiers of the governor.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("LP_NUM_THREADS", "0")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.avatar import Body, open_body
from engine.avatar.body import branded
from engine.avatar.body_file import read_body, write_body
from engine.avatar.gltf import Report, export_vrm, import_model
from engine.flow import CURVE_INDEX, FACE_CURVES, Line, LineKind, Performance, rest_curves
from engine.motion import Actor, IdleLife, blend
from engine.settings.channel import Canvas
from engine.settings.voice import Voice
from engine.speech import make_speaker
from engine.stage.backdrop import backdrop
from engine.stage.colour import from_hex
from engine.stage.governor import TIERS
from engine.stage.layout import layout_for
from scripts.bodies.loose import write_loose
from scripts.bodies.mascot import write_mascot

ROOT = Path(__file__).resolve().parents[2]
CANVAS = Canvas()
TEXT = "Hello and welcome! This bottle keeps drinks cold all day, and it never leaks. Maybe you would love one?"
SAMENESS_FACES: dict[str, dict[str, float]] = {
    "rest": {},
    "aa": {"jawOpen": 0.74, "mouthLowerDown": 0.28, "mouthUpperUp": 0.22},
    "blink": {"eyeBlink": 1.0},
    "smile": {"mouthSmile": 0.7, "cheekSquint": 0.3},
    "turned": {"headYaw": 15.0, "gazeYaw": -10.0},
    "arm": {"armForwardLeft": 38.0, "elbowLeft": 85.0, "armTwistLeft": 26.0},
}
HOST, LOOSE = "sofia", "leo"
"""Hosts that are exported as VRM 1.0 and as plain glTF."""

FINENESS = (1.0, 1.49)
"""Of the rabbit; 1.49 makes 60,000 triangles."""

SPEECH_S = 8.0
SETTLE = 40
VISIBLE = 40
"""Grey steps by which a pixel must differ to count as changed."""

Image = NDArray[np.uint8]


def row_of(curves: dict[str, float]) -> NDArray[np.float32]:
    """A row of curves; a name without a side is set on both."""
    row = rest_curves()
    for name, value in curves.items():
        for curve in (name,) if name in CURVE_INDEX else (f"{name}Left", f"{name}Right"):
            row[CURVE_INDEX[curve]] = value
    return row


@contextmanager
def opened(file: Path) -> Iterator[Body]:
    body = open_body(file, CANVAS)
    try:
        yield body
    finally:
        body.close()


def seen(body: Body, curves: dict[str, float], ground: Image, times: int = 1) -> Image:
    """The last of some pictures of one row, at the finest detail."""
    body.detail = TIERS[-1]
    picture = ground.copy()
    for _ in range(times):
        np.copyto(picture, ground)
        body.paint(row_of(curves), picture)
    return picture


def sameness(ours: Path, theirs: Path) -> dict[str, dict[str, float]]:
    """For each face: how much the figures overlap, and by how many grey steps their blurred colours differ there."""
    ground = np.full((CANVAS.height, CANVAS.width, 3), 200, np.uint8)
    found = {}
    with opened(ours) as a, opened(theirs) as b:
        for name, curves in SAMENESS_FACES.items():
            pictures = [seen(body, curves, ground) for body in (a, b)]
            inside = [np.abs(each.astype(int) - 200).max(2) > 6 for each in pictures]
            both = inside[0] & inside[1]
            soft = [cv2.GaussianBlur(each, (0, 0), 4).astype(int) for each in pictures]
            found[name] = {
                "overlap": round(float(both.sum() / (inside[0] | inside[1]).sum()), 4),
                "grey_steps": round(float(np.abs(soft[0] - soft[1])[both].mean()), 2),
            }
    return found


def acting(body: Body, ground: Image) -> dict[str, float]:
    """Share of the picture that each act changes visibly, against the body at rest."""
    rest = seen(body, {}, ground, SETTLE)
    acts = {"speak": SAMENESS_FACES["aa"], "blink": {"eyeBlink": 1.0}, "turn": {"headYaw": 15.0}}
    acts |= {"gaze": {"gazeYaw": 16.0}, "smile": SAMENESS_FACES["smile"], "arm": SAMENESS_FACES["arm"]}
    shares = {}
    for name, curves in acts.items():
        picture = seen(body, curves, ground, SETTLE)
        shares[name] = round(float((np.abs(picture.astype(int) - rest).max(2) > VISIBLE).mean()), 5)
    return shares


def cpu(body: Body, act: Performance, ground: Image, pictures: int) -> dict[str, dict[str, float]]:
    """CPU milliseconds a picture at each tier: mean and 95th percentile, gestures included."""
    life, found = IdleLife(CANVAS.fps, 1), {}
    canvas = ground.copy()
    for detail in (TIERS[0], 0.85, 1.0):
        body.detail, spent = detail, []
        for number in range(pictures):
            row = blend(life.at(number), act.curves[number % act.pictures])
            np.copyto(canvas, ground)
            began = time.process_time()
            body.paint(row, canvas)
            spent.append(1000 * (time.process_time() - began))
        found[str(detail)] = {
            "mean_ms": round(float(np.mean(spent[10:])), 2),
            "p95_ms": round(float(np.percentile(spent[10:], 95)), 2),
        }
    return found


def imported(model: Path, folder: Path) -> tuple[Path, Report, float]:
    """The body file of a model, what was said of it, and the seconds it took."""
    began = time.monotonic()
    body, report = import_model(model, "", lambda share, what: None)
    out = folder / f"{model.stem}.ehb"
    write_body(out, body)
    return out, report, time.monotonic() - began


def sheet(body: Body, ground: Image) -> Image:
    """Rest, speech, a smile, a blink, a turn and a raised hand, side by side."""
    faces: dict[str, dict[str, float]] = {
        "smile": {"mouthSmile": 0.45, "cheekSquint": 0.2},
        "aa": SAMENESS_FACES["aa"] | {"headYaw": -4.0},
        "oh": {"jawOpen": 0.52, "mouthFunnel": 0.55, "mouthPucker": 0.18, "browInnerUp": 0.5, "browOuterUp": 0.4},
        "blink": {"eyeBlink": 1.0, "mouthSmile": 0.4},
        "turn": {"headYaw": 15.0, "gazeYaw": -8.0, "mouthSmile": 0.4, "headRoll": 4.0},
        "hand": SAMENESS_FACES["arm"] | {"mouthSmile": 0.5},
    }
    tiles = [seen(body, curves, ground, SETTLE if name == "smile" else 12) for name, curves in faces.items()]
    wide = np.concatenate(tiles, 1)
    return np.asarray(cv2.resize(wide, None, fx=1 / 2.5, fy=1 / 2.5, interpolation=cv2.INTER_AREA), np.uint8)


def facts(report: Report) -> dict[str, object]:
    """What the import said, in short."""
    return {
        "kind": report.model.kind, "triangles": report.triangles,
        "drawn": sum(len(p.triangles) for p in report.body.parts if p.shown.value != "raised"),
        "has": report.recipes.has, "lacks": report.recipes.lacks, "springs": len(report.body.chains),
        "licence": report.model.licence.name, "curves": len(set(report.recipes.shares) & set(FACE_CURVES)),
    }  # fmt: skip


def measure(pictures: Path | None = None) -> dict[str, object]:
    """Every model and the round trip; missed are those that do not act, hold 25 fps, or look the same."""
    cv2.setNumThreads(1)
    line = Line("l1", LineKind.GREETING, TEXT)
    act = Actor(CANVAS.fps, 1).perform(make_speaker(Voice()).utter(line), "p1")
    ground = backdrop(CANVAS.backdrop, layout_for(CANVAS), from_hex(CANVAS.brand_colour), ROOT)
    results: dict[str, object] = {}
    missed: list[str] = []
    with tempfile.TemporaryDirectory(prefix="everhost-bodies-") as place:
        folder = Path(place)
        for name, model in made(folder).items():
            body_file, report, took = imported(model, folder)
            entry = facts(report) | {"import_s": round(took, 1), "body_mb": round(body_file.stat().st_size / 1e6, 2)}
            with opened(body_file) as body:
                entry["acts"] = shares = acting(body, ground)
                entry["cpu_ms_a_picture"] = times = cpu(body, act, ground, round(SPEECH_S * CANVAS.fps))
                if pictures is not None:
                    jpeg = [cv2.IMWRITE_JPEG_QUALITY, 90]
                    cv2.imwrite(str(pictures / f"body-{name}.jpg"), sheet(body, ground), jpeg)
            missed += [f"{name}: {each} is not seen" for each in ("speak", "blink", "turn") if not shares[each]]
            slow = times[str(TIERS[0])]["p95_ms"]
            if slow > 1000 / CANVAS.fps:
                missed.append(f"{name}: one picture in twenty takes {slow} ms or more at the lowest tier")
            results[name] = entry
        same = sameness(ROOT / "avatars" / "bodies" / f"{HOST}.ehb", folder / f"{HOST}.ehb")
        missed += [f"round trip: {face} overlaps by {v['overlap']}" for face, v in same.items() if v["overlap"] < 0.95]
    return {"models": results, "round_trip": same, "missed": missed}


def made(folder: Path) -> dict[str, Path]:
    """The models by name."""
    bodies = ROOT / "avatars" / "bodies"
    for name in (HOST, LOOSE):
        export_vrm(branded(read_body(bodies / f"{name}.ehb"), CANVAS.brand_colour), folder / f"{name}.vrm")
    models = {"vrm1": folder / f"{HOST}.vrm", "gltf": folder / f"{LOOSE}-loose.zip"}
    write_loose(folder / f"{LOOSE}.vrm", models["gltf"])
    for share in FINENESS:
        file = folder / f"rabbit-{share}.vrm"
        count = write_mascot(file, share)
        models["vrm0" if share == 1 else f"vrm0-{round(count, -3)}"] = file
    return models


if __name__ == "__main__":
    # The pictures go into the folder that is named.
    print(json.dumps(measure(Path(sys.argv[1])), indent=1, ensure_ascii=False))
