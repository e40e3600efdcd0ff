"""Photos that speak: what mediapipe reads back of them, lips in p/b/m, still backgrounds, CPU a picture.

The photos are NASA's astronaut of ``skimage.data`` (public domain) and portraits of two hosts of our own.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from bench_presenter import acts, judge, watch
from numpy.typing import NDArray
from PIL import Image
from skimage import data

from engine.avatar import open_body
from engine.avatar.photo import Consent, make_photo, read_photo, write_photo
from engine.avatar.photo.body import PhotoBody
from engine.commands.preview import portrait
from engine.flow import Performance, Utterance
from engine.motion import IdleLife, blend
from engine.settings import load_channel
from engine.settings.channel import Canvas

ROOT = Path(__file__).resolve().parent.parent.parent
HOSTS = ("leo", "amara")
LEAST = {"correlation_jawOpen": 0.85, "correlation_blink": 0.7, "closed_in_pbm": 0.95, "face_found": 0.99}
MOST = {"background_changed": 0.0, "cpu_ms": 12.0}
OUTSIDE = 0.12
"""Face heights around the person at rest within which the person may move."""

TIMED = 150
CONSENT = Consent(who="NASA astronaut, or a host of our own", when=date(2026, 1, 1), what_for="a benchmark", adult=True)

Script = list[tuple[Utterance | None, Performance]]


def photos(folder: Path) -> dict[str, Path]:
    """The pictures, by name."""
    found = {"astronaut": folder / "astronaut.png"}
    Image.fromarray(data.astronaut()).save(found["astronaut"])
    for name in HOSTS:
        found[name] = folder / f"{name}.png"
        cv2.imwrite(str(found[name]), portrait(ROOT / "avatars" / "bodies" / f"{name}.ehb", "#2b6f8a"))
    return found


def packages(folder: Path) -> dict[str, Path]:
    """A package of each picture, with its own background."""
    made = {}
    for name, picture in photos(folder).items():
        made[name] = folder / f"{name}.ehp"
        write_photo(made[name], make_photo(picture, CONSENT, "keep").photo)
    return made


def measure(lines: int = 6) -> dict[str, Any]:
    """The figures of each photo, and what misses its target in words."""
    cv2.setNumThreads(1)
    channel = load_channel(ROOT / "avatars" / "mia.yaml", check_files=False)
    script = acts(channel, lines)
    found: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory(prefix="everhost-photos-") as place:
        for name, file in packages(Path(place)).items():
            fresh: Script = [(u, replace(p, line=replace(p.line, framing=None, push_in=False))) for u, p in script]
            seen, starts = watch(file, channel, fresh)
            found[name] = judge(seen, starts, fresh) | drawn(file, fresh)
    short = [
        f"{name}: {key} {figures[key]:.4g}, {word} {target}"
        for name, figures in found.items()
        for targets, word, sign in ((LEAST, "at least", 1), (MOST, "at most", -1))
        for key, target in targets.items()
        if figures[key] * sign < target * sign
    ]
    return {"photos": {n: {k: round(v, 4) for k, v in f.items()} for n, f in found.items()}, "missed": short}


def drawn(file: Path, script: Script) -> dict[str, float]:
    """CPU a picture of ``Body.paint`` alone, and how many background pixels are not always the same."""
    canvas, idle = Canvas(), IdleLife(25, 3)
    body = open_body(file, canvas)
    rows = np.concatenate([p.curves for _, p in script])[:TIMED]
    picture = np.zeros((canvas.height, canvas.width, 3), np.uint8)
    body.paint(idle.at(0), picture)
    outside = background(file, canvas)
    first = picture[outside]
    changed, spent = np.zeros(len(first), bool), 0.0
    for number, row in enumerate(rows):
        acted = blend(idle.at(number), row)
        begun = time.process_time()
        body.paint(acted, picture)
        spent += time.process_time() - begun
        changed |= (picture[outside] != first).any(1)
    body.close()
    return {
        "cpu_ms": 1000 * spent / len(rows),
        "background_pixels": float(outside.sum()),
        "background_changed": float(changed.sum()),
    }


def background(file: Path, canvas: Canvas) -> NDArray[np.bool_]:
    """Canvas pixels (height, width) in which the person never is: farther than ``OUTSIDE`` from it at rest."""
    body = PhotoBody(replace(read_photo(file), background="replace"), canvas)
    covered = np.zeros((canvas.height, canvas.width), bool)
    for ground in (0, 255):
        picture = np.full((canvas.height, canvas.width, 3), ground, np.uint8)
        body.paint(np.zeros_like(IdleLife(25, 3).at(0)), picture)
        covered |= (picture != ground).any(2)
    body.close()
    height = 0.25 * canvas.height
    reach = 2 * round(OUTSIDE * height) + 1
    return cv2.dilate(covered.astype(np.uint8), np.ones((reach, reach), np.uint8)) == 0
